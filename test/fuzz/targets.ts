// The fuzz targets: each gets random input, and must answer as promised or refuse with a reason.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { parseCommand, UsageError } from '../../src/node/cli/arguments';
import { SCORER_IDS, type CompressRequest, type SourceText } from '../../src/core/context';
import { CompressionError } from '../../src/core/errors';
import { checkCompress, checkInspect } from '../../src/core/request';
import { COUNTER_IDS } from '../../src/core/token';
import { resolveElision } from '../../src/elisions/resolve';
import { ElisionStore } from '../../src/node/elisions/elisionStore';
import { OWN_SCOPE } from '../../src/node/library/ownSession';
import { readRequest } from '../../src/node/engine/protocol';
import { completionsUrl } from '../../src/handover/endpoint';
import { HandoverError } from '../../src/handover/handoverError';
import { findSecrets, redact } from '../../src/redact/secrets';
import { Intake } from '../../src/node/mcp/messageLimit';
import { PathRefused, Roots } from '../../src/node/mcp/roots';
import { loadModelFolder } from '../../src/node/model/manifest';
import { ReadingStore } from '../../src/node/model/readingStore';
import { createSession, loadRuntime } from '../../src/node/model/runtime';
import { BpeTokenizer } from '../../src/node/model/tokenizer';
import { counterFor } from '../../src/tokens/counters';
import { fitToTokens } from '../../src/cut/fit';
import { languageOf } from '../../src/languages/languages';
import { orderCuts } from '../../src/cut/order';
import { GrammarFaultError } from '../../src/parse/boundedParser';
import { parseStructure } from '../../src/parse/structure';
import { testGrammars } from '../support/grammars';
import { NOISE, PIECES } from '../support/pieces';
import { checkRendered, evidence, options } from '../unit/cut/promises';
import { mutatedProgram, randomProgram } from './programs';
import { mutated, mutatedBytes, randomText, type RandomSource } from './random';

export interface Target {
  readonly name: string;
  /** Share of all inputs; cheap targets get more. */
  readonly share: number;
  /** @throws Error if a promise is broken */
  run(random: RandomSource): void | Promise<void>;
}

export interface Targets {
  readonly all: readonly Target[];
  close(): void;
}

const MODEL = 'media/model';
const SMALL = ['tokenizer.json', 'namm.json', 'extended.json'] as const;
const LARGE = ['observer.onnx', 'observer-int8.onnx', 'observer.weights'];

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`broken promise: ${what}`);
}

/** @returns whether `work` refused with one of these reasons. @throws every other error of it */
async function refuses(work: () => unknown, ...reasons: string[]): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (
      error instanceof UsageError
        ? reasons.includes('usage')
        : CompressionError.is(error) && reasons.includes(error.reason)
    )
      return true;
    throw error;
  }
}

export function openTargets(): Targets {
  const dir = mkdtempSync(join(tmpdir(), 'namm-fuzz-'));
  const grammars = testGrammars();
  const tokenizerJson = JSON.parse(readFileSync(join(MODEL, 'tokenizer.json'), 'utf8')) as {
    model: { vocab: Record<string, number>; merges: unknown[] };
  };
  const tokenizer = new BpeTokenizer(tokenizerJson);
  const counter = counterFor('o200k');
  const files = new Map(
    [...LARGE, 'memory.onnx', ...SMALL].map((f) => [
      f,
      LARGE.includes(f) ? Buffer.from('graph') : readFileSync(join(MODEL, f)),
    ]),
  );
  // The whole vocabulary would make every input slow.
  const fewTokens = Object.fromEntries(Object.entries(tokenizerJson.model.vocab).filter(([, id]) => id < 300));
  files.set(
    'tokenizer.json',
    Buffer.from(
      JSON.stringify({
        ...tokenizerJson,
        model: { ...tokenizerJson.model, vocab: fewTokens, merges: tokenizerJson.model.merges.slice(0, 20) },
      }),
    ),
  );
  const manifest = JSON.parse(readFileSync(join(MODEL, 'manifest.json'), 'utf8'));
  delete manifest.corpus;
  const shaOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  for (const [name, bytes] of files) manifest.files[name] = { bytes: bytes.length, sha256: shaOf(bytes) };
  const memory = files.get('memory.onnx')!;

  const words = [
    ...'compress inspect expand shrink src - -- . a.ts --keep-ratio --keep-ratio=0.5 --max-tokens --auto --query --scorer --pin --language --counter --format --no-markers --help -h -v 0.5 1 0 -1 1e3 12-40 9-3 #k3fa k3fa json o200k'.split(
      ' ',
    ),
    ...SCORER_IDS,
  ];
  const request: CompressRequest = {
    sources: [{ path: 'a.ts', languageId: 'typescript', text: 'let a;\n', pins: [{ start: 0, end: 3 }], drops: [] }],
    budget: { kind: 'keepRatio', keepRatio: 0.5 },
    scorer: 'namm',
    counter: 'o200k',
    markers: true,
    query: 'why',
    protectedPatterns: ['^let'],
    droppedPatterns: [],
    inlineMarkers: true,
    priority: 'background',
  };

  const text = (random: RandomSource, path: string): string => {
    const parts = Array.from({ length: 1 + random.below(8) }, () =>
      random.happens(0.75)
        ? random.pick(PIECES[path]!)
        : random.happens(0.5)
          ? random.pick(NOISE.filter((n) => n.length < 100))
          : randomText(random, 12),
    );
    return (
      (random.happens(0.1) ? '\ufeff' : '') +
      parts
        .join(random.happens(0.5) ? '\n' : '\n\n')
        .replace(/·/g, random.pick(['  ', '\t']))
        .replace(/\n/g, random.pick(['\n', '\n', '\r\n', '\r']))
    );
  };

  /** Cuts a text in a random order to a random budget, and checks every promise. */
  const cutAtRandom = async (source: SourceText, random: RandomSource): Promise<void> => {
    const structure = await parseStructure(source, grammars);
    const n = source.text.length;
    const pins = random
      .list(2, () => ({ start: random.below(n + 1), end: 0 }))
      .map((p) => ({ start: p.start, end: Math.min(n, p.start + random.below(30)) }))
      .filter((p) => p.end > p.start);
    const order = orderCuts(structure, evidence(source.text, random.below(1e6)), pins);
    const allowed = Math.floor(random.next() * 1.1 * options.counter.count(source.text));
    const { rendered, floor } = fitToTokens(order, allowed, options);
    checkRendered(structure, order, rendered);
    must(rendered.recipientTokens > allowed === (floor !== undefined), 'within the budget, or a floor');
  };

  const all: Target[] = [
    {
      name: 'command line',
      share: 0.35,
      async run(random) {
        const argv = random.list(7, () => (random.happens(0.85) ? random.pick(words) : randomText(random, 6)));
        await refuses(() => {
          const c = parseCommand(argv);
          if (c.command !== 'compress') return;
          must(
            c.paths.length > 0 && SCORER_IDS.includes(c.scorer) && COUNTER_IDS.includes(c.counter),
            'a command is whole',
          );
          if (c.budget.kind === 'keepRatio') must(c.budget.keepRatio > 0 && c.budget.keepRatio <= 1, 'ratio');
          if (c.budget.kind === 'maxTokens')
            must(Number.isSafeInteger(c.budget.maxTokens) && c.budget.maxTokens > 0, 'tokens');
          for (const p of c.pins) must(p.kind !== 'lines' || (p.from >= 1 && p.to >= p.from), 'pins');
        }, 'usage');
      },
    },
    {
      name: 'engine messages',
      share: 0.35,
      async run(random) {
        const kind = random.pick(['compress', 'inspect', 'cancel', 'shutdown']);
        const body =
          kind === 'inspect' ? { source: request.sources[0], scorer: 'namm', focus: 2, among: true } : request;
        const read = readRequest(mutated({ kind, id: 3, request: body }, random));
        if (!read) return;
        must(Number.isSafeInteger(read.id), 'an id to answer under');
        if (read.kind === 'compress')
          await refuses(() => {
            checkCompress(read.request);
            const { sources } = read.request;
            for (const s of sources)
              must(
                [s.path, s.languageId, s.text].every((x) => typeof x === 'string'),
                'sources are texts',
              );
            for (const p of sources.flatMap((s) => s.pins ?? []))
              must(p.start >= 0 && p.end >= p.start, 'pins are spans');
          }, 'badRequest');
        if (read.kind === 'inspect') await refuses(() => checkInspect(read.request), 'badRequest');
      },
    },
    {
      name: 'tokenizer',
      share: 0.13,
      run(random) {
        const input = random.happens(0.5) ? randomText(random, 60) : text(random, random.pick(Object.keys(PIECES)));
        const { ids, bounds, length } = tokenizer.tokenize(input);
        must(bounds[0] === 0 && bounds[length] === input.length && ids.length === length, 'tokens tile their text');
        for (let i = 0; i < length; i++)
          must(
            bounds[i]! <= bounds[i + 1]! && ids[i]! >= 0 && ids[i]! < tokenizer.vocabSize,
            'bounds rise, ids are known',
          );
      },
    },
    {
      name: 'counter',
      share: 0.1,
      run(random) {
        const input = `${randomText(random, 14)}\n${randomText(random, 14)}`;
        must(
          counter.count(input) === countTokens(input, { disallowedSpecial: new Set<string>() }),
          'by pieces it counts what the encoding counts',
        );
      },
    },
    {
      name: 'order and renderer',
      share: 0.025,
      async run(random) {
        const path = random.pick(Object.keys(PIECES));
        const source = {
          path,
          languageId: random.happens(0.9) ? languageOf(path) : randomText(random, 2),
          text: text(random, path),
        };
        await cutAtRandom(source, random);
      },
    },
    {
      name: 'programs',
      share: 0.02,
      async run(random) {
        const program = random.happens(0.5) ? mutatedProgram(random) : randomProgram(random);
        const source = { ...program, languageId: languageOf(program.path) };
        try {
          await cutAtRandom(source, random);
        } catch (error) {
          // What the engine does then: the text is divided by its lines.
          if (!(error instanceof GrammarFaultError)) throw error;
          await cutAtRandom({ ...source, grammarFault: error.fault }, random);
        }
      },
    },
    {
      name: 'model folder',
      share: 0.02,
      async run(random) {
        const folder = join(dir, 'model');
        mkdirSync(folder, { recursive: true });
        const named = structuredClone(manifest);
        const target = random.pick([...files.keys(), 'manifest.json']);
        for (const [name, bytes] of files) if (name !== target) writeFileSync(join(folder, name), bytes);
        let honest = false; // whether the manifest has the hash of the file
        if (files.has(target)) {
          const original = files.get(target)!;
          const shaped = (SMALL as readonly string[]).includes(target) && random.happens(0.6);
          const bytes = shaped
            ? Buffer.from(JSON.stringify(mutated(JSON.parse(original.toString()), random)) ?? '')
            : mutatedBytes(original, random);
          writeFileSync(join(folder, target), bytes);
          honest = random.happens(0.7);
          if (honest) named.files[target] = { bytes: bytes.length, sha256: shaOf(bytes) };
          else if (Buffer.from(bytes).equals(original)) honest = true;
        } else honest = true;
        const written = target === 'manifest.json' ? mutated(named, random) : named;
        writeFileSync(
          join(folder, 'manifest.json'),
          target === 'manifest.json' && random.happens(0.2)
            ? mutatedBytes(Buffer.from(JSON.stringify(named)), random)
            : (JSON.stringify(written) ?? ''),
        );
        const refused = await refuses(
          async () => {
            const model = await loadModelFolder(folder);
            new BpeTokenizer(model.tokenizer);
            must(
              [...model.namm.weights, ...model.namm.mean, ...model.namm.std, model.namm.threshold].every(
                Number.isFinite,
              ),
              'weights are numbers',
            );
          },
          'modelCorrupt',
          'modelUnsupported',
        );
        must(honest || refused, 'a byte that the manifest does not know reaches nobody');
      },
    },
    {
      name: 'hand-over',
      share: 0.003,
      async run(random) {
        const address = random.happens(0.5)
          ? randomText(random, 6)
          : `${random.pick(['http', 'https', 'file', 'javascript', 'ftp'])}:${random.pick(['//', '/', ''])}${random.pick(['', 'u:p@', 'localhost', '[::1]', 'a.b'])}${random.pick(['', ':1', ':99999'])}/${randomText(random, 3)}`;
        try {
          const url = completionsUrl(address);
          must(
            /^https?:$/.test(url.protocol) &&
              !url.username &&
              !url.password &&
              url.pathname.endsWith('/chat/completions'),
            'an address of the web',
          );
        } catch (error) {
          if (!(error instanceof HandoverError && error.reason === 'badAddress')) throw error;
        }
        const secret = `ghp_${Array.from({ length: 36 }, () => random.pick([...'abcXYZ0189'])).join('')}`;
        const input = `${randomText(random, 10)}\n${random.happens(0.5) ? `const token = "${secret}";` : secret.slice(0, random.below(41))}\n${randomText(random, 10)}`;
        const found = await findSecrets(input);
        let at = 0;
        for (const s of found) {
          must(s.start >= at && s.end > s.start && s.end <= input.length, 'credentials are disjoint spans of the text');
          at = s.end;
        }
        const left = redact(input, found);
        if (input.includes(`"${secret}"`)) must(!left.includes(secret), 'a credential does not leave');
        if (!found.length) must(left === input, 'without one every byte stays');
      },
    },
    {
      name: 'MCP',
      share: 0.02,
      async run(random) {
        // Random bytes in random pieces: lines pass in order, lines that are too long are reported.
        const lines = random.list(
          4,
          () =>
            `${random.happens(0.5) ? (JSON.stringify(mutated({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'compress', arguments: { paths: ['a.ts'] } } }, random)) ?? '') : randomText(random, 20).replace(/\n/g, '')}\n`,
        );
        const bytes = Buffer.from(lines.join(''));
        const whole = bytes
          .toString()
          .split('\n')
          .slice(0, -1)
          .map((l) => `${l}\n`);
        let refused = 0;
        const intake = new Intake(() => refused++, 64);
        const passed: string[] = [];
        intake.on('data', (d: Buffer) => passed.push(d.toString()));
        for (let at = 0; at < bytes.length;) {
          const end = at + 1 + random.below(40);
          intake.write(bytes.subarray(at, end));
          at = end;
        }
        await new Promise<void>((resolve) => intake.end(resolve));
        const short = whole.filter((l) => Buffer.byteLength(l) <= 64);
        must(
          passed.join('') === short.join('') && refused === whole.length - short.length,
          'every line passes or is refused',
        );

        const root = join(dir, 'root');
        mkdirSync(join(root, 'in'), { recursive: true });
        writeFileSync(join(root, 'in', 'a.ts'), '');
        if (!existsSync(join(root, 'out'))) symlinkSync(tmpdir(), join(root, 'out'));
        const path = Array.from({ length: 1 + random.below(5) }, () =>
          random.happens(0.8)
            ? random.pick(['in', 'a.ts', '..', '.', '', 'out', 'root', '~', 'etc', 'passwd', '%2e%2e', 'file:'])
            : randomText(random, 2),
        ).join(random.pick(['/', '/', '\\']));
        try {
          const { file } = await new Roots([root]).place(random.happens(0.3) ? `/${path}` : path);
          must(file === realpathSync(root) || file.startsWith(realpathSync(root) + sep), 'a path lies inside');
        } catch (error) {
          if (!(error instanceof PathRefused) && !CompressionError.is(error)) throw error;
        }
      },
    },
    {
      name: 'graphs',
      share: 0.001,
      async run(random) {
        const ort = await loadRuntime();
        await refuses(
          async () => (await createSession(ort, mutatedBytes(memory, random), 'memory.onnx', 1)).release(),
          'modelCorrupt',
        );
      },
    },
    {
      name: 'stores',
      share: 0.024,
      async run(random) {
        const folder = join(dir, 'stores');
        mkdirSync(folder, { recursive: true });
        if (random.happens(0.5)) {
          const entry = {
            id: 'abcd:1',
            path: 'a',
            languageId: 'go',
            sha256: shaOf(Buffer.from('x')),
            start: 0,
            end: 1,
            startLine: 1,
            endLine: 1,
          };
          const json =
            JSON.stringify(
              mutated({ version: 4, entries: [entry], texts: { [shaOf(Buffer.from('x'))]: 'x' } }, random),
            ) ?? '';
          writeFileSync(
            join(folder, 'elisions.json'),
            random.happens(0.5) ? json : mutatedBytes(Buffer.from(json), random),
          );
          await refuses(
            async () => {
              const match = await resolveElision({ id: 'abcd:1' }, new ElisionStore(folder), OWN_SCOPE);
              must(typeof (await match.expand()).text === 'string', 'an elision is a text');
            },
            'unknownElision',
            'ambiguousElision',
            'unreadable',
            'elisionStale',
            'elisionDamaged',
            'notFound',
          );
        } else {
          const key = '0'.repeat(64);
          const grid = { layers: 1, heads: 2, tokens: 3, data: Float32Array.from([1, 2, 3, 4, 5, 6]) };
          const store = new ReadingStore(folder);
          const file = join(folder, `${key}.obs`);
          rmSync(file, { force: true }); // one that does not look like an entry any more would stay
          await store.put(key, {
            layers: 1,
            heads: 2,
            tokens: 3,
            nammScore: grid,
            evictedAt: new Int16Array(6),
            updates: 1,
            meanCacheLength: 1,
          });
          const bytes = readFileSync(file);
          writeFileSync(file, mutatedBytes(bytes, random));
          const same = readFileSync(file).equals(bytes);
          must(((await store.get(key, 3)) !== undefined) === same, 'what was damaged is absent');
        }
      },
    },
  ];
  return { all, close: () => rmSync(dir, { recursive: true, force: true }) };
}
