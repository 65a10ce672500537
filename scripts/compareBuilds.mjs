// Checks that two builds compress the same real files to the same bytes: every language, three budgets, text and JSON.
//   node scripts/compareBuilds.mjs sample FOLDER OUT.json [--count 500] [--seed 1]
//   node scripts/compareBuilds.mjs record DIST SAMPLE.json OUT.jsonl
//   node scripts/compareBuilds.mjs compare A.jsonl B.jsonl
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const RATIOS = ['0.25', '0.5', '0.8'];
const GROUP = 5; // files of one call: a folder's files share a budget
const KINDS = 'ts tsx js py go rs java c h cc cs md json yml css html rb php sh'.split(' ');
const digest = (text) => createHash('sha256').update(text).digest('hex');

function* filesUnder(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (entry.isFile()) yield path;
  }
}

/** Groups of files of one kind; each kind gives its share, in an order that depends on the seed alone. */
function sample(folder, count, seed) {
  const byKind = new Map(KINDS.map((kind) => [kind, []]));
  for (const path of filesUnder(resolve(folder))) {
    const size = statSync(path).size;
    if (size >= 400 && size <= 40_000) byKind.get(extname(path).slice(1))?.push(path);
  }
  const groups = [];
  let left = count;
  const kinds = [...byKind].sort((a, b) => a[1].length - b[1].length);
  for (const [i, [, paths]] of kinds.entries()) {
    const share = Math.min(paths.length, Math.ceil(left / (kinds.length - i)));
    left -= share;
    const chosen = paths
      .map((path) => [digest(`${seed} ${path.slice(folder.length)}`), path])
      .sort()
      .slice(0, share)
      .map(([, path]) => path);
    for (let at = 0; at < chosen.length; at += GROUP) groups.push(chosen.slice(at, at + GROUP));
  }
  return groups;
}

function run(cli, args) {
  return new Promise((done) => {
    const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.on('close', (code) => done({ code, text: Buffer.concat(chunks).toString() }));
  });
}

/** The lines of a record by the call that each is about. */
function linesByCall(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return new Map(lines.map((line) => [JSON.parse(line).call, line]));
}

/** Appends one line for each call, without repeating the calls that the output has already. */
async function record(dist, groups, out) {
  const known = existsSync(out) ? linesByCall(out) : new Map();
  const cli = join(resolve(dist), 'cli.js');
  for (const [i, files] of groups.entries()) {
    for (const [format, ratio] of [...RATIOS.map((ratio) => ['json', ratio]), ['text', '0.5']]) {
      const call = `${i} ${format} ${ratio}`;
      if (known.has(call)) continue;
      const { code, text } = await run(cli, ['compress', ...files, '--keep-ratio', ratio, '--format', format]);
      const parts =
        format === 'json' && code === 0
          ? JSON.parse(text).files.map((f) =>
              digest(
                JSON.stringify([
                  f.path,
                  f.text,
                  f.spans,
                  f.elisions.map(({ id, start, end, line, lines, marker }) => [id, start, end, line, lines, marker]),
                ]),
              ),
            )
          : [digest(text)];
      appendFileSync(out, `${JSON.stringify({ call, code, files: files.length, parts })}\n`);
    }
    process.stderr.write(`\r${i + 1}/${groups.length} groups`);
  }
  process.stderr.write('\n');
}

function compare(a, b) {
  const [left, right] = [linesByCall(a), linesByCall(b)];
  const differing = [...left].filter(([call, line]) => right.get(call) !== line).map(([call]) => call);
  const files = [...left.values()]
    .map((line) => JSON.parse(line))
    .filter((row) => row.call.endsWith('json 0.5'))
    .reduce((sum, row) => sum + row.files, 0);
  console.log(
    `${files} files, ${left.size} calls: ${left.size - differing.length} the same, ${differing.length} differ`,
  );
  for (const call of differing) console.log(`  ${call}`);
  return differing.length === 0 && left.size === right.size;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '500' }, seed: { type: 'string', default: '1' } },
});
const [verb, ...rest] = positionals;
if (verb === 'sample') writeFileSync(rest[1], JSON.stringify(sample(rest[0], Number(values.count), values.seed)));
else if (verb === 'record') await record(rest[0], JSON.parse(readFileSync(rest[1], 'utf8')), rest[2]);
else if (verb === 'compare') process.exitCode = compare(rest[0], rest[1]) ? 0 : 1;
else throw new Error('the first argument is sample, record or compare; see the head of this file');
