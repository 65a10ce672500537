// Knows which requests are refused before any work is done, and that the reason names the field.
import { expect, test } from 'vitest';
import type { CompressRequest } from '../../../src/core/context';
import { checkCompress, checkInspect } from '../../../src/core/request';

const good: CompressRequest = {
  sources: [{ path: 'a', languageId: 'go', text: 'x' }],
  budget: { kind: 'auto' },
  scorer: 'namm',
  counter: 'model',
  markers: true,
  pins: [[{ start: 0, end: 99 }]],
};

test('a whole request passes, with pins for some of its texts only', () => {
  expect(() => checkCompress(good)).not.toThrow();
  expect(() =>
    checkCompress({
      ...good,
      sources: [...good.sources, ...good.sources],
      pins: [undefined as never, [{ start: 0, end: 0 }]],
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
  ['budget', { budget: { kind: 'much' } }],
  ['pins', { pins: [[{ start: 3, end: 2 }]] }],
  ['pins', { pins: [new Array(1)] }],
  ['pins', { pins: [[], []] }],
  ['frame', { frame: 'xml' }],
  ['frame', { frame: { style: 'html' } }],
  ['frame', { frame: { alone: true } }],
  ['frame', { frame: { note: 1 } }],
])('%s', (field, change) => expect(() => checkCompress({ ...good, ...change } as never)).toThrow(field));

test('a request to inspect', () => {
  expect(() => checkInspect({ source: good.sources[0]!, scorer: 'h2o' })).not.toThrow();
  expect(() => checkInspect({ source: good.sources[0]!, scorer: 'h2o', focus: 3, among: true })).not.toThrow();
  expect(() => checkInspect({ source: good.sources[0]!, scorer: 'h2o', among: 1 } as never)).toThrow('among');
  expect(() => checkInspect({ source: null, scorer: 'h2o' } as never)).toThrow('source');
});
