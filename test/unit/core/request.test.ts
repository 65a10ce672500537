// Tests which requests are refused before any work is done, and that the reason names the field.
import { expect, test } from 'vitest';
import type { CompressRequest } from '../../../src/core/context';
import { checkCompress, checkInspect } from '../../../src/core/request';

const good: CompressRequest = {
  sources: [{ path: 'a', languageId: 'go', text: 'x', pins: [{ start: 0, end: 99 }] }],
  budget: { kind: 'auto' },
  scorer: 'namm',
  counter: 'model',
  markers: true,
};

test('a whole request passes, with pins for some of its texts only', () => {
  expect(() => checkCompress(good)).not.toThrow();
  expect(() =>
    checkCompress({
      ...good,
      sources: [
        { path: 'a', languageId: 'go', text: 'x' },
        { path: 'b', languageId: 'go', text: 'x', pins: [{ start: 0, end: 0 }], focus: 0, previousTokens: 3 },
      ],
    }),
  ).not.toThrow();
});

test('what stands around the texts may be said, as a whole or in part', () => {
  for (const frame of [{}, { style: 'xml' }, { style: 'markdown', alone: 'block', note: false }] as const)
    expect(() => checkCompress({ ...good, frame })).not.toThrow();
});

test.each([
  ['sources', { sources: new Array(1) }], // a hole is no text
  ['sources', { sources: [{ path: 'a', languageId: 'go' }] }],
  ['scorer', { scorer: 'constructor' }],
  ['counter', { counter: undefined }],
  ['markers', { markers: 1 }],
  ['query', { query: {} }],
  ['question', { query: 'x'.repeat(32_001) }],
  ['budget', { budget: { kind: 'much' } }],
  ['budget', { budget: null }],
  ['budget', { budget: 'auto' }],
  ['keep ratio', { budget: { kind: 'keepRatio', keepRatio: 0 } }],
  ['max tokens', { budget: { kind: 'maxTokens', maxTokens: 0 } }],
  ['query', { query: 1 }],
  ['protectedPatterns', { protectedPatterns: 'a' }],
  ['protectedPatterns', { protectedPatterns: [1] }],
  ['droppedPatterns', { droppedPatterns: ['a', 1] }],
  ['inlineMarkers', { inlineMarkers: 'no' }],
  ['counter', { counter: 'words' }],
  ['pins', { sources: [{ ...good.sources[0]!, pins: [{ start: 3, end: 2 }] }] }],
  ['pins', { sources: [{ ...good.sources[0]!, pins: new Array(1) }] }],
  ['drops', { sources: [{ ...good.sources[0]!, drops: {} }] }],
  ['focus', { sources: [{ ...good.sources[0]!, focus: -1 }] }],
  ['previousTokens', { sources: [{ ...good.sources[0]!, previousTokens: 0.5 }] }],
  ['frame', { frame: 'xml' }],
  ['frame', { frame: { style: 'html' } }],
  ['frame', { frame: { alone: true } }],
  ['frame', { frame: { note: 1 } }],
  ['frame', { frame: { commented: 'yes' } }],
])('%s', (field, change) => expect(() => checkCompress({ ...good, ...change } as never)).toThrow(field));

test('every optional field may be there', () => {
  expect(() =>
    checkCompress({ ...good, query: 'why', protectedPatterns: ['a'], droppedPatterns: [], inlineMarkers: false }),
  ).not.toThrow();
  expect(() => checkCompress({ ...good, budget: { kind: 'keepRatio', keepRatio: 1 } })).not.toThrow();
  expect(() => checkCompress({ ...good, budget: { kind: 'maxTokens', maxTokens: 1 } })).not.toThrow();
  expect(() => checkCompress({ ...good, scorer: 'x' } as never)).toThrow(
    expect.objectContaining({ reason: 'badRequest', detail: 'the request has no valid "scorer"' }),
  );
});

test.each([
  ['source', { source: { path: 1, languageId: 'go', text: '' } }],
  ['source', { source: { path: 'a', languageId: 1, text: '' } }],
  ['source', { source: 'text' }],
  ['scorer', { scorer: 1 }],
  ['query', { query: 1 }],
  ['focus', { focus: -1 }],
  ['focus', { focus: 1.5 }],
])('a request to inspect without a valid %s', (field, change) => {
  const request = { source: good.sources[0]!, scorer: 'h2o', query: 'why', focus: 0 } as const;
  expect(() => checkInspect(request)).not.toThrow();
  expect(() => checkInspect({ ...request, ...change } as never)).toThrow(`"${field}"`);
});

test('a request to inspect', () => {
  expect(() => checkInspect({ source: good.sources[0]!, scorer: 'h2o' })).not.toThrow();
  expect(() => checkInspect({ source: good.sources[0]!, scorer: 'h2o', focus: 3, among: true })).not.toThrow();
  expect(() => checkInspect({ source: good.sources[0]!, scorer: 'h2o', among: 1 } as never)).toThrow('among');
  expect(() => checkInspect({ source: null, scorer: 'h2o' } as never)).toThrow('source');
});

test.each([
  ['fileTooLarge', [2_000_001]],
  ['tooManyFiles', Array.from({ length: 501 }, () => 1)],
  ['tooManyFiles', Array.from({ length: 5 }, () => 1_700_000)],
])('%s', (reason, sizes) => {
  const sources = sizes.map((size, i) => ({ path: `${i}`, languageId: 'go', text: 'x'.repeat(size) }));
  expect(() => checkCompress({ ...good, sources })).toThrow(expect.objectContaining({ reason }));
  expect(() => checkCompress({ ...good, sources: sources.slice(1).map((s) => ({ ...s, text: 'x' })) })).not.toThrow();
});
