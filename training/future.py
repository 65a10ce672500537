"""Fits the future attention: how much attention a strong reader gives each token of a context when it writes on.

    python future.py --attention A.jsonl… --extended extended.json --out extended.json [--ridge 30]

The files come from `npm run bench -- attention`: for each token of a context the forecast of the base model, and the
attention that a pretrained code model gave it from the code that follows. A linear map from the forecast's codes to
that attention, relative to its mean over the context, becomes the field `futureHead`
(`src/scorers/forecast.ts`). How well it ranks is measured on repositories that it was not fitted to, each in turn.
"""

from __future__ import annotations

import argparse
import base64
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from evolve import write_json

STEP = 1 / 16  # of a code, as FORECAST_STEP in src/core/observation.ts
MOST = 10.0  # attention relative to the mean, as MOST_ATTENTION in src/scorers/forecast.ts


@dataclass
class Context:
    """One context: codes [tokens, width], attention [tokens] relative to its mean."""

    repo: str
    codes: np.ndarray
    attention: np.ndarray


@dataclass
class Head:
    """A linear map from codes to attention."""

    weights: np.ndarray  # [width]
    bias: float

    def of(self, codes: np.ndarray) -> np.ndarray:
        """codes [tokens, width] -> predicted attention [tokens]."""
        return np.clip(codes @ self.weights + self.bias, 0, MOST)


def read(paths: list[Path]) -> list[Context]:
    """The contexts of some files."""
    contexts = []
    for line in (line for path in paths for line in path.read_text().splitlines()):
        row = json.loads(line)
        codes = np.frombuffer(base64.b64decode(row['codes']), np.int8).reshape(-1, row['width']) * STEP
        attention = np.array(row['attention'])
        contexts.append(Context(row['repo'], codes, attention / attention.mean()))
    return contexts


def fit(contexts: list[Context], ridge: float) -> Head:
    """Ridge regression on standardised codes; `ridge` is per thousand tokens.

    >>> codes = np.random.default_rng(0).normal(size=(500, 3))
    >>> head = fit([Context('a', codes, codes @ [1.0, 0.0, -0.5] + 2)], 1e-6)
    >>> [round(float(w), 3) for w in head.weights], round(head.bias, 3)
    ([1.0, 0.0, -0.5], 2.0)
    """
    codes = np.concatenate([c.codes for c in contexts])
    goal = np.minimum(np.concatenate([c.attention for c in contexts]), MOST)
    mean, spread = codes.mean(0), codes.std(0) + 1e-6
    standard = (codes - mean) / spread
    square = standard.T @ standard + ridge * len(codes) / 1000 * np.eye(codes.shape[1])
    weights = np.linalg.solve(square, standard.T @ (goal - goal.mean())) / spread
    return Head(weights, float(goal.mean() - mean @ weights))


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's correlation.

    >>> round(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([10.0, 30.0, 20.0])), 3)
    0.5
    """
    ranks = [np.argsort(np.argsort(x, kind='stable'), kind='stable') for x in (a, b)]
    return float(np.corrcoef(*ranks)[0, 1])


def mass_in_best(predicted: np.ndarray, attention: np.ndarray, share: float) -> float:
    """Share of the attention that the best-predicted tokens receive.

    >>> mass_in_best(np.array([3.0, 1.0, 2.0, 0.0]), np.array([4.0, 1.0, 3.0, 2.0]), 0.5)
    0.7
    """
    best = np.argsort(-predicted, kind='stable')[: round(len(predicted) * share)]
    return float(attention[best].sum() / attention.sum())


def main() -> None:
    """Fits the head and writes it into a copy of the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--attention', required=True, type=Path, nargs='+', help='files of the attention bench')
    parser.add_argument('--extended', required=True, type=Path, help='weights of the extended memory to complete')
    parser.add_argument('--out', required=True, type=Path, help='the same with the head')
    parser.add_argument('--ridge', type=float, default=30.0, help='per thousand tokens')
    args = parser.parse_args()
    contexts = read(args.attention)
    repos = sorted({c.repo for c in contexts})
    found = []
    for repo in repos if len(repos) > 1 else []:
        head = fit([c for c in contexts if c.repo != repo], args.ridge)
        for c in (c for c in contexts if c.repo == repo):
            predicted = head.of(c.codes)
            found.append((rank_correlation(predicted, c.attention), mass_in_best(predicted, c.attention, 0.25)))
    head = fit(contexts, args.ridge)
    held_out = (
        dict(zip(('rankCorrelation', 'attentionInBestQuarter'), np.mean(found, 0).round(4).tolist(), strict=True))
        if found
        else {}
    )
    about = {'contexts': len(contexts), 'repositories': repos, 'ridge': args.ridge, **held_out}
    data = json.loads(args.extended.read_text())
    weights = [round(float(w), 6) for w in head.weights]
    data['futureHead'] = {'weights': weights, 'bias': [round(head.bias, 6)], 'fit': about}
    write_json(args.out, data)
    print(json.dumps(about))


if __name__ == '__main__':
    main()
