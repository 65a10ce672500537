// Compares the memories with the scorers and rules that people use instead, on repositories that took no part in training.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadModelFolder } from '../../src/node/model/manifest';
import { LossMeter } from '../cases/loss';
import { writePart } from '../markdown';
import { count, optional, runBench } from '../options';
import { comparisonOf } from '../quality/comparison';
import { judgeFolder } from '../quality/judge';
import { lossCases, namesCases, type Settings } from '../quality/measure';
import { keyOf, MeasureLog } from '../quality/measureLog';
import { measureAll, tasksOf, workerCode } from '../quality/processes';
import { picture, tables } from '../quality/report';
import { JUDGE, MODEL_DIR, OUT, RESUME, TEST_CORPUS } from '../setup';

const spec = {
  name: 'quality',
  about:
    'Compares the memories with other scorers and with rules on lines: needed names and loss recovery. With --judge, a second base model judges too, writes lines, and reads for the memory.',
  inputs: { modelDir: MODEL_DIR, corpus: TEST_CORPUS },
  options: {
    cases: count(400, 'cases', 'contexts for needed names'),
    lossCases: count(150, 'cases', 'contexts for loss recovery'),
    judge: optional('DIR', `${JUDGE}, exported with --predicts`),
    judgedCases: count(Infinity, 'cases', 'loss cases that the judge judges'),
    transferredCases: count(Infinity, 'cases', 'contexts that the memory reads on the base of the judge'),
    repomix: optional('BIN', 'repomix.cjs: compares with `repomix --compress` too'),
    resume: RESUME,
    out: { ...OUT, help: `${OUT.help}, and quality.json and quality.svg beside it` },
  },
};

runBench(spec, async (options) => {
  const { modelDir, corpus: file, repomix, out } = options;
  const judgeDir = options.judge === undefined ? undefined : judgeFolder(options.judge, modelDir);
  const settings: Settings = {
    modelDir,
    file,
    cases: options.cases,
    lossCases: options.lossCases,
    ...(judgeDir ? { judge: judgeDir } : {}),
    ...(repomix ? { repomix } : {}),
  };
  const folder = await loadModelFolder(modelDir);
  const judge = judgeDir ? await loadModelFolder(judgeDir) : undefined;
  const names = namesCases(settings);
  const losses = lossCases(settings, await LossMeter.open(modelDir, 1));
  const tasks = [
    ...tasksOf('names', names.length),
    ...tasksOf('loss', losses.length),
    ...(judge
      ? [
          ...tasksOf('judged', Math.min(losses.length, options.judgedCases)),
          ...tasksOf('transferred', Math.min(names.length, options.transferredCases)),
        ]
      : []),
  ];
  const own = keyOf(workerCode(), folder.sha256, readFileSync(file));
  const withJudge = keyOf(own, judge?.sha256 ?? '');
  const log = new MeasureLog(options.resume, {
    names: keyOf(own, repomix ? 'repomix' : ''),
    loss: own,
    judged: withJudge,
    transferred: withJudge,
  });
  const result = comparisonOf({
    folder,
    ...(judge ? { judge } : {}),
    names,
    losses,
    measured: await measureAll(settings, tasks, log),
  });
  if (out !== undefined) {
    writeFileSync(join(out, 'quality.json'), `${JSON.stringify(result, null, 1)}\n`);
    writeFileSync(join(out, 'quality.svg'), picture(result));
    writePart(join(out, 'quality.md'), 'quality', tables(result));
  }
  console.log(tables(result));
});
