// Tests which spans a rendered text has, and why each stays or is cut.
import { expect, test } from 'vitest';
import { orderCuts, type OrderOptions } from '../../../src/cut/order';
import { renderPrefix, type RenderOptions } from '../../../src/cut/render';
import type { CodeStructure } from '../../../src/parse/structure';
import { lengthCounter } from '../../support/counters';
import { boundsOf, linesUnit, structureOf } from '../../support/structures';

const options: RenderOptions = { markers: true, counter: lengthCounter };

/** The spans after `count` steps, cut line by line: text, kept, reason. */
function spansOf(
  structure: CodeStructure,
  count: number,
  pins: readonly { start: number; end: number }[] = [],
  more: OrderOptions = {},
): [string, boolean, string][] {
  const { text } = structure.source;
  const evidence = { bounds: boundsOf(text), values: Float32Array.from(text, (_, i) => i) };
  const { spans } = renderPrefix(orderCuts(structure, evidence, pins, more), count, options);
  return spans.map((s) => [text.slice(s.start, s.end), s.kept, s.reason]);
}

test('a whole text is one untouched span, an empty one has none', () => {
  expect(spansOf(structureOf('a\nb\n'), 0)).toEqual([['a\nb\n', true, 'untouched']]);
  expect(spansOf(structureOf(''), 0)).toEqual([]);
  const order = orderCuts(structureOf('a\n'), { bounds: boundsOf('a\n'), values: new Float32Array(2) }, []);
  expect(renderPrefix(order, 0, options)).toMatchObject({ text: 'a\n', elisions: [], recipientTokens: 2 });
});

test('the example of the docstring', () => {
  const structure = structureOf('a();\nb();\nc();\n');
  const order = orderCuts(
    structure,
    { bounds: boundsOf('a();\nb();\nc();\n', 5), values: Float32Array.of(2, 1, 3) },
    [],
  );
  const { text, spans, elisions, recipientTokens } = renderPrefix(order, 1, options);
  const tag = elisions[0]!.id.slice(0, 4);
  expect(text).toBe(`a();\n//2… #${tag}\nc();\n`);
  expect(recipientTokens).toBe(text.length);
  expect(spans).toEqual([
    { start: 0, end: 5, kept: true, reason: 'score', retention: 1 },
    { start: 5, end: 10, kept: false, reason: 'score', retention: 1, elision: `${tag}:2` },
    { start: 10, end: 15, kept: true, reason: 'score', retention: 1 },
  ]);
  expect(elisions).toEqual([
    { id: `${tag}:2`, start: 5, end: 10, line: 2, lines: 1, recipientTokens: 5, marker: `//2… #${tag}\n` },
  ]);
});

test('what stays says why: pins, protection, rank, errors, syntax', () => {
  const text = 'cut\npin\nb\n"use strict";\nd\nerror\nbrace\nf\n';
  const units = [1, 2, 3, 4, 5, 8].map((n) => linesUnit(text, n));
  const unparsed = [{ start: text.indexOf('error'), end: text.indexOf('brace') }];
  const pin = { start: 4, end: 7 };
  expect(spansOf({ ...structureOf(text, units), unparsed }, 1, [pin])).toEqual([
    ['cut\n', false, 'score'],
    ['pin', true, 'pinned'],
    ['\n', true, 'syntax'],
    ['b\n', true, 'score'],
    ['"use strict";\n', true, 'protected'],
    ['d\n', true, 'score'],
    ['error\n', true, 'unparsed'],
    ['brace\n', true, 'syntax'],
    ['f\n', true, 'score'],
  ]);
});

test('neighbours with one reason are one span', () => {
  const text = 'a\nb\nc\nd\n';
  expect(spansOf(structureOf(text), 1)).toEqual([
    ['a\n', false, 'score'],
    ['b\nc\nd\n', true, 'score'],
  ]);
  expect(spansOf(structureOf(text, [linesUnit(text, 1)]), 1)).toEqual([
    ['a\n', false, 'score'],
    ['b\nc\nd\n', true, 'syntax'],
  ]);
});

test('blank lines between cut units are absorbed', () => {
  const text = 'a\n\nb\nc\n}\n\n';
  const units = [linesUnit(text, 1), linesUnit(text, 3), linesUnit(text, 5)];
  expect(spansOf(structureOf(text, units), 2)).toEqual([
    ['a\n', false, 'score'],
    ['\n', false, 'absorbed'],
    ['b\n', false, 'score'],
    ['c\n', true, 'syntax'],
    ['}\n', true, 'score'],
    ['\n', true, 'syntax'],
  ]);
  expect(spansOf(structureOf(text, units), 3).slice(-2)).toEqual([
    ['}\n', false, 'score'],
    ['\n', false, 'absorbed'],
  ]);
});

test('what the user excluded says so, also inside a larger cut', () => {
  const text = 'a\nb\nc\nd\n';
  const unit = linesUnit(text, 1, 4, [linesUnit(text, 2), linesUnit(text, 3)]);
  const drops = [{ start: 2, end: 4 }];
  expect(spansOf(structureOf(text, [unit]), 1, [], { drops })).toEqual([
    ['a\n', true, 'score'],
    ['b\n', false, 'excluded'],
    ['c\nd\n', true, 'score'],
  ]);
  expect(spansOf(structureOf(text, [unit]), 2, [], { drops })).toEqual([
    ['a\n', false, 'score'],
    ['b\n', false, 'excluded'],
    ['c\nd\n', false, 'score'],
  ]);
  expect(spansOf(structureOf(text), 2, [], { drops: [...drops, { start: 6, end: 8 }] })).toEqual([
    ['a\n', true, 'score'],
    ['b\n', false, 'excluded'],
    ['c\n', true, 'score'],
    ['d\n', false, 'excluded'],
  ]);
});

test('retention is the mean over the tokens of a span, rounded', () => {
  const text = 'a\nb\nc\n';
  const order = orderCuts(structureOf(text), { bounds: boundsOf(text, 2), values: Float32Array.of(1, 2, 3) }, []);
  const retention = (values: readonly number[], size: number): number[] =>
    renderPrefix(order, 1, {
      ...options,
      retention: { bounds: boundsOf(text, size), values: Float32Array.from(values) },
    }).spans.map((s) => s.retention);
  expect(retention([0, 0, 1, 0, 0.25, 1], 1)).toEqual([0, 0.5625]);
  expect(retention([1, 0, 1 / 3], 2)).toEqual([1, 0.1667]);
  expect(retention([0.5], 6)).toEqual([0.5, 0]); // no token begins in the second span
  expect(retention([], 1)).toEqual([1, 1]);
});

test('a language without comments says that an elision has no marker', () => {
  const text = 'a\nb\n';
  const order = (languageId: string) =>
    orderCuts(
      structureOf(text, undefined, languageId),
      { bounds: boundsOf(text), values: Float32Array.of(0, 0, 1, 1) },
      [],
    );
  expect(renderPrefix(order('json'), 1, options).elisions).toMatchObject([{ marker: '', silent: true }]);
  expect(renderPrefix(order('json'), 1, { ...options, markers: false }).elisions[0]).not.toHaveProperty('silent');
  expect(renderPrefix(order('go'), 1, options).elisions[0]).not.toHaveProperty('silent');
});
