// Without a clear answer of the client about its folders, nothing is read.
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { ClientRoots } from '../../../../src/node/mcp/clientRoots';

const A = pathToFileURL('/a').href;
const B = pathToFileURL('/b').href;
const UNKNOWN = { name: 'PathRefused', reason: 'rootsUnknown' };

interface Answer<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** A client whose answers come when the test says. */
function client(waitMs?: number) {
  const asked: Answer<readonly unknown[]>[] = [];
  const roots = new ClientRoots(() => {
    const answer = promised<readonly unknown[]>();
    asked.push(answer);
    return answer.promise;
  }, waitMs);
  const folders = async (): Promise<readonly string[]> => (await roots.current()).folders;
  return { asked, roots, folders };
}

function promised<T>(): Answer<T> {
  let resolve!: Answer<T>['resolve'];
  let reject!: Answer<T>['reject'];
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}

test('the folders that it lists, asked for once', async () => {
  const { asked, folders } = client();
  const first = folders();
  asked[0]!.resolve([A]);
  expect(await first).toEqual(['/a']);
  expect(await folders()).toEqual(['/a']);
  expect(asked).toHaveLength(1);
});

test('what is no address of a folder here is left out, and the others count', async () => {
  const { asked, folders } = client();
  const first = folders();
  asked[0]!.resolve(['https://example.com/', A, 'untitled:x', 7, null, 'file://server/share', 'file://%', '']);
  expect(await first).toEqual(['/a']);
});

test('a late answer refuses the calls before it, and counts for those after it', async () => {
  const { asked, folders } = client(1);
  await Promise.all([folders(), folders()].map((call) => expect(call).rejects.toMatchObject(UNKNOWN)));
  expect(asked).toHaveLength(1); // it is not asked again while a call still waits
  asked[0]!.resolve([A]);
  await new Promise((resolve) => setImmediate(resolve));
  expect(await folders()).toEqual(['/a']);
  expect(asked).toHaveLength(1);
});

test('a client whose answer is lost is asked again by the next call', async () => {
  const { asked, folders } = client(1);
  await expect(folders()).rejects.toMatchObject(UNKNOWN);
  const second = folders();
  expect(asked).toHaveLength(2);
  asked[1]!.resolve([B]);
  expect(await second).toEqual(['/b']);
  asked[0]!.resolve([A]); // it was not lost, but nobody waits for it
  expect(await folders()).toEqual(['/b']);
  expect(asked).toHaveLength(2);
});

test('of two questions the first answer counts, and an error of the first does not undo the second', async () => {
  const { asked, folders } = client(1);
  await expect(folders()).rejects.toMatchObject(UNKNOWN);
  const second = folders();
  asked[0]!.resolve([A]);
  expect(await second).toEqual(['/a']);
  const other = client(1);
  await expect(other.folders()).rejects.toMatchObject(UNKNOWN);
  const third = other.folders();
  other.asked[0]!.reject(new Error('late'));
  other.asked[1]!.resolve([B]);
  expect(await third).toEqual(['/b']);
});

test('an error refuses the call, and the next call asks again', async () => {
  const { asked, folders } = client();
  const first = folders();
  asked[0]!.reject(new Error('not now'));
  await expect(first).rejects.toMatchObject({ ...UNKNOWN, path: 'not now' });
  const second = folders();
  asked[1]!.resolve([B]);
  expect(await second).toEqual(['/b']);
});

test('after a change only the new answer counts, also for a call that waits', async () => {
  const { asked, roots, folders } = client();
  const first = folders();
  roots.changed();
  asked[0]!.resolve([A]);
  await new Promise((resolve) => setImmediate(resolve));
  asked[1]!.resolve([B]);
  expect(await first).toEqual(['/b']);
  roots.changed();
  const next = folders();
  asked[2]!.reject(new Error('gone'));
  await expect(next).rejects.toMatchObject(UNKNOWN);
});

test('an error that comes after a change does not undo the new answer', async () => {
  const { asked, roots, folders } = client(1);
  await expect(folders()).rejects.toMatchObject(UNKNOWN);
  roots.changed();
  const second = folders();
  asked[1]!.resolve([B]);
  expect(await second).toEqual(['/b']);
  asked[0]!.reject(new Error('late'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(await folders()).toEqual(['/b']);
  expect(asked).toHaveLength(2);
});
