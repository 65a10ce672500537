// Knows every way to compress that is compared: the memories and scorers as the product runs them, rules as people use them.
import { SCORER_IDS } from '../../src/core/context';
import type { TokenEvidence } from '../../src/core/evidence';
import type { Span } from '../../src/core/span';
import type { ModelFolder } from '../../src/model/manifest';
import { SCORERS, type Scorer } from '../../src/scorers';
import { unpackExtended, type ExtendedWeights } from '../../src/scorers/extended';
import { counterFor } from '../../src/text/counters';
import { fitToTokens } from '../../src/text/fit';
import { orderCuts } from '../../src/text/order';
import type { Rendered } from '../../src/text/render';
import { evidenceOf, type Reading } from './read';
import { ALONG_SYNTAX, evidenceBy, linesOf, ORACLE, RULES, take } from './rules';

export const SHIPPED = 'extended';
export const RATIOS = [0.25, 0.5] as const;
export const counter = counterFor('o200k');
/** The same memory and its rivals on a base model that it was not evolved on. */
export const CARRIED = ['namm', 'h2o', 'keyNorm'] as const;
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

export function methodsOf({ shape, extended }: ModelFolder, carried: boolean): ReadonlyMap<string, Method> {
  const learned = { extended: unpackExtended(extended, shape.layers * shape.kvHeads) };
  const methods = new Map<string, Method>();
  const alongSyntax = (name: string, evidence: (subject: Subject) => TokenEvidence): unknown =>
    methods.set(name, (subject) => {
      const order = orderCuts(subject.own.structure, evidence(subject), []);
      return (allowed) => compressed(fitToTokens(order, allowed, { markers: true, counter }).rendered);
    });
  for (const id of SCORER_IDS) alongSyntax(id, ({ own }) => evidenceOf(own, SCORERS[id](learned)));
  // What each channel brings: the shipped weights without it, not evolved again.
  const without = (key: keyof ExtendedWeights): Scorer => SCORERS.extended({ extended: { ...learned.extended, [key]: (learned.extended[key] as Float32Array).map(() => 0) } });
  alongSyntax('extended without attention', ({ own }) => evidenceOf(own, without('caches')));
  alongSyntax('extended without surprisal', ({ own }) => evidenceOf(own, without('surprisal')));
  alongSyntax('extended without class', ({ own }) => evidenceOf(own, without('classes')));
  alongSyntax('extended without the cursor', ({ own }) => evidenceOf(own, without('focus')));
  if (carried) for (const id of CARRIED) alongSyntax(carriedName(id), ({ other }) => evidenceOf(other!, SCORERS[id](learned)));
  for (const name of ALONG_SYNTAX) alongSyntax(`${name}; along syntax`, ({ own }) => evidenceBy(RULES[name]!, own, counter));
  for (const [name, rule] of [...Object.entries(RULES), ['oracle (knows the answer)', ORACLE] as const])
    methods.set(name, ({ own }) => {
      const lines = rule(linesOf(own, counter), own);
      return (allowed) => {
        const kept = take(lines, allowed, counter);
        return { text: kept.map((l) => l.text).join(''), kept };
      };
    });
  return methods;
}
