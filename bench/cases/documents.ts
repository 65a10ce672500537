// Builds the prompt of a base model from a context and a target: documents under their paths, as in its training.
import type { SourceText } from '../../src/core/context';
import type { Tokenizer } from '../../src/core/token';

/**
 * The token ids before a target. A target in the file of the context continues that document; another one begins with its
 * own header. An empty context adds nothing.
 */
export function idsBefore(
  tokenizer: Tokenizer,
  fileToken: number,
  context: SourceText,
  { path }: SourceText,
): number[] {
  const header = (of: string): number[] => [fileToken, ...tokenizer.tokenize(`${of}\n`).ids];
  const same = context.path === path;
  return [
    ...(context.text || same ? header(context.path) : []),
    ...tokenizer.tokenize(context.text).ids,
    ...(same ? [] : header(path)),
  ];
}
