// Judges a candidate together with those of its ancestors that are not kept: what all of them would add, outermost first.
import type { CoverageModel } from './coverageModel';
import type { Covered } from './covered';

/** What candidates add to the kept text. */
export interface Added {
  readonly worth: number; // in the units of the score
  readonly tokens: number; // recipient tokens
  readonly holes: number; // by how many the marked holes grow
}

const NOTHING: Added = { worth: 0, tokens: 0, holes: 0 };

/**
 * Ancestors are held from one question to the next, so that a parent with very much text of its own is not looked at for
 * each of its children.
 */
export class Chain {
  private readonly held: { readonly index: number; readonly added: Added }[] = []; // outermost first

  constructor(
    private readonly model: CoverageModel,
    private readonly covered: Covered,
  ) {}

  /** What a candidate adds with its ancestors. @param path of the candidate: `CoverageModel.withAncestors` */
  addedBy(path: readonly number[]): Added {
    const last = path.length - 1;
    let same = 0;
    while (same < last && this.held[same]?.index === path[same]) same++;
    this.keep(same);
    for (const index of path.slice(same, last)) {
      const added = this.with(index);
      this.model.hold(index);
      this.covered.hold(this.model.candidates[index]!);
      this.held.push({ index, added });
    }
    return this.with(path[last]!);
  }

  /** Forgets all that is held: to be called before anything is kept. */
  clear(): void {
    this.keep(0);
  }

  private with(index: number): Added {
    const { worth, tokens, holes } = this.held.at(-1)?.added ?? NOTHING;
    const candidate = this.model.candidates[index]!;
    return {
      worth: this.covered.worthOf(candidate, worth),
      tokens: tokens + candidate.tokens,
      holes: holes + this.model.holesAdded(index),
    };
  }

  private keep(count: number): void {
    while (this.held.length > count) {
      const { index } = this.held.pop()!;
      this.model.release(index);
      this.covered.release(this.model.candidates[index]!);
    }
  }
}
