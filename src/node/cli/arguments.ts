// Parses the command line into a closed union of commands, or throws one sentence that says what is wrong.
import { DEFAULT_BUDGET, type Budget } from '../../core/budget';
import { DEFAULT_SCORER, FORMAT_STYLES, SCORER_IDS, type FormatStyle, type ScorerId } from '../../core/context';
import { oneOf } from '../../core/oneOf';
import { COUNTER_IDS, type CounterId } from '../../core/token';
import { DEFAULT_SECRETS, SECRETS_RULES, type SecretsRule } from '../../redact/secretsRule';
import { choice, parseMcpOptions, parseOptions, UsageError, wholeNumber, type McpOptions } from '../mcp/options';
import { parseElisionName } from '../../core/elisionName';
import { notebookOf } from '../../texts/notebook';
import { parseSetup, SETUP_COMMANDS, type SetupCommand } from './setupArguments';

/** What must stay or go: lines of a single file (1-based, inclusive), lines that match a pattern, files that match a .gitignore glob. */
export type Constraint =
  | { readonly kind: 'lines'; readonly from: number; readonly to: number }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'files'; readonly glob: string };

export interface CompressCommand {
  readonly command: 'compress';
  /** Files, folders and globs; `-` alone is standard input. */
  readonly paths: readonly string[];
  /** A file with more paths, one a line; `-` is standard input. */
  readonly filesFrom?: string;
  /** Globs as in .gitignore. Of folders only these files are read; none: all. */
  readonly include: readonly string[];
  /** Globs of files that are not read. */
  readonly exclude: readonly string[];
  readonly budget: Budget;
  readonly query?: string;
  /** A file with the question; `-` is standard input. */
  readonly queryFile?: string;
  readonly scorer: ScorerId;
  readonly pins: readonly Constraint[];
  readonly drops: readonly Constraint[];
  readonly inlineMarkers: boolean;
  readonly languageId?: string;
  readonly counter: CounterId;
  readonly format: 'text' | 'json';
  readonly style?: FormatStyle;
  /** The result is written there; absent: to standard output. */
  readonly output?: string;
  readonly markers: boolean;
  readonly secrets: SecretsRule;
  readonly secretsEntropy: boolean;
}

/** A place of a text, and the compression that decides about it. */
export interface WhyCommand {
  readonly command: 'why';
  readonly path: string;
  readonly line: number; // 1-based
  readonly json: boolean;
  /** The text alone or among others. */
  readonly compression: CompressCommand;
}

export type Command =
  | CompressCommand
  | WhyCommand
  | {
      readonly command: 'inspect';
      readonly path: string;
      readonly scorer: ScorerId;
      readonly languageId?: string;
      readonly query?: string;
      readonly queryFile?: string;
    }
  | {
      readonly command: 'expand';
      readonly ids: readonly string[];
      readonly secrets: SecretsRule;
      readonly secretsEntropy: boolean;
    }
  | SetupCommand
  | { readonly command: 'mcp'; readonly options: McpOptions }
  | { readonly command: 'help'; readonly topic?: string }
  | { readonly command: 'version' };

export { UsageError };

const OPTIONS = {
  'files-from': { type: 'string' },
  include: { type: 'string', multiple: true },
  exclude: { type: 'string', multiple: true },
  'keep-ratio': { type: 'string' },
  'max-tokens': { type: 'string' },
  auto: { type: 'boolean' },
  query: { type: 'string' },
  'query-file': { type: 'string' },
  scorer: { type: 'string' },
  pin: { type: 'string', multiple: true },
  drop: { type: 'string', multiple: true },
  'ignore-inline': { type: 'boolean' },
  language: { type: 'string' },
  counter: { type: 'string' },
  format: { type: 'string' },
  style: { type: 'string' },
  output: { type: 'string', short: 'o' },
  'no-markers': { type: 'boolean' },
  secrets: { type: 'string' },
  'secrets-entropy': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const ALLOWED: ReadonlyMap<string, readonly string[]> = new Map([
  ['compress', Object.keys(OPTIONS).filter((name) => name !== 'json')],
  [
    'why',
    [
      ...['keep-ratio', 'max-tokens', 'auto', 'counter'],
      ...['query', 'query-file', 'pin', 'drop', 'ignore-inline', 'scorer', 'language', 'include', 'exclude', 'json'],
    ],
  ],
  ['inspect', ['scorer', 'language', 'query', 'query-file', 'format']],
  ['expand', ['secrets', 'secrets-entropy']],
]);

const COMMANDS = `compress, expand, why, inspect, ${SETUP_COMMANDS.join(', ')} or mcp`;

const parsed = (argv: readonly string[]) => parseOptions({ args: [...argv], options: OPTIONS, allowPositionals: true });
type Values = ReturnType<typeof parsed>['values'];

/** @throws UsageError */
export function parseCommand(argv: readonly string[]): Command {
  const asksForHelp = argv.some((a) => a === '--help' || a === '-h');
  if (argv[0] === 'mcp' && !asksForHelp) return { command: 'mcp', options: parseMcpOptions(argv.slice(1)) };
  const setup = asksForHelp ? undefined : parseSetup(argv);
  if (setup) return setup;
  const { values, positionals } = parsed(argv);
  const [command, ...rest] = positionals;
  if (values.help) return { command: 'help', ...(command === undefined ? {} : { topic: command }) };
  if (values.version) return { command: 'version' };
  if (command === 'help') return { command, ...(rest[0] === undefined ? {} : { topic: rest[0] }) };
  if (!command) throw new UsageError(`No command given: ${COMMANDS}. Try: namm --help`);
  if (command === 'mcp') throw new UsageError('mcp comes first: namm mcp [--root FOLDER]…');
  if (oneOf(SETUP_COMMANDS, command)) throw new UsageError(`${command} comes first: namm ${command}`);
  const allowed = ALLOWED.get(command);
  if (!allowed) throw new UsageError(`Unknown command "${command}": it is ${COMMANDS}.`);
  for (const name of Object.keys(values))
    if (!allowed.includes(name)) throw new UsageError(`--${name} does not go with "${command}".`);
  const scorer = choice('scorer', values.scorer, SCORER_IDS, DEFAULT_SCORER);
  if (values.language !== undefined && !/^[\w+#.-]+$/.test(values.language))
    throw new UsageError(
      `--language takes an editor's language id like typescript or python, got "${values.language}".`,
    );
  const queryFile = values['query-file'];
  if (queryFile !== undefined && values.query !== undefined)
    throw new UsageError('Give one of --query and --query-file.');
  if (queryFile === '') throw new UsageError('--query-file takes the name of a file, or - for standard input.');
  const secrets = choice('secrets', values.secrets, SECRETS_RULES, DEFAULT_SECRETS);
  const secretsEntropy = values['secrets-entropy'] ?? false;
  const shared = {
    scorer,
    ...(values.language ? { languageId: values.language.toLowerCase() } : {}),
    ...(values.query ? { query: values.query } : {}),
    ...(queryFile === undefined ? {} : { queryFile }),
  };
  switch (command) {
    case 'expand':
      if (rest.length === 0) throw new UsageError('expand takes an elision id, or several, like: namm expand k3fa:120');
      for (const id of rest)
        if (!parseElisionName(id))
          throw new UsageError(
            `expand takes an elision id like k3fa:120, or a path and the line that a marker shows like src/a.ts:120, got "${id}".`,
          );
      return { command, ids: rest, secrets, secretsEntropy };
    case 'inspect':
      if (rest.length !== 1 || rest[0] === '-') throw new UsageError('inspect takes one path of a file.');
      if (values.format !== undefined && values.format !== 'json')
        throw new UsageError('inspect knows --format json only.');
      return { command, path: rest[0]!, ...shared };
    case 'why': {
      const place = /^(.+):(\d+)$/.exec(rest[0] ?? '');
      const line = Number(place?.[2]);
      if (!place || !Number.isSafeInteger(line) || line < 1)
        throw new UsageError(
          rest[0] === undefined
            ? 'why takes a path and a line, like: namm why src/a.ts:120'
            : `why takes a path and a line like src/a.ts:120, got "${rest[0]}".`,
        );
      const compression = compressCommand(values, [notebookOf(place[1]!), ...rest.slice(1)], shared);
      return { command, path: place[1]!, line, json: values.json ?? false, compression };
    }
    default:
      return compressCommand(values, rest, shared);
  }
}

function compressCommand(
  values: Values,
  rest: string[],
  shared: Pick<CompressCommand, 'scorer' | 'languageId' | 'query' | 'queryFile'>,
): CompressCommand {
  const filesFrom = values['files-from'];
  if (rest.length === 0 && filesFrom === undefined)
    throw new UsageError('compress takes at least one path, or - for standard input.');
  if (rest.includes('-') && filesFrom !== undefined)
    throw new UsageError('- (standard input) cannot be mixed with --files-from.');
  if (shared.queryFile === '-' && (rest.includes('-') || filesFrom === '-'))
    throw new UsageError('Standard input is either the question (--query-file -) or what is compressed.');
  if (rest.includes('-') && rest.length > 1) throw new UsageError('- (standard input) cannot be mixed with paths.');
  const pins = (values.pin ?? []).map((w) => wish('pin', w));
  const drops = (values.drop ?? []).map((w) => wish('drop', w));
  if (rest.length > 1 && [...pins, ...drops].some((w) => w.kind === 'lines'))
    throw new UsageError('Lines after --pin and --drop go with a single file.');
  const format = choice('format', values.format, ['text', 'json'] as const, 'text');
  if (values.style !== undefined && format === 'json') throw new UsageError('--style goes with --format text.');
  if (values.output === '') throw new UsageError('--output takes the name of a file.');
  return {
    command: 'compress',
    paths: rest,
    ...(filesFrom === undefined ? {} : { filesFrom }),
    include: values.include ?? [],
    exclude: values.exclude ?? [],
    budget: budget(values),
    pins,
    drops,
    inlineMarkers: !values['ignore-inline'],
    counter: choice('counter', values.counter, COUNTER_IDS, 'o200k'),
    format,
    ...(values.style === undefined ? {} : { style: choice('style', values.style, FORMAT_STYLES, 'markdown') }),
    ...(values.output === undefined ? {} : { output: values.output }),
    markers: !values['no-markers'],
    secrets: choice('secrets', values.secrets, SECRETS_RULES, DEFAULT_SECRETS),
    secretsEntropy: values['secrets-entropy'] ?? false,
    ...shared,
  };
}

function budget(values: { 'keep-ratio'?: string; 'max-tokens'?: string; auto?: boolean }): Budget {
  const given = [values['keep-ratio'] !== undefined, values['max-tokens'] !== undefined, values.auto === true];
  if (given.filter(Boolean).length > 1) throw new UsageError('Give one of --keep-ratio, --max-tokens and --auto.');
  if (values['keep-ratio'] !== undefined) {
    const keepRatio = Number(values['keep-ratio']);
    if (!/^\d*\.?\d+$/.test(values['keep-ratio']) || !(keepRatio > 0 && keepRatio <= 1))
      throw new UsageError(`--keep-ratio takes a number above 0 and at most 1, got "${values['keep-ratio']}".`);
    return { kind: 'keepRatio', keepRatio };
  }
  if (values['max-tokens'] !== undefined)
    return { kind: 'maxTokens', maxTokens: wholeNumber('max-tokens', values['max-tokens'], 1) };
  return values.auto ? { kind: 'auto' } : DEFAULT_BUDGET;
}

function wish(option: 'pin' | 'drop', text: string): Constraint {
  const pattern = /^\/(.+)\/$/s.exec(text)?.[1];
  if (pattern !== undefined) {
    try {
      new RegExp(pattern, 'u');
    } catch (error) {
      throw new UsageError(`--${option} ${text} is no regular expression: ${(error as Error).message}.`);
    }
    return { kind: 'pattern', pattern };
  }
  const m = /^(\d+)(?:-(\d+))?$/.exec(text);
  const from = Number(m?.[1]);
  const to = Number(m?.[2] ?? m?.[1]);
  if (m && from >= 1 && to >= from && Number.isSafeInteger(to)) return { kind: 'lines', from, to };
  if (!text.trim() || /^[\d\s-]+$/.test(text))
    throw new UsageError(
      `--${option} takes lines like 12 or 12-40, a /pattern/ or a glob like **/*.test.ts, got "${text}".`,
    );
  return { kind: 'files', glob: text };
}
