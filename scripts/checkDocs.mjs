// Checks the Markdown of the repository: paths in backticks exist, relative links and their anchors resolve, and the
// table of commands is that of the manifest.
//   node scripts/checkDocs.mjs
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { commandTableFaults } from './commandTable.mjs';

/** Folders of the repository: a path in backticks that begins with one of them must exist. */
const FOLDERS = /^(?:src|extension|test|docs|bench|training|scripts|media|l10n|\.github|\.vscode|\.ci)\//;
/** Paths of examples: files of the user, not of this repository. NAME is a placeholder. */
const EXAMPLES = /^src\/(?:a|app|server)\.ts$|^src\/routes$|^\.vscode\/mcp\.json$|NAME/;

const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], { encoding: 'utf8' })
  .split('\n')
  .filter((file) => file && !file.startsWith('test/samples/') && existsSync(file));

const withoutFences = (text) => text.replace(/^ *(```+|~~~+).*\n[\s\S]*?^ *\1.*$/gm, (m) => m.replace(/[^\n]/g, ''));

/** The anchors of a text's headings, by GitHub's rule. */
function anchorsOf(file) {
  const seen = new Map();
  return new Set(
    [...withoutFences(readFileSync(file, 'utf8')).matchAll(/^#{1,6} +(.+?) *#*$/gm)].map(([, title]) => {
      const slug = title
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-');
      const n = seen.get(slug) ?? 0;
      seen.set(slug, n + 1);
      return n ? `${slug}-${n}` : slug;
    }),
  );
}

const faults = commandTableFaults();
for (const file of files) {
  const text = withoutFences(readFileSync(file, 'utf8'));
  const lineOf = (index) => text.slice(0, index).split('\n').length;
  for (const { 1: code, index } of text.matchAll(/`([^`\n]+)`/g)) {
    const path = code.replace(/:\d+$/, '');
    if (!FOLDERS.test(path) || EXAMPLES.test(path) || /[\s*{}<>…]/.test(path)) continue;
    if (!existsSync(path)) faults.push(`${file}:${lineOf(index)}: there is no ${path}`);
  }
  const prose = text.replace(/`[^`\n]+`/g, (m) => ' '.repeat(m.length));
  for (const { 1: linked, 2: pictured, index } of prose.matchAll(/\]\(([^)\s]+)\)|\bsrc(?:set)?="([^"\s]+)"/g)) {
    const target = linked ?? pictured;
    if (/^[a-z]+:/.test(target)) continue;
    const [path, anchor] = target.split('#');
    const to = path ? normalize(join(dirname(file), decodeURIComponent(path))) : file;
    if (!existsSync(to)) faults.push(`${file}:${lineOf(index)}: there is no ${to}`);
    else if (anchor && to.endsWith('.md') && !anchorsOf(to).has(anchor))
      faults.push(`${file}:${lineOf(index)}: ${to} has no heading #${anchor}`);
  }
}
for (const fault of faults) console.error(fault);
console.log(`${files.length} Markdown files, ${faults.length} faults`);
process.exitCode = faults.length ? 1 : 0;
