// No path leads out of the root folders.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Roots } from '../../../../src/node/mcp/roots';

let dir: string;
const at = (...parts: string[]): string => join(dir, ...parts);
beforeAll(() => {
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'namm-roots-')));
  for (const d of ['one/src', 'two/src', 'one-more', 'outside']) mkdirSync(at(d), { recursive: true });
  for (const f of [
    'one/src/a.ts',
    'one/src/both.ts',
    'two/src/both.ts',
    'two/src/b.ts',
    'one-more/c.ts',
    'outside/secret.ts',
  ])
    writeFileSync(at(f), 'x\n');
  symlinkSync(at('outside/secret.ts'), at('one/link.ts'));
  symlinkSync(at('outside'), at('one/linked'));
  symlinkSync(at('one/src/a.ts'), at('one/inside.ts'));
  symlinkSync(at('one'), at('alias'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('one root', () => {
  const one = (): Roots => new Roots([at('one')]);
  test.each(['src/a.ts', './src/a.ts', 'src/../src/a.ts', 'inside.ts'])('%s is inside', async (path) =>
    expect(await one().place(path)).toEqual({ file: at('one/src/a.ts'), root: at('one'), prefix: '' }),
  );
  test('so are its full path, its URI, and itself', async () => {
    expect((await one().place(at('one/src/a.ts'))).file).toBe(at('one/src/a.ts'));
    expect((await one().place(pathToFileURL(at('one/src/a.ts')).href)).file).toBe(at('one/src/a.ts'));
    expect((await one().place('.')).file).toBe(at('one'));
  });
  test('a root that is a link is what it shows', async () => {
    expect((await new Roots([at('alias')]).place('src/a.ts')).file).toBe(at('one/src/a.ts'));
    expect((await new Roots([at('alias')]).place(at('alias/src/a.ts'))).file).toBe(at('one/src/a.ts'));
  });
  test.each([
    ['../outside/secret.ts', 'outside'],
    ['src/../../outside/secret.ts', 'outside'],
    ['../outside/not-there.ts', 'outside'], // whether it exists is not told
    ['../one-more/c.ts', 'outside'],
    ['/etc/passwd', 'outside'],
    ['file:///etc/passwd', 'outside'],
    ['link.ts', 'outside'],
    ['linked/secret.ts', 'outside'],
    ['//server/share/a.ts', 'network'],
    ['\\\\server\\share\\a.ts', 'network'],
    ['\\\\?\\C:\\a.ts', 'network'],
    ['file://server/share/a.ts', 'network'],
    ['src/a.ts\0.png', 'characters'],
    ['file:///a%00b', 'characters'],
    ['', 'characters'],
    ['a/'.repeat(5000), 'characters'],
  ])('%j is refused: %s', async (path, reason) =>
    expect(one().place(path)).rejects.toMatchObject({ name: 'PathRefused', reason }),
  );
  test('what is missing inside says so', async () =>
    expect(one().place('src/none.ts')).rejects.toMatchObject({ reason: 'notFound' }));
});

describe('several roots', () => {
  const roots = (): Roots => new Roots([at('one'), at('two'), at('gone')]);
  test('a path that only one has, and one that both have', async () => {
    expect(await roots().place('src/b.ts')).toEqual({ file: at('two/src/b.ts'), root: at('two'), prefix: 'two/' });
    await expect(roots().place('src/both.ts')).rejects.toMatchObject({ reason: 'ambiguous' });
    expect((await roots().place('two/src/both.ts')).file).toBe(at('two/src/both.ts'));
  });
});

test('roots of one name are told apart by the folders above, in what is shown and in what is asked for', async () => {
  for (const of of ['one', 'two']) {
    mkdirSync(at(`${of}/lib`), { recursive: true });
    writeFileSync(at(`${of}/lib/x.ts`), of);
  }
  const roots = new Roots([at('one/lib'), at('two/lib')]);
  expect(await roots.place('two/lib/x.ts')).toEqual({
    file: at('two/lib/x.ts'),
    root: at('two/lib'),
    prefix: 'two/lib/',
  });
  expect((await roots.place(at('one/lib/x.ts'))).prefix).toBe('one/lib/');
  await expect(roots.place('x.ts')).rejects.toMatchObject({ reason: 'ambiguous' });
});

test('the whole disk and the home folder are no working folder; then nothing is read', async () => {
  for (const cwd of ['/', homedir()])
    await expect(Roots.ofWorkingFolder(cwd).place('etc/passwd')).rejects.toMatchObject({ reason: 'noRoot' });
  expect((await Roots.ofWorkingFolder(at('one')).place('src/a.ts')).file).toBe(at('one/src/a.ts'));
  expect(Roots.ofUris([pathToFileURL(at('one')).href, 'https://example.com/', 'file://%']).folders).toEqual([
    at('one'),
  ]);
});
