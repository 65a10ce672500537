// Subtracts line ranges, so that a marked line has the icon of its mark and not that of dropped lines.

/** Lines from … to, both included, counted from 0. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** @param ranges in order @param others in any order. @returns the ranges without the lines of the others */
export function subtractLines(ranges: readonly LineRange[], others: readonly LineRange[]): LineRange[] {
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
    [...ranges],
  );
}
