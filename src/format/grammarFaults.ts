// The words for why the grammar of a file was not used. The editor has its own, translated.
import type { CompressedFile, GrammarFault } from '../core/context';

const WORDS: Readonly<Record<GrammarFault, string>> = {
  slow: 'its grammar would take too long, so it was cut by lines',
  failed: 'its grammar failed on it, so it was cut by lines',
  defect: 'a defect of namm kept it from being cut, so it is whole; please report it',
};

/** One sentence for each file whose grammar was not used. */
export function grammarFaultSentences(files: readonly Pick<CompressedFile, 'path' | 'grammarFault'>[]): string[] {
  return files.flatMap(({ path, grammarFault }) => (grammarFault ? [`${path}: ${WORDS[grammarFault]}.`] : []));
}
