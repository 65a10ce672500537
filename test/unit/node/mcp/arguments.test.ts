// The arguments of a tool are taken where one thing can be meant, and refused with a sentence otherwise.
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readArguments } from '../../../../src/node/mcp/arguments';

const SHAPE = {
  paths: z.array(z.string().max(20)).min(1),
  keep: z.array(z.object({ from: z.number().int(), to: z.number().int() })).optional(),
  keepRatio: z.number().min(0.01).max(1).optional(),
  query: z.string().optional(),
};
const read = (given: unknown) => readArguments(SHAPE, given);

describe('taken', () => {
  test.each([
    [
      { paths: ['a'], query: 'why' },
      { paths: ['a'], query: 'why' },
    ],
    [{ paths: ['a'], query: null, keep: null, keepRatio: null }, { paths: ['a'] }],
    [
      { paths: ['a'], keepRatio: '0.3' },
      { paths: ['a'], keepRatio: 0.3 },
    ],
    [{ paths: '["a", "b"]' }, { paths: ['a', 'b'] }],
    [{ paths: 'src/a.ts' }, { paths: ['src/a.ts'] }],
    [
      { paths: ['a'], keep: '[{"from": 1, "to": 2}]' },
      { paths: ['a'], keep: [{ from: 1, to: 2 }] },
    ],
    [
      { paths: ['a'], keep: [{ from: '1', to: ' 2 ' }] },
      { paths: ['a'], keep: [{ from: 1, to: 2 }] },
    ],
    // A text stays a text.
    [
      { paths: ['20'], query: '["a"]' },
      { paths: ['20'], query: '["a"]' },
    ],
  ])('%j', (given, taken) => expect(read(given)).toEqual(taken));
});

describe('refused', () => {
  test.each<[unknown, RegExp]>([
    [{ paths: ['a'], keep_ratio: 0.3 }, /^There is no argument "keep_ratio"; there are paths, keep, keepRatio, query$/],
    [JSON.parse('{ "paths": ["a"], "__proto__": 1 }'), /^There is no argument "__proto__"/],
    [{ paths: ['a'], constructor: 1 }, /^There is no argument "constructor"/],
    [undefined, /^paths: /],
    [null, /^paths: /],
    [{ paths: null }, /^paths: .*null/],
    [{ paths: [] }, /^paths: /],
    [{ paths: ['a', 7] }, /^paths\.\[2\]: /],
    [{ paths: ['a'], keepRatio: 'most' }, /^keepRatio: .*number/],
    [{ paths: ['a'], keepRatio: '' }, /^keepRatio: /],
    [{ paths: ['a'], keepRatio: '20' }, /^keepRatio: /],
    [{ paths: ['a'], keep: 'all' }, /^keep: /],
    [{ paths: ['a'], keep: [{ from: 1.5, to: 2 }] }, /^keep\.\[1\]\.from: /],
    [{ paths: ['a'], query: 7, keepRatio: 2 }, /keepRatio: .*; query: /],
    ['src', /expected object/],
    [['src'], /expected object/],
  ])('%j', (given, sentence) =>
    expect(() => read(given)).toThrow(
      expect.objectContaining({ reason: 'badRequest', detail: expect.stringMatching(sentence) }),
    ),
  );
});
