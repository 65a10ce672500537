// Tests the release script: versions, the changelog, what is refused, and whole runs in a temporary repository.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isAbove, isPreRelease, refusals, releaseChangelog } from '../../../scripts/release.mjs';

const REPOSITORY = 'https://example.org/a/b';
const changelog = (entries: string) => `# Changelog

## [Unreleased]
${entries}
## [0.1.0] - 2026-01-01

### Added

- Everything.

[Unreleased]: ${REPOSITORY}/compare/v0.1.0...HEAD
[0.1.0]: ${REPOSITORY}/tree/v0.1.0
`;
const ENTRIES = '\n### Fixed\n\n- A fault.\n';

describe('versions', () => {
  test.each([
    ['0.2.0', '0.1.0', true],
    ['0.1.1', '0.1.0', true],
    ['1.0.0', '0.99.99', true],
    ['0.10.0', '0.9.0', true],
    ['0.1.0', '0.1.0', false],
    ['0.1.9', '0.2.0', false],
    ['0.9.0', '0.10.0', false],
  ])('%s above %s: %s', (a, b, above) => expect(isAbove(a, b)).toBe(above));
});

test.each([
  ['0.2.0', false],
  ['0.3.1', true],
  ['1.0.7', false],
  ['1.11.0', true],
])('%s is for the pre-release channel: %s', (version, pre) => expect(isPreRelease(version)).toBe(pre));

describe('the changelog', () => {
  test('"Unreleased" becomes the version and is empty again; the links follow', () => {
    expect(releaseChangelog(changelog(ENTRIES), '0.2.0', '2026-02-03')).toBe(`# Changelog

## [Unreleased]

## [0.2.0] - 2026-02-03

### Fixed

- A fault.

## [0.1.0] - 2026-01-01

### Added

- Everything.

[Unreleased]: ${REPOSITORY}/compare/v0.2.0...HEAD
[0.2.0]: ${REPOSITORY}/compare/v0.1.0...v0.2.0
[0.1.0]: ${REPOSITORY}/tree/v0.1.0
`);
  });

  test('that of this repository can be released once it has an entry', () => {
    const own = readFileSync('CHANGELOG.md', 'utf8');
    const next = releaseChangelog(own, '99.0.0', '2099-01-01');
    expect(next).toContain('\n## [99.0.0] - 2099-01-01\n');
    expect(next).toMatch(/^\[Unreleased\]: .*\/compare\/v99\.0\.0\.\.\.HEAD$/m);
    expect(next).toMatch(/^\[99\.0\.0\]: .*\.\.\.v99\.0\.0$/m);
    expect(next.length - own.length).toBeLessThan(200);
  });
});

describe('refusals', () => {
  const good = { current: '0.1.0', branch: 'main', status: '', tags: ['v0.1.0'], changelog: changelog(ENTRIES) };

  test('none for a version above the current one on a clean main', () => expect(refusals('0.2.0', good)).toEqual([]));

  test.each([
    ['no version', undefined, {}, /is no version/],
    ['a version of another form', '0.2.0-beta.1', {}, /is no version/],
    ['the current version', '0.1.0', {}, /not above/],
    ['a tag that exists', '0.2.0', { tags: ['v0.2.0'] }, /tag v0\.2\.0 exists/],
    ['another branch', '0.2.0', { branch: 'topic' }, /topic, not main/],
    ['no branch', '0.2.0', { branch: '' }, /detached, not main/],
    ['uncommitted changes', '0.2.0', { status: ' M README.md' }, /uncommitted changes:\n M README\.md/],
    ['an empty section', '0.2.0', { changelog: changelog('\n### Added\n') }, /nothing stands under "Unreleased"/],
    ['no section', '0.2.0', { changelog: changelog('').replace('## [Unreleased]\n', '') }, /nothing stands/],
    ['no link', '0.2.0', { changelog: changelog(ENTRIES).replace('...HEAD', '') }, /no compare link/],
  ])('%s', (_, version, state, reason) => {
    const reasons = refusals(version, { ...good, ...state });
    expect(reasons.join('\n')).toMatch(reason);
  });

  test('all reasons are given at once', () =>
    expect(refusals('0.1.0', { ...good, branch: 'topic', status: '?? x' })).toHaveLength(4));
});

describe('in a repository', () => {
  let dir: string;
  const env = {
    ...process.env,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@localhost',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@localhost',
  };
  const git = (...args: string[]) => spawnSync('git', args, { cwd: dir, env, encoding: 'utf8' }).stdout.trim();
  const release = (...args: string[]) =>
    spawnSync(process.execPath, [resolve('scripts/release.mjs'), ...args], { cwd: dir, env, encoding: 'utf8' });
  const read = (file: string) => readFileSync(join(dir, file), 'utf8');
  /** Commits a small package whose scripts only note their arguments. */
  const commit = (check = 'node note.cjs check') => {
    const scripts = { check, package: 'node note.cjs package', sbom: 'node note.cjs sbom' };
    const note = `require('fs').appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n')`;
    writeFileSync(join(dir, 'note.cjs'), note);
    const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
    writeFileSync(join(dir, 'package.json'), json({ name: 'a', version: '0.1.0', scripts }));
    writeFileSync(
      join(dir, 'package-lock.json'),
      json({ version: '0.1.0', packages: { '': { version: '0.1.0' }, b: {} } }),
    );
    writeFileSync(join(dir, 'CHANGELOG.md'), changelog(ENTRIES));
    writeFileSync(join(dir, '.gitignore'), 'calls\nout\n');
    git('add', '--all');
    git('commit', '--quiet', '-m', 'Start');
  };

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'namm-release-'));
    git('init', '--quiet', '--initial-branch', 'main');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test('a dry run names every step and changes nothing', () => {
    commit();
    const { status, stdout } = release('0.2.0', '--dry-run');
    expect(status).toBe(0);
    expect(stdout.match(/^Would: /gm)).toHaveLength(7);
    for (const word of ['0.1.0 -> 0.2.0', 'Unreleased', 'check', 'package -- --all', 'sbom', 'commit', 'tag -a v0.2.0'])
      expect(stdout).toContain(word);
    expect([git('status', '--porcelain', '--ignored'), git('tag'), git('log', '--format=%s')]).toEqual([
      '',
      '',
      'Start',
    ]);
  });

  test('a release sets the version everywhere, checks, packages, commits and tags', () => {
    commit();
    const { status, stderr } = release('0.2.0');
    expect([status, stderr]).toEqual([0, '']);
    expect(read('calls')).toBe('check\npackage --all\nsbom out/a-0.2.0.cdx.json\n');
    expect(JSON.parse(read('package.json')).version).toBe('0.2.0');
    expect(JSON.parse(read('package-lock.json'))).toEqual({
      version: '0.2.0',
      packages: { '': { version: '0.2.0' }, b: {} },
    });
    expect(read('CHANGELOG.md')).toContain('## [0.2.0] - ');
    expect([git('status', '--porcelain'), git('tag'), git('log', '--format=%s')]).toEqual([
      '',
      'v0.2.0',
      'Release 0.2.0\nStart',
    ]);
    expect(release('0.2.0').stderr).toMatch(/not above the current version, 0\.2\.0/);
  });

  test('a failed check leaves the tree as it was', () => {
    commit('node -e "process.exit(1)"');
    const { status, stderr } = release('0.2.0');
    expect(status).toBe(1);
    expect(stderr).toContain('Not released: npm run check failed');
    expect([git('status', '--porcelain'), git('tag'), git('log', '--format=%s')]).toEqual(['', '', 'Start']);
  });
});
