"""Trains the base model: packs the corpus, runs the schedule, keeps checkpoints from which a run resumes.

    python train.py pack  --corpus DIR --tokenizer tokenizer.json           (DIR/train.bin, DIR/validation.bin)
    python train.py run   --corpus DIR --out RUN --minutes 60 [--start 0 --end 1]   (or --steps 500)
    python train.py merge --corpus DIR --out RUN --runs A B --tokenizer …   (mean of the weights of two ends of a run)
    python train.py probe --corpus DIR --out RUN                            (loss by position, with and without context)

The schedule follows the clock, so that a run ends after the given time on any machine; with --steps it follows the
steps, so that a run learns the same on any machine. --start and --end name the part of the schedule that this run
covers. A run resumes RUN/checkpoint.pt if it exists.

Shapes: B batch, T tokens. Losses are in nats per token.
"""

import argparse
import json
import math
import os
import random
import time
from argparse import Namespace
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

import forecast
from fused import head_loss
from model import SIZES, Config, Decoder
from muon import Muon
from roc_auc import mean_roc_auc

FILE = 1  # id of <|file|>
# (from this share of the run, tokens of a window). A model trained on short windows learns late to look back, but on a
# CPU long ones cost too much.
CONTEXTS = {'cpu': ((0.0, 512), (0.2, 1024), (0.75, 2048)), 'cuda': ((0.0, 2048), (0.8, 4096))}
MICRO_TOKENS = {'cpu': 4096, 'cuda': 65536}  # of one forward pass
SAVE_EVERY = {'cpu': 240, 'cuda': 100}  # seconds
WINDOWS = 48  # of held-out repositories, by which a model is judged
FORECAST_SINCE = 0.15  # of the run: before that the model cannot tell what a context saves
MUON_LR, ADAM_LR = 0.02, 0.004
REPEATED = (8, 64)  # tokens of a repeated stretch, and of the gap between two
REPEATS_UNTIL = 0.6  # of the run: its end sees text as people write it
HASH_COMMENTS = ('.py', '.rb', '.sh')
CODE = tuple('.py .rb .sh .ts .tsx .js .jsx .mjs .cjs .go .rs .java .c .h .cc .cpp .hpp .cs .kt .swift .php'.split())


def indent_of(line: str) -> str:
    """The white space that the line starts with."""
    return line[: len(line) - len(line.lstrip())]


def first_indent(lines: list[str]) -> str:
    """Indentation of the first line that is not blank."""
    return next((indent_of(line) for line in lines if line.strip()), '')


def with_holes(text: str, path: str, rng: random.Random) -> str:
    """The text as it looks after compression: runs of lines are gone, a marker stands where code was.

    A marker is a comment with the number of the first lost line and `…`, such as `//120…`.
    """
    prefix = '#' if path.endswith(HASH_COMMENTS) else '//'
    kept_share = rng.uniform(0.15, 0.8)
    lines = text.split('\n')
    out, at = [], 0
    while at < len(lines):
        keep = 1 + int(rng.expovariate(kept_share / 6))
        out += lines[at : at + keep]
        at += keep
        gone = lines[at : at + 1 + int(rng.expovariate(1 / 6) * (1 - kept_share) / kept_share)]
        if any(line.strip() and not line.lstrip().startswith((prefix, '*', '/*')) for line in gone):
            own, before, after = (
                indent_of(gone[0]),
                first_indent(lines[at - 1 :: -1]),
                first_indent(lines[at + len(gone) :]),
            )
            # As in the product: a marker is indented only if indentation is syntax and the lines around leave it open.
            at_margin = not path.endswith('.py') or (own == after and own.startswith(before))
            out.append(f'{"" if at_margin else own}{prefix}{at + 1}…')
        at += len(gone)
    return '\n'.join(out)


def pack(corpus: Path, tokenizer: Path, holes_share: float) -> None:
    """Writes the documents of a corpus as uint16 ids: `<|file|>`, path, line break, text.

    Files of a directory stay neighbours. A share of the code files that are trained on gets holes, so that a model that
    reads compressed text knows what they are. A model that is to write code, not markers, is packed without holes.
    """
    tok = Tokenizer.from_file(str(tokenizer))
    rng = random.Random(11)
    for split in ('train', 'validation'):
        groups: dict[tuple[str, str], list[dict[str, str]]] = {}
        with open(corpus / f'{split}.jsonl') as rows:
            for d in map(json.loads, rows):
                groups.setdefault((d['repo'], os.path.dirname(d['path'])), []).append(d)
        order = sorted(groups)
        random.Random(7).shuffle(order)
        ids = []
        for key in order:
            holes = [split == 'train' and d['path'].endswith(CODE) and rng.random() < holes_share for d in groups[key]]
            texts = [
                f'{d["path"]}\n{with_holes(d["text"], d["path"], rng) if has_holes else d["text"]}'
                for d, has_holes in zip(groups[key], holes, strict=True)
            ]
            ids += [np.array([FILE, *encoded.ids], np.uint16) for encoded in tok.encode_batch(texts)]
        flat = np.concatenate(ids)
        flat.tofile(corpus / f'{split}.bin')
        print(split, len(ids), 'documents', f'{flat.size / 1e6:.1f} M tokens', flush=True)


class Batches:
    """Random windows of the packed ids. Its only state is one generator."""

    def __init__(self, path: Path, seed: int, tokens: int) -> None:
        self.ids = np.memmap(path, np.uint16, 'r')
        self.rng = np.random.default_rng(seed)
        self.tokens = tokens

    def next(self, context: int, repeats: float = 0.0) -> Tensor:
        """-> ids [B, context + 1] with B * context = tokens. repeats: share of the rows that get repeated stretches."""
        starts = self.rng.integers(0, len(self.ids) - context - 1, self.tokens // context)
        rows = np.stack([self.ids[s : s + context + 1] for s in starts]).astype(np.int64)
        for row in rows:
            if repeats and self.rng.random() < repeats:
                self.repeat(row)
        return torch.from_numpy(rows)

    def repeat(self, row: np.ndarray) -> None:
        """Copies stretches of the row [T] further on in it, so that a small model learns early to look back."""
        at = len(row) // 8
        while at < len(row):
            size = min(int(self.rng.integers(*REPEATED)), len(row) - at)
            since = int(self.rng.integers(0, at - size + 1)) if at > size else 0
            size = min(size, at)
            row[at : at + size] = row[since : since + size]
            at += size + int(self.rng.integers(*REPEATED))


Judged = tuple[Tensor, Tensor, Tensor]


class Objective:
    """The losses of a batch: of the next token, and of the forecast if the model has one. Compiled on a GPU."""

    def __init__(self, model: Decoder, words: forecast.Words | None, dtype: torch.dtype, fast: bool = False) -> None:
        self.model, self.words, self.dtype, self.fast = model, words, dtype, fast
        self.device = model.embedding.weight.device
        self.blocks = [torch.compile(b, dynamic=False) for b in model.blocks] if fast else None
        self.head = torch.compile(costs, dynamic=False) if fast else costs

    def autocast(self) -> torch.autocast:
        """Matrix products in bfloat16, if that is the precision."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.dtype == torch.bfloat16)

    def next_token(self, batch: Tensor) -> Tensor:
        """batch [B, T + 1] ids -> mean loss."""
        with self.autocast():
            states = self.model.hidden(batch[:, :-1], self.blocks)
            if self.fast:
                return self.head(states, self.model.embedding.weight, batch[:, 1:]).mean()
        flat = states.reshape(-1, states.shape[-1])
        return head_loss(
            flat, self.model.embedding.weight, batch[:, 1:].reshape(-1), slice_tokens=512, dtype=self.dtype
        )

    def both(self, batch: Tensor, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor, Judged]:
        """batch [B, T + 1] ids -> mean losses of the next token, of words and of pairs, and what judges the forecast.

        The last is (log-odds of words, which of them the target repeats, which tokens end a name), [B, T] each.
        """
        assert self.words
        parts = forecast.split_windows(len(batch), batch.shape[1] - 1, rng)
        split, start, follows = (torch.from_numpy(a).to(self.device) for a in parts)
        with self.autocast():
            states, middle = self.model.states(batch[:, :-1], self.blocks)
            cost = self.head(states, self.model.embedding.weight, batch[:, 1:])
            with torch.no_grad():
                target = forecast.targets_alone(batch, start)
                alone = costs(self.model.hidden(target[:, :-1]), self.model.embedding.weight, target[:, 1:])
            predictions = self.model.forecast(states, middle)
        words = self.words.of(batch)
        context, repeated, saved = forecast.outcome(batch, words, split, start, cost.detach(), alone)
        at = torch.arange(context.shape[1], device=self.device)
        cursor = (at < split[:, None]) & (at >= split[:, None] - forecast.BEFORE_CURSOR) & follows[:, None]
        odds = self.model.forecast.odds(predictions, context.float(), cursor.float())
        word, pair = forecast.losses(odds, context, words[:, :-1], repeated, saved)
        return cost.mean(), word, pair, (odds[..., 0], repeated, context & (words[:, :-1] != 0))


def costs(states: Tensor, table: Tensor, targets: Tensor) -> Tensor:
    """states [B, T, d_model], table [vocab, d_model], targets [B, T] -> nats of every token [B, T]."""
    logits = F.linear(states, table.to(states.dtype))
    return F.cross_entropy(logits.flatten(0, 1).float(), targets.flatten(), reduction='none').view(targets.shape)


def windows_of(path: Path, context: int, windows: int, device: torch.device) -> Iterator[Tensor]:
    """Yields `windows` evenly spaced windows of the packed ids in batches [4, context + 1]."""
    ids = np.memmap(path, np.uint16, 'r')
    starts = np.linspace(0, len(ids) - context - 2, windows).astype(int)
    for i in range(0, windows, 4):
        rows = np.stack([ids[s : s + context + 1] for s in starts[i : i + 4]])
        yield torch.from_numpy(rows.astype(np.int64)).to(device)


@torch.no_grad()
def held_out(model: Decoder, path: Path, context: int = 1024, windows: int = 24) -> float:
    """Mean loss over fixed windows of held-out repositories."""
    table, total = model.embedding.weight, 0.0
    for batch in windows_of(path, context, windows, table.device):
        total += float(costs(model.hidden(batch[:, :-1]), table, batch[:, 1:]).mean()) * len(batch)
    return total / windows


@torch.no_grad()
def forecast_quality(
    model: Decoder, words: forecast.Words, dtype: torch.dtype, path: Path, context: int = 2048, windows: int = WINDOWS
) -> dict[str, float]:
    """Quality of the forecast on held-out repositories: ROC AUC of the repeated names, losses of words and of pairs."""
    objective = Objective(model, words, dtype)
    rng = np.random.default_rng(1)
    cases, sums = [], np.zeros(2)
    for batch in windows_of(path, context, windows, objective.device):
        _, word, pair, judged = objective.both(batch, rng)
        for odds, repeated, named in zip(*judged, strict=True):
            cases.append((odds[named].float().cpu().numpy(), repeated[named].cpu().numpy()))
        sums += float(word), float(pair)
    word_loss, pair_loss = (round(float(s) * 4 / windows, 4) for s in sums)
    return {'rocAuc': round(mean_roc_auc(cases), 4), 'words': word_loss, 'pairs': pair_loss}


def judge(
    state: dict[str, Any],
    model: Decoder,
    words: forecast.Words | None,
    dtype: torch.dtype,
    validation: Path,
    windows: int = WINDOWS,
) -> None:
    """Notes in the state what the model achieves on held-out repositories."""
    state['heldOutLoss'] = round(held_out(model, validation, windows=windows), 4)
    if words:
        state['forecast'] = forecast_quality(model, words, dtype, validation, windows=windows)


def optimizers(model: Decoder) -> tuple[Muon, torch.optim.AdamW]:
    """Muon for the matrices, Adam for the embedding and for what is no matrix."""
    matrices = [p for n, p in model.named_parameters() if p.ndim == 2 and 'embedding' not in n]
    rest = [p for n, p in model.named_parameters() if p.ndim != 2 or 'embedding' in n]
    fused = model.embedding.weight.is_cuda
    return Muon(matrices, lr=MUON_LR), torch.optim.AdamW(
        rest, lr=ADAM_LR, betas=(0.9, 0.95), weight_decay=0.0, fused=fused
    )


def rate(progress: float, step: int) -> float:
    """Share of the peak rate: 30 warm-up steps, constant to 40 % of the run, then linear to 2 %."""
    warm = min(1.0, (step + 1) / 30)
    return warm * (1.0 if progress < 0.4 else max(0.02, 1 - (progress - 0.4) / 0.6 * 0.98))


def set_rates(muon: Muon, adam: torch.optim.AdamW, progress: float, step: int) -> None:
    """Sets the learning rates, and Muon's momentum, which warms up over 300 steps."""
    scale = rate(progress, step)
    for group in muon.param_groups:
        group['lr'] = MUON_LR * scale
        group['momentum'] = min(0.95, 0.85 + 0.1 * step / 300)
    for group in adam.param_groups:
        group['lr'] = ADAM_LR * scale


def run(args: Namespace) -> None:
    """Trains for the given minutes or steps, from the checkpoint of the run, from exported weights or from random."""
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
    state: dict[str, Any] = {'step': 0, 'tokens': 0, 'minutes': 0.0, 'curve': []}
    checkpoint, validation = out / 'checkpoint.pt', args.corpus / 'validation.bin'
    if checkpoint.exists():
        saved = torch.load(checkpoint, weights_only=False, map_location=args.device)
        model.load_state_dict(saved['model'])
        muon.load_state_dict(saved['muon'])
        adam.load_state_dict(saved['adam'])
        batches.rng.bit_generator.state = saved['rng']
        state = saved['state']
    elif args.base:
        from export import read_back  # needs onnx, which training itself does not

        model.load_state_dict(read_back(args.base)[1])
        training = json.loads((args.base / 'manifest.json').read_text())['training']
        state.update(tokens=training['tokens'], minutes=training['minutes'])
    else:
        print(f'{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters', flush=True)

    def save() -> None:
        state.setdefault('seed', args.seed)  # a resumed run keeps its generator, and so its seed
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

    began = saved_at = shown_at = time.time()
    minutes_before, tokens_before, steps_before = state['minutes'], state['tokens'], state['step']

    def share_done() -> float:
        if args.steps:
            return (state['step'] - steps_before) / args.steps
        return (time.time() - began) / 60 / args.minutes

    parts = max(1, args.step_tokens // micro)
    totals, steps = torch.zeros(3, device=args.device), 0  # losses since they were last shown
    while (share := share_done()) < 1:
        progress = args.start + (args.end - args.start) * share
        context = [size for at, size in CONTEXTS[args.device] if progress >= at][-1]
        state['context'] = max(state.get('context', 0), context)
        set_rates(muon, adam, progress, state['step'])
        predicts = words is not None and progress >= FORECAST_SINCE
        for _ in range(parts):
            batch = batches.next(context, args.repeats if progress < REPEATS_UNTIL else 0.0)
            batch = batch.to(args.device, non_blocking=True)
            if predicts:
                token, word, pair, _ = objective.both(batch, batches.rng)
            else:
                token, word, pair = objective.next_token(batch), totals[1] * 0, totals[2] * 0
            ((token + forecast.WORD_WEIGHT * word + forecast.PAIR_WEIGHT * pair) / parts).backward()
            totals += torch.stack([token, word, pair]).detach() / parts
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer in (muon, adam):
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        steps += 1
        state['step'] += 1
        state['tokens'] += parts * micro
        if args.device == 'cuda' and state['step'] % 8 == 0:
            torch.cuda.synchronize()  # the schedule follows the clock
        state['minutes'] = minutes_before + (time.time() - began) / 60
        if time.time() - shown_at > 15 or state['step'] == 1:
            speed = (state['tokens'] - tokens_before) / (time.time() - began)
            means = ', '.join(f'{m:.3f}' for m in (totals / steps).tolist())
            print(
                f'step {state["step"]} {state["tokens"] / 1e6:.2f}M tokens, {progress:.2f} of the run, '
                f'context {context}, loss {means} (token, words, pairs), {speed:.0f} tokens/s',
                flush=True,
            )
            totals, steps, shown_at = torch.zeros_like(totals), 0, time.time()
        if time.time() - saved_at > SAVE_EVERY[args.device]:
            state['curve'].append([state['tokens'], round(held_out(model, validation), 4)])
            print('held out', state['curve'][-1], flush=True)
            save()
            saved_at = time.time()
    judge(state, model, words, dtype, validation, args.windows)
    state['curve'].append([state['tokens'], state['heldOutLoss']])
    save()
    print('done', state['tokens'], 'tokens, held out', state['heldOutLoss'], state.get('forecast', ''), flush=True)


def merge(args: Namespace) -> None:
    """Writes the mean of the weights of successive ends of one run; all else is taken from the last of them."""
    torch.set_num_threads(args.threads)
    runs = [torch.load(r / 'checkpoint.pt', weights_only=False, map_location='cpu') for r in args.runs]
    losses = [r['state']['heldOutLoss'] for r in runs]
    state = {**runs[-1]['state'], 'meanOf': losses}
    model = Decoder(Config(**state['config']))
    model.load_state_dict({n: sum(r['model'][n].float() for r in runs) / len(runs) for n in runs[0]['model']})
    words = forecast.Words(Tokenizer.from_file(str(args.tokenizer))) if model.config.forecast else None
    judge(state, model, words, torch.float32, args.corpus / 'validation.bin')
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save({'model': model.state_dict(), 'state': state}, args.out / 'checkpoint.pt')
    print('held out', losses, '->', state['heldOutLoss'], state.get('forecast', ''), flush=True)


@torch.no_grad()
def probe(args: Namespace) -> None:
    """Prints held-out loss by position, and what the context brings to the last 256 tokens of a trained length."""
    torch.set_num_threads(args.threads)
    saved = torch.load(args.out / 'checkpoint.pt', weights_only=False, map_location='cpu')
    model = Decoder(Config(**saved['state']['config']))
    model.load_state_dict(saved['model'])
    ids = np.memmap(args.corpus / 'validation.bin', np.uint16, 'r')
    length = saved['state'].get('context', 1024)
    before = length - 256
    losses, short = [], []  # [length], [256] nats of each window
    for s in np.linspace(0, len(ids) - length - 2, args.windows).astype(int):
        row = torch.from_numpy(ids[s : s + length + 1].astype(np.int64))[None]
        losses.append(F.cross_entropy(model(row[:, :-1])[0], row[0, 1:], reduction='none').numpy())
        tail = row[:, before : length + 1]
        short.append(F.cross_entropy(model(tail[:, :-1])[0], tail[0, 1:], reduction='none').numpy())
    by = np.stack(losses).mean(0)
    edges = [e for e in (0, 64, 256, 512, 768, 1024, 1536, 2048, 3072, 4096) if e <= length]
    result = {
        'byPosition': {f'{a}-{b}': round(float(by[a:b].mean()), 3) for a, b in pairwise(edges)},
        'context': before,
        'afterContext': round(float(by[before:].mean()), 3),
        'sameTokensWithoutContext': round(float(np.stack(short).mean()), 3),
    }
    assert math.isfinite(result['afterContext'])
    saved['state']['probe'] = result
    torch.save(saved, args.out / 'checkpoint.pt')
    print(json.dumps(result, indent=1))


def main() -> None:
    """Runs the command that the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('command', choices=['pack', 'run', 'merge', 'probe'])
    parser.add_argument('--corpus', required=True, type=Path, help='folder that corpus.py wrote')
    parser.add_argument('--tokenizer', type=Path, help='tokenizer.json')
    parser.add_argument('--out', type=Path, help='folder of the run')
    parser.add_argument('--runs', type=Path, nargs='+', help='merge: the runs to average, in order')
    parser.add_argument(
        '--base',
        type=Path,
        help='run: model folder to start from if there is no checkpoint; pack the corpus with its tokenizer',
    )
    parser.add_argument('--holes', type=float, default=0.15, help='pack: share of the code files that get holes')
    parser.add_argument(
        '--repeats',
        type=float,
        default=0.0,
        help='run: share of the windows that get repeated stretches, in the first part of the schedule',
    )
    parser.add_argument('--size', choices=list(SIZES), default='base', help='run: size of the model (model.py)')
    parser.add_argument('--minutes', type=float, default=60, help='run: how long')
    parser.add_argument('--windows', type=int, default=WINDOWS, help='run, probe: held-out windows that judge it')
    parser.add_argument('--steps', type=int, help='run: how many steps of the optimiser, however long they take')
    parser.add_argument(
        '--step-tokens',
        type=int,
        default=12288,
        help='run: tokens of one step of the optimiser; a multiple of the tokens of a forward pass',
    )
    parser.add_argument('--device', choices=['cpu', 'cuda'], default='cpu')
    parser.add_argument('--start', type=float, default=0.0, help='run: share of the schedule at which it starts')
    parser.add_argument('--end', type=float, default=1.0, help='run: share of the schedule at which it ends')
    parser.add_argument('--threads', type=int, default=2)
    parser.add_argument('--seed', type=int, default=1337)
    parser.add_argument(
        '--precision',
        choices=['float32', 'bfloat16'],
        default='float32',
        help='of matrix products; bfloat16 pays on a GPU, and on a CPU with bfloat16 units',
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
