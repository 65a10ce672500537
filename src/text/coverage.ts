// Knows the order in which units earn their place: greedily by what each adds to what is kept, per token it costs.
// Budgeted maximum coverage: names and pairs of tokens count once and then less, so a unit that only repeats is worth little beside the one it repeats.
import type { TokenEvidence } from '../core/evidence';
import { overlaps, type Span } from '../core/span';
import { massOf } from './mass';
import type { CodeStructure } from './structure';
import type { Unit } from './unit';

/** A unit and its place among the kept: `key` is the worth per token at which it was taken; it never rises. */
export interface Placed {
  readonly unit: Unit;
  readonly key: number;
}

/** A cuttable unit with what is its own: its text without the units inside. */
interface Node {
  readonly unit: Unit;
  readonly parent: number; // index, or -1: what is always kept
  readonly children: number[];
  readonly atoms: number[]; // indices of its pieces of code
  readonly remarks: number[]; // for its comments: index of the piece of code behind
  tokens: number; // the reader's
  worth: number; // sum over its own tokens
  readonly mentions: Set<number>;
  readonly definitions: Set<number>;
  readonly pairs: Set<number>;
  kept: boolean;
  version: number;
}

const ROOT = -1;
const COPIES = 8; // of a pair that are told apart
const LEAST_COST = 0.5; // a unit that closes a hole saves its marker: it may cost nothing, never less

/** Units in the order in which a growing budget takes them in: a child never before its parent. */
export function keepOrder(structure: CodeStructure, evidence: TokenEvidence, held: readonly Span[], excluded: ReadonlySet<Unit> = new Set()): Placed[] {
  const { names, pairs } = evidence;
  if (!names) return [];
  const nodes: Node[] = [];
  const owners: number[] = []; // node of every piece of code, in text order; a hole among these costs a marker
  const { text } = structure.source;
  const mass = massOf(evidence.bounds, evidence.values);
  const price = massOf(evidence.bounds, evidence.costs ?? new Float32Array(evidence.values.length).fill(1));
  const { table } = names;
  let occurrence = 0;
  const mentioned = new Uint8Array(table.count);
  const defined = new Uint8Array(table.count);
  const said = new Uint8Array(pairs?.table.count ?? 0); // by how many kept units, COPIES - 1 at most
  const share = Float64Array.from({ length: COPIES }, (_, k) => (pairs?.again ?? 0) ** k); // that the next copy brings
  const say = (pair: number): void => void (said[pair] = Math.min(COPIES - 1, said[pair]! + 1));
  let token = 0;

  // Pieces come in text order, so the occurrences are dealt out in one sweep.
  const piece = (start: number, end: number, owner: number): void => {
    const node = nodes[owner];
    while (occurrence < table.starts.length && table.starts[occurrence]! < end) {
      const name = table.names[occurrence]!;
      if (node) node.mentions.add(name);
      else mentioned[name] = 1;
      if (table.defines[occurrence]) {
        if (node) node.definitions.add(name);
        else defined[name] = 1;
      }
      occurrence++;
    }
    for (; pairs && token < pairs.table.pairs.length && evidence.bounds[token]! < end; token++) {
      const pair = pairs.table.pairs[token]!;
      if (pair < 0) continue;
      if (node) node.pairs.add(pair);
      else say(pair);
    }
    // Blank space goes with its neighbours: it opens and closes no hole.
    if (start >= end || !/\S/.test(text.slice(start, end))) return;
    if (node) {
      node.worth += mass(start, end).sum;
      node.tokens += price(start, end).sum;
      (node.unit.comment ? node.remarks : node.atoms).push(owners.length);
      if (node.unit.comment) return;
    }
    owners.push(owner);
  };
  const visit = (units: readonly Unit[], start: number, end: number, owner: number): void => {
    let at = start;
    for (const unit of units) {
      piece(at, unit.start, owner);
      if (excluded.has(unit)) {
        while (occurrence < table.starts.length && table.starts[occurrence]! < unit.end) occurrence++; // its names are nobody's
        while (token < evidence.bounds.length - 1 && evidence.bounds[token]! < unit.end) token++;
        at = unit.end;
        continue;
      }
      let own = owner;
      if (unit.cuttable && !overlaps(held, unit.start, unit.end)) {
        own = nodes.length;
        nodes.push({ unit, parent: owner, children: [], atoms: [], remarks: [], tokens: 0, worth: 0, mentions: new Set(), definitions: new Set(), pairs: new Set(), kept: false, version: 0 });
        nodes[owner]?.children.push(own);
      }
      visit(unit.children, unit.start, unit.end, own);
      at = unit.end;
    }
    piece(at, end, owner);
  };
  visit(structure.units, 0, text.length, ROOT);

  const gone = (piece: number): boolean => piece >= 0 && piece < owners.length && owners[piece] !== ROOT && !nodes[owners[piece]!]!.kept;
  /** A unit comes with all around it that is not there yet, outermost first. */
  const chain = (index: number): number[] => {
    const out: number[] = [];
    for (let i = index; i !== ROOT && !nodes[i]!.kept; i = nodes[i]!.parent) out.push(i);
    return out.reverse();
  };
  /** Marked holes more (or fewer) when these pieces of code come back, and comments in front of these others. */
  const holesAdded = (pieces: readonly number[], remarks: readonly number[]): number => {
    const back = new Set(pieces);
    const after = (i: number): boolean => gone(i) && !back.has(i);
    let change = 0;
    for (const i of remarks) if (after(i) && after(i - 1)) change++; // a comment that stays parts two holes
    for (const i of new Set(pieces.flatMap((p) => [p, p + 1]))) {
      if (gone(i) && !gone(i - 1)) change--;
      if (after(i) && !after(i - 1)) change++;
    }
    return change;
  };
  const density = (index: number): number => {
    const all = chain(index);
    let worth = 0;
    let tokens = 0;
    const now = new Set<number>();
    const nowDefined = new Set<number>();
    const nowSaid = all.length > 1 ? new Map<number, number>() : undefined;
    for (const i of all) {
      const node = nodes[i]!;
      worth += node.worth;
      tokens += node.tokens;
      for (const n of node.mentions) {
        worth += (names.always?.[n] ?? 0) + (mentioned[n] || now.has(n) ? names.again * names.mention[n]! : names.mention[n]!);
        now.add(n);
      }
      for (const n of node.definitions) {
        if (!defined[n] && !nowDefined.has(n)) worth += names.definition[n]!;
        nowDefined.add(n);
      }
      for (const p of node.pairs) {
        const more = nowSaid?.get(p) ?? 0;
        worth += pairs!.worth[p]! * share[Math.min(COPIES - 1, said[p]! + more)]!;
        nowSaid?.set(p, more + 1);
      }
    }
    const cost = Math.max(LEAST_COST, tokens + names.markerTokens * holesAdded(all.flatMap((i) => nodes[i]!.atoms), all.flatMap((i) => nodes[i]!.remarks)));
    return Math.round((worth / cost) * 1e4) / 1e4; // the last bits of a sum must not rank
  };

  const heap = new Heap<{ index: number; value: number; version: number }>(
    (a, b) => b.value - a.value || nodes[a.index]!.unit.start - nodes[b.index]!.unit.start || a.index - b.index,
  );
  const offer = (index: number): void => {
    const node = nodes[index]!;
    if (!node.kept) heap.push({ index, value: density(index), version: ++node.version });
  };
  nodes.forEach((_, i) => offer(i));
  const placed: Placed[] = [];
  let key = Infinity;
  for (let next = heap.pop(); next; next = heap.pop()) {
    const node = nodes[next.index]!;
    if (node.kept || next.version !== node.version) continue;
    const value = density(next.index); // others may have taken its names since
    if (value < next.value) {
      heap.push({ ...next, value });
      continue;
    }
    key = Math.min(key, value);
    const taken = chain(next.index);
    for (const i of taken) {
      const { unit, mentions, definitions, pairs: own } = nodes[i]!;
      nodes[i]!.kept = true;
      for (const n of mentions) mentioned[n] = 1;
      for (const n of definitions) defined[n] = 1;
      for (const p of own) say(p);
      placed.push({ unit, key });
    }
    // What became cheaper: the units inside, and those at the edges of the hole that changed.
    const fresh = new Set(taken.flatMap((i) => nodes[i]!.children));
    for (const piece of taken.flatMap((i) => nodes[i]!.atoms)) for (const side of [piece - 1, piece + 1]) if (gone(side)) fresh.add(owners[side]!);
    for (const i of fresh) offer(i);
  }
  return placed;
}

/** Binary heap; the least by `compare` comes first. */
class Heap<T> {
  private readonly items: T[] = [];

  constructor(private readonly compare: (a: T, b: T) => number) {}

  push(item: T): void {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      if (this.compare(items[up]!, item) <= 0) break;
      items[at] = items[up]!;
      at = up;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const { items } = this;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && this.compare(items[down + 1]!, items[down]!) < 0) down++;
      if (this.compare(items[down]!, last!) >= 0) break;
      items[at] = items[down]!;
      at = down;
    }
    items[at] = last!;
    return top;
  }
}
