// Knows how a context and what follows it look to a base model: documents under their paths, as it was trained on them.
import type { SourceText } from '../../src/core/context';
import type { Tokenizer } from '../../src/core/token';

/** Ids in front of the target. One document goes on where the context ends in the same file; another begins with its own header. An empty context is no context. */
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
