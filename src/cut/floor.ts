// Tells why a text cannot get smaller: spans that must stay, syntax, code that the grammar cannot read, or the cost of markers.
import type { Floor, FloorReason } from '../core/context';
import { complementSpans, overlaps, sharedSpans, unionSpans, type Span } from '../core/span';
import type { TokenCounter } from '../core/token';
import { Lines } from '../core/lines';
import type { CutOrder } from './order';
import type { Unit } from '../parse/unit';

export interface Smallest {
  readonly order: CutOrder;
  /** The spans that were cut, in text order. */
  readonly elisions: readonly Span[];
  /** Whether more could be cut, but then no code would be left. */
  readonly held?: boolean;
}

type Kept = Exclude<FloorReason, 'markers' | 'small'>;

/**
 * The reason for which most of the recipient tokens of the smallest texts stay. Markers are the reason only if they alone exceed
 * the budget.
 * @param files at least one, with the smallest text of each
 * @param after recipient tokens of these texts, with markers and headers
 * @param allowed the budget, fewer recipient tokens than `after`
 */
export function floorOf(files: readonly Smallest[], after: number, allowed: number, counter: TokenCounter): Floor {
  const pieces = files.map(piecesOf);
  const sizes = (['kept', 'unparsed', 'code', 'syntax'] as const).map((reason) => ({
    reason,
    size: pieces.reduce((sum, p) => sum + counter.count(p[reason]), 0),
  }));
  const largest = sizes.reduce((a, b) => (b.size > a.size ? b : a));
  const markers = after - sizes.reduce((sum, { size }) => sum + size, 0);
  if (markers > allowed && markers >= largest.size) return { floorReason: 'markers' };
  if (largest.reason !== 'unparsed') return { floorReason: largest.reason };
  const { source, structure } = files[pieces.findIndex((p) => p.unparsed)]!.order;
  const at = structure.errorAt;
  return {
    floorReason: 'unparsed',
    ...(at === undefined
      ? {}
      : { floorAt: { path: source.path, line: new Lines(source.text).at(at) + (source.firstLine ?? 1) } }),
  };
}

/** The text that stays, by reason; without white space and without units that stay only because their marker costs as much as they do. */
function piecesOf({ order, elisions, held }: Smallest): Readonly<Record<Kept, string>> {
  const { source, structure, steps, pins, protectedSpans } = order;
  const { text } = source;
  const textOf = (spans: readonly Span[]): string => spans.map((s) => text.slice(s.start, s.end)).join('');
  const without = (spans: readonly Span[], gone: readonly Span[]): Span[] =>
    sharedSpans(spans, complementSpans(gone, text.length));
  const kept = complementSpans(unionSpans([...elisions, ...steps.map((s) => s.unit)]), text.length).filter((s) =>
    text.slice(s.start, s.end).trim(),
  );
  const mustKeep = unionSpans([...pins, ...protectedSpans]);
  const enclosing = unionSpans([...mustKeep, ...enclosingUnits(structure.units, mustKeep)]);
  const others = without(kept, enclosing);
  const spared = held ? without(unionSpans(steps.map((s) => s.unit)), unionSpans(elisions)) : [];
  return {
    code: textOf(spared),
    kept: textOf(sharedSpans(kept, enclosing)),
    unparsed: textOf(sharedSpans(others, structure.unparsed)),
    syntax: textOf(without(others, structure.unparsed)),
  };
}

/** The outermost cuttable units that overlap `mustKeep`. */
function enclosingUnits(units: readonly Unit[], mustKeep: readonly Span[]): Unit[] {
  return units.flatMap((u) =>
    !overlaps(mustKeep, u.start, u.end) ? [] : u.cuttable ? [u] : enclosingUnits(u.children, mustKeep),
  );
}
