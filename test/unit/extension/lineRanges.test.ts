// Tests that a line has one icon, and that the user's own is never hidden.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { subtractLines, type LineRange } from '../../../extension/holes/lineRanges';

const linesOf = (stretches: readonly LineRange[]): number[] =>
  stretches.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, i) => from + i));

test('a mark within dropped lines parts them; at an edge it takes what it covers; elsewhere it takes nothing', () => {
  expect(subtractLines([{ from: 3, to: 9 }], [{ from: 5, to: 6 }])).toEqual([
    { from: 3, to: 4 },
    { from: 7, to: 9 },
  ]);
  expect(subtractLines([{ from: 3, to: 9 }], [{ from: 0, to: 3 }])).toEqual([{ from: 4, to: 9 }]);
  expect(subtractLines([{ from: 3, to: 9 }], [{ from: 3, to: 9 }])).toEqual([]);
  expect(subtractLines([{ from: 3, to: 9 }], [{ from: 10, to: 12 }])).toEqual([{ from: 3, to: 9 }]);
  expect(subtractLines([{ from: 3, to: 9 }], [])).toEqual([{ from: 3, to: 9 }]);
});

test('exactly the lines of the others go, whatever their order', () => {
  const stretch = fc.tuple(fc.nat(40), fc.nat(6)).map(([from, n]) => ({ from, to: from + n }));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 3 }), fc.array(stretch, { maxLength: 5 }), (stretches, others) => {
      const gone = new Set(linesOf(others));
      expect(linesOf(subtractLines(stretches, others))).toEqual(linesOf(stretches).filter((n) => !gone.has(n)));
    }),
  );
});
