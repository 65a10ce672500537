// Tests where names stand, to the token, and which of them a question means.
import { expect, test } from 'vitest';
import { termsOf } from '../../../src/question/terms';
import { askedAndUsed, askedDeclarations, askedNames, namesOf, wordsOf } from '../../../src/evidence/names';
import { pairsOf } from '../../../src/evidence/pairs';
import { boundsOf, linesUnit, structureOf } from '../../support/structures';

const body = (bounds: Int32Array): Uint8Array => new Uint8Array(bounds.length - 1).fill(5);

test('the example of the docstring: names, definitions, tokens', () => {
  const text = 'def total(items): return sum(items)';
  const structure = structureOf(text);
  const bounds = Int32Array.of(0, 3, 9, 10, 12, 15, 17, 24, 28, 29, 34, 35); // "items" is two tokens
  const table = namesOf(structure, bounds, body(bounds));
  expect(table.count).toBe(3);
  expect([...table.names]).toEqual([0, 1, 2, 1]);
  expect([...table.defines]).toEqual([1, 0, 0, 0]);
  expect([...table.lengths]).toEqual([5, 5, 3]);
  expect([...table.starts]).toEqual([4, 10, 25, 29]);
  expect([...table.tokens]).toEqual([1, 3, 7, 9]);
  expect([...table.ends]).toEqual([1, 4, 7, 9]);
});

test('a name in the last token ends there', () => {
  const text = 'alpha beta';
  const table = namesOf(structureOf(text), Int32Array.of(0, 2, 10), body(Int32Array.of(0, 2, 10)));
  expect([[...table.tokens], [...table.ends]]).toEqual([
    [0, 1],
    [1, 1],
  ]);
});

test('depth counts the cuttable units around a name, and the region numbers the outermost', () => {
  const text = 'aaa\nbbb\nccc\nddd\neee\n';
  const group = linesUnit(text, 4, 4, [linesUnit(text, 4)], { cuttable: false });
  const structure = structureOf(text, [linesUnit(text, 1, 2, [linesUnit(text, 2)]), group, linesUnit(text, 5)]);
  const bounds = boundsOf(text);
  const { depths, regions } = namesOf(structure, bounds, body(bounds));
  expect([...depths]).toEqual([1, 2, 0, 1, 1]);
  expect([...regions]).toEqual([1, 1, -1, 2, 3]);
});

test('without names, or without tokens of code, the table is empty', () => {
  const bounds = boundsOf('if x');
  expect(namesOf(structureOf('if x'), bounds, body(bounds)).count).toBe(0);
  expect(namesOf(structureOf('name'), boundsOf('name', 4), Uint8Array.of(1)).count).toBe(0); // a comment
});

test('words of a question meet words of a name without their endings', () => {
  const ask = (name: string, question: string): number => {
    const bounds = boundsOf(name);
    return askedNames(namesOf(structureOf(name), bounds, body(bounds)), name, termsOf(question))[0]!;
  };
  expect(ask('loadEngines', 'Why is the ENGINE slow?')).toBe(1);
  expect(ask('parsedTree', 'Where does it parse?')).toBe(1);
  expect(ask('HTTPServer', 'Is the server up?')).toBe(1);
  expect(ask('HTTPServer', 'Does it speak http?')).toBe(1);
  expect(ask('HTTPServer', 'about serverless things')).toBe(0);
  expect(ask('mapEdges', 'Which map?')).toBe(0); // "map" is too short
  expect(ask('threads_thing', 'Every thread counts')).toBe(1);
  expect(ask('fromWhere', 'Where and from what?')).toBe(0); // words that every question has
  expect(ask('loadEngines', 'loadengines')).toBe(2);
  expect(ask('loadEngines', '?')).toBe(0);
});

test('only declarations of names in the question are marked; other names in them answer it', () => {
  const text = 'def alpha\n  gamma\ndef beta\n';
  const structure = structureOf(text, [linesUnit(text, 1, 2), linesUnit(text, 3)]);
  const bounds = boundsOf(text, 5);
  const table = namesOf(structure, bounds, body(bounds));
  const asked = askedNames(table, text, termsOf('alpha?'));
  const declared = askedDeclarations(structure, table, asked, bounds);
  expect([...declared]).toEqual([4, 4, 4, 4, 0, 0]); // tokens of five units: the fourth ends in the next unit
  expect([...askedAndUsed(asked, table, declared)]).toEqual([2, 3, 0]);
  expect([...asked]).toEqual([2, 0, 0]);
});

test('a definition outside all units declares nothing', () => {
  const text = 'def alpha\n';
  const bounds = boundsOf(text);
  const structure = structureOf(text, []);
  const table = namesOf(structure, bounds, body(bounds));
  expect(askedDeclarations(structure, table, Uint8Array.of(2), bounds).every((n) => n === 0)).toBe(true);
});

test('words of a text do not come from its comments', () => {
  expect([...wordsOf(structureOf('one # two\nsix\n'))]).toEqual(['one', 'six']);
  expect([...wordsOf({ ...structureOf('one # two\n'), comments: undefined })]).toEqual(['one', 'two']);
});

test('pairs are told apart by both tokens, and the first token is one by itself', () => {
  const classes = Uint8Array.of(5, 5, 5, 5, 5, 5, 1, 5);
  const { count, pairs } = pairsOf(Int32Array.of(7, 8, 7, 8, 9, 8, 8, 7), classes);
  expect([...pairs]).toEqual([0, 1, 2, 1, 3, 4, -1, 2]);
  expect(count).toBe(5);
  expect([...pairsOf(Int32Array.of(0, 0, 0), new Uint8Array(3).fill(5)).pairs]).toEqual([0, 1, 1]);
});
