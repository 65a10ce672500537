// Runs a peer as people do: `repomix --compress`, once over the contexts of all cases.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { CodeStructure } from '../../src/parse/structure';
import { codeOnly, namesIn, type Case } from '../cases/cases';

const FILE = /^<file path="(\d+)\/[^"]*">\n([\s\S]*?)\n<\/file>$/gm;

/** @param bin path of repomix.cjs. @returns its text for each case, without the cases that it leaves out */
export function repomixOf(bin: string, cases: readonly Case[]): ReadonlyMap<Case, string> {
  const dir = mkdtempSync(join(tmpdir(), 'namm-peer-'));
  try {
    const sources = join(dir, 'sources');
    cases.forEach(({ context }, i) => {
      mkdirSync(join(sources, String(i)), { recursive: true });
      writeFileSync(join(sources, String(i), basename(context.path)), context.text);
    });
    const out = join(dir, 'out.xml');
    const flags = [
      '--compress',
      '--no-security-check',
      '--quiet',
      '--no-git-sort-by-changes',
      '--no-gitignore',
      '--no-default-patterns',
      '--no-file-summary',
      '--no-directory-structure',
    ];
    const { status, stderr } = spawnSync(process.execPath, [bin, ...flags, '-o', out, '.'], {
      cwd: sources,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`repomix ended with ${status}: ${stderr}`);
    return new Map([...readFileSync(out, 'utf8').matchAll(FILE)].map((m) => [cases[Number(m[1])]!, m[2]!]));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

/**
 * Recall as `recallOf` counts it, for a text that shortens lines: a definition counts as kept if some line is the beginning
 * of its line and has its name.
 */
export function recallOfText(
  { context, needed }: Case,
  structure: CodeStructure,
  definitions: ReadonlySet<string>,
  text: string,
): number {
  const left = namesIn(codeOnly(text));
  const mention = [...needed].filter((w) => left.has(w)).length / needed.size;
  if (definitions.size === 0) return mention;
  const lines = text
    .split('\n')
    .map((l) => l.trim())
    .filter(Boolean);
  const found = new Set(
    structure.definitions
      .filter((d) => definitions.has(d.name))
      .filter((d) => {
        const start = context.text.lastIndexOf('\n', d.span.start - 1) + 1;
        const line = context.text.slice(start).split('\n', 1)[0]!.trim();
        return lines.some((l) => line.startsWith(l) && namesIn(l).has(d.name));
      })
      .map((d) => d.name),
  );
  return 0.5 * mention + 0.5 * (found.size / definitions.size);
}
