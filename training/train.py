"""Knows how the base model is trained: packs the corpus, runs the schedule, keeps resumable checkpoints.

    python train.py pack  --corpus DIR --tokenizer tokenizer.json           (DIR/train.bin, DIR/validation.bin)
    python train.py run   --corpus DIR --out RUN --minutes 60 [--start 0 --end 1]
    python train.py probe --corpus DIR --out RUN                            (loss by position, with and without context)

The schedule is laid over *time*, so that a run ends where it was told to on any machine; --start and --end name the
part of the schedule that this run covers, and a run resumes RUN/checkpoint.pt when it is there.
"""
import argparse
import json
import math
import os
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from export import read_back
from fused import head_loss
from model import SIZES, Config, Decoder
from muon import Muon

FILE, END = 1, 0
CONTEXTS = (0.0, 512), (0.2, 1024), (0.75, 2048)   # from which share of the run: a model trained on short ones learns late to look back
LONG = CONTEXTS[-1][1]
MICRO_TOKENS = 4096
MUON_LR, ADAM_LR = 0.02, 0.004
REPEATED = (8, 64)          # tokens of a stretch that comes again, and of what stands between two
REPEATS_UNTIL = 0.6         # of the run: it ends on text as people write it
HASH_COMMENTS = ('.py', '.rb', '.sh')
CODE = (*HASH_COMMENTS, '.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.go', '.rs', '.java', '.c', '.h', '.cc', '.cpp', '.hpp', '.cs', '.kt', '.swift', '.php')


def indent_of(line):
    return line[:len(line) - len(line.lstrip())]


def with_holes(text, path, rng):
    """The text as a reader of compressed code sees it: runs of lines gone, the first lost line's number and `…` where code was."""
    prefix = '#' if path.endswith(HASH_COMMENTS) else '//'
    kept_share = rng.uniform(0.15, 0.8)
    lines = text.split('\n')
    out, at = [], 0
    while at < len(lines):
        keep = 1 + int(rng.expovariate(kept_share / 6))
        out += lines[at:at + keep]
        at += keep
        gone = lines[at:at + 1 + int(rng.expovariate(1 / 6) * (1 - kept_share) / kept_share)]
        code = [line for line in gone if line.strip() and not line.lstrip().startswith((prefix, '*', '/*'))]
        if code:
            solid = lambda rest: next((indent_of(line) for line in rest if line.strip()), '')
            own, before, behind = indent_of(gone[0]), solid(lines[at - 1::-1]), solid(lines[at + len(gone):])
            sure = not path.endswith('.py') or (own == behind and own.startswith(before))  # as src/text/holes.ts
            out.append(f'{"" if sure else own}{prefix}{at + 1}…')
        at += len(gone)
    return '\n'.join(out)


def pack(corpus, tokenizer, holes_share):
    """
    Documents as uint16 ids; a document is <|file|> path newline text; files of a directory stay neighbours.
    A share of the code files that are trained on has holes, so that a model which reads compressed text knows what they are.
    A model that shall write what comes next, and no holes, is packed without.
    """
    tok = Tokenizer.from_file(str(tokenizer))
    rng = random.Random(11)
    for split in ('train', 'validation'):
        groups, ids = {}, []
        for row in open(corpus / f'{split}.jsonl'):
            d = json.loads(row)
            groups.setdefault((d['repo'], os.path.dirname(d['path'])), []).append(d)
        order = sorted(groups)
        random.Random(7).shuffle(order)
        for key in order:
            holes = [split == 'train' and d['path'].endswith(CODE) and rng.random() < holes_share for d in groups[key]]
            texts = [f"{d['path']}\n{with_holes(d['text'], d['path'], rng) if h else d['text']}" for d, h in zip(groups[key], holes)]
            for encoded in tok.encode_batch(texts):
                ids.append(np.array([FILE] + encoded.ids, np.uint16))
        flat = np.concatenate(ids)
        flat.tofile(corpus / f'{split}.bin')
        print(split, len(ids), 'documents', f'{flat.size / 1e6:.1f} M tokens', flush=True)


class Batches:
    """Random windows of the packed ids; the state is one generator."""

    def __init__(self, path, seed):
        self.ids = np.memmap(path, np.uint16, 'r')
        self.rng = np.random.default_rng(seed)

    def next(self, context, repeats=0.0):
        """-> ids [B, context + 1] with B * context = MICRO_TOKENS; in a share of the rows much comes a second time."""
        starts = self.rng.integers(0, len(self.ids) - context - 1, MICRO_TOKENS // context)
        rows = np.stack([self.ids[s:s + context + 1] for s in starts]).astype(np.int64)
        for row in rows:
            if repeats and self.rng.random() < repeats:
                self.repeat(row)
        return torch.from_numpy(rows)

    def repeat(self, row):
        """Stretches of the row again, further on in it: what a small model needs to see to learn early that looking back pays."""
        at = len(row) // 8
        while at < len(row):
            size = min(int(self.rng.integers(*REPEATED)), len(row) - at)
            since = int(self.rng.integers(0, at - size + 1)) if at > size else 0
            size = min(size, at)
            row[at:at + size] = row[since:since + size]
            at += size + int(self.rng.integers(*REPEATED))


def loss_of(model, batch):
    logits = model(batch[:, :-1])
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), batch[:, 1:].reshape(-1))


@torch.no_grad()
def held_out(model, path, context=1024, windows=24):
    """Mean loss in nats per token over fixed windows of held-out repositories."""
    ids = np.memmap(path, np.uint16, 'r')
    starts = np.linspace(0, len(ids) - context - 2, windows).astype(int)
    total = 0.0
    for i in range(0, windows, 4):
        batch = torch.from_numpy(np.stack([ids[s:s + context + 1] for s in starts[i:i + 4]]).astype(np.int64))
        total += float(loss_of(model, batch)) * len(batch)
    return total / windows


def optimizers(model):
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and 'embedding' not in n]
    rest = [p for n, p in model.named_parameters() if p.ndim != 2 or 'embedding' in n]
    muon = Muon(matrices, lr=MUON_LR)
    adam = torch.optim.AdamW(rest, lr=ADAM_LR, betas=(0.9, 0.95), weight_decay=0.0)
    return muon, adam


def rate(progress, step):
    """Share of the peak rate: 30 warm-up steps, constant to 40 % of the run, then linear to 2 %."""
    warm = min(1.0, (step + 1) / 30)
    return warm * (1.0 if progress < 0.4 else max(0.02, 1 - (progress - 0.4) / 0.6 * 0.98))


def run(args):
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    out = args.out
    out.mkdir(parents=True, exist_ok=True)
    dtype = getattr(torch, args.precision)
    model = Decoder(SIZES[args.size])
    muon, adam = optimizers(model)
    batches = Batches(args.corpus / 'train.bin', args.seed)
    state = {'step': 0, 'tokens': 0, 'minutes': 0.0, 'curve': []}
    checkpoint = out / 'checkpoint.pt'
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False)
        model.load_state_dict(saved['model'])
        muon.load_state_dict(saved['muon'])
        adam.load_state_dict(saved['adam'])
        batches.rng.bit_generator.state = saved['rng']
        state = saved['state']
    elif args.base:
        model.load_state_dict(read_back(args.base)[1])
        training = json.loads((args.base / 'manifest.json').read_text())['training']
        state.update(tokens=training['tokens'], minutes=training['minutes'])
    else:
        print(f'{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters', flush=True)

    def save():
        state.update(seed=args.seed, size=args.size, config=model.config.as_dict())
        torch.save({'model': model.state_dict(), 'muon': muon.state_dict(), 'adam': adam.state_dict(),
                    'rng': batches.rng.bit_generator.state, 'state': state}, f'{checkpoint}.tmp')
        os.replace(f'{checkpoint}.tmp', checkpoint)

    began, saved_at, shown = time.time(), time.time(), None
    done_before, started_at = state['minutes'], state['tokens']
    while True:
        share = (time.time() - began) / 60 / args.minutes
        if share >= 1:
            break
        progress = args.start + (args.end - args.start) * share
        context = [size for since, size in CONTEXTS if progress >= since][-1]
        state['context'] = max(state.get('context', 0), context)
        scale = rate(progress, state['step'])
        for group in muon.param_groups:
            group['lr'] = MUON_LR * scale
            group['momentum'] = min(0.95, 0.85 + 0.1 * state['step'] / 300)
        for group in adam.param_groups:
            group['lr'] = ADAM_LR * scale
        parts = args.step_tokens // MICRO_TOKENS
        total = 0.0
        for _ in range(parts):
            batch = batches.next(context, args.repeats if progress < REPEATS_UNTIL else 0.0)
            with torch.autocast('cpu', torch.bfloat16, enabled=dtype == torch.bfloat16):
                hidden = model.hidden(batch[:, :-1]).reshape(-1, model.config.d_model)
            loss = head_loss(hidden, model.embedding.weight, batch[:, 1:].reshape(-1), slice_tokens=512, dtype=dtype) / parts
            loss.backward()
            total += float(loss.detach())
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        state['step'] += 1
        state['tokens'] += parts * MICRO_TOKENS
        state['minutes'] = done_before + (time.time() - began) / 60
        shown = total if shown is None else 0.95 * shown + 0.05 * total
        if state['step'] % 20 == 0:
            speed = (state['tokens'] - started_at) / (time.time() - began)
            print(f"step {state['step']} {state['tokens'] / 1e6:.2f}M tokens, {progress:.2f} of the run, context {context}, "
                  f'loss {shown:.3f}, {speed:.0f} tokens/s', flush=True)
        if time.time() - saved_at > 240:
            state['curve'].append([state['tokens'], round(held_out(model, args.corpus / 'validation.bin'), 4)])
            print('held out', state['curve'][-1], flush=True)
            save()
            saved_at = time.time()
    state['heldOutLoss'] = round(held_out(model, args.corpus / 'validation.bin', windows=48), 4)
    state['curve'].append([state['tokens'], state['heldOutLoss']])
    save()
    print('done', state['tokens'], 'tokens, held out', state['heldOutLoss'], flush=True)


@torch.no_grad()
def probe(args):
    """Prints held-out loss by position, and what the context brings to the last 256 tokens of a trained length."""
    torch.set_num_threads(args.threads)
    saved = torch.load(args.out / 'checkpoint.pt', weights_only=False)
    model = Decoder(Config(**saved['state']['config']))
    model.load_state_dict(saved['model'])
    ids = np.memmap(args.corpus / 'validation.bin', np.uint16, 'r')
    length = saved['state'].get('context', 1024)
    before = length - 256
    starts = np.linspace(0, len(ids) - length - 2, 48).astype(int)
    losses, short = [], []
    for s in starts:
        row = torch.from_numpy(ids[s:s + length + 1].astype(np.int64))[None]
        losses.append(F.cross_entropy(model(row[:, :-1])[0], row[0, 1:], reduction='none').numpy())
        tail = row[:, before:length + 1]
        short.append(F.cross_entropy(model(tail[:, :-1])[0], tail[0, 1:], reduction='none').numpy())
    by = np.stack(losses).mean(0)
    edges = [e for e in (0, 64, 256, 512, 768, 1024, 1536, 2048) if e <= length]
    result = {'byPosition': {f'{a}-{b}': round(float(by[a:b].mean()), 3) for a, b in zip(edges, edges[1:])},
              'context': before,
              'afterContext': round(float(by[before:].mean()), 3),
              'sameTokensWithoutContext': round(float(np.stack(short).mean()), 3)}
    assert math.isfinite(result['afterContext'])
    saved['state']['probe'] = result
    torch.save(saved, args.out / 'checkpoint.pt')
    print(json.dumps(result, indent=1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('command', choices=['pack', 'run', 'probe'])
    parser.add_argument('--corpus', required=True, type=Path)
    parser.add_argument('--tokenizer', type=Path)
    parser.add_argument('--out', type=Path)
    parser.add_argument('--base', type=Path, help='model folder to go on from when there is no checkpoint; its tokenizer must have packed the corpus')
    parser.add_argument('--holes', type=float, default=0.15, help='pack: share of the code files that get holes')
    parser.add_argument('--repeats', type=float, default=0.0, help='run: share of the windows in which stretches come again, in the first part of the schedule')
    parser.add_argument('--size', choices=list(SIZES), default='base')
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--step-tokens', type=int, default=12288, help=f'between two steps of the optimiser; a multiple of {MICRO_TOKENS}')
    parser.add_argument('--start', type=float, default=0.0)
    parser.add_argument('--end', type=float, default=1.0)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--seed', type=int, default=1337)
    parser.add_argument('--precision', choices=['float32', 'bfloat16'], default='float32',
                        help='of matrix products; bfloat16 pays on a CPU with bfloat16 units')
    args = parser.parse_args()
    if args.command == 'pack':
        pack(args.corpus, args.tokenizer, args.holes)
    else:
        {'run': run, 'probe': probe}[args.command](args)


if __name__ == '__main__':
    main()
