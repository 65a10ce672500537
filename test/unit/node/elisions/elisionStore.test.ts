// An elision comes back exactly or is refused, and only the owner can read the store.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CompressedContext, CompressedFile } from '../../../../src/core/context';
import { wholeText, type ExpandedElision } from '../../../../src/elisions/elision';
import { resolveElision } from '../../../../src/elisions/resolve';
import { OWN_SCOPE } from '../../../../src/node/library/ownSession';
import { ElisionStore, STORE_LIMITS } from '../../../../src/node/elisions/elisionStore';

const TEXT = '\uFEFFone\r\ntwo 😀\nthree\nfour\n';
const CUT = { start: TEXT.indexOf('two'), end: TEXT.indexOf('four') };
let dir: string;
let state: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'namm-store-'));
  state = join(dir, 'state');
});
afterEach(() => rmSync(dir, { recursive: true }));

const file = (path: string, ...ids: string[]): CompressedFile => ({
  path,
  languageId: 'go',
  recipientTokens: { before: 9, after: 3 },
  text: '',
  spans: [],
  elisions: ids.map((tag) => ({ id: `${tag}:2`, ...CUT, line: 2, lines: 2, recipientTokens: 6, marker: '' })),
});
const context = (...files: CompressedFile[]): CompressedContext => ({ files }) as unknown as CompressedContext;
const onDisk = (name: string, text = TEXT): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
/** As the command line does. */
const expand = async (store: ElisionStore, id: string, path?: string): Promise<ExpandedElision> =>
  (await resolveElision({ id, path }, store, OWN_SCOPE)).expand();
const put = (store: ElisionStore, path: string, id: string, absolute?: string): Promise<void> =>
  store.put(context(file(path, id)), [wholeText(TEXT, absolute)]);

test('text on disk comes back by path, hash and span; the store holds none of it', async () => {
  const store = new ElisionStore(state);
  const a = onDisk('a.go');
  await put(store, 'a.go', 'abcd', a);
  expect(await expand(store, '#abcd:2')).toMatchObject({
    path: 'a.go',
    languageId: 'go',
    file: a,
    startLine: 2,
    endLine: 3,
    text: 'two 😀\nthree\n',
  });
  expect(readFileSync(join(state, 'elisions.json'), 'utf8')).not.toContain('three');
  expect(await expand(new ElisionStore(state), 'abcd:2')).toMatchObject({ startLine: 2 });
});

test('text that is not on disk is kept, with its lines', async () => {
  const store = new ElisionStore(state);
  await put(store, 'stdin', 'abcd');
  expect(await expand(store, 'abcd:2')).toMatchObject({
    path: 'stdin',
    startLine: 2,
    endLine: 3,
    text: 'two 😀\nthree\n',
  });
});

test('a part of a text stands in all of it, where a credential may begin before the part', async () => {
  const store = new ElisionStore(state);
  await store.put(context(file('a.go#L1-L3', 'abcd')), [{ ...wholeText(`key\n${TEXT}`), start: 'key\n'.length }]);
  const { text, source } = await expand(store, 'abcd:2');
  expect(text).toBe('two 😀\nthree\n');
  expect(source).toEqual({ text: `key\n${TEXT}`, start: 'key\n'.length + CUT.start, end: 'key\n'.length + CUT.end });
});

test('two files that are shown under one path are two', async () => {
  const store = new ElisionStore(state);
  const [a, b] = [onDisk('a.go'), onDisk('b.go', TEXT.replace('three', 'other'))];
  await store.put(context(file('src/x.go', 'aaaa'), file('src/x.go', 'bbbb')), [
    wholeText(TEXT, a),
    wholeText(readFileSync(b, 'utf8'), b),
  ]);
  expect(await expand(store, 'aaaa:2')).toMatchObject({ file: a, text: 'two 😀\nthree\n' });
  expect(await expand(store, 'bbbb:2')).toMatchObject({ file: b, text: 'two 😀\nother\n' });
});

test('a path and a line mean the file that lies there, not one of that name of another project', async () => {
  const store = new ElisionStore(state);
  const [mine, other] = [onDisk('mine.go'), onDisk('other.go', TEXT.replace('three', 'other'))];
  const shown = relative(process.cwd(), mine);
  const theirs = (): Promise<void> =>
    store.put(context(file(shown, 'bbbb')), [wholeText(readFileSync(other, 'utf8'), other)]);
  await theirs();
  await expect(expand(store, `${shown}:2`)).rejects.toMatchObject({ reason: 'unknownElision' });
  expect(await expand(store, 'bbbb:2')).toMatchObject({ file: other });
  await store.put(context(file('gone/x.go', 'cccc'), file('gone/x.go', 'dddd')), [
    wholeText(TEXT, mine),
    wholeText(readFileSync(other, 'utf8'), other),
  ]);
  await expect(expand(store, 'gone/x.go:2')).rejects.toMatchObject({
    reason: 'ambiguousElision',
    detail: `${other}, ${mine}`,
  });
  await put(store, shown, 'aaaa', mine);
  await theirs(); // the newest
  expect(await expand(store, `${shown}:2`)).toMatchObject({ file: mine });
});

test('a line of a notebook is never guessed at: it may be that of several cells', async () => {
  const store = new ElisionStore(state);
  const notebook = onDisk('n.ipynb', '{}');
  const other = TEXT.replace('three', 'other');
  const cell = (text: string, home = notebook) => ({ ...wholeText(text), home });
  await store.put(context(file('n.ipynb#cell-2', 'aaaa'), file('n.ipynb#cell-5', 'bbbb')), [cell(TEXT), cell(other)]);
  await expect(expand(store, `${notebook}:2`)).rejects.toMatchObject({
    reason: 'ambiguousElision',
    detail: `${notebook}#cell-5, ${notebook}#cell-2`,
  });
  for (const path of ['n.ipynb', notebook]) {
    expect(await expand(store, `${path}#cell-2:2`)).toMatchObject({ text: 'two 😀\nthree\n' });
    expect(await expand(store, `${path}#cell-5:3`)).toMatchObject({ text: 'two 😀\nother\n' });
  }
  await store.put(context(file('n.ipynb#cell-2', 'cccc')), [cell(other)]); // of a cell the newest version counts
  expect(await expand(store, 'n.ipynb#cell-2:2')).toMatchObject({ text: 'two 😀\nother\n' });
});

test('a cell of a notebook that lies here is meant, not one of that name of another project', async () => {
  const store = new ElisionStore(state);
  const mine = onDisk('n.ipynb', '{}');
  const shown = `${relative(process.cwd(), mine)}#cell-1`;
  await store.put(context(file(shown, 'aaaa')), [{ ...wholeText(TEXT), home: mine }]);
  await store.put(context(file(shown, 'bbbb')), [{ ...wholeText('x'.repeat(99)), home: '/gone/n.ipynb' }]);
  expect(await expand(store, `${shown}:2`)).toMatchObject({ text: 'two 😀\nthree\n' });
});

test('of a changed file a line means the newest version, around it if it begins no elision there', async () => {
  const store = new ElisionStore(state);
  const a = onDisk('a.go');
  await put(store, 'a.go', 'abcd', a); // lines 2 and 3
  const changed = `new\n${TEXT}`;
  writeFileSync(a, changed);
  const wider = { id: 'efgh:1', start: 0, end: changed.length, line: 1, lines: 5, recipientTokens: 6, marker: '' };
  await store.put(context({ ...file('a.go'), elisions: [wider] }), [wholeText(changed, a)]);
  expect(await expand(store, `${a}:2`)).toMatchObject({ startLine: 1, text: changed });
});

test('a changed file is stale, a removed one not found, a foreign id unknown', async () => {
  const store = new ElisionStore(state);
  const a = onDisk('a.go');
  await put(store, 'a.go', 'abcd', a);
  writeFileSync(a, `${TEXT}\n`);
  await expect(expand(store, 'abcd:2')).rejects.toMatchObject({ reason: 'elisionStale' });
  rmSync(a);
  await expect(expand(store, 'abcd:2')).rejects.toMatchObject({ reason: 'notFound' });
  await expect(expand(store, 'zzzz:2')).rejects.toMatchObject({ reason: 'unknownElision' });
});

test('one id in two files: the newest, or the one that is asked for', async () => {
  const store = new ElisionStore(state);
  const [a, b] = [onDisk('a.go'), onDisk('b.go')];
  await put(store, 'a.go', 'abcd', a);
  await put(store, 'b.go', 'abcd', b);
  const newest = async (): Promise<string> => (await store.matches({ kind: 'id', id: 'abcd:2' }))[0]!.path;
  expect(await newest()).toBe('b.go');
  await expect(expand(store, 'abcd:2')).rejects.toMatchObject({ reason: 'ambiguousElision', detail: `${b}, ${a}` });
  expect((await expand(store, 'abcd:2', 'a.go')).path).toBe('a.go');
  expect((await expand(store, 'abcd:2', a)).path).toBe('a.go');
  await put(store, 'a.go', 'abcd', a); // young again
  expect(await newest()).toBe('a.go');
});

test.each(['on disk', 'not on disk'])(
  'one id from two results of one text, %s: all that either left out',
  async (where) => {
    const store = new ElisionStore(state);
    const absolute = where === 'on disk' ? onDisk('a.go') : undefined;
    const cut = (start: string, end: string, lines: number): Promise<void> => {
      const f = file('a.go', 'abcd');
      const elisions = f.elisions.map((e) => ({ ...e, start: TEXT.indexOf(start), end: TEXT.indexOf(end), lines }));
      return store.put(context({ ...f, elisions }), [wholeText(TEXT, absolute)]);
    };
    await cut('😀', 'four', 2);
    await cut('two', 'three', 1); // a larger budget begins the hole elsewhere on its line, and ends it sooner
    const found = await expand(store, 'abcd:2');
    expect(found).toMatchObject({ startLine: 2, endLine: 3, text: 'two 😀\nthree\n', united: true });
    await cut('two', 'four', 2);
    expect(await expand(store, 'abcd:2')).not.toHaveProperty('united'); // the last one stands for all of it itself
  },
);

describe('bounds', () => {
  test('the oldest entries go first', async () => {
    const store = new ElisionStore(state, { ...STORE_LIMITS, entries: 2 });
    for (const id of ['aaaa', 'bbbb', 'cccc']) await put(store, 'stdin', id);
    await expect(expand(store, 'aaaa:2')).rejects.toMatchObject({ reason: 'unknownElision' });
    expect(await expand(store, 'bbbb:2')).toBeTruthy();
  });

  test('the units count, and one giant does not push the others out', async () => {
    const store = new ElisionStore(state, { ...STORE_LIMITS, units: 800 });
    for (const id of ['aaaa', 'bbbb', 'cccc']) await put(store, 'stdin', id);
    await expect(expand(store, 'aaaa:2')).rejects.toMatchObject({ reason: 'unknownElision' });
    const text = 'y'.repeat(5000);
    const giant = {
      ...file('big', 'dddd'),
      elisions: [{ id: 'dddd:2', start: 0, end: 5000, line: 2, lines: 1, recipientTokens: 1, marker: '' }],
    };
    await store.put(context(giant), [wholeText(text)]);
    await expect(expand(store, 'dddd:2')).rejects.toMatchObject({ reason: 'unknownElision' });
    expect(await expand(store, 'cccc:2')).toBeTruthy();
  });
});

test.each([
  '',
  '{',
  'null',
  '[]',
  '{"version":2,"entries":[null,{"id":"abcd"},7]}',
  '{"version":1,"entries":[]}',
  '{"version":4,"entries":[null,{"id":"abcd"},7],"texts":null}',
  '{"version":4,"entries":[null,{"id":"abcd"},7],"texts":{}}',
  '\0\0',
])('a damaged store (%j) starts afresh', async (bytes) => {
  const store = new ElisionStore(state);
  await put(store, 'stdin', 'aaaa');
  writeFileSync(join(state, 'elisions.json'), bytes);
  await expect(expand(store, 'abcd:2')).rejects.toMatchObject({ reason: 'unknownElision' });
  await put(store, 'stdin', 'bbbb');
  expect(await expand(store, 'bbbb:2')).toBeTruthy();
});

test('a file of that name that is no store stays, under another name', async () => {
  const store = new ElisionStore(state);
  mkdirSync(state);
  writeFileSync(join(state, 'elisions.json'), '["mine"]');
  await put(store, 'stdin', 'bbbb');
  const [aside] = readdirSync(state).filter((name) => name !== 'elisions.json');
  expect(aside).toMatch(/^elisions\.json\.\d+\.damaged$/);
  expect(readFileSync(join(state, aside!), 'utf8')).toBe('["mine"]');
  expect(await expand(store, 'bbbb:2')).toBeTruthy();
});

// The superuser may read everything.
test.skipIf(!process.getuid || process.getuid() === 0)('a store that cannot be read for now is kept', async () => {
  const store = new ElisionStore(state);
  await put(store, 'stdin', 'aaaa');
  const path = join(state, 'elisions.json');
  chmodSync(path, 0);
  await expect(put(store, 'stdin', 'bbbb')).rejects.toMatchObject({ reason: 'unreadable' });
  await expect(expand(store, 'aaaa:2')).rejects.toMatchObject({ reason: 'unknownElision' });
  expect(readdirSync(state)).toEqual(['elisions.json']);
  chmodSync(path, 0o600);
  expect(await expand(store, 'aaaa:2')).toBeTruthy();
});

test('a stored text that was changed is refused', async () => {
  const store = new ElisionStore(state);
  await put(store, 'stdin', 'aaaa');
  const path = join(state, 'elisions.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('three', 'other'));
  await expect(expand(store, 'aaaa:2')).rejects.toMatchObject({ reason: 'elisionDamaged', detail: 'stdin' });
});

test.each(['', 'h', '__proto__', 7, null])('an entry with the hash %j is forgotten', async (sha256) => {
  const store = new ElisionStore(state);
  await put(store, 'stdin', 'aaaa');
  const path = join(state, 'elisions.json');
  const { entries, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
  const texts = JSON.parse(`{ ${JSON.stringify(String(sha256))}: "x" }`);
  writeFileSync(path, JSON.stringify({ ...rest, texts, entries: [{ ...entries[0], sha256 }] }));
  await expect(expand(store, 'aaaa:2')).rejects.toMatchObject({ reason: 'unknownElision' });
});

describe.skipIf(process.platform === 'win32')('what is no file is neither waited for nor replaced', () => {
  test('the store itself', async () => {
    mkdirSync(state);
    execFileSync('mkfifo', [join(state, 'elisions.json')]);
    const store = new ElisionStore(state);
    await expect(put(store, 'stdin', 'aaaa')).rejects.toMatchObject({ reason: 'unreadable' });
    await expect(expand(store, 'aaaa:2')).rejects.toMatchObject({ reason: 'unknownElision' });
    expect(statSync(join(state, 'elisions.json')).isFIFO()).toBe(true);
  });

  test('a file that an elision was taken from', async () => {
    const store = new ElisionStore(state);
    const a = onDisk('a.go');
    await put(store, 'a.go', 'abcd', a);
    rmSync(a);
    execFileSync('mkfifo', [a]);
    await expect(expand(store, 'abcd:2')).rejects.toMatchObject({ reason: 'unreadable', detail: 'a.go' });
  });
});

test.skipIf(process.platform === 'win32')(
  'only the owner can read it; a folder that was there before keeps its permissions',
  async () => {
    const store = new ElisionStore(state);
    await put(store, 'stdin', 'aaaa');
    expect(statSync(state).mode & 0o777).toBe(0o700);
    chmodSync(state, 0o755);
    await put(store, 'stdin', 'bbbb');
    expect(statSync(state).mode & 0o777).toBe(0o755);
    expect(statSync(join(state, 'elisions.json')).mode & 0o777).toBe(0o600);
  },
);

test('many writers at once lose nothing and leave nothing behind', async () => {
  const ids = Array.from({ length: 12 }, (_, i) => `id${'abcdefghijkl'[i]}a`);
  await Promise.all(ids.map((id) => put(new ElisionStore(state), 'stdin', id)));
  for (const id of ids) expect(await expand(new ElisionStore(state), `${id}:2`)).toBeTruthy();
  expect(readdirSync(state)).toEqual(['elisions.json']);
});

test('the lock of a dead writer holds nobody up for long', async () => {
  const store = new ElisionStore(state);
  await put(store, 'stdin', 'aaaa');
  const lock = join(state, 'elisions.json.lock');
  writeFileSync(lock, '');
  utimesSync(lock, new Date(0), new Date(0));
  await put(store, 'stdin', 'bbbb');
  expect(existsSync(lock)).toBe(false);
});
