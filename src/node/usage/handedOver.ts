// Turns a result into its line of the ledger.
import type { CompressedContext } from '../../core/context';
import type { HandedOver } from './entry';

/**
 * @param texts of the files, in the order of the context
 * @param isGivenBefore whether the text of a file was given before in the same session. Then it would not have been read a
 * second time: the answer is charged in full
 */
export function handedOver(
  { files, recipientTokens: { before, after, counter } }: Pick<CompressedContext, 'files' | 'recipientTokens'>,
  texts: readonly string[],
  isGivenBefore: (index: number) => boolean = () => false,
): HandedOver {
  const repeated = files.filter((_, i) => isGivenBefore(i));
  const sum = (what: 'before' | 'after'): number => repeated.reduce((n, f) => n + f.recipientTokens[what], 0);
  return {
    did: 'compressed',
    before: repeated.length === files.length ? 0 : Math.max(0, before - sum('before')),
    after,
    ...(repeated.length ? { again: Math.min(after, sum('after')) } : {}),
    units: texts.reduce((n, text) => n + text.length, 0),
    tokens: before,
    counter,
  };
}
