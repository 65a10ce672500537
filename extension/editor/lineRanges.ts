// Knows which lines have the sign of dropped ones beside them: those that the user marked have the sign of the mark instead.

/** Lines from … to, both included. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** What is left of stretches of lines, in order, without those of others, in any order. */
export function subtractLines(stretches: readonly LineRange[], others: readonly LineRange[]): LineRange[] {
  return others.reduce<LineRange[]>(
    (left, other) =>
      left.flatMap((s) =>
        other.to < s.from || other.from > s.to
          ? [s]
          : [
              { from: s.from, to: other.from - 1 },
              { from: other.to + 1, to: s.to },
            ].filter(({ from, to }) => from <= to),
      ),
    [...stretches],
  );
}
