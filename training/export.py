"""Knows a model folder: writes graphs, tokenizer and manifest of a run, and reads the weights of one back.

python export.py --run RUN --tokenizer tokenizer.json --out media/model [--conformance test/golden]
python export.py --again media/model --out DIR     the graphs of today around the weights of an exported model
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from graphs import bam_graph, memory_graph, observer_graph, spectral_graph
from model import KINDS, Config

HERE = Path(__file__).resolve().parent


def read_back(model_dir):
    """Config and PyTorch weights (int8 precision) of an exported model: where training goes on without a checkpoint."""
    m = json.loads((model_dir / 'manifest.json').read_text())['model']
    config = {
        'vocab': m['vocab'],
        'd_model': m['dModel'],
        'layers': m['layers'],
        'heads': m['heads'],
        'kv_heads': m['kvHeads'],
        'head_size': m['headSize'],
        'd_ff': m['dFf'],
        'rope_base': m['ropeBase'],
        'forecast': m.get('forecast', 0),
    }
    arrays = {i.name: numpy_helper.to_array(i) for i in onnx.load(model_dir / 'observer.onnx').graph.initializer}
    norms = iter(
        [a for a in arrays.values() if a.dtype == np.float32 and a.shape == (m['dModel'],)]
    )  # in the order of the graph
    weight = lambda name: arrays[name].astype(np.float32) * arrays[f'{name}_scale']
    q, kv = m['heads'] * m['headSize'], m['kvHeads'] * m['headSize']
    out = {'embedding.weight': weight('embedding')}
    for i in range(m['layers']):
        qkv = weight(f'qkv{i}')
        out.update({f'blocks.{i}.norm1.weight': next(norms), f'blocks.{i}.norm2.weight': next(norms)})
        out.update(
            {f'blocks.{i}.{n}.weight': a for n, a in (('q', qkv[:q]), ('k', qkv[q : q + kv]), ('v', qkv[q + kv :]))}
        )
        out.update({f'blocks.{i}.{n}.weight': weight(f'{n}{i}') for n in ('o', 'gate', 'up', 'down')})
    out['norm.weight'] = next(norms)
    if config['forecast']:
        out.update(
            {
                'forecast.up.weight': weight('forecast_up'),
                'forecast.out.weight': weight('forecast_out'),
                'forecast.bias': arrays['forecast_bias'].reshape(KINDS, -1)[:, -1],
            }
        )
    return config, {n: torch.tensor(a, dtype=torch.float32) for n, a in out.items()}


def digest(path):
    data = path.read_bytes()
    return {'bytes': len(data), 'sha256': hashlib.sha256(data).hexdigest()}


def write_manifest(out, state, corpus):
    """manifest.json: what the engine checks before it loads a byte, and where the model comes from."""
    c = state['config']
    path = out / 'manifest.json'
    kept = json.loads(path.read_text()) if path.exists() else {}
    files = {
        n: digest(out / n)
        for n in ('observer.onnx', 'memory.onnx', 'tokenizer.json', 'namm.json', 'extended.json')
        if (out / n).exists()
    }
    manifest = {
        'format': 1,
        'name': f'namm-{state.get("size", "base")}-{round(state["parameters"] / 1e6)}m',
        'files': files,
        'model': {
            'vocab': c['vocab'],
            'layers': c['layers'],
            'heads': c['heads'],
            'kvHeads': c['kv_heads'],
            'headSize': c['head_size'],
            'dModel': c['d_model'],
            'dFf': c['d_ff'],
            'ropeBase': c['rope_base'],
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
    }
    manifest.update({k: kept[k] for k in ('auto', 'calibration') if k in kept})
    path.write_text(json.dumps(manifest, indent=1) + '\n')


def again(model, out):
    """The same weights, tokenizer and memory in new graphs: for a change of the graphs alone."""
    config, weights = read_back(model)
    out.mkdir(parents=True, exist_ok=True)
    observer_graph(
        {'norm_eps': Config.norm_eps, **config}, {n: w.numpy() for n, w in weights.items()}, out / 'observer.onnx'
    )
    memory_graph(out / 'memory.onnx')
    manifest = json.loads((model / 'manifest.json').read_text())
    for name in manifest['files']:
        if not name.endswith('.onnx'):
            (out / name).write_bytes((model / name).read_bytes())
        manifest['files'][name] = digest(out / name)
    (out / 'manifest.json').write_text(json.dumps(manifest, indent=1) + '\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument('--run', type=Path)
    source.add_argument('--again', type=Path, help='an exported model instead of a run, with its tokenizer')
    parser.add_argument('--tokenizer', type=Path)
    parser.add_argument('--out', required=True, type=Path)
    parser.add_argument('--list', type=Path, default=HERE / 'corpus.json', help='the repositories it was trained on')
    parser.add_argument(
        '--predicts',
        action='store_true',
        help='the observer also says its most probable next token: for a judge that writes',
    )
    parser.add_argument(
        '--exact', action='store_true', help='weights of the observer in float32: to see what int8 costs'
    )
    parser.add_argument('--conformance', type=Path, help='folder for the stand-alone parts that the golden tests run')
    args = parser.parse_args()
    if args.again:
        again(args.again, args.out)
        return
    if not args.tokenizer:
        parser.error('--run needs --tokenizer')
    saved = torch.load(args.run / 'checkpoint.pt', weights_only=False, map_location='cpu')
    weights = {n: t.float().numpy() for n, t in saved['model'].items()}
    saved['state']['parameters'] = int(sum(w.size for w in weights.values()))
    args.out.mkdir(parents=True, exist_ok=True)
    observer_graph(saved['state']['config'], weights, args.out / 'observer.onnx', args.predicts, args.exact)
    memory_graph(args.out / 'memory.onnx')
    (args.out / 'tokenizer.json').write_bytes(args.tokenizer.read_bytes())
    if args.conformance:
        spectral_graph(args.conformance / 'spectral.onnx')
        bam_graph(args.conformance / 'bam.onnx')
    write_manifest(args.out, saved['state'], json.loads(args.list.read_text()))
    for name in ('observer.onnx', 'memory.onnx'):
        print(name, (args.out / name).stat().st_size, 'bytes')


if __name__ == '__main__':
    main()
