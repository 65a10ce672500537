// Tests that the costs of the model tokens add up to the recipient tokens of the text and of each line.
import { describe, expect, test } from 'vitest';
import type { TokenList } from '../../../src/core/token';
import { costsOf } from '../../../src/evidence/costs';
import { counterFor } from '../../../src/tokens/counters';

const counter = counterFor('o200k');
const tokens = (bounds: readonly number[]): TokenList => ({
  length: bounds.length - 1,
  ids: new Int32Array(bounds.length - 1),
  bounds: Int32Array.from(bounds),
});
const even = (text: string, size: number): TokenList =>
  tokens([...Array.from({ length: Math.ceil(text.length / size) }, (_, i) => i * size), text.length]);
const sum = (a: Float32Array): number => a.reduce((x, y) => x + y, 0);

describe('what a token costs', () => {
  const TEXTS = {
    code: 'const answer = compute(question);\nif (answer) {\n  return `${answer}`;\n}\n',
    'an open end': 'a = 1\n}',
    'blank lines and CRLF': '\r\n\r\nfoo();\r\n\r\n\r\nbar();',
    'other scripts': 'naïve 🙂 = "日本語のテキスト";\nnext();\n',
  };
  for (const [name, text] of Object.entries(TEXTS))
    for (const size of [1, 3, 8, 100])
      test(`adds up: ${name}, tokens of ${size}`, () => {
        expect(sum(costsOf(text, even(text, size), counter))).toBeCloseTo(counter.count(text), 3);
      });

  test('is that of its line', () => {
    const text = 'internationalizationConfigurationProvider\n{[(<>)]}+=-*/%&|^!~?\n';
    const costs = costsOf(text, even(text, 1), counter);
    const end = text.indexOf('\n') + 1;
    expect(sum(costs.subarray(0, end))).toBeCloseTo(counter.count(text.slice(0, end)), 3);
    expect(costs[0]).toBeLessThan(costs[end]!); // a long word is cheap for its length
  });

  test('of a line without a token of its own goes to the one that covers it', () => {
    const text = 'alpha()\n}';
    expect(sum(costsOf(text, tokens([0, 5, 7, 9]), counter))).toBeCloseTo(counter.count(text), 3);
  });

  test('of nothing is nothing', () => {
    expect(costsOf('', tokens([0]), counter)).toHaveLength(0);
  });
});
