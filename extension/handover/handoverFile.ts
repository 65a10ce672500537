// Writes the files through which assistants get a context. Only the owner can read them; old ones are deleted.
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { Uri } from 'vscode';
import type { Run } from '../session/run';

const KEPT_FILES = 20;

/** @param framed whether the text consists of blocks with heads rather than bare code. @returns the absolute path */
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
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => ({
      path: join(folder, name),
      time: (await stat(join(folder, name))).mtimeMs,
    })),
  );
  for (const { path } of files.sort((a, b) => b.time - a.time).slice(KEPT_FILES)) await rm(path, { force: true });
  return file;
}

function nameFor(run: Run, framed: boolean, suffix: string): string {
  if (run.sources.length !== 1) return `context-${suffix}.md`;
  const name = basename(run.sources[0]!.uri.path);
  const extension = extname(name);
  return `${name.slice(0, name.length - extension.length)}-${suffix}.compressed${framed ? '.md' : extension || '.txt'}`;
}
