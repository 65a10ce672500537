// Parses the command line into a closed union of commands, or throws one sentence that says what is wrong.
import { DEFAULT_BUDGET, type Budget } from '../../core/budget';
import { DEFAULT_SCORER, SCORER_IDS, type ScorerId } from '../../core/context';
import { COUNTER_IDS, type CounterId } from '../../core/token';
import { DEFAULT_SECRETS, SECRETS_RULES, type SecretsRule } from '../../redact/secretsRule';
import { choice, parseMcpOptions, parseOptions, UsageError, type McpOptions } from '../mcp/options';
import { parseElisionName } from '../../core/elisionName';

/** What must stay or go: lines of a single file (1-based, inclusive), lines that match a pattern, files that match a .gitignore glob. */
export type Constraint =
  | { readonly kind: 'lines'; readonly from: number; readonly to: number }
  | { readonly kind: 'pattern'; readonly pattern: string }
  | { readonly kind: 'files'; readonly glob: string };

export interface CompressCommand {
  readonly command: 'compress';
  readonly paths: readonly string[];
  readonly budget: Budget;
  readonly query?: string;
  readonly scorer: ScorerId;
  readonly pins: readonly Constraint[];
  readonly drops: readonly Constraint[];
  readonly inlineMarkers: boolean;
  readonly languageId?: string;
  readonly counter: CounterId;
  readonly format: 'text' | 'json';
  readonly markers: boolean;
  readonly secrets: SecretsRule;
  readonly secretsEntropy: boolean;
}

export type Command =
  | CompressCommand
  | {
      readonly command: 'inspect';
      readonly path: string;
      readonly scorer: ScorerId;
      readonly languageId?: string;
      readonly query?: string;
    }
  | { readonly command: 'expand'; readonly id: string; readonly secrets: SecretsRule; readonly secretsEntropy: boolean }
  | { readonly command: 'mcp'; readonly options: McpOptions }
  | { readonly command: 'help' }
  | { readonly command: 'version' };

export { UsageError };

export const USAGE = `namm: compress code for an assistant, on this machine.

  namm compress <path…>|-  [--keep-ratio r | --max-tokens n | --auto] [--query TEXT] [--scorer S]
                           [--pin WHAT]… [--drop WHAT]… [--ignore-inline] [--language ID] [--counter o200k|cl100k|model] [--format text|json] [--no-markers] [--secrets R] [--secrets-entropy]
  namm inspect  <path>     token scores as JSON: layers × heads × tokens
  namm expand   <id>       the original text of an elision, by id (k3fa:120) or path and line [--secrets R] [--secrets-entropy]
  namm mcp                 a Model Context Protocol server on stdin and stdout [--root FOLDER]… [--secrets R] [--secrets-entropy] [--counter C]

  --keep-ratio r   share of recipient tokens that may stay, above 0 and at most 1 (default 0.5)
  --max-tokens n   total over all files
  --auto           let the scorer's calibrated threshold decide, where it has one
  --query TEXT     the question to compress for
  --scorer S       ${SCORER_IDS.join(', ')} (default ${DEFAULT_SCORER})
  --pin WHAT       what stays: lines like 12-40 of a single file, lines that match a /pattern/, whole files by a glob
  --drop WHAT      what goes whatever the budget: lines like 12-40 of a single file, statements that begin on a line
                   that matches a /pattern/, files by a glob
  --ignore-inline  comments namm:keep and namm:drop do not count
  --language ID    language of the text, as the editor calls it: typescript, python, go, … (default: by file name)
  --counter C      whose tokens are counted (default o200k)
  --format F       text for reading on, json for programs (default text)
  --no-markers     leave no trace of what was cut
  --secrets R      what happens to credentials: redact, block, off (default redact)
  --secrets-entropy  values that only look random are credentials, too
  --root FOLDER    what the server may read (default: the client's folders, else the current one)

Exit: 0 done, 1 failed, 2 wrong usage, 130 interrupted. Folders: .gitignore counts, at most 500 files of 2 million characters each.
`;

const OPTIONS = {
  'keep-ratio': { type: 'string' },
  'max-tokens': { type: 'string' },
  auto: { type: 'boolean' },
  query: { type: 'string' },
  scorer: { type: 'string' },
  pin: { type: 'string', multiple: true },
  drop: { type: 'string', multiple: true },
  'ignore-inline': { type: 'boolean' },
  language: { type: 'string' },
  counter: { type: 'string' },
  format: { type: 'string' },
  'no-markers': { type: 'boolean' },
  secrets: { type: 'string' },
  'secrets-entropy': { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const ALLOWED: ReadonlyMap<string, readonly string[]> = new Map([
  ['compress', Object.keys(OPTIONS)],
  ['inspect', ['scorer', 'language', 'query', 'format']],
  ['expand', ['secrets', 'secrets-entropy']],
]);

/** @throws UsageError */
export function parseCommand(argv: readonly string[]): Command {
  if (argv[0] === 'mcp' && !argv.some((a) => a === '--help' || a === '-h'))
    return { command: 'mcp', options: parseMcpOptions(argv.slice(1)) };
  const { values, positionals } = parseOptions({ args: [...argv], options: OPTIONS, allowPositionals: true });
  if (values.help) return { command: 'help' };
  if (values.version) return { command: 'version' };
  const [command, ...rest] = positionals;
  if (command === 'help') return { command }; // with or without the name of a command
  if (!command) throw new UsageError('No command given: compress, inspect, expand or mcp. Try: namm --help');
  if (command === 'mcp') throw new UsageError('mcp comes first: namm mcp [--root FOLDER]…');
  const allowed = ALLOWED.get(command);
  if (!allowed) throw new UsageError(`Unknown command "${command}": it is compress, inspect, expand or mcp.`);
  for (const name of Object.keys(values))
    if (!allowed.includes(name)) throw new UsageError(`--${name} does not go with "${command}".`);
  const scorer = choice('scorer', values.scorer, SCORER_IDS, DEFAULT_SCORER);
  if (values.language !== undefined && !/^[\w+#.-]+$/.test(values.language))
    throw new UsageError(
      `--language takes an editor's language id like typescript or python, got "${values.language}".`,
    );
  const secrets = choice('secrets', values.secrets, SECRETS_RULES, DEFAULT_SECRETS);
  const secretsEntropy = values['secrets-entropy'] ?? false;
  const shared = {
    scorer,
    ...(values.language ? { languageId: values.language.toLowerCase() } : {}),
    ...(values.query ? { query: values.query } : {}),
  };
  switch (command) {
    case 'expand':
      if (rest.length !== 1) throw new UsageError('expand takes one elision id, like: namm expand k3fa:120');
      if (!parseElisionName(rest[0]!))
        throw new UsageError(
          `expand takes an elision id like k3fa:120, or a path and the line that a marker shows like src/a.ts:120, got "${rest[0]}".`,
        );
      return { command, id: rest[0]!, secrets, secretsEntropy };
    case 'inspect':
      if (rest.length !== 1 || rest[0] === '-') throw new UsageError('inspect takes one path of a file.');
      if (values.format !== undefined && values.format !== 'json')
        throw new UsageError('inspect knows --format json only.');
      return { command, path: rest[0]!, ...shared };
    default: {
      if (rest.length === 0) throw new UsageError('compress takes at least one path, or - for standard input.');
      if (rest.includes('-') && rest.length > 1) throw new UsageError('- (standard input) cannot be mixed with paths.');
      const pins = (values.pin ?? []).map((w) => wish('pin', w));
      const drops = (values.drop ?? []).map((w) => wish('drop', w));
      if (rest.length > 1 && [...pins, ...drops].some((w) => w.kind === 'lines'))
        throw new UsageError('Lines after --pin and --drop go with a single file.');
      return {
        command: 'compress',
        paths: rest,
        budget: budget(values),
        pins,
        drops,
        inlineMarkers: !values['ignore-inline'],
        counter: choice('counter', values.counter, COUNTER_IDS, 'o200k'),
        format: choice('format', values.format, ['text', 'json'] as const, 'text'),
        markers: !values['no-markers'],
        secrets,
        secretsEntropy,
        ...shared,
      };
    }
  }
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
  if (values['max-tokens'] !== undefined) {
    const maxTokens = Number(values['max-tokens']);
    if (!/^\d+$/.test(values['max-tokens']) || maxTokens < 1 || !Number.isSafeInteger(maxTokens))
      throw new UsageError(`--max-tokens takes a whole number of at least 1, got "${values['max-tokens']}".`);
    return { kind: 'maxTokens', maxTokens };
  }
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
