// Knows the reader's tokens: what a chat model will count.
import * as cl100k from 'gpt-tokenizer/encoding/cl100k_base';
import * as o200k from 'gpt-tokenizer/encoding/o200k_base';
import type { TokenCounter } from '../core/token';

const ENCODINGS = { o200k, cl100k } as const;
// Unbroken runs make byte-pair merging quadratic; no real line is this long.
const LONG_PIECE = 2000;
const REMEMBERED = 50_000; // pieces; a line of code is some 50 bytes
const PLAIN = { disallowedSpecial: new Set<string>() }; // special tokens written in a text are text

/** Remembers its pieces: the texts of one file at many budgets share almost all of their lines. */
export function counterFor(id: keyof typeof ENCODINGS): TokenCounter {
  const { countTokens } = ENCODINGS[id];
  const known = new Map<string, number>();
  const countPiece = (piece: string): number => {
    let n = known.get(piece);
    if (n === undefined) {
      n = countTokens(piece, PLAIN);
      if (known.size >= REMEMBERED) known.clear();
      known.set(` ${piece}`.slice(1), n); // a copy: the piece itself would keep its whole text in memory
    }
    return n;
  };
  return {
    id,
    count(text) {
      let total = 0;
      for (let at = 0; at < text.length; ) {
        const end = pieceEnd(text, at);
        // An absurdly long piece goes in slices that keep counting linear (at most one token more each).
        while (end - at > LONG_PIECE) {
          const cut = sliceEnd(text, at);
          total += countPiece(text.slice(at, cut));
          at = cut;
        }
        total += countPiece(text.slice(at, end));
        at = end;
      }
      return total;
    },
  };
}

/** At a line break where there is one, never inside a surrogate pair. */
function sliceEnd(text: string, from: number): number {
  const end = from + LONG_PIECE;
  const line = text.lastIndexOf('\n', end - 1) + 1;
  if (line > from) return line;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last < 0xdc00 ? end - 1 : end;
}

/**
 * End of the piece that begins at `from`: a line break that no token can span. Both encodings let a run of white space
 * end only at its last line break, and o200k lets "/" follow a line break behind punctuation.
 */
function pieceEnd(text: string, from: number): number {
  for (let at = text.indexOf('\n', from) + 1; at > 0; at = text.indexOf('\n', at) + 1) {
    const rest = INDENT.exec(((INDENT.lastIndex = at), text))?.[0].length ?? 0;
    const next = text[at + rest];
    if (next === undefined) return text.length;
    if (!/\s/.test(next) && !(rest === 0 && next === '/' && !/[\p{L}\p{N}\s]/u.test(beforeBreaks(text, at)))) return at;
  }
  return text.length;
}

/** The character in front of the line breaks that end at `at`. */
function beforeBreaks(text: string, at: number): string {
  let i = at - 1;
  while (i >= 0 && (text[i] === '\n' || text[i] === '\r')) i--;
  return text[i] ?? ' ';
}
const INDENT = /[ \t]*/y;
