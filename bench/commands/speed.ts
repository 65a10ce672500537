// Measures speed and memory part by part, each in a process of its own and in bounded time, and writes tables and a picture.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { writePart } from '../markdown';
import { choices, count, flag, optional, runBench, text } from '../options';
import { argumentsFor, oneLength, PARTS, type PartName, type Setting } from '../speed/parts';
import { prepare } from '../speed/prepare';
import { picture, tables, type Speed } from '../speed/report';

const NAMES = Object.keys(PARTS) as PartName[];

const spec = {
  name: 'speed',
  about:
    'Measures speed and memory, beside encoders of the size of other tools. PYTHON names an interpreter with the packages of training/pyproject.toml; without it these encoders are left out.',
  inputs: {},
  options: {
    parts: choices(NAMES, 'parts to measure; the others keep their earlier values in speed.json'),
    model: text('DIR', 'model folder', 'media/model'),
    quick: flag('small sizes and one round'),
    out: optional('DIR', 'writes speed.json and speed.svg there, and the tables into speed.md'),
    part: optional('NAME', 'measures this part in this process and prints it as JSON'),
    length: count(0, 'tokens', 'reads one text of this length in this process and prints the result as JSON'),
  },
};

/** @returns undefined if the part failed or took too long; the others go on */
function runPart(name: PartName, setting: Setting): unknown {
  const begun = performance.now();
  process.stderr.write(`${name}…\n`);
  const { seconds: most } = PARTS[name];
  const { stdout, status, error } = spawnSync(
    process.execPath,
    [__filename, '--part', name, ...argumentsFor(setting)],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: most * 1000,
      killSignal: 'SIGKILL',
      maxBuffer: 1 << 26,
    },
  );
  const seconds = Math.round((performance.now() - begun) / 1000);
  if (status === 0) {
    process.stderr.write(`${name}: ${seconds} s\n`);
    return JSON.parse(stdout) as unknown;
  }
  process.stderr.write(`left out: ${name} (${error ? `not done within ${most} s` : `exit code ${status}`})\n`);
  process.exitCode = 1;
  return undefined;
}

runBench(spec, async (options) => {
  const { quick, parts, out } = options;
  const setting: Setting = { modelDir: options.model, quick };
  const print = (result: unknown): void => void process.stdout.write(JSON.stringify(result));
  if (options.part !== undefined) return print(await PARTS[options.part as PartName].run(setting));
  if (options.length) return print(await oneLength(setting, options.length));

  prepare(parts, setting.modelDir);
  const file = out === undefined ? undefined : join(out, 'speed.json');
  const before = file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Speed) : undefined;
  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    node: process.version,
    load: loadavg()[0]!,
  };
  const speed = { machine, parts: { ...before?.parts } as Record<string, unknown> };
  for (const name of parts) {
    const result = runPart(name, setting);
    if (result === undefined) continue;
    speed.parts[name] = result;
    if (file) writeFileSync(file, `${JSON.stringify(speed, null, 1)}\n`); // an interrupted run keeps what was done
  }
  const text = tables(speed as Speed);
  process.stdout.write(`${text}\n`);
  if (out === undefined) return;
  writeFileSync(join(out, 'speed.svg'), picture(speed as Speed));
  const image = '![Characters read per second, and time against length](speed.svg)';
  writePart(join(out, 'speed.md'), 'speed', `${image}\n\n${text}`);
});
