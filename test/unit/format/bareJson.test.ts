// Tests the sign of what was left out in a JSON text without comments.
import { expect, test } from 'vitest';
import { withSign } from '../../../src/format/bareJson';

test.each([
  ['{\n  "a": 1\n}\n', '{\n  "a": 1,\n  "…": "left out: 3… #k3fa"\n}\n'],
  ['{"a":1}', '{"a":1, "…": "left out: 3… #k3fa"}'],
  [
    '{\r\n\t"a": {\r\n\t\t"b": 1\r\n\t}\r\n}',
    '{\r\n\t"a": {\r\n\t\t"b": 1\r\n\t},\r\n\t"…": "left out: 3… #k3fa"\r\n}',
  ],
  ['[\n  1\n]\n', '[\n  1,\n  "left out: 3… #k3fa"\n]\n'],
  ['[]', '[ "left out: 3… #k3fa"]'],
  ['{"…":1}', '{"…":1, "…2": "left out: 3… #k3fa"}'],
  ['{"\\u2026":{"a":1},"…2":[]}', '{"\\u2026":{"a":1},"…2":[], "…3": "left out: 3… #k3fa"}'],
  ['[{"…":1}]', '[{"…":1}, "left out: 3… #k3fa"]'],
  ['{ }', '{ "…": "left out: 3… #k3fa" }'],
  ['{"a":1}\n{"a":2}\n', '{"a":1}\n{"a":2}\n"left out: 3… #k3fa"\n'],
  ['{"a":1}\n{"a":2}', '{"a":1}\n{"a":2}\n"left out: 3… #k3fa"\n'],
  ['\ufeff{"a":1}', '\ufeff{"a":1, "…": "left out: 3… #k3fa"}'],
  ['  "b": 1\n}\n', '  "b": 1\n}\n"left out: 3… #k3fa"\n'],
])('%j', (text, signed) => {
  expect(withSign(text, ['k3fa:3'])).toBe(signed);
});

test('many places are shortened, and the last one names the text', () => {
  const ids = Array.from({ length: 50 }, (_, i) => `k3fa:${i + 1}`);
  const { '…': sign } = JSON.parse(withSign('{"a":1}', ids)) as { '…': string };
  expect(sign).toMatch(/^left out: 1…, 2…, .*, 19…, …, 50… #k3fa$/);
});
