// Makes the keys under which the engine finds again what it made of a text.
import { createHash } from 'node:crypto';

export function keyOf(...parts: string[]): string {
  const hash = createHash('sha256');
  for (const p of parts) hash.update(`${p.length}:`).update(p);
  return hash.digest('base64');
}
