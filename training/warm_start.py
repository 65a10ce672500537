"""Fits the memory's network by gradient to the tokens that later code needs. Evolution starts from the result.

    python warm_start.py --out START.json --minutes 5 -- node fitness.js namm …

CMA-ES moves 4172 weights a little in each generation. From zeros it spends its first hundreds of generations on what
one gradient shows at once: that a column of attention tells needed names from others. The network, its features and
their statistics are those of NAMM.md 1-2. The target of a token is 1 (spread over the tokens of a name) where a needed
name is defined or last mentioned. The loss is the cross entropy of the mean score of the caches, which is what ranks
text. The bias is set last, so that the wanted share of entries lies above the threshold.

Shapes: C caches, N entries of a cache. An update is what the network sees after one chunk.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from evolve import Fitness, write_json
from network import AGE_BASE, BINS, HIDDEN, SHAPES

LEARNING_RATE = 3e-3
BATCH = 4  # updates of one step
LOOK_EVERY = 200  # updates between two looks at the held-out ones

# One update: ema [C, N, 17] standardised, age [C, N] in tokens, valid [C, N] (1: an entry), label [N] (-1: not asked).
Update = tuple[Tensor, Tensor, Tensor, Tensor]
Weights = list[Tensor]
Score = Callable[[Weights, Tensor, Tensor, Tensor], Tensor]  # weights, ema, age, valid -> scores [C, N]


def features(ema: Tensor, age: Tensor) -> Tensor:
    """ema [C, N, 17] standardised, age [C, N] -> [C, N, 25] (NAMM.md 1.6)."""
    angle = age[..., None] * AGE_BASE ** (-torch.arange(4) / 4)
    return torch.cat([angle.sin(), angle.cos(), ema], -1)


def network(weights: Weights, ema: Tensor, age: Tensor, valid: Tensor, backward: bool = True) -> Tensor:
    """ema [C, N, 17] standardised, age, valid [C, N] -> scores [C, N] (NAMM.md 2.1).

    weights: as in network.SHAPES; backward: an entry attends to itself and to newer entries only.
    """
    w_qkv, b_qkv, w_out, b_out, w_score, b_score = weights
    phi = features(ema, age)
    q, k, v = (phi @ w_qkv + b_qkv).chunk(3, -1)
    n = age.shape[1]
    logits = q @ k.transpose(1, 2) / HIDDEN**0.5
    if backward:
        logits = logits.masked_fill(torch.ones(n, n, dtype=torch.bool).tril(-1), -1e9)
    logits = logits + ((valid - 1) * 1e9)[:, None]
    add, gate = (torch.softmax(logits, -1) @ v @ w_out + b_out).chunk(2, -1)
    return (phi * (1 + gate) + add) @ w_score + b_score


def updates_of(fitness: Fitness, split: str, statistics: dict[str, list[float]]) -> list[Update]:
    """Every update of the readings of a split, standardised by the statistics (mean and std, 17 each)."""
    with tempfile.TemporaryDirectory() as scratch:
        fitness.ask(op='dump', dir=scratch, split=split)
        index = json.loads((Path(scratch) / 'index.json').read_text())
        data = torch.from_numpy(np.fromfile(Path(scratch) / 'data.bin', np.float32))
    mean, std = (torch.tensor(statistics[k]) for k in ('mean', 'std'))
    c = index['caches']

    def take(at: int, *shape: int) -> Tensor:
        return data[at : at + int(np.prod(shape))].view(*shape)

    return [
        (
            (take(r['ema'], c, r['n'], BINS) - mean) / std,
            take(r['age'], c, r['n']),
            take(r['valid'], c, r['n']),
            take(r['label'], r['n']),
        )
        for r in index['rows']
    ]


def start_weights(shapes: Iterable[tuple[int, ...]] = SHAPES.values()) -> Weights:
    """Small random matrices and zero vectors; the scoring weights (the last but one) are smaller still."""
    weights = [torch.zeros(s) for s in shapes]
    for w in weights:
        if w.dim() == 2:
            w.normal_(0, 0.1)
    weights[-2].normal_(0, 0.02)
    return [w.requires_grad_() for w in weights]


def train(
    updates: list[Update], weights: Weights, score: Score, seed: int, done: Callable[[int], float]
) -> tuple[float, Weights, list[Update], int]:
    """Fits the weights to the labels of nine updates in ten; the tenth chooses the best moment.

    done: updates seen -> share of the work that is done, 0 to 1
    -> (held-out loss, weights of that moment, held-out updates, updates seen)
    """
    rate = float(torch.cat([u[3][u[3] >= 0] for u in updates]).mean())
    offset = torch.tensor(float(np.log(rate / (1 - rate))), requires_grad=True)  # keeps the base rate out of the scores
    optimizer = torch.optim.AdamW([*weights, offset], lr=LEARNING_RATE, weight_decay=1e-2)
    held = updates[::10]
    updates = [u for i, u in enumerate(updates) if i % 10]

    def loss_of(update: Update) -> Tensor:
        ema, age, valid, label = update
        asked = label >= 0
        logits = score(weights, ema, age, valid).mean(0) * 4 + offset
        return F.binary_cross_entropy_with_logits(logits[asked], label[asked])

    def base_loss(update: Update) -> float:
        """Loss of a guess that knows how many tokens are needed, not which."""
        label = update[3][update[3] >= 0]
        return float(F.binary_cross_entropy(torch.full_like(label, rate), label))

    base = float(np.mean([base_loss(u) for u in held]))
    order, seen, best = np.random.default_rng(seed), 0, (np.inf, weights)

    def look() -> tuple[float, Weights]:
        with torch.no_grad():
            now = float(np.mean([float(loss_of(u)) for u in held]))
        print(f'{seen} updates, held-out loss {now:.4f} (by the rate alone {base:.4f})', flush=True)
        return min(best, (now, [w.detach().clone() for w in weights]), key=lambda b: b[0])

    while done(seen) < 1:
        for group in optimizer.param_groups:
            group['lr'] = LEARNING_RATE * (1 - done(seen))
        optimizer.zero_grad()
        for i in order.choice(len(updates), BATCH):
            (loss_of(updates[i]) / BATCH).backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        seen += BATCH
        if seen % LOOK_EVERY == 0:
            best = look()
    if seen % LOOK_EVERY or not seen:
        best = look()  # the only one of a short run
    return *best, held, seen


def fit(args: argparse.Namespace) -> None:
    """Fits the network for the given minutes or updates and writes it as JSON."""
    fitness = Fitness(args.command)
    statistics = fitness.ask(op='statistics')
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    updates = updates_of(fitness, 'train', statistics)
    began = time.time()

    def done(seen: int) -> float:
        if args.updates:
            return seen / args.updates
        return (time.time() - began) / (args.minutes * 60)

    loss, weights, held, seen = train(updates, start_weights(), network, args.seed, done)
    with torch.no_grad():
        scores = torch.cat([network(weights, *u[:3])[u[2] > 0] for u in held])
        thinned = scores[:: max(1, len(scores) // 500_000)]  # what torch.quantile can take
        b_score = weights[-1]
        b_score -= torch.quantile(thinned, 1 - args.keep)
    flat = [round(float(v), 6) for w in weights for v in w.flatten()]
    start = float(fitness.evaluate(0, 'validation', 0, [np.array(flat)])[0])
    print(f'validation fitness {start:.4f}', flush=True)
    warm_start: dict[str, Any] = {
        'readings': seen,
        'heldOutLoss': loss,
        'validationFitness': start,
        'seed': args.seed,
    }
    write_json(args.out, {'weights': flat, **statistics, 'threshold': 0, 'evolution': {'warmStart': warm_start}})
    fitness.close()


def main() -> None:
    """Runs the fit that the arguments describe."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', required=True, type=Path, help='JSON file to write')
    parser.add_argument('--minutes', type=float, default=5)
    parser.add_argument('--updates', type=int, help='how many updates to fit to, however long it takes')
    parser.add_argument(
        '--keep', type=float, default=0.6, help='share of the entries that shall lie above the threshold'
    )
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--seed', type=int, default=1337)
    parser.add_argument('command', nargs='+', help='the fitness process')
    fit(parser.parse_args())


if __name__ == '__main__':
    main()
