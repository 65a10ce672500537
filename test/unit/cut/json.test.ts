// Tests cuts of JSON: keys of the outermost object stay, references have their targets, and the result is JSON with a sign.
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { fitToTokens } from '../../../src/cut/fit';
import { orderCuts } from '../../../src/cut/order';
import { shareBudget } from '../../../src/cut/share';
import { formatContext } from '../../../src/format/format';
import { markersOf } from '../../../src/format/pastedMarkers';
import { parseStructure } from '../../../src/parse/structure';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, options } from './promises';

const RATIOS = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];

/** The result of each ratio, its promises checked. */
async function cuts(text: string, seed: number) {
  const source = { path: 'a.json', languageId: 'json', text };
  const structure = await parseStructure(source, testGrammars());
  const order = orderCuts(structure, evidence(text, seed), []);
  return RATIOS.map((keepRatio) => {
    const file = { source, order, before: counter.count(text), options };
    const shared = shareBudget([file], { kind: 'keepRatio', keepRatio }, [], counter);
    checkRendered(structure, order, shared.rendered[0]!);
    const { elisions } = shared.rendered[0]!;
    const handedOver = formatContext([{ ...source, text: shared.rendered[0]!.text, elisions }]);
    expect(counter.count(handedOver)).toBe(shared.after);
    if (shared.floorReason === undefined) expect(shared.after).toBeLessThanOrEqual(keepRatio * counter.count(text));
    // Everything that was left out can be asked for by what the text shows, up to the limit of the list.
    const shown = markersOf(handedOver).map((m) => m.id);
    expect(shown).toHaveLength(Math.min(20, elisions.length));
    expect(elisions.map((e) => e.id)).toEqual(expect.arrayContaining(shown));
    return { text: handedOver, elisions };
  });
}

test.each([1, 2, 3])(
  'the keys of the outermost object stay in their order, and the sign comes last (seed %i)',
  async (seed) => {
    const text = readFileSync('test/samples/package.json', 'utf8');
    for (const result of await cuts(text, seed)) {
      const keys = Object.keys(JSON.parse(result.text) as object);
      expect(keys).toEqual([...Object.keys(JSON.parse(text) as object), ...(result.elisions.length ? ['…'] : [])]);
    }
  },
);

test('a list of records keeps whole records, and the sign is its last item', async () => {
  const records = Array.from({ length: 30 }, (_, id) => ({ id, name: `n${id * 7919}`, tags: ['a', 'b'] }));
  for (const { text, elisions } of await cuts(`${JSON.stringify(records, null, 2)}\n`, 1)) {
    const items = JSON.parse(text) as unknown[];
    const kept = elisions.length ? items.slice(0, -1) : items;
    if (elisions.length) expect(items.at(-1)).toMatch(/^left out: \d/);
    for (const item of kept) expect(records).toContainEqual(item);
  }
});

test('JSON lines under the name of JSON stay JSON lines, the first and some others', async () => {
  const lines = Array.from({ length: 40 }, (_, i) => JSON.stringify({ id: i, message: `something ${i * 31}` }));
  const results = await cuts(`${lines.join('\n')}\n`, 2);
  for (const { text, elisions } of results) {
    const kept = text.trimEnd().split('\n');
    for (const line of kept) JSON.parse(line);
    expect(JSON.parse(kept[0]!)).toMatchObject(JSON.parse(lines[0]!) as object);
    // The sign is a line, or stands in the only one.
    expect(kept.filter((line) => !lines.includes(line))).toHaveLength(elisions.length ? 1 : 0);
  }
  expect(results[0]!.text.length).toBeLessThan(results.at(-1)!.text.length);
});

test('a table of more than 64 keys is cut by its keys', async () => {
  const table = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`key${i}`, `value ${i * 17}`]));
  const [smallest] = await cuts(JSON.stringify(table, null, 1), 3);
  expect(Object.keys(JSON.parse(smallest!.text) as object).length).toBeLessThan(50);
});

test('a long value that cannot be divided goes', async () => {
  const [smallest] = await cuts(JSON.stringify({ a: 1, text: 'word '.repeat(200), b: 2 }, null, 1), 3);
  expect(Object.keys(JSON.parse(smallest!.text) as object)).toEqual(['a', 'b', '…']);
});

describe('a reference to a place in the same text', () => {
  const definition = (name: string) => ({
    description: `What ${name} is, in some words that cost something.`,
    type: 'object',
    required: ['a', 'b'],
    properties: { a: { type: 'string', minLength: 1 }, b: { type: 'number', minimum: 0 } },
    additionalProperties: false,
  });
  const names = ['one', 'two', 'three/four', 'five', 'six', 'seven'];
  const schema = {
    title: 'x',
    properties: Object.fromEntries(
      names.map((name) => [
        `p-${name}`,
        {
          description: 'A property of some length, so that it is divided.',
          type: 'object',
          title: 't',
          readOnly: true,
          deprecated: false,
          items: [{ $ref: `#/definitions/${name.replace('/', '~1')}` }],
        },
      ]),
    ),
    definitions: Object.fromEntries(names.map((name) => [name, definition(name)])),
  };
  const text = JSON.stringify(schema, null, 2);

  test.each([1, 2, 3, 4, 5])('brings its target, at every step (seed %i)', async (seed) => {
    const structure = await parseStructure({ path: 'a.json', languageId: 'json', text }, testGrammars());
    const order = orderCuts(structure, evidence(text, seed), []);
    let referred = 0;
    for (let share = 40; share >= 0; share--) {
      const { rendered } = fitToTokens(order, (counter.count(text) * share) / 40, options);
      const { definitions } = JSON.parse(rendered.text) as typeof schema;
      for (const [, name] of rendered.text.matchAll(/"\$ref": "#\/definitions\/([^"]+)"/g)) {
        referred++;
        expect(Object.keys(definitions)).toContain(name!.replace('~1', '/'));
      }
    }
    expect(referred).toBeGreaterThan(20);
    expect(order.steps.some(({ unit }) => text.slice(unit.start, unit.end).includes('What one is'))).toBe(true);
  });
});

test.each([
  ['lines', readFileSync('test/samples/package.json', 'utf8')],
  ['one line', JSON.stringify(JSON.parse(readFileSync('test/samples/package.json', 'utf8')))],
])('a block that somebody reads has comments where something is missing: JSON in %s', async (_, text) => {
  const source = { path: 'a.json', languageId: 'json', text };
  const structure = await parseStructure(source, testGrammars());
  const order = orderCuts(structure, evidence(text, 1), []);
  const frame = { alone: 'block', commented: true } as const;
  const before = counter.count(text);
  const file = { source, order, before, options: { ...options, commented: true } };
  for (const keepRatio of RATIOS) {
    const { rendered, after } = shareBudget([file], { kind: 'keepRatio', keepRatio }, [], counter, frame);
    const { text: cut, elisions } = rendered[0]!;
    checkRendered(structure, order, rendered[0]!);
    expect(elisions.some((e) => e.silent)).toBe(false);
    const block = formatContext([{ ...source, text: cut, elisions }], frame);
    expect(counter.count(block)).toBe(after);
    expect(block.includes('```jsonc\n')).toBe(elisions.length > 0);
    expect(block).not.toContain('without markers');
    expect(markersOf(block).map((m) => m.id)).toEqual(elisions.map((e) => e.id));
    const { config, error } = ts.parseConfigFileTextToJson('a.json', cut);
    expect(error).toBeUndefined();
    expect(Object.keys(config as object)).toEqual(Object.keys(JSON.parse(text) as object));
  }
});
