"""Knows what a context turns out to be good for: which of its words come again in the code that follows, and how many nats each
pair of its tokens saves there. The forecast of the base model learns from both (`model.py`, Forecast).

A window is parted at random: what stands before is the context, 256 tokens behind it, or some way further down, are what was
needed. Right behind the context the place of work is known, as it is in an editor; else the context is all there is.
"""

import re
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers.pre_tokenizers import ByteLevel

TARGET = 256  # tokens of what was needed
PLACE = 64  # tokens before the place of work that ask
NEXT_SHARE = 0.4  # of the windows: the target follows right behind the context
MOST_NATS = 8.0  # that one pair may save
WORD_WEIGHT, PAIR_WEIGHT = 0.2, 0.15  # beside the loss of the next token
LONGEST = 16  # tokens of one word
# Words of the languages themselves, as src/rank/names.ts has them.
NAMES = Path(__file__).resolve().parents[1] / 'src/rank/names.ts'
KEYWORDS = re.findall(
    r'\w+', ''.join(re.findall(r"'([^']*)'", NAMES.read_text().split('const KEYWORDS')[1].split('.split')[0]))
)
BASE = 1_000_003  # of the hash of a word: a polynomial over its bytes, modulo 2^64


def wrapped(value):
    """Python integer -> the int64 with the same last 64 bits."""
    return (value + 2**63) % 2**64 - 2**63


def hash_of(data):
    h = 0
    for byte in data:
        h = (h * BASE + byte + 1) % 2**64
    return wrapped(h)


def is_word(byte):
    return byte >= 128 or chr(byte).isalnum() or byte in b'_$'


class Words:
    """Tables over the vocabulary, from which a batch of ids tells its words."""

    def __init__(self, tokenizer, device='cpu'):
        """tokenizer: tokenizers.Tokenizer, byte level"""
        n = tokenizer.get_vocab_size()
        code = byte_table(sorted(ByteLevel.alphabet()))
        hashes, factors, lengths = (np.zeros(n, np.int64) for _ in range(3))
        solid, ends, digit = (np.zeros(n, bool) for _ in range(3))
        for i in range(n):
            piece = tokenizer.id_to_token(i)
            if piece.startswith('<|') and piece.endswith('|>'):
                continue
            data = bytes(code[c] for c in piece)
            tail = len(data)
            while tail and is_word(data[tail - 1]):
                tail -= 1
            word = data[tail:]
            hashes[i], lengths[i], factors[i] = hash_of(word), len(word), wrapped(pow(BASE, len(word), 2**64))
            ends[i], solid[i], digit[i] = bool(word), bool(word) and tail == 0, word[:1].isdigit()
        as_tensor = lambda a: torch.from_numpy(a).to(device)
        self.hashes, self.factors, self.lengths, self.solid, self.ends, self.digit = map(
            as_tensor, (hashes, factors, lengths, solid, ends, digit)
        )
        self.keywords = torch.tensor(sorted(hash_of(w.encode()) for w in KEYWORDS), device=device)

    def of(self, ids):
        """ids [B, T] -> int64 [B, T]: hash of the name whose last token stands here, 0 where none ends."""
        solid, ends = self.solid[ids], self.ends[ids]
        before = F.pad(ends[:, :-1], (1, 0))
        goes_on = solid & before  # belongs to the word of the token before
        last = ends & ~F.pad(goes_on[:, 1:], (0, 1))
        h, length, digit = self.hashes[ids], self.lengths[ids], self.digit[ids]
        factor = self.factors[ids]
        at = torch.arange(ids.shape[1], device=ids.device).expand_as(ids)
        depth = at - torch.where(goes_on, 0, at).cummax(1).values
        for k in range(1, LONGEST):
            here = depth == k
            h = torch.where(here, F.pad(h[:, :-1], (1, 0)) * factor + h, h)
            length = torch.where(here, F.pad(length[:, :-1], (1, 0)) + length, length)
            digit = torch.where(here, F.pad(digit[:, :-1], (1, 0)), digit)
        keyword = self.keywords[torch.searchsorted(self.keywords, h).clamp_max(len(self.keywords) - 1)] == h
        return torch.where(last & (length >= 3) & ~digit & ~keyword & (depth < LONGEST), h, 0)


def byte_table(alphabet):
    """Character of a byte-level vocabulary -> byte (the table of GPT-2)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {chr(b): b for b in plain}
    for i, b in enumerate(b for b in range(256) if b not in plain):
        table[chr(256 + i)] = b
    assert sorted(table) == alphabet
    return table


def parted(rows, length, rng):
    """-> context ends [B], target starts [B], and which of them follow right behind (numpy, all)."""
    split = rng.integers(length // 4, length - TARGET, rows)
    follows = rng.random(rows) < NEXT_SHARE
    gap = (rng.random(rows) * (length - TARGET - split)).astype(np.int64)
    return split, np.where(follows, split, split + gap), follows


def found(keys, wanted):
    """keys [B, T], wanted [B, n] -> where in the sorted `wanted` each key stands first (index into `wanted`), and whether it does."""
    ordered, source = torch.sort(wanted, dim=1, stable=True)
    at = torch.searchsorted(ordered, keys.contiguous()).clamp_max(wanted.shape[1] - 1)
    return source.gather(1, at), ordered.gather(1, at) == keys


def outcome(batch, words, split, start, cost, alone):
    """
    What became of the tokens of a context.
    batch [B, T + 1] ids, words [B, T + 1], split and start [B], cost [B, T] nats of every next token with all before it,
    alone [B, TARGET] nats of the target's tokens with nothing but the target before them
    -> context [B, T] (bool), again [B, T] (the word comes again), saved [B, T] (nats)
    """
    ids = batch[:, :-1]
    span = start[:, None] + torch.arange(TARGET, device=ids.device)
    context = torch.arange(ids.shape[1], device=ids.device) < split[:, None]
    _, again = found(words[:, :-1], torch.where(words == 0, -1, words).gather(1, span))
    pairs = F.pad(batch[:, :-1], (1, 0)) * 65536 + batch
    gain = (alone - cost.gather(1, span - 1)).clamp(0, MOST_NATS)
    first, there = found(pairs[:, :-1], pairs.gather(1, span))
    return context, again, torch.where(there, gain.gather(1, first), 0.0)


def targets_alone(batch, start):
    """-> ids [B, TARGET + 1]: the target and the token in front of it."""
    return batch.gather(1, start[:, None] - 1 + torch.arange(TARGET + 1, device=batch.device))


def losses(odds, context, words, again, saved):
    """odds [B, T, KINDS] -> (mean log loss of words, mean Poisson loss of pairs), over the context's tokens."""
    named = (context & (words != 0)).float()
    word = (
        F.binary_cross_entropy_with_logits(odds[..., 0], again.float(), reduction='none') * named
    ).sum() / named.sum().clamp_min(1)
    rate = odds[..., 1].clamp_max(2.5)
    inside = context.float()
    return word, ((rate.exp() - saved * rate) * inside).sum() / inside.sum().clamp_min(1)


def ahead(odds, again, named):
    """Share of pairs of names, one that came again and one that did not, in which the right one is ahead."""
    scores, labels = odds[named], again[named]
    ranks = torch.empty_like(scores).scatter_(
        0, scores.argsort(), torch.arange(1, len(scores) + 1, device=scores.device, dtype=scores.dtype)
    )
    yes = labels.sum()
    return float((ranks[labels].sum() - yes * (yes + 1) / 2) / (yes * (len(scores) - yes)))
