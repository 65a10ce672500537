// Tokenizes text for the local model: ids by the tokenizer.json, spans by walking over the bytes.
import { Tokenizer as HfTokenizer } from '@huggingface/tokenizers';
import { CompressionError } from '../../core/errors';
import type { TokenList, Tokenizer } from '../../core/token';

// UTF-16 units. Long unbroken runs make byte-pair merging slow; pieces of this length keep it linear. A cut inside a
// run moves at most one token border.
const PIECE = 1024;

/** Byte-level BPE. Special tokens written in a text are ordinary text, so a text cannot end its document early. */
export class BpeTokenizer implements Tokenizer {
  readonly vocabSize: number;
  private readonly bpe: HfTokenizer;
  private readonly byteLength: Uint16Array; // [vocab] bytes of each entry

  /** @param json parsed tokenizer.json. @throws CompressionError modelCorrupt */
  constructor(json: unknown) {
    const vocab = (json as { model?: { vocab?: unknown } } | null)?.model?.vocab;
    if (typeof vocab !== 'object' || vocab === null)
      throw new CompressionError('modelCorrupt', 'tokenizer.json: no vocabulary');
    const entries = Object.entries(vocab as Record<string, unknown>);
    this.vocabSize = entries.length;
    this.byteLength = new Uint16Array(this.vocabSize);
    // In the byte-level alphabet one character stands for one byte.
    for (const [entry, id] of entries) {
      if (!Number.isInteger(id) || (id as number) < 0 || (id as number) >= this.vocabSize)
        throw new CompressionError('modelCorrupt', 'tokenizer.json: vocabulary');
      this.byteLength[id as number] = entry.length;
    }
    try {
      this.bpe = new HfTokenizer({ ...(json as object), added_tokens: [] } as never, {} as never);
    } catch (cause) {
      throw new CompressionError('modelCorrupt', 'tokenizer.json', { cause });
    }
  }

  /** @throws CompressionError internal if the tokens do not tile the text */
  tokenize(text: string): TokenList {
    const ids: number[] = [];
    for (const piece of pieces(text))
      for (const id of this.bpe.encode(piece, { add_special_tokens: false }).ids) ids.push(id);
    const bounds = new Int32Array(ids.length + 1);
    let unit = 0; // UTF-16 offset
    let owed = 0; // bytes of the current token that lie behind `unit`; negative: the last character extends beyond it
    for (let i = 0; i < ids.length; i++) {
      owed += this.byteLength[ids[i]!]!;
      // A character belongs to the token that holds its first byte.
      while (owed > 0) {
        if (unit >= text.length) throw new CompressionError('internal', 'tokens are longer than their text');
        const code = text.codePointAt(unit)!;
        owed -= utf8Length(code);
        unit += code > 0xffff ? 2 : 1;
      }
      bounds[i + 1] = unit;
    }
    if (unit !== text.length || owed !== 0) throw new CompressionError('internal', 'tokens do not tile their text');
    return { length: ids.length, ids: Int32Array.from(ids), bounds };
  }
}

/** Bytes of a code point; a lone surrogate is encoded as U+FFFD, three bytes like itself. */
function utf8Length(code: number): number {
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** Parts of at most about PIECE units that tile the text, cut at line breaks or blanks if there are any. */
function* pieces(text: string): Iterable<string> {
  let at = 0;
  while (at < text.length) {
    let end = Math.min(text.length, at + PIECE);
    if (end < text.length) {
      // The pre-tokenizer never joins tokens across a line break. Without one, do not cut inside a character.
      const line = text.lastIndexOf('\n', end);
      if (line > at && text[line - 1] !== '\r') end = line;
      else if (line > at + 1) end = line - 1;
      else {
        const space = text.lastIndexOf(' ', end);
        if (space > at) end = space;
        else if (/[\ud800-\udbff]/.test(text[end - 1]!)) end++;
      }
    }
    yield text.slice(at, end);
    at = end;
  }
}
