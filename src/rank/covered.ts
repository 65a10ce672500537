// Knows what the kept text says already, and what saying more is worth: a name counts once, a pair of tokens less each time.
import type { NameWorth, PairWorth } from '../core/evidence';
import type { CoverageModel, Contribution } from './coverageModel';

const COPIES = 8; // of a pair that are told apart

export class Covered {
  private readonly mentioned: Uint8Array;
  private readonly defined: Uint8Array;
  private readonly copies: Uint8Array; // of each pair, COPIES - 1 at most
  private readonly share: Float64Array; // that the next copy brings

  constructor(
    private readonly names: NameWorth,
    private readonly pairs: PairWorth | undefined,
    always: CoverageModel['always'],
  ) {
    this.mentioned = new Uint8Array(names.table.count);
    this.defined = new Uint8Array(names.table.count);
    this.copies = new Uint8Array(pairs?.table.count ?? 0);
    this.share = Float64Array.from({ length: COPIES }, (_, k) => (pairs?.repeatDecay ?? 0) ** k);
    this.add(always);
  }

  add({
    mentions,
    definitions,
    pairs,
  }: Pick<Contribution, 'mentions' | 'definitions'> & { readonly pairs: Iterable<number> }): void {
    for (const n of mentions) this.mentioned[n] = 1;
    for (const n of definitions) this.defined[n] = 1;
    for (const p of pairs) this.copies[p] = Math.min(COPIES - 1, this.copies[p]! + 1);
  }

  /** What these would add, said one after another, the worth of their tokens with it. */
  worthOf(all: readonly Contribution[]): number {
    const { names, pairs } = this;
    const mentioned = new Set<number>();
    const defined = new Set<number>();
    const copies = all.length > 1 ? new Map<number, number>() : undefined;
    let worth = 0;
    for (const said of all) {
      worth += said.worth;
      for (const n of said.mentions) {
        worth +=
          (names.always?.[n] ?? 0) +
          (this.mentioned[n] || mentioned.has(n) ? names.repeatDecay * names.mention[n]! : names.mention[n]!);
        mentioned.add(n);
      }
      for (const n of said.definitions) {
        if (!this.defined[n] && !defined.has(n)) worth += names.definition[n]!;
        defined.add(n);
      }
      for (const p of said.pairs) {
        const more = copies?.get(p) ?? 0;
        worth += pairs!.worth[p]! * this.share[Math.min(COPIES - 1, this.copies[p]! + more)]!;
        copies?.set(p, more + 1);
      }
    }
    return worth;
  }
}
