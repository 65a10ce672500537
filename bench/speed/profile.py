"""Measures where the time of one chunk goes, node by node, with products in int8 and in float32.

Times are in milliseconds, the least of several runs. Processor time counts all threads and stays comparable while other
processes run.

Usage: python profile.py MODEL_DIR OUT_DIR
    writes OUT_DIR/profile.json
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

CHUNK, CACHED = 512, 512  # tokens that are read, and entries of a full cache
BINS, HOP = 17, 16  # of the spectrogram
RUNS = 12

Feed = dict[str, np.ndarray]


def session(model: bytes | str, threads: int, profile: str | None = None) -> ort.InferenceSession:
    """A session of a model (bytes or path); `profile` is where the runtime writes its own profile."""
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads, options.log_severity_level = threads, 1, 3
    options.add_session_config_entry('session.intra_op.allow_spinning', '0')
    if profile:
        options.enable_profiling, options.profile_file_prefix = True, profile
    return ort.InferenceSession(model, options, providers=['CPUExecutionProvider'])


def least(run: Callable[[], Any], runs: int = RUNS) -> dict[str, float]:
    """Least milliseconds of processor time and of wall time."""
    run()
    cpu, wall = [], []
    for _ in range(runs):
        c, w = time.process_time(), time.perf_counter()
        run()
        cpu.append(time.process_time() - c)
        wall.append(time.perf_counter() - w)
    return {'cpuMs': 1e3 * min(cpu), 'wallMs': 1e3 * min(wall)}


def feeds(shape: dict[str, int], namm: dict[str, Any]) -> tuple[Feed, Feed]:
    """Random inputs of the observer (one chunk, full cache), and inputs of the memory with its real weights."""
    layers, heads, size, rng = shape['layers'], shape['kvHeads'], shape['headSize'], np.random.default_rng(1)
    dims, caches, n = (layers, heads, CACHED), layers * heads, CHUNK + CACHED
    ids = rng.integers(4, shape['vocab'], CHUNK)
    observer = {
        'input_ids': ids,
        'targets': np.roll(ids, -1),
        'n_valid': np.array([CHUNK]),
        'want_log_prob': np.array([True]),
        'past_valid': np.ones(dims, np.float32),
    }
    for name, width in (('key', size), ('value', size), ('ema', BINS), ('tail', HOP)):
        observer[f'past_{name}'] = rng.random((*dims, width), dtype=np.float32)
    memory, at, weights = {}, 0, np.array(namm['weights'], np.float32)
    for name, d in (
        ('w_qkv', (25, 96)),
        ('b_qkv', (96,)),
        ('w_out', (32, 50)),
        ('b_out', (50,)),
        ('w_score', (25,)),
        ('b_score', (1,)),
    ):
        memory[name] = weights[at : at + int(np.prod(d))].reshape(d)
        at += int(np.prod(d))
    memory.update(
        mean=np.array(namm['mean'], np.float32),
        std=np.array(namm['std'], np.float32),
        valid=np.ones((caches, n), np.float32),
    )
    memory.update(
        ema=rng.random((caches, n, BINS), dtype=np.float32) / 100,
        age=np.tile(np.arange(n, dtype=np.float32)[::-1], (caches, 1)),
    )
    return observer, memory


def part_of(kind: str, shape: list[int], model: dict[str, int]) -> str:
    """Which part of the graph a node belongs to, by its operator and the shape of its result.

    Attention and spectrogram are computed in blocks of rows, whose results are [KV heads, …, entries].
    """
    kv, group, size = model['kvHeads'], model['heads'] // model['kvHeads'], model['headSize']
    if shape[-1:] == [model['vocab']] or kind in ('LogSoftmax', 'GatherElements'):
        return 'vocabulary'
    product = kind in ('MatMul', 'Gemm') and len(shape) == 2 and shape[0] == CHUNK
    if product or 'Integer' in kind or 'Quantize' in kind:
        return "layers' products"
    of_heads = len(shape) == 3 and shape[0] == kv
    if BINS in shape or (of_heads and kind not in ('MatMul', 'Slice') and shape[1] < 2 * size):
        return 'spectrogram'
    if of_heads or shape[:2] == [kv, group] or (len(shape) == 2 and shape[0] == size):
        return 'attention'
    return 'rest'


def profile(path: Path, feed: Feed, model: dict[str, int], out: Path) -> dict[str, float]:
    """Milliseconds of every part on one core; of each node its best run counts."""
    s = session(str(path), 1, str(out / 'ort'))
    for _ in range(RUNS):
        s.run(None, feed)
    file = Path(s.end_profiling())
    runs = defaultdict(list)
    for e in json.loads(file.read_text()):
        if e.get('cat') == 'Node' and e['name'].endswith('_kernel_time') and e['args']['op_name'] not in ('If', 'Loop'):
            shapes = [next(iter(x.values())) for x in e['args']['output_type_shape']]
            runs[e['args']['node_index'], e['args']['op_name'], str(shapes)].append(
                (e['dur'] / 1e3, e['args']['op_name'], shapes[0] if shapes else [])
            )
    file.unlink()
    parts = defaultdict(float)
    for seen in runs.values():
        kind, shape = seen[0][1:]
        ms = min(x[0] for x in seen) * max(1, len(seen) // RUNS)
        parts[part_of(kind, shape, model)] += ms
    return dict(parts)


def main() -> None:
    """Measures the graphs of a model folder and prints the result."""
    model, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    shape = json.loads((model / 'manifest.json').read_text())['model']
    observer, memory = feeds(shape, json.loads((model / 'namm.json').read_text()))
    graphs = {
        'int8': (model / 'observer-int8.onnx', observer),
        'float32': (model / 'observer.onnx', observer),
        'memory': (model / 'memory.onnx', memory),
    }
    times = {}
    for name, (path, feed) in graphs.items():
        for threads in (1, 2):
            s = session(str(path), threads)
            times[f'{name}{threads}'] = least(lambda s=s, feed=feed: s.run(None, feed))
    parts = {name: profile(graphs[name][0], observer, shape, out) for name in ('int8', 'float32')}
    result = {'chunk': CHUNK, 'cached': CACHED, 'times': times, 'parts': parts}
    (out / 'profile.json').write_text(json.dumps(result, indent=1) + '\n')
    print(json.dumps(result))


if __name__ == '__main__':
    main()
