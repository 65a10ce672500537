// Knows how the memories compare with the scorers and rules that people use instead, on repositories held out whole, in one run.
// Usage: quality MODEL_DIR CORPUS.jsonl [--cases n] [--loss-cases n] [--judge DIR] [--repomix BIN] [--out DIR]
//   --out: where quality.md lies; quality.json and quality.svg are written beside it. --judge: graph and manifest of a second base
//   model (bench/judge), exported with --predicts; it judges too, writes lines, and the memory is carried over to it.
import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { loadModelFolder } from '../../src/model/manifest';
import { LossMeter } from '../cases/loss';
import { comparisonOf } from './comparison';
import { judgeFolder } from './judge';
import { lossCases, measure, namesCases, type Measured, type Settings } from './measure';
import { picture, tables, withPart } from './report';

/** A process answers with one message a case; it ends when its share is done. */
async function inProcesses(settings: Settings, count: number, each: (m: Measured) => void): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, share) =>
      new Promise<void>((resolve, reject) => {
        const child = fork(__filename, [], { env: { ...process.env, QUALITY_SHARE: JSON.stringify({ settings, share, count }) } });
        child.on('message', (m) => each(m as Measured));
        child.on('error', reject);
        child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a measuring process ended with ${code}`))));
      }),
    ),
  );
}

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string): string | undefined => (rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined);
  const secondDir = option('judge');
  const judge = secondDir ? judgeFolder(secondDir, modelDir!) : undefined;
  const repomix = option('repomix');
  const settings: Settings = {
    modelDir: modelDir!,
    file: file!,
    cases: Number(option('cases') ?? 400),
    lossCases: Number(option('loss-cases') ?? 150),
    ...(judge ? { judge } : {}),
    ...(repomix ? { repomix } : {}),
  };
  const folder = await loadModelFolder(settings.modelDir);
  const meters = await Promise.all([settings.modelDir, ...(judge ? [judge] : [])].map((dir) => LossMeter.open(dir, 1)));
  const names = namesCases(settings);
  const losses = lossCases(settings, meters);
  const measured: Measured[] = [];
  await inProcesses(settings, availableParallelism(), (m) => {
    measured.push(m);
    if (measured.length % 20 === 0) console.error(`${measured.length} of ${names.length + losses.length} cases`);
  });
  const result = comparisonOf({ folder, ...(judge ? { judge: await loadModelFolder(judge) } : {}), names, losses, measured });
  const out = option('out');
  if (out) {
    writeFileSync(join(out, 'quality.json'), `${JSON.stringify(result, null, 1)}\n`);
    writeFileSync(join(out, 'quality.svg'), picture(result));
    const document = join(out, 'quality.md');
    writeFileSync(document, withPart(readFileSync(document, 'utf8'), 'quality', tables(result)));
  }
  console.log(tables(result));
}

async function share(): Promise<void> {
  const { settings, share, count } = JSON.parse(process.env.QUALITY_SHARE!) as { settings: Settings; share: number; count: number };
  await measure(settings, share, count, (m) => void process.send!(m));
  process.disconnect();
}

(process.env.QUALITY_SHARE ? share() : main()).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
