// Tests which lines of a context a question is about, and that the answer is the same for the same texts.
import { expect, test } from 'vitest';
import { languageOf } from '../../../src/languages/languages';
import { parseStructure, type CodeStructure } from '../../../src/parse/structure';
import { Relevance } from '../../../src/question/relevance';
import { testGrammars } from '../../support/grammars';

const parse = (path: string, text: string): Promise<CodeStructure> =>
  parseStructure({ path, languageId: languageOf(path), text }, testGrammars());

const filler = (from: number): string =>
  Array.from(
    { length: 12 },
    (_, i) => `export function step${from + i}(value) {\n  return value + ${from + i};\n}\n`,
  ).join('\n');
const bar = `export function hideProgress(bar) {
  // The bar goes when the task is cancelled.
  if (bar.task.cancelled) bar.element.remove();
}
`;

/** The 1-based line with the highest value. */
const best = (values: Float32Array): number => values.indexOf(Math.max(...values)) + 1;

test('the lines with the rare words of a question, in whatever form', async () => {
  const text = await parse('a.js', `${filler(0)}\n${bar}\n${filler(20)}`);
  const [of] = new Relevance().of([text], 'The progress bar stays after cancelling');
  const at = text.source.text.split('\n').findIndex((line) => line.includes('bar.task.cancelled')) + 1;
  expect(Math.abs(best(of!.values) - at)).toBeLessThanOrEqual(2);
  expect(of!.values[0]).toBeLessThan(1);
});

test('a word of a message in a string counts', async () => {
  const text = await parse(
    'a.py',
    `${'x = 1\n'.repeat(40)}raise ValueError("no quota left for upload")\n${'y = 2\n'.repeat(40)}`,
  );
  const [of] = new Relevance().of([text], 'ValueError: no quota left for upload of 3 files');
  expect(best(of!.values)).toBe(41);
});

test('a stack frame points at its line', async () => {
  const text = await parse('src/app.js', filler(0));
  const [of] = new Relevance().of([text], 'TypeError\n    at /srv/www/src/app.js:21:5');
  expect(Math.abs(best(of!.values) - 21)).toBeLessThanOrEqual(1);
});

test('among several texts, the one that the question is about', async () => {
  const texts = [await parse('a.js', filler(0)), await parse('b.js', bar), await parse('c.js', filler(40))];
  const of = new Relevance().of(texts, 'hideProgress does nothing');
  const means = of.map(({ values }) => values.reduce((a, b) => a + b, 0) / values.length);
  expect(means[1]).toBeGreaterThan(3 * Math.max(means[0]!, means[2]!));
});

test('a question that says nothing of the context ranks nothing', async () => {
  expect(new Relevance().of([await parse('a.js', filler(0))], 'zebra quagga')).toEqual([]);
});

test('a text that was handed over keeps its relevance when another text joins', async () => {
  const relevance = new Relevance();
  const a = await parse('a.js', `${filler(0)}\n${bar}`);
  const b = await parse('b.js', bar.repeat(3));
  const question = 'the progress bar stays';
  const [alone] = relevance.of([a], question);
  expect(relevance.of([a, b], question, [120, undefined])[0]!.digest).toBe(alone!.digest);
  expect(relevance.of([a, b], question)[0]!.digest).not.toBe(alone!.digest);
});

test('to look at a text alone changes nothing of its ranking among others', async () => {
  const relevance = new Relevance();
  const texts = [await parse('a.js', `${filler(0)}\n${bar}`), await parse('b.js', bar.repeat(3))];
  const question = 'the progress bar stays';
  const [among] = relevance.of(texts, question);
  expect(relevance.lastOf(texts[0]!, question)).toBe(among);
  expect(relevance.lastOf(texts[0]!, 'where does a step end')!.digest).not.toBe(among!.digest);
  expect(relevance.of(texts, question, [120, undefined])[0]).toBe(among);
});

test('of a long question the rarest words count', async () => {
  const text = await parse('a.js', `${filler(0)}\n${bar}\n${filler(20)}`);
  const common = Array.from({ length: 12 }, (_, i) => `step${i} value export function return`).join(' ');
  const noise = Array.from({ length: 3000 }, (_, i) => `unknown${i}`).join(' ');
  const [of] = new Relevance().of([text], `${common} ${noise} element remove cancelled`);
  const at = text.source.text.split('\n').findIndex((line) => line.includes('bar.task.cancelled')) + 1;
  expect(of!.values[at - 1]).toBeGreaterThan(1);
});
