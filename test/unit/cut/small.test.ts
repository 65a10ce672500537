// Tests small contexts: markers and the note never make them longer, and no text loses all its code.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Budget } from '../../../src/core/budget';
import type { FormatOptions } from '../../../src/core/context';
import { complementSpans, sharedSpans, unionSpans, type Span } from '../../../src/core/span';
import { orderCuts } from '../../../src/cut/order';
import { cutUnder, shareBudget, type Shared, type Sharer } from '../../../src/cut/share';
import { languageOf } from '../../../src/languages/languages';
import { parseStructure } from '../../../src/parse/structure';
import { BRIEF } from '../../support/brief';
import { testGrammars } from '../../support/grammars';
import { SMALL_CELLS, SMALL_FILES } from '../../support/smallTexts';
import { checkRendered, counter, evidence, options } from './promises';

const grammars = testGrammars();
const RATIOS = [0.02, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];

async function file(
  [path, text]: readonly [string, string],
  drops: readonly Span[] = [],
  languageId = languageOf(path),
): Promise<Sharer> {
  const source = { path, languageId, text };
  const structure = await parseStructure(source, grammars);
  return {
    source,
    order: orderCuts(structure, evidence(text, 7), [], { drops }),
    before: counter.count(text),
    options,
  };
}

/** What is left of a text, without comments, heads that stay whatever is cut, and brackets; of a text of comments it is all. */
function codeLeft({ source: { text }, order }: Sharer, spans: Shared['rendered'][number]['spans']): string {
  const comments = unionSpans(order.structure.comments ?? []);
  const of = (kept: readonly Span[]): string =>
    kept
      .map((s) => text.slice(s.start, s.end))
      .join('\n')
      .replace(/^\s*(package|namespace) .*|<\?php|^#!.*|'use strict';/gm, '')
      .replace(/[\s{}()[\];,]/g, '');
  const without = (list: readonly Span[]): Span[] => sharedSpans(list, complementSpans(comments, text.length));
  const kept = unionSpans(spans.filter((s) => s.kept));
  return of(without([{ start: 0, end: text.length }])) ? of(without(kept)) : of(kept);
}

const withCode = (files: readonly Sharer[], { rendered }: Shared): boolean[] =>
  files.map((f, i) => codeLeft(f, rendered[i]!.spans) !== '');
const ALL = (count: number): boolean[] => Array.from({ length: count }, () => true);
const FRAMES = [{}, { alone: 'block' }, { style: 'xml' }] as const;

/** The budgets of a context: each is met, or its result says why not; no result is longer than the context; some code of each text stays. */
function checkBudgets(files: readonly Sharer[], ratios: readonly number[], frame: FormatOptions): void {
  const of = (budget: Budget): Shared => shareBudget(files, budget, [], counter, frame);
  const least = of({ kind: 'keepRatio', keepRatio: 0.001 });
  const { before } = least;
  const check = (out: Shared): void => {
    files.forEach((f, i) => checkRendered(f.order.structure, f.order, out.rendered[i]!));
    expect(out.after).toBeLessThanOrEqual(before);
  };
  for (const keepRatio of ratios) {
    const out = of({ kind: 'keepRatio', keepRatio });
    check(out);
    expect(withCode(files, out)).toEqual(ALL(files.length));
    const [only, ...others] = files;
    const reached = others.length ? out.after / before : out.rendered[0]!.recipientTokens / only!.before;
    if (reached > keepRatio) expect(out.floorReason).toBeDefined();
    const maxTokens = Math.max(1, Math.floor(keepRatio * before));
    const limited = of({ kind: 'maxTokens', maxTokens });
    check(limited);
    expect(limited.after > maxTokens).toBe(limited.floorReason !== undefined);
    if (least.after <= maxTokens) expect(withCode(files, limited)).toEqual(ALL(files.length)); // it forbids no code
  }
  for (const threshold of [0.3, 0.7, Infinity]) {
    const out = cutUnder(files, threshold, counter, frame);
    check(out);
    expect(withCode(files, out)).toEqual(ALL(files.length));
    expect(out.floorReason).toBe(out.after === before ? out.floorReason : undefined);
  }
}

describe.each([1, 2, 3, 5])('%i files of 10 to 150 tokens', (count) => {
  test.each(SMALL_FILES.map((_, i) => i))(
    'from text %i on: no more tokens than before, and some code',
    async (first) => {
      const files = await Promise.all(
        Array.from({ length: count }, (_, i) => file(SMALL_FILES[(first + i) % SMALL_FILES.length]!)),
      );
      for (const frame of FRAMES) checkBudgets(files, RATIOS, frame);
    },
  );
});

/** Parts of the samples of all languages that stand alone, of 10 to 200 tokens. */
async function parts(): Promise<[path: string, text: string][]> {
  const out: [string, string][] = [];
  for (const name of readdirSync('test/samples').filter((f) => f !== 'README.md')) {
    const text = readFileSync(`test/samples/${name}`, 'utf8');
    const { units } = await parseStructure({ path: name, languageId: languageOf(name), text }, grammars);
    const all = units.length > 1 ? units : (units[0]?.children ?? []);
    let from = 0;
    all.forEach(({ end }, i) => {
      const part = text.slice(all[from]!.start, end);
      const size = counter.count(part);
      if (size >= 10 && size <= 200) out.push([`part${i}/${name}`, part]);
      if (size > 60) from = i + 1;
    });
  }
  return out;
}

/** Numbers in [0, most) from a seed. */
function randoms(seed: number): (most: number) => number {
  let state = seed >>> 0;
  return (most) => Math.floor(((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296) * most);
}

test('contexts of 1 to 5 parts of real files, in every language: no more tokens than before, and some code of each', async () => {
  const all = await parts();
  expect(new Set(all.map(([path]) => path.split('.').at(-1))).size).toBeGreaterThan(15);
  const random = randoms(20);
  for (let n = 0; n < (BRIEF ? 5 : 60); n++) {
    const count = 1 + random(5);
    const files = await Promise.all(Array.from({ length: count }, () => file(all[random(all.length)]!)));
    checkBudgets(files, [0.05 + random(30) / 100, 0.5, 0.6 + random(35) / 100], FRAMES[random(3)]!);
  }
});

test('cells of a notebook: no more tokens than before, and some code of each', async () => {
  const files = await Promise.all(SMALL_CELLS.map((text, i) => file([`n.ipynb:${i + 1}`, text], [], 'python')));
  for (const frame of FRAMES) checkBudgets(files, RATIOS, frame);
});

test('a context that stays whole says why, and each file what it needs', async () => {
  const files = await Promise.all(SMALL_FILES.slice(0, 3).map((t) => file(t)));
  const out = shareBudget(files, { kind: 'keepRatio', keepRatio: 0.3 }, [], counter);
  expect(out.floorReason).toBe('small');
  expect(out.rendered.map((r) => r.text)).toEqual(files.map((f) => f.source.text));
  expect(out.rendered.map((r) => r.floor)).toEqual(files.map((f) => f.before));
  const auto = cutUnder(files, Infinity, counter);
  expect(auto.floorReason).toBe('small');
  expect(auto.rendered.map((r) => r.text)).toEqual(files.map((f) => f.source.text));
});

test('what the user leaves out is left out all the same, without a marker that would cost more', async () => {
  const text = SMALL_FILES[0]![1];
  const files = [await file(SMALL_FILES[0]!, [{ start: 0, end: text.length }])];
  const out = shareBudget(files, { kind: 'keepRatio', keepRatio: 0.5 }, [], counter);
  expect(out.rendered[0]!.text).toMatch(/^\/\/1… #/);
  const one = [await file(['a.ts', 'a();\nb();\n'], [{ start: 0, end: 4 }])];
  const rest = shareBudget(one, { kind: 'keepRatio', keepRatio: 1 }, [], counter);
  expect(rest.rendered[0]!).toMatchObject({ text: 'b();\n', elisions: [{ line: 1, marker: '' }] });
});

test('a budget above the last code of a text says so', async () => {
  const files = [await file(['f.ts', SMALL_FILES[6]![1].repeat(4)])];
  const out = shareBudget(files, { kind: 'keepRatio', keepRatio: 0.01 }, [], counter);
  expect(out.floorReason).toBe('code');
  expect(out.rendered[0]!.text).toContain('export const value');
  const limited = shareBudget(files, { kind: 'maxTokens', maxTokens: 12 }, [], counter);
  expect(limited.rendered[0]!.text).toMatch(/^\/\/1… #\w{4}\n$/);
});
