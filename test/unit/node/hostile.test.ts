// Hostile files among good ones: the good ones are compressed, each hostile one is named with its reason.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompressedContext } from '../../../src/core/context';
import { COMPRESSED, makeHostileFolder, SKIPPED } from '../../support/hostileFolder';

const TEN_MINUTES = 600_000;
const cli = resolve('dist/cli.js');
let dir: string;
const env = (): Record<string, string> => ({
  ...(process.env as Record<string, string>),
  NAMM_STATE_DIR: join(dir, 'state'),
  NAMM_CACHE_DIR: join(dir, 'cache'),
});

beforeAll(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'namm-hostile-')));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

function hostileFolder(name: string, count: number): { readonly folder: string; readonly names: readonly string[] } {
  const folder = join(dir, name);
  mkdirSync(folder);
  return { folder, names: makeHostileFolder(folder, count) };
}

interface Output extends CompressedContext {
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

describe.skipIf(process.platform === 'win32')('a folder with hostile files', () => {
  test(
    'on the command line',
    () => {
      const { folder, names } = hostileFolder('many', 200);
      // This scorer reads nothing with the model, which would take minutes.
      const args = ['compress', '.', '--format', 'json', '--scorer', 'recency'];
      const { status, stdout, stderr } = spawnSync('node', [cli, ...args], {
        cwd: folder,
        encoding: 'utf8',
        env: env(),
        maxBuffer: 2 ** 28,
      });
      expect(stderr).not.toContain('defect');
      expect(status).toBe(0);
      const output = JSON.parse(stdout) as Output;
      const files = new Map(output.files.map((f) => [f.path, f]));
      for (const name of names)
        expect(files.get(name)!.elisions.length + files.get(name)!.text.length).toBeGreaterThan(0);
      for (const { grammarFault } of output.files) expect(grammarFault).toBeUndefined();
      for (const name of COMPRESSED) expect([...files.keys()]).toContain(name);
      expect(Object.fromEntries(output.skipped.map((s) => [basename(s.path), s.reason]))).toMatchObject(SKIPPED);
      for (const { path } of output.skipped) expect(files.has(path)).toBe(false);
      // Names are written so that no terminal obeys them.
      expect(stderr).not.toContain('\u001b');
    },
    TEN_MINUTES,
  );

  test(
    'over MCP',
    async () => {
      const { folder, names } = hostileFolder('few', 20);
      const client = new Client({ name: 'test', version: '1' });
      const args = [cli, 'mcp', '--root', folder];
      const transport = new StdioClientTransport({ command: process.execPath, args, env: env(), stderr: 'ignore' });
      await client.connect(transport, { timeout: TEN_MINUTES });
      const call = { name: 'compress_files', arguments: { paths: ['.'] } };
      const result = (await client.callTool(call, undefined, { timeout: TEN_MINUTES })) as CallToolResult;
      await client.close();
      const [text = '', note = ''] = result.content.map((c) => (c.type === 'text' ? c.text : ''));
      expect(result.isError).not.toBe(true);
      for (const name of names) expect(text).toContain(`\n${name}\n`);
      expect(note).toContain('Skipped: ');
      expect(note).toMatch(/pipe\.ts \(a pipe, a socket or a device\)/);
    },
    TEN_MINUTES,
  );
});
