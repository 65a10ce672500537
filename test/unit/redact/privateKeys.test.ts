// Tests that no line of a private key is left, in every format and in every way that source code holds one.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { findSecrets, redact } from '../../../src/redact/secrets';

const lines64 = (bytes: Buffer): string =>
  bytes
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n');
const framed = (name: string, content: string): string =>
  [`-----BEGIN ${name}`, '-----\n', content, '\n-----END ', `${name}-----`].join('');
const pem = (type: 'pkcs1' | 'pkcs8' | 'sec1', cipher?: string) => ({
  type,
  format: 'pem' as const,
  ...(cipher ? { cipher, passphrase: 'test' } : {}),
});
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const opensshBytes = Buffer.concat([Buffer.from('openssh-key-v1\0'), randomBytes(380)]);

/** Throw-away keys. The formats that Node.js does not write are their frame around random bytes. */
const KEYS: Readonly<Record<string, string>> = {
  'PKCS#1 RSA': String(rsa.export(pem('pkcs1'))),
  'PKCS#1 RSA, encrypted': String(rsa.export(pem('pkcs1', 'aes-128-cbc'))),
  'PKCS#8 RSA': String(rsa.export(pem('pkcs8'))),
  'PKCS#8 RSA, encrypted': String(rsa.export(pem('pkcs8', 'aes-256-cbc'))),
  'SEC1 EC': String(ec.export(pem('sec1'))),
  'PKCS#8 EC': String(ec.export(pem('pkcs8'))),
  'PKCS#8 Ed25519': String(ed.export(pem('pkcs8'))),
  DSA: framed('DSA PRIVATE KEY', lines64(randomBytes(420))),
  OpenSSH: framed(
    'OPENSSH PRIVATE KEY',
    opensshBytes
      .toString('base64')
      .match(/.{1,70}/g)!
      .join('\n'),
  ),
  'SSH.com': framed('SSH2 ENCRYPTED PRIVATE KEY', `Comment: "mine"\n${lines64(randomBytes(300))}`)
    .replace('-----BEGIN', '---- BEGIN')
    .replace('KEY-----', 'KEY ----'),
  PGP: framed('PGP PRIVATE KEY BLOCK', `Version: GnuPG v2\nComment: mine\n\n${lines64(randomBytes(900))}\n=aB3d`),
  'PuTTY 3': [
    'PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nComment: mine\nPublic-Lines: 2\n',
    `${lines64(randomBytes(60))}\nPrivate-Lines: 10\n${lines64(randomBytes(450))}\n`,
    `Private-MAC: ${randomBytes(32).toString('hex')}`,
  ].join(''),
};

const BASE64 = /[A-Za-z0-9+/]{20,}={0,2}/g;
/** The stretches of the secret part of a key that no text may show. */
function secretsOf(key: string): string[] {
  const from = key.includes('Private-Lines') ? key.indexOf('Private-Lines') : 0;
  return key.slice(from).match(BASE64)!;
}
const perLine = (key: string, line: (l: string, i: number, all: readonly string[]) => string): string =>
  key
    .trimEnd()
    .split('\n')
    .map((l, i, all) => line(l, i, all))
    .join('\n');

/** How a text holds the lines of a key, with code before and behind. */
const FORMS: Readonly<Record<string, (key: string) => string>> = {
  'as a file': (key) => key,
  'with carriage returns': (key) => key.replaceAll('\n', '\r\n'),
  'in a template literal': (key) => `const key = \`${key}\`;\nexport const x = key.length;\n`,
  'in a JSON string': (key) => `{ "type": "service_account", "private_key": ${JSON.stringify(key)}, "id": "a" }`,
  'in a JSON string in a string': (key) => `env = ${JSON.stringify(JSON.stringify({ key }))};`,
  'as literals joined by +': (key) => `const key =\n${perLine(key, (l) => `  "${l}\\n" +`)}\n  "";\nreturn key;\n`,
  'as literals side by side': (key) => `KEY = (\n${perLine(key, (l) => `    b'${l}\\n'`)}\n)\nprint(KEY)\n`,
  'as a list of literals': (key) => `$key = [\n${perLine(key, (l) => `    "${l}",`)}\n];\nfoo();\n`,
  'as literals joined by .': (key) => `$key = ${perLine(key, (l) => `"${l}\\n"\n    . `)}"";\n`,
  'in // comments': (key) => `int a;\n${perLine(key, (l) => `// ${l}`)}\nint b;\n`,
  'in # comments': (key) => `a = 1\n${perLine(key, (l) => `# ${l}`)}\nb = 2\n`,
  'in a block comment': (key) => `/*\n${perLine(key, (l) => ` * ${l}`)}\n */\nint b;\n`,
  'in -- comments': (key) => `select 1;\n${perLine(key, (l) => `-- ${l}`)}\n`,
  'indented in YAML': (key) => `tls:\n  key: |\n${perLine(key, (l) => `    ${l}`)}\n  next: 1\n`,
  'quoted in mail': (key) => perLine(key, (l) => `> ${l}`),
  'in a JSON string that was broken again': (key) =>
    `"PrivateKey": ${JSON.stringify(key).replace(/.{90}/g, '$&\r\n    ')},\n"next": 1`,
  'with line numbers': (key) => perLine(key, (l, i) => `${i + 7}\t${l}`),
};

describe.each(Object.entries(KEYS))('%s', (_, key) => {
  test.each(Object.entries(FORMS))('%s', async (_, form) => {
    const text = form(key);
    const left = redact(text, await findSecrets(text));
    for (const secret of secretsOf(key)) expect(left).not.toContain(secret);
    expect(left).toContain('[redacted: private key]');
  });

  test('what stands around a key stays', async () => {
    for (const name of ['in a template literal', 'as literals joined by +', 'in // comments', 'indented in YAML']) {
      const [before, behind] = FORMS[name]!('\n@\n')
        .split('@')
        .map((part) => part.trim().split('\n'));
      const text = FORMS[name]!(key);
      const left = redact(text, await findSecrets(text));
      expect(left).toContain(before![0]!);
      expect(left).toContain(behind!.at(-1)!);
    }
  });

  test.each([
    ['its first lines', (lines: string[]) => lines.slice(0, -Math.ceil(lines.length / 3))],
    ['its last lines', (lines: string[]) => lines.slice(Math.ceil(lines.length / 2))],
  ])('only %s are there', async (_, part) => {
    for (const form of ['as a file', 'as literals joined by +', 'in # comments']) {
      const from = key.includes('Private-Lines') ? key.indexOf('Private-Lines') : 0;
      const kept = part(key.slice(from).trimEnd().split('\n')).join('\n');
      const text = FORMS[form]!(kept);
      const left = redact(text, await findSecrets(text));
      for (const secret of kept.match(BASE64) ?? []) expect(left).not.toContain(secret);
    }
  });
});

test('a line of another kind inside a key does not save the rest', async () => {
  const lines = KEYS['PKCS#8 RSA']!.split('\n');
  const text = [...lines.slice(0, 9), '    … 3 lines left out, see #k3fa …', ...lines.slice(12)].join('\n');
  const left = redact(text, await findSecrets(text));
  for (const secret of text.match(BASE64)!) expect(left).not.toContain(secret);
  expect(left).toContain('lines left out');
});

const BEGIN = ['-----BEGIN RSA', 'PRIVATE KEY-----'].join(' ');
const END = ['-----END RSA', 'PRIVATE KEY-----'].join(' ');
test.each([
  `if (text.startsWith('${BEGIN}')) return 'pem';`,
  `const pem = '${BEGIN}\\n' + body.match(/.{1,64}/g).join('\\n') + '\\n${END}';`,
  `\`${BEGIN}\\n\${process.env.PRIVATE_KEY_BODY}\\n${END}\``,
  `${BEGIN}\n...\n${END}`,
  `${BEGIN}\nMIIEpAIBAAKCAQEA...\n${END}`,
  `${BEGIN}\n<your private key here>\n${END}`,
  `${BEGIN}\n${'x'.repeat(64)}\n${END}`,
  `/${BEGIN}[\\s\\S]+?${END}/`,
  `${BEGIN.replace('RSA PRIVATE', 'PUBLIC')}\n${lines64(randomBytes(90))}\n${END.replace('RSA PRIVATE', 'PUBLIC')}`,
])('no key: %s', async (text) => expect(await findSecrets(text)).toEqual([]));
