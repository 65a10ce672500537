// Keeps the measures of earlier runs, case by case, if code, weights, corpus and judge are the same.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import { readJsonLines } from '../setup';
import type { Kind, Measured, Task } from './measure';

/** A hash of what each kind of measure depends on; another hash means measuring again. */
export type Keys = Readonly<Record<Kind, string>>;

export const keyOf = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 16);
};

export class MeasureLog {
  private readonly known = new Map<string, Measured>();

  /** @param file one JSON object a line; undefined keeps nothing on disk */
  constructor(
    private readonly file: string | undefined,
    private readonly keys: Keys,
  ) {
    if (!file || !existsSync(file)) return;
    for (const { key, measured } of readJsonLines<{ key: string; measured: Measured }>(file))
      if (key === keys[measured.kind]) this.known.set(idOf(measured), measured);
  }

  get(task: Task): Measured | undefined {
    return this.known.get(idOf(task));
  }

  add(measured: Measured): void {
    this.known.set(idOf(measured), measured);
    if (this.file) appendFileSync(this.file, `${JSON.stringify({ key: this.keys[measured.kind], measured })}\n`);
  }
}

const idOf = ({ kind, case: number }: Task): string => `${kind} ${number}`;
