// Reads the version of this package.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bundles lie in dist/, beside package.json. */
export function version(): string {
  return (JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string }).version;
}
