// Tests which credentials are never handed over, whole or in part, and that nothing else is changed.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { CompressedFile, SourceText } from '../../../src/core/context';
import { getOrMake } from '../../../src/core/getOrMake';
import { wholeText } from '../../../src/elisions/elision';
import { describeSecrets, guardFiles, guardPart } from '../../../src/redact/guard';
import { findSecrets, redact } from '../../../src/redact/secrets';
import { renderPrefix } from '../../../src/cut/render';
import { languageOf } from '../../../src/languages/languages';
import { counterFor } from '../../../src/tokens/counters';
import { orderCuts, type CutOrder } from '../../../src/cut/order';
import { parseStructure } from '../../../src/parse/structure';
import { testGrammars } from '../../support/grammars';

// Put together here, so that no scanner takes this file for a leak.
const AWS_ID = `AKIA${'QQQQ2345ABCDEFGH'}`;
const AWS_SECRET = `wJalrXUtnFEMI${'/K7MDENG/bPxRfiCYzzzzzzzKEY'}`;
const GITHUB = `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`;
const ANTHROPIC = `sk-ant-${'api03-'}${'q7Xw'.repeat(23)}zAA`;
const BODY = Array.from(
  { length: 4 },
  (_, i) => `b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZWQ${i}`,
);
const PEM = ['-----BEGIN RSA', ' PRIVATE KEY-----\n', BODY.join('\n'), '\n-----END RSA', ' PRIVATE KEY-----'].join('');

describe('what is found', () => {
  test.each([
    ['AWS Access Key ID', `const id = "${AWS_ID}";`, AWS_ID],
    ['AWS Secret Access Key', `aws_secret_access_key = "${AWS_SECRET}"`, AWS_SECRET],
    ['GitHub Token', `token: ${GITHUB}`, GITHUB],
    ['private key', `const pem = \`${PEM}\`;`, PEM],
    [
      'PostgreSQL connection string',
      `url = "postgres://bob:${'hunter2x'}@db.example.com/x"`,
      `postgres://bob:${'hunter2x'}@db.example.com/x`,
    ],
    ['Anthropic Claude API key', `k="${ANTHROPIC}"`, ANTHROPIC],
  ])('%s: exactly the value', async (kind, text, value) => {
    const found = await findSecrets(text);
    expect(found).toEqual([{ kind, start: text.indexOf(value), end: text.indexOf(value) + value.length }]);
    expect(redact(text, found)).toBe(text.replace(value, `[redacted: ${kind}]`));
  });

  test('a comment for linters does not hide one', async () =>
    expect(await findSecrets(`// secretlint-disable\nconst t = "${GITHUB}";\n`)).toHaveLength(1));

  test('code without credentials is left alone', async () => {
    for (const f of readdirSync('test/samples'))
      expect(await findSecrets(readFileSync(`test/samples/${f}`, 'utf8')), f).toEqual([]);
  });

  // A search whose time grows with the square of the text or of the finds would run into the time limit of the test.
  test.each([
    '-----BEGIN PRIVATE KEY-----',
    'postgres://',
    'aws_secret_access_key = ',
    'a:b@',
    'https://a:',
    "_authToken='''''''''''",
    '-----END PRIVATE KEY-----',
    'password=',
    'server=a;b=c;',
    'host=a ',
    'mailgun ',
    'eyJa.eyJ',
    'sk-proj-',
    'MTIzNDU2Nzg5MDEyMzQ1Njc4.',
  ])('two megabytes of %s are searched', async (piece) => {
    const text = piece.repeat(2_000_000 / piece.length);
    await findSecrets(text, { entropy: true });
  });

  test('a message names the first places and counts the others', () => {
    const found = Array.from({ length: 23 }, (_, i) => ({ path: 'a.ts', kind: 'Key', line: i + 1 }));
    expect(describeSecrets(found.slice(0, 2))).toBe('Key in a.ts:1, Key in a.ts:2');
    expect(describeSecrets(found)).toMatch(/, Key in a\.ts:20 and 3 more$/);
  });

  test('150,000 credentials in one text are found, each in its line', async () => {
    const count = 150_000;
    const ids = Array.from(
      { length: count },
      (_, i) => `AKIA${(36 ** 9 + 7 + i * 7919).toString(36).toUpperCase().replaceAll('X', 'Z')}MBVCEY`,
    );
    const text = ids.join('\n');
    const file: CompressedFile = {
      path: 'ids.txt',
      languageId: 'plaintext',
      recipientTokens: { before: 0, after: 0 },
      text,
      spans: [{ start: 0, end: text.length, kept: true, reason: 'score', retention: 1 }],
      elisions: [],
    };
    const { value, found } = await guardFiles([file], [wholeText(text)], 'redact');
    expect(found).toHaveLength(count);
    expect(found.at(-1)).toEqual({ path: 'ids.txt', kind: 'AWS Access Key ID', line: count });
    expect(value[0]!.text).toBe('[redacted: AWS Access Key ID]\n'.repeat(count).slice(0, -1));
  });
});

const grammars = testGrammars();

const orders = new Map<string, Promise<CutOrder>>(); // a text is cut many times

async function orderOf(source: SourceText): Promise<CutOrder> {
  const structure = await parseStructure(source, grammars);
  const { length } = source.text;
  const bounds = Int32Array.from({ length: length + 1 }, (_, i) => i);
  return orderCuts(structure, { bounds, values: new Float32Array(length) }, []);
}

/** A real cut of a real text, its first `count` steps. */
async function cut(path: string, text: string, count: number): Promise<CompressedFile> {
  const source = { path, languageId: languageOf(path), text };
  const order = await getOrMake(orders, `${path}\n${text}`, () => orderOf(source));
  const r = renderPrefix(order, Math.min(count, order.steps.length), { markers: true, counter: counterFor('o200k') });
  return {
    path,
    languageId: source.languageId,
    recipientTokens: { before: 0, after: r.recipientTokens },
    text: r.text,
    spans: r.spans,
    elisions: r.elisions,
  };
}

describe('files', () => {
  const lines = Array.from({ length: 40 }, (_, i) => `word${i} other${i}\n`);
  const text = [...lines.slice(0, 20), `${PEM}\n`, ...lines.slice(20), `key ${AWS_ID}\n`].join('');

  test('without a secret every byte stays, whatever was cut', async () => {
    for (const f of readdirSync('test/samples').filter((f) => f !== 'README.md')) {
      const original = readFileSync(`test/samples/${f}`, 'utf8');
      for (const count of [0, 1, 7, 30]) {
        const file = await cut(f, original, count);
        const probe = `${original}\n${AWS_ID}`; // sends the file through the redaction, with nothing of it kept
        expect((await guardFiles([file], [wholeText(original)], 'redact')).value[0]).toEqual(file);
        const whole = await cut(f, probe, count);
        expect((await guardFiles([whole], [wholeText(probe)], 'redact')).value[0]!.text).toBe(
          whole.text.replace(AWS_ID, '[redacted: AWS Access Key ID]'),
        );
      }
    }
  });

  test('a key that is partly cut leaves no line behind', async () => {
    let partly = 0;
    for (let count = 0; count < 50; count++) {
      const file = await cut('notes.txt', text, count);
      const { value, found } = await guardFiles([file], [wholeText(text)], 'redact');
      const kept = BODY.filter((l) => file.text.includes(l)).length;
      if (kept && kept < BODY.length) partly++;
      for (const l of BODY) expect(value[0]!.text).not.toContain(l);
      expect(value[0]!.text).not.toContain(AWS_ID);
      expect(value[0]!.elisions).toBe(file.elisions);
      if (file.text.includes(AWS_ID))
        expect(found).toContainEqual({
          path: 'notes.txt',
          kind: 'AWS Access Key ID',
          line: text.split('\n').findIndex((l) => l.includes(AWS_ID)) + 1,
        });
    }
    expect(partly).toBeGreaterThan(0);
  });

  test('block refuses and says where; off hands over as it is', async () => {
    const file = await cut('notes.txt', text, 0);
    const originals = [wholeText(text)];
    await expect(guardFiles([file], originals, 'block')).rejects.toMatchObject({
      reason: 'secretsFound',
      detail: expect.stringContaining('private key in notes.txt:21'),
    });
    expect((await guardFiles([file], originals, 'off')).value).toEqual([file]);
  });

  test('two files of one path are looked at one by one', async () => {
    const [clean, secret] = [await cut('notes.txt', `${lines.join('')}end\n`, 0), await cut('notes.txt', text, 0)];
    const { value } = await guardFiles(
      [secret, clean],
      [wholeText(text), wholeText(`${lines.join('')}end\n`)],
      'redact',
    );
    expect(value[0]!.text).not.toContain(AWS_ID);
    expect(value[1]).toEqual(clean);
  });

  test('a selection that begins inside a key holds none of it, and the line is that of the file', async () => {
    const start = text.indexOf(BODY[1]!);
    const selected = await cut('notes.txt#L23', text.slice(start), 0);
    const { value, found } = await guardFiles([selected], [{ text, start, end: text.length }], 'redact');
    for (const l of BODY) expect(value[0]!.text).not.toContain(l);
    expect(found[0]).toMatchObject({ kind: 'private key', line: 23 }); // its first in the selection
  });

  test('an expanded part that begins inside a key holds none of it', async () => {
    const start = text.indexOf(BODY[1]!);
    const end = text.indexOf('word25');
    const { value } = await guardPart('notes.txt', { text, start, end }, 'redact');
    for (const l of BODY) expect(value).not.toContain(l);
    expect(value).toBe(`[redacted: private key]\n${lines.slice(20, 25).join('')}`);
    await expect(guardPart('notes.txt', { text, start, end }, 'block')).rejects.toMatchObject({
      reason: 'secretsFound',
    });
    expect((await guardPart('notes.txt', { text, start: 0, end: 20 }, 'block')).value).toBe(text.slice(0, 20));
  });
});
