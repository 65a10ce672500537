// Tracks which names and token pairs the kept text contains, and values what a candidate would add to it.
import type { NameWorth, PairWorth } from '../core/evidence';
import type { CoverageModel, Contribution } from './coverageModel';

const MAX_COPIES = 8; // further copies of a pair are worth as much as this one

/** A name counts in full once, its repeats with `repeatDecay`; the k-th copy of a pair with `repeatDecay` to the power of k. */
export class Covered {
  private readonly mentioned: Uint8Array; // [names] 0 or 1
  private readonly defined: Uint8Array; // [names] 0 or 1
  private readonly copies: Uint8Array; // [pairs] copies that are kept, at most MAX_COPIES - 1
  private readonly share: Float64Array; // [MAX_COPIES] share of its worth that the next copy adds

  constructor(
    private readonly names: NameWorth,
    private readonly pairs: PairWorth | undefined,
    always: CoverageModel['always'],
  ) {
    this.mentioned = new Uint8Array(names.table.count);
    this.defined = new Uint8Array(names.table.count);
    this.copies = new Uint8Array(pairs?.table.count ?? 0);
    this.share = Float64Array.from({ length: MAX_COPIES }, (_, k) => (pairs?.repeatDecay ?? 0) ** k);
    this.add(always);
  }

  /** Marks names and pairs as kept. */
  add({
    mentions,
    definitions,
    pairs,
  }: Pick<Contribution, 'mentions' | 'definitions'> & { readonly pairs: Iterable<number> }): void {
    for (const n of mentions) this.mentioned[n] = 1;
    for (const n of definitions) this.defined[n] = 1;
    for (const p of pairs) this.copies[p] = Math.min(MAX_COPIES - 1, this.copies[p]! + 1);
  }

  /** What these contributions would add to the kept text if they were added one after another, in the units of the score. */
  worthOf(all: readonly Contribution[]): number {
    const { names, pairs } = this;
    const mentioned = new Set<number>();
    const defined = new Set<number>();
    const copies = all.length > 1 ? new Map<number, number>() : undefined;
    let worth = 0;
    for (const next of all) {
      worth += next.worth;
      for (const n of next.mentions) {
        worth +=
          (names.always?.[n] ?? 0) +
          (this.mentioned[n] || mentioned.has(n) ? names.repeatDecay * names.mention[n]! : names.mention[n]!);
        mentioned.add(n);
      }
      for (const n of next.definitions) {
        if (!this.defined[n] && !defined.has(n)) worth += names.definition[n]!;
        defined.add(n);
      }
      for (const p of next.pairs) {
        const more = copies?.get(p) ?? 0;
        worth += pairs!.worth[p]! * this.share[Math.min(MAX_COPIES - 1, this.copies[p]! + more)]!;
        copies?.set(p, more + 1);
      }
    }
    return worth;
  }
}
