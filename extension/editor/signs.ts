// Knows which lines have the sign of dropped ones beside them: those that the user marked have the sign of the mark instead.

/** Lines from … to, both included. */
export interface Lines {
  readonly from: number;
  readonly to: number;
}

/** What is left of stretches of lines, in order, without those of others, in any order. */
export function without(stretches: readonly Lines[], others: readonly Lines[]): Lines[] {
  return others.reduce<Lines[]>(
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
