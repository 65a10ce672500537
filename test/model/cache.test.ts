// Tests which work is not repeated. How much faster a run is then, `npm run bench -- speed` measures.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Compressor } from '../../src/node/engine/compressor';
import type { CompressRequest, SourceText } from '../../src/core/context';

let dir: string;
const engines = new Set<Compressor>();
const start = async (): Promise<Compressor> => {
  const engine = await Compressor.create({
    modelDir: resolve('media/model'),
    grammarDir: resolve('dist/grammars'),
    cacheDir: dir,
  });
  engines.add(engine);
  return engine;
};
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'namm-cache-'));
});
afterAll(async () => {
  await Promise.all([...engines].map((e) => e.dispose()));
  rmSync(dir, { recursive: true });
});

/** Ten files of some 1,000 tokens. */
const FILES = [
  'parse/tree',
  'cut/holes',
  'node/engine/client',
  'node/engine/compressor',
  'node/model/reader',
  'node/files/collect',
  'scorers/extended',
  'node/cli/arguments',
  'node/mcp/tools',
  'node/model/readingStore',
];
const sources: SourceText[] = FILES.map((f) => ({
  path: `${f}.ts`,
  languageId: 'typescript',
  text: readFileSync(`src/${f}.ts`, 'utf8').slice(0, 4000),
}));
const ask = (more: Partial<CompressRequest> = {}): CompressRequest => ({
  sources,
  budget: { kind: 'keepRatio', keepRatio: 0.5 },
  scorer: 'extended',
  counter: 'o200k',
  markers: true,
  ...more,
});
const texts = (r: { files: readonly { text: string }[] }): string[] => r.files.map((f) => f.text);

test('a line edited in one of ten files: the others are not read, the bytes are those of a fresh engine; a moved budget is at once', async () => {
  const engine = await start();
  await engine.compress(ask());
  const edited = sources.map((s, i) =>
    i === 4 ? { ...s, text: `${s.text.slice(0, 2000)}\n// a new line\n${s.text.slice(2000)}` } : s,
  );
  const paths = new Set<string>();
  await engine.compress(ask({ sources: edited }), undefined, (p) => {
    if (p.stage === 'read') paths.add(p.path!);
  });
  expect([...paths]).toEqual(['node/model/reader.ts']);
  for (const keepRatio of [0.45, 0.4, 0.35, 0.3, 0.25]) {
    const stages = new Set<string>();
    const moved = ask({ sources: edited.slice(0, 5), budget: { kind: 'keepRatio', keepRatio } });
    const r = await engine.compress(moved, undefined, (p) => stages.add(p.stage));
    expect(r.recipientTokens.before).toBeGreaterThan(4000);
    expect([...stages]).not.toContain('read');
  }
  const fresh = await Compressor.create({ modelDir: resolve('media/model'), grammarDir: resolve('dist/grammars') });
  const again = await fresh.compress(ask({ sources: [edited[4]!] }));
  await fresh.dispose();
  expect(texts(await engine.compress(ask({ sources: [edited[4]!] })))).toEqual(texts(again));
});

test('a question reads the end again only, and nothing where that changes no evidence; pins read nothing', async () => {
  const engine = await start();
  const source = {
    path: 'long.ts',
    languageId: 'typescript',
    text: sources
      .slice(0, 8)
      .map((s) => s.text)
      .join('\n'),
  };
  await engine.compress(ask({ sources: [source], scorer: 'h2o' }));
  await engine.compress(ask({ sources: [source], scorer: 'extended' }));
  const read: number[] = [];
  const onProgress = (p: { stage: string; done: number; total: number }): void =>
    void (p.stage === 'read' && p.done && read.push(p.done));
  await engine.compress(
    ask({ sources: [source], scorer: 'h2o', query: 'Where are markers made?' }),
    undefined,
    onProgress,
  );
  expect(read.length).toBeGreaterThan(0);
  expect(read.length).toBeLessThanOrEqual(2);
  read.length = 0;
  await engine.compress(
    ask({ sources: [source], scorer: 'extended', query: 'Where are markers made?' }),
    undefined,
    onProgress,
  );
  await engine.compress(
    ask({ sources: [{ ...source, pins: [{ start: 100, end: 900 }] }], scorer: 'extended' }),
    undefined,
    onProgress,
  );
  expect(read).toEqual([]);
});

test('another process finds what was read; a damaged entry is read again, and both give the same bytes', async () => {
  const one = sources.slice(0, 1);
  const first = await start();
  const a = await first.compress(ask({ sources: one }));
  engines.delete(first);
  await first.dispose(); // writes what it read
  const kept = readdirSync(dir);
  expect(kept.length).toBeGreaterThan(0);
  const chunks: number[] = [];
  const second = await start();
  const b = await second.compress(
    ask({ sources: one }),
    undefined,
    (p) => p.stage === 'read' && p.done && chunks.push(p.done),
  );
  expect(chunks).toEqual([]);
  expect(second.model.isOpen).toBe(false);
  expect(texts(b)).toEqual(texts(a));
  for (const f of kept) {
    const bytes = readFileSync(join(dir, f));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(dir, f), bytes);
  }
  const third = await start();
  const c = await third.compress(
    ask({ sources: one }),
    undefined,
    (p) => p.stage === 'read' && p.done && chunks.push(p.done),
  );
  expect(chunks.length).toBeGreaterThan(0);
  expect(texts(c)).toEqual(texts(a));
});
