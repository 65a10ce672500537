// Knows how to try the text side on real files: every promise about cutting, at three ratios, with real parsers.
// Usage: node bench/corpus/run.mjs CLONES|CORPUS.jsonl… [--per-language N] [--seed S] [--probes N] [--model N] [--only LANGUAGE]
// CLONES is a folder of git clones (bare or not, one level of nesting allowed); a JSONL file has {repo, language, path, text} rows.
// Files are ranked by chance, which asks for harder cuts than any sensible scorer; of each language, N go through the whole
// product as well, with the bundled model, by turns with the scorers `namm` and `extended` (--model N).
// Files are taken until the real parser could read N of each language (or twice as many were tried): it judges only those.
// Parsers are looked up on PATH: python3, gofmt, rustc, javac, gcc, g++, bash, ruby, php; TypeScript is bundled. C# takes
// ROSLYN="command …" (bench/corpus/roslyn.sh makes one), which prints one number of errors for each file it is given.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Compressor } from '../../src/node/engine/compressor';
import type { Budget } from '../../src/core/budget';
import type { Elision, RetainedSpan } from '../../src/core/context';
import type { TokenEvidence } from '../../src/core/evidence';
import { overlaps, tiles, type Span } from '../../src/core/span';
import { random } from '../../src/scorers/random';
import { counterFor } from '../../src/tokens/counters';
import { fitToTokens } from '../../src/cut/fit';
import { Grammars } from '../../src/parse/grammars';
import { languageOf } from '../../src/parse/languages';
import { orderCuts, type CutOrder } from '../../src/cut/order';
import { cutText } from '../../src/cut/holes';
import { renderPrefix } from '../../src/cut/render';
import { parseStructure } from '../../src/parse/structure';
import type { Unit } from '../../src/parse/unit';
import { random as dice } from '../cases/cases';
import { parserName, realParser } from './realParsers';
import { candidatesIn, choose, type Row } from './sample';

const RATIOS = [0.75, 0.5, 0.25];
const SLACK = 0.02; // of the budget may stay unused, unless one step less would exceed it
const MAX_READ_UNITS = 16_000; // of files that the model reads
const LANGUAGES = ['TypeScript', 'TSX', 'JavaScript', 'Python', 'Go', 'Rust', 'Java', 'C', 'C++', 'C#'];
/** Cut by lines and indentation: nothing promises that these parse, so their new errors are counted but are no violation. */
const WITHOUT_GRAMMAR = ['PHP', 'Ruby', 'Kotlin', 'Swift', 'Shell', 'Markdown', 'YAML', 'CSS', 'HTML'];

const allUnits = (units: readonly Unit[]): Unit[] => units.flatMap((u) => [u, ...allUnits(u.children)]);

/** Random evidence asks for cuts anywhere: harder on the syntax than any sensible scorer. */
function byChance(text: string, seed: number): TokenEvidence {
  const tokens = Math.ceil(text.length / 4);
  const bounds = Int32Array.from({ length: tokens + 1 }, (_, i) => Math.min(text.length, i * 4));
  const values = random(seed).score({
    layers: 1,
    heads: 1,
    tokens,
    evictedAt: new Int16Array(0),
    updates: 1,
    meanCacheLength: 0,
  }).data;
  return { bounds, values };
}

/** One to three stretches that begin and end anywhere. */
function somePins(text: string, roll: (below: number) => number): Span[] {
  return Array.from({ length: 1 + roll(3) }, () => {
    const start = roll(text.length);
    return { start, end: Math.min(text.length, start + 1 + roll(200)) };
  });
}

/** What is wrong with a rendered text as such; nothing else than kept source and markers may stand in it. */
function wrongIn(
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
          `[ \\t]*(\\.\\.\\.)?[^\\n\\r]*${e.id.slice(5)}…( #${e.id.slice(0, 4)})?(\\*/\\}|\\*/|-->( \\|)?|\\])?(\\r\\n|\\r|\\n|$)`,
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

const columns = (row: readonly (string | number)[]): string =>
  row.map((c, i) => (i ? String(c).padStart(WIDTHS[i]!) : String(c).padEnd(WIDTHS[0]!))).join('  ');
const HEADER = [
  'language',
  'files',
  'repos',
  'by model',
  'cuts',
  'real parser',
  'clean',
  'texts',
  'new errors',
  'floors',
  'pinned',
  'ratio .75 .5 .25',
];
const WIDTHS = [10, 5, 5, 8, 6, 11, 5, 6, 10, 6, 6, 17];

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const option = (name: string, value: number): number =>
    args.includes(name) ? Number(args[args.indexOf(name) + 1]) : value;
  const perLanguage = option('--per-language', 50);
  const seed = option('--seed', 1);
  const probes = option('--probes', 6);
  const read = option('--model', 0);
  const only = args.includes('--only') ? args[args.indexOf('--only') + 1]!.split(',') : LANGUAGES;
  const places = args.filter((a, i) => !a.startsWith('--') && !args[i - 1]?.startsWith('--'));
  const grammarDir = join(__dirname, 'grammars');
  const grammars = new Grammars((file) => readFile(join(grammarDir, file)));
  const compressor =
    read > 0
      ? await Compressor.create({ modelDir: process.env.NAMM_MODEL_DIR ?? 'media/model', grammarDir, threads: 1 })
      : undefined;
  const counter = counterFor('o200k');
  const candidates = candidatesIn(places);
  let violations = 0;
  let files = 0;
  const keep = (row: Row, what: string, cut?: string): void => {
    console.error(`${row.repo}/${row.path}: ${what}`);
    const folder = process.env.NAMM_CHECK_KEEP;
    if (!folder) return;
    const name = `${createHash('sha256').update(what).digest('hex').slice(0, 6)}-${row.path.replace(/[^\w.]+/g, '_')}`;
    writeFileSync(join(folder, name), row.text);
    if (cut !== undefined) writeFileSync(join(folder, `cut-${name}`), cut);
  };
  console.log(columns(HEADER));
  for (const language of [...LANGUAGES, ...WITHOUT_GRAMMAR].filter((l) => only.includes(l))) {
    const chosen: Row[] = [];
    const parser = realParser(language);
    const promised = LANGUAGES.includes(language);
    const sum = { read: 0, cuts: 0, clean: 0, texts: 0, errors: 0, floors: 0, pinned: 0, tokens: 0 };
    const reached = RATIOS.map(() => 0);
    for (const row of choose(candidates.get(language) ?? [], language, 2 * perLanguage, seed)) {
      if ((parser ? sum.clean : chosen.length) >= perLanguage) break;
      chosen.push(row);
      const source = { path: row.path, languageId: languageOf(row.path), text: row.text };
      const fail = (what: string, cut?: string): void => {
        violations++;
        keep(row, `VIOLATION ${what}`, cut);
      };
      const structure = await parseStructure(source, grammars);
      const own = structure.errorsIn(row.text);
      const roll = dice(seed + row.text.length);
      const results: { what: string; text: string }[] = [];
      const tryOrder = (name: string, order: CutOrder): void => {
        const options = { markers: true, counter };
        const whole = renderPrefix(order, 0, options);
        if (whole.text !== row.text) fail(`${name}: ratio 1 is not the identity`);
        let kept: Uint8Array | undefined;
        for (const [i, ratio] of RATIOS.entries()) {
          const say = (what: string, text?: string): void => fail(`${name} at ${ratio}: ${what}`, text);
          const allowed = Math.floor(whole.recipientTokens * ratio);
          const fit = fitToTokens(order, allowed, options);
          const { rendered } = fit;
          const wrong = wrongIn(row.text, rendered, order.pins);
          if (wrong) say(wrong, rendered.text);
          if (counter.count(rendered.text) !== rendered.recipientTokens) say("the count is not the text's");
          if (fit.floor === undefined && rendered.recipientTokens > allowed) say('over budget');
          if (fit.floor !== undefined) {
            if (order.pins.length) sum.pinned++;
            else sum.floors++;
            if (fit.floor !== rendered.recipientTokens || fit.floor <= allowed) say('a floor that is none');
          }
          // The next unit: what the last larger prefix would have kept.
          if (fit.floor === undefined && rendered.recipientTokens < allowed * (1 - SLACK)) {
            let less = fit.steps;
            let size = 0;
            while (less > 0 && size <= rendered.recipientTokens)
              size = renderPrefix(order, --less, options).recipientTokens;
            if (size > rendered.recipientTokens && size <= allowed) say('budget left unused');
          }
          if (fitToTokens(order, rendered.recipientTokens, options).rendered.text !== rendered.text)
            say('the resulting count gives another text');
          const now = new Uint8Array(row.text.length);
          for (const s of rendered.spans) if (s.kept) now.fill(1, s.start, s.end);
          if (kept && now.some((k, at) => k && !kept![at])) say('less budget keeps more');
          kept = now;
          if (!order.pins.length) reached[i]! += rendered.recipientTokens;
          results.push({ what: `${name} at ${ratio}`, text: rendered.text });
        }
        if (!order.pins.length) {
          sum.tokens += whole.recipientTokens;
          sum.cuts += order.steps.length;
        }
      };
      const evidence = byChance(row.text, seed);
      const order = orderCuts(structure, evidence, []);
      tryOrder('by chance', order);
      tryOrder('with pins', orderCuts(structure, evidence, somePins(row.text, roll)));
      if (compressor && sum.read < read && row.text.length <= MAX_READ_UNITS) {
        const scorer = sum.read++ % 2 ? 'extended' : 'namm';
        const pins = somePins(row.text, roll);
        for (const [i, keepRatio] of [1, ...RATIOS, ...RATIOS].entries()) {
          const held = i > RATIOS.length ? pins : [];
          const name = `by ${scorer}${held.length ? ' with pins' : ''} at ${keepRatio}`;
          const ask = (budget: Budget) =>
            compressor.compress({ sources: [source], budget, scorer, counter: 'o200k', markers: true, pins: [held] });
          const {
            files: [file],
            recipientTokens,
          } = await ask({ kind: 'keepRatio', keepRatio });
          const wrong = wrongIn(row.text, file!, held);
          if (wrong) fail(`${name}: ${wrong}`, file!.text);
          if (keepRatio === 1 && file!.text !== row.text) fail(`${name}: not the identity`);
          const allowed = Math.floor(recipientTokens.before * keepRatio);
          if (counter.count(file!.text) !== recipientTokens.after) fail(`${name}: the count is not the text's`);
          if (recipientTokens.after > allowed !== (file!.floor !== undefined))
            fail(`${name}: over budget or a floor that is none`);
          if ((await ask({ kind: 'maxTokens', maxTokens: recipientTokens.after })).files[0]!.text !== file!.text)
            fail(`${name}: the resulting count gives another text`);
          results.push({ what: name, text: file!.text });
        }
      }
      // Any cut can be the first one, and any prefix can be asked for.
      const units = allUnits(structure.units).filter((u) => u.cuttable);
      for (let i = 0; i < probes && units.length; i++) {
        const unit = units[roll(units.length)]!;
        results.push({ what: `a single cut at ${unit.start}`, text: cutText(source, [unit]) });
        // What the grammar refuses never leaves: a budget goes on to the next prefix.
        const prefix = roll(order.steps.length + 1);
        const { text } = renderPrefix(order, prefix, { markers: i % 3 !== 0, counter });
        if (structure.errorsIn(text) <= own) results.push({ what: `${prefix} steps`, text });
      }
      // A single cut is the rules' work alone, and the real parser is their judge.
      for (const r of results)
        if (!r.what.startsWith('a single') && structure.errorsIn(r.text) > own)
          fail(`new error by the grammar ${r.what}`, r.text);
      const errors = parser?.([row.text, ...results.map((r) => r.text)], row.path);
      if (errors?.[0] === 0) sum.clean++;
      sum.texts += results.length;
      errors?.slice(1).forEach((n, i) => {
        // Where a parser trips over the original (unknown macros, newer syntax), its count says nothing about a cut.
        if (n === 0 || errors[0]! > 0) return;
        sum.errors++;
        const what = `new error by the real parser ${results[i]!.what}`;
        if (promised) fail(what, results[i]!.text);
        else if (process.env.NAMM_CHECK_KEEP) keep(row, what, results[i]!.text);
      });
    }
    files += chosen.length;
    const repos = new Set(chosen.map((r) => r.repo)).size;
    const ratios = reached.map((r) => (r / Math.max(1, sum.tokens)).toFixed(3)).join(' ');
    const judge = parser ? parserName(language) : 'none';
    console.log(
      columns([
        language,
        chosen.length,
        repos,
        sum.read,
        sum.cuts,
        judge,
        sum.clean,
        sum.texts,
        parser ? sum.errors : '-',
        sum.floors,
        sum.pinned,
        ratios,
      ]),
    );
  }
  console.log(`${files} files, ${violations} violations`);
  await compressor?.dispose();
  process.exitCode = violations ? 1 : 0;
}

void main();
