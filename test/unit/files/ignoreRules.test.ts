// The patterns of a .gitignore mean what they mean to git, and none takes forever.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IgnoreRules } from '../../../src/files/ignoreRules';
import { foldsCaseIn } from '../../../src/files/walk';

const verdict = (text: string, path: string) => new IgnoreRules(text).test(path);

describe.each([true, false])('as in git, core.ignorecase=%s', (foldsCase) => {
  const NAMES = ['a', 'b', 'ab', 'aab', 'a.ts', 'B.TS', 'a b', 'x1', '-', 'abc.def', '#h', '!n'];
  const paths = NAMES.flatMap((one) => [
    one,
    ...['a', 'b.d', 'Ab'].flatMap((folder) => [
      `${folder}x/${one}`,
      ...['a', 'c'].map((inner) => `${folder}x/${inner}y/${one}`),
    ]),
  ]);
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'namm-ignore-'));
    execFileSync('git', ['init', '-q', dir]);
    for (const path of paths) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), '');
    }
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  /** The paths that git ignores under these rules. */
  const byGit = (text: string): string[] => {
    writeFileSync(join(dir, '.gitignore'), text);
    const { stdout } = spawnSync(
      'git',
      ['-c', `core.ignorecase=${foldsCase}`, '-C', dir, 'check-ignore', '--no-index', '--stdin', '-z'],
      { input: paths.map((p) => `${p}\0`).join(''), encoding: 'utf8' },
    );
    return stdout.split('\0').filter(Boolean).sort();
  };
  const byRules = (text: string): string[] => {
    const rules = new IgnoreRules(text, foldsCase);
    return paths.filter((p) => rules.test(p) === 'ignored').sort();
  };

  test.each([
    'a\n',
    '/a\n',
    '*.ts\n!a.ts\n',
    'ax/\n!ax/a\n', // what lies in an ignored folder stays ignored
    'ax/*\n!ax/a\n',
    '**/ay/a\n',
    'ax/**\n',
    'ax/**/a\n',
    '**\n!**/\n!*.ts\n',
    'a**b\n',
    'ax/**b\n',
    '***/ay\n',
    '[ab]\n[!a]b\n[^x]1\n',
    '[a-b]x/\n',
    '[[:digit:][:space:]]*\nx[0-9]\n',
    '[[:upper:]].[A-S][!a-z]\n[[:lower:]][[:upper:]]\n',
    'AX/\nb.ts\n[B-X].D*\n?B*\n',
    '[]-]\n',
    '[a\n',
    'a\\\n',
    '\\a\n\\#h\n\\!n\n',
    '# comment\n#h\n',
    'a b \na\\ b\n',
    'a \\ \n',
    'b.ts\r\nAX/\r\n',
    '/\n\n!\n*/\n',
    'a?\n?x/??\n',
    '//a\n',
    'a/\n!a\n',
    '\uFEFFa\n',
  ])('%j', (text) => expect(byRules(text)).toEqual(byGit(text)));

  test('any patterns', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      'x',
      'y',
      '.',
      '*',
      '**',
      '?',
      '/',
      '[ab]',
      '[!a]',
      '\\a',
      ' ',
      'ts',
      'ax/',
    );
    const line = fc.tuple(fc.constantFrom('', '', '!', '/'), fc.array(piece, { minLength: 1, maxLength: 5 }));
    const file = fc.array(line, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(file, (lines) => {
        const text = lines.map(([sign, pieces]) => `${sign}${pieces.join('')}\n`).join('');
        expect(byRules(text)).toEqual(byGit(text));
      }),
      { numRuns: 150, seed: 7 },
    );
  });
});

test('a negated pattern says so, and no pattern says nothing', () => {
  expect(verdict('*.ts\n!a.ts\n', 'a.ts')).toBe('unignored');
  expect(verdict('*.ts\n', 'a.go')).toBeUndefined();
});

test('stars that could share a name in very many ways are tried in few', () => {
  const long = 'a'.repeat(250);
  expect(verdict(`${'*a'.repeat(60)}b\n`, long)).toBeUndefined();
  expect(verdict(`${'a*'.repeat(60)}\n`, long)).toBe('ignored');
  expect(verdict(`${'a*/**/'.repeat(60)}*b\n`, 'a/'.repeat(250) + 'c')).toBeUndefined();
});

test.each([
  ['[core]\n\tignorecase = true\n', false, true],
  ['[core]\n\tignoreCase = false\n', true, false],
  ['[Core]\r\n\tignorecase\r\n', false, true],
  ['[core] ignorecase = yes\n', false, true],
  ['[core]\n\tignorecase = "1" # comment\n', false, true],
  ['[core]\n# ignorecase = true\n', false, false],
  ['[core "x"]\n\tignorecase = true\n', false, false],
  ['[user]\n\tignorecase = true\n', false, false],
  ['[core]\n\tbare = false\n', true, true],
  [undefined, true, true],
])('the configuration %j, else %s: case does not count is %s', (config, otherwise, folds) => {
  expect(foldsCaseIn(config, otherwise)).toBe(folds);
});
