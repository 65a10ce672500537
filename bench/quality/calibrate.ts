// Knows how far `--auto` may go: the threshold under which units are cut while 95 % of needed names survive, on repositories like the validation ones.
// Usage: calibrate MODEL_DIR VALIDATION.jsonl [--cases n]   writes `auto` and `calibration` into MODEL_DIR/manifest.json
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../src/node/model/model';
import { SCORERS } from '../../src/scorers';
import { unpackExtended } from '../../src/scorers/extended';
import { Grammars } from '../../src/parse/grammars';
import { orderCuts } from '../../src/cut/order';
import { loadCases, TABLE_SIZES } from '../cases/cases';
import { counter } from './methods';
import { evidenceOf, readCase, type Reading } from './read';
import { thresholdFor, type Found } from './threshold';

const WANTED = 0.95;

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const limit = rest[0] === '--cases' ? Number(rest[1]) : 240;
  const model = await openModel(modelDir!);
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const { shape, extended } = model.folder;
  const learned = { extended: unpackExtended(extended, shape.layers * shape.kvHeads) };
  const readings: Reading[] = [];
  for (const c of loadCases(file!, { limit, seed: 41, ...TABLE_SIZES }))
    readings.push(await readCase(model, grammars, counter, c));
  const auto: Record<string, number> = {};
  const calibration: Record<string, Found> = {};
  for (const id of ['extended', 'namm'] as const) {
    const all = readings.map((reading) => ({
      reading,
      order: orderCuts(reading.structure, evidenceOf(reading, SCORERS[id](learned)), []),
    }));
    const best = thresholdFor(all, WANTED);
    auto[id] = best.threshold;
    const rounded = (x: number): number => Math.round(x * 1e4) / 1e4;
    calibration[id] = {
      threshold: best.threshold,
      recall: rounded(best.recall),
      atLeast: rounded(best.atLeast),
      kept: rounded(best.kept),
    };
    console.log(
      `${id}: threshold ${best.threshold}, needed names kept ${best.recall.toFixed(4)} (at least ${best.atLeast.toFixed(4)}), recipient tokens kept ${best.kept.toFixed(4)} (${all.length} cases)`,
    );
  }
  const path = join(modelDir!, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(
    path,
    `${JSON.stringify({ ...manifest, auto, calibration: { cases: readings.length, wanted: WANTED, ...calibration } }, null, 1)}\n`,
  );
  await model.release();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
