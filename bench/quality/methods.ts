// Knows every way to compress that is compared: the memories and scorers as the product runs them, rules as people use them.
import { SCORER_IDS } from '../../src/core/context';
import type { TokenEvidence } from '../../src/core/evidence';
import type { Span } from '../../src/core/span';
import type { ModelFolder } from '../../src/node/model/manifest';
import { SCORERS } from '../../src/scorers';
import { NAME_FEATURES, unpackExtended, type ExtendedWeights, type NameFeature } from '../../src/scorers/extended';
import { counterFor } from '../../src/tokens/counters';
import { fitToTokens } from '../../src/cut/fit';
import { orderCuts } from '../../src/cut/order';
import type { Rendered } from '../../src/cut/render';
import { evidenceOf, type Reading } from './read';
import { ALONG_SYNTAX, evidenceBy, linesOf, ORACLE, RULES, take } from './rules';

export const SHIPPED = 'extended';
/** As on a command line and for an assistant: then the end of a text counts in the place of the cursor. */
export const UNPLACED = 'extended, place of work unknown';
export const RATIOS = [0.25, 0.5] as const;
export const counter = counterFor('o200k');
/** The same memory and its rivals on a base model that it was not evolved on. */
export const CARRIED = ['namm', 'h2o', 'keyNorm'] as const;
export const ORACLE_NAME = 'oracle (knows the answer)';
export const carriedName = (id: string): string => `${id}, on the other base`;

export interface Compressed {
  readonly text: string;
  readonly kept: readonly Span[];
}

/** One context as the bundled model read it, and as another did. */
export interface Subject {
  readonly own: Reading;
  readonly other?: Reading | undefined;
}

export type Method = (subject: Subject) => (allowed: number) => Compressed;

const compressed = (r: Rendered): Compressed => ({ text: r.text, kept: r.spans.filter((s) => s.kept) });

const alongSyntax =
  (evidence: (subject: Subject) => TokenEvidence): Method =>
  (subject) => {
    const order = orderCuts(subject.own.structure, evidence(subject), []);
    return (allowed) => compressed(fitToTokens(order, allowed, { markers: true, counter }).rendered);
  };

const learnedOf = ({ shape, extended }: ModelFolder): { extended: ExtendedWeights } => ({
  extended: unpackExtended(extended, shape.layers * shape.kvHeads),
});

export function methodsOf(folder: ModelFolder): ReadonlyMap<string, Method> {
  const learned = learnedOf(folder);
  const methods = new Map<string, Method>();
  for (const id of SCORER_IDS)
    methods.set(
      id,
      alongSyntax(({ own }) => evidenceOf(own, SCORERS[id](learned))),
    );
  // What each channel brings: the shipped weights without it, not fitted again. A channel that weighs nothing has no row.
  const without = (name: string, set: Partial<ExtendedWeights>): void => {
    if (Object.entries(set).some(([key, to]) => String(to) !== String(learned.extended[key as keyof ExtendedWeights])))
      methods.set(
        name,
        alongSyntax(({ own }) => evidenceOf(own, SCORERS.extended({ extended: { ...learned.extended, ...set } }))),
      );
  };
  const nothing = (key: keyof ExtendedWeights): Float32Array => (learned.extended[key] as Float32Array).map(() => 0);
  const only = (keep: (feature: NameFeature) => boolean): Partial<ExtendedWeights> => {
    const of = (w: Float32Array): Float32Array => w.map((x, f) => (keep(NAME_FEATURES[f]!) ? x : 0));
    return { mention: of(learned.extended.mention), definition: of(learned.extended.definition) };
  };
  methods.set(
    UNPLACED,
    alongSyntax(({ own }) => evidenceOf(own, SCORERS.extended(learned), { placed: false })),
  );
  const nowhere = { focus: nothing('focus'), ...only((f) => f !== 'near') };
  without('extended without attention', { caches: nothing('caches') });
  without('extended without surprisal', { surprisal: nothing('surprisal') });
  without('extended without class', { classes: nothing('classes') });
  without('extended without the cursor', nowhere);
  without('extended, all names alike', { ...only((f) => f === 'bias'), crowd: nothing('crowd') });
  without('extended, names alone', { ...nowhere, surprisal: nothing('surprisal') });
  for (const name of ALONG_SYNTAX)
    methods.set(
      `${name}; along syntax`,
      alongSyntax(({ own }) => evidenceBy(RULES[name]!, own, counter)),
    );
  for (const [name, rule] of [...Object.entries(RULES), [ORACLE_NAME, ORACLE] as const])
    methods.set(name, ({ own }) => {
      const lines = rule(linesOf(own, counter), own);
      return (allowed) => {
        const kept = take(lines, allowed, counter);
        return { text: kept.map((l) => l.text).join(''), kept };
      };
    });
  return methods;
}

/** The memory and its rivals on the attention of another base model; subjects need its reading. */
export const methodsCarried = (folder: ModelFolder): ReadonlyMap<string, Method> =>
  new Map(
    CARRIED.map((id) => [
      carriedName(id),
      alongSyntax(({ other }) => evidenceOf(other!, SCORERS[id](learnedOf(folder)))),
    ]),
  );
