"""A model that reads code as an assistant does: answers requests, one JSON object a line, on standard input and output.

    python reader.py MODEL_FOLDER [--threads N]

`MODEL_FOLDER` is made by `convert.py`. Every answer is one line, in the order of the requests:

    {"op": "count", "texts": [...]}                        -> {"tokens": [...]}
    {"op": "loss", "context": "...", "target": "...",
     "names": [[start, end], ...]}                         -> nats, hits and names of the target, the first line
    {"op": "attention", "text": "...", "to": n,
     "from": [[start, end], ...]}                          -> attention that each token before `to` receives

Offsets count UTF-16 units, as everywhere in the product.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS


class Watch:
    """Sums the attention that the tokens before `to` receive from ranges of queries, over all layers and heads."""

    def __init__(self) -> None:
        self.to = 0
        self.ranges: list[tuple[int, int]] = []
        self.sums: list[torch.Tensor] = []
        self.calls = 0

    def start(self, to: int, ranges: list[tuple[int, int]]) -> None:
        """Begins to watch. `ranges` are half-open ranges of token numbers."""
        self.to, self.ranges, self.calls = to, ranges, 0
        self.sums = [torch.zeros(to) for _ in ranges]

    def see(self, query: torch.Tensor, key: torch.Tensor, scaling: float) -> None:
        """Adds one layer. `query` is [1, heads, tokens, size]; `key` has as many heads or fewer."""
        self.calls += 1
        keys = key.repeat_interleave(query.shape[1] // key.shape[1], dim=1)[0]
        for (start, end), total in zip(self.ranges, self.sums, strict=True):
            scores = (query[0, :, start:end] @ keys[:, :end].transpose(1, 2)).float() * scaling
            later = torch.arange(end)[None, :] > torch.arange(start, end)[:, None]
            shares = scores.masked_fill(later, float('-inf')).softmax(-1)
            total += shares[:, :, : self.to].mean(0).sum(0)


WATCH = Watch()
sdpa = ALL_ATTENTION_FUNCTIONS['sdpa']


def watched(module: Any, query: Any, key: Any, value: Any, mask: Any, **options: Any) -> Any:  # noqa: ANN401
    """The attention of the library, watched; for one text at a time, because such a function gets no mask."""
    if WATCH.ranges:
        WATCH.see(query, key, options.get('scaling') or query.shape[-1] ** -0.5)
    return sdpa(module, query, key, value, mask, **options)


ALL_ATTENTION_FUNCTIONS.register('watched', watched)


class Offsets:
    """Turns UTF-16 offsets of a text into offsets of its characters, and back."""

    def __init__(self, text: str) -> None:
        self.units = [0]
        for c in text:
            self.units.append(self.units[-1] + (2 if ord(c) > 0xFFFF else 1))
        self.chars = {unit: i for i, unit in enumerate(self.units)}

    def char(self, unit: int) -> int:
        """Character at a UTF-16 offset."""
        return self.chars.get(unit, self.chars.get(unit - 1, 0))


class Reader:
    """A causal language model with its tokenizer."""

    def __init__(self, folder: str) -> None:
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.bfloat16, attn_implementation='watched'
        ).eval()

    def encode(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Token numbers and their ranges of characters. Special tokens in the text are read as text."""
        encoded = self.tokenizer(text, return_offsets_mapping=True, add_special_tokens=False, split_special_tokens=True)
        return encoded['input_ids'], encoded['offset_mapping']

    def hidden(self, ids: list[int]) -> torch.Tensor:
        """States of the last layer, [tokens, size]."""
        return self.model.model(torch.tensor([ids])).last_hidden_state[0]

    def count(self, texts: list[str]) -> dict[str, Any]:
        """Tokens of each text."""
        return {'tokens': [len(self.encode(t)[0]) for t in texts]}

    def loss(self, context: str, target: str, names: list[list[int]]) -> dict[str, Any]:
        """Nats of the target behind the context, of all tokens and of those that touch a name; and what was foreseen.

        `first` is 1 if greedy writing gives the first line of the target that is not blank.
        """
        before, _ = self.encode(context)
        ids, spans = self.encode(target)
        states = self.hidden(before + ids)[len(before) - 1 : -1]
        logits = self.model.lm_head(states).float()
        goal = torch.tensor(ids)
        nats = torch.nn.functional.cross_entropy(logits, goal, reduction='none')
        hits = logits.argmax(-1) == goal
        at = Offsets(target)
        chars = [(at.char(s), at.char(e)) for s, e in names]
        named = torch.tensor([any(s < end and e > start for s, e in chars) for start, end in spans])
        lead = len(target) - len(target.lstrip())
        line = target[lead:].split('\n', 1)[0]
        in_line = torch.tensor([start < lead + len(line) + 1 and end > lead for start, end in spans])
        return {
            'nats': round(nats.sum().item(), 4),
            'tokens': len(ids),
            'hits': int(hits.sum()),
            'nameNats': round(nats[named].sum().item(), 4),
            'nameTokens': int(named.sum()),
            'nameHits': int(hits[named].sum()),
            'first': int(bool(hits[in_line].all())),
            'contextTokens': len(before),
        }

    def attention(self, text: str, to: int, ranges: list[list[int]]) -> dict[str, Any]:
        """Attention that each token before `to` receives from each range of the text, a mean over heads and layers.

        The first token, where attention goes that goes nowhere, is 0. `starts` are UTF-16 offsets of the tokens.
        """
        ids, spans = self.encode(text)
        at = Offsets(text)
        end = at.char(to)
        last = next((i for i, (s, _) in enumerate(spans) if s >= end), len(spans))
        inside = []
        for start, stop in ranges:
            touched = [i for i, (s, e) in enumerate(spans) if s < at.char(stop) and e > at.char(start)]
            inside.append((touched[0], touched[-1] + 1))
        WATCH.start(last, inside)
        self.hidden(ids)
        sums = [(s / max(1, WATCH.calls)) for s in WATCH.sums]
        WATCH.ranges = []
        for s in sums:
            s[0] = 0
        return {
            'starts': [at.units[s] for s, _ in spans[:last]],
            'received': [[round(x, 6) for x in s.tolist()] for s in sums],
        }

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request."""
        op = request['op']
        if op == 'count':
            return self.count(request['texts'])
        if op == 'loss':
            return self.loss(request['context'], request['target'], request['names'])
        if op == 'attention':
            return self.attention(request['text'], request['to'], request['from'])
        raise ValueError(f'unknown request "{op}"')


def requests() -> Iterator[dict[str, Any]]:
    """The requests on standard input."""
    for line in sys.stdin:
        yield json.loads(line)


def main() -> None:
    """Answers until standard input ends."""
    parser = argparse.ArgumentParser(description='A model that reads code as an assistant does.')
    parser.add_argument('folder', help='folder that convert.py made')
    parser.add_argument('--threads', type=int, default=0, help='of the processor (default: as torch chooses)')
    args = parser.parse_args()
    if args.threads:
        torch.set_num_threads(args.threads)
    torch.set_grad_enabled(False)
    reader = Reader(args.folder)
    for request in requests():
        print(json.dumps(reader.answer(request)), flush=True)


if __name__ == '__main__':
    main()
