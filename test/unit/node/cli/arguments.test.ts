// Right and wrong arguments of the command line.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseCommand, UsageError } from '../../../../src/node/cli/arguments';
import { helpFor, USAGE } from '../../../../src/node/cli/help';
import { SETUP_COMMANDS } from '../../../../src/node/cli/setupArguments';

const said = (args: string): string => {
  try {
    parseCommand(args.split(' ').filter(Boolean));
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error(`"${args}" was accepted`);
};

describe('wrong usage is one line that names what is wrong', () => {
  test.each([
    ['', /No command/],
    ['shrink a', /Unknown command "shrink"/],
    ['stats a', /Unexpected argument 'a'/],
    ['install', /claude-code, vscode, cursor, codex, continue, got ""/],
    ['install emacs', /got "emacs"/],
    ['uninstall cursor vscode', /got "cursor vscode"/],
    ['install cursor --force', /'--force'/],
    ['completions', /bash, zsh, fish, got ""/],
    ['completions csh', /got "csh"/],
    ['doctor a', /Unexpected argument 'a'/],
    ['stats --days 0', /--days takes a whole number of at least 1, got "0"/],
    ['stats --turns -1', /--turns takes a whole number of at least 0, got "-1"/],
    ['--json stats', /stats comes first/],
    ['mcp --holdout 1', /--holdout takes a whole number of at least 2, got "1"/],
    ['constructor a', /Unknown command/],
    ['toString', /Unknown command/],
    ['compress', /at least one path/],
    ['compress a -', /cannot be mixed/],
    ['compress a --nope', /'--nope'/],
    ['compress a -x', /'-x'/],
    ['compress a --auto=1', /auto/],
    ['compress a --query', /query/],
    ['compress a --query x --query-file q.txt', /one of --query and --query-file/],
    ['compress a --query-file=', /name of a file/],
    ['compress - --query-file -', /either the question/],
    ['compress --files-from - --query-file -', /either the question/],
    ['compress a --keep-ratio', /keep-ratio/],
    ['compress a --keep-ratio -1', /above 0 and at most 1, got "-1"/],
    ['compress a --max-tokens -5', /whole number of at least 1, got "-5"/],
    ['compress a --keep-ratio --auto', /got "--auto"/],
    ['compress - --files-from -', /cannot be mixed/],
    ['compress a --style html', /markdown, xml, got "html"/],
    ['compress a --format json --style xml', /--style goes with --format text/],
    ['compress a --output=', /name of a file/],
    ['expand abcd:1 --output x', /--output does not go with "expand"/],
    ['compress a --keep-ratio 0', /above 0 and at most 1, got "0"/],
    ['compress a --keep-ratio 1.01', /at most 1/],
    ['compress a --keep-ratio NaN', /got "NaN"/],
    ['compress a --keep-ratio 0x1', /got "0x1"/],
    ['compress a --keep-ratio=', /keep-ratio/],
    ['compress a --max-tokens 0', /at least 1/],
    ['compress a --max-tokens 1e3', /whole number/],
    ['compress a --max-tokens 99999999999999999999', /whole number/],
    ['compress a --keep-ratio 0.5 --max-tokens 9', /Give one of/],
    ['compress a --max-tokens 9 --auto', /Give one of/],
    ['compress a --scorer magic', /takes one of .*namm, .*random, got "magic"/],
    ['compress a --counter gpt2', /o200k, cl100k, model/],
    ['compress a --format xml', /text, json/],
    ['compress a --language type$script', /language id/],
    ['compress a --pin 0-3', /--pin/],
    ['compress a --pin 9-3', /--pin/],
    ['compress a --pin /(/', /no regular expression/],
    ['compress a --drop 0', /--drop takes lines/],
    ['compress a b --drop 3', /single file/],
    ['compress a b --pin 1-2', /single file/],
    ['inspect', /one path/],
    ['inspect a b', /one path/],
    ['inspect -', /one path of a file/],
    ['inspect a --format text', /json only/],
    ['inspect a --pin 1-2', /--pin does not go with "inspect"/],
    ['why', /a path and a line/],
    ['why a.ts', /path and a line like .*got "a.ts"/],
    ['why a.ts:0', /got "a.ts:0"/],
    ['why a.ts:3 --format json', /--format does not go with "why"/],
    ['why a.ts:3 b --pin 1-2', /single file/],
    ['compress a --json', /--json does not go with "compress"/],
    ['expand', /an elision id, or several/],
    ['expand abcd:1 efgh', /got "efgh"/],
    ['expand ../x', /elision id/],
    ['expand k3fa', /k3fa:120/],
    ['expand abcd --query x', /--query does not go with "expand"/],
  ])('%s', (args, words) => {
    const sentence = said(args);
    expect(sentence).toMatch(words);
    expect(sentence).not.toContain('\n');
  });
});

describe('right usage', () => {
  test.each([
    [
      'compress a',
      {
        paths: ['a'],
        budget: { kind: 'keepRatio', keepRatio: 0.5 },
        scorer: 'extended',
        counter: 'o200k',
        format: 'text',
        markers: true,
        pins: [],
        drops: [],
        inlineMarkers: true,
      },
    ],
    ['compress a b --max-tokens 900', { paths: ['a', 'b'], budget: { kind: 'maxTokens', maxTokens: 900 } }],
    [
      'compress - --language python --keep-ratio .25',
      { paths: ['-'], languageId: 'python', budget: { kind: 'keepRatio', keepRatio: 0.25 } },
    ],
    ['compress a --auto --no-markers --format json', { budget: { kind: 'auto' }, markers: false, format: 'json' }],
    [
      'compress a --pin 3-9 --pin 12',
      {
        pins: [
          { kind: 'lines', from: 3, to: 9 },
          { kind: 'lines', from: 12, to: 12 },
        ],
      },
    ],
    [
      'compress a b --pin **/api.ts --drop /console\\.log/ --drop *.test.ts --ignore-inline',
      {
        pins: [{ kind: 'files', glob: '**/api.ts' }],
        drops: [
          { kind: 'pattern', pattern: 'console\\.log' },
          { kind: 'files', glob: '*.test.ts' },
        ],
        inlineMarkers: false,
      },
    ],
    ['compress --scorer h2o --counter model a', { scorer: 'h2o', counter: 'model', paths: ['a'] }],
    ['compress -- --odd-name', { paths: ['--odd-name'] }],
    ['compress a --language Go', { languageId: 'go' }],
    ['inspect a --format json --scorer random', { command: 'inspect', path: 'a', scorer: 'random' }],
    ['expand abcd:1 src/a.ts:2', { command: 'expand', ids: ['abcd:1', 'src/a.ts:2'] }],
    ['expand #k3fa:120', { command: 'expand', ids: ['#k3fa:120'] }],
    ['expand src/a.ts:120', { command: 'expand', ids: ['src/a.ts:120'] }],
    [
      'why src/a.ts:12 src --keep-ratio 0.3 --query q --scorer namm --json',
      {
        command: 'why',
        path: 'src/a.ts',
        line: 12,
        json: true,
        compression: {
          paths: ['src/a.ts', 'src'],
          budget: { kind: 'keepRatio', keepRatio: 0.3 },
          query: 'q',
          scorer: 'namm',
        },
      },
    ],
    ['why --help', { command: 'help', topic: 'why' }],
    ['compress --help', { command: 'help', topic: 'compress' }],
    ['mcp --help', { command: 'help', topic: 'mcp' }],
    ['help', { command: 'help' }],
    ['help compress', { command: 'help', topic: 'compress' }],
    ['help mcp', { command: 'help', topic: 'mcp' }],
    [
      'compress --files-from list --include *.ts --exclude a/ --exclude b',
      { paths: [], filesFrom: 'list', include: ['*.ts'], exclude: ['a/', 'b'] },
    ],
    ['compress a -o b.md --style xml', { output: 'b.md', style: 'xml' }],
    ['compress a b --query-file -', { queryFile: '-', paths: ['a', 'b'] }],
    ['compress a --query --pin', { query: '--pin', pins: [] }],
    [
      'compress a --query=-x --pin -y --drop b',
      { query: '-x', pins: [{ kind: 'files', glob: '-y' }], drops: [{ kind: 'files', glob: 'b' }] },
    ],
    ['stats', { command: 'stats', json: false, turns: 10 }],
    ['install cursor --project -y', { command: 'install', client: 'cursor', project: true, yes: true }],
    ['uninstall codex', { command: 'uninstall', client: 'codex', project: false, yes: false }],
    ['completions fish', { command: 'completions', shell: 'fish' }],
    ['doctor --quick', { command: 'doctor', quick: true, json: false }],
    ['stats --days 7 --turns 0 --json', { command: 'stats', days: 7, turns: 0, json: true }],
    ['--version', { command: 'version' }],
  ])('%s', (args, command) => expect(parseCommand(args.split(' '))).toMatchObject(command));

  test('the value of an option may begin with a dash', () => {
    expect(parseCommand(['compress', 'a', '--query', '- retry'])).toMatchObject({ query: '- retry', paths: ['a'] });
    expect(parseCommand(['compress', 'a', '--', '--query', 'b'])).toMatchObject({ paths: ['a', '--query', 'b'] });
  });
});

test('the help is one screen, with examples first', () => {
  for (const topic of [undefined, 'compress', 'expand', 'inspect', 'mcp', ...SETUP_COMMANDS]) {
    const help = helpFor(topic);
    expect(help.split('\n').length, topic).toBeLessThanOrEqual(50);
    expect(Math.max(...help.split('\n').map((l) => l.length)), topic).toBeLessThanOrEqual(120);
    expect(help.split('\n')[2], topic).toMatch(/^Example/);
  }
  expect(helpFor('shrink')).toBe(USAGE);
});

test('--help says what every option and exit code of docs/cli.md means', () => {
  const docs = readFileSync('docs/cli.md', 'utf8');
  const rows = (cell: RegExp): string[] => [...docs.matchAll(cell)].map((m) => m[1]!);
  const options = rows(/^\| `(--[\w-]+)/gm);
  const codes = rows(/^\| (\d+) \|/gm);
  expect([options.length, codes.length].every((n) => n > 3)).toBe(true);
  expect(options.filter((o) => !new RegExp(`^  ${o} `, 'm').test(helpFor('compress')))).toEqual([]);
  expect(codes.filter((c) => !new RegExp(`^Exit:.*\\b${c} [a-z]`, 'm').test(USAGE))).toEqual([]);
});

test('the synopsis of docs/cli.md names the options that --help names', () => {
  const docs = readFileSync('docs/cli.md', 'utf8').split('```')[1]!;
  const named = (text: string): string[] => [...text.matchAll(/--[a-z-]+/g)].map(([option]) => option).sort();
  const synopsis = (command: string): string[] =>
    named(docs.split(/^ *namm +/m).find((part) => part.startsWith(command))!);
  const help = (command: string): string[] =>
    [...helpFor(command).matchAll(/^  (--[a-z-]+)/gm)].map((match) => match[1]!).sort();
  for (const command of ['compress', 'inspect', 'expand', 'mcp', ...SETUP_COMMANDS])
    expect(synopsis(command), command).toEqual(help(command));
});
