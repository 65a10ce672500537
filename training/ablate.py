"""Measures what each part of the memory's network contributes: variants fitted alike, ranked by the product.

    python ablate.py --readings 2400 -- node fitness.js namm …

Every variant is fitted as in `warm_start.py`, from the same seed, on the same updates, for the same number of them. Its
scores then rank the validation cases (other repositories) through the product's own cutting and budget. The fit by
gradient stands in for an evolution: what a form cannot learn by gradient, CMA-ES will not find. Prints a table with
95 % intervals (paired bootstrap over the cases) of the difference to the network that ships.

Shapes: C caches, N entries of a cache.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from evolve import Fitness
from network import FEATURES, HIDDEN, SHAPES
from warm_start import Score, Weights, features, network, start_weights, train, updates_of

Merge = Callable[[Tensor], Tensor]  # scores [C, N] -> values of the tokens [N]


def mlp(weights: Weights, ema: Tensor, age: Tensor, valid: Tensor) -> Tensor:
    """Every entry on its own, through one hidden layer."""
    w, b, w_score, b_score = weights
    return torch.relu(features(ema, age) @ w + b) @ w_score + b_score


def linear(weights: Weights, ema: Tensor, age: Tensor, valid: Tensor) -> Tensor:
    """Every entry on its own, without a hidden layer."""
    w_score, b_score = weights
    return features(ema, age) @ w_score + b_score


def unmasked(weights: Weights, ema: Tensor, age: Tensor, valid: Tensor) -> Tensor:
    """An entry attends to older ones too."""
    return network(weights, ema, age, valid, backward=False)


def ageless(weights: Weights, ema: Tensor, age: Tensor, valid: Tensor) -> Tensor:
    """Age zero everywhere."""
    return network(weights, ema, torch.zeros_like(age), valid)


def blind(weights: Weights, ema: Tensor, age: Tensor, valid: Tensor) -> Tensor:
    """Zeros for the spectrum."""
    return network(weights, torch.zeros_like(ema), age, valid)


def noise(weights: Weights, ema: Tensor, age: Tensor, valid: Tensor) -> Tensor:
    """Noise for the spectrum, the same for the same update every time."""
    generator = torch.Generator().manual_seed(int(ema.shape[1]) * 7919)
    return network(weights, torch.randn(ema.shape, generator=generator), age, valid)


BAM = list(SHAPES.values())
MLP = [(FEATURES, 3 * HIDDEN), (3 * HIDDEN,), (3 * HIDDEN,), (1,)]
SHIPPED = 'BAM, as it ships'
VARIANTS: dict[str, tuple[list[tuple[int, ...]], Score]] = {
    SHIPPED: (BAM, network),
    'attention without the backward mask': (BAM, unmasked),
    'MLP': (MLP, mlp),
    'linear': ([(FEATURES,), (1,)], linear),
    'BAM without the age of an entry': (BAM, ageless),
    'BAM without the spectrum': (BAM, blind),
    'BAM, noise for the spectrum': (BAM, noise),
}


def mean_score(scores: Tensor) -> Tensor:
    """Mean over the caches."""
    return scores.mean(0)


def share_kept(scores: Tensor) -> Tensor:
    """Share of the caches whose score is above the median; the mean score breaks ties."""
    return (scores > scores.flatten().median()).float().mean(0) + 1e-3 * torch.tanh(scores.mean(0))


def best_score(scores: Tensor) -> Tensor:
    """Best score of any cache."""
    return scores.max(0).values


def weighted(scored: list[Tensor], labels: list[Tensor], rounds: int = 200) -> Merge:
    """A merge with one weight per cache, fitted to the labels.

    scored: [C, N] of each update; labels: [N] of each update, -1 where not asked.
    """
    weights = torch.full((scored[0].shape[0],), 4 / scored[0].shape[0], requires_grad=True)
    offset = torch.zeros(1, requires_grad=True)
    wanted = torch.cat(labels)
    asked = wanted >= 0
    scores, wanted = torch.cat(scored, 1)[:, asked], wanted[asked]
    optimizer = torch.optim.LBFGS([weights, offset], max_iter=rounds, line_search_fn='strong_wolfe')

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss = F.binary_cross_entropy_with_logits(weights @ scores + offset, wanted)
        loss.backward()
        return loss

    optimizer.step(closure)
    fitted = weights.detach()
    return lambda s: fitted @ s


def interval(differences: np.ndarray, rounds: int = 2000) -> tuple[float, float]:
    """95 % interval of the mean of differences [cases], by bootstrap."""
    draws = np.random.default_rng(99).choice(differences, (rounds, len(differences))).mean(1)
    low, high = np.quantile(draws, (0.025, 0.975))
    return low, high


def main() -> None:
    """Fits and ranks every variant, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--readings', type=int, default=2400, help='updates that each variant is fitted on')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--seed', type=int, default=1337)
    parser.add_argument('command', nargs='+', help='the fitness process')
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    fitness = Fitness(args.command)
    statistics = fitness.ask(op='statistics')
    updates = updates_of(fitness, 'train', statistics)
    validation = updates_of(fitness, 'validation', statistics)

    def rank(values: list[Tensor]) -> np.ndarray:
        """Values [N] of each validation update -> fitness [cases]."""
        with tempfile.TemporaryDirectory() as scratch:
            np.concatenate([v.numpy().astype(np.float32) for v in values]).tofile(Path(scratch) / 'scores.bin')
            return np.array(fitness.ask(op='rank', dir=scratch, split='validation')['fitness'])

    found: list[tuple[str, int, float, np.ndarray]] = []  # name, weights, held-out loss, fitness [cases]
    for name, (shapes, score) in VARIANTS.items():
        print(name, flush=True)
        torch.manual_seed(args.seed)
        loss, weights, _, _ = train(updates, start_weights(shapes), score, args.seed, lambda seen: seen / args.readings)
        merges: dict[str, Merge] = {name: mean_score}
        with torch.no_grad():
            scores = [score(weights, *u[:3]) for u in validation]
            if name == SHIPPED:
                fitted = [score(weights, *u[:3]) for u in updates]
                merges[f'{name}; share of the caches that keep it'] = share_kept
                merges[f'{name}; best score of a cache'] = best_score
        if name == SHIPPED:
            merges[f'{name}; caches weighted as fitted'] = weighted(fitted, [u[3] for u in updates])
        size = sum(int(np.prod(s)) for s in shapes)
        found += [(label, size, loss, rank([merge(s) for s in scores])) for label, merge in merges.items()]
    shipped = found[0][3]
    print(f'\n{len(updates)} updates to learn from, {len(shipped)} validation cases\n')
    print('| network | weights | held-out loss | needed names | difference (95 %) |\n|---|---|---|---|---|')
    for label, size, loss, got in found:
        low, high = interval(got - shipped)
        difference = '' if got is shipped else f'{low:+.3f} to {high:+.3f}'
        print(f'| {label} | {size} | {loss:.4f} | {got.mean():.3f} | {difference} |')
    fitness.close()


if __name__ == '__main__':
    main()
