// Tests that a change of a folder affects the files in it and no others.
import { expect, test } from 'vitest';
import type { Uri } from 'vscode';
import { isWithin, uriAfterRename } from '../../../extension/platform/renamedFiles';

const uri = (path: string, scheme = 'file', authority = ''): Uri =>
  ({ scheme, authority, path, with: (c: { path: string }) => uri(c.path, scheme, authority) }) as unknown as Uri;

test('a file lies within itself and its folders, not within one whose name begins alike or that lies elsewhere', () => {
  const file = uri('/w/lib/a.ts');
  for (const place of ['/w/lib/a.ts', '/w/lib', '/w']) expect(isWithin(file, uri(place)), place).toBe(true);
  for (const place of [
    uri('/w/li'),
    uri('/w/lib/a'),
    uri('/w/lib/a.ts/b'),
    uri('/w/lib', 'memfs'),
    uri('/w/lib', 'file', 'host'),
  ])
    expect(isWithin(file, place), place.path).toBe(false);
});

test('a renamed folder takes its files along', () => {
  const renamed = [{ oldUri: uri('/w/lib'), newUri: uri('/w/src/lib') }];
  expect(uriAfterRename(uri('/w/lib/deep/a.ts'), renamed)?.path).toBe('/w/src/lib/deep/a.ts');
  expect(uriAfterRename(uri('/w/lib'), renamed)?.path).toBe('/w/src/lib');
  expect(uriAfterRename(uri('/w/library/a.ts'), renamed)).toBeUndefined();
});
