// Opens a model folder: tokenizer, reader and two native sessions, which are held until `release`.
import { CompressionError } from '../../core/errors';
import type { Tokenizer } from '../../core/token';
import { checkObserver, MemoryGraph, ObserverGraph } from './graphs';
import { loadModelFolder, type ModelFolder, type NammWeights, type ReadingRecord } from './manifest';
import { Reader, type ReaderOptions } from './reader';
import { createSession, loadRuntime } from './runtime';
import { BpeTokenizer } from './tokenizer';

export interface LocalModel {
  readonly folder: ModelFolder;
  readonly tokenizer: Tokenizer;
  readonly reader: Reader;
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

/**
 * @param dir folder with manifest.json and the files that it names
 * @param threads of the native runtime; default: at most 4
 * @throws CompressionError modelMissing | modelCorrupt | modelUnsupported | runtimeMissing
 */
export async function openModel(dir: string, threads?: number): Promise<LocalModel> {
  const folder = await loadModelFolder(dir);
  const tokenizer = new BpeTokenizer(folder.tokenizer);
  const ort = await loadRuntime();
  const { layers, kvHeads, headSize } = folder.shape;
  const observerSession = await createSession(ort, folder.observer, 'observer.onnx', threads);
  const memorySession = await createSession(ort, folder.memory, 'memory.onnx', threads);
  const release = async (): Promise<void> => {
    await observerSession.release();
    await memorySession.release();
  };
  const observer = new ObserverGraph(ort, observerSession, layers, kvHeads, headSize);
  const withMemory: LocalModel['withMemory'] = (namm, onUpdate, reading = folder.reading) => {
    const memory = new MemoryGraph(ort, memorySession, namm);
    const reader = new Reader(observer, memory, folder.shape, reading, {
      threshold: namm.threshold,
      ...(onUpdate ? { onUpdate } : {}),
    });
    return { reader, memory };
  };
  const { reader } = withMemory(folder.namm);
  try {
    checkObserver(observerSession, folder.shape);
    await checkVocabulary(reader, tokenizer, folder);
  } catch (error) {
    await release();
    throw error;
  }
  return {
    folder,
    tokenizer,
    reader,
    runtimeVersion: ort.env.versions.node ?? ort.env.versions.common,
    withMemory,
    release,
  };
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
    throw new CompressionError('modelCorrupt', `observer.onnx: it does not know ${shape.vocab} tokens`, { cause });
  }
}
