// Knows what a receiver's prompt cache keeps over a session of real edits, on the bundled model.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Compressor } from '../../src/compress';
import type { Budget } from '../../src/core/budget';
import type { SourceText } from '../../src/core/context';
import { arrange, handedOver, type LastHandover } from '../../src/handover/order';
import { counterFor } from '../../src/text/counters';
import { formatContext } from '../../src/text/format';

interface Session {
  readonly files: readonly { readonly path: string; readonly changedAt: number; readonly text: string }[];
  readonly edits: readonly { readonly path: string; readonly start: number; readonly end: number; readonly text: string }[];
}
const session = JSON.parse(readFileSync('test/fixtures/session.json', 'utf8')) as Session;
const counter = counterFor('o200k');
const times = new Map(session.files.map((f) => [f.path, f.changedAt]));
const changedAt = (s: SourceText): number => times.get(s.path)!;

let engine: Compressor;
beforeAll(async () => {
  engine = await Compressor.create({ modelDir: resolve('media/model'), grammarDir: resolve('dist/grammars') });
});
afterAll(() => engine.dispose());

/** Share of the rendered tokens, over all hand-overs after the first, that stand in the prefix shared with the one before. */
async function prefixShare(budget: Budget, stable: boolean): Promise<{ share: number; moved: number; fill: number }> {
  const texts = new Map(session.files.map((f) => [f.path, f.text]));
  let last: LastHandover | undefined;
  let lastTexts = new Map<string, string>();
  let previous: string | undefined;
  let kept = 0;
  let total = 0;
  let moved = 0; // files that nobody edited and that rendered differently
  let fill = 1; // least part of the budget that was used
  for (const edit of [undefined, ...session.edits]) {
    if (edit) {
      const t = texts.get(edit.path)!;
      texts.set(edit.path, t.slice(0, edit.start) + edit.text + t.slice(edit.end));
    }
    const given: SourceText[] = [...texts].map(([path, text]) => ({ path, languageId: 'typescript', text }));
    const { order, held } = stable ? arrange(given, last, { changedAt }) : { order: given.map((_, i) => i), held: [] };
    const sources = order.map((i) => given[i]!);
    const context = await engine.compress({ sources, budget, scorer: 'extended', counter: 'o200k', markers: true, held });
    const { before, after } = context.readerTokens;
    const allowed = budget.kind === 'maxTokens' ? budget.maxTokens : Math.floor(before * (budget as { keepRatio: number }).keepRatio);
    expect(after).toBeLessThanOrEqual(allowed);
    fill = Math.min(fill, after / allowed);
    last = handedOver(context, sources);
    const text = formatContext(context.files);
    const rendered = new Map(context.files.map((f) => [f.path, f.text]));
    if (previous !== undefined) {
      let same = 0;
      while (same < text.length && text[same] === previous[same]) same++;
      kept += counter.count(text.slice(0, same));
      total += counter.count(text);
      for (const [path, t] of rendered) if (path !== edit!.path && t !== lastTexts.get(path)) moved++;
    }
    previous = text;
    lastTexts = rendered;
  }
  return { share: kept / total, moved, fill };
}

test.each<[string, Budget]>([
  ['keep ratio 0.5', { kind: 'keepRatio', keepRatio: 0.5 }],
  ['8000 tokens', { kind: 'maxTokens', maxTokens: 8000 }],
])(
  '20 recorded edits in 10 files: at least 80 percent of the tokens stay in an unchanged prefix: %s',
  async (name, budget) => {
    const plain = await prefixShare(budget, false);
    const { share, moved, fill } = await prefixShare(budget, true);
    const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
    console.log(
      `${name}: ${percent(share)} of the tokens in an unchanged prefix, ${moved} unedited renderings changed, at least ${percent(fill)} of the budget used ` +
        `(order as given and shares afresh: ${percent(plain.share)}, ${plain.moved}, ${percent(plain.fill)})`,
    );
    expect(session.edits).toHaveLength(20);
    expect(share).toBeGreaterThanOrEqual(0.8);
    expect(moved).toBeLessThanOrEqual(2);
    expect(fill).toBeGreaterThanOrEqual(0.95);
  },
  300_000,
);
