// The texts that are read for time: the project's own sources, the same for all that are compared.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Paths of the engine's sources, sorted. */
export function sourcePaths(dir = 'src'): string[] {
  return readdirSync(dir, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((e) =>
      e.isDirectory() ? sourcePaths(join(dir, e.name)) : e.name.endsWith('.ts') ? [join(dir, e.name)] : [],
    );
}

/** TypeScript of this many characters. Identifiers of a repetition get a number, so that no cache knows its lines. */
export function longText(units: number): string {
  const whole = sourcePaths()
    .map((p) => readFileSync(p, 'utf8'))
    .join('\n');
  let text = '';
  for (let i = 0; text.length < units; i++)
    text += i === 0 ? whole : whole.replace(/\b([a-z]+)([A-Z]\w*)\b/g, (_, a: string, b: string) => `${a}${i}${b}`);
  return text.slice(0, units);
}
