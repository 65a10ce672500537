// Tests what `@namm /why` says: the sentences of the hover, for an elision, a name, or the largest elisions.
import { expect, test, vi } from 'vitest';
import type { CompressedFile, RankedStatement, RetainedSpan } from '../../../src/core/context';
import type { Run } from '../../../extension/session/run';

vi.mock('vscode', () => ({
  env: { language: 'en' },
  FileSystemError: class extends Error {},
  CancellationError: class extends Error {},
  l10n: {
    t: (text: string, ...args: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(args[Number(i)])),
  },
}));

vi.resetModules(); // another file of this process may have loaded it with an editor of its own
const { explain } = await import('../../../extension/handover/explanation');

const TEXT = '// Says a lot.\nhello();\nhello();\n';
const span = (start: number, end: number, kept: boolean, elision?: string): RetainedSpan => ({
  start,
  end,
  kept,
  reason: 'score',
  retention: 0.9,
  ...(elision ? { elision } : {}),
});
const parts = { names: 1, pairs: 0, cursor: 0, future: 0, question: 0 };
const statements: RankedStatement[] = [
  {
    start: 15,
    end: 24,
    worth: 3,
    class: 'body',
    tokens: 3,
    parts,
    repeated: 0,
    names: [{ name: 'hello', declared: false, elsewhere: 1, files: 0 }],
    known: [],
  },
  { start: 24, end: 33, worth: 0.5, class: 'body', tokens: 3, parts, repeated: 0.9, names: [], known: ['hello'] },
  { start: 0, end: 15, worth: 0.01, class: 'comment', tokens: 5, parts, repeated: 0, names: [], known: [] },
];
const file: CompressedFile = {
  path: 'a.js',
  languageId: 'javascript',
  recipientTokens: { before: 11, after: 5 },
  text: 'hello();\n//3… #abcd\n',
  spans: [span(0, 15, false, 'abcd:1'), span(15, 24, true), span(24, 33, false, 'abcd:3')],
  elisions: [
    { id: 'abcd:1', start: 0, end: 15, line: 1, lines: 1, recipientTokens: 5, marker: '' },
    { id: 'abcd:3', start: 24, end: 33, line: 3, lines: 1, recipientTokens: 1, marker: '//3… #abcd\n' },
  ],
  ranking: { statements: JSON.stringify(statements), kept: 1 },
};
const run = {
  context: {
    scorer: 'extended',
    budget: { kind: 'keepRatio', keepRatio: 0.5 },
    recipientTokens: { before: 11, after: 5, counter: 'o200k' },
    files: [file],
  },
  request: { sources: [{}] },
  sources: [{ document: TEXT, start: 0, end: TEXT.length, path: 'a.js' }],
} as unknown as Run;

test('an elision: size, sentence, the number that decides, what would keep it, and the text', () => {
  const said = explain(run, 'why is #abcd:1 gone?');
  expect(said).toContain('**abcd:1** (`a.js`, 1 line, 5 tokens). Left out: a comment; nothing uses it.');
  expect(said).toContain('3 of 3 · under 0.1 a token · cut at 3.0.');
  expect(said).toContain('What would keep it: a share of 100 %, a mark to keep it.');
  expect(said).toContain('```javascript\n// Says a lot.\n```');
});

test('a name: each line, kept or left out', () => {
  expect(explain(run, 'why hello?').split('\n')).toEqual([
    expect.stringMatching(
      /^- `hello` in `a.js`, line 2. Kept: it uses `hello`, which stands in one other place\. 1 of 3/,
    ),
    expect.stringMatching(/^- `hello` in `a.js`, line 3 \(abcd:3\). Left out: other code already has `hello`/),
  ]);
});

test('nothing named: the largest first, in the singular where there is one', () => {
  const said = explain(run, '');
  expect(said).toMatch(/^The largest of 2 elisions:\n- abcd:1 \(`a.js`, 1 line, 5 tokens\)/);
  expect(said).toContain('- abcd:3 (`a.js`, 1 line, 1 token)');
  expect(said).not.toMatch(/1 lines|1 tokens/);
});
