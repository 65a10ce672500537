// Parses the server's command line.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { oneOf } from '../../core/oneOf';
import { COUNTER_IDS, type CounterId } from '../../core/token';
import { DEFAULT_SECRETS, SECRETS_RULES, type SecretsRule } from '../../redact/secretsRule';

export interface McpOptions {
  /** Absolute. If any are given, the client's roots do not count. */
  readonly roots: readonly string[];
  readonly secrets: SecretsRule;
  readonly counter: CounterId;
}

/** @throws Error with one sentence for the user */
export function parseMcpOptions(argv: readonly string[]): McpOptions {
  let values: { root?: string[]; secrets?: string; counter?: string };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { root: { type: 'string', multiple: true }, secrets: { type: 'string' }, counter: { type: 'string' } },
    }));
  } catch (error) {
    throw new Error(`${(error as Error).message.split(/\.\s|\.?\n/)[0]}. Try: namm --help`, { cause: error });
  }
  return {
    roots: (values.root ?? []).map(folderAt),
    secrets: choice('secrets', values.secrets, SECRETS_RULES, DEFAULT_SECRETS),
    counter: choice('counter', values.counter, COUNTER_IDS, 'o200k'),
  };
}

function folderAt(root: string): string {
  const path = resolve(root);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new Error(`--root takes a folder, and ${path} is none.`);
  return path;
}

function choice<T extends string>(name: string, value: string | undefined, allowed: readonly T[], otherwise: T): T {
  if (value === undefined) return otherwise;
  const known = oneOf(allowed, value);
  if (known === undefined) throw new Error(`--${name} takes one of ${allowed.join(', ')}, got "${value}".`);
  return known;
}
