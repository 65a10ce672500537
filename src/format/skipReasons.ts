// Short words for why a file of a folder was skipped.
import type { SkipReason } from '../files/walk';

const SKIPS: Readonly<Partial<Record<SkipReason, string>>> = {
  generated: 'generated',
  minified: 'minified',
  excluded: 'by --drop',
  outputs: 'outputs of a notebook',
  vendored: 'vendored',
  link: 'links are not followed',
  notRegular: 'a pipe, a socket or a device',
  rulesUnreadable: 'its .gitignore cannot be read',
  outside: 'outside of the open folders',
  ambiguousPath: 'in more than one of the open folders',
  invalidPath: 'not a path that can be read',
  binaryFile: 'not UTF-8 text',
  fileTooLarge: 'over 2 million characters',
  unreadable: 'cannot be read',
  notFound: 'does not exist',
  emptyInput: 'empty',
  tooManyFiles: 'too many files, name a smaller folder',
};

export function wordsForSkip(reason: SkipReason): string {
  return SKIPS[reason] ?? reason;
}
