// Chooses real files from clones or from a corpus: one of each repository in turn, the same ones for the same seed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonLines } from '../setup';
import { Clone } from './clones';

const MAX_UNITS = 60_000; // larger files take long and show nothing more

export interface Row {
  readonly repo: string;
  readonly language: string;
  readonly path: string;
  readonly text: string;
}

/** A file that may be chosen; its text is loaded only then. */
interface Candidate {
  readonly repo: string;
  readonly path: string;
  readonly load: () => string;
}

export const EXTENSIONS: Readonly<Record<string, string>> = {
  ts: 'TypeScript',
  mts: 'TypeScript',
  tsx: 'TSX',
  js: 'JavaScript',
  mjs: 'JavaScript',
  jsx: 'JavaScript',
  py: 'Python',
  go: 'Go',
  rs: 'Rust',
  java: 'Java',
  c: 'C',
  h: 'C++',
  cc: 'C++',
  cpp: 'C++',
  hpp: 'C++',
  cs: 'C#',
  php: 'PHP',
  rb: 'Ruby',
  kt: 'Kotlin',
  kts: 'Kotlin',
  scala: 'Scala',
  dart: 'Dart',
  ex: 'Elixir',
  exs: 'Elixir',
  zig: 'Zig',
  hs: 'Haskell',
  r: 'R',
  R: 'R',
  swift: 'Swift',
  sh: 'Shell',
  md: 'Markdown',
  toml: 'TOML',
  ini: 'INI',
  cfg: 'INI',
  yml: 'YAML',
  yaml: 'YAML',
  css: 'CSS',
  ps1: 'PowerShell',
  psm1: 'PowerShell',
  lua: 'Lua',
  pl: 'Perl',
  pm: 'Perl',
  html: 'HTML',
  vue: 'Vue',
  svelte: 'Svelte',
  scss: 'SCSS',
  sql: 'SQL',
  mk: 'Make',
  makefile: 'Make',
  tf: 'HCL',
  proto: 'Protobuf',
  graphql: 'GraphQL',
  graphqls: 'GraphQL',
  dockerfile: 'Dockerfile',
  xml: 'XML',
};

/** The language of a file by its ending; undefined for all that no bench reads. `Makefile` has no ending. */
export function languageByEnding(path: string): string | undefined {
  return EXTENSIONS[/[^./]*$/.exec(path)![0].toLowerCase()];
}

export type Candidates = Map<string, Candidate[]>;

function offer(to: Candidates, language: string, candidate: Candidate): void {
  const list = to.get(language);
  if (list) list.push(candidate);
  else to.set(language, [candidate]);
}

/** Source files of the newest commit of every clone under `folder`. */
function offerClones(to: Candidates, folder: string): void {
  const isGit = (dir: string): boolean => existsSync(join(dir, 'HEAD')) && existsSync(join(dir, 'objects'));
  for (const name of readdirSync(folder).sort()) {
    const at = join(folder, name);
    if (!statSync(at).isDirectory()) continue;
    const dir = [at, join(at, '.git'), ...readdirSync(at).flatMap((n) => [join(at, n), join(at, n, '.git')])].find(
      isGit,
    );
    if (!dir) continue;
    const clone = new Clone(dir);
    for (const { path, hash, size } of clone.filesOf('HEAD')) {
      const language = languageByEnding(path);
      if (!language || size < 400 || size > MAX_UNITS || /(^|\/)(vendor|node_modules|third_party|dist)\//.test(path))
        continue;
      offer(to, language, {
        repo: name,
        path,
        load: () => {
          const [text] = clone.textsOf([hash]);
          if (text === undefined) throw new Error(`${path} is not in the clone`);
          return text;
        },
      });
    }
  }
}

function offerRows(to: Candidates, file: string): void {
  for (const { repo = '', path, language, text } of readJsonLines<Row>(file)) {
    if (text.length <= MAX_UNITS) offer(to, language, { repo, path, load: () => text });
  }
}

/** Every repository gives one file in turn, so that no large project dominates. The same seed chooses the same files. */
export function choose(candidates: readonly Candidate[], language: string, count: number, seed: number): Row[] {
  const byRepo = new Map<string, { key: string; candidate: Candidate }[]>();
  for (const candidate of candidates) {
    const key = createHash('sha256').update(`${seed} ${candidate.repo} ${candidate.path}`).digest('hex');
    const list = byRepo.get(candidate.repo);
    if (list) list.push({ key, candidate });
    else byRepo.set(candidate.repo, [{ key, candidate }]);
  }
  const queues = [...byRepo.values()].map((list) => list.sort((a, b) => (a.key < b.key ? -1 : 1)));
  const rows: Row[] = [];
  for (let round = 0; queues.some((q) => round < q.length); round++) {
    for (const queue of queues) {
      const candidate = queue[round]?.candidate;
      if (!candidate) continue;
      if (rows.length >= count) return rows;
      try {
        const text = candidate.load();
        if (!text.includes('\ufffd') && !text.includes('\0'))
          rows.push({ repo: candidate.repo, path: candidate.path, language, text });
      } catch {
        // A partial clone lacks some blobs.
      }
    }
  }
  return rows;
}

/** @param places folders of clones, or JSONL files */
export function candidatesIn(places: readonly string[]): Candidates {
  const candidates: Candidates = new Map();
  for (const p of places)
    if (statSync(p).isDirectory()) offerClones(candidates, p);
    else offerRows(candidates, p);
  return candidates;
}
