// Tests how much of a prompt cache stays valid over a session of real edits, on the bundled model.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { Compressor } from '../../src/node/engine/compressor';
import type { Budget } from '../../src/core/budget';
import type { RequestedSource, SourceText } from '../../src/core/context';
import { lastHandoverOf, orderForCache, type LastHandover } from '../../src/handover/cacheOrder';
import { counterFor } from '../../src/tokens/counters';
import { formatContext } from '../../src/format/format';

interface Session {
  readonly files: readonly { readonly path: string; readonly changedAt: number; readonly text: string }[];
  readonly edits: readonly {
    readonly path: string;
    readonly start: number;
    readonly end: number;
    readonly text: string;
  }[];
}
const session = JSON.parse(readFileSync('test/fixtures/session.json', 'utf8')) as Session;
const counter = counterFor('o200k');
const times = new Map(session.files.map((f) => [f.path, f.changedAt]));
const changedAt = (s: SourceText): number => times.get(s.path)!;

let engine: Compressor;
beforeAll(async () => {
  engine = await Compressor.create({ modelDir: resolve('media/model'), grammarDir: resolve('dist/grammars') });
  return () => engine.dispose();
});

/** One way to hand the session over, followed from edit to edit. */
class Follower {
  private last: LastHandover | undefined;
  private rendered = new Map<string, string>();
  private previous: string | undefined;
  private kept = 0;
  private total = 0;
  moved = 0; // files that nobody edited and that rendered differently
  fill = 1; // least part of the budget that was used

  constructor(
    private readonly budget: Budget,
    private readonly stable: boolean,
  ) {}

  /** Share of the rendered tokens, over all hand-overs after the first, that stand in the prefix shared with the one before. */
  get share(): number {
    return this.kept / this.total;
  }

  async handOver(texts: ReadonlyMap<string, string>, edited: string | undefined): Promise<void> {
    const given: SourceText[] = [...texts].map(([path, text]) => ({ path, languageId: 'typescript', text }));
    const sources: RequestedSource[] = this.stable
      ? orderForCache(given, this.last, { changedAt }).map(({ index, previousTokens }) => ({
          ...given[index]!,
          ...(previousTokens === undefined ? {} : { previousTokens }),
        }))
      : given;
    const { budget } = this;
    const context = await engine.compress({
      sources,
      budget,
      scorer: 'extended',
      counter: 'o200k',
      markers: true,
    });
    const { before, after } = context.recipientTokens;
    const allowed =
      budget.kind === 'maxTokens' ? budget.maxTokens : Math.floor(before * (budget as { keepRatio: number }).keepRatio);
    expect(after).toBeLessThanOrEqual(allowed);
    this.fill = Math.min(this.fill, after / allowed);
    this.last = lastHandoverOf(context, sources);
    const text = formatContext(context.files);
    const rendered = new Map(context.files.map((f) => [f.path, f.text]));
    if (this.previous !== undefined) {
      let same = 0;
      while (same < text.length && text[same] === this.previous[same]) same++;
      this.kept += counter.count(text.slice(0, same));
      this.total += counter.count(text);
      for (const [path, t] of rendered) if (path !== edited && t !== this.rendered.get(path)) this.moved++;
    }
    this.previous = text;
    this.rendered = rendered;
  }
}

const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;

test('20 recorded edits in 10 files: at least 80 percent of the tokens stay in an unchanged prefix, under a share and under a total', async () => {
  const budgets: [string, Budget][] = [
    ['keep ratio 0.5', { kind: 'keepRatio', keepRatio: 0.5 }],
    ['8000 tokens', { kind: 'maxTokens', maxTokens: 8000 }],
  ];
  const ways = budgets.map(([name, budget]) => ({
    name,
    plain: new Follower(budget, false),
    stable: new Follower(budget, true),
  }));
  const texts = new Map(session.files.map((f) => [f.path, f.text]));
  // Side by side, so that every text is read once: what is read does not depend on the budget.
  for (const edit of [undefined, ...session.edits]) {
    if (edit) {
      const t = texts.get(edit.path)!;
      texts.set(edit.path, t.slice(0, edit.start) + edit.text + t.slice(edit.end));
    }
    for (const { plain, stable } of ways) {
      await plain.handOver(texts, edit?.path);
      await stable.handOver(texts, edit?.path);
    }
  }
  expect(session.edits).toHaveLength(20);
  for (const { name, plain, stable } of ways) {
    console.log(
      `${name}: ${percent(stable.share)} of the tokens in an unchanged prefix, ${stable.moved} unedited renderings changed, at least ${percent(stable.fill)} of the budget used ` +
        `(order as given and shares afresh: ${percent(plain.share)}, ${plain.moved}, ${percent(plain.fill)})`,
    );
    expect(stable.share, name).toBeGreaterThanOrEqual(0.8);
    expect(stable.moved, name).toBeLessThanOrEqual(2);
    expect(stable.fill, name).toBeGreaterThanOrEqual(0.95);
  }
});
