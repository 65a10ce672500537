"""Measures where the time of one chunk goes, node by node, what the cores can do, and what int8 weights would change.

Times are in milliseconds, the least of several runs. Processor time counts all threads and stays comparable while other
processes run.

Usage: python profile.py MODEL_DIR OUT_DIR
    writes OUT_DIR/profile.json and OUT_DIR/int8 (the same model with int8 weights)
"""

import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from shutil import copytree, rmtree
from typing import Any

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

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


def matrix_peak() -> float:
    """Floating-point operations per second of a large product, in the same runtime on one core."""
    n = 1024
    weight = numpy_helper.from_array(np.ones((n, n), np.float32), 'w')
    x, y = (helper.make_tensor_value_info(name, TensorProto.FLOAT, [n, n]) for name in 'xy')
    graph = helper.make_graph([helper.make_node('MatMul', ['x', 'w'], ['y'])], 'peak', [x], [y], [weight])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid('', 18)], ir_version=9).SerializeToString()
    s, feed = session(model, 1), {'x': np.ones((n, n), np.float32)}
    return 2 * n**3 / (least(lambda: s.run(None, feed), 60)['cpuMs'] / 1e3)


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
    """Which part of the graph a node belongs to, by the shape of its result."""
    total = CHUNK + CACHED
    if shape[-1:] == [model['vocab']] or kind in ('LogSoftmax', 'GatherElements'):
        return 'vocabulary'
    if kind == 'MatMul' and len(shape) == 2 and shape[0] == CHUNK:
        return "layers' products"
    if (
        (len(shape) == 4 and shape[2] == CHUNK)
        or (kind, shape[-2:]) == ('ReduceMean', [CHUNK, total])
        or (shape[-2:] == [CHUNK, total] and kind in ('Add', 'Softmax'))
    ):
        return 'attention'
    if (shape and shape[-1] in (total, BINS * total)) or BINS in shape or HOP in shape[-2:]:
        return 'spectrogram'
    return 'rest'


def profile(path: Path, feed: Feed, model: dict[str, int], out: Path) -> dict[str, Any]:
    """Milliseconds of every part on one core; of each node its best run counts."""
    s = session(str(path), 1, str(out / 'ort'))
    for _ in range(RUNS):
        s.run(None, feed)
    file = Path(s.end_profiling())
    runs = defaultdict(list)
    for e in json.loads(file.read_text()):
        if e.get('cat') == 'Node' and e['name'].endswith('_kernel_time') and e['args']['op_name'] != 'If':
            shapes = [next(iter(x.values())) for x in e['args']['output_type_shape']]
            runs[e['args']['node_index'], e['args']['op_name'], str(shapes)].append(
                (e['dur'] / 1e3, e['args']['op_name'], shapes[0] if shapes else [])
            )
    file.unlink()
    parts, products = defaultdict(float), 0.0
    for seen in runs.values():
        kind, shape = seen[0][1:]
        ms = min(x[0] for x in seen) * max(1, len(seen) // RUNS)
        parts[part_of(kind, shape, model)] += ms
        products += ms if kind in ('MatMul', 'FusedMatMul', 'Gemm') else 0
    return {'parts': dict(parts), 'productsMs': products}


def flops(m: dict[str, int]) -> float:
    """Floating-point operations of all matrix products of one chunk."""
    total, heads, kv, size, width = CHUNK + CACHED, m['heads'], m['kvHeads'], m['headSize'], m['dModel']
    layer = 2 * CHUNK * width * (2 * heads + 2 * kv) * size + 2 * CHUNK * width * 3 * m['dFf']
    attention = 2 * heads * CHUNK * total * (2 * size + 1)
    transform = 2 * kv * (CHUNK // HOP) * 2 * BINS * 2 * HOP * total
    return m['layers'] * (layer + attention + transform) + 2 * CHUNK * width * m['vocab']


def int8(model: Path, out: Path) -> None:
    """Copies the model folder to `out`, with int8 weights in the products of the layers and of the head."""
    rmtree(out, ignore_errors=True)
    copytree(model, out)
    options = ort.SessionOptions()  # folds the matrices that are stored as int8 with a scale into float32
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(out / 'full.onnx')
    ort.InferenceSession(str(model / 'observer.onnx'), options, providers=['CPUExecutionProvider'])
    graph = onnx.load(out / 'full.onnx')
    weights = {i.name for i in graph.graph.initializer}
    names = []
    for i, node in enumerate(graph.graph.node):
        node.name = f'n{i}'
        if node.op_type == 'MatMul' and node.input[1] in weights:
            names.append(node.name)
    onnx.save(graph, out / 'full.onnx')
    quantize_dynamic(
        out / 'full.onnx',
        out / 'observer.onnx',
        weight_type=QuantType.QInt8,
        per_channel=True,
        nodes_to_quantize=names,
        extra_options={'DefaultTensorType': TensorProto.FLOAT},
    )
    (out / 'full.onnx').unlink()
    manifest = json.loads((out / 'manifest.json').read_text())
    data = (out / 'observer.onnx').read_bytes()
    manifest['files']['observer.onnx'] = {'bytes': len(data), 'sha256': sha256(data).hexdigest()}
    (out / 'manifest.json').write_text(json.dumps(manifest, indent=1) + '\n')


def main() -> None:
    """Measures the graphs of a model folder and prints the result."""
    model, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    shape = json.loads((model / 'manifest.json').read_text())['model']
    observer, memory = feeds(shape, json.loads((model / 'namm.json').read_text()))
    int8(model, out / 'int8')
    sessions = {
        (name, t): session(str(path), t)
        for name, path in (
            ('observer', model / 'observer.onnx'),
            ('memory', model / 'memory.onnx'),
            ('int8', out / 'int8/observer.onnx'),
        )
        for t in (1, 2)
    }
    times = {
        f'{name}{t}': least(lambda s=s, f=memory if name == 'memory' else observer: s.run(None, f))
        for (name, t), s in sessions.items()
    }
    seen = profile(model / 'observer.onnx', observer, shape, out)
    result = {'chunk': CHUNK, 'cached': CACHED, 'times': times, **seen, 'flops': flops(shape), 'peak': matrix_peak()}
    (out / 'profile.json').write_text(json.dumps(result, indent=1) + '\n')
    print(json.dumps(result))


if __name__ == '__main__':
    main()
