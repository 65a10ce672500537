// What the doctor finds in a whole installation, and in broken ones. No engine is started.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CompressionError } from '../../../../src/core/errors';
import { report, sentenceOf } from '../../../../src/node/cli/doctor';
import { examine, type Places } from '../../../../src/node/doctor/doctor';
import { LEVELS, type Code, type Finding } from '../../../../src/node/doctor/finding';
import { checkVersions } from '../../../../src/node/doctor/parts';

let dir: string;
let places: Places;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'namm-doctor-'));
  places = {
    version: '1.2.3',
    model: 'media/model',
    grammars: 'dist/grammars',
    state: join(dir, 'state'),
    cache: join(dir, 'cache'),
    machine: { home: dir, cwd: join(dir, 'project'), platform: 'linux', env: { PATH: join(dir, 'bin') } },
  };
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

const faults = (findings: readonly Finding[]): Code[] =>
  findings.map(({ code }) => code).filter((code) => LEVELS[code] === 'fault');
const find = <C extends Code>(findings: readonly Finding[], code: C) =>
  findings.find((f): f is Extract<Finding, { code: C }> => f.code === code);

test('a whole installation without clients has no fault', async () => {
  const findings = await examine(places);
  expect(faults(findings)).toEqual([]);
  expect(findings.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['versions', 'model', 'grammars', 'folderAbsent', 'noClient']),
  );
  expect(report(findings)).toMatch(/\n\nAll that was checked works\.\n$/);
});

test('an old Node.js is a fault', () => {
  expect(faults(checkVersions('1', '18.20.1'))).toEqual(['nodeTooOld']);
  expect(faults(checkVersions('1', '20.0.0'))).toEqual([]);
});

test('a damaged model and a damaged grammar are named', async () => {
  const [model, grammars] = [join(dir, 'model'), join(dir, 'grammars')];
  cpSync(places.model, model, { recursive: true });
  writeFileSync(join(model, 'namm.json'), '{}');
  cpSync(places.grammars, grammars, { recursive: true });
  writeFileSync(join(grammars, 'tree-sitter-go.wasm'), '');
  rmSync(join(grammars, 'tree-sitter-c.wasm'));
  const findings = await examine({ ...places, model, grammars });
  expect(find(findings, 'modelFault')).toMatchObject({ reason: 'modelCorrupt', detail: 'namm.json' });
  expect(find(findings, 'grammarFault')?.files.toSorted()).toEqual(['tree-sitter-c.wasm', 'tree-sitter-go.wasm']);
  expect(report(findings)).toMatch(/FAULT .*damaged.*\n[\s\S]*\n2 faults\.\n$/);
});

test('an engine that fails is a fault, one that reads a text is none', async () => {
  const broken = { compress: () => Promise.reject(new CompressionError('runtimeMissing', 'sunos')) };
  expect(find(await examine(places, broken), 'engineFault')).toMatchObject({ reason: 'runtimeMissing' });
});

describe('folders', () => {
  test('a file in the place of one is a fault', async () => {
    writeFileSync(places.state, '');
    expect(find(await examine(places), 'folderFault')).toMatchObject({ holds: 'state' });
  });

  test.skipIf(process.platform === 'win32')('what others can read is a fault', async () => {
    mkdirSync(places.state);
    writeFileSync(join(places.state, 'elisions.json'), '{}');
    chmodSync(join(places.state, 'elisions.json'), 0o644);
    expect(find(await examine(places), 'openToOthers')?.file).toBe(join(places.state, 'elisions.json'));
    chmodSync(join(places.state, 'elisions.json'), 0o600);
    expect(faults(await examine(places))).toEqual([]);
  });

  test('NAMM_STATS=off is worth a note', async () => {
    vi.stubEnv('NAMM_STATS', 'off');
    expect(find(await examine(places), 'statsOff')).toBeDefined();
  });
});

describe('clients', () => {
  const configure = (file: string, text: string): void => {
    mkdirSync(join(dir, file, '..'), { recursive: true });
    writeFileSync(join(dir, file), text);
  };
  const start = (command: string, ...args: string[]): string =>
    JSON.stringify({ mcpServers: { namm: { command, args } } });

  test('one that starts the server is named', async () => {
    configure('cli.js', '');
    configure('.cursor/mcp.json', start(process.execPath, join(dir, 'cli.js'), 'mcp'));
    const findings = await examine(places);
    expect(find(findings, 'client')).toMatchObject({ client: 'cursor', scope: 'user' });
    expect(find(findings, 'noClient')).toBeUndefined();
  });

  test('one whose server is gone is a fault: a path, or a program that is not installed', async () => {
    configure('.claude.json', start(process.execPath, join(dir, 'gone', 'cli.js'), 'mcp'));
    expect(find(await examine(places), 'clientBroken')?.missing).toBe(join(dir, 'gone', 'cli.js'));
    configure('.claude.json', start('namm', 'mcp'));
    expect(find(await examine(places), 'clientBroken')?.missing).toBe('namm');
    configure('bin/namm', '');
    expect(faults(await examine(places))).toEqual([]);
  });

  test('TOML is looked into for the head of the entry; what cannot be parsed is a note', async () => {
    configure('.codex/config.toml', 'model = "m"\n[mcp_servers.namm]\ncommand = "namm"\n');
    configure('project/.mcp.json', '{');
    const findings = await examine(places);
    expect(find(findings, 'client')).toMatchObject({ client: 'codex' });
    expect(find(findings, 'clientUnknown')).toMatchObject({ client: 'claude-code' });
    expect(faults(findings)).toEqual([]);
  });
});

test('every sentence is one line and ends as one', async () => {
  for (const finding of await examine(places)) expect(sentenceOf(finding)).toMatch(/^[^\n]+\.$/);
});
