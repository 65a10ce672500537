// Tests in which order units are cut, how far a budget goes in it, and what an invalid text changes.
import { describe, expect, test } from 'vitest';
import type { TokenEvidence } from '../../../src/core/evidence';
import type { TokenCounter } from '../../../src/core/token';
import { fitToTokens, stepsUnder } from '../../../src/cut/fit';
import { orderCuts, type CutOrder } from '../../../src/cut/order';
import type { CodeStructure } from '../../../src/parse/structure';
import { namesOf } from '../../../src/evidence/names';
import { boundsOf, linesUnit, structureOf } from '../../support/structures';
import { lengthCounter } from '../../support/counters';

/** A token per UTF-16 unit; each line has its value. */
function evidenceOf(text: string, ...values: readonly number[]): TokenEvidence {
  let line = 0;
  return {
    bounds: boundsOf(text),
    values: Float32Array.from(text, (c) => (c === '\n' ? values[line++]! : values[line]!)),
  };
}
const steps = ({ source: { text }, steps: all }: CutOrder): [string, number][] =>
  all.map(({ unit, key }) => [text.slice(unit.start, unit.end).replaceAll('\n', ' ').trim(), key]);

describe('by mean evidence', () => {
  test('the least is cut first, of equals the first in the text', () => {
    const text = 'a\nb\nc\nd\n';
    expect(steps(orderCuts(structureOf(text), evidenceOf(text, 3, 1, 2, 1), []))).toEqual([
      ['b', 1],
      ['d', 1],
      ['c', 2],
      ['a', 3],
    ]);
  });

  test('a parent counts without the children that are cut before it, and is divided while it is large', () => {
    const of = (...values: number[]): [string, number][] => {
      const text = values.map((_, i) => `line__${i}\n`).join('');
      const children = values.slice(1).map((_, i) => linesUnit(text, i + 2));
      return steps(
        orderCuts(structureOf(text, [linesUnit(text, 1, values.length, children)]), evidenceOf(text, ...values), []),
      );
    };
    const rest = (n: number): string => Array.from({ length: n }, (_, i) => `line__${i}`).join(' ');
    // Without the first child the parent has a mean of 7.6667 over 24 tokens: small enough, the others go with it.
    expect(of(5, 1, 9, 9)).toEqual([
      ['line__1', 1],
      [rest(4), 7.6667],
    ]);
    // With 32 tokens left it is divided once more, and cannot be cut before that child.
    expect(of(5, 1, 9, 9, 9)).toEqual([
      ['line__1', 1],
      [rest(5), 9],
    ]);
    expect(of(1, 9, 9)).toEqual([[rest(3), 6.3333]]);
  });

  test('the last child counts with its parent if nothing else is left', () => {
    const text = 'a\nb\n';
    const unit = linesUnit(text, 1, 2, [linesUnit(text, 1), linesUnit(text, 2)]);
    expect(steps(orderCuts(structureOf(text, [unit]), evidenceOf(text, 1, 2), []))).toEqual([
      ['a', 1],
      ['a b', 2],
    ]);
  });

  test('what holds a pin or a protected line is divided, and so is what cannot be cut as a whole', () => {
    const text = 'head\nb\nc\n"use strict";\n';
    const unit = linesUnit(text, 1, 3, [linesUnit(text, 2), linesUnit(text, 3)]);
    const last = linesUnit(text, 4);
    const pin = { start: 7, end: 8 };
    const structure = structureOf(text, [unit, last]);
    expect(steps(orderCuts(structure, evidenceOf(text, 1, 2, 3, 4), [pin]))).toEqual([['b', 2]]);
    expect(steps(orderCuts(structure, evidenceOf(text, 1, 2, 3, 4), [], { protects: [pin] }))).toEqual([['b', 2]]);
    const group = { ...unit, cuttable: false };
    expect(steps(orderCuts(structureOf(text, [group]), evidenceOf(text, 1, 2, 3, 4), []))).toEqual([
      ['b', 2],
      ['c', 3],
    ]);
  });
});

test('by coverage, what only repeats is cut first', () => {
  const text = 'alpha\nalpha\nbeta_\n';
  const structure = structureOf(text);
  const bounds = boundsOf(text);
  const table = namesOf(structure, bounds, structure.classes(bounds));
  const names = {
    table,
    mention: Float32Array.of(1, 1),
    definition: new Float32Array(2),
    repeatDecay: 0.1,
    markerTokens: 1,
  };
  const order = orderCuts(structure, { bounds, values: new Float32Array(text.length), names }, []);
  expect(order.steps.map((s) => s.unit.start)).toEqual([6, 12, 0]);
});

describe('what the user excludes', () => {
  const text = 'a\nb\nc\nd\n';
  const line = (n: number) => ({ start: 2 * n - 2, end: 2 * n });

  test('is cut before everything else, and every budget takes it', () => {
    const order = orderCuts(structureOf(text), evidenceOf(text, 1, 2, 3, 4), [], { drops: [line(3)] });
    expect(steps(order)).toEqual([
      ['c', -Infinity],
      ['a', 1],
      ['b', 2],
      ['d', 4],
    ]);
    expect(order.forced).toBe(1);
    expect(orderCuts(structureOf(text), evidenceOf(text, 1, 2, 3, 4), []).forced).toBe(0);
  });

  test('stays if the text would not parse without it', () => {
    const structure = { ...structureOf(text), errorsIn: (t: string) => (t.includes('c') ? 0 : 1) };
    const order = orderCuts(structure, evidenceOf(text, 1, 2, 3, 4), [], { drops: [line(2), line(3)] });
    expect(steps(order).map(([words]) => words)).toEqual(['b', 'a', 'd']);
    expect(order.forced).toBe(1);
    const unverified = orderCuts(structure, evidenceOf(text, 1, 2, 3, 4), [], { drops: [line(3)], verify: false });
    expect(unverified.forced).toBe(1);
    expect(unverified.steps).toHaveLength(4);
  });

  test('takes the protection of the lines in it, and no pin', () => {
    const strict = "'use strict';\nb\n";
    const all = { start: 0, end: strict.length };
    const order = orderCuts(structureOf(strict), evidenceOf(strict, 1, 2), [{ start: 14, end: 15 }], { drops: [all] });
    expect(steps(order)).toEqual([["'use strict';", -Infinity]]);
    expect(order.protectedSpans).toEqual([]);
    expect(order.pins).toEqual([{ start: 14, end: 15 }]);
  });
});

describe('a cut that would not parse', () => {
  const text = Array.from({ length: 40 }, (_, i) => `line${String(i).padStart(2, '0')}\n`).join('');
  const values = Array.from({ length: 40 }, (_, i) => i);
  const needs = (...lines: readonly string[]): CodeStructure & { calls: () => number } => {
    let calls = 0;
    return {
      ...structureOf(text),
      errorsIn: (t) => (calls++, lines.filter((l) => !t.includes(l)).length),
      calls: () => calls,
    };
  };

  test.each([[['line07']], [['line00', 'line01', 'line23', 'line39']], [['line39']]])('is no step: %j', (lines) => {
    const structure = needs(...lines);
    const order = orderCuts(structure, evidenceOf(text, ...values), []);
    const all = Array.from({ length: 40 }, (_, i) => `line${String(i).padStart(2, '0')}`);
    expect(steps(order).map(([words]) => words)).toEqual(all.filter((l) => !lines.includes(l)));
    expect(structure.calls()).toBeLessThan(12 + 4 * lines.length + 2);
  });

  test('is a step if nobody asks the parser', () => {
    const structure = needs('line07');
    expect(orderCuts(structure, evidenceOf(text, ...values), [], { verify: false }).steps).toHaveLength(40);
    expect(structure.calls()).toBe(0);
  });
});

describe('a budget', () => {
  const text = Array.from({ length: 5 }, (_, i) => `line ${i}...\n`).join(''); // 10 units each
  const options = { markers: false, counter: lengthCounter };
  /** Cut line by line from the top; texts of these lengths do not parse. */
  const orderOf = (...invalid: readonly number[]): CutOrder =>
    orderCuts(
      { ...structureOf(text), errorsIn: (t) => (invalid.includes(t.length) ? 1 : 0) },
      evidenceOf(text, 1, 2, 3, 4, 5),
      [],
      { verify: false },
    );
  const fit = (allowed: number, ...invalid: readonly number[]): [number, number, number | undefined] => {
    const { rendered, steps: count, floor } = fitToTokens(orderOf(...invalid), allowed, options);
    return [rendered.recipientTokens, count, floor];
  };

  test('takes as few steps as it needs', () => {
    expect(fit(50)).toEqual([50, 0, undefined]);
    expect(fit(49)).toEqual([40, 1, undefined]);
    expect(fit(30)).toEqual([30, 2, undefined]);
    expect(fit(9)).toEqual([0, 5, undefined]);
  });

  test('passes over what does not parse', () => {
    expect(fit(30, 30)).toEqual([20, 3, undefined]);
    expect(fit(35, 30, 20)).toEqual([10, 4, undefined]);
    expect(fit(50, 50)).toEqual([50, 0, undefined]); // the source itself
  });

  test('has a floor if nothing small enough parses', () => {
    expect(fit(5, 0)).toEqual([10, 4, 10]);
    expect(fit(35, 30, 20, 10, 0)).toEqual([40, 1, 40]);
    expect(fit(35, 40, 30, 20, 10, 0)).toEqual([50, 0, 50]);
  });

  test('is counted by its own counter, with or without markers', () => {
    const order = orderOf();
    const double: TokenCounter = { ...lengthCounter, id: 'cl100k', count: (t) => 2 * t.length };
    expect(fitToTokens(order, 60, options).steps).toBe(0);
    expect(fitToTokens(order, 60, { markers: false, counter: double }).steps).toBe(2);
    const marked = fitToTokens(order, 30, { markers: true, counter: lengthCounter });
    expect(marked.rendered.text).toMatch(/^\/\/1… #[a-z2-7]{4}\nline 4/);
    expect(fitToTokens(order, 30, options).rendered.text).toBe(text.slice(20));
  });

  test('a threshold takes the steps whose key is below it, and stops before what does not parse', () => {
    const count = (threshold: number, ...invalid: readonly number[]): number =>
      stepsUnder(orderOf(...invalid), threshold);
    expect([0, 1, 1.5, 3, 99].map((t) => count(t))).toEqual([0, 0, 1, 2, 5]);
    const marked = (n: number): number => '//1… #abcd\n'.length + 50 - 10 * n;
    expect(count(4, marked(3))).toBe(2);
    expect(count(4, marked(3), marked(2), marked(1))).toBe(0);
    const forced = orderCuts(structureOf(text), evidenceOf(text, 1, 2, 3, 4, 5), [], {
      drops: [{ start: 41, end: 42 }],
    });
    expect([-Infinity, 1, 2].map((t) => stepsUnder(forced, t))).toEqual([1, 1, 2]);
    const stuck = { ...forced, structure: { ...forced.structure, errorsIn: (t: string) => (t === text ? 0 : 1) } };
    expect(stepsUnder(stuck, 3)).toBe(1);
  });
});
