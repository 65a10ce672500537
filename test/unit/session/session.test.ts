// The one use case: what is compressed is guarded, remembered and formatted, and comes back.
import { beforeEach, expect, test } from 'vitest';
import type { CompressedContext, CompressRequest } from '../../../src/core/context';
import { wholeText, type ElisionMatch, type Original } from '../../../src/elisions/elision';
import { guardFiles, guardPart } from '../../../src/redact/guard';
import { Session } from '../../../src/session/session';

const KEY = ['AKIA', 'Z7', 'QXNM3PLK5VTRWD'].join(''); // the shape of a key, generated
const TEXT = `const key = '${KEY}';\nfunction f() {}\n`;
const request = { sources: [{ path: 'a.js', languageId: 'javascript', text: TEXT }] } as unknown as CompressRequest;
const context = {
  files: [
    {
      path: 'a.js',
      languageId: 'javascript',
      recipientTokens: { before: 20, after: 12 },
      text: `const key = '${KEY}';\n//2… #abcd\n`,
      spans: [
        { start: 0, end: TEXT.indexOf('function'), kept: true, reason: 'score', retention: 1 },
        { start: TEXT.indexOf('function'), end: TEXT.length, kept: false, reason: 'score', retention: 0 },
      ],
      elisions: [
        {
          id: 'abcd:2',
          start: TEXT.indexOf('function'),
          end: TEXT.length,
          line: 2,
          lines: 1,
          recipientTokens: 8,
          marker: '//2… #abcd\n',
        },
      ],
    },
  ],
} as unknown as CompressedContext;
const engine = { compress: () => Promise.resolve(context) };
const guard = () => Promise.resolve({ guardFiles, guardPart });
let stored: readonly Original[][] = [];
const store = {
  put: (_: unknown, originals: readonly Original[]) => {
    stored = [...stored, [...originals]];
    return Promise.resolve();
  },
  matches: (): Promise<ElisionMatch[]> =>
    Promise.resolve([
      {
        id: 'abcd:1',
        path: 'a.js',
        sha256: 'h',
        expand: () =>
          Promise.resolve({
            path: 'a.js',
            languageId: 'javascript',
            startLine: 1,
            endLine: 2,
            text: TEXT,
            source: { text: TEXT, start: 0, end: TEXT.length },
          }),
      },
    ]),
};
const everything = {
  mayHave: () => true,
  locate: () => Promise.resolve(undefined),
  display: () => Promise.resolve('a.js'),
};
beforeEach(() => (stored = []));

test('the text is redacted and formatted, the elisions are remembered', async () => {
  const session = new Session({ engine, store, guard });
  const result = await session.run(request, [wholeText(TEXT, '/a.js')], {
    secrets: 'redact',
    format: { alone: 'block' },
  });
  expect(JSON.stringify(result)).not.toContain(KEY);
  expect(result.text).toContain('```javascript\n');
  expect(result.secrets).toMatchObject([{ path: 'a.js', line: 1 }]);
  expect(stored).toEqual([[wholeText(TEXT, '/a.js')]]);
  expect(result.storeError).toBeUndefined();
});

test('a blocked credential hands nothing over, and nothing is remembered', async () => {
  const session = new Session({ engine, store, guard });
  await expect(session.run(request, [wholeText(TEXT)], { secrets: 'block' })).rejects.toMatchObject({
    reason: 'secretsFound',
  });
  expect(stored).toEqual([]);
});

test('a store that cannot be written is told beside the result', async () => {
  const full = { ...store, put: () => Promise.reject(new Error('no space left')) };
  const result = await new Session({ engine, store: full, guard }).run(request, [wholeText(TEXT)], { secrets: 'off' });
  expect(result.text).toContain(KEY);
  expect(result.storeError?.message).toBe('no space left');
});

test('what is expanded is redacted, too', async () => {
  const session = new Session({ engine, store, guard });
  const found = await session.expand({ id: 'abcd:1' }, everything, 'redact');
  expect(JSON.stringify(found)).not.toContain(KEY); // nor the text around it
  expect(found.secrets).toHaveLength(1);
  expect((await session.expand({ id: 'abcd:1' }, everything, 'off')).text).toBe(TEXT);
});

test('values that look random are credentials only if that is asked for', async () => {
  const random = `zQ7wR2tY9uP4sD6f${'G1hJ3kL5xC8vB0nM'}`;
  const text = `const seed = '${random}';\n`;
  const source = wholeText(text);
  const spans = [{ start: 0, end: text.length, kept: true, reason: 'score' as const, retention: 1 }];
  const files = [{ ...context.files[0]!, text, spans, elisions: [] }];
  const [match] = await store.matches();
  const matches = () =>
    Promise.resolve([{ ...match!, expand: async () => ({ ...(await match!.expand()), text, source }) }]);
  const engine = { compress: () => Promise.resolve({ ...context, files }) };
  const session = new Session({ engine, store: { ...store, matches }, guard });
  const run = async (secretsEntropy?: boolean): Promise<string> =>
    (await session.run(request, [wholeText(text)], { secrets: 'redact', secretsEntropy })).text;
  expect(await run()).toContain(random);
  expect(await run(true)).toContain('[redacted: random value]');
  const expanded = (entropy?: boolean) => session.expand({ id: 'abcd:1' }, everything, 'redact', { entropy });
  expect((await expanded()).text).toContain(random);
  expect((await expanded(true)).text).not.toContain(random);
});
