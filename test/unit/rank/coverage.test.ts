// Tests the coverage order: names count once, a larger budget keeps a superset, holes cost, the code stays valid.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { termsOf } from '../../../src/question/terms';
import type { SourceText } from '../../../src/core/context';
import type { TokenEvidence } from '../../../src/core/evidence';
import { counterFor } from '../../../src/tokens/counters';
import { keepOrder } from '../../../src/rank/coverage';
import { fitToTokens } from '../../../src/cut/fit';
import { languageOf } from '../../../src/languages/languages';
import {
  askedAndUsed,
  askedDeclarations,
  askedNames,
  namesOf,
  sharedNames,
  wordsOf,
} from '../../../src/evidence/names';
import { pairsOf } from '../../../src/evidence/pairs';
import { orderCuts } from '../../../src/cut/order';
import { parseStructure, type CodeStructure } from '../../../src/parse/structure';
import { cases } from '../../support/brief';
import { testGrammars } from '../../support/grammars';

const grammars = testGrammars();
const options = { markers: true, counter: counterFor('o200k') };

/** A token per 4 units, all alike but for `value`; every name is worth the same. */
function evidence(structure: CodeStructure, worth = 1, value: (i: number) => number = () => 0): TokenEvidence {
  const { text } = structure.source;
  const n = Math.ceil(text.length / 4);
  const bounds = Int32Array.from({ length: n + 1 }, (_, i) => Math.min(text.length, i * 4));
  const table = namesOf(structure, bounds, structure.classes(bounds));
  return {
    bounds,
    values: Float32Array.from({ length: n }, (_, i) => value(i)),
    names: {
      table,
      mention: new Float32Array(table.count).fill(worth),
      definition: new Float32Array(table.count).fill(worth),
      repeatDecay: 0.1,
      markerTokens: 10,
    },
  };
}
const python = (text: string): Promise<CodeStructure> =>
  parseStructure({ path: 'a.py', languageId: 'python', text }, grammars);

test('names are found in code alone, with their definitions and depth', async () => {
  const structure = await python(
    'import alpha\n# beta in a comment\ndef gamma(delta):\n    return alpha.epsilon("zeta")\n',
  );
  const n = structure.source.text.length;
  const bounds = Int32Array.from({ length: n + 1 }, (_, i) => i);
  const { starts, names, defines, depths, count } = namesOf(structure, bounds, structure.classes(bounds));
  const words = [...starts].map((s) => /^\w+/.exec(structure.source.text.slice(s))![0]);
  expect(words).toEqual(['alpha', 'gamma', 'delta', 'alpha', 'epsilon']);
  expect(count).toBe(4);
  expect(names[3]).toBe(names[0]);
  expect(defines[1]).toBe(1);
  expect(depths[3]!).toBeGreaterThan(depths[1]!);
});

test('a question names names, in any case and inside a sentence', async () => {
  const structure = await python('def keep_top(scores):\n    return scores\ndef other(scores):\n    return 1\n');
  const n = structure.source.text.length;
  const bounds = Int32Array.from({ length: n + 1 }, (_, i) => i);
  const table = namesOf(structure, bounds, structure.classes(bounds));
  const asked = askedNames(table, structure.source.text, termsOf('How does Keep_Top break ties?'));
  expect([...table.names].map((name) => asked[name])).toEqual([2, 0, 0, 0, 0]);
});

test('what another text uses is known by name, comments do not count', async () => {
  const one = await python('from two import keep_top\n# other is not meant\nprint(keep_top([]))\n');
  const two = await python('def keep_top(scores):\n    return scores\ndef other(scores):\n    return 1\n');
  expect([...wordsOf(one)].sort()).toEqual(['keep_top', 'print', 'two']);
  const n = two.source.text.length;
  const bounds = Int32Array.from({ length: n + 1 }, (_, i) => i);
  const table = namesOf(two, bounds, two.classes(bounds));
  const shared = sharedNames(table, two.source.text, wordsOf(one));
  expect([...table.names].map((name) => shared[name])).toEqual([1, 0, 0, 0, 0]);
});

test('a small JSON record stays whole, or goes whole', async () => {
  const record = (i: number): string => `    {\n      "command": "name${i}",\n      "title": "title ${i}"\n    }`;
  const text = `{\n  "commands": [\n${[1, 2, 3, 4, 5, 6].map(record).join(',\n')}\n  ]\n}\n`;
  const structure = await parseStructure({ path: 'a.json', languageId: 'json', text }, grammars);
  const order = orderCuts(structure, evidence(structure), []);
  const { rendered } = fitToTokens(order, Math.floor(options.counter.count(text) / 2), options);
  const left = (JSON.parse(rendered.text) as { commands: object[] }).commands;
  expect(left.length).toBeGreaterThan(0);
  expect(left.length).toBeLessThan(6);
  for (const r of left) expect(Object.keys(r)).toEqual(['command', 'title']);
});

test('a line that only repeats what is kept already comes last', async () => {
  const structure = await python(
    'first = alpha_name + beta_name\nsecond = gamma_name + delta_name\nfirst = alpha_name + beta_name\n',
  );
  const order = keepOrder(structure, evidence(structure), []).map((p) =>
    structure.source.text.slice(p.unit.start, p.unit.start + 6),
  );
  expect(order.at(-1)).toBe('first ');
  expect(new Set(order.slice(0, 2))).toEqual(new Set(['first ', 'second']));
});

test('pairs of tokens stand in code alone, and the same two are one pair', async () => {
  const structure = await python('a = 1\n# a = 1\na = 1\n');
  const { text } = structure.source;
  const bounds = Int32Array.from({ length: text.length + 1 }, (_, i) => i);
  const { count, pairs } = pairsOf(
    Int32Array.from(text, (c) => c.charCodeAt(0)),
    structure.classes(bounds),
  );
  const [first, second] = [text.indexOf(' = '), text.lastIndexOf(' = ')];
  expect([...pairs.slice(text.indexOf('#'), text.indexOf('\n', 7))].every((p) => p === -1)).toBe(true);
  expect(pairs[first + 1]).toBe(pairs[second + 1]);
  expect(pairs[first]).not.toBe(pairs[first + 1]);
  expect(new Set(pairs.filter((p) => p >= 0)).size).toBe(count);
});

test('what pairs tell counts once: of two units that say the same, the second comes last', async () => {
  const structure = await python('f(1, 2)\ng(3, 4)\nf(1, 2)\nh(5, 6)\n');
  const bare = evidence(structure, 0);
  const table = { count: 6, pairs: Int32Array.of(0, 1, 2, 3, 0, 1, 4, 5) }; // two tokens a line
  const order = (worth: Float32Array): number[] =>
    keepOrder(structure, { ...bare, pairs: { table, worth, repeatDecay: 0 } }, []).map((p) => p.unit.start / 8);
  expect(order(new Float32Array(6).fill(1)).at(-1)).toBe(2);
  // The more surprising pairs come first.
  expect(order(Float32Array.of(1, 1, 1, 1, 9, 9))[0]).toBe(3);
});

test('a further unit with a pair brings its share, and each less than the one before', async () => {
  const structure = await python('f(1, 2)\nf(1, 2)\nf(1, 2)\ng(3, 4)\n');
  const table = { count: 3, pairs: Int32Array.of(0, 1, 0, 1, 0, 1, 2, -1) };
  const placeOfOther = (repeatDecay: number, worth: number): number =>
    keepOrder(
      structure,
      { ...evidence(structure, 0), pairs: { table, worth: Float32Array.of(1, 1, worth), repeatDecay } },
      [],
    ).findIndex((p) => p.unit.start === 24);
  expect(placeOfOther(0, 0.1)).toBe(1);
  expect(placeOfOther(0.5, 0.7)).toBe(2); // behind the second copy, which is worth 1, before the third: 0.5
  expect(placeOfOther(0.5, 0.1)).toBe(3);
});

test('of two that say as much, the one that is cheaper for the reader comes first', async () => {
  const structure = await python('f(1, 2)\ng(3, 4)\n');
  const base = evidence(structure, 0, () => 1);
  const order = (costs: readonly number[]): number[] =>
    keepOrder(structure, { ...base, costs: Float32Array.from(costs) }, []).map((p) => p.unit.start / 8);
  expect(order([1, 1, 3, 3])).toEqual([0, 1]);
  expect(order([3, 3, 1, 1])).toEqual([1, 0]);
});

test('the last copy may be the kept one when its tokens are worth more', async () => {
  const structure = await python(
    'first = alpha_name + beta_name\nsecond = gamma_name + delta_name\nfirst = alpha_name + beta_name\n',
  );
  const late = structure.source.text.lastIndexOf('first') / 4;
  const [best] = keepOrder(
    structure,
    evidence(structure, 1, (i) => (i >= late ? 0.5 : 0)),
    [],
  );
  expect(best!.unit.start).toBe(structure.source.text.lastIndexOf('first'));
});

test('of equals one at the edge of the hole comes first: it opens no further hole', async () => {
  const structure = await python(
    ['kept_name = 1', 'aaaa_one = 2', 'bbbb_two = 3', 'cccc_six = 4', 'dddd_ten = 5', ''].join('\n'),
  );
  const order = keepOrder(structure, evidence(structure), [{ start: 0, end: 13 }]);
  const { text } = structure.source;
  const words = order.map((p) => text.slice(p.unit.start, p.unit.start + 8));
  expect(['aaaa_one', 'dddd_ten']).toContain(words[0]); // beside kept code, or at the end of the text
  expect(words.at(-1)).not.toBe('aaaa_one');
});

const samples = readdirSync('test/samples').filter((f) => f !== 'README.md');
describe.each(cases(samples, ['ConfirmDialog.tsx']))('%s', (file) => {
  const source: SourceText = {
    path: file,
    languageId: languageOf(file),
    text: readFileSync(`test/samples/${file}`, 'utf8'),
  };

  test('parents stand before what is in them, keys never rise, every unit stands once', async () => {
    const structure = await parseStructure(source, grammars);
    const placed = keepOrder(
      structure,
      evidence(structure, 1, (i) => ((i * 7919) % 13) / 13 - 0.5),
      [],
    );
    expect(new Set(placed.map((p) => p.unit)).size).toBe(placed.length);
    for (let i = 1; i < placed.length; i++) expect(placed[i]!.key).toBeLessThanOrEqual(placed[i - 1]!.key);
    placed.forEach((p, i) => {
      const inside = placed
        .slice(0, i)
        .find(
          (q) =>
            q.unit !== p.unit &&
            q.unit.start >= p.unit.start &&
            q.unit.end <= p.unit.end &&
            q.unit.end - q.unit.start < p.unit.end - p.unit.start,
        );
      if (inside) expect.fail(`a unit at ${inside.unit.start} came before its parent at ${p.unit.start}`);
    });
  });

  test('budgets are met, nested and valid', async () => {
    const structure = await parseStructure(source, grammars);
    const order = orderCuts(structure, evidence(structure), []);
    const whole = options.counter.count(source.text);
    let before: Set<number> | undefined;
    for (const ratio of [0.75, 0.5, 0.25]) {
      const { rendered, floor } = fitToTokens(order, Math.floor(whole * ratio), options);
      if (floor === undefined) expect(rendered.recipientTokens).toBeLessThanOrEqual(whole * ratio);
      expect(structure.errorsIn(rendered.text)).toBeLessThanOrEqual(structure.errorsIn(source.text));
      const kept = new Set(
        rendered.spans
          .filter((s) => s.kept)
          .flatMap((s) => Array.from({ length: s.end - s.start }, (_, i) => s.start + i)),
      );
      if (before) for (const at of kept) if (!before.has(at)) expect.fail(`${at} is back at ${ratio}`);
      before = kept;
    }
  });
});

test('a word of a name counts less than the name; small words count nothing', async () => {
  const structure = await python(
    'def load_engine(path):\n    return renderEngines(path)\ndef how_are(paths):\n    return 1\n',
  );
  const n = structure.source.text.length;
  const table = namesOf(
    structure,
    Int32Array.from({ length: n + 1 }, (_, i) => i),
    structure.classes(Int32Array.from({ length: n + 1 }, (_, i) => i)),
  );
  const asked = askedNames(table, structure.source.text, termsOf('How are the engines of load_engine loaded?'));
  const by = Object.fromEntries(
    [...table.starts].map((s, i) => [/^\w+/.exec(structure.source.text.slice(s))![0], asked[table.names[i]!]]),
  );
  expect(by).toMatchObject({ load_engine: 2, renderEngines: 1, path: 0, how_are: 0 });
});

test('the declaration of a name that a question uses is known token by token, the innermost first', async () => {
  const structure = await python(
    'class Engine:\n    def start(self):\n        return 1\n\ndef other():\n    return start\n',
  );
  const { text } = structure.source;
  const bounds = Int32Array.from({ length: text.length + 1 }, (_, i) => i);
  const table = namesOf(structure, bounds, structure.classes(bounds));
  const declared = (question: string): Int32Array =>
    askedDeclarations(structure, table, askedNames(table, text, termsOf(question)), bounds);
  const method = '    def start(self):\n        return 1\n'.length; // units are whole lines
  const at = (word: string, all: Int32Array): number => all[text.indexOf(word)]!;
  const one = declared('What does start() return?');
  expect([at('class', one), at('return 1', one), at('other', one), at('return start', one)]).toEqual([0, method, 0, 0]); // a use declares nothing
  expect(one.filter((n) => n > 0)).toHaveLength(method);
  const both = declared('Does Engine call start?');
  expect(at('return 1', both)).toBe(method);
  expect(at('class', both)).toBeGreaterThan(method);
  expect(declared('Who starts the engines?').every((n) => n === 0)).toBe(true); // words of names only
});

test('what declares a name of the question tells which other names answer it', async () => {
  const structure = await python(
    'def start(engine):\n    return ignite(engine)\n\ndef ignite(engine):\n    return 1\n\ndef other():\n    return 2\n',
  );
  const { text } = structure.source;
  const bounds = Int32Array.from({ length: text.length + 1 }, (_, i) => i);
  const table = namesOf(structure, bounds, structure.classes(bounds));
  const asked = askedNames(table, text, termsOf('Why does start fail, and other starters?'));
  const all = askedAndUsed(asked, table, askedDeclarations(structure, table, asked, bounds));
  const by = Object.fromEntries(
    [...table.starts].map((s, i) => [/^\w+/.exec(text.slice(s))![0], all[table.names[i]!]]),
  );
  expect(by).toMatchObject({ start: 2, engine: 3, ignite: 3, other: 2 });
});
