// The answer of the expand tool, cut to the tokens that the model grants.
import type { GuardedElision } from '../../src/session/session';
import { formatContext } from '../../src/format/format';

/** The model's own token counter. */
export type Count = (text: string) => PromiseLike<number>;

/**
 * An expanded elision as a block, from `startLine` on. If it does not fit, it is cut at a line, and the answer says so.
 * @param limit most tokens of the whole; Infinity = no limit
 */
export async function expandedText(
  id: string,
  found: Pick<GuardedElision, 'path' | 'languageId' | 'startLine' | 'text'>,
  startLine: number,
  limit: number,
  count: Count,
): Promise<string> {
  const lines = found.text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
  const from = Math.min(Math.max(0, startLine - found.startLine), lines.length);
  const text = (n: number): string => {
    const last = found.startLine + from + n - 1;
    const rest =
      from + n < lines.length
        ? `\nThe rest of it is longer than fits. Ask again with "id": "${id}", "path": ${JSON.stringify(found.path)}, "startLine": ${last + 1}.`
        : '';
    return `Lines ${found.startLine + from}-${last} of ${formatContext([{ path: found.path, languageId: found.languageId, text: lines.slice(from, from + n).join('') }], { alone: 'block' })}${rest}`;
  };
  const all = lines.length - from;
  if (limit === Infinity || (await count(text(all))) <= limit) return text(all);
  let [fits, tooMany] = [0, all];
  while (tooMany - fits > 1) {
    const middle = (fits + tooMany) >> 1;
    if ((await count(text(middle))) <= limit) fits = middle;
    else tooMany = middle;
  }
  return fits ? text(fits) : `There is no room left for line ${found.startLine + from} of ${found.path}.`;
}
