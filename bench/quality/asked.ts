// Knows what a question brings that names what it means: how much of that stays, and of what it uses, beside rules that look for the name.
// Usage: asked MODEL_DIR CORPUS.jsonl [--cases n]
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Compressor } from '../../src/compress';
import type { Span } from '../../src/core/span';
import { Grammars } from '../../src/text/grammars';
import type { CodeStructure, Definition } from '../../src/text/structure';
import type { Unit } from '../../src/text/unit';
import { bare, loadCases, namesIn, random, TABLE_SIZES, type Case } from '../cases/cases';
import { counter, RATIOS } from './methods';
import { readCase } from './read';
import { linesOf, LOUD, RULES, take, type Rule } from './rules';
import { interval, mean } from './statistics';

const LEAST = 200; // UTF-16 units of a declaration
const MOST = 0.15; // of the text: it fits into every budget
const ASKED = 'extended, asked';

interface Asked {
  readonly name: string;
  readonly declaration: Span;
  readonly uses: readonly Definition[]; // defined elsewhere in the context, used in the declaration
}

/** One declaration of a text that a question can name: the only one of its name, of some size. */
function askedOf({ context: { text } }: Case, { units, definitions }: CodeStructure, next: (n: number) => number): Asked | undefined {
  const innermost = (list: readonly Unit[], at: number): Unit | undefined => {
    const unit = list.find((u) => u.start <= at && at < u.end);
    return unit && (innermost(unit.children, at) ?? unit);
  };
  const found = definitions.flatMap(({ name, span }): Asked[] => {
    const declaration = innermost(units, span.start);
    if (!declaration || declaration.end - declaration.start < LEAST || declaration.end - declaration.start > MOST * text.length) return [];
    if (definitions.filter((d) => d.name === name).length > 1) return [];
    const used = namesIn(bare(text.slice(declaration.start, declaration.end)));
    const uses = definitions.filter((d) => used.has(d.name) && (d.span.start < declaration.start || d.span.start >= declaration.end));
    return uses.length ? [{ name, declaration, uses }] : [];
  });
  return found[next(found.length)];
}

/** Lines with the name first, then those nearest behind or before one: what somebody sees who searches for it. */
const around = (name: string): Rule => (lines) => {
  const hits = lines.flatMap((l, i) => (l.names.has(name) ? [i] : []));
  const far = lines.map((_, i) => Math.min(...hits.map((h) => (i >= h ? i - h : 2 * (h - i)))));
  return lines.map((line, i) => ({ line, far: far[i]! })).sort((a, b) => a.far - b.far || a.line.start - b.line.start).map((x) => x.line);
};
/** Comments out, lines with the name first, then lines that bring new names. */
const lexical = (name: string): Rule => (lines, r) => {
  const rest = RULES['comments out, then new names']!(lines, r);
  return [...LOUD(lines, r).filter((l) => l.names.has(name)), ...rest.filter((l) => !l.names.has(name))];
};

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const limit = rest[0] === '--cases' ? Number(rest[1]) : 100;
  const engine = await Compressor.create({ modelDir: modelDir!, grammarDir: join(__dirname, 'grammars') });
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const next = random(71);
  const rows = new Map<string, { declaration: number[]; uses: number[] }[]>();
  const repos = new Set<string>();
  let cases = 0;
  for (const item of loadCases(file!, { limit: 3 * limit, seed: 71, ...TABLE_SIZES })) {
    if (cases === limit) break;
    const reading = await readCase(engine.model, grammars, counter, item);
    const asked = askedOf(item, reading.structure, next);
    if (!asked) continue;
    repos.add(item.repo);
    if (++cases % 20 === 0) console.error(`${cases} of ${limit} cases`);
    const { context } = item;
    const note = (name: string, i: number, kept: readonly Span[]): void => {
      const length = ({ start, end }: Span): number => context.text.slice(start, Math.max(start, end)).replace(/\s/g, '').length;
      const { declaration, uses } = asked;
      const all = rows.get(name) ?? RATIOS.map(() => ({ declaration: [], uses: [] }));
      rows.set(name, all);
      all[i]!.declaration.push(kept.reduce((sum, s) => sum + length({ start: Math.max(s.start, declaration.start), end: Math.min(s.end, declaration.end) }), 0) / length(declaration));
      all[i]!.uses.push(mean(uses.map(({ span }) => (kept.some((s) => s.start <= span.start && span.start < s.end) ? 1 : 0))));
    };
    const lines = linesOf(reading, counter);
    for (const [i, keepRatio] of RATIOS.entries()) {
      for (const [name, query] of [[ASKED, `How does ${asked.name} work?`], ['extended, without the question', undefined]] as const) {
        const { files } = await engine.compress({ sources: [context], budget: { kind: 'keepRatio', keepRatio }, scorer: 'extended', counter: 'o200k', markers: true, ...(query ? { query } : {}) });
        note(name, i, files[0]!.spans.filter((s) => s.kept));
      }
      const rules: [string, Rule][] = [['lines around the name', around(asked.name)], ['comments out, lines with the name, then new names', lexical(asked.name)], ['random line', RULES['random line']!]];
      for (const [name, rule] of rules) note(name, i, take(rule(lines, reading), Math.floor(reading.readerTokens * keepRatio), counter));
    }
  }
  console.log(`${cases} questions about ${cases} texts from ${repos.size} repositories\n`);
  console.log(`| | ${RATIOS.flatMap((r) => [`of the declaration @${r}`, `definitions it uses @${r}`]).join(' | ')} |\n|---|${'---|'.repeat(2 * RATIOS.length)}`);
  for (const [name, all] of rows) {
    const cells = RATIOS.flatMap((_, i) =>
      (['declaration', 'uses'] as const).map((what) => {
        const [first, own] = [rows.get(ASKED)![i]![what], all[i]![what]];
        const [low, high] = interval(own.length, (sample) => mean(sample.map((c) => first[c]! - own[c]!)));
        const sign = (x: number): string => `${x < 0 ? '−' : '+'}${Math.abs(x).toFixed(3)}`;
        return `${mean(own).toFixed(3)}${name === ASKED ? '' : ` (${sign(low)} … ${sign(high)})`}`;
      }),
    );
    console.log(`| ${name} | ${cells.join(' | ')} |`);
  }
  await engine.dispose();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
