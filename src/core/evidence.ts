// Knows what ranks text: a worth for every token, names and pairs of tokens that bring theirs once and then less, and what tokens cost.

/** Occurrences of the names a text uses, in code alone (not in comments or literals), in text order. */
export interface NameTable {
  /** Number of different names. */
  readonly count: number;
  readonly starts: Int32Array; // [occurrences] UTF-16 offset
  readonly lengths: Int32Array; // [count] UTF-16 units
  readonly tokens: Int32Array; // [occurrences] model token that holds the offset
  readonly ends: Int32Array; // [occurrences] model token that holds its last unit
  readonly names: Int32Array; // [occurrences] 0 … count - 1
  readonly defines: Uint8Array; // [occurrences] 1 where the name is introduced
  readonly depths: Uint8Array; // [occurrences] nesting of cuttable units around it
  readonly regions: Int32Array; // [occurrences] outermost unit around it, -1 outside of all
}

/** Pairs of neighbouring tokens in code: what was said once is known. */
export interface PairTable {
  /** Number of different pairs. */
  readonly count: number;
  readonly pairs: Int32Array; // [tokens] 0 … count - 1 of the pair that ends in the token, -1 where it counts for nothing
}

/** What the text side tells a scorer that reads more than attention. */
export interface TextChannels {
  readonly classes: Uint8Array; // [tokens] index into TOKEN_CLASSES
  readonly names: NameTable;
  readonly pairs: PairTable;
  /** [names.count] 2 where the question uses the name, 3 where what declares such a name uses it, 1 where the question uses a word of it, else 0. */
  readonly asked?: Uint8Array;
  /** [tokens] how many tokens the declaration has that it is part of, of a name that the question uses; else 0. Beside `asked`. */
  readonly declared?: Int32Array;
  /** [names.count] 1 where another text of the same context uses the name; absent when there is none. */
  readonly shared?: Uint8Array;
  /** UTF-16 offset at which the reader works, in a text with these token bounds; absent when he works elsewhere. */
  readonly focus?: { readonly offset: number; readonly bounds: Int32Array };
}

/** What the evidence for each token is made of, [tokens] each, in the units of the score. */
export type EvidenceParts = Readonly<
  Record<'attention' | 'surprisal' | 'class' | 'names' | 'focus' | 'age', Float32Array>
>;

/** Worth of names: coverage counts each once, so a second copy adds little. */
export interface NameWorth {
  readonly table: NameTable;
  readonly mention: Float32Array; // [count] the first mention that is kept
  readonly definition: Float32Array; // [count] a kept definition, besides its mention
  readonly always?: Float32Array; // [count] what every unit with the name brings, however many are kept
  readonly repeatDecay: number; // share of `mention` that every further unit with the name brings
  readonly markerTokens: number; // recipient tokens that one more hole costs
}

/** Worth of pairs: a further copy brings less. */
export interface PairWorth {
  readonly table: PairTable;
  readonly worth: Float32Array; // [count] the first that is kept
  readonly repeatDecay: number; // 0…1: share of what the one before brought that each further unit with the pair brings
}

/** Higher = keep. Knows neither budget nor protection. */
export interface TokenEvidence {
  readonly bounds: Int32Array; // [tokens + 1] UTF-16 bounds of the model's tokens
  readonly values: Float32Array; // [tokens]
  /** Present: units are ranked by what they add to the text that is kept already. Absent: by their mean alone. */
  readonly names?: NameWorth;
  /** Only beside names. */
  readonly pairs?: PairWorth;
  /** [tokens] recipient tokens that each costs; absent: one each. Only beside names. */
  readonly costs?: Float32Array;
}
