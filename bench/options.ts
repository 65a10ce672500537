// Parses the command line of a bench: typed inputs and options with defaults, `--help`, and one clear sentence for a wrong call.
import { parseArgs } from 'node:util';

/** One input or option. `T` is the type of its value. */
export interface Value<T> {
  /** What stands for the value in the usage text, such as `N` or `DIR`; empty for a flag. */
  readonly placeholder: string;
  readonly help: string;
  readonly required: boolean;
  /** Takes every remaining input. */
  readonly rest?: true;
  /**
   * @param given the texts after the option or in the place of the input; empty if it was not given
   * @throws RangeError with a reason such as `is a whole number, not "x"`
   */
  parse(given: readonly string[]): T;
}

type Values = Readonly<Record<string, Value<unknown>>>;
type Parsed<S extends Values> = { readonly [K in keyof S]: S[K] extends Value<infer T> ? T : never };

/** A bench as its user sees it. Names are camelCase here and kebab-case on the command line: `lossCases` is `--loss-cases`. */
export interface BenchSpec<I extends Values, O extends Values> {
  readonly name: string;
  /** What it measures, in one or two sentences. */
  readonly about: string;
  /** Positional arguments, in their order. */
  readonly inputs: I;
  readonly options: O;
}

/** The values that a spec gives. */
export type OptionsOf<S extends BenchSpec<Values, Values>> = Parsed<S['inputs']> & Parsed<S['options']>;

/** The call was wrong; the message is one sentence for the user. */
export class UsageError extends Error {}

/** A whole number of `unit`, such as cases. @param fallback Infinity for all there are */
export function count(fallback: number, unit: string, help: string): Value<number> {
  return {
    placeholder: 'N',
    help: `${help} (${unit}; default: ${fallback === Infinity ? 'all' : fallback})`,
    required: false,
    parse([text]) {
      if (text === undefined) return fallback;
      if (!/^\d+$/.test(text)) throw new RangeError(`is a whole number of ${unit}, not "${text}"`);
      return Number(text);
    },
  };
}

/** A text that may be left out, such as a folder. */
export function optional(placeholder: string, help: string): Value<string | undefined> {
  return { placeholder, help, required: false, parse: ([text]) => text };
}

/** A text with a default. */
export function text(placeholder: string, help: string, fallback: string): Value<string> {
  return {
    placeholder,
    help: `${help} (default: ${fallback})`,
    required: false,
    parse: ([given]) => given ?? fallback,
  };
}

/** A text that must be given. */
export function required(placeholder: string, help: string): Value<string> {
  return {
    placeholder,
    help,
    required: true,
    parse([text]) {
      if (text === undefined) throw new RangeError('is missing');
      return text;
    },
  };
}

/** One or more texts: the last input takes all that remain. */
export function oneOrMore(placeholder: string, help: string): Value<readonly string[]> {
  return { ...required(placeholder, help), rest: true, parse: (texts) => (required('', '').parse(texts), texts) };
}

export function flag(help: string): Value<boolean> {
  return { placeholder: '', help, required: false, parse: (given) => given.length > 0 };
}

/** One of `names`. */
export function choice<T extends string>(names: readonly T[], placeholder: string, help: string): Value<T> {
  return {
    placeholder,
    help: `${help} (${names.join(', ')})`,
    required: true,
    parse: (given) => oneOf(names, required('', '').parse(given)),
  };
}

/** Some of `names`, with commas between them. */
export function choices<T extends string>(
  names: readonly T[],
  help: string,
  fallback: readonly T[] = names,
): Value<readonly T[]> {
  return {
    placeholder: 'NAME,…',
    help: `${help}: ${names.join(', ')} (default: ${fallback === names ? 'all' : fallback.join(', ')})`,
    required: false,
    parse: ([text]) => (text === undefined ? fallback : text.split(',').map((name) => oneOf(names, name))),
  };
}

/** Texts with commas between them; none if it was left out. A comma before a space belongs to the text. */
export function list(placeholder: string, help: string): Value<readonly string[]> {
  return { placeholder, help, required: false, parse: ([text]) => text?.split(/,(?! )/) ?? [] };
}

/** Numbers with commas between them; none if it was left out. */
export function numbers(placeholder: string, help: string): Value<readonly number[]> {
  return {
    placeholder,
    help,
    required: false,
    parse([text]) {
      const parsed = text?.split(',').map(Number) ?? [];
      if (!parsed.every(Number.isFinite)) throw new RangeError(`takes numbers with commas between them, not "${text}"`);
      return parsed;
    },
  };
}

function oneOf<T extends string>(names: readonly T[], name: string): T {
  const found = names.find((n) => n === name);
  if (found === undefined) throw new RangeError(`knows no "${name}"; it takes ${names.join(', ')}`);
  return found;
}

const flagOf = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
/** What stands for an input in the usage: a number says by its name what it counts. */
const titleOf = (key: string, { placeholder }: Value<unknown>): string =>
  placeholder === 'N' ? flagOf(key).replace('-', '_').toUpperCase() : placeholder;

/**
 * @param argv arguments after the name of the script
 * @returns the values by their names in the spec, or `'help'` if the usage was asked for
 * @throws UsageError if the call does not fit the spec
 */
export function parseBench<I extends Values, O extends Values>(
  spec: BenchSpec<I, O>,
  argv: readonly string[],
): (Parsed<I> & Parsed<O>) | 'help' {
  if (argv.includes('--help')) return 'help';
  const { values, positionals } = parsed(spec, argv);
  const out: Record<string, unknown> = {};
  const read = (key: string, title: string, value: Value<unknown>, given: readonly string[]): void => {
    try {
      out[key] = value.parse(given);
    } catch (error) {
      throw error instanceof RangeError ? new UsageError(`${title} ${error.message}.`) : error;
    }
  };
  let at = 0;
  for (const [key, value] of Object.entries(spec.inputs)) {
    const end = value.rest ? positionals.length : at + 1;
    read(key, titleOf(key, value), value, positionals.slice(at, end));
    at = end;
  }
  if (at < positionals.length) throw new UsageError(`There is no input for "${positionals[at]}".`);
  for (const [key, value] of Object.entries(spec.options)) {
    const given = values[flagOf(key)];
    read(key, `--${flagOf(key)}`, value, given === undefined ? [] : [String(given)]);
  }
  return out as Parsed<I> & Parsed<O>;
}

function parsed<I extends Values, O extends Values>({ options }: BenchSpec<I, O>, argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: Object.fromEntries(
        Object.entries(options).map(([key, { placeholder }]) => [
          flagOf(key),
          { type: placeholder ? ('string' as const) : ('boolean' as const) },
        ]),
      ),
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split(/[.\n]/)[0]}.`, { cause: error });
  }
}

/** The text of `--help`. */
export function usageOf<I extends Values, O extends Values>({ name, about, inputs, options }: BenchSpec<I, O>): string {
  const inputRows = Object.entries(inputs).map(([key, v]): [string, string] => [titleOf(key, v), v.help]);
  const optionRows = Object.entries(options).map(([key, v]): [string, string] => [
    `--${flagOf(key)} ${v.placeholder}`.trim(),
    `${v.help}${v.required ? ' (required)' : ''}`,
  ]);
  const rows = [...inputRows, ...optionRows, ['--help', 'prints this text'] as [string, string]];
  const width = Math.max(...rows.map(([left]) => left.length));
  const shown = Object.entries(inputs).map(([key, v]) => {
    const title = `${titleOf(key, v)}${v.rest ? '…' : ''}`;
    return v.required ? title : `[${title}]`;
  });
  return [
    `Usage: npm run bench -- ${[name, ...shown].join(' ')} [options]`,
    '',
    about,
    '',
    ...rows.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`),
  ].join('\n');
}

/** Runs a bench with the arguments of this process. Sets the exit code: 2 for a wrong call, 1 for a failure. */
export function runBench<I extends Values, O extends Values>(
  spec: BenchSpec<I, O>,
  run: (values: Parsed<I> & Parsed<O>) => Promise<void>,
): void {
  void (async () => {
    try {
      const values = parseBench(spec, process.argv.slice(2));
      if (values === 'help') console.log(usageOf(spec));
      else await run(values);
    } catch (error) {
      const wrongCall = error instanceof UsageError;
      console.error(wrongCall ? `${spec.name}: ${error.message} See --help.` : error);
      process.exitCode = wrongCall ? 2 : 1;
    }
  })();
}
