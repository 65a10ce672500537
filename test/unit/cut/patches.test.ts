// Tests cuts of diffs and patches: what goes together, and whether the real git still applies what it is said to apply.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Span } from '../../../src/core/span';
import { fitToTokens } from '../../../src/cut/fit';
import { orderCuts, type CutOrder } from '../../../src/cut/order';
import { renderPrefix, type Rendered } from '../../../src/cut/render';
import { formatContext } from '../../../src/format/format';
import { languageOf } from '../../../src/languages/languages';
import { parseStructure, type CodeStructure } from '../../../src/parse/structure';
import { testGrammars } from '../../support/grammars';
import { checkRendered, counter, evidence, options } from './promises';

let folder: string;
const git = (...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'commit.gpgsign=false', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
  });
const applies = (patch: string, ...args: string[]): boolean =>
  spawnSync('git', ['apply', '--check', '--recount', ...args], { cwd: folder, input: patch }).status === 0;

const random = (seed: number): ((below: number) => number) => {
  let state = seed >>> 0;
  return (below) => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) % below;
};

/** A file of lines that look like code, some of them blank, some like parts of a patch. */
function fileOf(seed: number): string[] {
  const next = random(seed);
  const shapes = ['', '}', '-- a comment', '++ counter;', '@@ decorated', '    indented(x);', '\t', '# note', '\\ x'];
  return Array.from({ length: 40 + next(60) }, (_, i) => (next(4) ? `let v${i} = ${next(1000)};` : shapes[next(9)]!));
}

function edited(lines: readonly string[], seed: number): string[] {
  const next = random(seed);
  const out = [...lines];
  for (let edits = 1 + next(6); edits > 0; edits--) {
    const at = next(out.length);
    out.splice(at, next(3), ...Array.from({ length: next(3) }, (_, i) => `changed(${seed}, ${at}, ${i});`));
  }
  return out;
}

const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'namm-patches-'));
  git('init', '-q');
  git('config', 'core.autocrlf', 'false');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Patches of a new state of the repository: without and with context, as a mail, as `git log` shows it. The old state is checked out. */
function patchesOf(seed: number): Record<'U0' | 'U3' | 'mail' | 'log', string> {
  const files = Array.from({ length: 4 }, (_, i) => fileOf(seed * 10 + i));
  files.forEach((lines, i) => writeFileSync(join(folder, `f${i}.js`), text(lines)));
  rmSync(join(folder, 'new.js'), { force: true });
  git('add', '-A');
  git('commit', '-q', '--allow-empty', '-m', 'before');
  files.slice(0, 3).forEach((lines, i) => writeFileSync(join(folder, `f${i}.js`), text(edited(lines, seed + i))));
  rmSync(join(folder, 'f3.js'));
  writeFileSync(join(folder, 'new.js'), text(fileOf(seed + 77)));
  git('add', '-A');
  git('commit', '-q', '-m', 'Change it\n\nThis says why, at\nsome length.\n\nAnother paragraph.');
  const out = {
    U0: git('diff', '-U0', 'HEAD~1'),
    U3: git('diff', 'HEAD~1'),
    mail: git('format-patch', '-1', '--stdout'),
    log: git('log', '-p', '-1'),
  };
  git('checkout', '-q', 'HEAD~1');
  return out;
}

const structureOf = (patch: string): Promise<CodeStructure> =>
  parseStructure({ path: 'a.diff', languageId: 'diff', text: patch }, testGrammars());

/** Whether an offset of the source is in the result. */
const isKept = ({ spans }: Rendered, offset: number): boolean =>
  spans.some((s) => s.kept && s.start <= offset && offset < s.end);

interface Change {
  readonly head: number;
  readonly at: number;
  readonly removed: number[];
  readonly added: number[];
}

/** The changes of a patch of git, read by the counts of its hunks: offsets of lines. */
function changesOf(patch: string): Change[] {
  const out: Change[] = [];
  let head = -1;
  let at = -1;
  let [old, now] = [0, 0];
  let open: Change | undefined;
  let offset = 0;
  for (const line of patch.split('\n')) {
    const hunk = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
    if (old > 0 || now > 0) {
      if (line[0] === ' ') open = undefined;
      else if (line[0] !== '\\') {
        if (!open) out.push((open = { head, at, removed: [], added: [] }));
        (line[0] === '-' ? open.removed : open.added).push(offset);
      }
      if (line[0] === ' ' || line[0] === '-') old--;
      if (line[0] === ' ' || line[0] === '+') now--;
    } else if (line.startsWith('diff --git')) head = offset;
    else if (hunk) {
      at = offset;
      open = undefined;
      [old, now] = [Number(hunk[1] ?? 1), Number(hunk[2] ?? 1)];
    }
    offset += line.length + 1;
  }
  return out;
}

function checkPatch(structure: CodeStructure, order: CutOrder, r: Rendered): void {
  checkRendered(structure, order, r);
  for (const { head, at, removed, added } of changesOf(structure.source.text)) {
    const kept = [...removed, ...added].filter((offset) => isKept(r, offset));
    if (!kept.length) continue;
    expect(isKept(r, head), 'the head of its file').toBe(true);
    expect(isKept(r, at), 'the head of its hunk').toBe(true);
    if (removed.length && added.length) expect(kept.length, 'both halves').toBe(removed.length + added.length);
  }
}

describe.each([1, 2, 3, 4])('patches of repository %i', (seed) => {
  const patches = {} as ReturnType<typeof patchesOf>;
  beforeAll(() => void Object.assign(patches, patchesOf(seed)));

  test.each(['U0', 'U3', 'mail', 'log'] as const)(
    '%s: every budget keeps its promises, and git agrees',
    async (kind) => {
      const patch = patches[kind];
      expect(languageOf('text', patch)).toBe('diff');
      const zero = kind === 'U0' ? ['--unidiff-zero'] : [];
      expect(applies(patch, ...zero)).toBe(true);
      const structure = await structureOf(patch);
      const order = orderCuts(structure, evidence(patch, seed), []);
      const before = counter.count(patch);
      let applied = 0;
      for (let share = 20; share >= 0; share--) {
        const { rendered } = fitToTokens(order, (before * share) / 20, options);
        checkPatch(structure, order, rendered);
        const partial = rendered.elisions.some((e) => e.partial);
        const file = { path: 'a.diff', languageId: 'diff', ...rendered };
        const warning = formatContext([file], { alone: 'block' });
        expect(warning.includes('not to be applied')).toBe(partial);
        const said = /it applies with "git apply --recount( --unidiff-zero)?"/.exec(warning);
        expect(said !== null).toBe(!partial && rendered.elisions.some((e) => e.marker.startsWith('@@')));
        if (said) expect(said[1] !== undefined, rendered.text).toBe(kind === 'U0');
        if (!/^diff/m.test(rendered.text)) continue; // nothing is left to apply
        expect(applies(rendered.text, ...zero), rendered.text).toBe(!partial);
        applied += partial ? 0 : 1;
      }
      // Without context, parts of a new file are the only lines of a hunk that may go.
      expect(applied).toBeGreaterThan(0);
    },
  );

  test('whole hunks and whole files that the user drops leave a patch that applies', async () => {
    const structure = await structureOf(patches.U3);
    const files = structure.units.filter((u) => patches.U3.startsWith('diff', u.start));
    const hunks = files.flatMap((f) => f.children.filter((h) => h.cuttable));
    const next = random(seed);
    for (let round = 0; round < 12; round++) {
      const drops: Span[] = [...hunks, ...files].filter(() => next(3) === 0);
      if (!drops.length) continue;
      const order = orderCuts(structure, evidence(patches.U3, round), [], { drops });
      const rendered = renderPrefix(order, order.forced, options);
      checkPatch(structure, order, rendered);
      expect(rendered.elisions.some((e) => e.partial)).toBe(false);
      if (/^diff/m.test(rendered.text)) expect(applies(rendered.text), rendered.text).toBe(true);
    }
  });

  test('context goes before all hunks', async () => {
    const structure = await structureOf(patches.U3);
    const { steps } = orderCuts(structure, evidence(patches.U3, seed), []);
    const spare = steps.map((s) => s.unit.spare === true);
    expect(spare).toContain(true);
    expect(spare).toEqual([...spare].sort((a, b) => Number(b) - Number(a)));
  });
});

test('a line that was taken away and looks like the head of a file is none', async () => {
  const patch =
    'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,3 +1,2 @@\n a\n--- b\n c\n@@ -9,2 +8,2 @@\n d\n-e\n+++ f\n';
  const { units } = await structureOf(patch);
  expect(units).toHaveLength(1);
  expect(units[0]!.children.map((u) => u.end - u.start)).toEqual([28, 28]);
});

test.each([
  ['diff --git a/x b/x\n', 'diff'],
  ['--- a/x\n+++ b/x\n', 'diff'],
  [`From ${'0a'.repeat(20)} Mon Sep 17 00:00:00 2001\n`, 'diff'],
  ['--- a\nb: 1\n', 'plaintext'],
  ['From here on\n', 'plaintext'],
])('the first line of %j tells the language', (head, languageId) => {
  expect(languageOf('text', head)).toBe(languageId);
  expect(languageOf('fix.patch', head)).toBe('diff');
});

test('counts that are wrong do not join what stands apart', async () => {
  const patch =
    'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,8 +1,9 @@\n let first = 1;\n-a\n+b\n@@ -20,7 +21,7 @@ f() {\n-c\n+d\ndiff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-e\n+f\n';
  const { units } = await structureOf(patch);
  expect(units.map((u) => u.children.length)).toEqual([2, 1]);
});
