// Knows how the memories compare with the scorers and rules that people use instead, on repositories held out whole.
// Usage: quality MODEL_DIR CORPUS.jsonl [--cases n] [--loss-cases n] [--judge DIR [--judged-cases n] [--carried-cases n]] [--repomix BIN] [--kept FILE] [--out DIR]
//   --out: where quality.md lies; quality.json and quality.svg are written beside it. --judge: graph and manifest of a second base
//   model (bench/judge), exported with --predicts; it judges the first n loss cases too, writes lines, and the memory is carried
//   over to it. --kept: what is measured is written there, case by case; the next run goes on from it, and measures anew what
//   was measured by other code, weights or corpus.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModelFolder } from '../../src/node/model/manifest';
import { LossMeter } from '../cases/loss';
import { comparisonOf } from './comparison';
import { judgeFolder } from './judge';
import { KeptMeasures, keyOf } from './kept';
import { lossCases, namesCases, type Settings } from './measure';
import { measured, measuringCode, tasksOf } from './processes';
import { picture, tables, withPart } from './report';

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const option = (name: string): string | undefined =>
    rest.includes(`--${name}`) ? rest[rest.indexOf(`--${name}`) + 1] : undefined;
  const secondDir = option('judge');
  const judgeDir = secondDir ? judgeFolder(secondDir, modelDir!) : undefined;
  const repomix = option('repomix');
  const settings: Settings = {
    modelDir: modelDir!,
    file: file!,
    cases: Number(option('cases') ?? 400),
    lossCases: Number(option('loss-cases') ?? 150),
    ...(judgeDir ? { judge: judgeDir } : {}),
    ...(repomix ? { repomix } : {}),
  };
  const folder = await loadModelFolder(settings.modelDir);
  const judge = judgeDir ? await loadModelFolder(judgeDir) : undefined;
  const names = namesCases(settings);
  const losses = lossCases(settings, await LossMeter.open(settings.modelDir, 1));
  const tasks = [
    ...tasksOf('names', names.length),
    ...tasksOf('loss', losses.length),
    ...(judge
      ? [
          ...tasksOf('judged', Math.min(losses.length, Number(option('judged-cases') ?? losses.length))),
          ...tasksOf('carried', Math.min(names.length, Number(option('carried-cases') ?? names.length))),
        ]
      : []),
  ];
  const own = keyOf(measuringCode(), folder.sha256, readFileSync(settings.file));
  const withJudge = keyOf(own, judge?.sha256 ?? '');
  const kept = new KeptMeasures(option('kept'), {
    names: keyOf(own, repomix ? 'repomix' : ''),
    loss: own,
    judged: withJudge,
    carried: withJudge,
  });
  const result = comparisonOf({
    folder,
    ...(judge ? { judge } : {}),
    names,
    losses,
    measured: await measured(settings, tasks, kept),
  });
  const out = option('out');
  if (out) {
    writeFileSync(join(out, 'quality.json'), `${JSON.stringify(result, null, 1)}\n`);
    writeFileSync(join(out, 'quality.svg'), picture(result));
    const document = join(out, 'quality.md');
    writeFileSync(document, withPart(readFileSync(document, 'utf8'), 'quality', tables(result)));
  }
  console.log(tables(result));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
