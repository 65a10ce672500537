// Knows the files through which assistants get a context: the user's code, so for the owner alone, and old copies go.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Uri } from 'vscode';
import type { Run } from '../session/run';

const KEPT_FILES = 20;

/** @param framed whether the text is blocks with heads rather than code. @returns the absolute path */
export async function writeHandoverFile(
  storage: Uri,
  run: Run,
  { text, framed }: { readonly text: string; readonly framed: boolean },
): Promise<string> {
  const folder = join(storage.fsPath, 'handover');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const file = join(folder, nameFor(run, framed, randomBytes(3).toString('hex')));
  await writeFile(file, text, { mode: 0o600 });
  const aged = await Promise.all(
    (await readdir(folder)).map(async (f) => ({ f: join(folder, f), at: (await stat(join(folder, f))).mtimeMs })),
  );
  for (const { f } of aged.sort((a, b) => b.at - a.at).slice(KEPT_FILES)) await rm(f, { force: true });
  return file;
}

function nameFor(run: Run, framed: boolean, mark: string): string {
  if (run.sources.length !== 1) return `context-${mark}.md`;
  const name = basename(run.sources[0]!.uri.path);
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}-${mark}.compressed${framed ? '.md' : extension || '.txt'}`;
}
