"""Prepares what the forecast learns (`model.py`, Forecast): which tokens of a context the code that follows repeats.

A training window is split at random. What stands before the split is the context; the target is the 256 tokens right
after it, or some way further down. Two labels are derived for every token of the context: whether the word that ends
here occurs in the target, and how many nats the pair of tokens that ends here saves there. If the target follows right
after the context, the cursor position is known, as it is in an editor; otherwise only the context is known.

Shapes: B batch, T tokens of a window.
"""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from tokenizers.pre_tokenizers import ByteLevel
from torch import Tensor

TARGET = 256  # tokens
BEFORE_CURSOR = 64  # tokens before the cursor position that ask
NEXT_SHARE = 0.4  # of the windows: the target follows right after the context
MOST_NATS = 8.0  # that one pair may save
WORD_WEIGHT, PAIR_WEIGHT = 0.2, 0.15  # of the two losses, beside the loss of the next token
LONGEST = 16  # tokens of one word
MOST_LOG_NATS = 2.5  # bound of the predicted log of the nats, as src/scorers/forecast.ts
KEYWORDS = json.loads((Path(__file__).resolve().parents[1] / 'src/core/keywords.json').read_text())
BASE = 1_000_003  # of the hash of a word: a polynomial over its bytes, modulo 2^64


def wrapped(value: int) -> int:
    """The int64 with the same last 64 bits."""
    return (value + 2**63) % 2**64 - 2**63


def word_hash(data: bytes) -> int:
    """Polynomial hash of the bytes of a word, as an int64."""
    h = 0
    for byte in data:
        h = (h * BASE + byte + 1) % 2**64
    return wrapped(h)


def is_word(byte: int) -> bool:
    """Whether a UTF-8 byte can be part of a name."""
    return byte >= 128 or chr(byte).isalnum() or byte in b'_$'


class Words:
    """Tables over the vocabulary that find the words in a batch of ids without decoding it.

    For every id: the bytes at its end that belong to a word (hash, length, BASE ** length, whether they begin with a
    digit), whether there are any (`ends`), and whether they are the whole token (`solid`).
    """

    def __init__(self, tokenizer: Tokenizer, device: str = 'cpu') -> None:
        n = tokenizer.get_vocab_size()
        code = byte_table()
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
            hashes[i], lengths[i], factors[i] = word_hash(word), len(word), wrapped(pow(BASE, len(word), 2**64))
            ends[i], solid[i], digit[i] = bool(word), bool(word) and tail == 0, word[:1].isdigit()
        self.hashes, self.factors, self.lengths, self.solid, self.ends, self.digit = (
            torch.from_numpy(table).to(device) for table in (hashes, factors, lengths, solid, ends, digit)
        )
        self.keywords = torch.tensor(sorted(word_hash(w.encode()) for w in KEYWORDS), device=device)

    def of(self, ids: Tensor) -> Tensor:
        """ids [B, T] -> int64 [B, T]: hash of the name whose last token this is; 0 where no name ends.

        A name has at least three bytes and fewer than LONGEST tokens, starts with no digit and is no keyword.
        """
        solid, ends = self.solid[ids], self.ends[ids]
        before = F.pad(ends[:, :-1], (1, 0))
        continues = solid & before  # the word of the token before goes on here
        last = ends & ~F.pad(continues[:, 1:], (0, 1))
        h, length, digit = self.hashes[ids], self.lengths[ids], self.digit[ids]
        factor = self.factors[ids]
        at = torch.arange(ids.shape[1], device=ids.device).expand_as(ids)
        depth = at - torch.where(continues, 0, at).cummax(1).values  # tokens since the first of the word
        for k in range(1, LONGEST):
            here = depth == k
            h = torch.where(here, F.pad(h[:, :-1], (1, 0)) * factor + h, h)
            length = torch.where(here, F.pad(length[:, :-1], (1, 0)) + length, length)
            digit = torch.where(here, F.pad(digit[:, :-1], (1, 0)), digit)
        keyword = self.keywords[torch.searchsorted(self.keywords, h).clamp_max(len(self.keywords) - 1)] == h
        return torch.where(last & (length >= 3) & ~digit & ~keyword & (depth < LONGEST), h, 0)


def byte_table() -> dict[str, int]:
    """Character of a byte-level vocabulary -> byte (the table of GPT-2)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {chr(b): b for b in plain}
    for i, b in enumerate(b for b in range(256) if b not in plain):
        table[chr(256 + i)] = b
    assert sorted(table) == sorted(ByteLevel.alphabet())
    return table


def split_windows(rows: int, length: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Splits `rows` windows of `length` tokens -> context ends, target starts, target follows at once, [rows] each."""
    split = rng.integers(length // 4, length - TARGET, rows)
    follows = rng.random(rows) < NEXT_SHARE
    gap = (rng.random(rows) * (length - TARGET - split)).astype(np.int64)
    return split, np.where(follows, split, split + gap), follows


def first_match(keys: Tensor, wanted: Tensor) -> tuple[Tensor, Tensor]:
    """keys [B, T], wanted [B, n] -> index [B, T] of the first equal element of `wanted`, and whether there is one."""
    ordered, source = torch.sort(wanted, dim=1, stable=True)
    at = torch.searchsorted(ordered, keys.contiguous()).clamp_max(wanted.shape[1] - 1)
    return source.gather(1, at), ordered.gather(1, at) == keys


def outcome(
    batch: Tensor, words: Tensor, split: Tensor, start: Tensor, cost: Tensor, alone: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Labels the tokens of the contexts of a batch.

    batch [B, T + 1] ids; words [B, T + 1] as `Words.of` returns them; split, start [B] context ends and target starts;
    cost [B, T] nats of every next token given all before it; alone [B, TARGET] nats of the target's tokens given only
    the target before them
    -> context [B, T] bool, repeated [B, T] bool (the word occurs in the target), saved [B, T] (nats of the pair)
    """
    ids = batch[:, :-1]
    span = start[:, None] + torch.arange(TARGET, device=ids.device)
    context = torch.arange(ids.shape[1], device=ids.device) < split[:, None]
    _, repeated = first_match(words[:, :-1], torch.where(words == 0, -1, words).gather(1, span))
    pairs = F.pad(batch[:, :-1], (1, 0)) * 65536 + batch  # ids are uint16
    gain = (alone - cost.gather(1, span - 1)).clamp(0, MOST_NATS)
    first, matches = first_match(pairs[:, :-1], pairs.gather(1, span))
    return context, repeated, torch.where(matches, gain.gather(1, first), 0.0)


def targets_alone(batch: Tensor, start: Tensor) -> Tensor:
    """batch [B, T + 1], start [B] -> ids [B, TARGET + 1]: the target and the token before it."""
    return batch.gather(1, start[:, None] - 1 + torch.arange(TARGET + 1, device=batch.device))


def losses(odds: Tensor, context: Tensor, words: Tensor, repeated: Tensor, saved: Tensor) -> tuple[Tensor, Tensor]:
    """Mean log loss of the words and mean Poisson loss of the pairs, over the tokens of the context.

    odds [B, T, KINDS] as Forecast.odds; context, words, repeated, saved [B, T] -> two scalars
    """
    named = (context & (words != 0)).float()
    each = F.binary_cross_entropy_with_logits(odds[..., 0], repeated.float(), reduction='none')
    rate = odds[..., 1].clamp_max(MOST_LOG_NATS)
    inside = context.float()
    word = (each * named).sum() / named.sum().clamp_min(1)
    return word, ((rate.exp() - saved * rate) * inside).sum() / inside.sum().clamp_min(1)
