// What a budget leaves of a text, token by token and class by class, and how two such results agree.
import { TOKEN_CLASSES, type InspectReport, type TokenClass } from '../core/context';
import { isDropped, type DroppedEdges } from './changes';

/** [tokens] 1 where the token stays. */
export type Outcome = Uint8Array;

type Text = Pick<InspectReport, 'bounds' | 'classes'>;

/** A token stays if its last unit does: white space in front of a name often goes without it. */
export function outcomeOf({ bounds, classes }: Text, dropped: DroppedEdges): Outcome {
  return Uint8Array.from(classes, (_, t) => (isDropped(dropped, Math.max(bounds[t]!, bounds[t + 1]! - 1)) ? 0 : 1));
}

export interface ClassOutcome {
  readonly name: TokenClass;
  readonly tokens: number;
  /** Number of those that stay, for each outcome. */
  readonly stay: readonly number[];
}

/** The classes that occur in the text, in the order of TOKEN_CLASSES. */
export function classOutcomes({ classes }: Pick<InspectReport, 'classes'>, ...outcomes: Outcome[]): ClassOutcome[] {
  const sums = TOKEN_CLASSES.map((name) => ({ name, tokens: 0, stay: outcomes.map(() => 0) }));
  classes.forEach((c, t) => {
    sums[c]!.tokens++;
    outcomes.forEach((stays, i) => (sums[c]!.stay[i]! += stays[t]!));
  });
  return sums.filter((c) => c.tokens > 0);
}

/** Number of tokens that both leave, only one of the two, or neither. */
export interface OutcomeAgreement {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
  /** Share of the tokens of equal fate, 0…1. */
  readonly equal: number;
}

export function outcomeAgreement(first: Outcome, second: Outcome): OutcomeAgreement {
  const seen = [0, 0, 0, 0]; // 2 * stays in the first + stays in the second
  first.forEach((stays, t) => seen[2 * stays + second[t]!]!++);
  const [neither, onlySecond, onlyFirst, both] = seen as [number, number, number, number];
  return { both, onlyFirst, onlySecond, neither, equal: (both + neither) / Math.max(1, first.length) };
}

/** @returns [tokens] 1 where only the first keeps the token, −1 where only the second does, else 0 */
export function outcomeDifference(first: Outcome, second: Outcome): Float32Array {
  return Float32Array.from(first, (stays, t) => stays - second[t]!);
}
