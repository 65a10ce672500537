// Counts the recipient tokens of a text after every cut; only the parts around a cut are counted again.
import { hasShortLines } from '../core/lines';
import { firstIndexWhere } from '../core/search';
import { overlaps, type Span } from '../core/span';
import type { Border, TokenCounter } from '../core/token';
import { Holes, type Gap } from './holes';
import type { CutOrder } from './order';

/** Kept text between two holes. No recipient token spans `left` or `right`, so [left, right) is counted on its own. */
interface Kept {
  readonly left: number;
  readonly right: number;
}

/** A hole with the kept text behind it. */
interface Part {
  readonly marker: string;
  readonly behind: Kept | undefined; // undefined: there is no border, so the hole is counted together with the next one
  tokens: number; // recipient tokens of the hole, the holes counted with it, and the kept text behind
}

const CONTEXT = 400; // UTF-16 units around a hole in which a border is searched
const BREAKS = 3; // UTF-16 units of a line break with the sign before it
const LONG = 2000; // UTF-16 units of several lines without a border

/**
 * Sizes of the prefixes of an order, computed on demand. A marker can cost more than its cut saves, so the size does not fall at
 * every step. An answer is a number of steps whose text is smaller than all texts of fewer steps.
 * Example: after 0, 1, 2, 3 steps a text has 100, 102, 90, 95 tokens. The answers are 0 steps (100) and 2 steps (90).
 */
export class Sizes {
  /** Answers found so far, fewest steps first; `tokens` are recipient tokens and fall. */
  readonly answers: { readonly steps: number; readonly tokens: number }[] = [];
  private readonly holes: Holes;
  private readonly parts = new Map<Gap, Part>();
  private readonly source: Borders;
  private tagged: Gap | undefined;
  private head: number; // tokens in front of the first hole
  private rest = 0; // tokens from the first hole on
  private steps = 0;

  constructor(
    private readonly order: CutOrder,
    private readonly counter: TokenCounter,
    markers: boolean,
    commented = false,
  ) {
    this.holes = new Holes(order.source, markers, order.pins, commented);
    this.source = new Borders(order.source.text, counter);
    this.head = this.source.tokens(0, order.source.text.length);
    while (this.steps < order.forced) this.cut();
    this.answers.push({ steps: this.steps, tokens: this.tokens });
  }

  /** Recipient tokens of the text after the steps so far. */
  private get tokens(): number {
    return this.head + this.rest;
  }

  /** Index of the first answer of at most `allowed` tokens; the number of answers if there is none. */
  firstWithin(allowed: number): number {
    while (this.answers.at(-1)!.tokens > allowed && this.more());
    return firstIndexWhere(this.answers, (a) => a.tokens <= allowed);
  }

  /** Computes one more answer. @returns whether there is one */
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
    const tagged = this.holes.tagged();
    if (tagged !== this.tagged)
      for (const g of [this.tagged, tagged]) if (g && gaps.at(this.indexOf(g)) === g) changed.add(g);
    this.tagged = tagged;
    const places = [...changed].map((g) => this.indexOf(g));
    for (const at of places) this.addPart(at);
    for (const at of places) this.recount(at);
  }

  private indexOf(gap: Gap): number {
    return this.holes.gaps.firstIndexWhere((g) => g.end >= gap.end);
  }

  private forget(gap: Gap): void {
    this.rest -= this.parts.get(gap)?.tokens ?? 0;
    this.parts.delete(gap);
  }

  /** Counts a changed hole and its neighbours again: their borders, and the letter of a hole on the same line, may have changed. */
  private recount(at: number): void {
    const { gaps } = this.holes;
    let from = Math.max(0, at - 1);
    let to = Math.min(gaps.length - 1, at + 2); // a hole may no longer be counted together with its neighbour
    for (let i = from; i <= Math.min(to, at + 1); i++) this.addPart(i);
    while (from > 0 && !this.parts.get(gaps.at(from - 1)!)!.behind) from--;
    while (to + 1 < gaps.length && !this.parts.get(gaps.at(to)!)!.behind) to++;
    if (from === 0) this.head = this.source.tokens(0, this.first().right);
    for (let i = from; i <= to;) i = this.countFrom(i);
  }

  private first(): Kept {
    return this.source.within(0, this.holes.gaps.at(0)!.start)!;
  }

  /** Computes the marker of a hole and the borders of the kept text behind it. */
  private addPart(i: number): void {
    const { gaps } = this.holes;
    const { text } = this.order.source;
    const { marker } = this.holes.hole(i, this.tagged);
    const { start, end } = gaps.at(i)!;
    const next = gaps.at(i + 1)?.start ?? text.length;
    let behind = this.source.within(end, next);
    if (!behind) {
      const before = marker || this.textBefore(i, start);
      const joint = before + text.slice(end, Math.min(next, end + CONTEXT));
      const border =
        this.counter.border(joint, before.length - 1) ??
        (this.source.isRefined(end) ? this.innerBorder(joint, before.length) : undefined);
      const at = border && border.at >= before.length ? end + border.at - before.length : undefined;
      if (at !== undefined) behind = { left: at, right: at };
    }
    this.forget(gaps.at(i)!);
    this.parts.set(gaps.at(i)!, { marker, behind, tokens: 0 });
  }

  /** The text in front of a hole. The sign at the end of a marker stands for the hole before, whether it has a marker or not. */
  private textBefore(i: number, start: number): string {
    const last = this.holes.gaps.at(i - 1)?.end ?? 0;
    const { text } = this.order.source;
    return last > start - CONTEXT && i > 0
      ? `…${text.slice(last, start)}`
      : text.slice(Math.max(0, start - CONTEXT), start);
  }

  /** The first border inside a line at or behind an offset. */
  private innerBorder(text: string, offset: number): Border | undefined {
    const borderBehind = (from: number): Border | undefined =>
      this.counter.innerBorder(text, Math.max(0, from), text.length);
    let border = borderBehind(offset - BREAKS);
    while (border && border.at < offset) border = borderBehind(border.at);
    return border;
  }

  /** Counts a hole together with the holes that no border separates from it. @returns index of the next hole */
  private countFrom(first: number): number {
    const { gaps } = this.holes;
    const { text } = this.order.source;
    let at = first === 0 ? this.first().right : this.parts.get(gaps.at(first - 1)!)!.behind!.right;
    let rendered = '';
    for (let i = first; ; i++) {
      const { start, end } = gaps.at(i)!;
      const part = this.parts.get(gaps.at(i)!)!;
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

/** Borders of a source text, and the recipient tokens between any two of them. */
class Borders {
  private readonly at: number[] = [0];
  private readonly starts: number[] = [0];
  private readonly ends: number[] = [0];
  private readonly sums: number[] = [0];
  private readonly refined: Span[] = []; // where borders were added inside lines

  constructor(text: string, counter: TokenCounter) {
    const end = { at: text.length, start: text.length, end: text.length };
    for (let at = 0; at < text.length;) {
      const next = counter.border(text, at) ?? end;
      if (next.at - at > LONG && hasShortLines(text.slice(at, next.at).trimEnd(), LONG)) {
        this.addInner(next.start, counter, text);
        this.refined.push({ start: at, end: next.at });
      }
      this.add(next.at, next.start, next.end, counter, text);
      at = next.at;
    }
  }

  /** Adds borders inside lines up to an offset: without them, every cut in these lines would count all of them again. */
  private addInner(to: number, counter: TokenCounter, text: string): void {
    for (let b = counter.innerBorder(text, this.at.at(-1)!, to); b; b = counter.innerBorder(text, b.at, to))
      this.add(b.at, b.start, b.end, counter, text);
  }

  private add(at: number, start: number, end: number, counter: TokenCounter, text: string): void {
    this.sums.push(this.sums.at(-1)! + counter.count(text.slice(this.at.at(-1), at)));
    this.at.push(at);
    this.starts.push(start);
    this.ends.push(end);
  }

  /** Whether an offset lies where borders were added inside lines. */
  isRefined(offset: number): boolean {
    return overlaps(this.refined, offset, offset + 1);
  }

  /** The outermost two borders in [from, to) that do not depend on the text around it. */
  within(from: number, to: number): Kept | undefined {
    const first = firstIndexWhere(this.starts, (s) => s >= from);
    const last = firstIndexWhere(this.ends, (e) => e > to) - 1;
    return first <= last ? { left: this.at[first]!, right: this.at[last]! } : undefined;
  }

  /** Recipient tokens between two borders. */
  tokens(from: number, to: number): number {
    return (
      this.sums[firstIndexWhere(this.at, (a) => a >= to)]! - this.sums[firstIndexWhere(this.at, (a) => a >= from)]!
    );
  }
}
