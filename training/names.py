"""Fits the worth of names: logistic regressions on which names, and whose definitions, later code needed.

    python names.py --start START.json --out FITTED.json -- node fitness.js names …

The process answers {"op":"names"} with rows for every case: needed (0 or 1), its definition needed (0 or 1; -1 if the
context has none), crowd (log of how many names the text has), and the features of the name (src/scorers/extended.ts).
FITTED.json is START.json with the weights of mentions and definitions replaced, and with how well they separate what
validation cases needed from what they did not. Evolution may go on from there.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from evolve import Fitness, write_json
from roc_auc import mean_roc_auc
from weights import flatten

RIDGE = 1.0  # penalty of a weight of 1 on a standardised feature, in nats over all rows
STEPS = 25


def fit(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Logistic regression by Newton's method: x [n, d] with a first column of ones, y [n] of 0 or 1 -> weights [d]."""
    mean, scale = x.mean(0), np.maximum(x.std(0), 1e-6)
    mean[0], scale[0] = 0, 1
    z = (x - mean) / scale
    penalty = np.full(x.shape[1], RIDGE)
    penalty[0] = 0
    w = np.zeros(x.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-z @ w))
        w += np.linalg.solve((z.T * (p * (1 - p))) @ z + np.diag(penalty + 1e-9), z.T @ (y - p) - penalty * w)
    w /= scale
    w[0] -= mean[1:] @ w[1:]
    return w


def columns(rows: np.ndarray) -> np.ndarray:
    """Rows [n, 3 + d] of the process -> what is regressed on [n, d + 1]: the features (the first is 1), then crowd."""
    return np.concatenate([rows[:, 3:], rows[:, 2:3]], 1)


def main() -> None:
    """Fits mentions and definitions, and writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--start', required=True, type=Path, help='weights of the extended memory to start from')
    parser.add_argument('--out', required=True, type=Path, help='JSON file to write')
    parser.add_argument('command', nargs='+', help='the fitness process')
    args = parser.parse_args()
    start = json.loads(args.start.read_text())
    fitness = Fitness(args.command)
    flat, groups = flatten(start, fitness.ready['layout']), start['groups']
    cases = {}
    for split in ('train', 'validation'):
        answer = fitness.ask(op='names', split=split, candidates=[flat.tolist()])
        cases[split] = [np.array(c) for c in answer['cases'] if c]  # a case without names (generated code) says nothing
    auc = {}
    for label, kind in enumerate(('mention', 'definition')):
        asked = {split: [c[c[:, label] >= 0] for c in rows] for split, rows in cases.items()}
        train = np.concatenate(asked['train'])
        w = fit(columns(train), train[:, label])
        rounded = [round(float(v), 6) for v in w]
        groups[kind], groups['crowd'][label] = rounded[:-1], rounded[-1]
        auc[kind] = round(mean_roc_auc((columns(c) @ w, c[:, label]) for c in asked['validation']), 4)
        needed = train[:, label].mean()
        print(f'{kind}: {len(train)} names, {needed:.3f} needed; ROC AUC in a validation case: {auc[kind]}', flush=True)
    fitness.close()
    start['names'] = {'cases': len(cases['train']), 'rocAuc': auc}
    write_json(args.out, start)


if __name__ == '__main__':
    main()
