// Names the words of a text that a question asks for, so that a person sees what of it was understood.
import type { QuestionTerms } from './terms';
import { stemsOf, WORD } from './words';

/**
 * The different words of a text that share a stem or a name with a question, in text order.
 *
 * Example: for `the progress bar stays after cancel` and the text `if (cancelled) progress.hide();`: cancelled, progress.
 * @param most number of words
 */
export function askedWords(text: string, { stems, names }: QuestionTerms, most: number): string[] {
  const found = new Map<string, string>(); // by its stems, so that `cancel` and `cancelled` are one
  for (const [word] of text.matchAll(WORD)) {
    if (found.size === most) break;
    const shared = stemsOf(word).filter((stem) => stems.has(stem));
    const key = shared.length ? shared.join(' ') : names.has(word.toLowerCase()) ? word.toLowerCase() : undefined;
    if (key !== undefined && !found.has(key)) found.set(key, word);
  }
  return [...found.values()];
}
