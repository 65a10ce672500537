// Tests how a path with wildcards is read.
import { expect, test } from 'vitest';
import { matches, matchesItself, splitGlob, withoutBraces } from '../../../src/files/globs';

test('a path with wildcards is a folder and a glob from there', () => {
  expect(splitGlob('src/**/*.ts')).toEqual({ folder: 'src', glob: '/**/*.ts' });
  expect(splitGlob('*.ts')).toEqual({ folder: '.', glob: '/*.ts' });
  expect(splitGlob('/*.ts')).toEqual({ folder: '/', glob: '/*.ts' });
  expect(splitGlob('C:/*.ts')).toEqual({ folder: 'C:/', glob: '/*.ts' });
  expect(splitGlob('C:/a/[bc].ts')).toEqual({ folder: 'C:/a', glob: '/[bc].ts' });
  expect(splitGlob('src/a[b.ts')).toBeUndefined();
});

test('a glob of a path means the path itself, one of .gitignore also what is below', () => {
  expect([matchesItself('/*', 'a.ts'), matchesItself('/*', 'a/b.ts'), matches(['/*'], 'a/b.ts')]).toEqual([
    true,
    false,
    true,
  ]);
  expect([matchesItself('/**/*.ts', 'a.ts'), matchesItself('/**/*.ts', 'a/b/c.ts')]).toEqual([true, true]);
  expect([matchesItself('/a/**', 'a/b/c.ts'), matchesItself('/a/**', 'b/c.ts')]).toEqual([true, false]);
});

test('braces are alternatives, at most a hundred', () => {
  expect(withoutBraces(['a.{ts,tsx}', '{b}'])).toEqual(['a.ts', 'a.tsx', '{b}']);
  expect(withoutBraces(['{a,b}'.repeat(20)])).toHaveLength(100);
});
