"""Knows how the base model is trained: packs the corpus, runs the schedule, keeps resumable checkpoints.

    python train.py pack  --corpus DIR --tokenizer tokenizer.json           (DIR/train.bin, DIR/validation.bin)
    python train.py run   --corpus DIR --out RUN --minutes 60 [--start 0 --end 1]
    python train.py merge --corpus DIR --out RUN --runs A B --tokenizer …   (the mean of the weights of two ends of one run)
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

import forecast
from fused import head_loss
from model import SIZES, Config, Decoder
from muon import Muon

FILE, END = 1, 0
# From which share of the run: a model trained on short ones learns late to look back, but on a CPU long ones cost too much.
CONTEXTS = {'cpu': ((0.0, 512), (0.2, 1024), (0.75, 2048)), 'cuda': ((0.0, 2048), (0.8, 4096))}
MICRO_TOKENS = {'cpu': 4096, 'cuda': 65536}
SAVE_EVERY = {'cpu': 240, 'cuda': 100}  # seconds
FORECAST_SINCE = 0.15  # of the run: before that nobody knows what a context saves
MUON_LR, ADAM_LR = 0.02, 0.004
REPEATED = (8, 64)  # tokens of a stretch that comes again, and of what stands between two
REPEATS_UNTIL = 0.6  # of the run: it ends on text as people write it
HASH_COMMENTS = ('.py', '.rb', '.sh')
CODE = (
    *HASH_COMMENTS,
    '.ts',
    '.tsx',
    '.js',
    '.jsx',
    '.mjs',
    '.cjs',
    '.go',
    '.rs',
    '.java',
    '.c',
    '.h',
    '.cc',
    '.cpp',
    '.hpp',
    '.cs',
    '.kt',
    '.swift',
    '.php',
)


def indent_of(line):
    return line[: len(line) - len(line.lstrip())]


def with_holes(text, path, rng):
    """The text as a reader of compressed code sees it: runs of lines gone, the first lost line's number and `…` where code was."""
    prefix = '#' if path.endswith(HASH_COMMENTS) else '//'
    kept_share = rng.uniform(0.15, 0.8)
    lines = text.split('\n')
    out, at = [], 0
    while at < len(lines):
        keep = 1 + int(rng.expovariate(kept_share / 6))
        out += lines[at : at + keep]
        at += keep
        gone = lines[at : at + 1 + int(rng.expovariate(1 / 6) * (1 - kept_share) / kept_share)]
        code = [line for line in gone if line.strip() and not line.lstrip().startswith((prefix, '*', '/*'))]
        if code:
            solid = lambda rest: next((indent_of(line) for line in rest if line.strip()), '')
            own, before, behind = indent_of(gone[0]), solid(lines[at - 1 :: -1]), solid(lines[at + len(gone) :])
            sure = not path.endswith('.py') or (own == behind and own.startswith(before))  # as src/cut/holes.ts
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
            texts = [
                f'{d["path"]}\n{with_holes(d["text"], d["path"], rng) if h else d["text"]}'
                for d, h in zip(groups[key], holes)
            ]
            for encoded in tok.encode_batch(texts):
                ids.append(np.array([FILE] + encoded.ids, np.uint16))
        flat = np.concatenate(ids)
        flat.tofile(corpus / f'{split}.bin')
        print(split, len(ids), 'documents', f'{flat.size / 1e6:.1f} M tokens', flush=True)


class Batches:
    """Random windows of the packed ids; the state is one generator."""

    def __init__(self, path, seed, tokens):
        self.ids = np.memmap(path, np.uint16, 'r')
        self.rng = np.random.default_rng(seed)
        self.tokens = tokens

    def next(self, context, repeats=0.0):
        """-> ids [B, context + 1] with B * context = tokens; in a share of the rows much comes a second time."""
        starts = self.rng.integers(0, len(self.ids) - context - 1, self.tokens // context)
        rows = np.stack([self.ids[s : s + context + 1] for s in starts]).astype(np.int64)
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
            row[at : at + size] = row[since : since + size]
            at += size + int(self.rng.integers(*REPEATED))


class Objective:
    """What a batch costs a model: the next token and, where it has a forecast, what became of a context. Compiled where there is a GPU."""

    def __init__(self, model, words, dtype, fast=False):
        self.model, self.words, self.dtype, self.fast = model, words, dtype, fast
        self.device = model.embedding.weight.device
        self.blocks = [torch.compile(b, dynamic=False) for b in model.blocks] if fast else None
        self.head = torch.compile(costs, dynamic=False) if fast else costs

    def autocast(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.dtype == torch.bfloat16)

    def next_token(self, batch):
        """-> mean loss in nats"""
        with self.autocast():
            states = self.model.hidden(batch[:, :-1], self.blocks)
            if self.fast:
                return self.head(states, self.model.embedding.weight, batch[:, 1:]).mean()
        return head_loss(
            states.reshape(-1, states.shape[-1]),
            self.model.embedding.weight,
            batch[:, 1:].reshape(-1),
            slice_tokens=512,
            dtype=self.dtype,
        )

    def both(self, batch, rng):
        """-> mean loss of the next token, of words, of pairs, and (odds, again, named) for who wants to judge them"""
        split, start, follows = (
            torch.from_numpy(a).to(self.device) for a in forecast.parted(len(batch), batch.shape[1] - 1, rng)
        )
        with self.autocast():
            states, middle = self.model.states(batch[:, :-1], self.blocks)
            cost = self.head(states, self.model.embedding.weight, batch[:, 1:])
            with torch.no_grad():
                target = forecast.targets_alone(batch, start)
                alone = costs(self.model.hidden(target[:, :-1]), self.model.embedding.weight, target[:, 1:])
            parts = self.model.forecast(states, middle)
        words = self.words.of(batch)
        context, again, saved = forecast.outcome(batch, words, split, start, cost.detach(), alone)
        at = torch.arange(context.shape[1], device=self.device)
        here = (at < split[:, None]) & (at >= split[:, None] - forecast.PLACE) & follows[:, None]
        odds = self.model.forecast.odds(parts, context.float(), here.float())
        word, pair = forecast.losses(odds, context, words[:, :-1], again, saved)
        return cost.mean(), word, pair, (odds[..., 0], again, context & (words[:, :-1] != 0))


def costs(states, table, targets):
    """states [B, T, d_model], targets [B, T] -> nats of every token [B, T]"""
    logits = F.linear(states, table.to(states.dtype))
    return F.cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), reduction='none').view(targets.shape)


@torch.no_grad()
def held_out(model, path, context=1024, windows=24):
    """Mean loss in nats per token over fixed windows of held-out repositories."""
    ids = np.memmap(path, np.uint16, 'r')
    starts = np.linspace(0, len(ids) - context - 2, windows).astype(int)
    total = 0.0
    for i in range(0, windows, 4):
        batch = torch.from_numpy(np.stack([ids[s : s + context + 1] for s in starts[i : i + 4]]).astype(np.int64)).to(
            model.embedding.weight.device
        )
        total += float(costs(model.hidden(batch[:, :-1]), model.embedding.weight, batch[:, 1:]).mean()) * len(batch)
    return total / windows


@torch.no_grad()
def foretold(model, words, dtype, path, context=2048, windows=48):
    """How well the forecast does on held-out repositories: share of pairs of names told apart, losses of words and pairs."""
    objective = Objective(model, words, dtype)
    ids, rng = np.memmap(path, np.uint16, 'r'), np.random.default_rng(1)
    starts = np.linspace(0, len(ids) - context - 2, windows).astype(int)
    seen, sums = [], np.zeros(2)
    for i in range(0, windows, 4):
        batch = torch.from_numpy(np.stack([ids[s : s + context + 1] for s in starts[i : i + 4]]).astype(np.int64)).to(
            objective.device
        )
        _, word, pair, judged = objective.both(batch, rng)
        seen += zip(*judged)
        sums += float(word), float(pair)
    told = [forecast.ahead(*s) for s in seen if 0 < int(s[1][s[2]].sum()) < int(s[2].sum())]
    return {
        'toldApart': round(sum(told) / len(told), 4),
        'words': round(float(sums[0]) * 4 / windows, 4),
        'pairs': round(float(sums[1]) * 4 / windows, 4),
    }


def optimizers(model):
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and 'embedding' not in n]
    rest = [p for n, p in model.named_parameters() if p.ndim != 2 or 'embedding' in n]
    muon = Muon(matrices, lr=MUON_LR)
    adam = torch.optim.AdamW(
        rest, lr=ADAM_LR, betas=(0.9, 0.95), weight_decay=0.0, fused=model.embedding.weight.is_cuda
    )
    return muon, adam


def rate(progress, step):
    """Share of the peak rate: 30 warm-up steps, constant to 40 % of the run, then linear to 2 %."""
    warm = min(1.0, (step + 1) / 30)
    return warm * (1.0 if progress < 0.4 else max(0.02, 1 - (progress - 0.4) / 0.6 * 0.98))


def run(args):
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    torch.set_float32_matmul_precision('high')
    out = args.out
    out.mkdir(parents=True, exist_ok=True)
    model = Decoder(SIZES[args.size]).to(args.device)
    muon, adam = optimizers(model)
    micro = MICRO_TOKENS[args.device]
    batches = Batches(args.corpus / 'train.bin', args.seed, micro)
    words = forecast.Words(Tokenizer.from_file(str(args.tokenizer)), args.device) if model.config.forecast else None
    dtype = getattr(torch, args.precision)
    objective = Objective(model, words, dtype, fast=args.device == 'cuda')
    state = {'step': 0, 'tokens': 0, 'minutes': 0.0, 'curve': []}
    checkpoint = out / 'checkpoint.pt'
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False, map_location=args.device)
        model.load_state_dict(saved['model'])
        muon.load_state_dict(saved['muon'])
        adam.load_state_dict(saved['adam'])
        batches.rng.bit_generator.state = saved['rng']
        state = saved['state']
    elif args.base:
        from export import read_back  # wants onnx, which training itself does not

        model.load_state_dict(read_back(args.base)[1])
        training = json.loads((args.base / 'manifest.json').read_text())['training']
        state.update(tokens=training['tokens'], minutes=training['minutes'])
    else:
        print(f'{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters', flush=True)

    def save():
        state.setdefault('seed', args.seed)  # a run that goes on keeps its generator, and so its seed
        state.update(size=args.size, config=model.config.as_dict(), device=args.device)
        torch.save(
            {
                'model': model.state_dict(),
                'muon': muon.state_dict(),
                'adam': adam.state_dict(),
                'rng': batches.rng.bit_generator.state,
                'state': state,
            },
            f'{checkpoint}.tmp',
        )
        os.replace(f'{checkpoint}.tmp', checkpoint)

    began, saved_at, shown_at = time.time(), time.time(), time.time()
    done_before, started_at = state['minutes'], state['tokens']
    parts = max(1, args.step_tokens // micro)
    totals, since = torch.zeros(3, device=args.device), 0
    while True:
        share = (time.time() - began) / 60 / args.minutes
        if share >= 1:
            break
        progress = args.start + (args.end - args.start) * share
        context = [size for at, size in CONTEXTS[args.device] if progress >= at][-1]
        state['context'] = max(state.get('context', 0), context)
        scale = rate(progress, state['step'])
        for group in muon.param_groups:
            group['lr'] = MUON_LR * scale
            group['momentum'] = min(0.95, 0.85 + 0.1 * state['step'] / 300)
        for group in adam.param_groups:
            group['lr'] = ADAM_LR * scale
        foretells = words is not None and progress >= FORECAST_SINCE
        for _ in range(parts):
            batch = batches.next(context, args.repeats if progress < REPEATS_UNTIL else 0.0).to(
                args.device, non_blocking=True
            )
            if foretells:
                token, word, pair, _ = objective.both(batch, batches.rng)
            else:
                token, word, pair = objective.next_token(batch), totals[1] * 0, totals[2] * 0
            ((token + forecast.WORD_WEIGHT * word + forecast.PAIR_WEIGHT * pair) / parts).backward()
            totals += torch.stack([token, word, pair]).detach() / parts
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        since += 1
        state['step'] += 1
        state['tokens'] += parts * micro
        if args.device == 'cuda' and state['step'] % 8 == 0:
            torch.cuda.synchronize()  # the schedule follows the clock
        state['minutes'] = done_before + (time.time() - began) / 60
        if time.time() - shown_at > 15 or state['step'] == 1:
            speed = (state['tokens'] - started_at) / (time.time() - began)
            means = ', '.join(f'{m:.3f}' for m in (totals / since).tolist())
            print(
                f'step {state["step"]} {state["tokens"] / 1e6:.2f}M tokens, {progress:.2f} of the run, context {context}, '
                f'loss {means} (token, words, pairs), {speed:.0f} tokens/s',
                flush=True,
            )
            totals, since, shown_at = torch.zeros_like(totals), 0, time.time()
        if time.time() - saved_at > SAVE_EVERY[args.device]:
            state['curve'].append([state['tokens'], round(held_out(model, args.corpus / 'validation.bin'), 4)])
            print('held out', state['curve'][-1], flush=True)
            save()
            saved_at = time.time()
    state['heldOutLoss'] = round(held_out(model, args.corpus / 'validation.bin', windows=48), 4)
    state['curve'].append([state['tokens'], state['heldOutLoss']])
    if words:
        state['forecast'] = foretold(model, words, dtype, args.corpus / 'validation.bin')
    save()
    print('done', state['tokens'], 'tokens, held out', state['heldOutLoss'], state.get('forecast', ''), flush=True)


def merge(args):
    """RUN: the mean of the weights of runs that went on from one another; what is said of it is that of the last."""
    torch.set_num_threads(args.threads)
    runs = [torch.load(r / 'checkpoint.pt', weights_only=False, map_location='cpu') for r in args.runs]
    state = {**runs[-1]['state'], 'meanOf': [r['state']['heldOutLoss'] for r in runs]}
    model = Decoder(Config(**state['config']))
    model.load_state_dict({n: sum(r['model'][n].float() for r in runs) / len(runs) for n in runs[0]['model']})
    words = forecast.Words(Tokenizer.from_file(str(args.tokenizer))) if model.config.forecast else None
    state['heldOutLoss'] = round(held_out(model, args.corpus / 'validation.bin', windows=48), 4)
    if words:
        state['forecast'] = foretold(model, words, torch.float32, args.corpus / 'validation.bin')
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save({'model': model.state_dict(), 'state': state}, args.out / 'checkpoint.pt')
    print(
        'held out',
        [r['state']['heldOutLoss'] for r in runs],
        '->',
        state['heldOutLoss'],
        state.get('forecast', ''),
        flush=True,
    )


@torch.no_grad()
def probe(args):
    """Prints held-out loss by position, and what the context brings to the last 256 tokens of a trained length."""
    torch.set_num_threads(args.threads)
    saved = torch.load(args.out / 'checkpoint.pt', weights_only=False, map_location='cpu')
    model = Decoder(Config(**saved['state']['config']))
    model.load_state_dict(saved['model'])
    ids = np.memmap(args.corpus / 'validation.bin', np.uint16, 'r')
    length = saved['state'].get('context', 1024)
    before = length - 256
    starts = np.linspace(0, len(ids) - length - 2, 48).astype(int)
    losses, short = [], []
    for s in starts:
        row = torch.from_numpy(ids[s : s + length + 1].astype(np.int64))[None]
        losses.append(F.cross_entropy(model(row[:, :-1])[0], row[0, 1:], reduction='none').numpy())
        tail = row[:, before : length + 1]
        short.append(F.cross_entropy(model(tail[:, :-1])[0], tail[0, 1:], reduction='none').numpy())
    by = np.stack(losses).mean(0)
    edges = [e for e in (0, 64, 256, 512, 768, 1024, 1536, 2048, 3072, 4096) if e <= length]
    result = {
        'byPosition': {f'{a}-{b}': round(float(by[a:b].mean()), 3) for a, b in zip(edges, edges[1:])},
        'context': before,
        'afterContext': round(float(by[before:].mean()), 3),
        'sameTokensWithoutContext': round(float(np.stack(short).mean()), 3),
    }
    assert math.isfinite(result['afterContext'])
    saved['state']['probe'] = result
    torch.save(saved, args.out / 'checkpoint.pt')
    print(json.dumps(result, indent=1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('command', choices=['pack', 'run', 'merge', 'probe'])
    parser.add_argument('--corpus', required=True, type=Path)
    parser.add_argument('--tokenizer', type=Path)
    parser.add_argument('--out', type=Path)
    parser.add_argument('--runs', type=Path, nargs='+', help='merge: the runs')
    parser.add_argument(
        '--base',
        type=Path,
        help='model folder to go on from when there is no checkpoint; its tokenizer must have packed the corpus',
    )
    parser.add_argument('--holes', type=float, default=0.15, help='pack: share of the code files that get holes')
    parser.add_argument(
        '--repeats',
        type=float,
        default=0.0,
        help='run: share of the windows in which stretches come again, in the first part of the schedule',
    )
    parser.add_argument('--size', choices=list(SIZES), default='base')
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument(
        '--step-tokens',
        type=int,
        default=12288,
        help='between two steps of the optimiser; a multiple of the micro-batch',
    )
    parser.add_argument('--device', choices=['cpu', 'cuda'], default='cpu')
    parser.add_argument('--start', type=float, default=0.0)
    parser.add_argument('--end', type=float, default=1.0)
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--seed', type=int, default=1337)
    parser.add_argument(
        '--precision',
        choices=['float32', 'bfloat16'],
        default='float32',
        help='of matrix products; bfloat16 pays on a CPU with bfloat16 units',
    )
    args = parser.parse_args()
    if args.command == 'pack':
        pack(args.corpus, args.tokenizer, args.holes)
    else:
        if args.command == 'run' and SIZES[args.size].forecast and not args.tokenizer:
            parser.error(f'--size {args.size} needs --tokenizer: its forecast learns about words')
        {'run': run, 'merge': merge, 'probe': probe}[args.command](args)


if __name__ == '__main__':
    main()
