// One policy says which elision is meant, whoever asks.
import { describe, expect, test } from 'vitest';
import type { ElisionName } from '../../../src/core/elisionName';
import type { ElisionMatch } from '../../../src/elisions/elision';
import { IssuedElisions } from '../../../src/elisions/issued';
import { resolveElision, type ElisionScope } from '../../../src/elisions/resolve';

const match = (id: string, path: string, file?: string, sha256 = `${file ?? path}`): ElisionMatch => ({
  id,
  path,
  sha256,
  ...(file === undefined ? {} : { file }),
  expand: () => Promise.reject(new Error('not asked for')),
});

/** Newest first, as a store gives them. */
const store = (...all: readonly ElisionMatch[]) => ({
  matches: (name: ElisionName) =>
    Promise.resolve(
      all.filter((m) =>
        name.kind === 'id'
          ? m.id === name.id
          : Number(m.id.split(':')[1]) === name.line && (m.path === name.path || m.file === name.path),
      ),
    ),
});
const scope = (
  files: Readonly<Record<string, string>> = {},
  mayHave: ElisionScope['mayHave'] = () => true,
): ElisionScope => ({
  mayHave,
  locate: (path) => Promise.resolve(Object.hasOwn(files, path) ? files[path] : undefined),
  display: (m) => Promise.resolve(m.file ?? m.path),
});
const A = match('abcd:7', 'src/a.ts', '/one/src/a.ts');
const B = match('abcd:7', 'src/a.ts', '/two/src/a.ts');
const STDIN = match('wxyz:3', 'stdin');

describe('an id alone', () => {
  test('means its only file, the newest of it', async () => {
    const older = { ...A, sha256: 'older' };
    expect(await resolveElision({ id: '#abcd:7' }, store(A, older), scope())).toBe(A);
    expect(await resolveElision({ id: '//7… #abcd' }, store(A), scope())).toBe(A);
    expect(await resolveElision({ id: 'wxyz:3' }, store(STDIN, A), scope())).toBe(STDIN);
  });
  test('of several files means the one that lies here under the path that it was shown under', async () => {
    expect(await resolveElision({ id: 'abcd:7' }, store(B, A), scope({ 'src/a.ts': '/one/src/a.ts' }))).toBe(A);
  });
  test('of copies of one file under one path means the newest: they hold the same text', async () => {
    const copy = { ...A, file: '/three/src/a.ts' };
    expect(await resolveElision({ id: 'abcd:7' }, store(copy, A), scope())).toBe(copy);
  });
  test('of several files elsewhere is never guessed at', async () => {
    await expect(resolveElision({ id: 'abcd:7' }, store(B, A), scope())).rejects.toMatchObject({
      reason: 'ambiguousElision',
      detail: '/two/src/a.ts, /one/src/a.ts',
    });
  });
});

describe('with a path', () => {
  test('as shown, absolute, or with ./ in front', async () => {
    for (const path of ['src/a.ts', './src/a.ts', '/one/src/a.ts'])
      expect(await resolveElision({ id: 'abcd:7', path }, store(A), scope())).toBe(A);
    await expect(resolveElision({ id: 'abcd:7', path: 'src/b.ts' }, store(A), scope())).rejects.toMatchObject({
      reason: 'unknownElision',
    });
  });
  test('the line that a marker shows is enough', async () => {
    for (const id of ['7', '//7…', '# 7…'])
      expect(await resolveElision({ id, path: 'src/a.ts' }, store(A), scope())).toBe(A);
    expect(await resolveElision({ id: 'src/a.ts:7' }, store(A), scope())).toBe(A);
    await expect(resolveElision({ id: '//7…' }, store(A), scope())).rejects.toMatchObject({ reason: 'badRequest' });
  });
  test('a file that lies here is meant, not one of that name of another project', async () => {
    const here = scope({ 'src/a.ts': '/one/src/a.ts' });
    expect(await resolveElision({ id: 'src/a.ts:7' }, store(B, A), here)).toBe(A);
    await expect(resolveElision({ id: 'src/a.ts:7' }, store(B), here)).rejects.toMatchObject({
      reason: 'unknownElision',
    });
  });
});

test('what the caller may not have is unknown', async () => {
  const none = scope({}, () => false);
  await expect(resolveElision({ id: 'abcd:7' }, store(A), none)).rejects.toMatchObject({ reason: 'unknownElision' });
  expect(
    await resolveElision(
      { id: 'abcd:7' },
      store(B, A),
      scope({}, (m) => m === A),
    ),
  ).toBe(A);
});

test.each(['', 'no id', 'abcd', `${'x'.repeat(5000)}:7`])('%j is no id', async (id) => {
  await expect(resolveElision({ id }, store(A), scope())).rejects.toMatchObject({ reason: 'badRequest' });
});

test('what a process gave out is known by id, path and text, up to a bound', () => {
  const issued = new IssuedElisions();
  const file = (id: string) => ({ files: [{ path: 'a.ts', elisions: [{ id }] }] }) as never;
  issued.add(file('abcd:1'), ['hash']);
  expect(issued.has({ id: 'abcd:1', path: 'a.ts', sha256: 'hash' })).toBe(true);
  for (const other of [{ id: 'abcd:2' }, { path: 'b.ts' }, { sha256: 'other' }])
    expect(issued.has({ id: 'abcd:1', path: 'a.ts', sha256: 'hash', ...other })).toBe(false);
  for (let i = 0; i < 20_000; i++) issued.add(file(`abcd:${i + 2}`), ['hash']);
  expect(issued.has({ id: 'abcd:1', path: 'a.ts', sha256: 'hash' })).toBe(false);
  expect(issued.has({ id: 'abcd:20001', path: 'a.ts', sha256: 'hash' })).toBe(true);
});
