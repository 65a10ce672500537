// The unit: the smallest thing that is cut or stays whole.
import { firstIndexWhere } from '../core/search';
import type { Span } from '../core/span';

/** Whole lines that can be cut together: a statement, member, comment or element. Children lie inside it, in text order. */
export interface Unit extends Span {
  readonly children: readonly Unit[];
  /** False if only its children can be cut. */
  readonly cuttable: boolean;
  /** Whether it is a part of a table, which no budget divides: it goes alone only if the user leaves it out. */
  readonly member?: boolean;
  readonly comment: boolean;
  /** Whether it stands in JSX, where a comment must be an expression. */
  readonly markup: boolean;
  /** How many members of a table it holds; absent if it is none, or if nobody can tell. */
  readonly items?: number;
  /** Language id, if it differs from that of the text. */
  readonly language?: string;
  /** Whether it is a row of a table: its marker must be one as well. */
  readonly row?: boolean;
  /** In a patch: the first line of the hunk that it is, in the old file; or that it lies inside a hunk. */
  readonly hunk?: number | 'part';
  /** Whether it goes before all units that are not spare. */
  readonly spare?: true;
  /** Whether it is a part of a long line: its marker must not end the line. */
  readonly inline?: true;
  /** The block it stands in, if that may not become empty. */
  readonly suite: Suite | undefined;
}

/** A block that needs at least one statement. */
export interface Suite {
  readonly members: Unit[];
}

/** A cuttable unit with defaults for all properties that are not in `more`. */
export function unitOf({ start, end }: Span, children: readonly Unit[] = [], more: Partial<Unit> = {}): Unit {
  return { start, end, children, cuttable: true, comment: false, markup: false, suite: undefined, ...more };
}

/** The units of several lists as one tree, in text order. Of two that cross, or that are the same span, the first stays. */
export function nested(...lists: readonly (readonly Unit[])[]): Unit[] {
  const flat: Unit[] = [];
  const add = (units: readonly Unit[]): void => {
    for (const unit of units) {
      flat.push(unit);
      add(unit.children);
    }
  };
  lists.forEach(add);
  const roots: Unit[] = [];
  const open: { readonly end: number; readonly start: number; readonly children: Unit[] }[] = [];
  for (const unit of flat.sort((a, b) => a.start - b.start || b.end - a.end)) {
    while (open.length && open.at(-1)!.end <= unit.start) open.pop();
    const around = open.at(-1);
    if (around && (unit.end > around.end || (unit.start === around.start && unit.end === around.end))) continue;
    const children: Unit[] = [];
    (around?.children ?? roots).push({ ...unit, children });
    open.push({ start: unit.start, end: unit.end, children });
  }
  return roots;
}

/** The units around an offset, outermost first. */
export function pathTo(units: readonly Unit[], offset: number): Unit[] {
  const out: Unit[] = [];
  for (let list = units; ;) {
    const unit = list[firstIndexWhere(list, (u) => u.end > offset)];
    if (!unit || unit.start > offset) return out;
    out.push(unit);
    list = unit.children;
  }
}

/** The innermost unit around an offset. */
export const innermost = (units: readonly Unit[], offset: number): Unit | undefined => pathTo(units, offset).at(-1);

/** A place that defines a name. */
export interface Definition {
  readonly name: string;
  readonly span: Span;
}
