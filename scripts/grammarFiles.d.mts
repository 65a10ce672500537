/** Every grammar by the name of its file, with its path on this machine. */
export const GRAMMAR_FILES: ReadonlyMap<string, string>;
