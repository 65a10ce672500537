// The words for what failed on a file. The editor has its own, translated.
import type { CompressedFile, GrammarFault } from '../core/context';

const WORDS: Readonly<Record<GrammarFault, string>> = {
  slow: 'its grammar would take too long, so it was cut by lines',
  failed: 'its grammar failed on it, so it was cut by lines',
  defect: 'a defect of namm kept it from being cut, so it is whole; please report it',
  leftOut: 'namm could not get past it, so it was left out; please report it',
};

/** One sentence for each file that something failed on. */
export function grammarFaultSentences(files: readonly Pick<CompressedFile, 'path' | 'grammarFault'>[]): string[] {
  return files.flatMap(({ path, grammarFault }) => (grammarFault ? [`${path}: ${WORDS[grammarFault]}.`] : []));
}
