"""Knows a first fit of the memory's network: which tokens does later code need? Evolution starts from there.

    python imitate.py --out START.json --minutes 5 -- node fitness.js namm …

CMA-ES moves 4172 weights a little each generation; from zeros it spends its first hundreds of generations on what one
gradient can see: that a column of attention tells needed names from the rest. The network, its features and their
statistics are those of NAMM.md 1-2. The target of a token is 1 (spread over the tokens of a name) where a needed name is
defined or last mentioned; the loss is the cross entropy of the caches' mean score, the thing that ranks text. The bias
is set last, so that the wanted share of entries lies above the threshold.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from evolve import Fitness, write_json

BINS, FEATURES, HIDDEN, AGE_BASE = 17, 25, 32, 50000.0
SHAPES = [(FEATURES, 3 * HIDDEN), (3 * HIDDEN,), (HIDDEN, 2 * FEATURES), (2 * FEATURES,), (FEATURES,), (1,)]


def features(ema, age):
    """ema [C, N, 17] standardised, age [C, N] -> [C, N, 25] (NAMM.md 1.6)."""
    angle = age[..., None] * AGE_BASE ** (-torch.arange(4) / 4)
    return torch.cat([angle.sin(), angle.cos(), ema], -1)


def network(weights, ema, age, valid, backward=True):
    """ema [C, N, 17] standardised, age, valid [C, N] -> scores [C, N] (NAMM.md 2.1). Backward: an entry sees newer ones alone."""
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


def dumped(fitness, split, statistics):
    """What the network sees in the readings of a split: (ema standardised, age, valid, label) of every update."""
    with tempfile.TemporaryDirectory() as scratch:
        fitness.ask(op='dump', dir=scratch, split=split)
        index = json.loads((Path(scratch) / 'index.json').read_text())
        data = torch.from_numpy(np.fromfile(Path(scratch) / 'data.bin', np.float32))
    mean, std = (torch.tensor(statistics[k]) for k in ('mean', 'std'))
    c = index['caches']
    rows = []
    for r in index['rows']:
        n = r['n']
        take = lambda at, *shape: data[at : at + int(np.prod(shape))].view(*shape)
        rows.append(
            (
                (take(r['ema'], c, n, BINS) - mean) / std,
                take(r['age'], c, n),
                take(r['valid'], c, n),
                take(r['label'], n),
            )
        )
    return rows


def start_weights(shapes=SHAPES):
    """Small chance for the matrices, zeros for what is added; the last matrix smaller still."""
    weights = [torch.zeros(s) for s in shapes]
    matrices = [w for w in weights if w.dim() == 2]
    for w in matrices:
        w.normal_(0, 0.1)
    weights[-2].normal_(0, 0.02)
    return [w.requires_grad_() for w in weights]


def train(rows, weights, score, seed, done):
    """
    Fits `score(weights, ema, age, valid) -> [C, N]` to the labels of nine rows in ten; the tenth chooses when it was best.
    `done(readings)` says which share of the work is done, 0 to 1.
    Returns (held-out loss, its weights, the held-out rows, readings).
    """
    rate = float(torch.cat([r[3][r[3] >= 0] for r in rows]).mean())
    offset = torch.tensor(
        float(np.log(rate / (1 - rate))), requires_grad=True
    )  # the base rate is not the threshold's business
    optimizer = torch.optim.AdamW([*weights, offset], lr=3e-3, weight_decay=1e-2)
    held = rows[::10]
    rows = [r for i, r in enumerate(rows) if i % 10]

    def loss_of(row):
        ema, age, valid, label = row
        asked = label >= 0
        return F.binary_cross_entropy_with_logits(
            (score(weights, ema, age, valid).mean(0) * 4 + offset)[asked], label[asked]
        )

    def known(row):
        """Loss of somebody who knows how many tokens are needed, not which."""
        label = row[3][row[3] >= 0]
        return F.binary_cross_entropy(torch.full_like(label, rate), label)

    alone = float(np.mean([float(known(r)) for r in held]))
    order, seen, best = np.random.default_rng(seed), 0, (np.inf, None)

    def look():
        with torch.no_grad():
            now = float(np.mean([float(loss_of(r)) for r in held]))
        print(f'{seen} readings, held-out loss {now:.4f} (rate alone {alone:.4f})', flush=True)
        return min(best, (now, [w.detach().clone() for w in weights]), key=lambda b: b[0])

    while done(seen) < 1:
        for group in optimizer.param_groups:
            group['lr'] = 3e-3 * (1 - done(seen))
        optimizer.zero_grad()
        for i in order.choice(len(rows), 4):
            (loss_of(rows[i]) / 4).backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        seen += 4
        if seen % 200 == 0:
            best = look()
    if seen % 200 or not seen:
        best = look()  # a short run has no other
    return *best, held, seen


def fit(args):
    fitness = Fitness(args.command)
    statistics = fitness.ask(op='statistics')
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rows = dumped(fitness, 'train', statistics)
    began = time.time()
    loss, weights, held, seen = train(
        rows, start_weights(), network, args.seed, lambda _: (time.time() - began) / (args.minutes * 60)
    )
    with torch.no_grad():
        scores = torch.cat([network(weights, *r[:3])[r[2] > 0] for r in held])
        weights[5] -= torch.quantile(scores[:: max(1, len(scores) // 500_000)], 1 - args.keep)
    flat = [round(float(v), 6) for w in weights for v in w.flatten()]
    start = float(fitness.evaluate(0, 'validation', 0, [flat])[0])
    print(f'validation fitness {start:.4f}', flush=True)
    write_json(
        args.out,
        {
            'weights': flat,
            **statistics,
            'threshold': 0,
            'evolution': {
                'imitation': {'readings': seen, 'heldOutLoss': loss, 'validationFitness': start, 'seed': args.seed}
            },
        },
    )
    fitness.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--out', required=True, type=Path)
    parser.add_argument('--minutes', type=float, default=5)
    parser.add_argument('--keep', type=float, default=0.6, help='share of entries above the threshold')
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--seed', type=int, default=1337)
    parser.add_argument('command', nargs='+')
    fit(parser.parse_args())


if __name__ == '__main__':
    main()
