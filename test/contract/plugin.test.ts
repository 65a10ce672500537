// The plugin for coding agents: its manifests have the form that each format demands, its skill names what there is, its server starts.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makePlugin } from '../../scripts/plugin.mjs';

let out: string;
beforeAll(() => {
  out = join(mkdtempSync(join(tmpdir(), 'namm-plugin-')), 'plugin');
  execFileSync(process.execPath, ['scripts/notices.mjs']);
  makePlugin(out, `${process.platform}-${process.arch}`);
});
afterAll(() => rmSync(join(out, '..'), { recursive: true, force: true }));

const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(out, ...path), 'utf8'));
const own = JSON.parse(readFileSync('package.json', 'utf8'));

/** agent-plugins.org/specification, version 1.0.0: no other members are allowed. */
const schema = (name: string) => z.literal(`https://agent-plugins.org/schemas/1.0.0/${name}.schema.json`);
const about = {
  name: z
    .string()
    .max(64)
    .regex(/^(?!.*(?:--|\.\.))[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/),
  version: z.string(),
  description: z.string(),
  author: z.strictObject({ name: z.string(), url: z.url() }),
  license: z.string(),
  homepage: z.url(),
  repository: z.url(),
};
const stdio = { command: z.literal('node'), args: z.array(z.string()) };

describe('manifests', () => {
  test('Agent Plugins 1.0', () => {
    z.strictObject({ $schema: schema('plugin'), ...about }).parse(json('plugin.json'));
    z.strictObject({
      $schema: schema('mcp'),
      mcpServers: z.record(z.string(), z.strictObject({ type: z.literal('stdio'), ...stdio })),
    }).parse(json('mcp.json'));
  });

  test('Claude Code', () => {
    z.strictObject(about).parse(json('.claude-plugin', 'plugin.json'));
    z.strictObject({ mcpServers: z.record(z.string(), z.strictObject(stdio)) }).parse(json('.mcp.json'));
  });

  test('both start the same server, which is in the plugin, and have the version of the package', () => {
    const servers = [
      ['PLUGIN_ROOT', json('mcp.json')],
      ['CLAUDE_PLUGIN_ROOT', json('.mcp.json')],
    ] as const;
    const starts = servers.map(([root, config]) => {
      const [file, ...args] = (config as { mcpServers: { namm: { args: string[] } } }).mcpServers.namm.args;
      expect(file!.startsWith(`\${${root}}/`)).toBe(true);
      return [file!.slice(`\${${root}}/`.length), ...args];
    });
    expect(starts[0]).toEqual(starts[1]);
    expect(existsSync(join(out, starts[0]![0]!))).toBe(true);
    expect(json('plugin.json')).toMatchObject({ version: own.version });
    expect(json('server', 'package.json')).toMatchObject({ version: own.version });
  });
});

describe('the skill', () => {
  const folder = 'media/plugin/skills/namm-context';
  const text = readFileSync(join(folder, 'SKILL.md'), 'utf8');
  const head = new Map([...text.split('---')[1]!.matchAll(/^(\w+): (.+)$/gm)].map((m) => [m[1]!, m[2]!] as const));

  test('has the name of its folder and a description within the limit of the format', () => {
    expect(folder.endsWith(`/${head.get('name')}`)).toBe(true);
    expect(head.get('description')!.length).toBeLessThanOrEqual(1024);
  });

  test('names tools and arguments that the server has', async () => {
    const client = new Client({ name: 'test', version: '1' });
    const args = [join(out, 'server/dist/cli.js'), 'mcp'];
    await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
    try {
      const { tools } = await client.listTools();
      const known = tools.flatMap((t) => [t.name, ...Object.keys(t.inputSchema.properties ?? {})]);
      const named = [...text.matchAll(/`([a-z]\w+)(?: [\d.]+)?`/g)].map((m) => m[1]!).filter((n) => n !== 'namm');
      expect(named.length).toBeGreaterThan(5);
      expect(named.filter((name) => !known.includes(name))).toEqual([]);
    } finally {
      await client.close();
    }
  });

  test('is one file, in the plugin and in the extension, which names it', () => {
    const [{ path }] = own.contributes.chatSkills;
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readFileSync(join(out, 'skills/namm-context/SKILL.md'), 'utf8')).toBe(text);
    expect(readFileSync('.vscodeignore', 'utf8')).toContain('!media/plugin/skills/*/SKILL.md\n');
    expect(statSync(path).size).toBeLessThan(5000); // an assistant reads it whole
  });
});
