// Reads a model folder. Every file's hash is checked before a byte of it reaches native code.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CompressionError } from '../../core/errors';
import { MAX_MODEL_BYTES } from '../../core/limits';
import { FORECAST_KINDS } from '../../core/observation';
import { extendedSizes, unpackExtended, type ExtendedWeights } from '../../scorers/extended';
import { readRegular } from '../files/regularFile';
import { ownValue } from '../../core/ownValue';

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
  /** The observer with its products in int8; absent in a model without one. */
  readonly observerInt8?: Uint8Array;
  /** What both observers store outside of their graphs; absent in a model whose graphs hold their weights. */
  readonly observerWeights?: Uint8Array;
  readonly memory: Uint8Array;
  readonly tokenizer: unknown; // tokenizer.json
  readonly namm: NammWeights;
  readonly extended: ExtendedWeights;
  /** By scorer: units whose key lies below this are cut with the budget `auto`; absent until calibrated. */
  readonly auto?: Readonly<Record<string, number>>;
}

const FILES = ['observer.onnx', 'memory.onnx', 'tokenizer.json', 'namm.json', 'extended.json'] as const;
const OPTIONAL = ['observer-int8.onnx', 'observer.weights'] as const;
export const NAMM_WEIGHTS = 4172;
const MAX_COUNT = 1e6; // of anything in the shape: a larger number means a damaged manifest
const MAX_CHUNK = 65_536; // tokens between two memory updates
const BINS = 17;
const HOP = 16; // of the spectrogram

/** An object of a JSON file before it is checked. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads and verifies a model folder.
 * @param dir folder with manifest.json and the files that it lists
 * @throws CompressionError modelMissing | modelCorrupt | modelUnsupported
 */
export async function loadModelFolder(dir: string): Promise<ModelFolder> {
  const manifest = fieldsOf(parseJson(await bytesOf(dir, 'manifest.json'), 'manifest.json'), 'it');
  if (manifest.format !== 1)
    throw new CompressionError('modelUnsupported', `manifest format ${String(manifest.format)}`);
  const reading = parseReading(manifest.reading);
  const listed = fieldsOf(manifest.files, 'files');
  const files = new Map<string, Uint8Array>();
  const all = createHash('sha256');
  for (const name of [...FILES, ...OPTIONAL.filter((name) => Object.hasOwn(listed, name))]) {
    const bytes = await bytesOf(dir, name);
    const sha = createHash('sha256').update(bytes).digest('hex');
    const known = fieldsOf(listed[name], `files.${name}`);
    if (known.sha256 !== sha || (known.bytes ?? bytes.length) !== bytes.length)
      throw new CompressionError('modelCorrupt', name);
    all.update(sha);
    files.set(name, bytes);
  }
  const shape = parseShape(fieldsOf(manifest.model, 'model'));
  const auto = manifest.auto === undefined ? undefined : parseThresholds(fieldsOf(manifest.auto, 'auto'));
  if (typeof manifest.name !== 'string') throw wrong('name', 'is no text');
  const [observerInt8, observerWeights] = OPTIONAL.map((name) => files.get(name));
  return {
    name: manifest.name,
    sha256: all.digest('hex'),
    shape,
    reading,
    observer: files.get('observer.onnx')!,
    ...(observerInt8 ? { observerInt8 } : {}),
    ...(observerWeights ? { observerWeights } : {}),
    memory: files.get('memory.onnx')!,
    tokenizer: parseJson(files.get('tokenizer.json')!, 'tokenizer.json'),
    namm: parseNamm(parseJson(files.get('namm.json')!, 'namm.json')),
    extended: parseExtended(parseJson(files.get('extended.json')!, 'extended.json'), shape),
    ...(auto ? { auto } : {}),
  };
}

/** A field of the manifest is wrong. */
function wrong(field: string, how: string): CompressionError {
  return new CompressionError('modelCorrupt', `manifest.json: ${field} ${how}`);
}

function fieldsOf(value: unknown, field: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(field, 'is no object');
  return value as Fields;
}

/** A whole number of a part of the manifest. */
function whole(part: string, fields: Fields, key: string, least: number, most: number): number {
  const value = ownValue(fields, key);
  if (!Number.isInteger(value) || (value as number) < least || (value as number) > most)
    throw wrong(`${part}.${key}`, `must be a whole number from ${least} to ${most}`);
  return value as number;
}

/** Everything that the engine multiplies, divides and indexes by, and the numbers beside it that must agree. */
function parseShape(model: Fields): ModelShape {
  const count = (key: string): number => whole('model', model, key, 1, MAX_COUNT);
  const [layers, heads, kvHeads, headSize] = [count('layers'), count('heads'), count('kvHeads'), count('headSize')];
  const vocab = count('vocab');
  const token = (key: string): number => whole('model', model, key, 0, vocab - 1);
  if (heads % kvHeads !== 0) throw wrong('model.heads', 'is no multiple of model.kvHeads');
  if (model.dModel !== undefined && model.dModel !== heads * headSize)
    throw wrong('model.dModel', 'is not model.heads times model.headSize');
  for (const [key, value] of Object.entries(model))
    if (typeof value !== 'number' || !(value >= 0 && value < Infinity)) throw wrong(`model.${key}`, 'is no number');
  return {
    vocab,
    layers,
    heads,
    kvHeads,
    headSize,
    fileToken: token('fileToken'),
    padToken: token('padToken'),
    trainedContext: count('trainedContext'),
    ...(model.forecast === undefined ? {} : { forecast: count('forecast') }),
  };
}

/** @throws CompressionError modelCorrupt for a number out of range; modelUnsupported for another way to read */
function parseReading(value: unknown): ReadingRecord {
  if (typeof value !== 'object' || value === null) throw new CompressionError('modelUnsupported', 'reading record');
  const r = value as Fields;
  const known =
    r.evicting === true &&
    (r.selection === 'perHead' || r.selection === 'aligned') &&
    r.positions === 'cacheSlot' &&
    r.closing === 'remainder' &&
    r.readings === 1 &&
    r.evidenceUpdate === 1;
  if (!known) throw new CompressionError('modelUnsupported', 'reading record');
  whole('reading', r, 'cacheSize', 1, MAX_COUNT);
  if (whole('reading', r, 'nUp', HOP, MAX_CHUNK) % HOP !== 0) throw wrong('reading.nUp', `is no multiple of ${HOP}`);
  return value as ReadingRecord;
}

function parseThresholds(auto: Fields): Record<string, number> {
  for (const [scorer, threshold] of Object.entries(auto))
    if (typeof threshold !== 'number' || !Number.isFinite(threshold)) throw wrong(`auto.${scorer}`, 'is no number');
  return auto as Record<string, number>;
}

/** @throws CompressionError modelCorrupt unless `data[key]` holds `length` numbers that are finite in 32 bits */
function numbers(file: string, data: unknown, key: string, length: number): Float32Array {
  const values = (data as Record<string, unknown> | null)?.[key];
  if (!Array.isArray(values) || values.length !== length || !values.every(isFloat))
    throw new CompressionError('modelCorrupt', `${file}: ${key}`);
  return Float32Array.from(values as number[]);
}

/** Whether a value is a number that is finite in 32 bits. */
function isFloat(x: unknown): x is number {
  return typeof x === 'number' && Number.isFinite(Math.fround(x));
}

/**
 * @param json parsed namm.json
 * @throws CompressionError modelCorrupt that names the first field that is wrong
 */
export function parseNamm(json: unknown): NammWeights {
  const weights = numbers('namm.json', json, 'weights', NAMM_WEIGHTS);
  const { threshold = 0 } = json as Fields;
  if (!isFloat(threshold)) throw new CompressionError('modelCorrupt', 'namm.json: threshold is no number');
  const std = numbers('namm.json', json, 'std', BINS);
  if (std.some((s) => s < 0)) throw new CompressionError('modelCorrupt', 'namm.json: std is below zero');
  return {
    weights,
    mean: numbers('namm.json', json, 'mean', BINS),
    std: std.map((s) => Math.max(s, 1e-7)),
    threshold,
  };
}

/**
 * Parses `extended.json`: `{ "groups": { "caches": [0, …], "surprisal": [0.9, 3, 0.4], … }, "futureHead": { "weights": [0.1, …],
 * "bias": 1 } }` (docs/method.md). The head may be absent.
 * @throws CompressionError modelCorrupt if a group is missing, unknown, of another length or not finite
 */
export function parseExtended(json: unknown, shape: ModelShape): ExtendedWeights {
  const { groups = {}, futureHead } = (json ?? {}) as { groups?: object; futureHead?: unknown };
  const caches = shape.layers * shape.kvHeads;
  const sizes = extendedSizes(caches);
  const unknown = Object.keys(groups).find((key) => !sizes.some(([name]) => name === key));
  if (unknown !== undefined) throw new CompressionError('modelCorrupt', `extended.json: unknown group ${unknown}`);
  return unpackExtended(
    sizes.flatMap(([key, size]) => [...numbers('extended.json', groups, key, size)]),
    caches,
    futureHead === undefined
      ? undefined
      : {
          weights: numbers('extended.json', futureHead, 'weights', forecastWidth(shape)),
          bias: numbers('extended.json', futureHead, 'bias', 1)[0]!,
        },
  );
}

async function bytesOf(dir: string, name: string): Promise<Uint8Array> {
  try {
    return await readRegular(join(dir, name), { limit: MAX_MODEL_BYTES });
  } catch (cause) {
    if (CompressionError.is(cause, 'notFound')) throw new CompressionError('modelMissing', join(dir, name), { cause });
    const how = CompressionError.is(cause, 'fileTooLarge') ? 'is too large' : 'is no file that can be read';
    throw new CompressionError('modelCorrupt', `${name} ${how}`, { cause });
  }
}

function parseJson(bytes: Uint8Array, name: string): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch (cause) {
    throw new CompressionError('modelCorrupt', name, { cause });
  }
}
