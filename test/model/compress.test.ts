// Tests the promises of a whole compression, on the bundled model and real files.
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Compressor } from '../../src/node/engine/compressor';
import type { CompressedFile, CompressRequest, SourceText } from '../../src/core/context';
import { languageOf } from '../../src/languages/languages';
import { counterFor } from '../../src/tokens/counters';
import { formatContext } from '../../src/format/format';
import { placeAt } from '../../src/why/place';
import { statementsIn } from '../../src/why/ranking';

let engine: Compressor;
beforeAll(async () => {
  engine = await Compressor.create({ modelDir: resolve('media/model'), grammarDir: resolve('dist/grammars') });
  return () => engine.dispose();
});

const sources: SourceText[] = readdirSync('test/samples')
  .filter((f) => f !== 'README.md')
  .map((f) => ({ path: f, languageId: languageOf(f), text: readFileSync(`test/samples/${f}`, 'utf8') }));
// For what is to be read more than once: each reading of all takes many seconds.
const few = sources.filter((s) => /^(auth|background|concurrency|createAction|view)\./.test(s.path));
const ask = (more: Partial<CompressRequest> = {}): CompressRequest => ({
  sources,
  budget: { kind: 'keepRatio', keepRatio: 0.5 },
  scorer: 'namm',
  counter: 'o200k',
  markers: true,
  ...more,
});

test('many files share one budget, headers and note included', async () => {
  for (const maxTokens of [12000, 8000, 4000]) {
    const r = await engine.compress(ask({ budget: { kind: 'maxTokens', maxTokens } }));
    expect(r.recipientTokens.after).toBe(counterFor('o200k').count(formatContext(r.files)));
    expect(r.recipientTokens.after).toBeLessThanOrEqual(maxTokens);
    expect(r.recipientTokens.after).toBeGreaterThan(maxTokens * 0.85);
  }
});

test('the reached ratio of JSON counts the sign of what was left out, unless the text stands in a block', async () => {
  const one = sources.find((s) => s.path === 'package.json')!;
  const r = await engine.compress(ask({ sources: [one] }));
  const { before, after } = r.recipientTokens;
  expect(after).toBeGreaterThan(r.files[0]!.recipientTokens.after);
  expect(r.keepRatio).toBe(after / before);
  const block = await engine.compress(ask({ sources: [one], frame: { alone: 'block' } }));
  const own = block.files[0]!.recipientTokens;
  expect(block.keepRatio).toBe(own.after / own.before);
});

test('everything fits: nothing is touched', async () => {
  const r = await engine.compress(ask({ budget: { kind: 'keepRatio', keepRatio: 1 } }));
  r.files.forEach((f, i) => expect(f.text).toBe(sources[i]!.text));
  expect(r.keepRatio).toBe(1);
});

test('every place that the budget decided about has a statement, whose rank and worth agree with its fate', async () => {
  for (const scorer of ['extended', 'namm'] as const)
    for (const keepRatio of [0.3, 0.6]) {
      const budget = { kind: 'keepRatio', keepRatio } as const;
      const { files } = await engine.compress(ask({ sources: few, scorer, budget, ranking: true }));
      files.forEach((file, i) => {
        const { text } = few[i]!;
        let decided = 0;
        for (const { index } of text.matchAll(/\S+/g)) {
          const place = placeAt(file, index)!;
          if (place.span.reason !== 'score') continue;
          decided++;
          expect(place.statement, `${file.path}:${index}`).toBeDefined();
          expect(place.rank! <= place.kept).toBe(place.span.kept);
          if (!place.span.kept && place.cut !== undefined)
            expect(place.statement!.worth).toBeLessThanOrEqual(place.cut);
        }
        expect(decided).toBeGreaterThan(20);
      });
    }
  const { files } = await engine.compress(ask({ sources: few }));
  for (const file of files) expect(file.ranking).toBeUndefined(); // who does not ask pays nothing
});

test('the share that would turn a decision is near the one that does', async () => {
  const one = few.find((s) => s.path === 'createAction.ts')!;
  const at = async (keepRatio: number): Promise<CompressedFile> => {
    const budget = { kind: 'keepRatio', keepRatio } as const;
    return (await engine.compress(ask({ sources: [one], scorer: 'extended', budget, ranking: true }))).files[0]!;
  };
  const file = await at(0.5);
  const dropped = statementsIn(file.ranking).slice(file.ranking!.kept);
  expect(dropped.length).toBeGreaterThan(20);
  for (const statement of [dropped[3]!, dropped[12]!, dropped.at(-9)!]) {
    const offset = statement.start + one.text.slice(statement.start).search(/\S/);
    const { turnsAt } = placeAt(file, offset)!;
    expect(placeAt(await at(Math.min(1, turnsAt! + 0.05)), offset)!.span.kept).toBe(true);
    expect(placeAt(await at(turnsAt! - 0.05), offset)!.span.kept).toBe(false);
  }
});

test('a second engine gives the same bytes; a moved budget is quick and nested', async () => {
  const other = await Compressor.create({
    modelDir: resolve('media/model'),
    grammarDir: resolve('dist/grammars'),
    threads: 1,
  });
  const a = await engine.compress(ask({ sources: few }));
  const b = await other.compress(ask({ sources: few }));
  await other.dispose();
  expect(b.files.map((f) => f.text)).toEqual(a.files.map((f) => f.text));
  const one = sources.find((s) => s.path === 'JsonArray.java')!;
  const wide = await engine.compress(ask({ sources: [one], budget: { kind: 'keepRatio', keepRatio: 0.6 } }));
  const narrow = await engine.compress(ask({ sources: [one], budget: { kind: 'keepRatio', keepRatio: 0.3 } }));
  expect(narrow.timings.observeMs).toBe(0); // read once
  for (const s of narrow.files[0]!.spans.filter((x) => x.kept))
    expect(wide.files[0]!.spans.some((w) => !w.kept && w.start < s.end && s.start < w.end)).toBe(false);
});

test('a pin survives the smallest budget, and the floor is told', async () => {
  const one = sources.find((s) => s.path === 'view.js')!;
  const start = one.text.indexOf('View.prototype.render');
  const pins = [{ start, end: one.text.indexOf('\n', start) }];
  const r = await engine.compress(ask({ sources: [{ ...one, pins }], budget: { kind: 'maxTokens', maxTokens: 1 } }));
  expect(r.files[0]!.text).toContain(one.text.slice(start, pins[0]!.end));
  expect(r.files[0]!.floor).toBe(r.recipientTokens.after);
});

test('auto without a calibrated threshold, and with a scorer that has none, is refused', async () => {
  const none = engine.model.folder.auto === undefined ? 'namm' : 'h2o';
  await expect(engine.compress(ask({ budget: { kind: 'auto' }, scorer: none }))).rejects.toMatchObject({
    reason: 'noThreshold',
  });
  await expect(engine.compress(ask({ budget: { kind: 'auto' }, scorer: 'random' }))).rejects.toMatchObject({
    reason: 'noThreshold',
  });
});

test('the question is read: it changes scores', async () => {
  const source = sources.find((s) => s.path === 'auth.go')!;
  const plain = await engine.inspect({ source, scorer: 'h2o' });
  const asked = await engine.inspect({ source, scorer: 'h2o', query: 'How is the realm of the proxy chosen?' });
  expect(asked.scores.length).toBe(plain.scores.length);
  expect(Buffer.from(asked.scores.buffer).equals(Buffer.from(plain.scores.buffer))).toBe(false);
});

test('what the question names stays, also where the budget alone would cut it', async () => {
  const source = sources.find((s) => s.path === 'JsonArray.java')!;
  const budget = { kind: 'keepRatio', keepRatio: 0.12 } as const;
  const plain = (await engine.compress(ask({ sources: [source], budget, scorer: 'extended' }))).files[0]!.text;
  const names = [
    'getAsShort',
    'getAsFloat',
    'getAsByte',
    'deepCopy',
    'remove',
    'getAsBigInteger',
    'getAsSingleElement',
    'hashCode',
  ].filter((n) => new RegExp(`\\w ${n}\\(`).test(source.text) && !new RegExp(`\\w ${n}\\(`).test(plain));
  expect(names.length).toBeGreaterThan(0);
  const asked = (
    await engine.compress(ask({ sources: [source], budget, scorer: 'extended', query: `Why would ${names[0]!} fail?` }))
  ).files[0]!.text;
  expect(asked).toMatch(new RegExp(`\\w ${names[0]!}\\(`));
});

test('what the question names stays with what it does, in one file and among many', async () => {
  const source = sources.find((s) => s.path === 'createAction.ts')!;
  const start = source.text.indexOf('export function isActionCreator');
  const body = source.text.slice(start, source.text.indexOf('\n}', start) + 2);
  for (const [keepRatio, of] of [
    [0.15, [source]],
    [0.4, [source]],
    [0.2, few],
  ] as const) {
    const asked = await engine.compress(
      ask({
        sources: of,
        budget: { kind: 'keepRatio', keepRatio },
        scorer: 'extended',
        query: 'How does isActionCreator work?',
      }),
    );
    expect(asked.files.find((f) => f.path === source.path)!.text).toContain(body);
  }
});

test('a moved budget gives the bytes that a fresh engine gives, whatever was asked before', async () => {
  const at = (keepRatio: number): CompressRequest => ask({ sources: few, budget: { kind: 'keepRatio', keepRatio } });
  const moved: string[] = [];
  for (const ratio of [0.7, 0.3, 0.31, 0.7, 0.45]) moved.push(formatContext((await engine.compress(at(ratio))).files));
  expect(moved[3]).toBe(moved[0]);
  const fresh = await Compressor.create({ modelDir: resolve('media/model'), grammarDir: resolve('dist/grammars') });
  expect(formatContext((await fresh.compress(at(0.45))).files)).toBe(moved[4]);
  await fresh.dispose();
});

test('a report says when each cache evicted a token, and the threshold where there is one', async () => {
  const source = sources.find((s) => s.path === 'createAction.ts')!;
  const { layers, heads, ids, evictedAt, updates, read, threshold } = await engine.inspect({ source, scorer: 'namm' });
  expect(threshold).toBe(0);
  expect(evictedAt).toHaveLength(layers * heads * ids.length);
  expect(Math.min(...evictedAt)).toBe(-1); // some stay to the end
  expect(Math.max(...evictedAt)).toBeLessThan(updates);
  expect(new Set(evictedAt).size).toBeGreaterThan(2); // not all at once
  expect(read).toHaveLength(updates);
  expect(read.at(-1)).toBe(ids.length);
  // No cache evicts what was not read yet, and none holds more than its size.
  const { cacheSize } = engine.model.folder.reading;
  for (let u = 0; u < updates; u++)
    for (let c = 0; c < layers * heads; c++) {
      const seen = evictedAt.subarray(c * ids.length, c * ids.length + read[u]!);
      const later = evictedAt.subarray(c * ids.length + read[u]!, (c + 1) * ids.length);
      expect(seen.filter((at) => at < 0 || at > u).length).toBeLessThanOrEqual(cacheSize);
      expect(later.every((at) => at < 0 || at > u)).toBe(true);
    }
  expect((await engine.inspect({ source, scorer: 'h2o' })).threshold).toBeUndefined();
});

test('what stands near the cursor stays, and the report tells how much that counted', async () => {
  const source = sources.find((s) => s.path === 'JsonArray.java')!;
  const budget = { kind: 'keepRatio', keepRatio: 0.15 } as const;
  const near = ['asList', 'getAsBigInteger', 'hashCode']
    .map((n) => source.text.indexOf(` ${n}(`))
    .find((at) => at > 0)!;
  const kept = async (focus?: number): Promise<number> => {
    const { spans } = (
      await engine.compress(
        ask({ sources: [focus === undefined ? source : { ...source, focus }], budget, scorer: 'extended' }),
      )
    ).files[0]!;
    return spans
      .filter((s) => s.kept)
      .reduce((n, s) => n + Math.max(0, Math.min(s.end, near + 300) - Math.max(s.start, near - 300)), 0);
  };
  expect(await kept(near)).toBeGreaterThan(await kept());
  const parts = async (focus?: number) =>
    (await engine.inspect({ source, scorer: 'extended', ...(focus === undefined ? {} : { focus }) })).parts!.focus;
  expect(Math.max(...(await parts(near)))).toBeGreaterThan(1);
  expect(Math.max(...(await parts()))).toBe(0);
});

// Two functions of one shape; which of them stays is the other file's to say.
const tools: SourceText = {
  path: 'tools.ts',
  languageId: 'typescript',
  text: `export function makeAlpha(input: readonly string[]): string {
  const trimmed = input.map((line) => line.trim());
  return trimmed.filter((line) => line.length > 0).join(' ');
}

export function makeBeta(numbers: readonly number[]): number {
  let total = 0;
  for (const n of numbers) total += n * n;
  return Math.sqrt(total / numbers.length);
}

export function makeGamma(path: string): URL {
  if (!path.startsWith('/')) throw new RangeError(path);
  return new URL(path, 'https://example.org');
}

export function makeDelta(seen: Map<string, Date>): Date | undefined {
  const newest = [...seen.entries()].sort(([, a], [, b]) => b.getTime() - a.getTime());
  return newest[0]?.[1];
}

export function makeEpsilon(code: number): string {
  switch (code) {
    case 404:
      return 'nothing is there';
    case 500:
      return 'the server fell over';
    default:
      return \`status \${code}\`;
  }
}

export async function makeZeta(file: string, retries: number): Promise<Buffer> {
  for (let attempt = 0; attempt < retries; attempt++) {
    try {
      return await readFile(file);
    } catch (error) {
      console.warn(error, attempt);
    }
  }
  throw new Error(\`cannot read \${file}\`);
}

export class MakeEta {
  private readonly listeners = new Set<() => void>();
  on(listener: () => void): void {
    this.listeners.add(listener);
  }
  fire(): void {
    for (const listener of this.listeners) listener();
  }
}
`,
};
const user = (name: string): SourceText => ({
  path: 'user.ts',
  languageId: 'typescript',
  text: `import { make${name} } from './tools';\n\nconsole.log(make${name}(['one', 'two']));\n`,
});

test('in a context of several files, what one uses stays in the other', async () => {
  const kept = async (name: string): Promise<string> =>
    (
      await engine.compress(
        ask({ scorer: 'extended', sources: [tools, user(name)], budget: { kind: 'keepRatio', keepRatio: 0.35 } }),
      )
    ).files[0]!.text;
  for (const name of ['Alpha', 'Beta', 'Gamma', 'Delta']) {
    const text = await kept(name);
    expect(text).toContain(`function make${name}(`);
    expect(text.match(/function make/g)!.length).toBeLessThan(3);
  }
  const worth = async (among: boolean): Promise<number> => {
    const { parts } = await engine.inspect({ source: tools, scorer: 'extended', ...(among ? { among } : {}) });
    return parts!.names.reduce((a, b) => a + b, 0);
  };
  expect(await worth(true)).toBeGreaterThan(await worth(false)); // as the last compression took it
});

test('auto takes each file for itself: its threshold was calibrated on files alone', async () => {
  const auto = { scorer: 'extended', budget: { kind: 'auto' }, frame: { note: false } } as const; // it would cost more than the cuts save
  const long = few.find((s) => s.path === 'createAction.ts')!;
  const other = {
    ...user('Beta'),
    text: "import { createAction } from './createAction';\n\nexport const add = createAction('add');\n",
  };
  const alone = await engine.compress(ask({ ...auto, sources: [long] }));
  const both = await engine.compress(ask({ ...auto, sources: [long, other] }));
  expect(both.files[0]!.elisions.length).toBeGreaterThan(0);
  expect(both.files[0]!.text).toBe(alone.files[0]!.text);
});

test('whichever counter measures, a text has one order, and auto leaves the same of it', async () => {
  const auto = (by: Compressor, counter: 'o200k' | 'model') =>
    by.compress(ask({ scorer: 'extended', sources: [tools], budget: { kind: 'auto' }, counter }));
  const other = await Compressor.create({ modelDir: resolve('media/model'), grammarDir: resolve('dist/grammars') }); // it has no order yet
  const [chat, model] = [await auto(engine, 'o200k'), await auto(other, 'model')];
  await other.dispose();
  expect(model.files[0]!.text).toBe(chat.files[0]!.text);
  expect(model.recipientTokens.before).not.toBe(chat.recipientTokens.before);
});

test('a file that shall stay as it is does, until another uses what it defines', async () => {
  const budget = { kind: 'keepRatio', keepRatio: 0.4 } as const;
  const first = await engine.compress(ask({ scorer: 'extended', sources: [tools, user('Beta')], budget }));
  const unchanged = { ...tools, previousTokens: first.files[0]!.recipientTokens.after };
  const edited = {
    ...user('Beta'),
    text: user('Beta').text.replace("'two'", "'input'").replace('console.log', 'const seen = '),
  };
  const again = await engine.compress(ask({ scorer: 'extended', sources: [unchanged, edited], budget }));
  expect(again.files[0]!.text).toBe(first.files[0]!.text);
  const other = await engine.compress(ask({ scorer: 'extended', sources: [unchanged, user('Delta')], budget }));
  expect(first.files[0]!.text).not.toContain('function makeDelta(');
  expect(other.files[0]!.text).toContain('function makeDelta(');
});

describe('one text that fails does not take the others with it', () => {
  const engineWith = (clock: () => number): Promise<Compressor> =>
    Compressor.create({ modelDir: resolve('media/model'), grammarDir: resolve('dist/grammars'), clock });
  const [first, second] = sources.filter((s) => ['auth.go', 'view.js'].includes(s.path));

  test('a grammar that takes too long: by lines, within the budget', async () => {
    let now = 0;
    const slow = await engineWith(() => (now += 1e6));
    const r = await slow.compress(ask({ sources: [first!, second!] }));
    await slow.dispose();
    expect(r.files.map((f) => f.grammarFault)).toEqual(['slow', 'slow']);
    expect(r.recipientTokens.after).toBeLessThanOrEqual(r.recipientTokens.before / 2);
  });

  test('an unexpected error: that file by lines, the other as ever', async () => {
    let calls = 0;
    const wrong = await engineWith(() => {
      if (calls++ === 0) throw new Error('broken clock');
      return 0;
    });
    const r = await wrong.compress(ask({ sources: [first!, second!] }));
    await wrong.dispose();
    expect(r.files.map((f) => f.grammarFault)).toEqual(['failed', undefined]);
  });

  test('an unexpected error while the budget is shared: that file by lines, the other as ever', async () => {
    let broken = false;
    const wrong = await engineWith(() => {
      if (!broken) return 0;
      broken = false;
      throw new Error('broken clock');
    });
    let fits = 0;
    const r = await wrong.compress(ask({ sources: [first!, second!] }), undefined, ({ stage, path }) => {
      if (stage === 'fit' && path === second!.path && fits++ === 0) broken = true;
    });
    await wrong.dispose();
    expect(fits).toBeGreaterThan(0);
    expect(r.files.map((f) => f.grammarFault)).toEqual([undefined, 'failed']);
  });

  test('every stage names the text under work', async () => {
    const own = await engineWith(() => 0);
    const stages = new Map<string, Set<string>>();
    await own.compress(ask({ sources: [first!, second!] }), undefined, ({ stage, path = '' }) => {
      stages.set(path, (stages.get(path) ?? new Set()).add(stage));
    });
    await own.dispose();
    const each = ['parse', 'tokenize', 'read', 'score', 'order', 'fit'];
    for (const { path } of [first!, second!]) expect([...stages.get(path)!]).toEqual(each);
    expect([...stages.get('')!]).toEqual(['order', 'render']);
  });

  test('nothing works on a text: it stays whole and unread, and says so', async () => {
    const read: string[] = [];
    const r = await engine.compress(
      ask({ sources: [{ ...first!, grammarFault: 'defect' }, second!] }),
      undefined,
      ({ stage, path, done, total }) => stage === 'read' && done === 0 && total > 0 && read.push(path!),
    );
    expect(r.files[0]).toMatchObject({ text: first!.text, grammarFault: 'defect' });
    expect(r.files[1]!.elisions.length).toBeGreaterThan(0);
    expect(read).not.toContain(first!.path);
  });

  test('nobody gets past a text: it is left out and named, the others are as they are without it', async () => {
    const bad: SourceText = { ...first!, grammarFault: 'leftOut' };
    const r = await engine.compress(ask({ sources: [bad, second!] }));
    const alone = await engine.compress(ask({ sources: [second!] }));
    expect(r.files[0]).toMatchObject({ path: bad.path, text: '', grammarFault: 'leftOut' });
    expect(r.files[0]!.spans).toEqual([
      { start: 0, end: bad.text.length, kept: false, reason: 'failed', retention: 0 },
    ]);
    expect(r.files[1]).toEqual(alone.files[0]);
    expect(r.recipientTokens).toEqual(alone.recipientTokens);
    const failed = { reason: 'textFailed', detail: bad.path };
    await expect(engine.compress(ask({ sources: [bad] }))).rejects.toMatchObject(failed);
    await expect(engine.inspect({ source: bad, scorer: 'namm' })).rejects.toMatchObject(failed);
  });
});
