// Every limit on what goes in: the same for the command line, the MCP server, the library and the editor.

/** Longest text of one source, in UTF-16 units: a longer one would hold the model for minutes. */
export const MAX_TEXT_UNITS = 2_000_000;

/** Largest file that is read, in bytes: no encoding needs more for `MAX_TEXT_UNITS`. */
export const MAX_FILE_BYTES = 4 * MAX_TEXT_UNITS;

/** Largest `.gitignore` that is read, in bytes. */
export const MAX_IGNORE_BYTES = 1_000_000;

/** Largest file of a model folder that is read, in bytes. */
export const MAX_MODEL_BYTES = 1_000_000_000;

/** Largest store of elisions that is read, and largest file that a part is read from again, in bytes. */
export const MAX_STORE_BYTES = 128_000_000;

/** Most sources of one request. */
export const MAX_FILES = 500;

/** Longest texts of one request together, in UTF-16 units: about 15 minutes of reading on two cores. */
export const MAX_TOTAL_UNITS = 8_000_000;

/** Longest question, in UTF-16 units: the model reads it after every text. */
export const MAX_QUERY_UNITS = 32_000;

/** Longest path that is looked at, in UTF-16 units. */
export const MAX_PATH_UNITS = 4096;

/** Longest text that can name an elision, in UTF-16 units: a path, a colon and a line. */
export const MAX_ELISION_ID_UNITS = MAX_PATH_UNITS + 100;

/** Longest answer of a server that comes in one piece, in bytes. */
export const MAX_ANSWER_BYTES = 32_000_000;

/** Longest answer that comes as a stream of events, in bytes: most of a stream is what is around the text. */
export const MAX_STREAM_BYTES = 128_000_000;

/** The limits on sources in words, for sentences that refuse. */
export const LIMITS_IN_WORDS = `${MAX_FILES} files, ${MAX_TOTAL_UNITS / 1e6} million characters in all`;
