// The engine process over the files that lie beside the bundles.
import { join } from 'node:path';
import { cacheDir } from '../files/folders';
import { EngineClient } from './client';

// The bundles lie in dist/, beside the grammars; the model lies in media/.
export const bundledGrammars = join(__dirname, 'grammars');

/** The folder of the variable NAMM_MODEL_DIR, else of the bundled model. */
export function bundledModel(): string {
  return process.env.NAMM_MODEL_DIR || join(__dirname, '..', 'media', 'model');
}

/** Call `dispose` when it is not needed any more. @param log for what the process says when it ends */
export function bundledEngine(log?: (line: string) => void): EngineClient {
  return new EngineClient({
    enginePath: join(__dirname, 'engine.js'),
    grammarDir: bundledGrammars,
    modelDir: bundledModel(),
    cacheDir: cacheDir(),
    ...(log ? { log } : {}),
  });
}
