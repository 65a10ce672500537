// Opens a session over the engine in this process: the bundled model, the grammars, the elision store.
import type { CompressionService } from '../../core/context';
import type { Session } from '../../session/session';
import { bundledGrammars, bundledModel } from '../engine/bundled';
import { Compressor } from '../engine/compressor';
import { cacheDir } from '../files/folders';
import { sessionOver } from './ownSession';

export interface OpenOptions {
  /** Folder of the model; the bundled one if absent. The variable NAMM_MODEL_DIR counts before the bundled one. */
  readonly modelDir?: string | undefined;
  /** Threads of the model's runtime; it chooses if absent. */
  readonly threads?: number | undefined;
}

export interface OpenSession {
  readonly session: Session;
  readonly engine: CompressionService;
  /** Releases the model. */
  dispose(): Promise<void>;
}

/** @throws CompressionError modelMissing | modelCorrupt | modelUnsupported | runtimeMissing */
export async function openSession({ modelDir, threads }: OpenOptions = {}): Promise<OpenSession> {
  process.env.ORT_DISABLE_TELEMETRY = '1'; // before anything loads the runtime
  const engine = await Compressor.create({
    modelDir: modelDir ?? bundledModel(),
    grammarDir: bundledGrammars,
    cacheDir: cacheDir(),
    ...(threads === undefined ? {} : { threads }),
  });
  return { session: sessionOver(engine), engine, dispose: () => engine.dispose() };
}
