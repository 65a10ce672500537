// The MCP server's sentence for every failure, worded so that an agent can act on it.
import { oneLine } from '../../core/printable';
import type { FailureReason } from '../../core/errors';
import { CancelledError, CompressionError } from '../../core/errors';
import { MAX_MESSAGE_BYTES } from './messageLimit';
import { PathRefused, type RefusalReason } from './roots';

const SENTENCES: Readonly<Record<FailureReason, (detail: string) => string>> = {
  emptyInput: (d) =>
    d ? `${d} is empty, so there is nothing to compress.` : 'The text is empty, so there is nothing to compress.',
  binaryFile: (d) => `${d} is not UTF-8 text.`,
  fileTooLarge: (d) => `${d} is over 2 million characters; pass the part that matters to compress_text.`,
  unreadable: (d) => `${d} cannot be read; check that it may be read and is a file: folders are for compress_files.`,
  notFound: (d) => `${d} does not exist.`,
  tooManyFiles: (d) =>
    `Too many source files, at most this much is compressed at once: ${d}; name a smaller folder or fewer files.`,
  modelMissing: (d) =>
    `The model file ${d} is missing; the user has to reinstall NAMM Context, or to point NAMM_MODEL_DIR to a model folder.`,
  modelCorrupt: (d) => `The model is damaged (${d}); the user has to reinstall NAMM Context.`,
  grammarCorrupt: (d) => `The grammar ${d} is damaged or missing; the user has to reinstall NAMM Context.`,
  modelUnsupported: (d) => `This model needs another version of NAMM Context (${d}).`,
  runtimeMissing: (d) =>
    `There is no native runtime for ${d || 'this platform'}; NAMM Context runs on Linux, Windows and Apple Silicon.`,
  engineStopped: (d) => `The engine stopped${d ? ` (${d})` : ''}; call again.`,
  engineUnresponsive: () => 'The engine did not start in time; call again.',
  textFailed: (d) => `NAMM Context could not get past ${d}, whatever was tried; leave it out, or read it directly.`,
  noThreshold: (d) => `"${d}" has no calibrated threshold; give keepRatio or maxTokens.`,
  badRequest: (d) => `${d}.`,
  linesOutside: (d) => `${d}.`,
  unknownElision: (d) =>
    `No elision "${d}" was issued for a file in the open folders. Where the last marker of a file is "140… #k3fa", "120…" has the id k3fa:120; a path and a line do as well, where something was left out there; text that only looks like a marker is source code. Read the file itself instead.`,
  ambiguousElision: (d) =>
    `That stands in more than one file: ${d}. Call expand with the path of the file whose marker you mean.`,
  elisionStale: (d) =>
    `${d} has changed since it was compressed, so this id no longer says which lines were meant; read or compress the file again.`,
  elisionDamaged: (d) => `The stored text of ${d} is damaged, so nothing of it is given; compress it again.`,
  secretsFound: (d) => `Nothing was handed over, it holds credentials and the server blocks them: ${d}.`,
  internal: () => 'NAMM Context failed because of a defect of its own; read the file directly instead.',
};

const REFUSALS: Readonly<Record<RefusalReason, (path: string) => string>> = {
  outside: (p) =>
    `${p} lies outside of the open folders, and only files inside of them are read. Links that lead out do not count as inside.`,
  network: (p) => `${p} is a network path; only files inside the open folders are read.`,
  characters: (p) => `"${p}" is not a path that can be read.`,
  ambiguous: (p) =>
    `${p} exists in more than one of the open folders; put the folder's name or its full path in front.`,
  rootsUnknown: (why) =>
    `The client has not said clearly which folders are open (${why}), so no file is read. The user can start the server with --root FOLDER, or call again when the client answers roots/list; compress_text works without a folder.`,
  noRoot: () =>
    'No folder is open, so no file can be read. The user can start the server with --root FOLDER; compress_text works without one.',
};

export function sentenceFor(error: unknown): string {
  if (error instanceof PathRefused) return oneLine(REFUSALS[error.reason](error.path));
  if (CompressionError.is(error)) return oneLine(SENTENCES[error.reason](error.detail));
  if (error instanceof CancelledError) return 'Cancelled.';
  return SENTENCES.internal('');
}

/** The answer to a message above the size limit. */
export function oversized(bytes: number): string {
  return `This message has ${Math.ceil(bytes / 1e6)} MB, at most ${MAX_MESSAGE_BYTES / 1e6} MB are taken. Name files by path instead of passing their text.`;
}
