// Makes a release: version, changelog, checks, packages of every platform, bill of materials, commit, tag. Pushes nothing.
// Usage: npm run release -- 0.2.0 [--dry-run]
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/; // the marketplace takes no pre-release suffix
const UNRELEASED = /^## \[Unreleased\]\n(.*?)(?=^## \[|^\[)/ms;
const LINK = /^\[Unreleased\]: (.*\/compare\/)(.*)\.\.\.HEAD$/m;
const CHANGED = ['package.json', 'package-lock.json', 'CHANGELOG.md'];

/** Whether version `a` comes after version `b`; both like 1.2.3. */
export function isAbove(a, b) {
  const [left, right] = [a, b].map((v) => v.split('.').map(Number));
  const differs = left.findIndex((n, i) => n !== right[i]);
  return differs >= 0 && left[differs] > right[differs];
}

/**
 * Whether a version is for the pre-release channel. A gallery takes no suffix such as `-beta`; it asks for even minor numbers
 * for releases, and odd ones for pre-releases: https://code.visualstudio.com/api/working-with-extensions/publishing-extension#prerelease-extensions
 */
export function isPreRelease(version) {
  return Number(version.split('.')[1]) % 2 === 1;
}

/**
 * Moves "Unreleased" of a changelog (Keep a Changelog 1.1.0) to a version, and makes the compare links follow.
 * @param date like 2026-12-01
 */
export function releaseChangelog(changelog, version, date) {
  return changelog
    .replace('## [Unreleased]\n', `## [Unreleased]\n\n## [${version}] - ${date}\n`)
    .replace(LINK, `[Unreleased]: $1v${version}...HEAD\n[${version}]: $1$2...v${version}`);
}

/**
 * Why a version may not be released now; empty if it may.
 * @param state `current` version, `branch`, `status` of the tree as `git status --porcelain` prints it, `tags`, `changelog`
 */
export function refusals(version, { current, branch, status, tags, changelog }) {
  const wellFormed = VERSION.test(version ?? '');
  const entries = UNRELEASED.exec(changelog)?.[1];
  return [
    !wellFormed && `"${version ?? ''}" is no version like 1.2.3`,
    wellFormed && !isAbove(version, current) && `${version} is not above the current version, ${current}`,
    wellFormed && tags.includes(`v${version}`) && `the tag v${version} exists`,
    branch !== 'main' && `the branch is ${branch || 'detached'}, not main`,
    status && `there are uncommitted changes:\n${status.trimEnd()}`,
    !/^- /m.test(entries ?? '') && 'nothing stands under "Unreleased" in CHANGELOG.md',
    !LINK.test(changelog) && 'CHANGELOG.md has no compare link for "Unreleased"',
  ].filter(Boolean);
}

function output(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr.trim()}`);
  return stdout.trimEnd();
}

function run(command, ...args) {
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    shell: command === 'npm' && process.platform === 'win32',
  });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
}

function setVersion(file, version) {
  const json = JSON.parse(readFileSync(file, 'utf8'));
  json.version = version;
  if (json.packages) json.packages[''].version = version;
  writeFileSync(file, `${JSON.stringify(json, null, 2)}\n`);
}

function release(version, dry) {
  const { name, version: current } = JSON.parse(readFileSync('package.json', 'utf8'));
  const changelog = readFileSync('CHANGELOG.md', 'utf8');
  const reasons = refusals(version, {
    current,
    branch: output('git', 'branch', '--show-current'),
    status: output('git', 'status', '--porcelain'),
    tags: output('git', 'tag', '--list').split('\n'),
    changelog,
  });
  if (reasons.length) throw new Error(reasons.join('\n'));
  const date = new Date().toISOString().slice(0, 10);
  const bom = `out/${name}-${version}.cdx.json`;
  const command = (...words) => [words.join(' '), () => run(...words)];
  const steps = [
    [
      `set the version ${current} -> ${version}, a ${isPreRelease(version) ? 'pre-release' : 'release'}, in package.json and package-lock.json`,
      () => CHANGED.slice(0, 2).forEach((file) => setVersion(file, version)),
    ],
    [
      `move "Unreleased" of CHANGELOG.md to "${version} - ${date}"`,
      () => writeFileSync('CHANGELOG.md', releaseChangelog(changelog, version, date)),
    ],
    command('npm', 'run', 'check'),
    command('npm', 'run', 'package', '--', '--all'),
    [`npm run sbom -- ${bom}`, () => (mkdirSync('out', { recursive: true }), run('npm', 'run', 'sbom', '--', bom))],
    command('git', 'commit', '--quiet', '-m', `Release ${version}`, '--', ...CHANGED),
    command('git', 'tag', '-a', `v${version}`, '-m', `Version ${version}`),
  ];
  try {
    for (const [title, work] of steps) {
      console.log(`${dry ? 'Would' : 'Now'}: ${title}`);
      if (!dry) work();
    }
  } catch (error) {
    run('git', 'checkout', '--quiet', 'HEAD', '--', ...CHANGED); // the tree was clean
    throw error;
  }
  console.log(dry ? 'Nothing was changed.' : `Released. Publish it with: git push origin main v${version}`);
}

if (import.meta.filename === path.resolve(process.argv[1] ?? '')) {
  const args = process.argv.slice(2);
  try {
    release(
      args.find((a) => !a.startsWith('--')),
      args.includes('--dry-run'),
    );
  } catch (error) {
    console.error(`Not released: ${error.message}`);
    process.exitCode = 1;
  }
}
