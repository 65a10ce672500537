// Knows how many recipient tokens a text has after every cut: what a cut does not touch is never counted again.
import { firstIndexWhere } from '../core/search';
import type { TokenCounter } from '../core/token';
import { Holes, type Gap } from './holes';
import type { CutOrder } from './order';

/** Stretch of the source between two holes: [left, right) is counted apart from what is around it. */
interface Stay {
  readonly left: number;
  readonly right: number;
}

/** A hole with what stays behind it. */
interface Part {
  readonly marker: string;
  readonly behind: Stay | undefined; // undefined: no border, so it is counted together with the next hole
  tokens: number; // of the hole, those counted with it and what stays behind
}

const CONTEXT = 400; // UTF-16 units around a hole that are searched for a border

/**
 * Sizes of the prefixes of an order, found as far as they are asked for. A marker can cost more than its cut saves, so
 * sizes do not fall at every step: an answer is a step whose text is smaller than all before it.
 */
export class Sizes {
  /** Answers so far, fewest steps first, each smaller than the one before. */
  readonly answers: { readonly steps: number; readonly tokens: number }[] = [];
  private readonly holes: Holes;
  private readonly parts = new Map<Gap, Part>();
  private readonly source: Borders;
  private naming: Gap | undefined;
  private head: number; // tokens of what stays in front of the first hole
  private rest = 0; // of everything behind it
  private steps = 0;

  constructor(
    private readonly order: CutOrder,
    private readonly counter: TokenCounter,
    markers: boolean,
  ) {
    this.holes = new Holes(order.source, markers, order.pins);
    this.source = new Borders(order.source.text, counter);
    this.head = this.source.tokens(0, order.source.text.length);
    while (this.steps < order.forced) this.cut();
    this.answers.push({ steps: this.steps, tokens: this.tokens });
  }

  /** Recipient tokens of the text after the steps so far. */
  private get tokens(): number {
    return this.head + this.rest;
  }

  /** Index of the first answer of at most `allowed` tokens; the number of answers when there is none. */
  firstWithin(allowed: number): number {
    while (this.answers.at(-1)!.tokens > allowed && this.more());
    return firstIndexWhere(this.answers, (a) => a.tokens <= allowed);
  }

  /** Finds one more answer. @returns whether there is one */
  more(): boolean {
    const least = this.answers.at(-1)!.tokens;
    while (this.steps < this.order.steps.length) {
      this.cut();
      if (this.tokens < least) {
        this.answers.push({ steps: this.steps, tokens: this.tokens });
        return true;
      }
    }
    return false;
  }

  private cut(): void {
    const { removed, added, touched } = this.holes.add(this.order.steps[this.steps++]!.unit);
    for (const gap of removed) this.forget(gap);
    const { gaps } = this.holes;
    const changed = new Set<Gap>([added, ...touched]);
    const naming = this.holes.naming();
    if (naming !== this.naming)
      for (const g of [this.naming, naming]) if (g && gaps[this.indexOf(g)] === g) changed.add(g);
    this.naming = naming;
    const places = [...changed].map((g) => this.indexOf(g));
    for (const at of places) this.look(at);
    for (const at of places) this.count(at);
  }

  private indexOf(gap: Gap): number {
    return firstIndexWhere(this.holes.gaps, (g) => g.end >= gap.end);
  }

  private forget(gap: Gap): void {
    this.rest -= this.parts.get(gap)?.tokens ?? 0;
    this.parts.delete(gap);
  }

  /** Counts again what a changed hole has a part in: its neighbours begin or end at other borders, a twin has another name. */
  private count(at: number): void {
    const { gaps } = this.holes;
    let from = Math.max(0, at - 1);
    let to = Math.min(gaps.length - 1, at + 2); // what was counted together with a neighbour perhaps no longer is
    for (let i = from; i <= Math.min(to, at + 1); i++) this.look(i);
    while (from > 0 && !this.parts.get(gaps[from - 1]!)!.behind) from--;
    while (to + 1 < gaps.length && !this.parts.get(gaps[to]!)!.behind) to++;
    if (from === 0) this.head = this.source.tokens(0, this.first().right);
    for (let i = from; i <= to;) i = this.weigh(i);
  }

  private first(): Stay {
    return this.source.within(0, this.holes.gaps[0]!.start)!;
  }

  /** Marker of a hole and the borders of what stays behind it. */
  private look(i: number): void {
    const { gaps } = this.holes;
    const { text } = this.order.source;
    const { marker } = this.holes.hole(i, this.naming);
    const { start, end } = gaps[i]!;
    const next = gaps[i + 1]?.start ?? text.length;
    let behind = this.source.within(end, next);
    if (!behind) {
      const before = marker || text.slice(Math.max(gaps[i - 1]?.end ?? 0, start - CONTEXT), start);
      const border = this.counter.border(before + text.slice(end, Math.min(next, end + CONTEXT)), before.length - 1);
      const at = border && border.at >= before.length ? end + border.at - before.length : undefined;
      if (at !== undefined) behind = { left: at, right: at };
    }
    this.forget(gaps[i]!);
    this.parts.set(gaps[i]!, { marker, behind, tokens: 0 });
  }

  /** Counts a hole with all that no border parts from it. @returns index of the hole behind them */
  private weigh(head: number): number {
    const { gaps } = this.holes;
    const { text } = this.order.source;
    let at = head === 0 ? this.first().right : this.parts.get(gaps[head - 1]!)!.behind!.right;
    let rendered = '';
    for (let i = head; ; i++) {
      const { start, end } = gaps[i]!;
      const part = this.parts.get(gaps[i]!)!;
      this.rest -= part.tokens;
      part.tokens = 0;
      rendered += text.slice(at, start) + part.marker;
      at = end;
      if (!part.behind) continue;
      rendered += text.slice(end, part.behind.left);
      part.tokens = this.counter.count(rendered) + this.source.tokens(part.behind.left, part.behind.right);
      this.rest += part.tokens;
      return i + 1;
    }
  }
}

/** Borders of a whole text, and the tokens between any two of them. */
class Borders {
  private readonly at: number[] = [0];
  private readonly starts: number[] = [0];
  private readonly ends: number[] = [0];
  private readonly sums: number[] = [0];

  constructor(text: string, counter: TokenCounter) {
    for (let b = counter.border(text, 0); b; b = counter.border(text, b.at))
      this.add(b.at, b.start, b.end, counter, text);
    this.add(text.length, text.length, text.length, counter, text);
  }

  private add(at: number, start: number, end: number, counter: TokenCounter, text: string): void {
    this.sums.push(this.sums.at(-1)! + counter.count(text.slice(this.at.at(-1), at)));
    this.at.push(at);
    this.starts.push(start);
    this.ends.push(end);
  }

  /** The outermost borders that hold whatever stands around [from, to). */
  within(from: number, to: number): Stay | undefined {
    const first = firstIndexWhere(this.starts, (s) => s >= from);
    const last = firstIndexWhere(this.ends, (e) => e > to) - 1;
    return first <= last ? { left: this.at[first]!, right: this.at[last]! } : undefined;
  }

  /** @param from border @param to border */
  tokens(from: number, to: number): number {
    return (
      this.sums[firstIndexWhere(this.at, (a) => a >= to)]! - this.sums[firstIndexWhere(this.at, (a) => a >= from)]!
    );
  }
}
