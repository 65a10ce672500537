// Chooses the threshold of `--auto`: units below it are cut while 95 % of the needed names survive, on repositories like the validation ones.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { orderCuts } from '../../src/cut/order';
import { openModel } from '../../src/node/model/model';
import { SCORERS } from '../../src/scorers';
import { loadCases, TABLE_SIZES } from '../cases/cases';
import { counter } from '../cases/compressed';
import { count, runBench } from '../options';
import { evidenceOf, readCase, type Reading } from '../quality/read';
import { thresholdFor, type Found } from '../quality/threshold';
import { grammarsIn, MODEL_DIR, VALIDATION_CORPUS } from '../setup';

const TARGET_RECALL = 0.95;

const spec = {
  name: 'calibrate',
  about: 'Chooses the thresholds of `--auto` and writes them as `auto` and `calibration` into MODEL_DIR/manifest.json.',
  inputs: { modelDir: MODEL_DIR, corpus: VALIDATION_CORPUS },
  options: { cases: count(240, 'cases', 'contexts to compress') },
};

runBench(spec, async ({ modelDir, corpus, cases }) => {
  const model = await openModel(modelDir);
  const grammars = grammarsIn();
  const extended = model.folder.extended;
  const readings: Reading[] = [];
  for (const item of loadCases(corpus, { limit: cases, seed: 41, ...TABLE_SIZES }))
    readings.push(await readCase(model, grammars, counter, item));
  const auto: Record<string, number> = {};
  const calibration: Record<string, Found> = {};
  for (const id of ['extended', 'namm'] as const) {
    const ranked = readings.map((reading) => ({
      reading,
      order: orderCuts(reading.structure, evidenceOf(reading, SCORERS[id]({ extended })), []),
    }));
    const best = thresholdFor(ranked, TARGET_RECALL);
    auto[id] = best.threshold;
    const rounded = (x: number): number => Math.round(x * 1e4) / 1e4;
    calibration[id] = {
      threshold: best.threshold,
      recall: rounded(best.recall),
      atLeast: rounded(best.atLeast),
      kept: rounded(best.kept),
    };
    console.log(
      `${id}: threshold ${best.threshold}, needed names kept ${best.recall.toFixed(4)} (at least ${best.atLeast.toFixed(4)}), recipient tokens kept ${best.kept.toFixed(4)} (${ranked.length} cases)`,
    );
  }
  const path = join(modelDir, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  const about = { cases: readings.length, wanted: TARGET_RECALL, ...calibration };
  writeFileSync(path, `${JSON.stringify({ ...manifest, auto, calibration: about }, null, 1)}\n`);
  await model.release();
});
