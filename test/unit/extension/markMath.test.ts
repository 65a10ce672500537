// Knows that a mark follows its text: through any edit, and into a text read afresh.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anchored, marked, shifted, unmarked, type Mark } from '../../../extension/context/markMath';

const at = (text: string, part: string, kind: Mark['kind'] = 'pin'): Mark => {
  const start = text.indexOf(part);
  return { kind, start, end: start + part.length, text: part };
};
const TEXT = 'one\ntwo\nthree\nfour\n';

describe('through edits', () => {
  const change = (offset: number, length: number, inserted: string): [Mark[], string] => {
    const text = TEXT.slice(0, offset) + inserted + TEXT.slice(offset + length);
    return [shifted([at(TEXT, 'two\nthree')], [{ offset, length, inserted: inserted.length }], text), text];
  };
  test('before, behind, inside', () => {
    expect(change(0, 3, 'eleven')[0][0]).toMatchObject({ start: 7, text: 'two\nthree' });
    expect(change(4, 0, 'x')[0][0]).toMatchObject({ start: 5, text: 'two\nthree' });
    expect(change(13, 0, 'x')[0][0]).toMatchObject({ start: 4, end: 13 });
    expect(change(5, 1, '').at(0)).toMatchObject([{ start: 4, text: 'to\nthree' }]);
  });
  test('over an edge, and over the whole', () => {
    expect(change(2, 4, '')[0]).toMatchObject([{ start: 2, text: 'o\nthree' }]);
    expect(change(8, 8, '')[0]).toMatchObject([{ start: 4, text: 'two\n' }]);
    expect(change(0, 14, 'new')[0]).toEqual([]);
  });
  test('whatever is edited, a mark lies in the text and covers what it says', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), fc.nat(40), fc.nat(40), fc.nat(40), fc.nat(40), fc.string({ maxLength: 8 }), (text, a, b, c, d, inserted) => {
        const [start, end] = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)];
        const [offset, to] = [Math.min(c, d, text.length), Math.min(Math.max(c, d), text.length)];
        fc.pre(end > start);
        const after = text.slice(0, offset) + inserted + text.slice(to);
        for (const m of shifted([{ kind: 'drop', start, end, text: text.slice(start, end) }], [{ offset, length: to - offset, inserted: inserted.length }], after)) {
          expect(m.end).toBeGreaterThan(m.start);
          expect(after.slice(m.start, m.end)).toBe(m.text);
        }
      }),
    );
  });
});

test('found again in a text that changed unseen: nearest first, gone when its text is', () => {
  const mark = at(TEXT, 'three');
  expect(anchored([mark], TEXT)[0]).toBe(mark);
  expect(anchored([mark], `zero\n${TEXT}`)[0]).toMatchObject({ start: mark.start + 5 });
  expect(anchored([mark], `three\n${TEXT}`)[0]).toMatchObject({ start: mark.start + 6 });
  expect(anchored([mark], 'nothing')).toEqual([]);
});

test('marks of a kind join, the newer kind wins, taking away leaves the rest', () => {
  const pins = marked([at(TEXT, 'two')], at(TEXT, '\nthree'), TEXT);
  expect(pins).toMatchObject([{ kind: 'pin', text: 'two\nthree' }]);
  const both = marked(pins, at(TEXT, 'three\nfour', 'drop'), TEXT);
  expect(both).toMatchObject([{ kind: 'pin', text: 'two\n' }, { kind: 'drop', text: 'three\nfour' }]);
  const start = TEXT.indexOf('three');
  expect(unmarked(both, start, start + 6, TEXT)).toMatchObject([{ text: 'two\n' }, { kind: 'drop', text: 'four' }]);
});
