// Tests that tokens tile any text.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BpeTokenizer } from '../../../../src/node/model/tokenizer';

const tokenizer = new BpeTokenizer(JSON.parse(readFileSync('media/model/tokenizer.json', 'utf8')));

function checkTiling(text: string): void {
  const { length, ids, bounds } = tokenizer.tokenize(text);
  expect(bounds[0]).toBe(0);
  expect(bounds[length]).toBe(text.length);
  expect(ids.length).toBe(length);
  for (let i = 0; i < length; i++) expect(bounds[i + 1]!).toBeGreaterThanOrEqual(bounds[i]!);
}

describe('spans tile the text', () => {
  const cases: Record<string, string> = {
    empty: '',
    emoji: 'const flag = "🏳️‍🌈👩‍👩‍👧‍👦"; // 𝒳',
    combining: 'e\u0301\u0300 n\u0303 क्षि',
    'lone surrogates': 'a\ud800b\udc00\udc00 \ud83d',
    crlf: 'a\r\n\tb\r\r\n\n  c\r\n',
    bom: '\ufeffimport x',
    tabs: '\t\t\tif (x)\t{\n\t}',
    nul: 'a\0b\0\0',
    'special tokens as text': '<|endoftext|><|file|>x',
  };
  for (const [name, text] of Object.entries(cases)) test(name, () => checkTiling(text));

  test('a line of a megabyte, in seconds', () => {
    for (const unit of ['a', 'x=1; ', '😀']) {
      const text = unit.repeat(Math.ceil(1_048_576 / unit.length));
      expect(tokenizer.tokenize(text).bounds.at(-1)).toBe(text.length);
    }
  });

  test('any string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (s) => checkTiling(s)),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 }), (units) =>
        checkTiling(String.fromCharCode(...units)),
      ),
      { numRuns: 500 },
    );
  });

  test('special tokens written in a text are never special', () => {
    expect(Array.from(tokenizer.tokenize('<|endoftext|>').ids)).not.toContain(0);
  });
});

describe('a damaged tokenizer.json is one reason, never a crash', () => {
  const whole = JSON.parse(readFileSync('media/model/tokenizer.json', 'utf8'));
  const vocab = { a: 0, b: 1 };
  test.each([
    ['nothing', null],
    ['no model', {}],
    ['no vocabulary', { ...whole, model: { ...whole.model, vocab: null } }],
    ['ids that are none', { ...whole, model: { ...whole.model, vocab: { ...vocab, c: 1e9 } } }],
    [
      'a pre-tokenizer of another shape',
      { ...whole, model: { ...whole.model, vocab, merges: [] }, pre_tokenizer: { type: 'Sequence', pretokenizers: 7 } },
    ],
  ])('%s', (_, json) =>
    expect(() => new BpeTokenizer(json)).toThrow(expect.objectContaining({ reason: 'modelCorrupt' })),
  );
});
