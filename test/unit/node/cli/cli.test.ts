// The command line as a process: what it prints, what it refuses, how it ends.
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  cpSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCORER_IDS, type CompressedContext } from '../../../../src/core/context';
import { tiles } from '../../../../src/core/span';
import { parseCommand, UsageError } from '../../../../src/node/cli/arguments';

const cli = resolve('dist/cli.js');
let dir: string;
const namm = (args: string[], options: { input?: string | Buffer; env?: Record<string, string> } = {}) =>
  spawnSync('node', [cli, ...args], {
    cwd: dir,
    encoding: 'utf8',
    env: { ...process.env, NAMM_STATE_DIR: join(dir, 'state'), NAMM_CACHE_DIR: join(dir, 'cache'), ...options.env },
    input: options.input,
  });

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'namm-cli-'));
  mkdirSync(join(dir, 'src'));
  for (const f of ['auth.go', 'view.js', 'concurrency.py']) cpSync(`test/samples/${f}`, join(dir, 'src', f));
  writeFileSync(join(dir, 'empty.ts'), '');
  writeFileSync(join(dir, 'blank.txt'), '\n \n');
  writeFileSync(join(dir, 'binary.ts'), Buffer.from([1, 0, 2]));
  writeFileSync(join(dir, 'big.ts'), 'x\n'.repeat(1_100_000));
  writeFileSync(join(dir, 'odd.xyz'), 'alpha\nbeta\ngamma\n'.repeat(20));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('arguments', () => {
  test.each([
    [['compress']],
    [['compress', 'a', '-']],
    [['compress', 'a', '--keep-ratio', '0']],
    [['compress', 'a', '--keep-ratio', '1.5']],
    [['compress', 'a', '--keep-ratio', '']],
    [['compress', 'a', '--max-tokens', '1.5']],
    [['compress', 'a', '--keep-ratio', '0.5', '--auto']],
    [['compress', 'a', '--scorer', 'magic']],
    [['compress', 'a', '--pin', '9-3']],
    [['compress', 'a', 'b', '--pin', '1-2']],
    [['compress', 'a', '--nope']],
    [['inspect', 'a', '--auto']],
    [['expand']],
    [['shrink', 'a']],
    [[]],
  ])('%j is wrong usage', (args) => expect(() => parseCommand(args)).toThrow(UsageError));

  test('defaults', () =>
    expect(parseCommand(['compress', 'a'])).toMatchObject({
      budget: { kind: 'keepRatio', keepRatio: 0.5 },
      scorer: 'extended',
      counter: 'o200k',
      markers: true,
    }));
});

describe('why', () => {
  test('the sentence, the number that decides, and the same as JSON', () => {
    const r = namm(['why', 'src/auth.go:1']);
    expect(r.status).toBe(0);
    expect(r.stdout).toMatch(/^src\/auth.go:1\nLeft out: a licence text; nothing uses it \([a-z2-7]{4}:1\)\n/);
    expect(r.stdout).toMatch(/ {2}rank {8}\d+ of \d+ · ((under )?\d+\.\d+ a token|no worth) · cut at \d+\.\d+\n/);
    expect(r.stdout).toMatch(/stays with {2}a share of (about )?\d+ %, a mark to keep it/);
    const facts = JSON.parse(namm(['why', 'src/auth.go:1', '--json']).stdout);
    expect(facts).toMatchObject({ line: 1, kept: false, decidedBy: 'score', verdict: 'Left out' });
    expect(facts.rank).toBeGreaterThan(facts.keptStatements);
    expect(facts.statement).toMatchObject({ from: 1, class: 'licence' });
    expect(facts.statement.worth).toBeLessThan(facts.cut);
  });

  test('what decides is what the options say: a pin, a question, another scorer, other files', () => {
    const says = (...args: string[]): string => namm(['why', ...args]).stdout.split('\n')[1]!;
    expect(says('src/auth.go:1', '--pin', '1')).toBe('Kept: it is marked to stay');
    expect(says('src/auth.go:51', '--drop', '51-52', '--keep-ratio', '0.9')).toBe(
      'Kept: you left it out, but its statement goes whole or not at all',
    );
    const question = 'what does searchCredential do?';
    expect(says('src/auth.go:32', '--query', question)).toMatch(/^Kept: your question names `searchCredential`/);
    writeFileSync(join(dir, 'issue.md'), `\ufeff\n${question}\n`);
    expect(says('src/auth.go:32', '--query-file', 'issue.md')).toMatch(/^Kept: your question names `searchCredential`/);
    const piped = namm(['why', 'src/auth.go:32', 'src/view.js', '--query-file', '-'], { input: question }).stdout;
    expect(piped).toContain('Kept: your question names `searchCredential`');
    const blank = namm(['why', 'src/auth.go:1', '--query-file', 'blank.txt']);
    expect(blank).toMatchObject({ status: 1, stderr: expect.stringContaining('blank.txt has no question') });
    expect(says('src/auth.go:1', '--scorer', 'recency')).toMatch(/^(Kept|Left out): the scorer `recency` values it /);
    cpSync('test/samples/background.py', join(dir, 'background.py'));
    expect(says('src/concurrency.py:36', 'background.py')).toBe(
      'Kept: it declares `run_in_threadpool`, a name that another file uses',
    );
  });

  test('a notebook is asked about by its cells', () => {
    const code = readFileSync('test/samples/background.py', 'utf8');
    const cells = [{ cell_type: 'code', metadata: {}, outputs: [], execution_count: null, source: code }];
    const metadata = { language_info: { name: 'python' } };
    writeFileSync(join(dir, 'plot.ipynb'), JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
    const cell = namm(['why', 'plot.ipynb#cell-1:33']);
    expect(cell.stdout).toMatch(/^plot.ipynb#cell-1:33\n(Kept|Left out): /);
    cells.push(cells[0]!);
    writeFileSync(join(dir, 'plot.ipynb'), JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
    const whole = namm(['why', 'plot.ipynb:33']);
    expect(whole.status).toBe(2);
    expect(whole.stderr).toMatch(/by its cells, .* plot.ipynb#cell-1:33/);
  });

  test('a line behind the end is wrong usage', () => {
    const r = namm(['why', 'src/auth.go:9999']);
    expect(r.status).toBe(2);
    expect(r.stderr).toMatch(/behind the \d+ lines/);
  });
});

describe('compress', () => {
  test('one file: code on stdout, savings on stderr, within the budget', () => {
    const r = namm(['compress', 'src/auth.go', '--keep-ratio', '0.5']);
    expect(r.status).toBe(0);
    expect(r.stdout).toContain('package gin');
    expect(r.stdout).toMatch(/\/\/\d+… #[a-z2-7]{4}\n/);
    expect(r.stderr).toMatch(/→ \d+ tokens/);
  });

  test('small cells and files: nothing gets longer, none loses its code, and what stays whole says so', () => {
    const sources = [
      'import pandas as pd\nfrom pathlib import Path\n',
      'frame = pd.read_csv(Path("data") / "sales.csv")\nframe.head()',
      'def total(frame, column):\n    return frame[column].sum()\n\ntotal(frame, "price")',
      'for name, group in frame.groupby("shop"):\n    print(name, total(group, "price"))',
    ];
    mkdirSync(join(dir, 'small'));
    sources.forEach((source, i) => writeFileSync(join(dir, 'small', `${i}.py`), source));
    const cells = sources.map((source) => ({ cell_type: 'code', source, outputs: [] }));
    writeFileSync(join(dir, 'small.ipynb'), JSON.stringify({ cells, metadata: {}, nbformat: 4 }));
    for (const path of ['small', 'small.ipynb'])
      for (const budget of [['--keep-ratio', '0.5'], ['--keep-ratio', '0.1'], ['--auto']]) {
        const { stdout, stderr } = namm(['compress', path, ...budget, '--format', 'json']);
        const { files, recipientTokens, floorReason } = JSON.parse(stdout) as CompressedContext;
        expect(recipientTokens.after).toBeLessThanOrEqual(recipientTokens.before);
        expect(files.map((f) => f.text.replace(/#\d+….*/g, '').trim() !== '')).toEqual([true, true, true, true]);
        if (budget[0] !== '--auto') expect(floorReason).toBe('small');
        expect(stderr.includes('so small that markers would cost as much')).toBe(floorReason === 'small');
      }
  });

  test('a notebook: a block for each cell in its language, outputs named, and what is left out comes back', () => {
    const code = readFileSync('test/samples/background.py', 'utf8');
    const cells = [
      { cell_type: 'markdown', source: ['# Title\n', 'Words.'] },
      { cell_type: 'code', source: code, outputs: [{ text: 'printed' }] },
    ];
    writeFileSync(join(dir, 'a.ipynb'), JSON.stringify({ cells, metadata: {}, nbformat: 4 }));
    const r = namm(['compress', 'a.ipynb', '--keep-ratio', '0.6']);
    expect(r.stdout).toContain('a.ipynb#cell-1\n```markdown\n# Title\nWords.\n```\n');
    expect(r.stdout).toMatch(/\na\.ipynb#cell-2\n```python\n/);
    expect(r.stdout).not.toContain('printed');
    expect(r.stderr).toContain('skipped (outputs of a notebook): a.ipynb\n');
    const [, id] = /"namm expand (\S+)"/.exec(r.stderr)!;
    const back = namm(['expand', id!]).stdout;
    expect(back.length).toBeGreaterThan(0);
    expect(code).toContain(back);
    expect(namm(['compress', 'a.ipynb', '--drop', '*.ipynb']).status).toBe(1);
  });

  test('JSON: spans tile, kept ones are the text, an elision comes back until its file changes', () => {
    const r = namm(['compress', 'src', '--format', 'json', '--keep-ratio', '0.4']);
    expect(r.status).toBe(0);
    const out = JSON.parse(r.stdout);
    expect(out.version).toBe(2);
    expect(out.recipientTokens.after).toBeLessThanOrEqual(out.recipientTokens.before * 0.4);
    expect(out.layers[0].heads.length).toBeGreaterThan(0);
    for (const f of out.files) {
      const text = readFileSync(join(dir, f.path), 'utf8');
      expect(tiles(f.spans, text.length)).toBe(true);
      for (const e of f.elisions) expect(text.slice(e.start, e.end).length).toBeGreaterThan(0);
    }
    const file = out.files.find((f: { elisions: unknown[] }) => f.elisions.length);
    const e = file.elisions[0];
    const text = readFileSync(join(dir, file.path), 'utf8');
    expect(namm(['expand', e.id]).stdout).toBe(text.slice(e.start, e.end));
    const twice = namm(['expand', e.id, e.id]);
    expect(twice.stdout).toBe(text.slice(e.start, e.end).repeat(2));
    expect(twice.stderr.trim().split('\n')).toHaveLength(2);
    expect(namm(['expand', e.id, 'zzzz:9'])).toMatchObject({ status: 1, stdout: '' });
    expect(statSync(join(dir, 'state', 'elisions.json')).mode & 0o777).toBe(0o600);
    writeFileSync(join(dir, file.path), `${text}\n`);
    const stale = namm(['expand', e.id]);
    expect(stale.status).toBe(1);
    expect(stale.stderr).toMatch(/changed/);
    writeFileSync(join(dir, file.path), text);
  });

  test('the whole budget is the file itself; --max-tokens is a total; the same call gives the same bytes', () => {
    const text = readFileSync(join(dir, 'src/view.js'), 'utf8');
    expect(namm(['compress', 'src/view.js', '--keep-ratio', '1']).stdout).toBe(text);
    const a = namm(['compress', 'src', '--max-tokens', '900', '--format', 'json']);
    expect(JSON.parse(a.stdout).recipientTokens.after).toBeLessThanOrEqual(900);
    expect(namm(['compress', 'src', '--max-tokens', '900']).stdout).toBe(
      namm(['compress', 'src', '--max-tokens', '900']).stdout,
    );
  });

  test('a result in a file, of files from a list', () => {
    const list = 'src/auth.go\n\nsrc/view.js\r\n';
    const args = ['compress', '--files-from', '-', '--exclude', '*.js', '--keep-ratio', '0.5'];
    const printed = namm(args, { input: list });
    expect(printed.status).toBe(0);
    expect(printed.stdout).toBe(namm(['compress', 'src/auth.go', '--keep-ratio', '0.5']).stdout);
    const written = namm([...args, '--output', 'result.md'], { input: list });
    expect([written.status, written.stdout]).toEqual([0, '']);
    expect(readFileSync(join(dir, 'result.md'), 'utf8')).toBe(printed.stdout);
    // A second run over the folder does not read what the first one wrote, and keeps its permissions.
    mkdirSync(join(dir, 'again'));
    cpSync(join(dir, 'src/auth.go'), join(dir, 'again/auth.go'));
    writeFileSync(join(dir, 'again/out.md'), '');
    chmodSync(join(dir, 'again/out.md'), 0o664);
    const again = (): string => {
      namm(['compress', 'again', '-o', 'again/out.md']);
      return readFileSync(join(dir, 'again/out.md'), 'utf8');
    };
    expect([again(), statSync(join(dir, 'again/out.md')).mode & 0o777]).toEqual([again(), 0o664]);
    const xml = namm(['compress', 'src/*.go', 'src/view.js', '--style', 'xml', '--keep-ratio', '0.5']).stdout;
    expect(xml).toMatch(/<file path="src\/auth.go"/);
  });
  test('standard input, a language, a pin, a question, every scorer', () => {
    const input = readFileSync(join(dir, 'src/concurrency.py'), 'utf8');
    for (const scorer of SCORER_IDS) {
      const r = namm(
        [
          'compress',
          '-',
          '--language',
          'python',
          '--scorer',
          scorer,
          '--pin',
          '1-3',
          '--query',
          'where does it iterate?',
          '--keep-ratio',
          '0.3',
        ],
        { input },
      );
      expect(r.status).toBe(0);
      expect(r.stdout.startsWith(input.split('\n').slice(0, 3).join('\n'))).toBe(true);
      expect(r.stderr).not.toContain('cut by lines');
    }
    expect(namm(['compress', '-'], { input }).stderr).toMatch(
      /^standard input .*cut by lines; --language ID names one\nstdin: .* tokens/,
    );
    for (const known of ['plaintext', 'markdown'])
      expect(namm(['compress', '-', '--language', known], { input }).stderr).toMatch(/^stdin: /);
  });
});

describe('credentials', () => {
  // Put together here, so that no scanner takes this file for a leak.
  const token = `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`;
  const random = 'zQ7wR2tY9uP4sD6f' + 'G1hJ3kL5xC8vB0nM';
  beforeAll(() => {
    const code = `export const a = 1;\nconst token = '${token}';\nconst seed = '${random}';\n`;
    writeFileSync(join(dir, 'token.ts'), code);
  });

  test('JSON says what was redacted where, without the value, and the exit code is 0', () => {
    const r = namm(['compress', 'token.ts', '--format', 'json', '--keep-ratio', '1']);
    expect(r.status).toBe(0);
    expect(JSON.parse(r.stdout).redacted).toEqual([{ path: 'token.ts', kind: 'GitHub Token', line: 2 }]);
    expect(r.stdout + r.stderr).not.toContain(token);
    expect(r.stderr).toMatch(/^redacted: GitHub Token in token\.ts:2$/m);
    expect(r.stdout).toContain(random);
  });

  test('block names the place and fails', () => {
    const r = namm(['compress', 'token.ts', '--format', 'json', '--secrets', 'block', '--keep-ratio', '1']);
    expect(r.stdout).toBe('');
    expect(r.stderr).toMatch(/^namm: .*GitHub Token in token\.ts:2/m);
    expect(r.stderr).not.toContain(token);
    expect(r.status).toBe(1);
  });

  test('--secrets-entropy takes values that look random, too', () => {
    const r = namm(['compress', 'token.ts', '--secrets-entropy', '--keep-ratio', '1']);
    expect(r.stdout).toContain("const seed = '[redacted: random value]';");
    expect(r.stderr).toMatch(/^redacted: GitHub Token in token\.ts:2, random value in token\.ts:3$/m);
  });
});

describe('bad input gets one sentence', () => {
  const fails = (args: string[], status: number, words: RegExp, options = {}) => {
    const r = namm(args, options);
    expect(r.stderr).toMatch(/^namm: [^\n]+\n$/); // one sentence and nothing else
    expect(r.stderr).toMatch(words);
    expect(r.status).toBe(status);
    expect(r.stdout).toBe('');
  };
  test('empty, binary, enormous, missing', () => {
    fails(['compress', 'empty.ts'], 1, /empty/);
    fails(['compress', 'binary.ts'], 1, /not UTF-8/);
    fails(['compress', 'big.ts'], 1, /over 2 million characters/);
    fails(['compress', 'nowhere.ts'], 1, /does not exist/);
    fails(['compress', '-'], 1, /empty/, { input: '' });
    fails(['compress', '-'], 1, /Standard input is not UTF-8/, { input: Buffer.from([0xff, 0xfe, 65, 0]) });
    fails(['compress', '-'], 1, /Standard input is over 2 million characters/, { input: 'x\n'.repeat(1_100_000) });
    fails(['inspect', 'src'], 1, /check that it is a file/);
    fails(['expand', 'zzzz:9'], 1, /No elision/);
  });
  test('one bad file among many is skipped and said', () => {
    const r = namm(['compress', 'src/auth.go', 'binary.ts', 'nowhere.ts', '--format', 'json']);
    expect(r.status).toBe(0);
    expect(JSON.parse(r.stdout).skipped).toEqual([
      { path: 'binary.ts', reason: 'binaryFile' },
      { path: 'nowhere.ts', reason: 'notFound' },
    ]);
    expect(r.stderr).toMatch(
      /^skipped \(not UTF-8 text\): binary\.ts\nskipped \(does not exist\): nowhere\.ts\nsrc\/auth\.go: .* tokens .*\nleft out: .*\n$/,
    );
  });
  test('a pin or an exclusion that fits nothing is named', () => {
    const { stderr } = namm([
      'compress',
      'src/auth.go',
      '--pin',
      '/zzz/',
      '--pin',
      'lib/*.ts',
      '--pin',
      '/func/',
      '--drop',
      '/nothing like it/',
    ]);
    expect(stderr).toMatch(
      /^--pin \/zzz\/ matches nothing\n--pin lib\/\*\.ts matches nothing\n--drop \/nothing like it\/ matches nothing\nsrc\/auth\.go: /,
    );
  });

  test.each(['constructor', '__proto__'])('the name of a language is any text, also %s', (language) => {
    const r = namm(['compress', 'src/auth.go', '--language', language, '--keep-ratio', '0.5']);
    expect(r.stderr).toContain(`"${language}" is no known language: the name and the first line of a text tell it\n`);
    expect(r.status).toBe(0);
    expect(r.stdout).toMatch(/\/\/\d+… #/); // the name told that it is Go
  });
  test('a language without a grammar is named', () => {
    const r = namm(['compress', 'src/auth.go', '--language', 'groovy', '--keep-ratio', '0.5']);
    expect(r.stderr).toContain('no grammar for "groovy": the text is cut by lines\n');
  });
  test.skipIf(process.platform === 'win32')('a folder of bad files gives what is good, and names the others', () => {
    const bad = join(dir, 'bad');
    mkdirSync(join(bad, 'ruled'), { recursive: true });
    cpSync('test/samples/auth.go', join(bad, 'auth.go'));
    spawnSync('mkfifo', [join(bad, 'pipe.ts'), join(bad, '.gitignore')]);
    writeFileSync(join(bad, 'ruled', '.gitignore'), 'x'.repeat(1_000_001));
    for (const name of ['empty.ts', 'binary.ts', 'big.ts']) cpSync(join(dir, name), join(bad, name));
    symlinkSync('nowhere', join(bad, 'broken.ts'));
    const r = namm(['compress', 'bad', '--format', 'json']);
    expect(r.status).toBe(0);
    const { files, skipped } = JSON.parse(r.stdout);
    expect(files.map((f: { path: string }) => f.path)).toEqual(['bad/auth.go']);
    expect(Object.fromEntries(skipped.map((s: { path: string; reason: string }) => [s.path, s.reason]))).toEqual({
      'bad/pipe.ts': 'notRegular',
      'bad/ruled': 'rulesUnreadable',
      'bad/empty.ts': 'emptyInput',
      'bad/binary.ts': 'binaryFile',
      'bad/big.ts': 'fileTooLarge',
      'bad/broken.ts': 'link',
    });
  });

  test('an unknown language is cut by lines', () => {
    const r = namm(['compress', 'odd.xyz', '--keep-ratio', '0.5']);
    expect(r.status).toBe(0);
    expect(r.stdout).toMatch(/\[\d+… #/);
  });
  test('missing and damaged models', () => {
    fails(['compress', 'src/auth.go'], 1, /missing/, { env: { NAMM_MODEL_DIR: join(dir, 'none') } });
    const broken = join(dir, 'broken');
    cpSync('media/model', broken, { recursive: true });
    const bytes = readFileSync(join(broken, 'observer.onnx'));
    bytes[1000]! ^= 1;
    writeFileSync(join(broken, 'observer.onnx'), bytes);
    fails(['compress', 'src/auth.go'], 1, /damaged \(observer\.onnx\)/, { env: { NAMM_MODEL_DIR: broken } });
  });
  test('a manifest that is none, of another format, or without the file it names', () => {
    const model = (name: string, manifest: string) => {
      const folder = join(dir, name);
      mkdirSync(folder);
      writeFileSync(join(folder, 'manifest.json'), manifest);
      return { env: { NAMM_MODEL_DIR: folder } };
    };
    fails(['compress', 'src/auth.go'], 1, /damaged \(manifest\.json\)/, model('no-json', '{'));
    fails(['compress', 'src/auth.go'], 1, /another version of namm/, model('other', '{}'));
    fails(
      ['compress', 'src/auth.go'],
      1,
      /\w+\.(onnx|json) is missing/,
      model('alone', readFileSync('media/model/manifest.json', 'utf8')),
    );
  });
  test('an output that is no file, an empty list, a choice that leaves nothing', () => {
    fails(['compress', 'src', '--output', 'src'], 2, /--output takes a file, and src is none/);
    fails(['compress', 'src', '--output', 'nowhere/a.md'], 2, /there is no folder .*nowhere/);
    fails(['compress', 'src/auth.go', '--output', 'src/auth.go'], 2, /--output would replace src\/auth\.go/);
    writeFileSync(join(dir, 'fixed.md'), '', { mode: 0o444 });
    if (process.getuid?.()) fails(['compress', 'src', '--output', 'fixed.md'], 2, /the file is read-only/);
    fails(['compress', '--files-from', 'blank.txt'], 1, /blank\.txt names no file/);
    fails(['compress', 'src', '--include', '*.rb'], 1, /No source file is left to compress in src/);
    if (process.platform === 'linux') fails(['compress', 'src', '--output', '/dev/null'], 2, /takes a file/);
  });
  test('wrong flags, and a pin behind the end', () => {
    fails(['compress', 'src/auth.go', '--pin', '5000'], 2, /behind the 116 lines/);
    fails(['compress', 'src', '--pin', '1'], 2, /single file/);
  });
  test('--auto without a calibrated threshold', () =>
    fails(['compress', 'src/auth.go', '--auto', '--scorer', 'random'], 2, /"random" has none/));
  test('wrong values', () => fails(['compress', 'src', '--keep-ratio', '2'], 2, /keep-ratio/));
});

test('folders honour .gitignore and do not follow links out', () => {
  const tree = join(dir, 'tree');
  mkdirSync(join(tree, 'node_modules'), { recursive: true });
  mkdirSync(join(tree, 'lib'));
  writeFileSync(join(tree, '.gitignore'), 'secret.ts\nlib/*.gen.ts\n');
  for (const f of ['a.ts', 'secret.ts', 'lib/b.ts', 'lib/c.gen.ts', 'node_modules/d.ts', 'e.min.js'])
    writeFileSync(join(tree, f), 'export const a = 1;\n');
  symlinkSync(join(dir, 'src/view.js'), join(tree, 'link.js'));
  chmodSync(tree, 0o755);
  const out = JSON.parse(namm(['compress', 'tree', '--format', 'json']).stdout);
  expect(out.files.map((f: { path: string }) => f.path)).toEqual(
    ['tree/.gitignore', 'tree/a.ts', 'tree/lib/b.ts'].filter((p) => !p.endsWith('.gitignore')),
  );
});

describe.skipIf(process.platform === 'win32')('the other end', () => {
  const shell = (script: string) =>
    spawnSync('bash', ['-c', `set -o pipefail; ${script}`], {
      cwd: dir,
      encoding: 'utf8',
      env: { ...process.env, NAMM: cli, NAMM_STATE_DIR: join(dir, 'state') },
    });
  test('may stop reading, or not listen at all', () => {
    const r = shell('node "$NAMM" inspect src/auth.go | head -c 5');
    expect([r.status, r.stdout, r.stderr]).toEqual([0, '{"ver', '']);
    expect(shell('node "$NAMM" compress src/auth.go 2> >(true) | wc -l').status).toBe(0);
  });
  test.skipIf(process.platform !== 'linux')('may be full', () => {
    const r = shell('node "$NAMM" compress src/auth.go > /dev/full');
    expect(r.status).toBe(1);
    expect(r.stderr.trim().split('\n').at(-1)).toMatch(
      /^namm: The result could not be written, only 0 of \d+ bytes were: there is no more room \(ENOSPC\)\.$/,
    );
    for (const command of ['--help', '--version', 'inspect src/auth.go'])
      expect(shell(`node "$NAMM" ${command} > /dev/full`).status).toBe(1);
  });
  test.skipIf(process.platform !== 'linux')('may take only the beginning: that is a failure', () => {
    // A limit on the size of a file stands in for a disk that fills up in the middle.
    const r = shell(`trap '' XFSZ; ulimit -f 1; node "$NAMM" compress --help > part.txt`);
    expect(r.status).toBe(1);
    expect(r.stderr).toMatch(/^namm: The result could not be written, only 1024 of \d+ bytes were: .* \(EFBIG\)\.\n$/);
    expect(statSync(join(dir, 'part.txt')).size).toBe(1024);
  });
  test('may be a terminal, which no name controls; the result has the name as it is', () => {
    const name = 'a\x1b[2J\u202e\n.ts';
    writeFileSync(join(dir, name), 'export const a = 1;\n');
    const r = namm(['compress', name, `b\x1b.ts`, '--format', 'json']);
    expect(JSON.parse(r.stdout).files[0].path).toBe(name);
    expect(r.stderr).toMatch(/^skipped \(does not exist\): b\\x1b\.ts\na\\x1b\[2J\\u202e\\x0a\.ts: 7 → 7 tokens .*\n$/);
    expect(namm(['compress', 'c\x1b[2J\x9b.ts']).stderr).toBe('namm: c\\x1b[2J\\x9b.ts does not exist.\n');
    expect(namm(['compress', 'a', '--scorer', '\x1b']).stderr).toMatch(/^namm: --scorer .* got "\\x1b"\.\n$/);
  });
  test('may lose patience: an interrupt ends the run within seconds, without a word', async () => {
    writeFileSync(join(dir, 'long.ts'), readFileSync('test/samples/createAction.ts', 'utf8').repeat(60));
    const child = spawn('node', [cli, 'compress', 'long.ts'], { cwd: dir });
    let said = '';
    child.stdout.on('data', (d) => (said += d));
    child.stderr.on('data', (d) => (said += d));
    await new Promise((r) => setTimeout(r, 2500)); // reading by then
    child.kill('SIGINT');
    const code = await new Promise((r) => child.once('exit', (c, signal) => r(c ?? signal)));
    expect([130, 'SIGINT']).toContain(code);
    expect(said).toBe('');
  });
});
