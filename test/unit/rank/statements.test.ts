// Tests what is said of ranked statements: names, what others took from them, the cursor, classes.
import { expect, test } from 'vitest';
import type { TokenEvidence } from '../../../src/core/evidence';
import { keepOrder } from '../../../src/rank/coverage';
import { statementsOf } from '../../../src/rank/statements';
import { namesOf } from '../../../src/evidence/names';
import { parseStructure, type CodeStructure } from '../../../src/parse/structure';
import { testGrammars } from '../../support/grammars';

const TEXT = [
  '# Loads all.',
  'total = load(one)',
  'total = load(one)',
  '# Why the other is there.',
  'other = save()',
  '',
].join('\n');

type Added = (text: string, at: number) => number;

async function ranked(more: { cursor?: Added; future?: Added; text?: string } = {}) {
  const text = more.text ?? TEXT;
  const structure: CodeStructure = await parseStructure({ path: 'a.py', languageId: 'python', text }, testGrammars());
  const n = text.length;
  const bounds = Int32Array.from({ length: n + 1 }, (_, i) => i); // a token per unit
  const classes = structure.classes(bounds);
  const table = namesOf(structure, bounds, classes);
  const added = (of: Added | undefined) => of && Float32Array.from({ length: n }, (_, i) => of(text, i));
  const [cursor, future] = [added(more.cursor), added(more.future)];
  const evidence: TokenEvidence = {
    bounds,
    values: cursor ?? future ?? new Float32Array(n),
    names: {
      table,
      mention: new Float32Array(table.count).fill(1),
      definition: new Float32Array(table.count).fill(1),
      repeatDecay: 0.1,
      markerTokens: 1,
    },
  };
  const kept = keepOrder(structure, evidence, []);
  return statementsOf({
    structure,
    evidence,
    mustKeep: [],
    excluded: new Set(),
    kept,
    channels: { classes },
    cursor,
    future,
    filesWith: (name) => (name === 'save' ? 3 : 0),
  }).map((s) => ({ ...s, text: text.slice(s.start, s.end).trim().split('\n').at(-1)! }));
}

test('a statement lists its names; what repeats others says which names they have', async () => {
  const all = await ranked();
  const [first, second] = all.filter((s) => s.text === 'total = load(one)');
  const byName = [first!, second!].sort((a, b) => a.start - b.start);
  expect(byName[0]).toMatchObject({ repeated: 0, parts: { names: 1, pairs: 0 } });
  expect(byName[0]!.names!.map((n) => n.name).sort()).toEqual(['load', 'one', 'total']);
  expect(byName[0]!.names!.find((n) => n.name === 'load')).toMatchObject({ elsewhere: 1, declared: false, files: 0 });
  expect(byName[1]!.repeated).toBeGreaterThan(0.8);
  expect(byName[1]!.known).toHaveLength(2);
  expect(byName[1]!.worth).toBeLessThan(byName[0]!.worth);
});

test('a statement declares its first name: parameters are uses', async () => {
  const all = await ranked({ text: 'def run(first, second, third, fourth):\n    return first\n\nrun(1, 2, 3, 4)\n' });
  const run = all.find((s) => s.text.startsWith('def run') || s.start === 0)!;
  expect(run.names!.filter((n) => n.declared).map((n) => n.name)).toEqual(['run']);
});

test('what other files use is counted', async () => {
  const all = await ranked();
  const save = all.find((s) => s.text === 'other = save()')!;
  expect(save.names!.find((n) => n.name === 'save')).toMatchObject({ files: 3, elsewhere: 0 });
});

test('a comment is one; code with a comment above it is none', async () => {
  const all = await ranked();
  expect(all.filter((s) => s.class === 'comment').map((s) => s.text)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^#/)]),
  );
  for (const s of all) expect(s.class === 'comment').toBe(s.text.startsWith('#'));
});

test('what the attention of later code adds is told apart', async () => {
  const all = await ranked({ future: (text, at) => (at >= text.indexOf('other') ? 1 : 0) });
  expect(all.find((s) => s.text === 'other = save()')!.parts!.future).toBeGreaterThan(0.5);
});

test('what the cursor adds is told apart', async () => {
  const all = await ranked({ cursor: (text, at) => (at >= text.indexOf('other') ? 1 : 0) });
  const near = all.find((s) => s.text === 'other = save()')!;
  expect(near.parts!.cursor).toBeGreaterThan(0.5);
  const sum = Object.values(near.parts!).reduce((n, x) => n + x, 0);
  expect(sum).toBeCloseTo(1, 2);
});
