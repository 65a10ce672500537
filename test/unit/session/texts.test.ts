// Tests which texts a file is made of.
import { expect, test } from 'vitest';
import { textsOf } from '../../../src/session/texts';
import { readNotebook } from '../../../src/texts/notebook';

const notebook = (cells: readonly object[], metadata: object = { language_info: { name: 'python' } }): string =>
  JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 });
const code = (source: unknown, more: object = {}): object => ({ cell_type: 'code', source, outputs: [], ...more });

test('a notebook is its cells, in their languages, byte for byte; blank ones are left out', () => {
  const text = notebook([
    { cell_type: 'markdown', source: ['# Sales\n', 'By region.'] },
    code(''),
    code(['import pandas as pd\n', "df = pd.read_csv('a.csv')\r\n", 'len(df)'], {
      outputs: [{ data: { 'text/plain': ['42'] } }],
    }),
    { cell_type: 'raw', source: 'as it is' },
    code('SELECT 1', { metadata: { vscode: { languageId: 'sql' } } }),
  ]);
  expect(textsOf({ path: 'b/plot.ipynb', file: '/a/b/plot.ipynb', text })).toEqual({
    hasOutputs: true,
    texts: [
      [1, 'markdown', '# Sales\nBy region.'],
      [3, 'python', "import pandas as pd\ndf = pd.read_csv('a.csv')\r\nlen(df)"],
      [4, 'plaintext', 'as it is'],
      [5, 'sql', 'SELECT 1'],
    ].map(([number, languageId, cell]) => ({
      path: `b/plot.ipynb#cell-${number}`,
      languageId,
      text: cell,
      original: { text: cell, start: 0, end: (cell as string).length, home: '/a/b/plot.ipynb' },
    })),
  });
});

test.each([
  [{ language_info: { name: 'R' } }, 'r'],
  [{ kernelspec: { language: 'julia' } }, 'julia'],
  [{ language_info: { name: 'nobody knows' }, kernelspec: { language: 'rust' } }, 'rust'],
  [{}, 'python'],
])('the kernel %j tells the language', (metadata, languageId) => {
  expect(readNotebook(notebook([code('a')], metadata))!.cells[0]!.languageId).toBe(languageId);
});

test('a notebook of format 3 has worksheets, and its cells an input', () => {
  const text = JSON.stringify({
    worksheets: [{ cells: [{ cell_type: 'code', input: ['a = 1'], outputs: [1] }] }],
    nbformat: 3,
  });
  expect(readNotebook(text)).toEqual({ cells: [{ number: 1, languageId: 'python', text: 'a = 1' }], hasOutputs: true });
});

test.each([
  ['no JSON', '{"cells": ['],
  ['no notebook', '{"cells": []}'],
  ['a list', '[1]'],
  ['only blank cells', notebook([code(' \n')])],
  ['too many cells', notebook(Array.from({ length: 501 }, () => code('a')))],
])('what is %s is one text of JSON', (_, text) => {
  const { texts, hasOutputs } = textsOf({ path: 'a.ipynb', text });
  expect(texts).toEqual([
    { path: 'a.ipynb', languageId: 'json', text, original: { text, start: 0, end: text.length } },
  ]);
  expect(hasOutputs).toBe(false);
});

test('a language that the caller names, or another file name, makes it one text', () => {
  const text = notebook([code('a'), code('b')]);
  expect(textsOf({ path: 'a.ipynb', text }, 'json').texts).toHaveLength(1);
  expect(textsOf({ path: 'a.json', text }).texts).toHaveLength(1);
  expect(textsOf({ path: 'A.IPYNB', text }).texts).toHaveLength(2);
});
