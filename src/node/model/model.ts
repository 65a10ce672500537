// Opens a model folder: tokenizer, reader and two native sessions, which are held until `release`.
import type * as Ort from 'onnxruntime-node';
import { CompressionError } from '../../core/errors';
import type { Tokenizer } from '../../core/token';
import { checkObserver, MemoryGraph, ObserverGraph } from './graphs';
import { loadModelFolder, type ModelFolder, type NammWeights, type ReadingRecord } from './manifest';
import type { Products } from './products';
import { Reader, type ReaderOptions } from './reader';
import { createSession, loadRuntime, type Runtime } from './runtime';
import { BpeTokenizer } from './tokenizer';

export interface LocalModel {
  readonly folder: ModelFolder;
  readonly tokenizer: Tokenizer;
  readonly reader: Reader;
  /** How the base model computes its products. */
  readonly products: Products;
  /** Version of the native runtime: results may differ in their last bits between versions. */
  readonly runtimeVersion: string;
  /**
   * The same base model with another memory: evolution tries thousands.
   * @param onUpdate receives what the memory sees at each update. @param reading another reading record, for comparisons only
   */
  withMemory(
    namm: NammWeights,
    onUpdate?: ReaderOptions['onUpdate'],
    reading?: ReadingRecord,
  ): { reader: Reader; memory: MemoryGraph };
  release(): Promise<void>;
}

/** What of a model needs no native session. */
export interface ModelParts {
  readonly folder: ModelFolder;
  readonly tokenizer: BpeTokenizer;
  readonly ort: Runtime;
  readonly runtimeVersion: string;
}

/**
 * @param dir folder with manifest.json and the files that it names
 * @throws CompressionError modelMissing | modelCorrupt | modelUnsupported | runtimeMissing
 */
export async function loadParts(dir: string): Promise<ModelParts> {
  const folder = await loadModelFolder(dir);
  const tokenizer = new BpeTokenizer(folder.tokenizer);
  const ort = await loadRuntime();
  return { folder, tokenizer, ort, runtimeVersion: ort.env.versions.node ?? ort.env.versions.common };
}

/**
 * @param threads of the native runtime; default: at most 4
 * @param products int8 if the model has it and the processor computes it without loss, else float32
 * @throws CompressionError modelCorrupt
 */
export async function openSessions(
  { folder, tokenizer, ort, runtimeVersion }: ModelParts,
  threads?: number,
  products: Products = 'int8',
): Promise<LocalModel> {
  const own = await openObserver(ort, folder, threads, products);
  const memorySession = await createSession(ort, folder.memory, 'memory.onnx', threads);
  const release = async (): Promise<void> => {
    await own.session.release();
    await memorySession.release();
  };
  const withMemory: LocalModel['withMemory'] = (namm, onUpdate, reading = folder.reading) => {
    const memory = new MemoryGraph(ort, memorySession, namm);
    const reader = new Reader(own.observer, memory, folder.shape, reading, {
      threshold: namm.threshold,
      ...(onUpdate ? { onUpdate } : {}),
    });
    return { reader, memory };
  };
  const { reader } = withMemory(folder.namm);
  try {
    await checkVocabulary(reader, tokenizer, folder);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    folder,
    tokenizer,
    reader,
    products: own.products,
    runtimeVersion,
    withMemory,
    release,
  };
}

/** A model with its sessions. Parameters and errors are those of `loadParts` and `openSessions`. */
export async function openModel(dir: string, threads?: number, products?: Products): Promise<LocalModel> {
  return openSessions(await loadParts(dir), threads, products);
}

interface OpenObserver {
  readonly observer: ObserverGraph;
  readonly session: Ort.InferenceSession;
  readonly products: Products;
}

/** @throws CompressionError modelCorrupt */
async function openObserver(
  ort: Runtime,
  { observer, observerInt8, observerWeights, shape }: ModelFolder,
  threads: number | undefined,
  products: Products,
): Promise<OpenObserver> {
  const open = async (graph: Uint8Array, name: string): Promise<OpenObserver> => {
    const session = await createSession(ort, graph, name, threads, observerWeights);
    try {
      checkObserver(session, shape, name);
    } catch (error) {
      await session.release();
      throw error;
    }
    const { layers, kvHeads, headSize } = shape;
    return { session, observer: new ObserverGraph(ort, session, layers, kvHeads, headSize), products };
  };
  if (observerInt8 && products === 'int8') {
    const own = await open(observerInt8, 'observer-int8.onnx');
    const sound = await own.observer.computesInt8(shape.padToken).catch(() => false);
    if (sound) return own;
    await own.session.release();
  }
  return { ...(await open(observer, 'observer.onnx')), products: 'float32' };
}

/** The shapes of the graphs do not tell how many tokens they know: the last one of each table is read once. */
async function checkVocabulary(reader: Reader, tokenizer: BpeTokenizer, { shape }: ModelFolder): Promise<void> {
  const none = new Int32Array(0);
  const text = Int32Array.of(shape.vocab - 1);
  if (tokenizer.vocabSize > shape.vocab)
    throw new CompressionError(
      'modelCorrupt',
      `tokenizer.json: it has ${tokenizer.vocabSize} tokens, more than model.vocab of manifest.json`,
    );
  try {
    await reader.read({ header: none, text, question: none, needs: new Set() });
  } catch (cause) {
    throw new CompressionError('modelCorrupt', `manifest.json: the observer does not know ${shape.vocab} tokens`, {
      cause,
    });
  }
}
