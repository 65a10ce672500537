// Reads a case as the product does: one reading with every signal, so that all methods judge the same evidence.
import type { TokenEvidence } from '../../src/core/evidence';
import type { Observation, Signal } from '../../src/core/observation';
import type { Span } from '../../src/core/span';
import type { TokenCounter, TokenList } from '../../src/core/token';
import type { LocalModel } from '../../src/node/model/model';
import type { Grammars } from '../../src/parse/grammars';
import { parseStructure, type CodeStructure } from '../../src/parse/structure';
import { evidenceFor } from '../../src/evidence/evidence';
import type { Scorer } from '../../src/scorers';
import { focusOf, type Case } from '../cases/cases';
import { neededDefinitions, recallOf } from '../cases/recall';

export interface Reading {
  readonly case: Case;
  readonly tokens: TokenList;
  readonly seen: Observation;
  readonly structure: CodeStructure;
  readonly classes: Uint8Array; // [tokens]
  readonly definitions: ReadonlySet<string>; // needed names that the context defines
  readonly counter: TokenCounter;
  readonly recipientTokens: number;
}

const ALL: ReadonlySet<Signal> = new Set([
  'nammScore',
  'attentionSum',
  'windowAttention',
  'lastAttention',
  'keyNorm',
  'logProb',
  'forecast',
]);

/** @param twice reads the text a second time as its own question: every token is seen from all others, and its last update counts */
export async function readCase(
  model: LocalModel,
  grammars: Grammars,
  counter: TokenCounter,
  item: Case,
  twice = false,
): Promise<Reading> {
  const { tokenizer, reader, folder } = model;
  const { context } = item;
  const tokens = tokenizer.tokenize(context.text);
  const header = Int32Array.of(folder.shape.fileToken, ...tokenizer.tokenize(`${context.path}\n`).ids);
  const seen = await reader.read({
    header,
    text: tokens.ids,
    question: twice ? tokens.ids : new Int32Array(0),
    needs: ALL,
  });
  const structure = await parseStructure(context, grammars);
  return {
    case: item,
    tokens,
    seen,
    structure,
    classes: structure.classes(tokens.bounds),
    definitions: neededDefinitions(item, structure),
    counter,
    recipientTokens: counter.count(context.text),
  };
}

/** The product's evidence for one scorer. @param placed false if the cursor position is unknown, as on a command line */
export function evidenceOf(
  { case: item, tokens, seen, structure, counter }: Reading,
  scorer: Scorer,
  { placed = true } = {},
): TokenEvidence {
  return evidenceFor(scorer, { tokens, seen, scores: scorer.score(seen) }, structure, counter, {
    focus: placed ? focusOf(item) : undefined,
  });
}

/** Share of the needed names that `kept` holds, 0…1. */
export const recallIn = (r: Reading, kept: readonly Span[]): number =>
  recallOf(r.case, r.structure, r.definitions, kept);
