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

from evolve import Fitness, write

BINS, FEATURES, HIDDEN, AGE_BASE = 17, 25, 32, 50000.0
SHAPES = [(FEATURES, 3 * HIDDEN), (3 * HIDDEN,), (HIDDEN, 2 * FEATURES), (2 * FEATURES,), (FEATURES,), (1,)]


def network(weights, ema, age, valid):
    """ema [C, N, 17] standardised, age, valid [C, N] -> scores [C, N] (NAMM.md 1.6, 2.1)."""
    w_qkv, b_qkv, w_out, b_out, w_score, b_score = weights
    angle = age[..., None] * AGE_BASE ** (-torch.arange(4) / 4)
    phi = torch.cat([angle.sin(), angle.cos(), ema], -1)
    q, k, v = (phi @ w_qkv + b_qkv).chunk(3, -1)
    n = age.shape[1]
    logits = q @ k.transpose(1, 2) / HIDDEN ** 0.5
    older = torch.ones(n, n, dtype=torch.bool).tril(-1)
    logits = logits.masked_fill(older, -1e9) + ((valid - 1) * 1e9)[:, None]
    add, gate = (torch.softmax(logits, -1) @ v @ w_out + b_out).chunk(2, -1)
    return (phi * (1 + gate) + add) @ w_score + b_score


def fit(args):
    fitness = Fitness(args.command)
    statistics = fitness.ask(op='statistics')
    with tempfile.TemporaryDirectory() as scratch:
        fitness.ask(op='dump', dir=scratch)
        index = json.loads((Path(scratch) / 'index.json').read_text())
        data = torch.from_numpy(np.fromfile(Path(scratch) / 'data.bin', np.float32))
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    mean, std = (torch.tensor(statistics[k]) for k in ('mean', 'std'))
    c = index['caches']
    rows = []
    for r in index['rows']:
        n = r['n']
        take = lambda at, *shape: data[at:at + int(np.prod(shape))].view(*shape)
        rows.append(((take(r['ema'], c, n, BINS) - mean) / std, take(r['age'], c, n), take(r['valid'], c, n), take(r['label'], n)))
    weights = [torch.zeros(s) for s in SHAPES]
    for w in weights[:4:2]:
        w.normal_(0, 0.1)
    weights[4].normal_(0, 0.02)
    for w in weights:
        w.requires_grad_()
    rate = float(torch.cat([r[3][r[3] >= 0] for r in rows]).mean())
    offset = torch.tensor(float(np.log(rate / (1 - rate))), requires_grad=True)  # the base rate is not the threshold's business
    optimizer = torch.optim.AdamW([*weights, offset], lr=3e-3, weight_decay=1e-2)
    held = rows[::10]
    rows = [r for i, r in enumerate(rows) if i % 10]
    def loss_of(row):
        ema, age, valid, label = row
        asked = label >= 0
        score = network(weights, ema, age, valid)
        return F.binary_cross_entropy_with_logits((score.mean(0) * 4 + offset)[asked], label[asked])

    def known(row):
        """Loss of somebody who knows how many tokens are needed, not which."""
        label = row[3][row[3] >= 0]
        return F.binary_cross_entropy(torch.full_like(label, rate), label)

    alone = float(np.mean([float(known(r)) for r in held]))
    began, order, seen, best = time.time(), np.random.default_rng(args.seed), 0, (np.inf, None)
    total = args.minutes * 60
    while time.time() - began < total:
        share = (time.time() - began) / total
        for group in optimizer.param_groups:
            group['lr'] = 3e-3 * (1 - share)
        optimizer.zero_grad()
        for i in order.choice(len(rows), 4):
            (loss_of(rows[i]) / 4).backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        seen += 4
        if seen % 200 == 0:
            with torch.no_grad():
                now = float(np.mean([float(loss_of(r)) for r in held]))
            best = min(best, (now, [w.detach().clone() for w in weights]), key=lambda b: b[0])
            print(f'{seen} readings, held-out loss {now:.4f} (rate alone {alone:.4f})', flush=True)
    weights = best[1] or [w.detach() for w in weights]
    with torch.no_grad():
        scores = torch.cat([network(weights, *r[:3])[r[2] > 0] for r in held])
        weights[5] -= torch.quantile(scores[::max(1, len(scores) // 500_000)], 1 - args.keep)
    flat = [round(float(v), 6) for w in weights for v in w.flatten()]
    start = float(fitness.evaluate(0, 'validation', 0, [flat])[0])
    print(f'validation fitness {start:.4f}', flush=True)
    write(args.out, json.dumps({'weights': flat, **statistics, 'threshold': 0,
                                'evolution': {'imitation': {'readings': seen, 'heldOutLoss': best[0], 'validationFitness': start, 'seed': args.seed}}}) + '\n')
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
