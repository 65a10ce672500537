// Tracks which names and token pairs the kept text contains, and values what a candidate would add to it.
import type { NameWorth, PairWorth } from '../core/evidence';
import type { CoverageModel, Contribution } from './coverageModel';

const MAX_COPIES = 8; // further copies of a pair are worth as much as this one

/** A name counts in full once, its repeats with `repeatDecay`; the k-th copy of a pair with `repeatDecay` to the power of k. */
export class Covered {
  private readonly mentioned: Uint8Array; // [names] 0 or 1
  private readonly defined: Uint8Array; // [names] 0 or 1
  private readonly copies: Uint8Array; // [pairs] copies that are kept, at most MAX_COPIES - 1
  private readonly held: {
    readonly mentions: Uint16Array; // [names] contributions that are held
    readonly definitions: Uint16Array; // [names]
    readonly pairs: Uint16Array; // [pairs]
  };
  private readonly share: Float64Array; // [MAX_COPIES] share of its worth that the next copy adds

  constructor(
    private readonly names: NameWorth,
    private readonly pairs: PairWorth | undefined,
    always: CoverageModel['always'],
  ) {
    this.mentioned = new Uint8Array(names.table.count);
    this.defined = new Uint8Array(names.table.count);
    this.copies = new Uint8Array(pairs?.table.count ?? 0);
    this.held = {
      mentions: new Uint16Array(names.table.count),
      definitions: new Uint16Array(names.table.count),
      pairs: new Uint16Array(pairs?.table.count ?? 0),
    };
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

  /** Counts a contribution as kept until it is released: a candidate is judged together with its ancestors. */
  hold(contribution: Contribution): void {
    this.count(contribution, 1);
  }

  release(contribution: Contribution): void {
    this.count(contribution, -1);
  }

  /** The parts of what a contribution would add: by name, and of all its pairs. */
  partsOf(next: Contribution): { readonly names: ReadonlyMap<number, number>; readonly pairs: number } {
    const names = new Map<number, number>();
    for (const name of next.mentions) names.set(name, this.ofMention(name));
    for (const name of next.definitions) names.set(name, (names.get(name) ?? 0) + this.ofDefinition(name));
    let pairs = 0;
    for (const pair of next.pairs) pairs += this.ofPair(pair);
    return { names, pairs };
  }

  private ofMention(name: number): number {
    const { mention, repeatDecay, always } = this.names;
    const isNew = !this.mentioned[name] && !this.held.mentions[name];
    return (always?.[name] ?? 0) + (isNew ? mention[name]! : repeatDecay * mention[name]!);
  }

  private ofDefinition(name: number): number {
    return this.defined[name] || this.held.definitions[name] ? 0 : this.names.definition[name]!;
  }

  private ofPair(pair: number): number {
    const copies = this.copies[pair]! + this.held.pairs[pair]!;
    return this.pairs!.worth[pair]! * this.share[Math.min(MAX_COPIES - 1, copies)]!;
  }

  private count({ mentions, definitions, pairs }: Contribution, by: 1 | -1): void {
    for (const n of mentions) this.held.mentions[n]! += by;
    for (const n of definitions) this.held.definitions[n]! += by;
    for (const p of pairs) this.held.pairs[p]! += by;
  }

  /** A sum and what a contribution would add to the kept text, and to what is held; in the units of the score. */
  worthOf(next: Contribution, sum = 0): number {
    let worth = sum + next.worth;
    for (const n of next.mentions) worth += this.ofMention(n);
    for (const n of next.definitions) worth += this.ofDefinition(n);
    for (const p of next.pairs) worth += this.ofPair(p);
    return worth;
  }
}
