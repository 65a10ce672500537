// Finds the names that more than one text of a context uses.
import { createHash } from 'node:crypto';
import { wordsOf } from './names';
import type { CodeStructure } from '../parse/structure';

export interface SharedNames {
  readonly names: ReadonlySet<string>;
  /** SHA-256 of the sorted names: equal digests mean equal names. */
  readonly digest: string;
}

type PreviousTokens = readonly (number | undefined)[] | undefined;

export class CrossFileNames {
  private readonly words = new WeakMap<CodeStructure, ReadonlySet<string>>();
  private readonly ranked = new WeakMap<CodeStructure, SharedNames>();
  /** The last answer: a new budget asks again for the same texts. */
  private last:
    | {
        readonly texts: readonly CodeStructure[];
        readonly previousTokens: string;
        readonly shared: readonly SharedNames[];
      }
    | undefined;

  /**
   * Returns per text the names that another text uses as well; an empty list for a single text. A text with `previousTokens`
   * must render to the same bytes again: it keeps the names of its last ranking, unless another text now uses a name that it defines.
   * @param previousTokens per text, as in `RequestedSource`
   */
  of(texts: readonly CodeStructure[], previousTokens: PreviousTokens): readonly SharedNames[] {
    if (texts.length < 2) return [];
    const pattern = texts.map((_, i) => (previousTokens?.[i] === undefined ? '-' : '+')).join('');
    if (
      this.last?.previousTokens === pattern &&
      this.last.texts.length === texts.length &&
      this.last.texts.every((t, i) => t === texts[i])
    )
      return this.last.shared;
    const users = new Map<string, number>();
    for (const text of texts) for (const word of this.wordsIn(text)) users.set(word, (users.get(word) ?? 0) + 1);
    const shared = texts.map((text, i) => {
      const fresh = new Set([...this.wordsIn(text)].filter((word) => users.get(word)! > 1));
      const before = previousTokens?.[i] === undefined ? undefined : this.ranked.get(text);
      if (before && !text.definitions.some(({ name }) => fresh.has(name) && !before.names.has(name))) return before;
      return {
        names: fresh,
        digest: createHash('sha256')
          .update([...fresh].sort().join(' '))
          .digest('base64'),
      };
    });
    texts.forEach((text, i) => this.ranked.set(text, shared[i]!));
    this.last = { texts, previousTokens: pattern, shared };
    return shared;
  }

  /** The names that a text was last ranked with. */
  lastOf(text: CodeStructure): SharedNames | undefined {
    return this.ranked.get(text);
  }

  /** How many other texts of the last answer use a name. */
  usersBeside(text: CodeStructure, name: string): number {
    return this.last?.texts.filter((other) => other !== text && this.wordsIn(other).has(name)).length ?? 0;
  }

  /** Forgets the last answer. */
  clear(): void {
    this.last = undefined;
  }

  /** The words of a text, looked for once. */
  wordsIn(text: CodeStructure): ReadonlySet<string> {
    let words = this.words.get(text);
    if (!words) this.words.set(text, (words = wordsOf(text)));
    return words;
  }
}
