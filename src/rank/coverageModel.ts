// Divides a text among its cuttable units: what each contains outside its child units, and how many holes it opens or closes.
import type { TokenEvidence } from '../core/evidence';
import { overlaps, type Span } from '../core/span';
import { massOf } from '../tokens/prefixSums';
import type { CodeStructure } from '../parse/structure';
import type { Unit } from '../parse/unit';

/** What a part of a text contributes: indices into the tables of names and pairs, and the summed values of its tokens. */
export interface Contribution {
  readonly worth: number;
  readonly mentions: Set<number>;
  readonly definitions: Set<number>;
  readonly pairs: Set<number>;
}

/** A cuttable unit with what it contains outside its child units. */
export interface Candidate extends Contribution {
  readonly unit: Unit;
  readonly parent: number; // index of a candidate, or ALWAYS
  readonly children: number[]; // indices of candidates
  readonly pieces: number[]; // of its code, in text order
  readonly comments: number[]; // per comment: index of the piece of code behind it
  worth: number;
  tokens: number; // recipient tokens
  kept: boolean;
}

/** Owner of the text that is never cut. */
export const ALWAYS = -1;

/** Candidates of a text. The caller sets `kept` on them, one after another. */
export class CoverageModel {
  readonly candidates: readonly Candidate[];
  /** Names and pairs of the text that is never cut; a pair is listed once per occurrence. */
  readonly always: {
    readonly mentions: Set<number>;
    readonly definitions: Set<number>;
    readonly pairs: readonly number[];
  };
  private readonly owners: readonly number[]; // per piece of code, in text order: its candidate, or ALWAYS
  private readonly held: Uint8Array; // [candidates] 1 while it counts as kept
  private readonly heldComments = new Map<number, number>(); // of those, by the index of the piece of code behind them

  /**
   * @param evidence with `names`
   * @param mustKeep sorted, disjoint; units that overlap it are no candidates
   * @param excluded units that are cut anyway: their text belongs to no candidate
   */
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

    // Pieces come in text order, so one pass assigns all names and pairs.
    let name = 0;
    let token = 0;
    const assign = (end: number, owner: number): void => {
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
    const addPiece = (start: number, end: number, owner: number): void => {
      assign(end, owner);
      // White space is cut with its neighbours: it neither opens nor closes a hole.
      if (start >= end || !/\S/.test(text.slice(start, end))) return;
      const candidate = candidates[owner];
      if (candidate) {
        candidate.worth += mass(start, end).sum;
        candidate.tokens += price(start, end).sum;
        (candidate.unit.comment ? candidate.comments : candidate.pieces).push(owners.length);
        if (candidate.unit.comment) return;
      }
      owners.push(owner);
    };
    const visit = (units: readonly Unit[], start: number, end: number, owner: number): void => {
      let at = start;
      for (const unit of units) {
        addPiece(at, unit.start, owner);
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
              comments: [],
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
      addPiece(at, end, owner);
    };
    visit(structure.units, 0, text.length, ALWAYS);
    this.candidates = candidates;
    this.owners = owners;
    this.held = new Uint8Array(candidates.length);
    this.always = always;
  }

  /** Indices of a candidate and of its ancestors that are not kept yet, outermost first. */
  withAncestors(index: number): number[] {
    const out: number[] = [];
    for (let i = index; i !== ALWAYS && !this.candidates[i]!.kept; i = this.candidates[i]!.parent) out.push(i);
    return out.reverse();
  }

  /** Counts a candidate as kept until it is released. */
  hold(index: number): void {
    this.held[index] = 1;
    for (const i of this.candidates[index]!.comments) this.heldComments.set(i, (this.heldComments.get(i) ?? 0) + 1);
  }

  release(index: number): void {
    this.held[index] = 0;
    for (const i of this.candidates[index]!.comments) {
      const left = this.heldComments.get(i)! - 1;
      if (left) this.heldComments.set(i, left);
      else this.heldComments.delete(i);
    }
  }

  /** By how many the marked holes grow (or shrink, if negative) when a candidate is kept besides what is kept or held. */
  holesAdded(index: number): number {
    const { pieces, comments } = this.candidates[index]!;
    const gone = (piece: number): boolean => this.isGone(piece) && !this.held[this.owners[piece]!];
    const goneAfter = (piece: number): boolean => gone(piece) && this.owners[piece] !== index;
    let change = 0;
    // A kept comment splits the hole around it.
    for (const i of comments) if (goneAfter(i) && goneAfter(i - 1)) change++;
    const look = (i: number): void => {
      if (gone(i) && !gone(i - 1)) change--;
      if (goneAfter(i) && !goneAfter(i - 1)) change++;
      const split = this.heldComments.get(i);
      if (split && gone(i) && gone(i - 1)) change -= split; // and no longer, beside a piece that is kept
    };
    for (const [k, p] of pieces.entries()) {
      if (pieces[k - 1] !== p - 1) look(p);
      look(p + 1);
    }
    return change;
  }

  /** Candidates whose cost may have fallen because these were kept: their children, and owners of pieces at the edges of changed holes. */
  affectedBy(kept: readonly number[]): Set<number> {
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
