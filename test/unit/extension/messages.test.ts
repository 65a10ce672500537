// Tests that a refusal of the file system is shown in its own words, and that only unexpected errors are called defects.
import { expect, test, vi } from 'vitest';
import { CompressionError } from '../../../src/core/errors';
import type { SkipReason } from '../../../src/files/walk';
import type { Skipped } from '../../../extension/platform/messages';

const editor = vi.hoisted(() => ({
  FileSystemError: class extends Error {},
  CancellationError: class extends Error {},
}));

vi.mock('vscode', () => ({
  ...editor,
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...args: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)])),
  },
}));

vi.resetModules(); // another file of this process may have loaded it with an editor of its own
const { sentenceFor, skippedInWords } = await import('../../../extension/platform/messages');

test.each([
  [
    new editor.FileSystemError("EACCES: permission denied, open '/etc/context.md'"),
    "The file system refused: EACCES: permission denied, open '/etc/context.md'",
  ],
  [
    new editor.FileSystemError('NoPermissions (FileSystemError): Error: EROFS: read-only file system'),
    'The file system refused: EROFS: read-only file system',
  ],
  [
    Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
    'The file system refused: ENOSPC: no space left on device, write',
  ],
])('%s', (error, words) => expect(sentenceFor(error)).toEqual({ text: words }));

test.each([
  new TypeError('x is not a function'),
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
  undefined,
  'a string',
])('a defect: %s', (error) => expect(sentenceFor(error)!.text).toMatch(/defect/));

test('a cancellation is silent', () => expect(sentenceFor(new editor.CancellationError())).toBeUndefined());

test('skipped files stand by their reasons; one that could not be read gets its sentence', () => {
  const skipped = (reason: SkipReason, ...paths: string[]): Skipped[] => paths.map((path) => ({ path, reason }));
  expect(skippedInWords([...skipped('link', 'a', 'b'), ...skipped('notRegular', 'p'), ...skipped('link', 'c')])).toBe(
    'Skipped: a, b, c (links are not followed); p (a pipe, a socket or a device).',
  );
  expect(skippedInWords(skipped('binaryFile', 'a', 'b', 'c', 'd', 'e', 'f', 'g'))).toBe(
    'Skipped: a, b, c, d, e and 2 more (no text).',
  );
  expect(skippedInWords(skipped('link', 'a'))).toBe('Skipped: a (links are not followed).');
  const error = new CompressionError('emptyInput', 'a');
  expect(skippedInWords([{ path: 'a', reason: 'emptyInput', error }])).toBe('Skipped: a is empty.');
});
