// The stages that the growth bench times: each does one part of the work on a text; what it needs is made before.
import o200k from 'gpt-tokenizer/bpeRanks/o200k_base';
import { GptEncoding } from 'gpt-tokenizer/GptEncoding';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InspectReport, SourceText } from '../../src/core/context';
import { getOrMake } from '../../src/core/getOrMake';
import { Lines } from '../../src/core/lines';
import { FORECAST_KINDS, type Observation } from '../../src/core/observation';
import { reportJson } from '../../src/core/report';
import type { TokenEvidence } from '../../src/core/evidence';
import type { TokenCounter, TokenList } from '../../src/core/token';
import { constraintSpans } from '../../src/cut/constraints';
import { floorOf } from '../../src/cut/floor';
import { orderCuts, type CutOrder } from '../../src/cut/order';
import { renderPrefix, type Rendered } from '../../src/cut/render';
import { shareBudget } from '../../src/cut/share';
import { Sizes } from '../../src/cut/sizes';
import { markersIn } from '../../src/elisions/markers';
import { CrossFileNames } from '../../src/evidence/crossFileNames';
import { channelsOf, evidenceFor } from '../../src/evidence/evidence';
import { scoreText, type ScoredText } from '../../src/evidence/scored';
import { formatContext } from '../../src/format/format';
import { markersOf } from '../../src/format/pastedMarkers';
import { reportCsv } from '../../src/inspector/csv';
import { maskStretches } from '../../src/inspector/mask';
import { rowsOf } from '../../src/inspector/rows';
import { scoreHistogram } from '../../src/inspector/summary';
import { ALL } from '../../src/inspector/scope';
import { BpeTokenizer } from '../../src/node/model/tokenizer';
import { unwritten } from '../../src/files/walk';
import { complete, completionOf } from '../../src/parse/completion';
import { Grammars } from '../../src/parse/grammars';
import { hasOddDirectives, macrosOf, NO_MACROS } from '../../src/parse/macros';
import { parseStructure, type CodeStructure } from '../../src/parse/structure';
import { syntaxOf } from '../../src/languages/syntax';
import { Walk } from '../../src/parse/tree';
import { extended, extendedSizes, unpackExtended } from '../../src/scorers/extended';
import { meanOrder } from '../../src/rank/meanOrder';
import { rankUnits } from '../../src/rank/rankUnits';
import { counterFor, modelCounter } from '../../src/tokens/counters';

const LAYERS = 1;
const HEADS = 2;
const FORECAST_SIZE = 2;

/** What the stages share. Tokenizers and counters remember what they have seen: each new one knows nothing. */
export interface Tools {
  tokenizer(): BpeTokenizer;
  counter(): TokenCounter;
  readonly grammars: Grammars;
}

/** @param grammarDir folder of the compiled grammars */
export function openTools(modelDir: string, grammarDir: string): Tools {
  const json: unknown = JSON.parse(readFileSync(join(modelDir, 'tokenizer.json'), 'utf8'));
  const encoding = GptEncoding.getEncodingApi('o200k_base', () => o200k);
  encoding.countTokens('a'); // makes its tables
  return {
    tokenizer: () => new BpeTokenizer(json),
    counter: () => {
      encoding.clearMergeCache();
      return counterFor('o200k', () => encoding);
    },
    grammars: new Grammars((file) => Promise.resolve(readFileSync(join(grammarDir, file)))),
  };
}

/** A text, and the results of earlier stages, each made when it is first needed. */
export class Subject {
  private readonly made = new Map<string, unknown>();

  constructor(
    readonly tools: Tools,
    readonly source: SourceText,
  ) {}

  get tokens(): TokenList {
    return this.once('tokens', () => this.tools.tokenizer().tokenize(this.source.text));
  }

  async structure(): Promise<CodeStructure> {
    return this.once('structure', () => parseStructure(this.source, this.tools.grammars));
  }

  get scored(): ScoredText {
    return this.once('scored', () => scoreText(SCORER, this.tokens, observationOf(this.tokens)));
  }

  get counter(): TokenCounter {
    return this.once('counter', () => this.tools.counter());
  }

  async evidence(): Promise<TokenEvidence> {
    return this.once('evidence', async () =>
      evidenceFor(SCORER, this.scored, await this.structure(), this.counter, { query: 'where is f' }),
    );
  }

  /** Not checked by the parser, whose time is not measured here. */
  async order(): Promise<CutOrder> {
    return this.once('order', async () =>
      orderCuts(await this.structure(), await this.evidence(), [], { verify: false }),
    );
  }

  half(): Promise<Rendered> {
    return this.once('half', async () => {
      const order = await this.order();
      return renderPrefix(order, order.steps.length >> 1, { markers: true, counter: this.counter });
    });
  }

  async report(): Promise<InspectReport> {
    const { tokens, seen, scores, keeps, retention } = this.scored;
    const structure = await this.structure();
    return {
      version: 1,
      ...this.source,
      scorer: SCORER.id,
      model: { name: '', sha256: '' },
      layers: LAYERS,
      heads: HEADS,
      bounds: tokens.bounds,
      ids: tokens.ids,
      classes: structure.classes(tokens.bounds),
      scores: scores.data,
      keeps,
      retention,
      threshold: 0,
      evictedAt: seen.evictedAt,
      updates: seen.updates,
      read: new Int32Array(seen.updates),
      meanCacheLength: 0,
    };
  }

  /** Spares later stages what a run has made. */
  keep<T>(key: 'tokens' | 'structure' | 'evidence' | 'order', value: T): T {
    this.made.set(key, value);
    return value;
  }

  private once<T>(key: string, make: () => T): T {
    return getOrMake(this.made, key, make) as T;
  }
}

const SCORER = extended(
  unpackExtended(
    new Float32Array(extendedSizes(LAYERS * HEADS).reduce((sum, [, size]) => sum + size, 0)).fill(0.1),
    LAYERS * HEADS,
  ),
);

/** Values of no meaning in place of a reading, which takes time linear in the tokens anyway. */
function observationOf({ length }: TokenList): Observation {
  const value = (i: number): number => ((i * 7919) % 101) / 50 - 1;
  const width = FORECAST_KINDS * (3 * FORECAST_SIZE + 1);
  return {
    layers: LAYERS,
    heads: HEADS,
    tokens: length,
    nammScore: {
      layers: LAYERS,
      heads: HEADS,
      tokens: length,
      data: Float32Array.from({ length: LAYERS * HEADS * length }, (_, i) => value(i)),
    },
    logProb: Float32Array.from({ length }, (_, i) => value(i) - 1),
    forecast: { width, codes: Int8Array.from({ length: length * width }, (_, i) => 20 * value(i)) },
    evictedAt: new Int16Array(LAYERS * HEADS * length).fill(-1),
    updates: 1,
    meanCacheLength: 0,
  };
}

/** One run of a stage, to be timed. */
type Run = () => unknown;
/** Makes what the results of earlier runs would spare a run: counters, tokenizers, sources that nothing is remembered of. Not timed. */
type Fresh = () => Run;
/** Makes ready what all runs of a stage need. @returns undefined if the stage does not apply */
type Stage = (subject: Subject) => Promise<Fresh | undefined>;

const now = (run: (subject: Subject) => unknown): Stage => {
  return (subject) => Promise.resolve(() => () => run(subject));
};
/** A grammar that finds an error in every text: each completion and each macro is tried. */
const fails = (): number => 1;
const completes = (languageId: string): Stage =>
  now(({ source: { text } }) => complete(text, languageId, completionOf(text, languageId, fails)));
/** An order whose cuts no grammar checks and no earlier fit has measured. */
const unmeasured = (order: CutOrder): CutOrder => {
  const source = { ...order.source };
  return { ...order, source, structure: { ...order.structure, source, errorsIn: () => 0 } };
};

export const STAGES: Readonly<Record<string, Stage>> = {
  lines: now(({ source: { text } }) => [new Lines(text), unwritten(text)]),
  tokenise: (subject) =>
    Promise.resolve(() => {
      const tokenizer = subject.tools.tokenizer();
      return () => subject.keep('tokens', tokenizer.tokenize(subject.source.text));
    }),
  'count for chat': ({ tools, source }) =>
    Promise.resolve(() => {
      const counter = tools.counter();
      return () => counter.count(source.text);
    }),
  'count for the model': ({ tools, source }) =>
    Promise.resolve(() => {
      const counter = modelCounter(tools.tokenizer());
      return () => counter.count(source.text);
    }),
  'parse without a grammar': (subject) => {
    const { tools, source } = subject;
    const parses = (): Promise<unknown> => subject.keep('structure', parseStructure(source, tools.grammars));
    return Promise.resolve(syntaxOf(source.languageId) ? undefined : () => parses);
  },
  'walk over a syntax tree': async (subject) => {
    const { tools, source } = subject;
    const { text, languageId } = source;
    if ((await subject.structure()).grammarFault) return undefined;
    const parser = await tools.grammars.boundedFor(source);
    if (!parser) return undefined;
    return () => {
      parser.renew();
      const tree = parser.parse(text)!;
      return () => {
        const cursor = tree.walk();
        new Walk({ text, lines: new Lines(text), languageId }, text, syntaxOf(languageId)!).collect(cursor, 0);
        cursor.delete();
        tree.delete();
      };
    };
  },
  'complete TypeScript': completes('typescript'),
  'complete Python': completes('python'),
  'complete C++': completes('cpp'),
  'complete Rust': completes('rust'),
  'complete C#': completes('csharp'),
  'macros of C': now(({ source: { text } }) => [
    hasOddDirectives(text),
    macrosOf(text, NO_MACROS, () => ({ errorCost: 1, spans: [{ start: 0, end: text.length }] })),
  ]),
  'classes of tokens': async (subject) => {
    const structure = await subject.structure();
    const { bounds } = subject.tokens;
    return () => () => structure.classes(bounds);
  },
  'names and pairs': async (subject) => {
    const structure = await subject.structure();
    const { scored } = subject;
    return () => () => [
      SCORER.weigh!(scored.seen, channelsOf(structure, scored.tokens, { query: 'where is f', focus: 10 })),
      new CrossFileNames().of([structure, { ...structure }], undefined),
    ];
  },
  costs: async (subject) => {
    const structure = await subject.structure();
    const { scored, tools } = subject;
    return () => {
      const counter = tools.counter();
      return () => subject.keep('evidence', evidenceFor(SCORER, scored, structure, counter, { query: 'where is f' }));
    };
  },
  constraints: async (subject) => {
    const structure = await subject.structure();
    return () => () =>
      constraintSpans(structure, {
        pins: [],
        drops: [],
        protectedPatterns: ['^x'],
        droppedPatterns: [],
        inlineMarkers: true,
      });
  },
  rank: async (subject) => {
    const [structure, evidence] = [await subject.structure(), await subject.evidence()];
    return () => () => rankUnits(structure, evidence, [], new Set());
  },
  'rank by mean': async (subject) => {
    const [structure, evidence] = [await subject.structure(), await subject.evidence()];
    return () => () => meanOrder(structure, evidence, []);
  },
  order: async (subject) => {
    const [structure, evidence] = [await subject.structure(), await subject.evidence()];
    return () => {
      const unchecked = { ...structure, source: { ...structure.source }, errorsIn: () => 0 };
      return () => subject.keep('order', orderCuts(unchecked, evidence, []));
    };
  },
  sizes: async (subject) => {
    const [order, { tools }] = [await subject.order(), subject];
    return () => {
      const [unknown, counter] = [unmeasured(order), tools.counter()];
      return () => {
        const sizes = new Sizes(unknown, counter, true);
        while (sizes.more());
      };
    };
  },
  'excluded lines': async (subject) => {
    const [structure, evidence] = [await subject.structure(), await subject.evidence()];
    const drops = structure.units.filter((_, i) => i % 3 === 0).map(({ start, end }) => ({ start, end }));
    return () => {
      const unchecked = { ...structure, source: { ...structure.source }, errorsIn: () => 0 };
      return () => orderCuts(unchecked, evidence, [], { drops });
    };
  },
  render: async (subject) => {
    const [order, { tools }] = [await subject.order(), subject];
    return () => {
      const [unknown, counter] = [unmeasured(order), tools.counter()];
      return () => renderPrefix(unknown, order.steps.length >> 1, { markers: true, counter });
    };
  },
  share: async (subject) => {
    const order = await subject.order();
    const before = subject.counter.count(subject.source.text);
    return () => {
      const [unknown, counter] = [unmeasured(order), subject.tools.counter()];
      const file = { source: unknown.source, order: unknown, before, options: { markers: true, counter } };
      return () => shareBudget([file], { kind: 'keepRatio', keepRatio: 0.5 }, [undefined], counter);
    };
  },
  floor: async (subject) => {
    const [order, { elisions }, { tools }] = [await subject.order(), await subject.half(), subject];
    return () => {
      const counter = tools.counter();
      return () => floorOf([{ order, elisions }], 100, 10, counter);
    };
  },
  format: async (subject) => {
    const { text, elisions } = await subject.half();
    const { path, languageId } = subject.source;
    const files = [
      { path, languageId, text, elisions },
      { path: 'b', languageId, text: subject.source.text },
    ];
    return () => () => [formatContext(files), formatContext(files, { style: 'xml' })];
  },
  markers: now(({ source: { text } }) => [markersIn(text), markersOf(text)]),
  inspector: async (subject) => {
    const report = await subject.report();
    const { text } = subject.source;
    return () => () => [
      reportCsv(report, text),
      reportJson(report),
      maskStretches(report, ALL),
      rowsOf(text),
      scoreHistogram(report, ALL),
    ];
  },
};
