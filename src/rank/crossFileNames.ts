// Knows what the texts of one context say of each other: the names that more than one of them uses.
import { createHash } from 'node:crypto';
import { wordsOf } from './names';
import type { CodeStructure } from '../parse/structure';

export interface SharedNames {
  readonly names: ReadonlySet<string>;
  /** Stands for the names. */
  readonly digest: string;
}

type PreviousTokens = readonly (number | undefined)[] | undefined;

export class CrossFileNames {
  private readonly words = new WeakMap<CodeStructure, ReadonlySet<string>>();
  private readonly ranked = new WeakMap<CodeStructure, SharedNames>();
  /** A moved budget asks for the same again. */
  private last:
    | {
        readonly texts: readonly CodeStructure[];
        readonly previousTokens: string;
        readonly shared: readonly SharedNames[];
      }
    | undefined;

  /**
   * Of each text, the names that another one uses as well; nothing for a text alone. One that shall render to the same
   * bytes again keeps the names that it was last ranked with, unless another now uses something that it defines.
   * @param previousTokens as in `CompressRequest`
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

  /** What a text was ranked with last. */
  lastOf(text: CodeStructure): SharedNames | undefined {
    return this.ranked.get(text);
  }

  clear(): void {
    this.last = undefined;
  }

  private wordsIn(text: CodeStructure): ReadonlySet<string> {
    let words = this.words.get(text);
    if (!words) this.words.set(text, (words = wordsOf(text)));
    return words;
  }
}
