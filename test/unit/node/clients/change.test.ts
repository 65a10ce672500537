// The change of a client's configuration on the disk: back-up, refusals, links, and where the files lie.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigChanged, makeChange, planChange, type Plan } from '../../../../src/node/clients/change';
import { CLIENT_IDS, clientAt, type Machine } from '../../../../src/node/clients/clients';
import { diffOf } from '../../../../src/node/clients/diff';
import { isOurs, serverEntry, tomlSnippet } from '../../../../src/node/clients/server';

let home: string;
let machine: Machine;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'namm-clients-'));
  machine = { home, cwd: join(home, 'project'), platform: 'linux', env: {} };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const claude = () => clientAt('claude-code', 'user', machine);
const entry = () => serverEntry(claude(), 'user', '/bin/node', '/opt/namm/dist/cli.js');
const changeOf = (plan: Plan): Extract<Plan, { kind: 'change' }> => {
  if (plan.kind !== 'change') throw new Error(`the plan is ${plan.kind}`);
  return plan;
};

describe('a change', () => {
  test('is made with a back-up and the permissions that were there, and can be undone', async () => {
    const { file } = claude();
    const text = '{ "secret": 1 }\n';
    writeFileSync(file, text, { mode: 0o600 });
    const backup = await makeChange(changeOf(await planChange(claude(), entry())));
    expect(readFileSync(backup!, 'utf8')).toBe(text);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ secret: 1, mcpServers: { namm: entry() } });
    if (process.platform !== 'win32')
      for (const path of [file, backup!]) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await planChange(claude(), entry())).toEqual({ kind: 'done' });
    await makeChange(changeOf(await planChange(claude(), undefined)));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ secret: 1, mcpServers: {} });
  });

  test('makes the folders of a new file; taken out, the file goes', async () => {
    const client = clientAt('continue', 'project', machine);
    expect(await makeChange(changeOf(await planChange(client, entry())))).toBeUndefined();
    expect(JSON.parse(readFileSync(client.file, 'utf8'))).toEqual({ mcpServers: { namm: entry() } });
    await makeChange(changeOf(await planChange(client, undefined)));
    expect(existsSync(client.file)).toBe(false);
    expect(readdirSync(join(client.file, '..'))).toEqual([expect.stringMatching(/^namm\.json\..*\.backup$/)]);
  });

  test('is not made if the file has changed since it was shown', async () => {
    writeFileSync(claude().file, '{}');
    const plan = changeOf(await planChange(claude(), entry()));
    writeFileSync(claude().file, '{"new": 1}');
    await expect(makeChange(plan)).rejects.toThrow(ConfigChanged);
    expect(readFileSync(claude().file, 'utf8')).toBe('{"new": 1}');
  });

  test.skipIf(process.platform === 'win32')('follows a link, which stays one', async () => {
    writeFileSync(join(home, 'dotfiles.json'), '{}');
    symlinkSync(join(home, 'dotfiles.json'), claude().file);
    await makeChange(changeOf(await planChange(claude(), entry())));
    expect(readFileSync(join(home, 'dotfiles.json'), 'utf8')).toContain('namm');
    expect(readdirSync(home).filter((name) => name.endsWith('.backup'))).toHaveLength(1);
  });
});

describe('left alone', () => {
  test.each([
    ['what cannot be parsed', '{ "a": ', 'unparsed'],
    ['an entry of this name that starts another program', '{"mcpServers":{"namm":{"command":"other"}}}', 'foreign'],
  ])('%s', async (_, text, why) => {
    writeFileSync(claude().file, text);
    expect(await planChange(claude(), entry())).toEqual({ kind: 'refused', why });
    expect(await planChange(claude(), undefined)).toEqual({ kind: 'refused', why });
  });

  test('TOML, with a snippet that can be pasted', async () => {
    expect(await planChange(clientAt('codex', 'user', machine), entry())).toEqual({ kind: 'refused', why: 'toml' });
    expect(tomlSnippet({ command: 'C:\\node.exe', args: ['a b', 'mcp'] })).toBe(
      '[mcp_servers.namm]\ncommand = "C:\\\\node.exe"\nargs = ["a b", "mcp"]\n',
    );
  });

  test('where there is nothing to take out', async () =>
    expect(await planChange(claude(), undefined)).toEqual({ kind: 'done' }));
});

test('each client has a file of its own for the user and for the project', () => {
  const files = CLIENT_IDS.flatMap((id) => (['user', 'project'] as const).map((s) => clientAt(id, s, machine).file));
  expect(new Set(files).size).toBe(files.length);
  const elsewhere = { ...machine, env: { CLAUDE_CONFIG_DIR: '/c', CODEX_HOME: '/x', XDG_CONFIG_HOME: '/g' } };
  expect(clientAt('claude-code', 'user', elsewhere).file).toBe(join('/c', '.claude.json'));
  expect(clientAt('codex', 'user', elsewhere).file).toBe(join('/x', 'config.toml'));
  expect(clientAt('vscode', 'user', elsewhere).file).toBe(join('/g', 'Code', 'User', 'mcp.json'));
});

test('the entry of a project names no path of this machine; each is known as ours', () => {
  for (const id of CLIENT_IDS) {
    const client = clientAt(id, 'user', machine);
    expect(JSON.stringify(serverEntry(client, 'project', '/bin/node', '/opt/cli.js'))).not.toContain('/opt');
    for (const scope of ['user', 'project'] as const)
      expect(isOurs(serverEntry(client, scope, '/bin/node', '/opt/namm/dist/cli.js'))).toBe(true);
  }
  expect(isOurs({ command: 'npx', args: ['-y', 'namm-other', 'mcp'] })).toBe(false);
  expect([null, 'namm', {}, { command: 3, args: 'mcp' }].map(isOurs)).toEqual([false, false, false, false]);
});

describe('the diff', () => {
  test('shows the changed lines with three on either side', () =>
    expect(diffOf('a\nb\nc\nd\ne\nf\n', 'a\nb\nc\nd\nX\nY\ne\nf\n')).toEqual([
      '@@ -2,5 +2,7 @@',
      ...[' b', ' c', ' d', '+X', '+Y', ' e', ' f'],
    ]));
  test('of a new file and of one that goes', () => {
    expect(diffOf(undefined, 'a\n')).toEqual(['@@ -0,0 +1,1 @@', '+a']);
    expect(diffOf('a\n', undefined)).toEqual(['@@ -1,1 +0,0 @@', '-a']);
  });
  test('repeated lines are not counted twice', () =>
    expect(diffOf('a\na\n', 'a\na\na\n').filter((l) => l.startsWith('+'))).toEqual(['+a']));
});
