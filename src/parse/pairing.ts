// Tells in constant time whether the signs of any part of a text pair: brackets, #if and #endif, tags.
import { firstIndexWhere } from '../core/search';

/** Signs of a text, in its order. */
export class Pairing {
  private readonly offsets: number[] = [];
  private readonly depths: number[] = [0]; // in front of each sign, counted from the start of the text
  private readonly partners: number[] = []; // index of the sign that closes an opening one; of others the sign itself
  private readonly open: { readonly index: number; readonly name: string }[] = [];
  private around: Int32Array | undefined; // in front of each sign: how many pairs are open
  private openers: Int32Array | undefined; // per sign that closes: index of the one that it closes; of others -1
  private stops: Int32Array | undefined; // per sign: the first one at or behind it with which a part that begins here fails

  /** @param name what the closing sign must match */
  opens(at: number, name: string): void {
    this.open.push({ index: this.add(at, 1), name });
  }

  closes(at: number, name: string): void {
    const index = this.add(at, -1);
    const opener = this.open.pop();
    if (opener?.name === name) this.partners[opener.index] = index;
    else this.open.length = 0; // no part with this sign pairs
  }

  /** A sign that must stand between two others, such as #else. */
  divides(at: number): void {
    this.add(at, 0);
  }

  /** A sign with which no part pairs. */
  spoils(at: number): void {
    this.add(at, 0);
    this.open.length = 0;
  }

  /** Whether all signs that begin in [start, end) pair there. */
  within(start: number, end: number): boolean {
    this.stops ??= this.stopsOf();
    const from = firstIndexWhere(this.offsets, (at) => at >= start);
    const to = firstIndexWhere(this.offsets, (at) => at >= end, from);
    return this.stops[from]! >= to && this.depths[from] === this.depths[to];
  }

  /** Whether `offset` lies between a sign and its partner. */
  isInside(offset: number): boolean {
    this.around ??= this.aroundOf();
    return this.around[firstIndexWhere(this.offsets, (at) => at >= offset)]! > 0;
  }

  /** Where the sign stands that a sign at `at` closes; undefined if there is none. */
  openerOf(at: number): number | undefined {
    this.openers ??= this.openersOf();
    const index = firstIndexWhere(this.offsets, (o) => o >= at);
    return this.offsets[index] === at ? this.offsets[this.openers[index]!] : undefined;
  }

  private add(at: number, change: number): number {
    this.stops = this.around = this.openers = undefined;
    const index = this.offsets.push(at) - 1;
    this.depths.push(this.depths[index]! + change);
    this.partners.push(index);
    return index;
  }

  private aroundOf(): Int32Array {
    const { length } = this.offsets;
    const around = new Int32Array(length + 1);
    for (let i = 0; i < length; i++) {
      const partner = this.partners[i]!;
      if (partner <= i) continue;
      around[i + 1]! += 1; // counted from here
      around[partner + 1]! -= 1; // to here
    }
    for (let i = 1; i <= length; i++) around[i]! += around[i - 1]!;
    return around;
  }

  private openersOf(): Int32Array {
    const openers = new Int32Array(this.offsets.length).fill(-1);
    this.partners.forEach((partner, i) => {
      if (partner > i) openers[partner] = i;
    });
    return openers;
  }

  private stopsOf(): Int32Array {
    const { length } = this.offsets;
    const stops = new Int32Array(length + 1).fill(length);
    for (let i = length - 1; i >= 0; i--) {
      const partner = this.partners[i]!;
      stops[i] = partner > i ? stops[partner + 1]! : i;
    }
    return stops;
  }
}

/** The round, square and curly brackets of a text. Brackets in strings and comments count as well: at worst a unit stays that could be cut. */
export function bracketPairs(text: string): Pairing {
  const pairs = new Pairing();
  for (const { 0: bracket, index } of text.matchAll(/[()[\]{}]/g)) {
    const kind = ')]}'.indexOf(bracket);
    if (kind < 0) pairs.opens(index, bracket);
    else pairs.closes(index, '([{'[kind]!);
  }
  return pairs;
}

/** Whether all brackets of a text pair. */
export const balancedBrackets = (text: string): boolean => bracketPairs(text).within(0, text.length);

/** The #if and #region lines of a text with their #endif and #endregion. */
export function directivePairs(text: string): Pairing {
  const pairs = new Pairing();
  const plain = text.startsWith('\ufeff') ? ` ${text.slice(1)}` : text;
  for (const m of plain.matchAll(/^[ \t]*#[ \t]*(ifdef|ifndef|if|endif|elif|elseif|else|region|endregion)\b/gm)) {
    const word = m[1]!;
    const at = m.index + m[0].indexOf('#');
    if (word.startsWith('if') || word === 'region') pairs.opens(at, '');
    else if (word.startsWith('end')) pairs.closes(at, '');
    else pairs.divides(at);
  }
  return pairs;
}
