// Tests which language the magic of a notebook cell means.
import { expect, test } from 'vitest';
import { isForeignCell, languageOfCell, magicEnd } from '../../../src/languages/cellMagics';

test.each([
  ['%%html\n<p>', 'html'],
  ['%%HTML --isolated\n<p>', 'html'],
  ['\n\n%%javascript\r\nf();', 'javascript'],
  ['%%js\nf();', 'javascript'],
  ['%%sql\nSELECT 1', 'sql'],
  ['%%bash --out files\nls', 'shellscript'],
  ['%%!\nls', 'shellscript'],
  ['%%script --no-raise-error /usr/bin/bash -e\nls', 'shellscript'],
  ['%%script perl\nprint 1', 'perl'],
  ['%%script false --no-raise-error\nf()', 'python'],
  ['%%R -i df\nplot(df)', 'r'],
  ['%%latex\na', 'latex'],
  ['%%markdown\na', 'markdown'],
  ['%%svg\n<svg/>', 'xml'],
  ['%%writefile src/app.yaml\na: 1', 'yaml'],
  ['%%writefile -a "b.py"\na = 1', 'python'],
  ['%%file run\n#!/bin/bash\nls', 'shellscript'],
  ['%%time\nf()', 'python'],
  ['%%capture out\n%%time\n%%bash\nls', 'shellscript'],
  ['%%writefile a.py\n%%bash', 'python'],
  ['%%nobody\nf()', 'plaintext'],
  ['%%script nobody\nf()', 'plaintext'],
  ['%%constructor\nf()', 'plaintext'],
  ['%%writefile notes\na', 'plaintext'],
  ['%%time?', 'python'],
  ['%time f()', 'python'],
  ['a = 1\n%%html', 'python'],
  ['', 'python'],
])('%j is %s in a notebook of Python', (text, languageId) => {
  expect(languageOfCell(text, 'python')).toBe(languageId);
  if (languageId === 'plaintext') expect(isForeignCell(text, languageId)).toBe(true);
});

test('a language that somebody told counts where the magic is unknown', () => {
  expect(languageOfCell('%%nobody\nSELECT 1', 'sql')).toBe('sql');
  expect(languageOfCell('%%html\n<p>', 'sql')).toBe('html');
  expect(isForeignCell('some words', 'plaintext')).toBe(false);
});

test('the magic ends behind its lines', () => {
  expect(magicEnd('%%time\n%%bash\nls')).toBe('%%time\n%%bash\n'.length);
  expect(magicEnd('%%html')).toBe(6);
  expect(magicEnd('%%writefile a.py\n%%time\n')).toBe('%%writefile a.py\n'.length);
  expect(magicEnd('a\n%%html\n')).toBe(0);
});
