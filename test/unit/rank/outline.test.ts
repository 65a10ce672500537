// Tests that declarations stay in view: none goes entirely while the body of one beside it stays whole.
import { expect, test } from 'vitest';
import { withOutline } from '../../../src/rank/outline';
import { parseStructure } from '../../../src/parse/structure';
import { languageOf } from '../../../src/languages/languages';
import type { Unit } from '../../../src/parse/unit';
import { testGrammars } from '../../support/grammars';

/** Lines in which units begin, in the order in which they are kept, if text order ranks them. */
async function keptLines(path: string, text: string, wanted: readonly number[] = []): Promise<number[]> {
  const structure = await parseStructure({ path, languageId: languageOf(path), text }, testGrammars());
  const flat = (units: readonly Unit[]): Unit[] => units.flatMap((u) => [u, ...flat(u.children)]);
  const bounds = Int32Array.from({ length: text.length + 1 }, (_, i) => i);
  const ranked = flat(structure.units).filter((u) => u.cuttable);
  const order = withOutline(
    structure,
    ranked.map((unit, i) => ({ unit, key: ranked.length - i })).reverse(),
    bounds,
    wanted,
  );
  expect(order).toHaveLength(ranked.length);
  return order.reverse().map(({ unit }) => text.slice(0, unit.start).split('\n').length);
}

test('a method comes before the last statement of the one beside it', async () => {
  const text =
    'class A:\n    def a(self):\n        one()\n        two()\n        three()\n\n    def b(self):\n        four()\n        five()\n        six()\n';
  expect(await keptLines('a.py', text)).toEqual([1, 2, 3, 4, 7, 5, 8, 9, 10]);
});

test('what the question or the cursor points at becomes whole when its turn comes', async () => {
  const text =
    'class A:\n    def a(self):\n        one()\n        two()\n        three()\n\n    def b(self):\n        four()\n        five()\n        six()\n';
  expect(await keptLines('a.py', text, [text.indexOf('two')])).toEqual([1, 2, 3, 4, 5, 7, 8, 9, 10]);
  expect(await keptLines('a.py', text, [text.indexOf('five')])).toEqual([1, 2, 3, 4, 7, 5, 8, 9, 10]);
});

test('private ones stay where they are, and so does what stands beside a short body', async () => {
  const hidden =
    'class A:\n    def a(self):\n        one()\n        two()\n        three()\n\n    def _b(self):\n        four()\n        five()\n        six()\n';
  expect(await keptLines('a.py', hidden)).toEqual([1, 2, 3, 4, 5, 7, 8, 9, 10]);
  const short =
    'class A:\n    def a(self):\n        one()\n\n    def b(self):\n        four()\n        five()\n        six()\n';
  expect(await keptLines('a.py', short)).toEqual([1, 2, 3, 5, 6, 7, 8]);
});

test('modifiers tell in TypeScript, pub in Rust, capitals in Go', async () => {
  const body = '{\n  one();\n  two();\n  three();\n}';
  const second = (lines: number[]): number => lines.indexOf(6);
  const at = async (path: string, a: string, b: string): Promise<number> =>
    second(await keptLines(path, `${a} ${body}\n${b} ${body}\n`));
  expect(await at('a.ts', 'function a()', 'function b()')).toBe(3);
  expect(await at('a.rs', 'pub fn a()', 'pub fn b()')).toBe(3);
  expect(await at('a.rs', 'pub fn a()', 'fn b()')).toBe(4);
  expect(await at('a.go', 'func A()', 'func B()')).toBeLessThan(await at('a.go', 'func A()', 'func b()'));
});
