// Knows what a cut is made of.
import type { Span } from '../core/span';

/** A stretch of whole lines that can go: statement, member, comment, element. */
export interface Unit extends Span {
  readonly children: readonly Unit[];
  /** False for what only groups smaller units. */
  readonly cuttable: boolean;
  readonly comment: boolean;
  /** In markup a comment is an expression. */
  readonly markup: boolean;
  /** Its language, where it is embedded in another. */
  readonly language?: string;
  /** A row of a table: what stands for it must be one. */
  readonly row?: boolean;
  /** The suite it stands in, when that may not become empty. */
  readonly suite: Suite | undefined;
}

/** An indented block that needs at least one statement. */
export interface Suite {
  readonly members: Unit[];
}

/** A unit that may go, with nothing special about it but what is said. */
export function unitOf({ start, end }: Span, children: readonly Unit[] = [], more: Partial<Unit> = {}): Unit {
  return { start, end, children, cuttable: true, comment: false, markup: false, suite: undefined, ...more };
}

/** The smallest unit around an offset. */
export function innermost(units: readonly Unit[], offset: number): Unit | undefined {
  const unit = units.find((u) => u.start <= offset && offset < u.end);
  return unit && (innermost(unit.children, offset) ?? unit);
}

export interface Definition {
  readonly name: string;
  readonly span: Span;
}
