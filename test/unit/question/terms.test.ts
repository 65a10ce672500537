// Tests what is understood of a question: its words, identifiers and the places it points at.
import { expect, test } from 'vitest';
import { MAX_QUERY_UNITS } from '../../../src/core/limits';
import { askedWords } from '../../../src/question/askedWords';
import { termsOf } from '../../../src/question/terms';
import { stemsOf } from '../../../src/question/words';

test.each([
  ['loadedModules', ['load', 'modul']],
  ['HTTP_PROXY', ['http', 'proxi']],
  ['XMLHttpRequest', ['xml', 'http', 'request']],
  ['x', []],
])('%s is taken apart', (word, stems) => {
  expect(stemsOf(word)).toEqual(stems);
});

test('words that tell nothing are left out, negations and subwords stay', () => {
  const { stems, names } = termsOf('When I use it, the progress bar stays after cancelling the download');
  expect([...stems]).toEqual(['progress', 'bar', 'stai', 'cancel', 'download']);
  expect([...names]).toEqual([]);
});

test.each([
  ['where is loadAll called', 'loadall'],
  ['what does parse() return', 'parse'],
  ['`retry` is ignored', 'retry'],
  ['session.close fails', 'close'],
  ['max_retries', 'max_retries'],
])('an identifier in "%s"', (question, name) => {
  expect(termsOf(question).names).toContain(name);
});

test.each([
  ['at run (/home/me/app/src/engine.ts:120:7)', { path: 'home/me/app/src/engine.ts', line: 120 }],
  ['  File "lib/session.py", line 42, in request', { path: 'lib/session.py', line: 42 }],
  ['panic at cmd\\main.go(12)', { path: 'cmd/main.go', line: 12 }],
])('a place in "%s"', (question, place) => {
  expect(termsOf(question).places).toContainEqual(place);
});

test('an address is no word of a question', () => {
  expect([...termsOf('see https://example.com/issues/12 about caching').stems]).toEqual(['cach']);
});

test('of words with one stem, the first is shown', () => {
  const terms = termsOf('the progress bar stays after cancel');
  expect(askedWords('if (cancelled) { progress.hide(); cancel(); progress = null }', terms, 3)).toEqual([
    'cancelled',
    'progress',
  ]);
});

test.each(['a', 'a.', 'a/', '/', '.js', 'a(', '`a', '"a', 'aB', '_'])(
  'a question of the longest allowed length, all "%s", is understood at once',
  (piece) => {
    const { places } = termsOf(piece.repeat(MAX_QUERY_UNITS / piece.length));
    expect(places).toEqual([]);
  },
);
