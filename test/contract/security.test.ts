// Checks the borders of docs/security.md that the sources and the build can show.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { GRAMMAR_FILES } from '../../scripts/grammarFiles.mjs';
import { isPermissive, packageFolders, sbom, strangeLicences } from '../../scripts/sbom.mjs';
import { GRAMMAR_SHA256 } from '../../src/languages/grammarHashes';
import { Grammars } from '../../src/parse/grammars';
import { hasGrammar } from '../../src/languages/languages';

const filesOf = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((f) => join(dir, f))
    .filter((f) => f.endsWith('.ts'));
const shipped = ['src', 'extension'].flatMap(filesOf);

describe('sources that ship', () => {
  test('never evaluate text as code', () => {
    for (const f of shipped)
      expect(readFileSync(f, 'utf8'), f).not.toMatch(/\beval\s*\(|new Function\b|\bvm['"]|runIn\w*Context/);
  });

  test('start one process, their own engine, without a shell', () => {
    const using = (pattern: RegExp): string[] => shipped.filter((f) => pattern.test(readFileSync(f, 'utf8')));
    const starters = using(/child_process|cluster['"]/);
    expect(starters).toEqual([join('src/node/engine/client.ts')]);
    expect(readFileSync(starters[0]!, 'utf8')).not.toMatch(/\b(exec|execFile|spawn)(Sync)?\s*\(|\bshell\s*:/);
    // The engine's second thread runs the engine's own script.
    expect(using(/new Worker\b/)).toEqual([join('src/node/engine/watchdog.ts')]);
  });

  test('give every page a policy that allows nothing by itself', () => {
    for (const f of shipped.filter((f) =>
      /createWebviewPanel|registerWebviewViewProvider/.test(readFileSync(f, 'utf8')),
    )) {
      const room = readdirSync(dirname(f))
        .map((n) => join(dirname(f), n))
        .filter((n) => n.endsWith('.ts'))
        .map((n) => readFileSync(n, 'utf8'))
        .join('\n');
      const policies = room.match(/Content-Security-Policy" content="[^"]*"/g) ?? [];
      expect(policies.length, f).toBeGreaterThan(0);
      for (const p of policies) {
        expect(p).toContain("default-src 'none'");
        expect(p).not.toMatch(/unsafe-eval|unsafe-inline|\*|https?:/);
      }
    }
  });

  test('a setting that names code, a model or an address is not taken from a workspace', () => {
    const { capabilities, contributes } = JSON.parse(readFileSync('package.json', 'utf8'));
    const properties = Object.assign(
      {},
      ...contributes.configuration.map((c: { properties: object }) => c.properties),
    ) as Record<string, { type: string; scope: string }>;
    const paths = Object.keys(properties).filter(
      (k) =>
        /(?:\bpath|Path|\bfile|File|[Ff]older|[Cc]ommand|Dir|url|Url|endpoint\.model)$/.test(k) &&
        properties[k]!.type === 'string',
    );
    expect(paths).toEqual(expect.arrayContaining(['namm.modelPath', 'namm.endpoint.url']));
    for (const k of paths) {
      expect(capabilities.untrustedWorkspaces.restrictedConfigurations, k).toContain(k);
      expect(properties[k]!.scope, k).toBe('machine');
    }
  });
});

describe('grammars', () => {
  const read = (file: string): Buffer => readFileSync(GRAMMAR_FILES.get(file)!);

  test('the pinned hashes are those of the packages', () => {
    for (const [file, sha] of Object.entries(GRAMMAR_SHA256))
      expect(createHash('sha256').update(read(file)).digest('hex'), file).toBe(sha);
  });

  test('the bundle holds every pinned grammar, and no other', () =>
    expect(readdirSync('dist/grammars').sort()).toEqual(Object.keys(GRAMMAR_SHA256).sort()));

  test('one other byte, or none at all, is refused before it is compiled; the next try may succeed', async () => {
    let broken = true;
    const grammars = new Grammars((file) => {
      if (broken && file === 'tree-sitter-go.wasm') throw new Error('no such file');
      const bytes = Buffer.from(read(file));
      if (broken && file === 'tree-sitter-rust.wasm') bytes[bytes.length >> 1]! ^= 1;
      return Promise.resolve(bytes);
    });
    for (const language of ['rust', 'go']) {
      expect(hasGrammar(language)).toBe(true);
      broken = true;
      await expect(grammars.parserFor(language)).rejects.toMatchObject({ reason: 'grammarCorrupt' });
      broken = false;
      expect(await grammars.parserFor(language)).toBeTruthy();
    }
  });
});

describe('bill of materials', () => {
  const inputs = (): string[] => JSON.parse(readFileSync('dist/bundled.json', 'utf8')) as string[];

  test('names every package in the bundles and the model by hash; all licences are permissive', () => {
    const bom = sbom(inputs());
    const names = bom.components.map((c) => c.name);
    for (const n of [
      'onnxruntime-node',
      'onnxruntime-common',
      '@huggingface/tokenizers',
      'gpt-tokenizer',
      '@vscode/tree-sitter-wasm',
      'eventsource-parser',
      'dist/grammars/tree-sitter-go.wasm',
    ])
      expect(names).toContain(n);
    expect(strangeLicences(bom)).toEqual([]);
    for (const c of bom.components) expect(c.licenses?.[0]?.expression, c.name).toBeTruthy();
    expect(strangeLicences({ components: [{ type: 'file', name: 'a grammar of unknown licence' }] })).toHaveLength(1);
    const manifest = JSON.parse(readFileSync('media/model/manifest.json', 'utf8'));
    const model = bom.components.find((c) => c.type === 'machine-learning-model');
    expect(model!.components!.length).toBeGreaterThan(3);
    for (const f of model!.components!)
      expect(f.hashes![0]!.content).toBe(manifest.files[f.name.replace('media/model/', '')].sha256);
  });

  test('a licence that is not permissive is seen', () => {
    expect(isPermissive('(MIT OR GPL-3.0-only)')).toBe(true);
    expect(isPermissive('MIT AND GPL-3.0-only')).toBe(false);
    expect(isPermissive(undefined)).toBe(false);
    expect(packageFolders(['node_modules/a/node_modules/@b/c/x.js', 'src/y.ts'])).toContain(
      'node_modules/a/node_modules/@b/c',
    );
  });

  test('an audit without an answer is no failure', () => {
    const { status, stdout } = spawnSync(process.execPath, ['test/audit.mjs'], {
      encoding: 'utf8',
      env: { ...process.env, npm_config_registry: 'http://127.0.0.1:9', npm_config_fetch_retries: '0' },
    });
    expect(stdout).toContain('Not audited');
    expect(status).toBe(0);
  });
});
