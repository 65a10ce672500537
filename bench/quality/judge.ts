// Makes a model folder of the judge, a second base model: its graph and manifest, with tokenizer and memory of the bundled model.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SHARED = ['tokenizer.json', 'memory.onnx', 'namm.json'] as const;

interface Manifest {
  readonly model: { readonly layers: number; readonly kvHeads: number };
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

const manifestOf = (dir: string): Manifest => JSON.parse(readFileSync(join(dir, 'manifest.json'), 'utf8')) as Manifest;

/**
 * Weights and statistics of the memory stay those of the bundled model, whichever base model reads.
 * @param judge folder with `observer.onnx` and `manifest.json`
 * @returns a temporary folder, removed when this process ends
 * @throws Error if the judge was trained with another tokenizer
 */
export function judgeFolder(judge: string, modelDir: string): string {
  const [own, model] = [manifestOf(judge), manifestOf(modelDir)];
  if (own.files['tokenizer.json']!.sha256 !== model.files['tokenizer.json']!.sha256)
    throw new Error(`${judge} was trained with another tokenizer than ${modelDir}`);
  const out = mkdtempSync(join(tmpdir(), 'namm-judge-'));
  process.once('exit', () => rmSync(out, { recursive: true, force: true }));
  const copy = (from: string, name: string): void => copyFileSync(join(from, name), join(out, name));
  copy(judge, 'observer.onnx');
  for (const name of SHARED) copy(modelDir, name);
  // The weights of the caches belong to the model's own caches; the judge has others.
  const extended = JSON.parse(readFileSync(join(modelDir, 'extended.json'), 'utf8')) as { groups: object };
  const caches = new Array<number>(own.model.layers * own.model.kvHeads).fill(0);
  writeFileSync(join(out, 'extended.json'), JSON.stringify({ groups: { ...extended.groups, caches } }));
  const digest = (name: string): { bytes: number; sha256: string } => {
    const data = readFileSync(join(out, name));
    return { bytes: data.length, sha256: createHash('sha256').update(data).digest('hex') };
  };
  const files = {
    'observer.onnx': own.files['observer.onnx'],
    ...Object.fromEntries([...SHARED, 'extended.json'].map((name) => [name, digest(name)])),
  };
  writeFileSync(join(out, 'manifest.json'), JSON.stringify({ ...own, files }));
  return out;
}
