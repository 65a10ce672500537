// Divides a budget among files by need: what is worth least goes first, whichever file it stands in.
import TinyQueue from 'tinyqueue';
import { sizesOf } from './fit';
import { stepsWithCode } from './codeLeft';
import type { CutOrder } from './order';
import type { RenderOptions } from './render';

/** A file that is cut. */
interface Cuttable {
  readonly order: CutOrder;
  readonly options: RenderOptions;
}

/** The next cut of a file. */
interface Next {
  readonly file: number;
  /** Worth per recipient token of what it takes. */
  readonly key: number;
  /** Recipient tokens of the file with it. */
  readonly tokens: number;
  readonly answer: number;
}

/**
 * Divides tokens among files. Where even the smallest texts need more, no file has a share.
 *
 * Example: two files of 100 recipient tokens share 120, and the question is about the first one. It stays whole if each of its
 * statements is worth more per token than all but the best 20 tokens of the second.
 * @param target recipient tokens of all files together
 * @param needsCode whether some code of each file stays
 * @returns recipient tokens of each file
 */
export function sharesByNeed(files: readonly Cuttable[], target: number, needsCode: boolean): number[] {
  const sizes = files.map(({ order, options }) => sizesOf(order, options));
  const shares = sizes.map(({ answers }) => answers[0]!.tokens);
  const queue = new TinyQueue<Next>([], (a, b) => a.key - b.key || a.file - b.file);
  const push = (file: number, answer: number): void => {
    const { order } = files[file]!;
    const { answers } = sizes[file]!;
    if (answer === answers.length && !sizes[file]!.more()) return;
    const { steps, tokens } = answers[answer]!;
    if (needsCode && steps > stepsWithCode(order)) return;
    queue.push({ file, answer, tokens, key: order.steps[steps - 1]!.key });
  };
  files.forEach((_, file) => push(file, 1));
  let sum = shares.reduce((a, b) => a + b, 0);
  while (sum > target) {
    const next = queue.pop();
    if (!next) return shares.map(() => 0);
    const { file, answer, tokens } = next;
    sum += tokens - shares[file]!;
    shares[file] = tokens;
    push(file, answer + 1);
  }
  return shares;
}
