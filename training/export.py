"""Writes a model folder (graphs, tokenizer, manifest) from a training run, and reads the weights of one back.

python export.py --run RUN --tokenizer tokenizer.json --out media/model [--conformance test/golden]
python export.py --from-model media/model --out DIR    today's graphs around the weights of an exported model
"""

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from graphs import Weights, bam_graph, memory_graph, observer_graph, spectral_graph
from model import KINDS, Config

HERE = Path(__file__).resolve().parent
OBSERVER = ('observer.onnx', 'observer-int8.onnx', 'observer.weights')
FILES = (*OBSERVER, 'memory.onnx', 'tokenizer.json', 'namm.json', 'extended.json')
# Field of the manifest -> field of Config.
SHAPE = {
    'vocab': 'vocab',
    'layers': 'layers',
    'heads': 'heads',
    'kvHeads': 'kv_heads',
    'headSize': 'head_size',
    'dModel': 'd_model',
    'dFf': 'd_ff',
    'ropeBase': 'rope_base',
}


def read_back(model_dir: Path) -> tuple[dict[str, Any], dict[str, torch.Tensor]]:
    """Config and PyTorch weights (rounded to int8) of an exported model: training can go on from them."""
    m = json.loads((model_dir / 'manifest.json').read_text())['model']
    config = {field: m[name] for name, field in SHAPE.items()} | {'forecast': m.get('forecast', 0)}
    arrays = {i.name: numpy_helper.to_array(i) for i in onnx.load(model_dir / 'observer.onnx').graph.initializer}
    # The norms have no names of their own; they stand in the order of the graph.
    norms = iter([a for a in arrays.values() if a.dtype == np.float32 and a.shape == (m['dModel'],)])

    def weight(name: str) -> np.ndarray:
        return arrays[name].astype(np.float32) * arrays[f'{name}_scale']

    q, kv = m['heads'] * m['headSize'], m['kvHeads'] * m['headSize']
    out = {'embedding.weight': weight('embedding')}
    for i in range(m['layers']):
        qkv = weight(f'qkv{i}')
        layer = {'norm1': next(norms), 'norm2': next(norms), 'q': qkv[:q], 'k': qkv[q : q + kv], 'v': qkv[q + kv :]}
        layer |= {name: weight(f'{name}{i}') for name in ('o', 'gate', 'up', 'down')}
        out |= {f'blocks.{i}.{name}.weight': array for name, array in layer.items()}
    out['norm.weight'] = next(norms)
    if config['forecast']:
        out['forecast.up.weight'] = weight('forecast_up')
        out['forecast.out.weight'] = weight('forecast_out')
        out['forecast.bias'] = arrays['forecast_bias'].reshape(KINDS, -1)[:, -1]
    return config, {n: torch.tensor(a, dtype=torch.float32) for n, a in out.items()}


def write_observers(config: dict[str, Any], weights: dict[str, np.ndarray], out: Path) -> None:
    """Writes the observer with its products in float32, the same with its products in int8, and the weights of both."""
    shared = Weights('observer.weights')
    observer_graph(config, weights, out / 'observer.onnx', shared=shared)
    observer_graph(config, weights, out / 'observer-int8.onnx', int8=True, shared=shared)


def digest(path: Path) -> dict[str, int | str]:
    """Size and hash of a file, as the manifest lists them."""
    data = path.read_bytes()
    return {'bytes': len(data), 'sha256': hashlib.sha256(data).hexdigest()}


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Indented by one space, as the manifests in the repository."""
    path.write_text(json.dumps(data, indent=1) + '\n')


def write_manifest(out: Path, state: dict[str, Any], corpus: dict[str, Any]) -> None:
    """Writes manifest.json: what the engine checks before it loads a byte, and where the model comes from.

    state: of the checkpoint; corpus: corpus.json. Keeps the calibration of a manifest that is already there.
    """
    c = state['config']
    path = out / 'manifest.json'
    previous = json.loads(path.read_text()) if path.exists() else {}
    manifest = {
        'format': 1,
        'name': f'namm-{state.get("size", "base")}-{round(state["parameters"] / 1e6)}m',
        'files': {n: digest(out / n) for n in FILES if (out / n).exists()},
        'model': {
            **{name: c[field] for name, field in SHAPE.items()},
            'trainedContext': state.get('context', 1024),
            'parameters': state['parameters'],
            'fileToken': 1,
            'padToken': 2,
            **({'forecast': c['forecast']} if c.get('forecast') else {}),
        },
        'reading': {
            'nUp': 512,
            'cacheSize': 512,
            'evicting': True,
            'selection': 'perHead',
            'positions': 'cacheSlot',
            'closing': 'remainder',
            'readings': 1,
            'evidenceUpdate': 1,
        },
        'training': {
            'tokens': state['tokens'],
            'minutes': round(state['minutes'], 1),
            'seed': state['seed'],
            'heldOutLoss': state.get('heldOutLoss'),
            'probe': state.get('probe'),
            'device': state['device'],
            'forecast': state.get('forecast'),
            **({'meanOf': state['meanOf']} if 'meanOf' in state else {}),
        },
        'corpus': [{k: e[k] for k in ('repo', 'commit', 'licence', 'split')} for e in corpus['repositories']],
        **{k: previous[k] for k in ('auto', 'calibration') if k in previous},
    }
    write_json(path, manifest)


def export_run(args: argparse.Namespace) -> None:
    """Writes the model folder of a run, and the graphs of the golden tests if asked for."""
    saved = torch.load(args.run / 'checkpoint.pt', weights_only=False, map_location='cpu')
    weights = {n: t.float().numpy() for n, t in saved['model'].items()}
    saved['state']['parameters'] = int(sum(w.size for w in weights.values()))
    args.out.mkdir(parents=True, exist_ok=True)
    config = saved['state']['config']
    if args.predicts or args.exact:
        observer_graph(config, weights, args.out / 'observer.onnx', args.predicts, args.exact)
    else:
        write_observers(config, weights, args.out)
    memory_graph(args.out / 'memory.onnx')
    (args.out / 'tokenizer.json').write_bytes(args.tokenizer.read_bytes())
    write_manifest(args.out, saved['state'], json.loads(args.list.read_text()))
    for name in (*OBSERVER, 'memory.onnx'):
        if (args.out / name).exists():
            print(name, (args.out / name).stat().st_size, 'bytes')


def export_model(model: Path, out: Path) -> None:
    """Writes the weights, tokenizer and memory of a model folder with today's graphs: after a change of the graphs."""
    config, weights = read_back(model)
    out.mkdir(parents=True, exist_ok=True)
    arrays = {n: w.numpy() for n, w in weights.items()}
    write_observers({'norm_eps': Config.norm_eps, **config}, arrays, out)
    memory_graph(out / 'memory.onnx')
    manifest = json.loads((model / 'manifest.json').read_text())
    for name in FILES:
        if name not in OBSERVER and name != 'memory.onnx':
            (out / name).write_bytes((model / name).read_bytes())
        manifest['files'][name] = digest(out / name)
    write_json(out / 'manifest.json', manifest)


def main() -> None:
    """Exports what the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument('--run', type=Path, help='folder of a training run')
    source.add_argument('--from-model', type=Path, help='model folder to export again, with its tokenizer')
    parser.add_argument('--tokenizer', type=Path, help='tokenizer.json of the run')
    parser.add_argument('--out', required=True, type=Path, help='model folder to write')
    parser.add_argument(
        '--list', type=Path, default=HERE / 'corpus.json', help='the repositories that the model was trained on'
    )
    parser.add_argument(
        '--predicts',
        action='store_true',
        help='the observer also gives its most probable next token: for a judge that writes',
    )
    parser.add_argument('--exact', action='store_true', help='store the weights as float32: shows what int8 costs')
    parser.add_argument('--conformance', type=Path, help='folder for the graphs that only the golden tests run')
    args = parser.parse_args()
    if args.from_model:
        export_model(args.from_model, args.out)
    elif not args.tokenizer:
        parser.error('--run needs --tokenizer')
    else:
        export_run(args)
    if args.conformance:
        spectral_graph(args.conformance / 'spectral.onnx')
        bam_graph(args.conformance / 'bam.onnx')


if __name__ == '__main__':
    main()
