// Knows what a text is ranked by: the scorer's own weighing of what the text side tells it, or its mean score over all caches.
import type { TextChannels, TokenEvidence } from '../core/evidence';
import type { CacheGrid, Observation, TokenScores } from '../core/observation';
import type { TokenCounter, TokenList } from '../core/token';
import type { Scorer } from '../scorers/index';
import { costsOf } from './costs';
import { askedAndUsed, askedDeclarations, askedNames, namesOf, sharedNames } from './names';
import { pairsOf } from './pairs';
import type { CodeStructure } from '../parse/structure';

/** What the user asks about and where he works, as in `CompressRequest`; and what the other texts of the context use. */
export interface Aim {
  readonly query?: string | undefined;
  readonly focus?: number | undefined;
  readonly others?: ReadonlySet<string> | undefined;
}

export interface Scored {
  readonly tokens: TokenList;
  readonly seen: Observation;
  readonly scores: TokenScores;
}

/** @param price what a text costs its reader, where worth is set against cost */
export function evidenceFor(
  scorer: Scorer,
  { tokens, seen, scores }: Scored,
  structure: CodeStructure,
  price: TokenCounter,
  aim: Aim = {},
): TokenEvidence {
  const { bounds } = tokens;
  if (!scorer.weigh) return { bounds, values: meanOverCaches(scores) };
  return {
    bounds,
    costs: costsOf(structure.source.text, tokens, price),
    ...scorer.weigh(seen, channelsOf(structure, tokens, aim)),
  };
}

export function channelsOf(
  structure: CodeStructure,
  { ids, bounds }: TokenList,
  { query, focus, others }: Aim = {},
): TextChannels {
  const classes = structure.classes(bounds);
  const names = namesOf(structure, bounds, classes);
  const asked = query ? askedNames(names, structure.source.text, query) : undefined;
  const declared = asked && askedDeclarations(structure, names, asked, bounds);
  return {
    classes,
    names,
    pairs: pairsOf(ids, classes),
    ...(asked && declared ? { asked: askedAndUsed(asked, names, declared), declared } : {}),
    ...(others?.size ? { shared: sharedNames(names, structure.source.text, others) } : {}),
    ...(focus === undefined ? {} : { focus: { offset: focus, bounds } }),
  };
}

/** @returns [tokens] */
function meanOverCaches({ layers, heads, tokens, data }: CacheGrid): Float32Array {
  const mean = new Float32Array(tokens);
  data.forEach((x, i) => (mean[i % tokens]! += x / (layers * heads)));
  return mean;
}
