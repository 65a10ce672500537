// Knows why a text cannot get smaller: what must stay, what the syntax needs, what the grammar cannot read, or what the cuts themselves cost.
import type { Floor, FloorReason } from '../core/context';
import { complementSpans, overlaps, sharedSpans, unionSpans, type Span } from '../core/span';
import type { TokenCounter } from '../core/token';
import { Lines } from '../core/lines';
import type { CutOrder } from './order';
import type { Unit } from '../parse/unit';

export interface Smallest {
  readonly order: CutOrder;
  /** What was left out. */
  readonly elisions: readonly Span[];
}

type Left = Exclude<FloorReason, 'markers'>;

/**
 * The reason is what most of the smallest texts is. Markers are one only where they alone are too much: else the rest has to shrink.
 * @param after recipient tokens of the smallest texts, with markers and headers @param allowed fewer than that
 */
export function floorOf(files: readonly Smallest[], after: number, allowed: number, counter: TokenCounter): Floor {
  const pieces = files.map(piecesOf);
  const sizeOf = (reason: Left): number =>
    pieces.reduce(
      (sum, p, i) =>
        sum + counter.count(p[reason].map((s) => files[i]!.order.source.text.slice(s.start, s.end)).join('')),
      0,
    );
  const sizes = (['kept', 'unparsed', 'syntax'] as const).map((reason) => ({ reason, size: sizeOf(reason) }));
  const largest = sizes.reduce((a, b) => (b.size > a.size ? b : a));
  const markers = after - sizes.reduce((sum, { size }) => sum + size, 0);
  if (markers > allowed && markers >= largest.size) return { floorReason: 'markers' };
  if (largest.reason !== 'unparsed') return { floorReason: largest.reason };
  const { source, structure } = files[pieces.findIndex((p) => p.unparsed.length)]!.order;
  const at = structure.errorAt;
  return {
    floorReason: 'unparsed',
    ...(at === undefined
      ? {}
      : { floorAt: { path: source.path, line: new Lines(source.text).at(at) + (source.firstLine ?? 1) } }),
  };
}

/** What is left, by why it stays; without what could go if its marker cost nothing, and without blank space. */
function piecesOf({ order, elisions }: Smallest): Readonly<Record<Left, Span[]>> {
  const { source, structure, steps, pins, protectedSpans } = order;
  const { text } = source;
  const without = (spans: readonly Span[], gone: readonly Span[]): Span[] =>
    sharedSpans(spans, complementSpans(gone, text.length));
  const stays = complementSpans(unionSpans([...elisions, ...steps.map((s) => s.unit)]), text.length).filter((s) =>
    text.slice(s.start, s.end).trim(),
  );
  const mustKeep = unionSpans([...pins, ...protectedSpans]);
  const holding = unionSpans([...mustKeep, ...holdersOf(structure.units, mustKeep)]);
  const others = without(stays, holding);
  return {
    kept: sharedSpans(stays, holding),
    unparsed: sharedSpans(others, structure.unparsed),
    syntax: without(others, structure.unparsed),
  };
}

/** What could go but for something in it that must stay. */
function holdersOf(units: readonly Unit[], mustKeep: readonly Span[]): Unit[] {
  return units.flatMap((u) =>
    !overlaps(mustKeep, u.start, u.end) ? [] : u.cuttable ? [u] : holdersOf(u.children, mustKeep),
  );
}
