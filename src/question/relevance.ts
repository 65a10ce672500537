// Says how much each line of a context has to do with a question: a fitted mixture of what its words tell.
import { createHash } from 'node:crypto';
import { getOrMake } from '../core/getOrMake';
import type { CodeStructure } from '../parse/structure';
import { featuresOf, LINE_FEATURES, lineWords, type LineWords, type TextFeatures } from './features';
import { termsOf } from './terms';
import fitted from './weights.json';

/** How much the lines of one text have to do with a question. */
export interface LineRelevance {
  /** [lines] UTF-16 offsets where they begin. */
  readonly starts: readonly number[];
  /** [lines] likelihood that the answer is there, over the mean likelihood of the lines of the context; 0…MOST. */
  readonly values: Float32Array;
  /** SHA-256 of the values: equal digests mean equal values. */
  readonly digest: string;
}

type PreviousTokens = readonly (number | undefined)[] | undefined;

const MOST = 50; // times the mean, so that one line cannot be worth a whole file

/** Log-odds by which each feature changes the likelihood that a line is needed, by `npm run bench -- fitQuestion`. */
const WEIGHTS = LINE_FEATURES.map((feature) => fitted.weights[feature]);

/** @returns [lines] log-odds that a line is needed, but for a constant */
export function oddsOf(features: TextFeatures, weights: readonly number[] = WEIGHTS): Float32Array {
  return Float32Array.from({ length: features.own.length }, (_, line) =>
    LINE_FEATURES.reduce((sum, feature, k) => sum + weights[k]! * features[feature][line]!, 0),
  );
}

export class Relevance {
  private readonly words = new WeakMap<CodeStructure, LineWords>();
  private readonly ranked = new WeakMap<CodeStructure, { readonly query: string; readonly of: LineRelevance }>();
  /** The last answer: a new budget asks again for the same texts. */
  private last:
    | {
        readonly query: string;
        readonly texts: readonly CodeStructure[];
        readonly previous: string;
        readonly of: readonly LineRelevance[];
      }
    | undefined;

  /**
   * Per text the relevance of its lines; an empty list if the question says nothing that a text of the context has. A text with
   * `previousTokens` must render to the same bytes again, so it keeps the relevance of its last ranking for the same question.
   * @param previousTokens per text, as in `RequestedSource`
   */
  of(texts: readonly CodeStructure[], query: string, previousTokens?: PreviousTokens): readonly LineRelevance[] {
    const previous = texts.map((_, i) => (previousTokens?.[i] === undefined ? '-' : '+')).join('');
    const { last } = this;
    if (
      last?.query === query &&
      last.previous === previous &&
      last.texts.length === texts.length &&
      last.texts.every((text, i) => text === texts[i])
    )
      return last.of;
    const fresh = this.rank(texts, query).map((of, i) => {
      const text = texts[i]!;
      const before = this.ranked.get(text);
      if (before?.query === query && previousTokens?.[i] !== undefined) return before.of;
      this.ranked.set(text, { query, of });
      return of;
    });
    this.last = { query, texts, previous, of: fresh };
    return fresh;
  }

  /** The relevance that a text was last ranked with for a question, else what it has alone. */
  lastOf(text: CodeStructure, query: string): LineRelevance | undefined {
    const known = this.ranked.get(text);
    return known?.query === query ? known.of : this.rank([text], query)[0];
  }

  /** The words of a text, looked for once. */
  wordsIn(text: CodeStructure): LineWords {
    return getOrMake(this.words, text, () => lineWords(text));
  }

  /** Forgets the last answer. */
  clear(): void {
    this.last = undefined;
  }

  private rank(texts: readonly CodeStructure[], query: string): LineRelevance[] {
    const words = texts.map((text) => this.wordsIn(text));
    const features = featuresOf(
      words,
      texts.map((t) => t.source.path),
      termsOf(query),
    );
    if (features.every((f) => [f.own, f.name, f.place].every((values) => values.every((x) => x === 0)))) return [];
    const likelihoods = features.map((f) => oddsOf(f).map(Math.exp));
    const all = likelihoods.reduce((n, l) => n + l.length, 0);
    const mean = likelihoods.reduce((sum, l) => sum + l.reduce((a, b) => a + b, 0), 0) / Math.max(1, all);
    return likelihoods.map((l, i) => {
      const values = l.map((x) => Math.min(MOST, x / mean));
      const digest = createHash('sha256').update(new Uint8Array(values.buffer)).digest('base64');
      return { starts: words[i]!.lines.starts, values, digest };
    });
  }
}
