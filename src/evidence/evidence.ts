// Turns the scores of a text into the evidence that ranks it: weighed by the scorer, or the mean over all caches.
import type { TextChannels, TokenEvidence } from '../core/evidence';
import type { CacheGrid } from '../core/observation';
import type { TokenCounter, TokenList } from '../core/token';
import type { Scorer } from '../scorers/index';
import { costsOf } from './costs';
import { askedAndUsed, askedDeclarations, askedNames, namesOf, sharedNames } from './names';
import { pairsOf } from './pairs';
import type { ScoredText } from './scored';
import type { CodeStructure } from '../parse/structure';
import type { LineRelevance } from '../question/relevance';
import { termsOf } from '../question/terms';

/** From so many times the mean likelihood on, the question wants a line, whatever is beside it. */
const WANTED = 3;

/** What ranks a text besides its reading. */
export interface Aim {
  /** The user's question. */
  readonly query?: string | undefined;
  /** Cursor position, UTF-16 offset. */
  readonly focus?: number | undefined;
  /** How much each line has to do with the question. */
  readonly relevance?: LineRelevance | undefined;
  /** Names that other texts of the context use. */
  readonly others?: ReadonlySet<string> | undefined;
}

/**
 * Evidence for every model token of a text.
 * @param counter counts the recipient tokens that each model token costs; used if the scorer weighs worth against cost
 */
export function evidenceFor(
  scorer: Scorer,
  { tokens, seen, scores }: Pick<ScoredText, 'tokens' | 'seen' | 'scores'>,
  structure: CodeStructure,
  counter: TokenCounter,
  aim: Aim = {},
): TokenEvidence {
  const { bounds } = tokens;
  if (!scorer.weigh) return { bounds, values: meanOverCaches(scores) };
  const channels = channelsOf(structure, tokens, aim);
  const wanted = wantedAt(channels, bounds);
  return {
    bounds,
    costs: costsOf(structure.source.text, tokens, counter),
    ...scorer.weigh(seen, channels),
    ...(wanted.length ? { wanted } : {}),
  };
}

/** The cursor position, and where tokens of declarations begin that the question asks for. */
function wantedAt({ focus, declared, relevance }: TextChannels, bounds: Int32Array): number[] {
  const offsets = focus ? [focus.offset] : [];
  declared?.forEach((size, t) => size && offsets.push(bounds[t]!));
  relevance?.forEach((times, t) => times >= WANTED && offsets.push(bounds[t]!));
  return offsets.sort((a, b) => a - b);
}

/** What a scorer learns about a text besides its reading: classes, names, pairs, and what the question and the cursor point at. */
export function channelsOf(
  structure: CodeStructure,
  { ids, bounds }: TokenList,
  { query, relevance, focus, others }: Aim = {},
): TextChannels {
  const classes = structure.classes(bounds);
  const names = namesOf(structure, bounds, classes);
  const asked = query ? askedNames(names, structure.source.text, termsOf(query)) : undefined;
  const declared = asked && askedDeclarations(structure, names, asked, bounds);
  return {
    classes,
    names,
    pairs: pairsOf(ids, classes),
    ...(asked && declared ? { asked: askedAndUsed(asked, names, declared), declared } : {}),
    ...(relevance ? { relevance: perToken(relevance, bounds) } : {}),
    ...(others?.size ? { shared: sharedNames(names, structure.source.text, others) } : {}),
    ...(focus === undefined ? {} : { focus: { offset: focus, bounds } }),
  };
}

/** @returns [tokens] the value of the line in which each token begins; a token that only begins with its line break has that of the next */
function perToken({ starts, values }: LineRelevance, bounds: Int32Array): Float32Array {
  const out = new Float32Array(bounds.length - 1);
  let line = 0;
  for (let t = 0; t < out.length; t++) {
    while (line + 1 < starts.length && starts[line + 1]! < bounds[t + 1]!) line++;
    out[t] = values[line]!;
  }
  return out;
}

/** @param scores [layers][heads][tokens] @returns [tokens] mean over layers and heads */
function meanOverCaches({ layers, heads, tokens, data }: CacheGrid): Float32Array {
  const mean = new Float32Array(tokens);
  data.forEach((x, i) => (mean[i % tokens]! += x / (layers * heads)));
  return mean;
}
