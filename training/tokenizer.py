"""Trains the byte-level BPE tokenizer of the base model: a tokenizer.json for code with 8192 entries.

python tokenizer.py --corpus DIR/train.jsonl --out tokenizer.json
"""

import argparse
import json
import random
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL = ['<|endoftext|>', '<|file|>', '<|pad|>', '<|fim|>']
# A word takes one leading space. A line break takes the indentation that follows it, so that "new line, deeper" is one
# piece. Digits come in threes. Only constructs that mean the same in JavaScript.
SPLIT = r'\r?\n[ \t]*| ?\p{L}+| ?\p{N}{1,3}| ?[^\s\p{L}\p{N}]+|[ \t]+(?=\S)|\s+'


def documents(path: Path, share: float, seed: int) -> Iterator[str]:
    """Yields the texts of a fixed random share of the corpus file."""
    rng = random.Random(seed)
    with open(path) as rows:
        for row in rows:
            if rng.random() < share:
                yield json.loads(row)['text']


def main() -> None:
    """Trains the tokenizer, checks that it decodes what it encodes, and prints its compression."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--corpus', required=True, type=Path, help='JSON lines with a "text" each')
    parser.add_argument('--out', required=True, type=Path, help='tokenizer.json to write')
    parser.add_argument('--vocab', type=int, default=8192, help='entries')
    parser.add_argument('--share', type=float, default=0.4, help='share of the documents that is read')
    args = parser.parse_args()
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), 'isolated'),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=args.vocab,
        special_tokens=SPECIAL,
        show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        max_token_length=24,
    )
    tokenizer.train_from_iterator(documents(args.corpus, args.share, 1), trainer)
    tokenizer.save(str(args.out))
    sample = list(documents(args.corpus, 0.01, 2)) or list(documents(args.corpus, 1, 2))  # small corpus: all of it
    ids = [len(tokenizer.encode(t).ids) for t in sample]
    assert all(tokenizer.decode(tokenizer.encode(t).ids) == t for t in sample[:50])
    print(f'{tokenizer.get_vocab_size()} entries, {sum(map(len, sample)) / sum(ids):.2f} characters per token')


if __name__ == '__main__':
    main()
