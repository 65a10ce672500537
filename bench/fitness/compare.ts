// Knows how the scorers compare on held-out repositories: needed identifiers kept, at the same budgets, in one run.
// Usage: compare MODEL_DIR VALIDATION.jsonl [cases] [context units]
import { join } from 'node:path';
import { Compressor } from '../../src/compress';
import { SCORER_IDS, type RetainedSpan } from '../../src/core/context';
import { counterFor } from '../../src/text/counters';
import { loadCases, type Case } from './cases';
import { neededDefinitions, recallOf } from './recall';

const RATIOS = [0.25, 0.5];
const counter = counterFor('o200k');

/** Text rules beside the scorers: whole lines from the front, or in a random order, until the budget is spent. */
const RULES: Readonly<Record<string, (lines: { start: number; end: number }[]) => { start: number; end: number }[]>> = {
  'head (text rule)': (lines) => lines,
  'tail (text rule)': (lines) => [...lines].reverse(),
  'random line (text rule)': (lines) => {
    let state = 7;
    const keyed = lines.map((l) => ({ l, k: (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) }));
    return keyed.sort((a, b) => a.k - b.k).map((x) => x.l);
  },
  'comments and blanks out, then head (text rule)': (lines) => lines,
};

function ruleSpans(name: string, text: string, allowed: number): RetainedSpan[] {
  const lines: { start: number; end: number }[] = [];
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at) + 1 || text.length;
    const line = text.slice(at, end);
    const empty = /^\s*((\/\/|#(?!\w)|\/?\*).*)?\s*$/.test(line);
    if (!(name.startsWith('comments') && empty)) lines.push({ start: at, end });
    at = end;
  }
  const kept: RetainedSpan[] = [];
  let used = 0;
  for (const l of RULES[name]!(lines)) {
    const cost = counter.count(text.slice(l.start, l.end));
    if (used + cost > allowed) break;
    used += cost;
    kept.push({ ...l, kept: true, reason: 'score', retention: 1 });
  }
  return kept;
}

async function main(): Promise<void> {
  const [modelDir, file, limit = '100', units = '1500'] = process.argv.slice(2);
  const engine = await Compressor.create({ modelDir: modelDir!, grammarDir: join(__dirname, 'grammars') });
  const cases: Case[] = loadCases(file!, Number(limit), Number(units), 700, 21);
  const names = [...SCORER_IDS, ...Object.keys(RULES)];
  const sums = new Map(names.map((n) => [n, RATIOS.map(() => [] as number[])]));
  const reached = new Map(names.map((n) => [n, RATIOS.map(() => 0)]));
  for (const item of cases) {
    const structure = await engine.structure(item.context);
    const definitions = neededDefinitions(item, structure);
    const before = counter.count(item.context.text);
    for (const [i, keepRatio] of RATIOS.entries())
      for (const name of names) {
        let spans: readonly RetainedSpan[];
        if (name in RULES) spans = ruleSpans(name, item.context.text, Math.floor(before * keepRatio));
        else {
          const r = await engine.compress({ sources: [item.context], budget: { kind: 'keepRatio', keepRatio }, scorer: name as never, counter: 'o200k', markers: true });
          spans = r.files[0]!.spans;
          reached.get(name)![i]! += r.keepRatio / cases.length;
        }
        if (name in RULES) reached.get(name)![i]! += spans.reduce((n, s) => n + counter.count(item.context.text.slice(s.start, s.end)), 0) / before / cases.length;
        sums.get(name)![i]!.push(recallOf(item, structure, definitions, spans));
      }
  }
  await engine.dispose();
  const mean = (a: number[]): number => a.reduce((x, y) => x + y, 0) / a.length;
  console.log(`${cases.length} cases, contexts of ${units} characters\n`);
  console.log(`| | needed identifiers @${RATIOS[0]} | @${RATIOS[1]} | kept share of tokens |\n|---|---|---|---|`);
  for (const name of names) {
    const rows = sums.get(name)!;
    console.log(`| ${name} | ${rows.map((r) => mean(r).toFixed(3)).join(' | ')} | ${reached.get(name)!.map((r) => r.toFixed(2)).join(' / ')} |`);
  }
}

void main();
