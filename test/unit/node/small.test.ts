// Small contexts by the command line and over MCP, read by the model: never more tokens out than in, and some code of each text.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counterFor } from '../../../src/tokens/counters';
import { SMALL_CELLS, SMALL_FILES } from '../../support/smallTexts';

const RATIOS = [0.1, 0.5];
const NOTEBOOK = 'n.ipynb';
const CLI = resolve('dist/cli.js');
const PATIENT = { timeout: 500_000 }; // a busy machine is no fault; less than the limit of a test
const counter = counterFor('o200k');
const { count } = counter;

let dir: string;
let client: Client;
const env = (): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  NAMM_STATE_DIR: join(dir, 'state'),
  NAMM_CACHE_DIR: join(dir, 'cache'),
});

/** @returns what the command line prints for an assistant */
function byCommand(paths: readonly string[], keepRatio: number): string {
  const args = [CLI, 'compress', ...paths, '--keep-ratio', String(keepRatio)];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: dir, encoding: 'utf8', env: env() });
  expect(status, stderr).toBe(0);
  return stdout;
}

async function byMcp(paths: readonly string[], keepRatio: number): Promise<string> {
  const called = await client.callTool({ name: 'compress_files', arguments: { paths, keepRatio } }, undefined, PATIENT);
  expect(called.isError).not.toBe(true);
  return (called.content as readonly { text: string }[])[0]!.text;
}

beforeAll(async () => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'namm-small-')));
  for (const [path, text] of SMALL_FILES) writeFileSync(join(dir, path), text);
  const cells = SMALL_CELLS.map((source) => ({
    cell_type: 'code',
    metadata: {},
    execution_count: null,
    outputs: [],
    source,
  }));
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: { language_info: { name: 'python' } }, cells };
  writeFileSync(join(dir, NOTEBOOK), JSON.stringify(notebook));
  client = new Client({ name: 'test', version: '1' }, { capabilities: {} });
  const args = [CLI, 'mcp', '--root', dir];
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, cwd: dir, env: env(), stderr: 'ignore' }),
    PATIENT,
  );
});
afterAll(async () => {
  await client.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The lines of a text that are code: of Markdown and JSON all of them. */
const codeLines = (text: string): string[] =>
  text.split('\n').filter((line) => /\w/.test(line) && !/^\s*(?:\/\/|"""|#!)/.test(line));

/** @param texts the originals, of which something must be left */
function check(compressed: string, whole: string, texts: readonly string[]): void {
  expect(count(compressed)).toBeLessThanOrEqual(count(whole));
  for (const text of texts) expect(codeLines(text).filter((line) => compressed.includes(line))).not.toEqual([]);
}

const contexts = [1, 3, 5].map((size, i) =>
  Array.from({ length: size }, (_, j) => SMALL_FILES[(2 * i + j) % SMALL_FILES.length]!),
);

describe.each([
  ['the command line', byCommand],
  ['MCP', byMcp],
] as const)('%s', (_, compress) => {
  test.each(contexts.map((files) => [files.map(([path]) => path), files.map(([, text]) => text)] as const))(
    'files: %j',
    async (paths, texts) => {
      const whole = await compress(paths, 1);
      for (const text of texts) expect(whole).toContain(text.trimEnd());
      for (const ratio of RATIOS) check(await compress(paths, ratio), whole, texts);
    },
  );
  test('the cells of a notebook', async () => {
    const whole = await compress([NOTEBOOK], 1);
    for (const text of SMALL_CELLS) expect(whole).toContain(text.trimEnd());
    for (const ratio of RATIOS) check(await compress([NOTEBOOK], ratio), whole, SMALL_CELLS);
  });
});
