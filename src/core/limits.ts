// Every limit on what goes in: the same for the command line, the MCP server, the library and the editor.

/** Longest text of one source, in UTF-16 units: a longer one would hold the model for minutes. */
export const MAX_TEXT_UNITS = 2_000_000;

/** Largest file that is read, in bytes: no encoding needs more for `MAX_TEXT_UNITS`. */
export const MAX_FILE_BYTES = 4 * MAX_TEXT_UNITS;

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

/** The limits on sources in words, for sentences that refuse. */
export const LIMITS_IN_WORDS = `${MAX_FILES} files, ${MAX_TOTAL_UNITS / 1e6} million characters in all`;
