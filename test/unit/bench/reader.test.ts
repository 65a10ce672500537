// Tests the reader bench without a reader: how cases are drawn from clones, and what its figures say.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readerCases } from '../../../bench/reader/cases';
import type { TargetLoss } from '../../../bench/reader/client';
import { promptOf, type CaseMeasure } from '../../../bench/reader/measure';
import { clusteredInterval, lossRecovery, report } from '../../../bench/reader/report';
import { OURS } from '../../../bench/reader/rows';

const clones = mkdtempSync(join(tmpdir(), 'namm-reader-'));
afterAll(() => rmSync(clones, { recursive: true }));

/** A file of functions, of which each calls the one before it in its own file and one of another file. */
const file = (own: string, other: string, count = 40): string =>
  `import { ${other}0 } from './${other}';\n\n` +
  Array.from(
    { length: count },
    (_, i) =>
      `export function ${own}${i}(${own}Input${i}: number): number {\n  const ${own}Sum${i} = ${own}${Math.max(0, i - 14)}(${own}Input${i}) + ${other}${i}(${i});\n  return ${own}Sum${i} * ${other}${(i + 3) % count}(${own}Input${i});\n}\n`,
  ).join('\n');

function clone(repo: string): string {
  const dir = join(clones, repo.replace('/', '+'));
  mkdirSync(dir, { recursive: true });
  for (const [own, other] of [
    ['alpha', 'beta'],
    ['beta', 'alpha'],
    ['gamma', 'delta'],
    ['delta', 'gamma'],
  ] as const)
    writeFileSync(join(dir, `${own}.ts`), file(own, other));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      cwd: dir,
      encoding: 'utf8',
    });
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'all');
  return git('rev-parse', 'HEAD').trim();
}

test('cases: the code at hand is apart from the context, the target follows it, and needs names of the context', () => {
  const repo = 'a/one';
  writeFileSync(join(clones, 'note'), '');
  const commit = clone(repo);
  // A clone as people have it: its git directory is `.git`.
  const repositories = [{ repo: `${repo.replace('/', '+')}`, commit, split: 'test' as const }];
  const cases = readerCases(clones, repositories, { limit: 4, seed: 3 });
  expect(cases.map((c) => c.placement)).toEqual(['across', 'same file', 'across', 'same file']);
  for (const { context, atHand, stays, target, needed, placement } of cases) {
    expect(needed.size).toBeGreaterThanOrEqual(3);
    for (const name of needed) {
      expect(target).toContain(name);
      expect(context.text).toContain(name);
      if (atHand) expect(atHand.text).not.toMatch(new RegExp(`\\b${name}\\b`));
    }
    expect(stays.length).toBe(placement === 'across' ? 0 : 2);
    const prompt = promptOf({ context, atHand } as (typeof cases)[number], context.text);
    expect(prompt.startsWith(`// ${context.path}\n`)).toBe(true);
    const own = file(
      ...(
        {
          alpha: ['alpha', 'beta'],
          beta: ['beta', 'alpha'],
          gamma: ['gamma', 'delta'],
          delta: ['delta', 'gamma'],
        } as const
      )[(atHand ?? context).path.replace('.ts', '') as 'alpha']!,
    );
    expect(own).toContain((atHand ?? context).text.slice(-300) + target);
  }
  expect(readerCases(clones, repositories, { limit: 2, seed: 3 }).map((c) => c.id)).toEqual(
    cases.slice(0, 2).map((c) => c.id),
  );
});

const loss = (nats: number): TargetLoss => ({
  nats,
  tokens: 100,
  hits: 100 - nats,
  nameNats: nats / 2,
  nameTokens: 10,
  nameHits: 5,
  first: nats < 40 ? 1 : 0,
  contextTokens: 500,
});
const measured = (repo: string, without: number, whole: number, ours: number, other: number): CaseMeasure => ({
  id: `${repo} ${ours}`,
  repo,
  placement: 'across',
  without: loss(without),
  whole: loss(whole),
  rows: new Map([
    [OURS, [loss(ours), loss(whole)]],
    ['other', [loss(other), loss(without)]],
  ]),
});

test('loss recovery is over the sums, and an interval draws repositories and cases', () => {
  const cases = [measured('a', 60, 40, 50, 58), measured('a', 80, 20, 35, 70), measured('b', 50, 40, 42, 49)];
  expect(lossRecovery(cases, (c) => c.rows.get(OURS)![0]!)).toBeCloseTo((10 + 45 + 8) / (20 + 60 + 10), 9);
  const [low, high] = clusteredInterval(cases, (sample) => sample.length);
  expect([low, high]).toEqual([2, 4]); // two draws of repositories with one or two cases
  const text = report(cases, [OURS, 'other']);
  expect(text).toContain('3 cases from 2 repositories');
  expect(text).toMatch(/\| \*\*extended\*\* \(shipped\) \| 0\.700 \| 1\.000 \|/);
  expect(text).toMatch(/\| other \| 0\.144 \(\+0\.\d+ … \+0\.\d+\) \|/);
});
