// Tests that a refusal of the file system is shown in its own words, and that only unexpected errors are called defects.
import { expect, test, vi } from 'vitest';

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

const { sentenceFor } = await import('../../../extension/platform/messages');

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
