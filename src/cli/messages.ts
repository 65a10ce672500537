// Knows the sentence for every failure: what happened, and what to do.
import type { FailureReason } from '../core/errors';

const SENTENCES: Readonly<Record<FailureReason, (detail: string) => string>> = {
  emptyInput: () => 'There is nothing to compress: the input is empty.',
  binaryFile: (d) => `${d} is not UTF-8 text.`,
  fileTooLarge: (d) => `${d} is over 2 MB; compress a part of it.`,
  unreadable: (d) => `${d} cannot be read; check that it exists and that you may read it.`,
  notFound: (d) => `${d} does not exist.`,
  tooManyFiles: (d) => `The folder holds more than ${d} source files; name a smaller one.`,
  modelMissing: (d) => `The model file ${d} is missing; reinstall, or point NAMM_MODEL_DIR to a model folder.`,
  modelCorrupt: (d) => `The model is damaged (${d}); reinstall it.`,
  modelUnsupported: (d) => `This model needs another version of namm (${d}).`,
  runtimeMissing: (d) => `There is no native runtime for ${d}; namm runs on Linux, Windows and Apple Silicon.`,
  engineStopped: (d) => `The engine stopped${d ? ` (${d})` : ''}; try again.`,
  engineUnresponsive: () => 'The engine did not start in time; try again.',
  noThreshold: (d) => `--auto needs a calibrated threshold, and "${d}" has none with this model; use --keep-ratio or --max-tokens.`,
  badRequest: (d) => `${d}.`,
  unknownElision: (d) => `No elision "${d}" is known here; ids are printed in the markers of a compression.`,
  elisionStale: (d) => `${d} has changed since it was compressed; compress it again.`,
  internal: (d) => `This is a defect of namm, please report it: ${d}`,
};

export function sentenceFor(reason: FailureReason, detail: string): string {
  return SENTENCES[reason](detail);
}
