// Reads a model folder. Every file's hash is checked before a byte of it reaches native code.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CompressionError } from '../../core/errors';
import { FORECAST_KINDS } from '../../core/observation';
import { extendedSizes, unpackExtended, type ExtendedWeights } from '../../scorers/extended';

/**
 * How a text is read. Weights are evolved, measured and shipped under one record; the engine refuses an unknown one.
 */
export interface ReadingRecord {
  readonly nUp: number; // tokens between two memory updates
  readonly cacheSize: number; // maximum number of entries that a head may keep
  readonly evicting: true;
  readonly selection: 'perHead' | 'aligned';
  readonly positions: 'cacheSlot';
  readonly closing: 'remainder';
  readonly readings: 1;
  readonly evidenceUpdate: 1; // updates after which a token's evidence is taken
}

export interface ModelShape {
  readonly vocab: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly fileToken: number;
  readonly padToken: number;
  /** Length of the longest text that the base model was trained on, in model tokens. */
  readonly trainedContext: number;
  /** Numbers in a key of the forecast; absent if the model has no forecast head. */
  readonly forecast?: number;
}

/**
 * Numbers per token in the forecast (core/observation.ts, `Forecast`): per kind a key, two queries and a bias; 0
 * without a forecast head.
 */
export const forecastWidth = ({ forecast = 0 }: ModelShape): number =>
  forecast ? FORECAST_KINDS * (3 * forecast + 1) : 0;

/** The evolved memory (docs/NAMM.md 1.5, 2.1): weights, frozen statistics, threshold. */
export interface NammWeights {
  readonly weights: Float32Array; // [4172] w_qkv, b_qkv, w_out, b_out, w_score, b_score
  readonly mean: Float32Array; // [17]
  readonly std: Float32Array; // [17]
  readonly threshold: number;
}

/** A model folder whose files have been verified. */
export interface ModelFolder {
  readonly name: string;
  /** Hash over the hashes of all files: identifies this exact model in results and caches. */
  readonly sha256: string;
  readonly shape: ModelShape;
  readonly reading: ReadingRecord;
  readonly observer: Uint8Array;
  readonly memory: Uint8Array;
  readonly tokenizer: unknown; // tokenizer.json
  readonly namm: NammWeights;
  readonly extended: ExtendedWeights;
  /** By scorer: units whose key lies below this are cut with the budget `auto`; absent until calibrated. */
  readonly auto?: Readonly<Record<string, number>>;
}

const FILES = ['observer.onnx', 'memory.onnx', 'tokenizer.json', 'namm.json', 'extended.json'] as const;
export const NAMM_WEIGHTS = 4172;
const MAX_COUNT = 1e6; // of anything in the shape: a larger number means a damaged manifest
const BINS = 17;

/** manifest.json before it is checked. */
interface ManifestJson {
  readonly format?: unknown;
  readonly name?: unknown;
  readonly reading?: ReadingRecord;
  readonly files?: Readonly<Record<string, { readonly sha256?: unknown } | undefined>>;
  readonly model?: ModelShape;
  readonly auto?: Readonly<Record<string, number>>;
}

/**
 * Reads and verifies a model folder.
 * @param dir folder with manifest.json and the five files that it lists
 * @throws CompressionError modelMissing | modelCorrupt | modelUnsupported
 */
export async function loadModelFolder(dir: string): Promise<ModelFolder> {
  const manifest = parseJson(await bytesOf(dir, 'manifest.json'), 'manifest.json') as ManifestJson | null;
  if (typeof manifest !== 'object' || manifest === null) throw new CompressionError('modelCorrupt', 'manifest.json');
  if (manifest.format !== 1)
    throw new CompressionError('modelUnsupported', `manifest format ${String(manifest.format)}`);
  const { reading, auto } = manifest;
  if (!isKnownReading(reading)) throw new CompressionError('modelUnsupported', 'reading record');
  const files = new Map<string, Uint8Array>();
  const all = createHash('sha256');
  for (const name of FILES) {
    const bytes = await bytesOf(dir, name);
    const sha = createHash('sha256').update(bytes).digest('hex');
    if (manifest.files?.[name]?.sha256 !== sha) throw new CompressionError('modelCorrupt', name);
    all.update(sha);
    files.set(name, bytes);
  }
  const shape = (manifest.model ?? {}) as ModelShape;
  const { forecast, vocab, layers, heads, kvHeads, headSize, trainedContext, fileToken, padToken } = shape;
  const counts = [forecast ?? 1, vocab, layers, heads, kvHeads, headSize, trainedContext];
  if (
    !counts.every((n) => Number.isInteger(n) && n > 0 && n <= MAX_COUNT) ||
    ![fileToken, padToken].every((n) => Number.isInteger(n) && n >= 0 && n < vocab)
  )
    throw new CompressionError('modelCorrupt', 'manifest.json: model');
  return {
    name: String(manifest.name),
    sha256: all.digest('hex'),
    shape,
    reading,
    observer: files.get('observer.onnx')!,
    memory: files.get('memory.onnx')!,
    tokenizer: parseJson(files.get('tokenizer.json')!, 'tokenizer.json'),
    namm: parseNamm(parseJson(files.get('namm.json')!, 'namm.json')),
    extended: parseExtended(parseJson(files.get('extended.json')!, 'extended.json'), layers * kvHeads),
    ...(auto ? { auto } : {}),
  };
}

function isKnownReading(r: ReadingRecord | null | undefined): r is ReadingRecord {
  return (
    !!r &&
    Number.isInteger(r.nUp) &&
    r.nUp > 0 &&
    r.nUp % 16 === 0 && // the hop of the spectrogram
    Number.isInteger(r.cacheSize) &&
    r.cacheSize > 0 &&
    r.evicting === true &&
    (r.selection === 'perHead' || r.selection === 'aligned') &&
    r.positions === 'cacheSlot' &&
    r.closing === 'remainder' &&
    r.readings === 1 &&
    r.evidenceUpdate === 1
  );
}

/** @throws CompressionError modelCorrupt unless `data[key]` holds `length` numbers that are finite in 32 bits */
function numbers(file: string, data: unknown, key: string, length: number): Float32Array {
  const values = (data as Record<string, unknown> | null)?.[key];
  if (!Array.isArray(values) || values.length !== length || !values.every(isFloat))
    throw new CompressionError('modelCorrupt', `${file}: ${key}`);
  return Float32Array.from(values as number[]);
}

/** Whether a value is a number that is finite in 32 bits. */
function isFloat(x: unknown): boolean {
  return typeof x === 'number' && Number.isFinite(Math.fround(x));
}

/**
 * @param json parsed namm.json
 * @throws CompressionError modelCorrupt that names the first field that is wrong
 */
export function parseNamm(json: unknown): NammWeights {
  const weights = numbers('namm.json', json, 'weights', NAMM_WEIGHTS);
  const { threshold } = json as Record<string, unknown>;
  return {
    weights,
    mean: numbers('namm.json', json, 'mean', BINS),
    std: numbers('namm.json', json, 'std', BINS).map((s) => Math.max(s, 1e-7)),
    threshold: typeof threshold === 'number' ? threshold : 0,
  };
}

/**
 * Parses `extended.json`: `{ "groups": { "caches": [0, …], "surprisal": [0.9, 3, 0.4], … } }` (docs/method.md).
 * @param caches layers * KV heads
 * @throws CompressionError modelCorrupt if a group is missing, unknown, of another length or not finite
 */
function parseExtended(json: unknown, caches: number): ExtendedWeights {
  const groups = (json as { groups?: unknown } | null)?.groups ?? {};
  const sizes = extendedSizes(caches);
  const unknown = Object.keys(groups).find((key) => !sizes.some(([name]) => name === key));
  if (unknown !== undefined) throw new CompressionError('modelCorrupt', `extended.json: unknown group ${unknown}`);
  return unpackExtended(
    sizes.flatMap(([key, size]) => [...numbers('extended.json', groups, key, size)]),
    caches,
  );
}

async function bytesOf(dir: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(join(dir, name));
  } catch (cause) {
    throw new CompressionError('modelMissing', join(dir, name), { cause });
  }
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (cause) {
    throw new CompressionError('modelCorrupt', name, { cause });
  }
}
