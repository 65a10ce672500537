// Knows the reader's tokens: what a chat model will count.
import * as cl100k from 'gpt-tokenizer/encoding/cl100k_base';
import * as o200k from 'gpt-tokenizer/encoding/o200k_base';
import type { TokenCounter } from '../core/token';

const ENCODINGS = { o200k, cl100k } as const;
// Unbroken runs make byte-pair merging quadratic; no real line is this long.
const LONG_LINE = 2000;
const PLAIN = { disallowedSpecial: new Set<string>() }; // special tokens written in a text are text

export function counterFor(id: keyof typeof ENCODINGS): TokenCounter {
  const { countTokens } = ENCODINGS[id];
  return {
    id,
    count(text) {
      let total = 0;
      for (const piece of pieces(text)) total += countTokens(piece, PLAIN);
      return total;
    },
  };
}

/** The text itself, or, where a line is absurdly long, slices that keep counting linear (at most one token more each). */
function* pieces(text: string): Iterable<string> {
  let from = 0;
  let lineStart = 0;
  while (lineStart < text.length) {
    const at = text.indexOf('\n', lineStart);
    const lineEnd = at < 0 ? text.length : at + 1;
    if (lineEnd - lineStart > LONG_LINE) {
      if (lineStart > from) yield text.slice(from, lineStart);
      for (let i = lineStart; i < lineEnd; i += LONG_LINE) yield text.slice(i, Math.min(lineEnd, i + LONG_LINE));
      from = lineEnd;
    }
    lineStart = lineEnd;
  }
  if (from < text.length) yield text.slice(from);
}
