// Knows what is each cuttable unit's own: its code without the units inside, with names and pairs; and which holes come and go with it.
import type { TokenEvidence } from '../core/evidence';
import { overlaps, type Span } from '../core/span';
import { massOf } from '../tokens/mass';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';

/** What a stretch of text says: indices into the tables of names and of pairs, and what its tokens are worth by themselves. */
export interface Contribution {
  readonly worth: number;
  readonly mentions: Set<number>;
  readonly definitions: Set<number>;
  readonly pairs: Set<number>;
}

/** A cuttable unit with what is its own. */
export interface Candidate extends Contribution {
  readonly unit: Unit;
  readonly parent: number; // index, or ALWAYS
  readonly children: number[];
  readonly pieces: number[]; // of its code, in text order
  readonly remarks: number[]; // for its comments: index of the piece of code behind
  worth: number;
  tokens: number; // the reader's
  kept: boolean;
}

/** The owner of what is never cut. */
export const ALWAYS = -1;

/** A text dealt out to its cuttable units, of which more and more are kept. */
export class CoverageModel {
  readonly candidates: readonly Candidate[];
  /** Said by what is never cut: names once, pairs as often as it says them. */
  readonly always: {
    readonly mentions: Set<number>;
    readonly definitions: Set<number>;
    readonly pairs: readonly number[];
  };
  private readonly owners: readonly number[]; // candidate of every piece of code, in text order; a hole among these costs a marker

  /** @param evidence with names @param mustKeep stays whatever comes @param excluded belongs to nobody, and nobody counts its names */
  constructor(
    structure: CodeStructure,
    evidence: TokenEvidence,
    mustKeep: readonly Span[],
    excluded: ReadonlySet<Unit>,
  ) {
    const { text } = structure.source;
    const { table } = evidence.names!;
    const pairs = evidence.pairs?.table.pairs;
    const { bounds, values } = evidence;
    const mass = massOf(bounds, values);
    const price = massOf(bounds, evidence.costs ?? new Float32Array(values.length).fill(1));
    const candidates: Candidate[] = [];
    const owners: number[] = [];
    const always = { mentions: new Set<number>(), definitions: new Set<number>(), pairs: [] as number[] };

    // Pieces come in text order, so names and pairs are dealt out in one sweep.
    let name = 0;
    let token = 0;
    const say = (end: number, owner: number): void => {
      const candidate = candidates[owner];
      for (; name < table.starts.length && table.starts[name]! < end; name++) {
        const { mentions, definitions } = candidate ?? always;
        mentions.add(table.names[name]!);
        if (table.defines[name]) definitions.add(table.names[name]!);
      }
      for (; pairs && token < pairs.length && bounds[token]! < end; token++) {
        const pair = pairs[token]!;
        if (pair < 0) continue;
        if (candidate) candidate.pairs.add(pair);
        else always.pairs.push(pair);
      }
    };
    const skip = (end: number): void => {
      while (name < table.starts.length && table.starts[name]! < end) name++;
      while (token < bounds.length - 1 && bounds[token]! < end) token++;
    };
    const deal = (start: number, end: number, owner: number): void => {
      say(end, owner);
      // Blank space goes with its neighbours: it opens and closes no hole.
      if (start >= end || !/\S/.test(text.slice(start, end))) return;
      const candidate = candidates[owner];
      if (candidate) {
        candidate.worth += mass(start, end).sum;
        candidate.tokens += price(start, end).sum;
        (candidate.unit.comment ? candidate.remarks : candidate.pieces).push(owners.length);
        if (candidate.unit.comment) return;
      }
      owners.push(owner);
    };
    const visit = (units: readonly Unit[], start: number, end: number, owner: number): void => {
      let at = start;
      for (const unit of units) {
        deal(at, unit.start, owner);
        if (excluded.has(unit)) skip(unit.end);
        else {
          let own = owner;
          if (unit.cuttable && !overlaps(mustKeep, unit.start, unit.end)) {
            own = candidates.length;
            candidates.push({
              unit,
              parent: owner,
              children: [],
              pieces: [],
              remarks: [],
              tokens: 0,
              worth: 0,
              mentions: new Set(),
              definitions: new Set(),
              pairs: new Set(),
              kept: false,
            });
            candidates[owner]?.children.push(own);
          }
          visit(unit.children, unit.start, unit.end, own);
        }
        at = unit.end;
      }
      deal(at, end, owner);
    };
    visit(structure.units, 0, text.length, ALWAYS);
    this.candidates = candidates;
    this.owners = owners;
    this.always = always;
  }

  /** A candidate comes with all around it that is not there yet, outermost first. */
  withAround(index: number): number[] {
    const out: number[] = [];
    for (let i = index; i !== ALWAYS && !this.candidates[i]!.kept; i = this.candidates[i]!.parent) out.push(i);
    return out.reverse();
  }

  /** Marked holes more (or fewer) when these candidates come back. */
  holesAdded(candidates: readonly number[]): number {
    const pieces = candidates.flatMap((i) => this.candidates[i]!.pieces);
    const back = new Set(pieces);
    const gone = (piece: number): boolean => this.isGone(piece);
    const after = (piece: number): boolean => gone(piece) && !back.has(piece);
    let change = 0;
    for (const i of candidates.flatMap((p) => this.candidates[p]!.remarks)) if (after(i) && after(i - 1)) change++; // a comment that stays parts two holes
    for (const i of new Set(pieces.flatMap((p) => [p, p + 1]))) {
      if (gone(i) && !gone(i - 1)) change--;
      if (after(i) && !after(i - 1)) change++;
    }
    return change;
  }

  /** What may have become cheaper when these were kept: what is inside them, and what stands at the edges of the holes that changed. */
  touched(kept: readonly number[]): Set<number> {
    const out = new Set(kept.flatMap((i) => this.candidates[i]!.children));
    for (const piece of kept.flatMap((i) => this.candidates[i]!.pieces))
      for (const side of [piece - 1, piece + 1]) if (this.isGone(side)) out.add(this.owners[side]!);
    return out;
  }

  private isGone(piece: number): boolean {
    const owner = this.owners[piece];
    return owner !== undefined && owner !== ALWAYS && !this.candidates[owner]!.kept;
  }
}
