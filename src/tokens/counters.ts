// Counts recipient tokens: what a chat model will count.
import cl100k from 'gpt-tokenizer/bpeRanks/cl100k_base';
import o200k from 'gpt-tokenizer/bpeRanks/o200k_base';
import { GptEncoding } from 'gpt-tokenizer/GptEncoding';
import { hasShortLines } from '../core/lines';
import type { Border, CounterId, TokenCounter, Tokenizer } from '../core/token';

const ENCODINGS = {
  o200k: () => GptEncoding.getEncodingApi('o200k_base', () => o200k),
  cl100k: () => GptEncoding.getEncodingApi('cl100k_base', () => cl100k),
} as const;
// UTF-16 units. Unbroken runs make byte-pair merging quadratic; no real line is this long.
const LONG_PIECE = 2000;
const MAX_KNOWN_PIECES = 50_000; // a line of code is some 50 bytes
const MAX_KNOWN_UNITS = 8_000_000; // UTF-16 units of these pieces
const PLAIN = { disallowedSpecial: new Set<string>() }; // special tokens written in a text are ordinary text

/**
 * The counter of a public encoding. It remembers the counts of pieces: the texts of one file at many budgets share almost
 * all of their lines.
 * @param open makes the encoding, at the first count; several counters may share one
 */
export function counterFor(id: keyof typeof ENCODINGS, open: () => GptEncoding = ENCODINGS[id]): TokenCounter {
  let encoding: GptEncoding | undefined; // its tables take a quarter of a second to build
  const countTokens = (text: string): number => (encoding ??= open()).countTokens(text, PLAIN);
  return byPieces(id, borderOfChat, innerBorderOf(id), (part) => {
    let total = 0;
    let at = 0;
    // A very long line is counted in slices, so that the time stays linear. Each adds at most one token.
    for (let cut; part.length - at > LONG_PIECE; at = cut)
      total += countTokens(part.slice(at, (cut = sliceEnd(part, at))));
    return total + countTokens(part.slice(at));
  });
}

/** Counts the local model's own tokens, for a recipient with the same tokenizer. */
export function modelCounter(tokenizer: Tokenizer): TokenCounter {
  return byPieces('model', borderOfModel, innerBorderOf('model'), (part) => tokenizer.tokenize(part).length);
}

function byPieces(
  id: CounterId,
  border: TokenCounter['border'],
  innerBorder: TokenCounter['innerBorder'],
  countPart: (part: string) => number,
): TokenCounter {
  /** A long piece of several lines is counted part by part: no token spans an inner border either. */
  const countPiece = (piece: string): number => {
    if (piece.length <= LONG_PIECE || !hasShortLines(piece.trimEnd(), LONG_PIECE)) return countPart(piece);
    let total = 0;
    for (let at = 0; at < piece.length;) {
      const end = innerBorder(piece, at, piece.length)?.at ?? piece.length;
      total += countPart(piece.slice(at, end));
      at = end;
    }
    return total;
  };
  const known = new Map<string, number>();
  let knownUnits = 0;
  return {
    id,
    border,
    innerBorder,
    count(text) {
      let total = 0;
      for (let at = 0; at < text.length;) {
        const end = border(text, at)?.at ?? text.length;
        const piece = text.slice(at, end);
        let n = known.get(piece);
        if (n === undefined) {
          n = countPiece(piece);
          knownUnits += piece.length;
          if (known.size >= MAX_KNOWN_PIECES || knownUnits > MAX_KNOWN_UNITS) {
            known.clear();
            knownUnits = piece.length;
          }
          known.set(` ${piece}`.slice(1), n); // a copy: the piece itself would keep its whole text in memory
        }
        total += n;
        at = end;
      }
      return total;
    },
  };
}

/** End of a slice that begins at `from`: behind a line break if there is one, never inside a surrogate pair. */
function sliceEnd(text: string, from: number): number {
  const end = from + LONG_PIECE;
  const line = text.slice(from, end).lastIndexOf('\n') + 1;
  if (line > 0) return from + line;
  const last = text.charCodeAt(end - 1);
  return last >= 0xd800 && last < 0xdc00 ? end - 1 : end;
}

/**
 * The next line break that no token of a chat encoding spans. In both encodings a run of white space ends only at its last
 * line break; in o200k a "/" may follow a line break behind punctuation.
 */
function borderOfChat(text: string, from: number): Border | undefined {
  for (let at = behindBreak(text, from); at > 0; at = behindBreak(text, at)) {
    const seen = behindIndent(text, at);
    const next = text[seen];
    if (next === undefined) return undefined;
    if (/\s/.test(next)) continue;
    const start = beforeBreaks(text, at);
    if (seen > at || next !== '/' || /[\p{L}\p{N}\s]/u.test(text[start] ?? ' '))
      return { at, start: Math.max(0, start), end: seen + 1 };
  }
  return undefined;
}

/** Offset behind the next `\n`, `\r\n` or `\r`; 0 if there is none. */
function behindBreak(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) return i + 1;
  }
  return 0;
}

/**
 * Finds borders inside lines: between a word and white space, since no token has a blank behind a letter or a digit; and
 * at the "/" that follows a line break behind punctuation. In o200k such a token goes on to the end of these signs.
 */
function innerBorderOf(id: CounterId): TokenCounter['innerBorder'] {
  const sign = /[A-Za-z0-9](?=\s)|[!-/:-@[-`{-~][\r\n]+(?=\/)([\r\n/]*)(?=[^\r\n/])/g;
  return (text, from, to) => {
    const part = text.slice(from, to);
    sign.lastIndex = 0;
    let found = sign.exec(part);
    while (found?.[1] !== undefined && id === 'model') found = sign.exec(part);
    if (!found) return undefined;
    const [words, slashes] = found;
    const start = from + found.index;
    const end = start + words.length;
    return { at: id === 'o200k' ? end : end - (slashes?.length ?? 0), start, end: end + 1 };
  };
}

/**
 * The next border of the local model's tokens: in front of a line break behind a visible character, since the pattern
 * joins the break with what follows.
 */
function borderOfModel(text: string, from: number): Border | undefined {
  for (let line = text.indexOf('\n', from + 1); line > 0; line = text.indexOf('\n', line + 1)) {
    const at = text[line - 1] === '\r' ? line - 1 : line;
    if (at > from && /\S/.test(text[at - 1]!)) return { at, start: at - 1, end: line + 1 };
  }
  return undefined;
}

/** Offset of the character in front of the line breaks that end at `at`; -1 at the start of the text. */
function beforeBreaks(text: string, at: number): number {
  let i = at - 1;
  while (i >= 0 && (text[i] === '\n' || text[i] === '\r')) i--;
  return i;
}

/** Offset of the first character at or behind `at` that is neither a blank nor a tab. */
function behindIndent(text: string, at: number): number {
  let i = at;
  while (text[i] === ' ' || text[i] === '\t') i++;
  return i;
}
