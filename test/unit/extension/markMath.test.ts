// Tests that a mark follows its text through edits, and into a text that was read again.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  locateMarks,
  addMark,
  locateMark,
  movedMarks,
  shiftMarks,
  removeMarks,
  type Mark,
} from '../../../extension/session/markMath';

const at = (text: string, part: string, kind: Mark['kind'] = 'pin'): Mark => {
  const start = text.indexOf(part);
  return { kind, start, end: start + part.length, text: part };
};
const TEXT = 'one\ntwo\nthree\nfour\n';

describe('through edits', () => {
  const change = (offset: number, length: number, inserted: string): [Mark[], string] => {
    const text = TEXT.slice(0, offset) + inserted + TEXT.slice(offset + length);
    return [shiftMarks([at(TEXT, 'two\nthree')], [{ offset, length, inserted: inserted.length }], text), text];
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
  /** A file that the editor reads again: one change from the first to the last differing line. */
  const reread = (text: string, now: string, marks: readonly Mark[]): Mark[] => {
    let start = 0;
    while (start < Math.min(text.length, now.length) && text[start] === now[start]) start++;
    start = text.lastIndexOf('\n', start - 1) + 1;
    let tail = 0;
    while (tail < Math.min(text.length, now.length) - start && text.at(-tail - 1) === now.at(-tail - 1)) tail++;
    return shiftMarks(
      marks,
      [{ offset: start, length: text.length - start - tail, inserted: now.length - start - tail }],
      now,
      true,
    );
  };
  test('a file that is read again: a mark follows its text, and what another branch lacks comes back with it', () => {
    const pins = [at(TEXT, 'two'), at(TEXT, 'three', 'drop')];
    const pulled = 'one\n1.5\ntwo\nthree\n3.5\nfour\n';
    expect(reread(TEXT, pulled, pins)).toEqual([at(pulled, 'two'), at(pulled, 'three', 'drop')]);
    const other = 'uno\ndue\nthree\nfour4\n';
    const away = reread(TEXT, other, pins);
    expect(away).toMatchObject([{ text: 'two', away: true }, at(other, 'three', 'drop')]);
    expect(locateMarks(away, other)).toEqual([at(other, 'three', 'drop')]);
    const typed = shiftMarks(away, [{ offset: 0, length: 0, inserted: 1 }], `x${other}`);
    expect(typed).toMatchObject([{ text: 'two', away: true }, at(`x${other}`, 'three', 'drop')]);
    expect(reread(`x${other}`, TEXT, typed)).toEqual(pins);
  });
  test('a text that was replaced is looked for in what came, not among others that read the same', () => {
    const text = 'a\nb\nc\nb\n';
    expect(shiftMarks([at(text, 'b')], [{ offset: 0, length: 5, inserted: 2 }], 'x\n\nb\n')).toEqual([]);
    expect(shiftMarks([at(text, 'b')], [{ offset: 0, length: 5, inserted: 0 }], '\nb\n')).toEqual([]);
    expect(shiftMarks([at(text, 'b')], [{ offset: 2, length: 3, inserted: 7 }], 'a\nx\nb\nc\n\nb\n')).toEqual([
      { kind: 'pin', start: 4, end: 5, text: 'b' },
    ]);
  });
  test('other line ends: every mark where it was, also of texts that stand in several places', () => {
    const lines = Array.from({ length: 40 }, (_, i) => `same${'.'.repeat(i % 7)}`);
    const joined = (end: string): [string, Mark[]] => {
      const startOf = (line: number): number => lines.slice(0, line).join(end).length + end.length;
      const [text, both] = [lines.join(end), `same.....${end}same`];
      return [
        text,
        [
          { kind: 'pin', start: startOf(19), end: startOf(19) + both.length, text: both },
          { kind: 'drop', start: startOf(30), end: startOf(30) + 4, text: 'same' },
        ],
      ];
    };
    const [[text, marks], [crlf, moved]] = [joined('\n'), joined('\r\n')];
    expect(shiftMarks(marks, [{ offset: 0, length: text.length, inserted: crlf.length }], crlf)).toEqual(moved);
    expect(shiftMarks(moved, [{ offset: 0, length: crlf.length, inserted: text.length }], text)).toEqual(marks);
    expect(locateMarks(marks, crlf)).toEqual(moved); // a closed file that git rewrote
    const [{ start, end }] = moved as [Mark];
    expect(locateMarks(moved, crlf.slice(0, end - 6) + crlf.slice(end - 5))[0]).toEqual({
      kind: 'pin',
      start,
      end: end - 1,
      text: marks[0]!.text,
    }); // with both kinds of line ends
  });
  test('whatever is edited, a mark lies in the text and covers what it says', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 40 }),
        fc.nat(40),
        fc.nat(40),
        fc.nat(40),
        fc.nat(40),
        fc.string({ maxLength: 8 }),
        (text, a, b, c, d, inserted) => {
          const [start, end] = [Math.min(a, b, text.length), Math.min(Math.max(a, b), text.length)];
          const [offset, to] = [Math.min(c, d, text.length), Math.min(Math.max(c, d), text.length)];
          fc.pre(end > start);
          const after = text.slice(0, offset) + inserted + text.slice(to);
          const marks: Mark[] = [{ kind: 'drop', start, end, text: text.slice(start, end) }];
          const changes = [{ offset, length: to - offset, inserted: inserted.length }];
          const shifted = shiftMarks(marks, changes, after);
          const moved = movedMarks(marks, changes);
          if (moved) expect(moved).toEqual(shifted);
          expect(moved === undefined).toBe(to > start && offset < end);
          for (const m of shifted) {
            expect(m.end).toBeGreaterThan(m.start);
            expect(after.slice(m.start, m.end)).toBe(m.text);
          }
        },
      ),
    );
  });
});

test('found again in a text that changed unseen: nearest first, gone when its text is', () => {
  const mark = at(TEXT, 'three');
  expect(locateMarks([mark], TEXT)[0]).toBe(mark);
  expect(locateMarks([mark], `zero\n${TEXT}`)[0]).toMatchObject({ start: mark.start + 5 });
  expect(locateMarks([mark], `three\n${TEXT}`)[0]).toMatchObject({ start: mark.start + 6 });
  expect(locateMarks([mark], 'nothing')).toEqual([]);
  const away = locateMark(mark, 'nothing');
  expect(away).toMatchObject({ ...mark, away: true });
  expect(locateMark(away, TEXT)).toEqual(mark);
});

test('marks of a kind join, the newer kind wins, taking away leaves the rest', () => {
  const pins = addMark([at(TEXT, 'two')], at(TEXT, '\nthree'), TEXT);
  expect(pins).toMatchObject([{ kind: 'pin', text: 'two\nthree' }]);
  const both = addMark(pins, at(TEXT, 'three\nfour', 'drop'), TEXT);
  expect(both).toMatchObject([
    { kind: 'pin', text: 'two\n' },
    { kind: 'drop', text: 'three\nfour' },
  ]);
  const start = TEXT.indexOf('three');
  expect(removeMarks(both, start, start + 6, TEXT)).toMatchObject([{ text: 'two\n' }, { kind: 'drop', text: 'four' }]);
});
