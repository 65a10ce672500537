// Knows what a question brings that names what it means: how much of that stays, and of what it uses, beside rules that look for the name.
// Usage: asked MODEL_DIR CORPUS.jsonl [--cases n]
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Compressor } from '../../src/node/engine/compressor';
import type { Span } from '../../src/core/span';
import { Grammars } from '../../src/parse/grammars';
import type { CodeStructure } from '../../src/parse/structure';
import { innermost, type Definition } from '../../src/parse/unit';
import { bare, loadCases, namesIn, random, TABLE_SIZES, type Case } from '../cases/cases';
import { meanColumn } from './comparison';
import type { Grid } from './measure';
import { counter, RATIOS } from './methods';
import { readCase } from './read';
import { leads, table } from './report';
import { linesOf, LOUD, RULES, take, type Rule } from './rules';
import { mean } from './statistics';

const LEAST = 200; // UTF-16 units of a declaration
const MOST = 0.15; // of the text: it fits into every budget
const ASKED = 'extended, asked';

/** Of one question: shares that stay, by method and ratio. */
interface Kept {
  readonly declaration: Grid;
  readonly uses: Grid;
}

interface Asked {
  readonly name: string;
  readonly declaration: Span;
  readonly uses: readonly Definition[]; // defined elsewhere in the context, used in the declaration
}

/** One declaration of a text that a question can name: the only one of its name, of some size. */
function askedOf(
  { context: { text } }: Case,
  { units, definitions }: CodeStructure,
  next: (n: number) => number,
): Asked | undefined {
  const found = definitions.flatMap(({ name, span }): Asked[] => {
    const declaration = innermost(units, span.start);
    if (
      !declaration ||
      declaration.end - declaration.start < LEAST ||
      declaration.end - declaration.start > MOST * text.length
    )
      return [];
    if (definitions.filter((d) => d.name === name).length > 1) return [];
    const used = namesIn(bare(text.slice(declaration.start, declaration.end)));
    const uses = definitions.filter(
      (d) => used.has(d.name) && (d.span.start < declaration.start || d.span.start >= declaration.end),
    );
    return uses.length ? [{ name, declaration, uses }] : [];
  });
  return found[next(found.length)];
}

/** Lines with the name first, then those nearest behind or before one: what somebody sees who searches for it. */
const around =
  (name: string): Rule =>
  (lines) => {
    const hits = lines.flatMap((l, i) => (l.names.has(name) ? [i] : []));
    const far = lines.map((_, i) => Math.min(...hits.map((h) => (i >= h ? i - h : 2 * (h - i)))));
    return lines
      .map((line, i) => ({ line, far: far[i]! }))
      .sort((a, b) => a.far - b.far || a.line.start - b.line.start)
      .map((x) => x.line);
  };
/** Comments out, lines with the name first, then lines that bring new names. */
const lexical =
  (name: string): Rule =>
  (lines, r) => {
    const rest = RULES['comments out, then new names']!(lines, r);
    return [...LOUD(lines, r).filter((l) => l.names.has(name)), ...rest.filter((l) => !l.names.has(name))];
  };

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const limit = rest[0] === '--cases' ? Number(rest[1]) : 100;
  const engine = await Compressor.create({ modelDir: modelDir!, grammarDir: join(__dirname, 'grammars') });
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const next = random(71);
  const all: Kept[] = [];
  const repos = new Set<string>();
  for (const item of loadCases(file!, { limit: 3 * limit, seed: 71, ...TABLE_SIZES })) {
    if (all.length === limit) break;
    const reading = await readCase(engine.model, grammars, counter, item);
    const asked = askedOf(item, reading.structure, next);
    if (!asked) continue;
    const { context } = item;
    const length = ({ start, end }: Span): number =>
      context.text.slice(start, Math.max(start, end)).replace(/\s/g, '').length;
    const ways: Record<string, (ratio: number) => Promise<readonly Span[]>> = {};
    for (const [name, query] of [
      [ASKED, `How does ${asked.name} work?`],
      ['extended, without the question', undefined],
    ] as const)
      ways[name] = async (keepRatio) => {
        const { files } = await engine.compress({
          sources: [context],
          budget: { kind: 'keepRatio', keepRatio },
          scorer: 'extended',
          counter: 'o200k',
          markers: true,
          ...(query ? { query } : {}),
        });
        return files[0]!.spans.filter((s) => s.kept);
      };
    const lines = linesOf(reading, counter);
    const rules: Record<string, Rule> = {
      'lines around the name': around(asked.name),
      'comments out, lines with the name, then new names': lexical(asked.name),
      'random line': RULES['random line']!,
    };
    for (const [name, rule] of Object.entries(rules))
      ways[name] = (ratio) =>
        Promise.resolve(take(rule(lines, reading), Math.floor(reading.recipientTokens * ratio), counter));
    const { declaration, uses } = asked;
    const of: Record<keyof Kept, Record<string, number[]>> = { declaration: {}, uses: {} };
    for (const [name, way] of Object.entries(ways))
      for (const ratio of RATIOS) {
        const kept = await way(ratio);
        const stays = kept.reduce(
          (sum, s) =>
            sum + length({ start: Math.max(s.start, declaration.start), end: Math.min(s.end, declaration.end) }),
          0,
        );
        (of.declaration[name] ??= []).push(stays / length(declaration));
        (of.uses[name] ??= []).push(
          mean(uses.map(({ span }) => (kept.some((s) => s.start <= span.start && span.start < s.end) ? 1 : 0))),
        );
      }
    repos.add(item.repo);
    if (all.push(of) % 20 === 0) console.error(`${all.length} of ${limit} cases`);
  }
  console.log(`${all.length} questions about ${all.length} texts from ${repos.size} repositories\n`);
  const columns = (['declaration', 'uses'] as const).map(
    (what) => (name: string) =>
      leads(
        meanColumn(all, (k) => k[what], name, ASKED),
        name === ASKED,
      ),
  );
  const head = ['of the declaration', 'definitions it uses'].flatMap((what) =>
    RATIOS.map((ratio) => `${what} @${ratio}`),
  );
  console.log(
    table(
      ['', ...head],
      Object.keys(all[0]!.declaration).map((name) => [name, ...columns.flatMap((of) => of(name))]),
    ).join('\n'),
  );
  await engine.dispose();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
