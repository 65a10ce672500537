// Knows what two readings of the same files choose, and which names that other files need survive the choice.
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { LocalModel } from '../../src/node/model/model';
import type { Reader } from '../../src/node/model/reader';
import { evidenceFor } from '../../src/rank/ranking';
import { SCORERS } from '../../src/scorers';
import { unpackExtended } from '../../src/scorers/extended';
import { counterFor } from '../../src/tokens/counters';
import { fitToTokens } from '../../src/cut/fit';
import { Grammars } from '../../src/parse/grammars';
import { isName } from '../../src/rank/names';
import { orderCuts } from '../../src/cut/order';
import { parseStructure } from '../../src/parse/structure';
import { sourcePaths } from './texts';

export const RATIOS = [0.25, 0.5] as const;
const LEAST_UNITS = 4000; // some thousand tokens: a short file fits the cache whole

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

/** The longest of the project's own files that others import. */
export function neededFiles(most: number): Needed[] {
  const paths = [...sourcePaths('src'), ...sourcePaths('extension'), ...sourcePaths('bench')];
  const texts = new Map(paths.map((p) => [p, readFileSync(p, 'utf8')]));
  const needs = new Map<string, Set<string>>();
  for (const [path, text] of texts)
    for (const [, from] of text.matchAll(/from '(\.[^']+)'/g)) {
      const target = normalize(join(dirname(path), `${from}.ts`)).replaceAll('\\', '/');
      const defined = texts.get(target);
      if (!defined || defined.length < LEAST_UNITS) continue;
      const own = namesIn(defined);
      const needed = needs.get(target) ?? new Set<string>();
      for (const n of namesIn(text)) if (own.has(n)) needed.add(n);
      needs.set(target, needed);
    }
  return [...needs]
    .map(([path, names]) => ({ path, text: texts.get(path)!, names }))
    .sort((a, b) => b.text.length - a.text.length || (a.path < b.path ? -1 : 1))
    .slice(0, most);
}

/** What is kept of every file at every ratio, read by `reader`. */
export async function choose(
  model: LocalModel,
  reader: Reader,
  grammarDir: string,
  files: readonly Needed[],
): Promise<Choice[][]> {
  const { shape, extended } = model.folder;
  const scorer = SCORERS.extended({ extended: unpackExtended(extended, shape.layers * shape.kvHeads) });
  const grammars = new Grammars(async (file) => readFileSync(join(grammarDir, file)));
  const counter = counterFor('o200k');
  const out: Choice[][] = [];
  for (const { path, text } of files) {
    const tokens = model.tokenizer.tokenize(text);
    const header = Int32Array.of(shape.fileToken, ...model.tokenizer.tokenize(`${path}\n`).ids);
    const seen = await reader.read({ header, text: tokens.ids, question: new Int32Array(0), needs: scorer.needs });
    const structure = await parseStructure({ path, languageId: 'typescript', text }, grammars);
    const order = orderCuts(
      structure,
      evidenceFor(scorer, { tokens, seen, scores: scorer.score(seen) }, structure, counter),
      [],
    );
    const whole = counter.count(text);
    out.push(
      RATIOS.map((ratio) => {
        const { rendered } = fitToTokens(order, Math.floor(ratio * whole), { markers: true, counter });
        const mask = new Uint8Array(text.length);
        for (const s of rendered.spans) if (s.kept) mask.fill(1, s.start, s.end);
        return {
          kept: rendered.spans
            .filter((s) => s.kept)
            .map((s) => text.slice(s.start, s.end))
            .join('\n'),
          mask,
        };
      }),
    );
  }
  return out;
}

/** Share of all needed names that are still there, by ratio. */
export function recall(files: readonly Needed[], choices: readonly Choice[][]): number[] {
  return RATIOS.map((_, r) => {
    let all = 0;
    let there = 0;
    files.forEach(({ names }, i) => {
      const kept = namesIn(choices[i]![r]!.kept);
      for (const n of names) {
        all++;
        if (kept.has(n)) there++;
      }
    });
    return there / all;
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
