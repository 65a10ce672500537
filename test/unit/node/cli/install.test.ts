// `namm install` asks before it writes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { install, NotEdited, type Talk } from '../../../../src/node/cli/install';
import { UsageError } from '../../../../src/node/mcp/options';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'namm-install-'));
  vi.stubEnv('CLAUDE_CONFIG_DIR', dir);
  vi.stubEnv('CODEX_HOME', dir);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

const file = (): string => join(dir, '.claude.json');
async function run(answer: boolean | undefined, yes = false, client: 'claude-code' | 'codex' = 'claude-code') {
  const out: string[] = [];
  const asked: string[] = [];
  const talk: Talk = {
    print: (text) => Promise.resolve(void out.push(text)),
    say: (lines) => void out.push(...lines),
    ...(answer === undefined ? {} : { ask: (q) => (asked.push(q), Promise.resolve(answer)) }),
  };
  const error = await install({ command: 'install', client, project: false, yes }, talk).catch((e: unknown) => e);
  return { text: out.join('\n'), asked, error };
}

test('no: nothing is written; yes: what was shown', async () => {
  const no = await run(false);
  expect(no.text).toMatch(/^--- no file yet\n\+\+\+ .*\.claude\.json\n@@ /);
  expect(no.asked).toHaveLength(1);
  expect(existsSync(file())).toBe(false);
  const yes = await run(true);
  const added = yes.text.split('\n').filter((line) => /^\+[^+]/.test(line));
  expect(readFileSync(file(), 'utf8')).toBe(added.map((line) => `${line.slice(1)}\n`).join(''));
});

test('with nobody to ask it is wrong usage, unless --yes was given', async () => {
  expect((await run(undefined)).error).toBeInstanceOf(UsageError);
  expect(existsSync(file())).toBe(false);
  const { error, asked } = await run(undefined, true);
  expect([error, asked]).toEqual([undefined, []]);
  expect(existsSync(file())).toBe(true);
  expect((await run(undefined)).text).toMatch(/nothing to change/);
});

test('a configuration that is not understood is left alone, and what to paste is printed', async () => {
  writeFileSync(file(), '{ broken');
  const { text, error } = await run(true);
  expect(error).toBeInstanceOf(NotEdited);
  expect(JSON.parse(text.slice(text.indexOf('{')))).toHaveProperty('mcpServers.namm.command');
  expect(readFileSync(file(), 'utf8')).toBe('{ broken');
  expect((await run(true, true, 'codex')).text).toContain('[mcp_servers.namm]');
});
