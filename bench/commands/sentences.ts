// Prints why places of real files stay or go, as the first line of a hover says it, so that a person can judge each sentence.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Lines } from '../../src/core/lines';
import { languageOf } from '../../src/languages/languages';
import { Compressor } from '../../src/node/engine/compressor';
import { placeAt } from '../../src/why/place';
import { PLAIN, whyOf } from '../../src/why/sentences';
import { seededRandom } from '../cases/cases';
import { count, runBench, text } from '../options';

const FILES = ['createAction.ts', 'background.py', 'auth.go', 'extension.rs', 'JsonArray.java', 'jv_alloc.c'];
const WORDY = /[A-Za-z]{3}/;

const spec = {
  name: 'sentences',
  about:
    'Prints the first line of the hover for places of real files in six languages: as many that stay as that go, with as many different sentences as there are.',
  inputs: {},
  options: {
    places: count(5, 'places', 'places of each file'),
    keepPercent: count(50, 'percent', 'share of tokens that stays'),
    seed: count(31, 'number', 'chooses the places'),
    files: text('FILE,…', 'files', FILES.map((f) => `test/samples/${f}`).join(',')),
  },
};

/** A line of a file and what is said of it. */
interface Said {
  readonly line: number; // 1-based
  readonly code: string;
  readonly kept: boolean;
  readonly sentence: string;
}

/** A sentence without its names and numbers. */
const kindOf = ({ sentence }: Said): string => sentence.replace(/`[^`]*`|\d[\d,]*/g, '…');

/** Takes by turns what goes and what stays, first of the kinds that were taken least. */
function choosePlaces(all: readonly Said[], places: number, taken: Map<string, number>): Said[] {
  const left = [...all];
  const chosen: Said[] = [];
  for (let i = 0; i < places && left.length; i++) {
    const wanted = left.filter((s) => s.kept === (i % 2 === 1));
    const next = (wanted.length ? wanted : left).reduce((a, b) =>
      (taken.get(kindOf(b)) ?? 0) < (taken.get(kindOf(a)) ?? 0) ? b : a,
    );
    taken.set(kindOf(next), (taken.get(kindOf(next)) ?? 0) + 1);
    left.splice(left.indexOf(next), 1);
    chosen.push(next);
  }
  return chosen.sort((a, b) => a.line - b.line);
}

runBench(spec, async ({ places, keepPercent, seed, files }) => {
  const modelDir = process.env.NAMM_MODEL_DIR ?? 'media/model';
  const compressor = await Compressor.create({ modelDir, grammarDir: join(__dirname, 'grammars'), threads: 1 });
  const taken = new Map<string, number>();
  for (const file of files.split(',')) {
    const source = { path: basename(file), languageId: languageOf(file), text: readFileSync(file, 'utf8') };
    const context = await compressor.compress({
      sources: [source],
      budget: { kind: 'keepRatio', keepRatio: keepPercent / 100 },
      scorer: 'extended',
      counter: 'o200k',
      markers: true,
      ranking: true,
    });
    const lines = new Lines(source.text);
    const random = seededRandom(seed);
    const said = source.text
      .split('\n')
      .map((code, i): Said | undefined => {
        const place = placeAt(context.files[0]!, lines.starts[i]! + Math.max(0, code.search(/\S/)));
        if (!place || !WORDY.test(code)) return undefined;
        const { scorer, budget, recipientTokens } = context;
        const { verdict, reason } = whyOf(place, { scorer, budget, before: recipientTokens.before }, PLAIN);
        return { line: i + 1, code: code.trim(), kept: place.span.kept, sentence: `${verdict}: ${reason}` };
      })
      .filter((s) => s !== undefined)
      .map((s) => ({ s, at: random(1e6) }))
      .sort((a, b) => a.at - b.at)
      .map(({ s }) => s);
    for (const { line, code, sentence } of choosePlaces(said, places, taken))
      console.log(`${source.path}:${line}  ${code.slice(0, 100)}\n    ${sentence}`);
  }
  await compressor.dispose();
});
