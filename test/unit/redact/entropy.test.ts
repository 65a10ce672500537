// Tests the option that finds values which only look random.
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { wholeText } from '../../../src/elisions/elision';
import { guardPart } from '../../../src/redact/guard';
import { findSecrets } from '../../../src/redact/secrets';

const MIXED = 'zQ7wR2tY9uP4sD6fG1hJ3kL5xC8vB0nM';
const HEX = createHash('sha256').update('a value of no provider').digest('hex');
const found = async (text: string): Promise<string[]> =>
  (await findSecrets(text, { entropy: true })).map((s) => text.slice(s.start, s.end));

test('it is off unless it is asked for', async () => {
  expect(await findSecrets(`const seed = "${MIXED}";`)).toEqual([]);
  const { value, found } = await guardPart('a.ts', wholeText(`x\nseed = "${MIXED}"`), 'redact', { entropy: true });
  expect(value).toBe('x\nseed = "[redacted: random value]"');
  expect(found).toEqual([{ path: 'a.ts', kind: 'random value', line: 2 }]);
});

test.each([
  [`const seed = "${MIXED}";`, MIXED],
  [`SESSION=${MIXED}\n`, MIXED],
  [`"client_secret": "${HEX}"`, HEX],
  [`SECRET_KEY_BASE=${HEX}`, HEX],
  [`config['token'] = '${HEX}'`, HEX],
])('%s', async (text, value) => expect(await found(text)).toEqual([value]));

describe('what does not look random, or is a checksum', () => {
  test.each([
    `const digest = "${HEX}";`,
    `"integrity": "sha512-${randomBytes(64).toString('base64')}"`,
    `"integrity": "sha256-${randomBytes(32).toString('base64')}"`,
    `golang.org/x/net v0.1.0 h1:${randomBytes(32).toString('base64')}`,
    'import { createUserWithEmailAndPassword2FA } from "./thing";',
    'https://github.com/ReactiveX/RxJS/commit/9f3c2d1a7b6e5f4c',
    'A_0_parameter_must_be_the_first_parameter_2680',
    'src/components/ButtonGroup2/ButtonGroupContext/index',
    'handleAuthenticationCallbackFromProviderV2Legacy',
    `key = "${'a1'.repeat(16)}"`,
    `data:image/png;base64,${randomBytes(300).toString('base64')}`,
    '123e4567-e89b-12d3-a456-426614174000',
  ])('%s', async (text) => expect(await found(text)).toEqual([]));
});
