// The table of languages: file names, grammar files, comment syntax, blocks.
import { ownValue } from '../core/ownValue';

/** A block that may not be empty: a placeholder for its statements, and how the line before the block ends. */
export interface EmptyBlock {
  readonly statement: string;
  readonly opens: RegExp;
}

interface LanguageFacts {
  readonly extensions?: readonly string[];
  readonly names?: readonly string[]; // whole file names
  readonly grammar?: string; // file beside the bundle
  readonly line?: string; // opens a comment that ends with the line
  readonly spaced?: true; // `line` opens a comment only before a space
  readonly block?: readonly [string, string];
  readonly empty?: EmptyBlock;
  readonly braces?: true; // blocks have braces, so deeper lines without a brace continue a statement
  readonly indented?: true; // only indentation tells where a block ends
}

const C_LIKE = { line: '//', braces: true } as const;
const HASH = { line: '#' } as const;

const LANGUAGES: Readonly<Record<string, LanguageFacts>> = {
  typescript: { extensions: ['ts', 'mts', 'cts'], grammar: 'tree-sitter-typescript.wasm', ...C_LIKE },
  typescriptreact: { extensions: ['tsx'], grammar: 'tree-sitter-tsx.wasm', ...C_LIKE },
  javascript: { extensions: ['js', 'mjs', 'cjs'], grammar: 'tree-sitter-javascript.wasm', ...C_LIKE },
  javascriptreact: { extensions: ['jsx'], grammar: 'tree-sitter-javascript.wasm', ...C_LIKE },
  python: {
    extensions: ['py', 'pyi'],
    grammar: 'tree-sitter-python.wasm',
    ...HASH,
    indented: true,
    empty: { statement: '...', opens: /:\s*(#.*)?$/ },
  },
  go: { extensions: ['go'], grammar: 'tree-sitter-go.wasm', ...C_LIKE },
  rust: { extensions: ['rs'], grammar: 'tree-sitter-rust.wasm', ...C_LIKE },
  java: { extensions: ['java'], grammar: 'tree-sitter-java.wasm', ...C_LIKE },
  c: { extensions: ['c'], grammar: 'tree-sitter-c.wasm', ...C_LIKE },
  cpp: { extensions: ['cc', 'cpp', 'cxx', 'h', 'hh', 'hpp', 'hxx'], grammar: 'tree-sitter-cpp.wasm', ...C_LIKE },
  csharp: { extensions: ['cs'], grammar: 'tree-sitter-c-sharp.wasm', ...C_LIKE },
  json: { extensions: ['json', 'webmanifest'], grammar: 'tree-sitter-json.wasm' },
  jsonc: { extensions: ['jsonc'], names: ['tsconfig.json', 'jsconfig.json'], ...C_LIKE },
  css: { extensions: ['css'], block: ['/*', '*/'], braces: true },
  scss: { extensions: ['scss'], ...C_LIKE },
  less: { extensions: ['less'], ...C_LIKE },
  html: { extensions: ['html', 'htm'], block: ['<!--', '-->'] },
  xml: { extensions: ['xml', 'xsd', 'csproj', 'svg'], block: ['<!--', '-->'] },
  vue: { extensions: ['vue'], block: ['<!--', '-->'] },
  svelte: { extensions: ['svelte'], block: ['<!--', '-->'] },
  markdown: { extensions: ['md', 'markdown'], block: ['<!--', '-->'], indented: true },
  yaml: { extensions: ['yml', 'yaml'], ...HASH, indented: true },
  toml: { extensions: ['toml'], ...HASH },
  ini: { extensions: ['ini', 'cfg'], line: ';' },
  shellscript: {
    extensions: ['sh', 'bash', 'zsh'],
    ...HASH,
    empty: { statement: ':', opens: /(\b(then|do|else)|\{|(^|[^=])\(|\))\s*(#.*)?$/ },
  },
  powershell: { extensions: ['ps1', 'psm1'], ...HASH },
  dockerfile: { extensions: ['dockerfile'], names: ['Dockerfile'], ...HASH },
  makefile: { extensions: ['mk'], names: ['Makefile', 'GNUmakefile'], ...HASH, indented: true },
  ruby: { extensions: ['rb'], ...HASH },
  php: { extensions: ['php'], ...C_LIKE },
  kotlin: { extensions: ['kt', 'kts'], ...C_LIKE },
  swift: { extensions: ['swift'], ...C_LIKE },
  scala: { extensions: ['scala'], ...C_LIKE },
  dart: { extensions: ['dart'], ...C_LIKE },
  lua: { extensions: ['lua'], line: '--' },
  sql: { extensions: ['sql'], line: '--', spaced: true },
  r: { extensions: ['r'], ...HASH },
  perl: { extensions: ['pl', 'pm'], ...HASH },
  elixir: { extensions: ['ex', 'exs'], ...HASH },
  plaintext: { extensions: ['txt'], indented: true },
};

const BY_EXTENSION = new Map(
  Object.entries(LANGUAGES).flatMap(([id, f]) => (f.extensions ?? []).map((e) => [e, id] as const)),
);
const BY_NAME = new Map(Object.entries(LANGUAGES).flatMap(([id, f]) => (f.names ?? []).map((n) => [n, id] as const)));

/** VS Code language id by file name; 'plaintext' when unknown. */
export function languageOf(path: string): string {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return BY_NAME.get(name) ?? BY_EXTENSION.get(extension) ?? 'plaintext';
}

/** Language id by a short name, as behind a Markdown fence: "ts", "python", "bash"; undefined when unknown. */
export function codeLanguage(name: string): string | undefined {
  const id = name.toLowerCase();
  if (id === 'shell' || id === 'console') return 'shellscript';
  return ownValue(LANGUAGES, id) ? id : BY_EXTENSION.get(id);
}

export function hasGrammar(languageId: string): boolean {
  return ownValue(LANGUAGES, languageId)?.grammar !== undefined;
}

export function emptyBlock(languageId: string): EmptyBlock | undefined {
  return ownValue(LANGUAGES, languageId)?.empty;
}

export function lineComment(languageId: string): string | undefined {
  return ownValue(LANGUAGES, languageId)?.line;
}

/** Opening and closing sign of a block comment; undefined if the language has none. */
export function blockComment(languageId: string): readonly [string, string] | undefined {
  const facts = ownValue(LANGUAGES, languageId);
  return facts?.block ?? (facts?.braces ? ['/*', '*/'] : undefined);
}

export function hasBraces(languageId: string): boolean {
  return ownValue(LANGUAGES, languageId)?.braces === true;
}

/** Whether only indentation tells where a block ends; assumed for unknown languages. */
export function isIndented(languageId: string): boolean {
  return ownValue(LANGUAGES, languageId)?.indented ?? !ownValue(LANGUAGES, languageId);
}

export function grammarFile(languageId: string): string | undefined {
  return ownValue(LANGUAGES, languageId)?.grammar;
}

/** A comment in the syntax of the language; undefined for JSON, which has none. Unknown languages get a note in square brackets. */
export function commentIn(languageId: string, note: string): string | undefined {
  if (languageId === 'json') return undefined;
  const facts = ownValue(LANGUAGES, languageId);
  if (facts?.line) return `${facts.line}${facts.spaced ? ' ' : ''}${note}`;
  if (facts?.block) return `${facts.block[0]}${note}${facts.block[1]}`;
  return `[${note}]`;
}
