// Checks the cutting on real files: every promise about a compressed text, at three ratios, judged by real parsers.
// Random evidence asks for harder cuts than any sensible scorer; with --model, some files go through the whole product too.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Budget } from '../../src/core/budget';
import type { Elision, RetainedSpan } from '../../src/core/context';
import { overlaps, tiles, type Span } from '../../src/core/span';
import { fitToTokens } from '../../src/cut/fit';
import { cutText } from '../../src/cut/holes';
import { orderCuts, type CutOrder } from '../../src/cut/order';
import { renderPrefix } from '../../src/cut/render';
import { Compressor } from '../../src/node/engine/compressor';
import { languageOf } from '../../src/languages/languages';
import { parseStructure, type CodeStructure } from '../../src/parse/structure';
import type { Unit } from '../../src/parse/unit';
import { randomEvidence } from '../cases/randomEvidence';
import { seededRandom } from '../cases/cases';
import { counter, MARKED } from '../cases/compressed';
import { loadParsers } from '../corpus/markupParsers';
import { parserName, realParser } from '../corpus/realParsers';
import { candidatesIn, choose, type Row } from '../corpus/sample';
import { choices, count, oneOrMore, optional, runBench, type OptionsOf } from '../options';
import { grammarsIn } from '../setup';

const RATIOS = [0.75, 0.5, 0.25];
const SLACK = 0.02; // share of the budget that may stay unused, unless one step less would exceed it
const MAX_READ_UNITS = 16_000; // UTF-16 units of a file that the model reads
const LANGUAGES = [
  'TypeScript',
  'TSX',
  'JavaScript',
  'Python',
  'Go',
  'Rust',
  'Java',
  'C',
  'C++',
  'C#',
  'Shell',
  'CSS',
  'PHP',
  'Ruby',
  'PowerShell',
  'Kotlin',
  'Swift',
  'Scala',
  'Lua',
  'Dart',
  'Elixir',
  'Zig',
  'R',
  'Haskell',
  'HCL',
] as const;
/** Cut by lines and indentation. Nothing promises that these parse, so new errors are counted but are no violation. */
const WITHOUT_GRAMMAR = [
  'Perl',
  'Markdown',
  'YAML',
  'TOML',
  'INI',
  'HTML',
  'Vue',
  'Svelte',
  'SCSS',
  'SQL',
  'Make',
  'Protobuf',
  'GraphQL',
  'Dockerfile',
  'XML',
] as const;

const spec = {
  name: 'check',
  about:
    'Checks every promise about a compressed text on real files, with random evidence and pins. Files are tried until the real parser could read enough of a language, or twice as many were tried. Parsers are looked up on PATH: python3, gofmt, rustc, javac, gcc, g++, bash, ruby, php, pwsh, luac, perl, elixir, Rscript, make, terraform. Commands for Kotlin, Swift, Scala, Dart, Zig and Haskell (bench/corpus/parsers.sh makes them) and packages of npm for HTML, Vue, Svelte, SCSS, GraphQL, Dockerfile and SQL are looked up in the folder PARSERS. TypeScript is bundled, PostCSS comes with the tests. For C# set ROSLYN="command …" (bench/corpus/roslyn.sh makes one): it prints one number of errors for each file.',
  inputs: {
    places: oneOrMore(
      'CLONES|CORPUS.jsonl',
      'folder of git clones, at most one level deep, or {repo, language, path, text} rows',
    ),
  },
  options: {
    perLanguage: count(50, 'files', 'files of each language'),
    seed: count(1, 'number', 'chooses files and cuts'),
    probes: count(6, 'cuts', 'single cuts and prefixes to try on each file'),
    model: count(0, 'files', 'of each language through the whole product, by turns with the scorers namm and extended'),
    only: choices([...LANGUAGES, ...WITHOUT_GRAMMAR], 'languages', LANGUAGES),
    keep: optional('DIR', 'writes originals and texts with errors there'),
  },
};

const allUnits = (units: readonly Unit[]): Unit[] => units.flatMap((u) => [u, ...allUnits(u.children)]);

/** One to three spans at random. */
function randomPins(text: string, below: (n: number) => number): Span[] {
  return Array.from({ length: 1 + below(3) }, () => {
    const start = below(text.length);
    return { start, end: Math.min(text.length, start + 1 + below(200)) };
  });
}

/** What is wrong with a compressed text, which may consist of kept source and markers alone; undefined if nothing is. */
function faultOf(
  source: string,
  r: { readonly text: string; readonly spans: readonly RetainedSpan[]; readonly elisions: readonly Elision[] },
  pins: readonly Span[],
): string | undefined {
  if (!tiles(r.spans, source.length)) return 'spans do not tile';
  const byId = new Map(r.elisions.map((e) => [e.id, e]));
  let at = 0;
  let hole: string | undefined;
  for (const s of r.spans) {
    if (!s.kept) {
      const e = byId.get(s.elision ?? '');
      if (!e || s.start < e.start || s.end > e.end) return 'a dropped span has no elision';
      if (overlaps(pins, s.start, s.end)) return 'a pinned stretch was dropped';
      if (e.id !== hole) {
        const marker = new RegExp(
          `[ \\t]*(\\.\\.\\.)?[^\\n\\r]*${e.id.slice(5)}…( #${e.id.slice(0, 4)})?(\\*/\\}|\\*/|\\*\\)|-->( \\|)?|\\])?(\\r\\n|\\r|\\n|$|(?<=\\*/))`,
          'y',
        );
        marker.lastIndex = at;
        at += marker.exec(r.text)?.[0].length ?? 0;
      }
      hole = e.id;
      continue;
    }
    if (!r.text.startsWith(source.slice(s.start, s.end), at)) return 'kept text is not verbatim';
    at += s.end - s.start;
    hole = undefined;
  }
  return at === r.text.length ? undefined : 'something was added';
}

const COLUMNS: readonly (readonly [string, number])[] = [
  ['language', 10],
  ['files', 5],
  ['repos', 5],
  ['by model', 8],
  ['cuts', 6],
  ['real parser', 11],
  ['clean', 5],
  ['texts', 6],
  ['new errors', 10],
  ['floors', 6],
  ['pinned', 6],
  ['ratio .75 .5 .25', 17],
];
const columns = (row: readonly (string | number)[]): string =>
  row.map((c, i) => (i ? String(c).padStart(COLUMNS[i]![1]) : String(c).padEnd(COLUMNS[0]![1]))).join('  ');

/** A compressed text and how it came about. */
interface Result {
  readonly what: string;
  readonly text: string;
}

type Fail = (what: string, text?: string) => void;

/** Sums over the files of one language. */
class Tally {
  read = 0;
  cuts = 0;
  clean = 0;
  texts = 0;
  errors = 0;
  floors = 0;
  pinned = 0;
  tokens = 0;
  readonly reached = RATIOS.map(() => 0); // recipient tokens
}

/** Tries one order at all ratios. @returns the compressed texts */
function tryOrder(name: string, order: CutOrder, source: string, tally: Tally, fail: Fail): Result[] {
  const whole = renderPrefix(order, 0, MARKED);
  if (whole.text !== source) fail(`${name}: ratio 1 is not the identity`);
  let keptBefore: Uint8Array | undefined;
  const results = RATIOS.map((ratio, i): Result => {
    const failAt: Fail = (what, text) => fail(`${name} at ${ratio}: ${what}`, text);
    const allowed = Math.floor(whole.recipientTokens * ratio);
    const fit = fitToTokens(order, allowed, MARKED);
    const { rendered } = fit;
    const fault = faultOf(source, rendered, order.pins);
    if (fault) failAt(fault, rendered.text);
    if (counter.count(rendered.text) !== rendered.recipientTokens) failAt("the count is not the text's");
    if (fit.floor === undefined && rendered.recipientTokens > allowed) failAt('over budget');
    if (fit.floor !== undefined) {
      if (order.pins.length) tally.pinned++;
      else tally.floors++;
      if (fit.floor !== rendered.recipientTokens || fit.floor <= allowed) failAt('a floor that is none');
    }
    // The next unit: what the last larger prefix would have kept.
    if (fit.floor === undefined && rendered.recipientTokens < allowed * (1 - SLACK)) {
      let fewer = fit.steps;
      let size = 0;
      while (fewer > 0 && size <= rendered.recipientTokens) size = renderPrefix(order, --fewer, MARKED).recipientTokens;
      if (size > rendered.recipientTokens && size <= allowed) failAt('budget left unused');
    }
    if (fitToTokens(order, rendered.recipientTokens, MARKED).rendered.text !== rendered.text)
      failAt('the resulting count gives another text');
    const kept = new Uint8Array(source.length);
    for (const s of rendered.spans) if (s.kept) kept.fill(1, s.start, s.end);
    if (keptBefore && kept.some((k, at) => k && !keptBefore![at])) failAt('less budget keeps more');
    keptBefore = kept;
    if (!order.pins.length) tally.reached[i]! += rendered.recipientTokens;
    return { what: `${name} at ${ratio}`, text: rendered.text };
  });
  if (!order.pins.length) {
    tally.tokens += whole.recipientTokens;
    tally.cuts += order.steps.length;
  }
  return results;
}

/** Tries the whole product, without and with pins. @returns the compressed texts */
async function tryProduct(
  compressor: Compressor,
  source: { path: string; languageId: string; text: string },
  scorer: 'extended' | 'namm',
  pins: readonly Span[],
  fail: Fail,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [i, keepRatio] of [1, ...RATIOS, ...RATIOS].entries()) {
    const pinned = i > RATIOS.length ? pins : [];
    const name = `by ${scorer}${pinned.length ? ' with pins' : ''} at ${keepRatio}`;
    const compress = async (budget: Budget) => {
      const request = {
        sources: [{ ...source, pins: pinned }],
        budget,
        scorer,
        counter: 'o200k' as const,
        markers: true,
      };
      const { files, recipientTokens } = await compressor.compress(request);
      return { file: files[0]!, recipientTokens };
    };
    const { file, recipientTokens } = await compress({ kind: 'keepRatio', keepRatio });
    const fault = faultOf(source.text, file, pinned);
    if (fault) fail(`${name}: ${fault}`, file.text);
    if (keepRatio === 1 && file.text !== source.text) fail(`${name}: not the identity`);
    const allowed = Math.floor(recipientTokens.before * keepRatio);
    if (counter.count(file.text) !== recipientTokens.after) fail(`${name}: the count is not the text's`);
    if (recipientTokens.after > allowed !== (file.floor !== undefined))
      fail(`${name}: over budget or a floor that is none`);
    if ((await compress({ kind: 'maxTokens', maxTokens: recipientTokens.after })).file.text !== file.text)
      fail(`${name}: the resulting count gives another text`);
    results.push({ what: name, text: file.text });
  }
  return results;
}

/** Single cuts and prefixes of an order: any cut can be the first one, and any prefix can be asked for. */
function probe(structure: CodeStructure, order: CutOrder, probes: number, below: (n: number) => number): Result[] {
  const { source } = structure;
  const own = structure.errorsIn(source.text);
  const units = allUnits(structure.units).filter((u) => u.cuttable);
  const results: Result[] = [];
  for (let i = 0; i < probes && units.length; i++) {
    const unit = units[below(units.length)]!;
    results.push({ what: `a single cut at ${unit.start}`, text: cutText(source, [unit]) });
    // The product never returns a text that the grammar refuses: a budget goes on to the next prefix.
    const prefix = below(order.steps.length + 1);
    const { text } = renderPrefix(order, prefix, { markers: i % 3 !== 0, counter });
    if (structure.errorsIn(text) <= own) results.push({ what: `${prefix} steps`, text });
  }
  return results;
}

async function check(options: OptionsOf<typeof spec>): Promise<void> {
  const { perLanguage, seed, keep } = options;
  const grammars = grammarsIn();
  const modelDir = process.env.NAMM_MODEL_DIR ?? 'media/model';
  const compressor = options.model
    ? await Compressor.create({ modelDir, grammarDir: join(__dirname, 'grammars'), threads: 1 })
    : undefined;
  const candidates = candidatesIn(options.places);
  await loadParsers();
  let violations = 0;
  let files = 0;
  const tell = (row: Row, what: string, text?: string): void => {
    console.error(`${row.repo}/${row.path}: ${what}`);
    if (keep === undefined) return;
    const name = `${createHash('sha256').update(what).digest('hex').slice(0, 6)}-${row.path.replace(/[^\w.]+/g, '_')}`;
    writeFileSync(join(keep, name), row.text);
    if (text !== undefined) writeFileSync(join(keep, `cut-${name}`), text);
  };
  console.log(columns(COLUMNS.map(([title]) => title)));
  for (const language of options.only) {
    const chosen: Row[] = [];
    const parser = realParser(language);
    const promised = LANGUAGES.some((l) => l === language);
    const tally = new Tally();
    for (const row of choose(candidates.get(language) ?? [], language, 2 * perLanguage, seed)) {
      if ((parser ? tally.clean : chosen.length) >= perLanguage) break;
      chosen.push(row);
      const source = { path: row.path, languageId: languageOf(row.path, row.text), text: row.text };
      const fail: Fail = (what, text) => {
        violations++;
        tell(row, `VIOLATION ${what}`, text);
      };
      const structure = await parseStructure(source, grammars);
      const own = structure.errorsIn(row.text);
      const below = seededRandom(seed + row.text.length);
      const evidence = randomEvidence(row.text, seed);
      const order = orderCuts(structure, evidence, []);
      const results = tryOrder('by chance', order, row.text, tally, fail);
      const pinned = orderCuts(structure, evidence, randomPins(row.text, below));
      results.push(...tryOrder('with pins', pinned, row.text, tally, fail));
      if (compressor && tally.read < options.model && row.text.length <= MAX_READ_UNITS) {
        const scorer = tally.read++ % 2 ? 'extended' : 'namm';
        results.push(...(await tryProduct(compressor, source, scorer, randomPins(row.text, below), fail)));
      }
      results.push(...probe(structure, order, options.probes, below));
      // A single cut follows the rules alone, so only the real parser judges it.
      for (const r of results)
        if (!r.what.startsWith('a single') && structure.errorsIn(r.text) > own)
          fail(`new error by the grammar ${r.what}`, r.text);
      const errors = parser?.([row.text, ...results.map((r) => r.text)], row.path);
      if (errors?.[0] === 0) tally.clean++;
      tally.texts += results.length;
      errors?.slice(1).forEach((n, i) => {
        // If a parser fails on the original (unknown macros, newer syntax), its count says nothing about a cut.
        if (n === 0 || errors[0]! > 0) return;
        tally.errors++;
        const what = `new error by the real parser ${results[i]!.what}`;
        if (promised) fail(what, results[i]!.text);
        else if (keep !== undefined) tell(row, what, results[i]!.text);
      });
    }
    files += chosen.length;
    console.log(
      columns([
        language,
        chosen.length,
        new Set(chosen.map((r) => r.repo)).size,
        tally.read,
        tally.cuts,
        parser ? parserName(language) : 'none',
        tally.clean,
        tally.texts,
        parser ? tally.errors : '-',
        tally.floors,
        tally.pinned,
        tally.reached.map((r) => (r / Math.max(1, tally.tokens)).toFixed(3)).join(' '),
      ]),
    );
  }
  console.log(`${files} files, ${violations} violations`);
  await compressor?.dispose();
  process.exitCode = violations ? 1 : 0;
}

runBench(spec, check);
