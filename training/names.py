"""Knows how the worth of names is fitted: logistic regression on which names, and whose definitions, later code needed.

    python names.py --start START.json --out FITTED.json -- node fitness.js extended …

The process answers {"op":"names"} with rows of every case: needed 0 or 1, its definition 0 or 1 (-1 where the context has none), how
many names the text has, and what is known of the name (src/scorers/extended.ts). FITTED.json is START.json with the weights of mentions
and definitions replaced, and with how well they tell apart what validation cases needed and did not; evolution may go on from there.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from evolve import Fitness, write_json

RIDGE = 1.0  # penalty of a weight of 1 on a standardised feature, in nats over all rows
STEPS = 25


def fit(x, y):
    """x [n, d] with a first column of ones, y [n] of 0 or 1 -> weights [d], by Newton's method."""
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


def ranking(cases):
    """[(odds [n], y [n])] -> mean over the cases of the share of pairs, one needed and one not, that are told apart."""
    shares = [
        np.mean(np.sign(odds[y == 1][:, None] - odds[y == 0][None]) / 2 + 0.5)
        for odds, y in cases
        if 0 < y.sum() < len(y)
    ]
    return float(np.mean(shares))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--start', required=True, type=Path)
    parser.add_argument('--out', required=True, type=Path)
    parser.add_argument('command', nargs='+')
    args = parser.parse_args()
    start = json.loads(args.start.read_text())
    fitness = Fitness(args.command)
    # A case without names (generated code) tells nothing.
    rows = {
        split: [np.array(c) for c in fitness.ask(op='names', split=split, candidates=[start['weights']])['cases'] if c]
        for split in ('train', 'validation')
    }
    layout = fitness.ready['layout']
    apart = {}
    for label, kind in enumerate(('mention', 'definition')):
        # columns behind the two labels: crowd, then the features, of which the first is 1
        columns = lambda c: np.concatenate([c[:, 3:4], c[:, 4:], c[:, 2:3]], 1)
        asked = {split: [c[c[:, label] >= 0] for c in cases] for split, cases in rows.items()}
        every = np.concatenate(asked['train'])
        w = fit(columns(every), every[:, label])
        rounded = [round(float(v), 6) for v in w]
        start['weights'][slice(*layout[kind])] = rounded[:-1]
        start['weights'][layout['crowd'][0] + label] = rounded[-1]
        apart[kind] = round(ranking([(columns(c) @ w, c[:, label]) for c in asked['validation']]), 4)
        print(
            f'{kind}: {len(every)} names, {every[:, label].mean():.3f} needed; told apart within a validation case: {apart[kind]}',
            flush=True,
        )
    fitness.close()
    start['names'] = {'cases': len(rows['train']), 'toldApart': apart}
    write_json(args.out, start)


if __name__ == '__main__':
    main()
