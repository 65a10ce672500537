// Tests the check of a packaged extension: a real .vsix is read, and what would not resolve is found.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkPackage, filesOf } from '../../../scripts/vsix.mjs';

const REPOSITORY = 'https://example.org/a/b';
const folder = mkdtempSync(join(tmpdir(), 'namm-vsix-'));
afterAll(() => rmSync(folder, { recursive: true }));

const manifest = (more: object = {}) => ({
  name: 'tried',
  publisher: 'nobody',
  version: '0.2.0',
  engines: { vscode: '^1.90.0' },
  repository: { type: 'git', url: `${REPOSITORY}.git` },
  main: './dist/main.js',
  activationEvents: ['onStartupFinished'],
  icon: 'media/icon.png',
  displayName: '%name%',
  ...more,
});
const packageOf = (files: Readonly<Record<string, string>>): Map<string, Buffer> =>
  new Map(
    Object.entries({
      'package.json': JSON.stringify(manifest()),
      'package.nls.json': '{"name":"Tried"}',
      'dist/main.js': '',
      'media/icon.png': 'x',
      'readme.md': `# Tried\n\n[more](${REPOSITORY}/blob/HEAD/a.md)\n`,
      ...files,
    }).map(([path, text]) => [path, Buffer.from(text)]),
  );

test('everything is there', () => {
  expect(checkPackage(packageOf({}))).toEqual({ faults: [], links: [`${REPOSITORY}/blob/HEAD/a.md`] });
});

test.each([
  [{ 'package.json': JSON.stringify(manifest({ main: './dist/other' })) }, 'package.json names dist/other'],
  [
    { 'package.json': JSON.stringify(manifest({ contributes: { walkthroughs: [{ image: 'media/no.png' }] } })) },
    'package.json names media/no.png',
  ],
  [{ 'package.nls.json': '{}' }, 'package.nls.json lacks name'],
  [{ 'readme.md': '![x](media/icon.png)' }, 'picture media/icon.png'],
  [{ 'readme.md': '[x](https://example.com/)' }, 'link https://example.com/'],
])('%j', (files, fault) => expect(checkPackage(packageOf(files)).faults).toEqual([fault]));

test('a package as vsce makes it is read', async () => {
  for (const [path, bytes] of packageOf({ LICENSE: 'x' })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
  const vsce = createRequire(import.meta.url).resolve('@vscode/vsce/vsce');
  execFileSync(process.execPath, [vsce, 'package', '--out', 'tried.vsix'], { cwd: folder, stdio: 'pipe' });
  const files = await filesOf(join(folder, 'tried.vsix'));
  expect(files.get('media/icon.png')?.toString()).toBe('x');
  expect(checkPackage(files).faults).toEqual([]);
});
