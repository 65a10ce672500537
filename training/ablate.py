"""Knows what each part of the memory's network is good for: variants fitted alike, ranked by the product on other repositories.

    python ablate.py --readings 2400 -- node fitness.js namm …

Every variant is fitted as in `imitate.py`, from the same seed, on the same readings, for the same number of them; then its
scores rank the validation cases, through the product's own cutting and budget. The fit by gradient stands for an
evolution: what a form cannot learn with a gradient, CMA-ES will not find. Prints a table with 95 % intervals (paired
bootstrap over the cases) of the difference to the network as it ships.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from evolve import Fitness
from imitate import FEATURES, HIDDEN, SHAPES, dumped, features, network, start_weights, train


def mlp(weights, ema, age, valid):
    """Every entry for itself, through one hidden layer."""
    w, b, w_score, b_score = weights
    return torch.relu(features(ema, age) @ w + b) @ w_score + b_score


def linear(weights, ema, age, valid):
    w_score, b_score = weights
    return features(ema, age) @ w_score + b_score


def noise(weights, ema, age, valid):
    """The same chance for the same entry every time."""
    chance = torch.randn(ema.shape, generator=torch.Generator().manual_seed(int(ema.shape[1]) * 7919))
    return network(weights, chance, age, valid)


MLP = [(FEATURES, 3 * HIDDEN), (3 * HIDDEN,), (3 * HIDDEN,), (1,)]
VARIANTS = {
    'BAM, as it ships': (SHAPES, network),
    'attention without the backward mask': (SHAPES, lambda w, e, a, v: network(w, e, a, v, backward=False)),
    'MLP': (MLP, mlp),
    'linear': ([(FEATURES,), (1,)], linear),
    'BAM without the age of an entry': (SHAPES, lambda w, e, a, v: network(w, e, torch.zeros_like(a), v)),
    'BAM without the spectrum': (SHAPES, lambda w, e, a, v: network(w, torch.zeros_like(e), a, v)),
    'BAM, noise for the spectrum': (SHAPES, noise),
}
# How the caches' scores [C, N] become one value of a token, beside `weighted`.
MERGES = {
    'mean score of the caches': lambda s: s.mean(0),
    'share of the caches that keep it': lambda s: (
        (s > s.flatten().median()).float().mean(0) + 1e-3 * torch.tanh(s.mean(0))
    ),  # ties by score
    'best score of a cache': lambda s: s.max(0).values,
}


def weighted(scored, labels, rounds=200):
    """One weight a cache, fitted to the labels of readings [N] whose scores [C, N] are given: a merge of scores."""
    weights = torch.full((scored[0].shape[0],), 4 / scored[0].shape[0], requires_grad=True)
    offset = torch.zeros(1, requires_grad=True)
    asked = torch.cat([label >= 0 for label in labels])
    scores, labels = torch.cat(scored, 1)[:, asked], torch.cat(labels)[asked]
    optimizer = torch.optim.LBFGS([weights, offset], max_iter=rounds, line_search_fn='strong_wolfe')

    def closure():
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(weights @ scores + offset, labels)
        loss.backward()
        return loss

    optimizer.step(closure)
    fitted = weights.detach()
    return lambda s: fitted @ s


def interval(differences, rounds=2000):
    draws = np.random.default_rng(99).choice(differences, (rounds, len(differences))).mean(1)
    return np.quantile(draws, 0.025), np.quantile(draws, 0.975)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--readings', type=int, default=2400, help='that each variant is fitted on')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--seed', type=int, default=1337)
    parser.add_argument('command', nargs='+')
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    fitness = Fitness(args.command)
    statistics = fitness.ask(op='statistics')
    rows = dumped(fitness, 'train', statistics)
    asked = dumped(fitness, 'validation', statistics)

    def rank(scores):
        with tempfile.TemporaryDirectory() as scratch:
            np.concatenate([s.numpy().astype(np.float32) for s in scores]).tofile(Path(scratch) / 'scores.bin')
            return np.array(fitness.ask(op='rank', dir=scratch, split='validation')['fitness'])

    found = []
    for name, (shapes, score) in VARIANTS.items():
        print(name, flush=True)
        torch.manual_seed(args.seed)
        loss, weights, _, _ = train(rows, start_weights(shapes), score, args.seed, lambda seen: seen / args.readings)
        with torch.no_grad():
            scores = [score(weights, *r[:3]) for r in asked]
        merges = list(MERGES.items())[:1]
        if not found:
            with torch.no_grad():
                known = [score(weights, *r[:3]) for r in rows]
            merges = [*MERGES.items(), ('caches weighted as fitted', weighted(known, [r[3] for r in rows]))]
        for merge, merged in merges:
            label = name if merge == next(iter(MERGES)) else f'{name}; {merge}'
            found.append((label, sum(int(np.prod(s)) for s in shapes), loss, rank([merged(s) for s in scores])))
    print(f'\n{len(rows)} updates to learn from, {len(found[0][3])} validation cases\n')
    print('| network | weights | held-out loss | needed names | difference (95 %) |\n|---|---|---|---|---|')
    for label, size, loss, got in found:
        low, high = interval(got - found[0][3])
        print(
            f'| {label} | {size} | {loss:.4f} | {got.mean():.3f} | {"" if got is found[0][3] else f"{low:+.3f} to {high:+.3f}"} |'
        )
    fitness.close()


if __name__ == '__main__':
    main()
