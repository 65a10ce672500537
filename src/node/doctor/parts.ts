// Checks the parts of the installation: version of Node.js, model, grammars, engine.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { CompressionService } from '../../core/context';
import { CompressionError } from '../../core/errors';
import { MAX_MODEL_BYTES } from '../../core/limits';
import { GRAMMAR_SHA256 } from '../../languages/grammarHashes';
import { readRegular } from '../files/regularFile';
import { loadModelFolder } from '../model/manifest';
import type { Finding } from './finding';

const LEAST_NODE = 20;

/** @param node version such as `20.11.1` */
export function checkVersions(namm: string, node: string): Finding[] {
  const platform = `${process.platform}-${process.arch}`;
  const isOld = Number(node.split('.')[0]) < LEAST_NODE;
  return [
    { code: 'versions', namm, node, platform },
    ...(isOld ? [{ code: 'nodeTooOld', node, least: LEAST_NODE } as const] : []),
  ];
}

export async function checkModel(folder: string): Promise<Finding> {
  try {
    return { code: 'model', name: (await loadModelFolder(folder)).name, folder };
  } catch (error) {
    return { code: 'modelFault', ...faultOf(error) };
  }
}

export async function checkGrammars(folder: string): Promise<Finding> {
  const wrong: string[] = [];
  for (const [file, known] of Object.entries(GRAMMAR_SHA256)) {
    const bytes = await readRegular(join(folder, file), { limit: MAX_MODEL_BYTES }).catch(() => undefined);
    if (!bytes || createHash('sha256').update(bytes).digest('hex') !== known) wrong.push(file);
  }
  return wrong.length
    ? { code: 'grammarFault', files: wrong, folder }
    : { code: 'grammars', files: Object.keys(GRAMMAR_SHA256).length };
}

const SAMPLE = 'export function add(a: number, b: number): number {\n  const sum = a + b;\n  return sum;\n}\n'.repeat(
  4,
);

/** Has the engine read a small text, as a compression does. */
export async function checkEngine(engine: Pick<CompressionService, 'compress'>): Promise<Finding> {
  const start = performance.now();
  try {
    await engine.compress({
      sources: [{ path: 'sample.ts', languageId: 'typescript', text: SAMPLE }],
      budget: { kind: 'keepRatio', keepRatio: 0.5 },
      scorer: 'extended',
      counter: 'model',
      markers: true,
    });
    return { code: 'engine', seconds: (performance.now() - start) / 1000 };
  } catch (error) {
    return { code: 'engineFault', ...faultOf(error) };
  }
}

const faultOf = (error: unknown): Pick<CompressionError, 'reason' | 'detail'> =>
  CompressionError.is(error)
    ? { reason: error.reason, detail: error.detail }
    : { reason: 'internal', detail: error instanceof Error ? error.message : String(error) };
