// Knows how the parts of the comparison are run: each in a process of its own, in bounded time, and written down together.
// Usage: main ROOT [--parts NAME,…] [--model DIR] [--quick] [--graphs DIR] [--graph DIR] [--repomix BIN] [--host WORDS] [--out DIR]   (bench/speed/run.mjs gives them)
//        main ROOT --part NAME …                   one part as JSON
//        main ROOT --length TOKENS …               one text, time and peak memory as JSON
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { oneLength, PARTS, type PartName, type Setting } from './parts';
import { picture, tables, withTables, type Speed } from './report';

const [root, ...rest] = process.argv.slice(2) as [string, ...string[]];
const option = (name: string): string | undefined =>
  rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined;
const setting: Setting = {
  root,
  modelDir: option('model') ?? join(root, 'media/model'),
  quick: rest.includes('--quick'),
  option,
};

/** @returns undefined when the part failed or took too long; the others go on */
function runPart(name: PartName): unknown {
  const begun = performance.now();
  process.stderr.write(`${name}…\n`);
  const { most } = PARTS[name];
  const { stdout, status, error } = spawnSync(process.execPath, [process.argv[1]!, root, '--part', name, ...rest], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: root,
    timeout: most * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 26,
  });
  const seconds = Math.round((performance.now() - begun) / 1000);
  if (status === 0) {
    process.stderr.write(`${name}: ${seconds} s\n`);
    return JSON.parse(stdout) as unknown;
  }
  process.stderr.write(`left out: ${name} (${error ? `not done within ${most} s` : `exit code ${status}`})\n`);
  process.exitCode = 1;
  return undefined;
}

async function main(): Promise<void> {
  process.chdir(root);
  const part = option('part');
  if (part) return void process.stdout.write(JSON.stringify(await PARTS[part as PartName].run(setting)));
  const length = option('length');
  if (length) return void process.stdout.write(JSON.stringify(await oneLength(setting, Number(length))));
  const wanted = (option('parts')?.split(',') ?? Object.keys(PARTS)) as PartName[];
  const wrong = wanted.find((name) => !(name in PARTS));
  if (wrong !== undefined) throw new Error(`no part "${wrong}"; there are ${Object.keys(PARTS).join(', ')}`);
  const out = option('out');
  const file = out && join(out, 'speed.json');
  // Parts that were not asked for stay as they were measured before.
  const before = file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Speed) : undefined;
  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    load: loadavg()[0]!,
  };
  const host = option('host') ?? before?.host;
  const speed = { machine, ...(host ? { host } : {}), parts: { ...before?.parts } as Record<string, unknown> };
  for (const name of wanted) {
    const seen = runPart(name);
    if (seen === undefined) continue;
    speed.parts[name] = seen;
    if (file) writeFileSync(file, `${JSON.stringify(speed, null, 1)}\n`); // whoever stops the run keeps what was done
  }
  const text = tables(speed as Speed);
  process.stdout.write(`${text}\n`);
  if (!out) return;
  writeFileSync(join(out, 'speed.svg'), picture(speed as Speed));
  const page = join(out, 'speed.md');
  writeFileSync(
    page,
    withTables(
      readFileSync(page, 'utf8'),
      `![Characters read per second, and time against length](speed.svg)\n\n${text}`,
    ),
  );
}

void main();
