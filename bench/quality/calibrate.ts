// Knows how far `--auto` may go: the threshold under which units are cut while 95 % of needed names survive on validation repositories.
// Usage: calibrate MODEL_DIR VALIDATION.jsonl [--cases n]   writes `auto` and `calibration` into MODEL_DIR/manifest.json
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openModel } from '../../src/model/model';
import { SCORERS } from '../../src/scorers';
import { unpackExtended } from '../../src/scorers/extended';
import { counterFor } from '../../src/text/counters';
import { stepsUnder } from '../../src/text/fit';
import { Grammars } from '../../src/text/grammars';
import { orderCuts, type CutOrder } from '../../src/text/order';
import { renderPrefix } from '../../src/text/render';
import { loadCases } from '../cases/cases';
import { recallOf } from '../cases/recall';
import { evidenceOf, readCase, type Reading } from './read';
import { mean } from './statistics';

const WANTED = 0.95;
const ROUNDS = 12; // of bisection over the thresholds that occur
const counter = counterFor('o200k');

interface Found {
  readonly threshold: number;
  readonly recall: number;
  readonly kept: number; // share of reader tokens
}

function outcome(all: readonly { reading: Reading; order: CutOrder }[], threshold: number): Found {
  const each = all.map(({ reading, order }) => {
    const rendered = renderPrefix(order, stepsUnder(order, threshold), { markers: true, counter });
    return {
      recall: recallOf(reading.case, reading.structure, reading.definitions, rendered.spans.filter((s) => s.kept)),
      tokens: rendered.readerTokens,
    };
  });
  return {
    threshold,
    recall: mean(each.map((e) => e.recall)),
    kept: each.reduce((sum, e) => sum + e.tokens, 0) / all.reduce((sum, a) => sum + a.reading.readerTokens, 0),
  };
}

async function main(): Promise<void> {
  const [modelDir, file, ...rest] = process.argv.slice(2);
  const limit = rest[0] === '--cases' ? Number(rest[1]) : 240;
  const model = await openModel(modelDir!);
  const grammars = new Grammars((name) => readFile(join(__dirname, 'grammars', name)));
  const { shape, extended } = model.folder;
  const learned = { extended: unpackExtended(extended, shape.layers * shape.kvHeads) };
  const readings: Reading[] = [];
  for (const c of loadCases(file!, { limit, seed: 41, context: [2000, 20_000], target: 900 })) readings.push(await readCase(model, grammars, counter, c));
  const auto: Record<string, number> = {};
  const calibration: Record<string, Found> = {};
  for (const id of ['extended', 'namm'] as const) {
    const all = readings.map((reading) => ({ reading, order: orderCuts(reading.structure, evidenceOf(reading, SCORERS[id](learned)), []) }));
    const keys = [...new Set(all.flatMap((a) => a.order.steps.map((s) => s.key)))].sort((a, b) => a - b);
    // A higher threshold cuts more and never brings a name back.
    let lo = 0;
    let hi = keys.length - 1;
    let best = outcome(all, keys[0]!);
    for (let round = 0; round < ROUNDS && lo <= hi; round++) {
      const mid = (lo + hi) >> 1;
      const found = outcome(all, keys[mid]!);
      if (found.recall >= WANTED) [best, lo] = [found, mid + 1];
      else hi = mid - 1;
    }
    auto[id] = best.threshold;
    calibration[id] = { threshold: best.threshold, recall: Math.round(best.recall * 1e4) / 1e4, kept: Math.round(best.kept * 1e4) / 1e4 };
    console.log(`${id}: threshold ${best.threshold}, needed names kept ${best.recall.toFixed(4)}, reader tokens kept ${best.kept.toFixed(4)} (${all.length} cases)`);
  }
  const path = join(modelDir!, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, `${JSON.stringify({ ...manifest, auto, calibration: { cases: readings.length, wanted: WANTED, ...calibration } }, null, 1)}\n`);
  await model.release();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
