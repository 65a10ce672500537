// Finds the next occurrence of a sign again and again, in time linear in the text.

/** Searches must go forward: a later one never begins before an earlier one of the same sign. */
export class Occurrences {
  private readonly found = new Map<string, number>();

  constructor(private readonly text: string) {}

  /** Offset of the first `sign` at or behind `from`; -1 if there is none. */
  next(sign: string, from: number): number {
    const known = this.found.get(sign);
    if (known !== undefined && (known < 0 || known >= from)) return known;
    const at = this.text.indexOf(sign, from);
    this.found.set(sign, at);
    return at;
  }
}
