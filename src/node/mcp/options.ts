// Parses the server's command line.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { oneOf } from '../../core/oneOf';
import { COUNTER_IDS, type CounterId } from '../../core/token';
import { DEFAULT_SECRETS, SECRETS_RULES, type SecretsRule } from '../../redact/secretsRule';

export interface McpOptions {
  /** Absolute. If any are given, the client's roots do not count. */
  readonly roots: readonly string[];
  readonly secrets: SecretsRule;
  /** Values that only look random are credentials, too. */
  readonly secretsEntropy: boolean;
  readonly counter: CounterId;
  /** One in so many answers is whole, to compare with; none if absent. */
  readonly holdout?: number;
  /** Answers have a structured part as well. */
  readonly structured?: boolean;
}

/** Wrong usage, in one sentence for the user: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @throws UsageError */
export function parseMcpOptions(argv: readonly string[]): McpOptions {
  const { values } = parseOptions({
    args: [...argv],
    options: {
      root: { type: 'string', multiple: true },
      secrets: { type: 'string' },
      'secrets-entropy': { type: 'boolean' },
      counter: { type: 'string' },
      holdout: { type: 'string' },
      structured: { type: 'boolean' },
    },
  });
  return {
    roots: (values.root ?? []).map(folderAt),
    secrets: choice('secrets', values.secrets, SECRETS_RULES, DEFAULT_SECRETS),
    secretsEntropy: values['secrets-entropy'] ?? false,
    counter: choice('counter', values.counter, COUNTER_IDS, 'o200k'),
    ...(values.holdout === undefined ? {} : { holdout: wholeNumber('holdout', values.holdout, 2) }),
    ...(values.structured ? { structured: true } : {}),
  };
}

/** Node's `parseArgs`, but the value of an option may begin with a dash. @throws UsageError */
export function parseOptions<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs<T>({ ...config, args: withJoinedValues(config) });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(/\.\s|\.?\n/)[0]}. Try: namm --help`, { cause: error });
  }
}

/** `--query`, `- why` becomes `--query=- why`: an option that takes a value takes what follows it, whatever that is. */
function withJoinedValues({ args = [], options = {} }: ParseArgsConfig): string[] {
  const takesValue = new Set(
    Object.entries(options).flatMap(([name, { type, short }]) =>
      type === 'string' ? [`--${name}`, ...(short === undefined ? [] : [`-${short}`])] : [],
    ),
  );
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') return [...joined, ...args.slice(i)];
    const value = args[i + 1];
    if (!takesValue.has(arg) || value === undefined) joined.push(arg);
    else {
      joined.push(arg.startsWith('--') ? `${arg}=${value}` : `${arg}${value}`);
      i++;
    }
  }
  return joined;
}

function folderAt(root: string): string {
  const path = resolve(root);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`--root takes a folder, and ${path} is none.`);
  return path;
}

/** @throws UsageError for what is no whole number of at least `least` */
export function wholeNumber(name: string, value: string, least: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < least || !Number.isSafeInteger(number))
    throw new UsageError(`--${name} takes a whole number of at least ${least}, got "${value}".`);
  return number;
}

/** One of the allowed values of an option. @throws UsageError */
export function choice<T extends string>(
  name: string,
  value: string | undefined,
  allowed: readonly T[],
  fallback: T,
): T {
  if (value === undefined) return fallback;
  const known = oneOf(allowed, value);
  if (known === undefined) throw new UsageError(`--${name} takes one of ${allowed.join(', ')}, got "${value}".`);
  return known;
}
