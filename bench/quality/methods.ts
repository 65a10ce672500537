// Every way to compress that is compared: the memories and scorers as the product runs them, and rules as people use them.
import { SCORER_IDS } from '../../src/core/context';
import type { TokenEvidence } from '../../src/core/evidence';
import { orderCuts } from '../../src/cut/order';
import type { ModelFolder } from '../../src/node/model/manifest';
import { SCORERS } from '../../src/scorers';
import { NAME_FEATURES, type ExtendedWeights, type NameFeature } from '../../src/scorers/extended';
import { counter, cutTo, type Compressed } from '../cases/compressed';
import { evidenceOf, type Reading } from './read';
import { ALONG_SYNTAX, evidenceBy, ORACLE, RULES, ruleWithin } from './rules';

export const SHIPPED = 'extended';
/** As on a command line and for an assistant, where the end of a text takes the place of the cursor. */
export const UNPLACED = 'extended, cursor position unknown';
/** The memory and its rivals that are tried on another base model than the one it was evolved on. */
export const TRANSFERRED = ['namm', 'h2o', 'keyNorm'] as const;
export const ORACLE_NAME = 'oracle (knows the answer)';
export const transferredName = (id: string): string => `${id}, on the other base`;

/** One context as the bundled model read it, and as another base model did. */
export interface Subject {
  readonly own: Reading;
  readonly other?: Reading | undefined;
}

/** Prepares a subject, then compresses it to a number of recipient tokens. */
export type Method = (subject: Subject) => (allowed: number) => Compressed;

const alongSyntax =
  (evidence: (subject: Subject) => TokenEvidence): Method =>
  (subject) => {
    const order = orderCuts(subject.own.structure, evidence(subject), []);
    return (allowed) => cutTo(order, allowed);
  };

/** @returns methods by the names of their table rows, in the order of the rows */
export function methodsOf(folder: ModelFolder): ReadonlyMap<string, Method> {
  const weights = folder.extended;
  const methods = new Map<string, Method>();
  for (const id of SCORER_IDS)
    methods.set(
      id,
      alongSyntax(({ own }) => evidenceOf(own, SCORERS[id]({ extended: weights }))),
    );
  // The shipped weights without one channel, not fitted again. A channel without weight has no row.
  const without = (name: string, set: Partial<ExtendedWeights>): void => {
    if (Object.entries(set).some(([key, to]) => String(to) !== String(weights[key as keyof ExtendedWeights])))
      methods.set(
        name,
        alongSyntax(({ own }) => evidenceOf(own, SCORERS.extended({ extended: { ...weights, ...set } }))),
      );
  };
  const zeros = (key: keyof ExtendedWeights): Float32Array => (weights[key] as Float32Array).map(() => 0);
  const only = (keep: (feature: NameFeature) => boolean): Partial<ExtendedWeights> => {
    const of = (w: Float32Array): Float32Array => w.map((x, f) => (keep(NAME_FEATURES[f]!) ? x : 0));
    return { mention: of(weights.mention), definition: of(weights.definition) };
  };
  methods.set(
    UNPLACED,
    alongSyntax(({ own }) => evidenceOf(own, SCORERS.extended({ extended: weights }), { placed: false })),
  );
  const withoutCursor = { focus: zeros('focus'), ...only((f) => f !== 'near') };
  without('extended without attention', { caches: zeros('caches') });
  without('extended without surprisal', { surprisal: zeros('surprisal') });
  without('extended without class', { classes: zeros('classes') });
  without('extended without the cursor', withoutCursor);
  without('extended, all names alike', { ...only((f) => f === 'bias'), crowd: zeros('crowd') });
  without('extended, names alone', { ...withoutCursor, surprisal: zeros('surprisal') });
  for (const name of ALONG_SYNTAX)
    methods.set(
      `${name}; along syntax`,
      alongSyntax(({ own }) => evidenceBy(RULES[name]!, own, counter)),
    );
  for (const [name, rule] of [...Object.entries(RULES), [ORACLE_NAME, ORACLE] as const])
    methods.set(name, ({ own }) => ruleWithin(rule, own, counter));
  return methods;
}

/** The memory and its rivals on the attention of another base model; subjects need its reading. */
export const transferredMethods = (folder: ModelFolder): ReadonlyMap<string, Method> =>
  new Map(
    TRANSFERRED.map((id) => [transferredName(id), alongSyntax(({ other }) => evidenceOf(other!, SCORERS[id](folder)))]),
  );
