// Counts what the credential guard finds in the files of folders, by kind; with --growth, measures its time by the size of a text.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { TextDecoder } from 'node:util';
import { Lines } from '../../src/core/lines';
import { MAX_TEXT_UNITS } from '../../src/core/limits';
import { findSecrets } from '../../src/redact/secrets';
import { table } from '../markdown';
import { count, flag, oneOrMore, runBench, UsageError } from '../options';
import { progress } from '../setup';

const SOURCE =
  /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|scala|cs|c|h|cc|cpp|hpp|php|rb|swift|sh|ps1|md|rst|txt|json|ya?ml|toml|ini|cfg|conf|properties|env|xml|html|sql|tf|proto|gradle)$|(?:^|\/)(?:Dockerfile|Makefile|\.env[^/]*|\.npmrc)$/i;
const SHOWN_AROUND = 12; // UTF-16 units of code beside a find, which itself is not shown

const spec = {
  name: 'credentials',
  about:
    'Counts what the credential guard finds in the source files of folders, by kind: in published code nearly all of it is wrong or a test key. Copies of a file count once.',
  inputs: {
    folders: {
      ...oneOrMore('FOLDER', 'folders of source files, such as node_modules or unpacked repositories'),
      required: false,
      parse: (given: readonly string[]) => given,
    },
  },
  options: {
    files: count(Infinity, 'files', 'how many to search, evenly chosen'),
    show: flag('names the place of every find, never the find itself'),
    entropy: flag('also counts values that only look random, as --secrets-entropy finds them'),
    growth: flag('measures the processor time by the size of a text instead'),
  },
};

/** Paths of source files, sorted; links are not followed. */
function filesUnder(folder: string): string[] {
  const out: string[] = [];
  const open = [folder];
  for (let dir = open.pop(); dir !== undefined; dir = open.pop())
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      const path = join(dir, entry.name);
      if (entry.isDirectory() && entry.name !== '.git') open.push(path);
      else if (entry.isFile() && SOURCE.test(path) && statSync(path).size <= MAX_TEXT_UNITS) out.push(path);
    }
  return out.sort();
}

async function countFinds({
  folders,
  files: limit,
  show,
  entropy,
}: {
  folders: readonly string[];
  files: number;
  show: boolean;
  entropy: boolean;
}) {
  if (!folders.length) throw new UsageError('FOLDER is missing.');
  const all = folders.flatMap(filesUnder);
  const step = Math.max(1, all.length / limit);
  const seen = new Set<string>();
  const kinds = new Map<string, { finds: number; files: Set<string> }>();
  let units = 0;
  for (let i = 0; i < all.length && seen.size < limit; i += step) {
    const path = all[Math.floor(i)]!;
    const bytes = readFileSync(path);
    const hash = createHash('sha256').update(bytes).digest('hex');
    if (seen.has(hash)) continue;
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch {
      continue; // no UTF-8, so the product does not read it either
    }
    seen.add(hash);
    units += text.length;
    const lines = new Lines(text);
    for (const { start, end, kind } of await findSecrets(text, { entropy })) {
      const of = kinds.get(kind) ?? { finds: 0, files: new Set() };
      kinds.set(kind, of);
      of.finds++;
      of.files.add(path);
      const before = text.slice(Math.max(0, start - SHOWN_AROUND), start);
      const behind = text.slice(end, end + SHOWN_AROUND);
      if (show) console.log(`${kind}: ${path}:${lines.at(start) + 1}: ${JSON.stringify(`${before}[…]${behind}`)}`);
    }
    progress(seen.size, Math.min(limit, all.length), 'files');
  }
  const rows = [...kinds].sort((a, b) => b[1].finds - a[1].finds);
  console.log(`${seen.size} files, ${units} UTF-16 units`);
  console.log(
    table(
      ['kind', 'finds', 'files'],
      rows.map(([k, v]) => [k, `${v.finds}`, `${v.files.size}`]),
    ).join('\n'),
  );
}

const CODE = (i: number): string =>
  `export function name${i}(a: number, b: string) {\n  return a + ${i} * b.length; // sum\n}\n`;
const KEY = (i: number): string =>
  `const id${i} = "AKIA${((36 ** 9 + i * 7919) * 36).toString(36).toUpperCase().slice(0, 10)}MBVCEY";\n`;
const TEXTS: Readonly<Record<string, (i: number) => string>> = {
  'no credential': CODE,
  'a credential a line': KEY,
  'one line, no credential': (i) => CODE(i).replaceAll('\n', ' '),
  'one line, many credentials': (i) => KEY(i).replaceAll('\n', ' '),
};

/** Processor time of the search, and the exponent of its growth from 64 kB to 2 MB. */
async function measureGrowth(): Promise<void> {
  const rows: string[][] = [];
  for (const [name, piece] of Object.entries(TEXTS)) {
    const times: number[] = [];
    for (let size = 1_000; size <= 2_048_000; size *= 2) {
      let text = '';
      for (let i = 0; text.length < size; i++) text += piece(i);
      const tries: number[] = [];
      for (let t = 0; t < 5; t++) {
        const begun = process.cpuUsage();
        await findSecrets(text);
        const { user, system } = process.cpuUsage(begun);
        tries.push((user + system) / 1000);
      }
      times.push(tries.sort((a, b) => a - b)[0]!);
    }
    const exponent = Math.log2(times.at(-1)! / times.at(-6)!) / 5;
    rows.push([name, ...times.map((t) => t.toFixed(1)), exponent.toFixed(2)]);
  }
  const sizes = Array.from({ length: 12 }, (_, i) => `${2 ** i} kB`);
  console.log(table(['text', ...sizes, 'exponent from 64 kB'], rows).join('\n'));
}

runBench(spec, ({ growth, ...options }) => (growth ? measureGrowth() : countFinds(options)));
