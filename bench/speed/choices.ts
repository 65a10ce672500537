// Compares what two readings of the same files keep, by the names that other files need of them.
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fitToTokens } from '../../src/cut/fit';
import { orderCuts } from '../../src/cut/order';
import type { LocalModel } from '../../src/node/model/model';
import type { Reader } from '../../src/node/model/reader';
import { parseStructure } from '../../src/parse/structure';
import { isName } from '../../src/evidence/names';
import { evidenceFor } from '../../src/evidence/evidence';
import { SCORERS } from '../../src/scorers';
import { atRatios, counter, MARKED, RATIOS } from '../cases/compressed';
import { grammarsIn, keptSpans } from '../setup';
import { sourcePaths } from './texts';

const MIN_UNITS = 4000; // some thousand tokens: a short file fits the cache whole

/** A file that others import, and the names that they use of it. */
export interface Needed {
  readonly path: string;
  readonly text: string;
  readonly names: ReadonlySet<string>;
}

export interface Choice {
  readonly kept: string; // text
  readonly mask: Uint8Array; // [units] 1 where kept
}

const namesIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/[\p{L}_$][\p{L}\p{N}_$]{2,}/gu)].map((m) => m[0]).filter(isName));

/** The longest of the project's own files that others import, at most `count`. */
export function neededFiles(count: number): Needed[] {
  const paths = [...sourcePaths('src'), ...sourcePaths('extension'), ...sourcePaths('bench')];
  const texts = new Map(paths.map((p) => [p, readFileSync(p, 'utf8')]));
  const needs = new Map<string, Set<string>>();
  for (const [path, text] of texts)
    for (const [, from] of text.matchAll(/from '(\.[^']+)'/g)) {
      const target = normalize(join(dirname(path), `${from}.ts`)).replaceAll('\\', '/');
      const imported = texts.get(target);
      if (!imported || imported.length < MIN_UNITS) continue;
      const own = namesIn(imported);
      const needed = needs.get(target) ?? new Set<string>();
      for (const n of namesIn(text)) if (own.has(n)) needed.add(n);
      needs.set(target, needed);
    }
  return [...needs]
    .map(([path, names]) => ({ path, text: texts.get(path)!, names }))
    .sort((a, b) => b.text.length - a.text.length || (a.path < b.path ? -1 : 1))
    .slice(0, count);
}

/** What is kept of every file at every ratio, read by `reader`. */
export async function choose(model: LocalModel, reader: Reader, files: readonly Needed[]): Promise<Choice[][]> {
  const scorer = SCORERS.extended(model.folder);
  const grammars = grammarsIn();
  const out: Choice[][] = [];
  for (const { path, text } of files) {
    const tokens = model.tokenizer.tokenize(text);
    const header = Int32Array.of(model.folder.shape.fileToken, ...model.tokenizer.tokenize(`${path}\n`).ids);
    const seen = await reader.read({ header, text: tokens.ids, question: new Int32Array(0), needs: scorer.needs });
    const structure = await parseStructure({ path, languageId: 'typescript', text }, grammars);
    const evidence = evidenceFor(scorer, { tokens, seen, scores: scorer.score(seen) }, structure, counter);
    const order = orderCuts(structure, evidence, []);
    out.push(
      atRatios(counter.count(text), (allowed) => {
        const kept = keptSpans(fitToTokens(order, allowed, MARKED).rendered);
        const mask = new Uint8Array(text.length);
        for (const s of kept) mask.fill(1, s.start, s.end);
        return { kept: kept.map((s) => text.slice(s.start, s.end)).join('\n'), mask };
      }),
    );
  }
  return out;
}

/** Share of all needed names that are kept, by ratio. */
export function recall(files: readonly Needed[], choices: readonly Choice[][]): number[] {
  return RATIOS.map((_, r) => {
    let all = 0;
    let found = 0;
    files.forEach(({ names }, i) => {
      const kept = namesIn(choices[i]![r]!.kept);
      for (const n of names) {
        all++;
        if (kept.has(n)) found++;
      }
    });
    return found / all;
  });
}

/** Share of all characters that both keep or both drop, by ratio. */
export function agreement(a: readonly Choice[][], b: readonly Choice[][]): number[] {
  return RATIOS.map((_, r) => {
    let all = 0;
    let same = 0;
    a.forEach((choices, i) =>
      choices[r]!.mask.forEach((kept, at) => (all++, (same += kept === b[i]![r]!.mask[at]! ? 1 : 0))),
    );
    return same / all;
  });
}
