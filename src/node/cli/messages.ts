// The command line's sentence for every failure: what happened, and what to do.
import { oneLine } from '../../core/printable';
import type { FailureReason } from '../../core/errors';
import { parseElisionName } from '../../core/elisionName';

const SENTENCES: Readonly<Record<FailureReason, (detail: string) => string>> = {
  emptyInput: (d) =>
    d ? `There is nothing to compress: ${d} is empty.` : 'There is nothing to compress: the input is empty.',
  binaryFile: (d) => `${d} is not UTF-8 text, so there is nothing to compress.`,
  fileTooLarge: (d) => `${d} is over 2 million characters; compress a part of it.`,
  unreadable: (d) => `${d} cannot be read; check that it is a file and that you may read it.`,
  notFound: (d) => `${d} does not exist.`,
  tooManyFiles: (d) =>
    `Too many source files, at most this much is compressed at once: ${d}; name a smaller folder, or choose files with --include and --exclude.`,
  modelMissing: (d) => `The model file ${d} is missing; reinstall, or point NAMM_MODEL_DIR to a model folder.`,
  modelCorrupt: (d) => `The model is damaged (${d}); reinstall it.`,
  grammarCorrupt: (d) => `The grammar ${d} is missing or damaged; reinstall namm.`,
  modelUnsupported: (d) => `This model needs another version of namm (${d}).`,
  runtimeMissing: (d) =>
    `There is no native runtime for ${d || 'this platform'}; namm runs on Linux, Windows and Apple Silicon.`,
  engineStopped: (d) => `The engine stopped${d ? ` (${d})` : ''}; try again.`,
  engineUnresponsive: () => 'The engine did not start in time; try again.',
  textFailed: (d) =>
    `namm could not get past ${d}, neither by its grammar nor by its lines nor whole; leave it out (--drop), and please report it.`,
  noThreshold: (d) =>
    `--auto needs a calibrated threshold, and "${d}" has none with this model; use --keep-ratio or --max-tokens.`,
  badRequest: (d) => `${d}.`,
  linesOutside: (d) => `${d}.`,
  unknownElision: (d) =>
    parseElisionName(d)?.kind === 'place'
      ? `Nothing is known to have been left out at ${d}: the line stayed, or the file was not compressed from here.`
      : `No elision "${d}" is known here. An id such as k3fa:120 is made of the letters on the last marker of the file ("140… #k3fa") and of the line that a marker shows ("120…"); a path and a line do as well.`,
  ambiguousElision: (d) => `That stands in several files or cells, say which by its full path and the line: ${d}.`,
  elisionStale: (d) => `${d} has changed since it was compressed; compress it again.`,
  elisionDamaged: (d) => `The stored text of ${d} is damaged, so nothing of it is shown; compress it again.`,
  secretsFound: (d) =>
    `Nothing was handed over, it holds credentials: ${d}; take them out, or let them be redacted with --secrets redact.`,
  internal: (d) => `This is a defect of namm, please report it: ${d}`,
};

/** One sentence, one line. */
export function sentenceFor(reason: FailureReason, detail: string): string {
  return oneLine(SENTENCES[reason](detail));
}
