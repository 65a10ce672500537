// The real parsers of markup, configuration, queries and schemas. Those of npm are looked up in the folder PARSERS (parsers.sh), the others on PATH.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { parse as parseCss } from 'postcss';
import type { RealParser } from './realParsers';

/** What is used of the packages in PARSERS. They are no dependencies of this repository. */
interface Packages {
  readonly parse5: {
    parse(html: string, options: object): unknown;
    parseFragment(html: string, options: object): unknown;
  };
  readonly '@vue/compiler-sfc': {
    parse(text: string, options: object): { errors: unknown[]; descriptor: VueParts };
    compileTemplate(options: object): { errors: unknown[] };
  };
  readonly 'svelte/compiler': { parse(text: string, options: object): unknown };
  readonly 'sass-parser': { readonly scss: { parse(text: string): unknown } };
  readonly graphql: { parse(text: string): unknown };
  readonly 'dockerfile-utils': {
    validate(text: string): { readonly severity: number; readonly code: number }[];
  };
  readonly 'libpg-query': { readonly loadModule: () => Promise<void>; readonly parseSync: (text: string) => unknown };
}

interface VuePart {
  readonly content: string;
  readonly lang?: string;
  readonly src?: string;
}

interface VueParts {
  readonly template: VuePart | null;
  readonly script: VuePart | null;
  readonly scriptSetup: VuePart | null;
  readonly styles: readonly VuePart[];
}

/** A package of the folder PARSERS; undefined if it is not there. */
function packageOf<K extends keyof Packages>(name: K): Packages[K] | undefined {
  const folder = process.env.PARSERS;
  if (!folder) return undefined;
  try {
    return createRequire(join(folder, 'markup', 'package.json'))(name) as Packages[K];
  } catch {
    return undefined;
  }
}

/** One error for a text at which `read` throws. */
const throwing =
  (read: (text: string) => unknown): RealParser =>
  (texts) =>
    texts.map((text) => {
      try {
        read(text);
        return 0;
      } catch {
        return 1;
      }
    });

/** The syntax errors of a script. */
const scriptErrors = (text: string, kind: ts.ScriptKind): number =>
  (ts.createSourceFile('x', text, ts.ScriptTarget.Latest, false, kind) as unknown as { parseDiagnostics: unknown[] })
    .parseDiagnostics.length;

function styleErrors(text: string): number {
  try {
    parseCss(text);
    return 0;
  } catch {
    return 1;
  }
}

/** parse5 forgives what browsers forgive, but reports it; scripts and styles are judged by their own parsers. */
function html(parse5: Packages['parse5']): RealParser {
  return (texts) =>
    texts.map((text) => {
      const errors: string[] = [];
      const options = { onParseError: ({ code }: { code: string }) => void errors.push(code) };
      if (/<!doctype|<html/i.test(text)) parse5.parse(text, options);
      else parse5.parseFragment(text, options);
      let count = errors.filter((code) => code !== 'missing-doctype').length;
      for (const [, attributes, content] of text.matchAll(/<script\b([^>]*)>([^]*?)<\/script>/gi))
        if (!/\{[{%]/.test(content!) && /^(?!.*\btype=)|type=["']?(module|text\/javascript)/.test(attributes!))
          count += scriptErrors(content!, ts.ScriptKind.JS);
      for (const [, content] of text.matchAll(/<style\b[^>]*>([^]*?)<\/style>/gi))
        if (!/\{[{%]/.test(content!)) count += styleErrors(content!);
      return count;
    });
}

/** A `transition` without its element makes the compiler itself throw. */
function templateErrors(sfc: Packages['@vue/compiler-sfc'], source: string): number {
  try {
    return sfc.compileTemplate({ source, filename: 'x.vue', id: 'x' }).errors.length;
  } catch {
    return 1;
  }
}

function vue(sfc: Packages['@vue/compiler-sfc']): RealParser {
  return (texts) =>
    texts.map((text) => {
      const { errors, descriptor } = sfc.parse(text, { sourceMap: false, ignoreEmpty: false });
      let count = errors.length;
      const { template, script, scriptSetup, styles } = descriptor;
      if (template && !template.src && (template.lang ?? 'html') === 'html')
        count += templateErrors(sfc, template.content);
      for (const part of [script, scriptSetup])
        if (part) count += scriptErrors(part.content, part.lang === 'tsx' ? ts.ScriptKind.TSX : ts.ScriptKind.TS);
      const sass = packageOf('sass-parser');
      for (const { content, lang } of styles) {
        if (lang === 'scss' && sass) count += throwing((t) => sass.scss.parse(t))([content], '')[0]!;
        else if (lang === undefined || lang === 'postcss') count += styleErrors(content);
      }
      return count;
    });
}

/** The first of PostgreSQL and the dialects of sqlglot that reads the original judges its cuts. */
const SQLGLOT = `
import sys, logging, sqlglot
logging.disable(logging.CRITICAL)
def fails(path, dialect):
    try:
        trees = sqlglot.parse(open(path, encoding='utf-8').read(), read=dialect)
        return any(isinstance(t, sqlglot.exp.Command) and t.name.upper() in ('SELECT', 'INSERT', 'UPDATE', 'DELETE') for t in trees if t)
    except Exception: return True
files = sys.argv[1:]
dialect = next((d for d in ('mysql', 'sqlite', 'tsql', 'oracle', 'clickhouse', 'bigquery', None) if not fails(files[0], d)), 'mysql')
for f in files: print(1 if fails(f, dialect) else 0)
`;

const PSQL_VARIABLE = /(?<![:\w]):(?=[A-Za-z_"'])/g; // psql puts its value there

function sql(postgres: Packages['libpg-query'] | undefined, others: RealParser | undefined): RealParser | undefined {
  // It has no answer for a text without a statement.
  const first =
    postgres && throwing((text) => /^(?:\s|--.*)*$/.test(text) || postgres.parseSync(text.replace(PSQL_VARIABLE, ' ')));
  if (!first || !others) return first ?? others;
  return (texts, path) => (first([texts[0]!], path)[0] === 0 ? first(texts, path) : others(texts, path));
}

/** Errors of the reader of make, which name a line. Nothing runs: the shell does nothing, and files need not be there. */
function make(folder: string): RealParser {
  return (texts) =>
    texts.map((text) => {
      const file = join(folder, 'x.mk');
      writeFileSync(file, text.replace(/^( *)(include)\b/gm, '$1-$2').replace(/\$\((error|warning)\b/g, '$(info'));
      const { stderr } = spawnSync('make', ['SHELL=/bin/true', '-n', '-q', '-f', file], {
        encoding: 'utf8',
        cwd: folder,
      });
      return stderr.match(/^x\.mk:\d+: \*\*\*|^[^\n]*\/x\.mk:\d+: \*\*\*/gm)?.length ?? 0;
    });
}

/** Terraform names the file of each error. */
function terraform(folder: string): RealParser {
  return (texts) => {
    const files = texts.map((text, i) => {
      const file = join(folder, `x${i}.tf`);
      writeFileSync(file, text);
      return file;
    });
    const { stderr } = spawnSync('terraform', ['fmt', '-no-color', '-list=false', '-write=false', ...files], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    return files.map((_, i) => stderr.match(new RegExp(`on \\S*\\bx${i}\\.tf line`, 'g'))?.length ?? 0);
  };
}

/** Errors but for names that other files define. */
const PROTOC = `
import os, sys, tempfile
from grpc_tools import protoc
for f in sys.argv[1:]:
    with tempfile.TemporaryFile('w+') as log:
        saved = os.dup(2); os.dup2(log.fileno(), 2)
        protoc.main(['protoc', '-I' + os.path.dirname(f), '--descriptor_set_out=' + os.devnull, f])
        os.dup2(saved, 2); os.close(saved)
        log.seek(0)
        print(sum(1 for l in log if not any(w in l for w in ('not found', 'not defined', 'had errors', 'warning', 'Option', 'option', 'unused', 'seems to be defined', 'not imported'))))
`;

const XML = `import xml.etree.ElementTree as E
read = lambda f: E.parse(f)`;

/** What the caller does for a parser: a folder for files, and Python that reads a batch of them. */
interface Tools {
  readonly folder: string;
  readonly available: (command: string) => boolean;
  readonly python: (suffix: string, script: string) => RealParser | undefined;
  readonly pythonReader: (setup: string) => string;
}

let postgres: Packages['libpg-query'] | undefined;

/** Loads what cannot be loaded at once. */
export async function loadParsers(): Promise<void> {
  postgres = packageOf('libpg-query');
  await postgres?.loadModule();
}

/** @returns undefined if none is installed */
export function markupParser(
  language: string,
  { folder, available, python, pythonReader }: Tools,
): RealParser | undefined {
  const using = <K extends keyof Packages>(
    name: K,
    make: (found: Packages[K]) => RealParser,
  ): RealParser | undefined => {
    const found = packageOf(name);
    return found && make(found);
  };
  switch (language) {
    case 'HTML':
      return using('parse5', html);
    case 'Vue':
      return using('@vue/compiler-sfc', vue);
    case 'Svelte':
      return using('svelte/compiler', (svelte) => throwing((text) => svelte.parse(text, { modern: true })));
    case 'SCSS':
      return using('sass-parser', (sass) => throwing((text) => sass.scss.parse(text)));
    case 'GraphQL':
      return using('graphql', (graphql) => throwing((text) => graphql.parse(text)));
    case 'Dockerfile':
      return using(
        'dockerfile-utils',
        (docker) => (texts) => texts.map((text) => docker.validate(text).filter((d) => d.severity === 1).length),
      );
    case 'SQL':
      return sql(postgres, python('.sql', SQLGLOT));
    case 'Make':
      return available('make') ? make(folder) : undefined;
    case 'HCL':
      return available('terraform') ? terraform(folder) : undefined;
    case 'Protobuf':
      return python('.proto', PROTOC);
    case 'XML':
      return python('.xml', pythonReader(XML));
    default:
      return undefined;
  }
}

export const MARKUP_PARSERS: Readonly<Record<string, string>> = {
  HTML: 'parse5',
  Vue: 'Vue compiler',
  Svelte: 'Svelte',
  SCSS: 'Sass',
  GraphQL: 'GraphQL.js',
  Dockerfile: 'dockerfile-utils',
  SQL: 'libpg_query',
  Make: 'make -n',
  HCL: 'terraform',
  Protobuf: 'protoc',
  XML: 'expat',
};
