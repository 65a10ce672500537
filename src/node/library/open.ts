// Opens a session over the engine in this process: the bundled model, the grammars, the elision store.
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CompressionService } from '../../core/context';
import { CompressionError } from '../../core/errors';
import type { ElisionScope } from '../../elisions/resolve';
import { guardFiles, guardPart } from '../../redact/guard';
import { Session } from '../../session/session';
import { ElisionStore } from '../elisions/elisionStore';
import { Compressor } from '../engine/compressor';
import { cacheDir, stateDir } from '../files/folders';

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

// The bundles lie in dist/, beside the grammars; the model lies in media/.
const bundledModel = join(__dirname, '..', 'media', 'model');
const grammarDir = join(__dirname, 'grammars');

/** @throws CompressionError modelMissing | modelCorrupt | modelUnsupported | runtimeMissing */
export async function openSession({ modelDir, threads }: OpenOptions = {}): Promise<OpenSession> {
  process.env.ORT_DISABLE_TELEMETRY = '1'; // before anything loads the runtime
  const engine = await Compressor.create({
    modelDir: modelDir ?? (process.env.NAMM_MODEL_DIR || bundledModel),
    grammarDir,
    cacheDir: cacheDir(),
    ...(threads === undefined ? {} : { threads }),
  });
  return { session: sessionOver(engine), engine, dispose: () => engine.dispose() };
}

const NO_ENGINE = { compress: () => Promise.reject(new CompressionError('internal', 'no engine is open')) };

/** @param engine absent for `expand`, which needs no model */
export function sessionOver(engine: Pick<CompressionService, 'compress'> = NO_ENGINE): Session {
  return new Session({
    engine,
    store: new ElisionStore(stateDir()),
    guard: () => Promise.resolve({ guardFiles, guardPart }),
  });
}

/** The user of this machine may have everything; a path means a file from the working folder. */
export const OWN_SCOPE: ElisionScope = {
  mayHave: () => true,
  locate: async (path) => {
    const file = resolve(path);
    return (await stat(file).catch(() => undefined)) === undefined ? undefined : file;
  },
  display: (match) => Promise.resolve(match.file ?? match.home ?? match.path),
};
