// The words for lines that stay although they were left out. The editor has its own, translated.
import type { CompressedFile, DropFault } from '../core/context';

const WORDS: Readonly<Record<DropFault, string>> = {
  part: 'they are a part of a statement, which goes whole or not at all',
  pinned: 'their statement holds something that must stay',
  unparsed: 'the grammar cannot read what stands there or beside it',
  syntax: 'the code would not parse without them',
  blank: 'nothing stands there',
};

/** One sentence for each reason for which lines of a file stay that were to go. */
export function dropFaultSentences(files: readonly Pick<CompressedFile, 'path' | 'drops'>[]): string[] {
  return files.flatMap(({ path, drops = [] }) => {
    const sentences = drops.flatMap(({ fault, around }) => {
      if (!fault) return [];
      const { line = 0, lines = 0 } = around ?? {};
      const statement = around ? ` (${lines > 1 ? `lines ${line}-${line + lines - 1}` : `line ${line}`})` : '';
      return [`${path}: lines that were to go stay: ${WORDS[fault]}${statement}.`];
    });
    return [...new Set(sentences)];
  });
}
