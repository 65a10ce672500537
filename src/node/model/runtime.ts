// Loads the native runtime. This is the only file that imports onnxruntime.
import { availableParallelism } from 'node:os';
import type * as Ort from 'onnxruntime-node';
import { CompressionError } from '../../core/errors';

export type Runtime = typeof Ort;

/** @throws CompressionError runtimeMissing if there is no native binary for this platform */
export async function loadRuntime(): Promise<Runtime> {
  // Since 1.29 the runtime writes ids to the home folder and looks up a host unless told not to before it loads.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  try {
    const loaded = (await import('onnxruntime-node')) as Runtime & { default?: Runtime };
    return loaded.default ?? loaded;
  } catch (cause) {
    throw new CompressionError('runtimeMissing', `${process.platform}-${process.arch}`, { cause });
  }
}

/** How the graphs name the file that holds what they store outside of themselves. */
const WEIGHTS = 'observer.weights';

/**
 * @param graph bytes of an ONNX file. @param name of the file, for the error. @param threads default: at most 4
 * @param weights what the graph stores outside of itself
 * @throws CompressionError modelCorrupt if the runtime refuses the graph
 */
export async function createSession(
  ort: Runtime,
  graph: Uint8Array,
  name: string,
  threads?: number,
  weights?: Uint8Array,
): Promise<Ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(graph, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads ?? Math.min(4, availableParallelism()),
      interOpNumThreads: 1,
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // Threads that spin between nodes would starve the editor on a small machine.
      ...(weights ? { externalData: [{ path: WEIGHTS, data: weights }] } : {}),
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
  } catch (cause) {
    throw new CompressionError('modelCorrupt', name, { cause });
  }
}
