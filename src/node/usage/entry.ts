// What is remembered of a use: figures only, no path and no text.
import { COUNTER_IDS, type CounterId } from '../../core/token';
import { oneOf } from '../../core/oneOf';

/** Who was used. */
export const USERS = ['cli', 'mcp'] as const;
export type User = (typeof USERS)[number];

/** A text, or several, that were handed over. */
export interface HandedOver {
  readonly did: 'compressed';
  /** Recipient tokens of the texts that were not given before in the same session of the server. */
  readonly before: number;
  /** Recipient tokens that were handed over. */
  readonly after: number;
  /** Those of `after` whose text was given before, unchanged. */
  readonly again?: number;
  /** UTF-16 units of all texts, and their recipient tokens: what a character costs. */
  readonly units: number;
  readonly tokens: number;
  readonly counter: CounterId;
  /** Given whole, to compare with (the holdout). */
  readonly whole?: true;
}

/** A part that was asked back. */
export interface Expanded {
  readonly did: 'expanded';
  readonly units: number; // UTF-16
}

/** One line of the ledger. */
export type Entry = (HandedOver | Expanded) & { readonly at: number; readonly by: User }; // ms since 1970

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** @returns undefined for what is no entry: a damaged line, or one of a later version */
export function entryIn(line: string): Entry | undefined {
  let given: Partial<Record<string, unknown>>;
  try {
    given = JSON.parse(line) as typeof given;
  } catch {
    return undefined;
  }
  if (typeof given !== 'object' || given === null) return undefined;
  const { at, did, before, after, again, units, tokens, whole } = given;
  const by = oneOf(USERS, given.by);
  const counter = oneOf(COUNTER_IDS, given.counter);
  if (!isCount(at) || by === undefined || !isCount(units)) return undefined;
  if (did === 'expanded') return { at, by, did, units };
  if (did !== 'compressed' || counter === undefined) return undefined;
  if (!isCount(before) || !isCount(after) || !isCount(tokens) || (again !== undefined && !isCount(again)))
    return undefined;
  return {
    ...{ at, by, did, before, after, units, tokens, counter },
    ...(again === undefined ? {} : { again }),
    ...(whole === true ? { whole } : {}),
  };
}
