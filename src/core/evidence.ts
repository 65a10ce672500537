// Defines the evidence that ranks text: a worth per token, names and pairs of tokens that add their worth once and less
// when repeated, and what tokens cost.

/** Occurrences of the names that a text uses in its code (not in comments or literals), in text order. */
export interface NameTable {
  /** Number of different names. */
  readonly count: number;
  readonly starts: Int32Array; // [occurrences] UTF-16 offset
  readonly lengths: Int32Array; // [count] UTF-16 units
  readonly tokens: Int32Array; // [occurrences] model token that holds the offset
  readonly ends: Int32Array; // [occurrences] model token that holds the last UTF-16 unit
  readonly names: Int32Array; // [occurrences] 0 … count - 1
  readonly defines: Uint8Array; // [occurrences] 1 where the name is defined
  readonly depths: Uint8Array; // [occurrences] nesting of cuttable units around it
  readonly regions: Int32Array; // [occurrences] outermost unit around it, -1 outside of all
}

/** Pairs of neighbouring model tokens in code: a pair that is kept once tells less when repeated. */
export interface PairTable {
  /** Number of different pairs. */
  readonly count: number;
  readonly pairs: Int32Array; // [tokens] 0 … count - 1: the pair that ends in the token; -1: none that counts
}

/** What a scorer may use of the text itself, beside the signals of the reading. */
export interface TextChannels {
  readonly classes: Uint8Array; // [tokens] index into TOKEN_CLASSES
  readonly names: NameTable;
  readonly pairs: PairTable;
  /**
   * [names.count] 2: the question uses the name; 3: the declaration of such a name uses it; 1: the question uses a word
   * of it; else 0.
   */
  readonly asked?: Uint8Array;
  /**
   * [tokens] size in tokens of the declaration that the token is part of, if the question uses its name; else 0. Only
   * with `asked`.
   */
  readonly declared?: Int32Array;
  /**
   * [tokens] likelihood that the question is about the token's line, over the mean of the lines of the context; absent if it
   * is about no line more than about another.
   */
  readonly relevance?: Float32Array;
  /** [names.count] 1: another text of the context uses the name; absent without other texts. */
  readonly shared?: Uint8Array;
  /** Cursor position as a UTF-16 offset, with the text's token bounds; absent if the cursor is not in this text. */
  readonly focus?: { readonly offset: number; readonly bounds: Int32Array };
}

/** The parts whose sum is a token's evidence, [tokens] each, in the units of the score. */
export type EvidenceParts = Readonly<
  Record<'attention' | 'surprisal' | 'class' | 'names' | 'focus' | 'future' | 'question', Float32Array>
>;

/** Worth of names: coverage counts a name once, so a second unit with it adds little. */
export interface NameWorth {
  readonly table: NameTable;
  readonly mention: Float32Array; // [count] of the first mention that is kept
  readonly definition: Float32Array; // [count] of a kept definition, besides its mention
  readonly always?: Float32Array; // [count] what every unit with the name adds, however many are kept
  readonly repeatDecay: number; // share of `mention` that every further unit with the name adds
  readonly markerTokens: number; // recipient tokens that one more hole costs
}

/** Worth of pairs of tokens: a repetition adds less. */
export interface PairWorth {
  readonly table: PairTable;
  readonly worth: Float32Array; // [count] of the first occurrence that is kept
  readonly repeatDecay: number; // 0…1: share of the previous unit's worth that each further unit with the pair adds
}

/** The evidence of one text, higher = keep. It depends on no budget and on no protection. */
export interface TokenEvidence {
  readonly bounds: Int32Array; // [tokens + 1] UTF-16 bounds of the model's tokens
  readonly values: Float32Array; // [tokens]
  /**
   * Present: units are ranked by what they add to the text that is already kept. Absent: by the mean of their values.
   */
  readonly names?: NameWorth;
  /** Only with `names`. */
  readonly pairs?: PairWorth;
  /** [tokens] recipient tokens that each model token costs; absent: one each. Only with `names`. */
  readonly costs?: Float32Array;
  /** Offsets that the question or the cursor points at, ascending: code there may stay whole before its neighbours are in view. */
  readonly wanted?: readonly number[];
}
