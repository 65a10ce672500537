// The table of languages: how a text's language is found, its grammar file, its comments, its blocks.
import { ownValue } from '../core/ownValue';

/** A block that may not be empty: a placeholder for its statements, and how the line before the block ends. */
export interface EmptyBlock {
  readonly statement: string;
  /** Of an older version of the language, and what its texts have. */
  readonly older?: { readonly statement: string; readonly sign: RegExp };
  readonly opens: RegExp;
}

/** Lists are words with blanks between them. */
interface LanguageFacts {
  readonly aliases?: string; // other ids, of editors and behind Markdown fences
  readonly extensions?: string;
  readonly names?: string; // whole file names, in lower case
  readonly pattern?: RegExp; // of other file names, in lower case
  readonly variant?: RegExp; // the same, for names without a known extension
  readonly interpreters?: string; // in a first line `#!`
  readonly grammar?: string; // file beside the bundle
  readonly silent?: true; // has no comments
  readonly line?: string; // opens a comment that ends with the line
  readonly spaced?: true; // `line` opens a comment only before a space
  readonly block?: readonly [string, string];
  readonly empty?: EmptyBlock;
  readonly braces?: true; // blocks have braces, so deeper lines without a brace continue a statement
  readonly indented?: true; // only indentation tells where a block ends
  readonly literal?: true; // a blank line is text like any other
}

const C_LIKE = { line: '//', braces: true } as const;
const HASH = { line: '#' } as const;
const DASHES = { line: '--' } as const;
const SEMICOLON = { line: ';' } as const;
const PERCENT = { line: '%' } as const;
const TAGS = { block: ['<!--', '-->'] } as const;

const LANGUAGES: Readonly<Record<string, LanguageFacts>> = {
  typescript: {
    aliases: 'deno',
    extensions: 'ts mts cts',
    interpreters: 'deno tsx ts-node bun',
    grammar: 'tree-sitter-typescript.wasm',
    ...C_LIKE,
  },
  typescriptreact: { extensions: 'tsx', grammar: 'tree-sitter-tsx.wasm', ...C_LIKE },
  javascript: {
    aliases: 'node',
    extensions: 'js mjs cjs',
    interpreters: 'node nodejs',
    grammar: 'tree-sitter-javascript.wasm',
    ...C_LIKE,
  },
  javascriptreact: { extensions: 'jsx', grammar: 'tree-sitter-javascript.wasm', ...C_LIKE },
  python: {
    aliases: 'python3 starlark bazel',
    extensions: 'py pyi pyw bzl',
    names: 'sconstruct sconscript wscript build.bazel',
    interpreters: 'python python2 python3 pypy pypy3',
    grammar: 'tree-sitter-python.wasm',
    ...HASH,
    indented: true,
    empty: {
      statement: '...',
      older: {
        statement: 'pass', // Python 2
        sign: /^#![^\n]{0,100}\bpython2|^[ \t]*(?:print[ \t]+["'\w%]|print[ \t]*>>|exec[ \t]+["'\w]|except[ \t]+[\w.]+[ \t]*,[ \t]*\w+[ \t]*:|raise[ \t]+[\w.]+[ \t]*,)/m,
      },
      opens: /:\s*(#.*)?$/,
    },
  },
  go: { aliases: 'golang', extensions: 'go', grammar: 'tree-sitter-go.wasm', ...C_LIKE },
  rust: { extensions: 'rs', interpreters: 'rust-script', grammar: 'tree-sitter-rust.wasm', ...C_LIKE },
  java: { extensions: 'java', grammar: 'tree-sitter-java.wasm', ...C_LIKE },
  c: { extensions: 'c', grammar: 'tree-sitter-c.wasm', ...C_LIKE },
  cpp: {
    aliases: 'c++ cuda-cpp',
    extensions: 'cc cpp cxx h hh hpp hxx cu cuh ino',
    grammar: 'tree-sitter-cpp.wasm',
    ...C_LIKE,
  },
  csharp: { aliases: 'c#', extensions: 'cs csx', grammar: 'tree-sitter-c-sharp.wasm', ...C_LIKE },
  json: {
    aliases: 'geojson',
    extensions: 'json webmanifest ipynb geojson',
    names: '.jshintrc composer.lock .watchmanconfig',
    grammar: 'tree-sitter-json.wasm',
    silent: true,
  },
  jsonc: {
    aliases: 'json5 jsonwithcomments',
    extensions: 'jsonc json5 code-workspace',
    names: 'tsconfig.json jsconfig.json devcontainer.json .eslintrc.json .babelrc .swcrc .jscsrc',
    pattern: /^[tj]sconfig\..*\.json$/,
    ...C_LIKE,
  },
  jsonl: { aliases: 'ndjson', extensions: 'jsonl ndjson', silent: true },
  css: {
    grammar: 'tree-sitter-css.wasm',
    aliases: 'postcss',
    extensions: 'css pcss postcss',
    block: ['/*', '*/'],
    braces: true,
  },
  scss: { extensions: 'scss', ...C_LIKE },
  less: { extensions: 'less', ...C_LIKE },
  sass: { extensions: 'sass', line: '//', indented: true },
  stylus: { extensions: 'styl', line: '//', indented: true },
  html: { aliases: 'jinja-html django-html twig ejs', extensions: 'html htm xhtml twig ejs njk', ...TAGS },
  handlebars: { aliases: 'hbs mustache', extensions: 'hbs handlebars mustache', ...TAGS },
  xml: { aliases: 'xsl', extensions: 'xml xsd xsl xslt csproj fsproj vbproj props targets svg plist', ...TAGS },
  vue: { extensions: 'vue', ...TAGS },
  svelte: { extensions: 'svelte', ...TAGS },
  astro: { extensions: 'astro', ...TAGS },
  markdown: { aliases: 'mdx', extensions: 'md markdown mdx', ...TAGS, indented: true },
  yaml: {
    aliases: 'dockercompose docker-compose github-actions-workflow helm ansible home-assistant azure-pipelines openapi',
    extensions: 'yml yaml',
    names: '.clang-format .clang-tidy',
    ...HASH,
    indented: true,
  },
  toml: { extensions: 'toml', names: 'pipfile cargo.lock poetry.lock', ...HASH },
  ini: {
    aliases: 'cfg systemd-unit-file editorconfig gitconfig',
    extensions: 'ini cfg service socket timer mount target',
    names: '.editorconfig .gitconfig .gitmodules .npmrc .pylintrc .flake8 .coveragerc .hgrc',
    ...SEMICOLON,
  },
  properties: {
    aliases: 'dotenv env java-properties desktop',
    extensions: 'properties env conf cnf desktop',
    pattern: /^\.env(\..+)?$/,
    ...HASH,
  },
  ignore: { aliases: 'gitignore dockerignore', extensions: 'gitignore', pattern: /^\.\w+ignore$/, ...HASH },
  shellscript: {
    grammar: 'tree-sitter-bash.wasm',
    aliases: 'shell console bash sh zsh ksh shellsession sh-session',
    extensions: 'sh bash zsh ksh bats ebuild',
    names: '.bashrc .bash_profile .bash_aliases .profile .zshrc .zprofile .zshenv pkgbuild gradlew configure',
    interpreters: 'sh bash dash zsh ksh ash mksh bats busybox',
    ...HASH,
    empty: { statement: ':', opens: /(\b(then|do|else)|\{|(^|[^=])\(|\))\s*(#.*)?$/ },
  },
  fish: { extensions: 'fish', interpreters: 'fish', ...HASH },
  powershell: {
    grammar: 'tree-sitter-powershell.wasm',
    aliases: 'pwsh ps',
    extensions: 'ps1 psm1 psd1',
    interpreters: 'pwsh powershell',
    ...HASH,
  },
  bat: { aliases: 'batch cmd', extensions: 'bat cmd', line: 'REM', spaced: true },
  awk: { extensions: 'awk', interpreters: 'awk gawk mawk nawk', ...HASH },
  tcl: { extensions: 'tcl', interpreters: 'tclsh wish', ...HASH },
  dockerfile: {
    aliases: 'docker containerfile',
    extensions: 'dockerfile containerfile',
    names: 'dockerfile containerfile',
    variant: /^(docker|container)file[.-][\w-]+$/,
    ...HASH,
  },
  makefile: {
    aliases: 'make mk',
    extensions: 'mk mak make',
    names: 'makefile gnumakefile bsdmakefile kbuild',
    variant: /^(gnu)?makefile[.-][\w-]+$/,
    interpreters: 'make gmake',
    ...HASH,
    indented: true,
  },
  cmake: { extensions: 'cmake', names: 'cmakelists.txt', ...HASH },
  just: { extensions: 'just', names: 'justfile .justfile', interpreters: 'just', ...HASH, indented: true },
  nginx: { extensions: 'nginx', names: 'nginx.conf', ...HASH },
  ruby: {
    grammar: 'tree-sitter-ruby.wasm',
    aliases: 'rb',
    extensions: 'rb rake gemspec ru podspec jbuilder',
    names: 'gemfile rakefile guardfile vagrantfile podfile fastfile brewfile capfile dangerfile appfile thorfile',
    interpreters: 'ruby jruby rake',
    ...HASH,
  },
  crystal: { extensions: 'cr', interpreters: 'crystal', ...HASH },
  php: {
    grammar: 'tree-sitter-php.wasm',
    extensions: 'php phtml php5 php7',
    names: '.php_cs',
    interpreters: 'php',
    ...C_LIKE,
  },
  blade: { pattern: /\.blade\.php$/, ...TAGS },
  erb: { aliases: 'html.erb', extensions: 'erb rhtml', ...TAGS },
  kotlin: {
    grammar: 'tree-sitter-kotlin.wasm',
    aliases: 'kt',
    extensions: 'kt kts',
    interpreters: 'kotlin',
    ...C_LIKE,
  },
  swift: {
    grammar: 'tree-sitter-swift.wasm',
    extensions: 'swift',
    interpreters: 'swift',
    ...C_LIKE,
    empty: { statement: 'break', opens: /^\s*(case\b.*|(@unknown )?default\s*):\s*(\/\/.*)?$/ },
  },
  scala: {
    grammar: 'tree-sitter-scala.wasm',
    extensions: 'scala sc sbt',
    interpreters: 'scala amm',
    ...C_LIKE,
    empty: { statement: '()', opens: /(=>?|\b(then|else|do|try|finally|yield)|\w\)?:)\s*(\/\/.*)?$/ },
  },
  groovy: {
    aliases: 'gradle jenkinsfile',
    extensions: 'groovy gradle gvy',
    names: 'jenkinsfile',
    variant: /^jenkinsfile[.-][\w-]+$/,
    interpreters: 'groovy',
    ...C_LIKE,
  },
  dart: { grammar: 'tree-sitter-dart.wasm', extensions: 'dart', interpreters: 'dart', ...C_LIKE },
  'objective-c': { aliases: 'objc objectivec objective-cpp', extensions: 'm mm', ...C_LIKE },
  solidity: { extensions: 'sol', ...C_LIKE },
  verilog: { aliases: 'systemverilog', extensions: 'v sv svh vh', line: '//' },
  glsl: { aliases: 'hlsl wgsl shaderlab', extensions: 'glsl vert frag comp hlsl wgsl metal', ...C_LIKE },
  proto: { aliases: 'proto3 protobuf', extensions: 'proto', ...C_LIKE },
  thrift: { extensions: 'thrift', ...C_LIKE },
  prisma: { extensions: 'prisma', ...C_LIKE },
  zig: { grammar: 'tree-sitter-zig.wasm', extensions: 'zig zon', ...C_LIKE },
  d: { aliases: 'dlang', ...C_LIKE },
  terraform: {
    grammar: 'tree-sitter-hcl.wasm',
    aliases: 'hcl tf terraform-vars nomad',
    extensions: 'tf tfvars hcl nomad',
    names: '.terraformrc terraform.rc',
    ...HASH,
    braces: true,
  },
  graphql: { aliases: 'gql', extensions: 'graphql gql graphqls', ...HASH },
  lua: {
    grammar: 'tree-sitter-lua.wasm',
    extensions: 'lua rockspec',
    names: '.luacheckrc',
    interpreters: 'lua luajit',
    ...DASHES,
  },
  haskell: {
    grammar: 'tree-sitter-haskell.wasm',
    aliases: 'hs',
    extensions: 'hs',
    interpreters: 'runhaskell stack',
    ...DASHES,
    indented: true,
  },
  elm: { extensions: 'elm', ...DASHES, indented: true },
  purescript: { extensions: 'purs', ...DASHES, indented: true },
  sql: {
    aliases: 'mysql postgres postgresql pgsql plsql tsql sqlite mssql',
    extensions: 'sql pgsql ddl dml',
    ...DASHES,
    spaced: true,
  },
  ada: { extensions: 'adb ads', ...DASHES },
  vhdl: { extensions: 'vhd vhdl', ...DASHES },
  r: { grammar: 'tree-sitter-r.wasm', extensions: 'r', names: '.rprofile', interpreters: 'rscript', ...HASH },
  perl: { aliases: 'perl6 raku', extensions: 'pl pm t psgi', names: 'cpanfile', interpreters: 'perl', ...HASH },
  elixir: {
    grammar: 'tree-sitter-elixir.wasm',
    extensions: 'ex exs',
    interpreters: 'elixir',
    ...HASH,
    empty: { statement: 'nil', opens: /->\s*(#.*)?$/ },
  },
  erlang: { extensions: 'erl hrl', names: 'rebar.config', interpreters: 'escript', ...PERCENT },
  julia: { extensions: 'jl', interpreters: 'julia', ...HASH },
  nim: { extensions: 'nim nims nimble', ...HASH, indented: true },
  gdscript: { extensions: 'gd', ...HASH, indented: true },
  coffeescript: {
    aliases: 'coffee',
    extensions: 'coffee',
    names: 'cakefile',
    interpreters: 'coffee',
    ...HASH,
    indented: true,
  },
  nix: { extensions: 'nix', ...HASH },
  clojure: { extensions: 'clj cljs cljc edn', interpreters: 'bb clojure', ...SEMICOLON },
  lisp: {
    aliases: 'commonlisp elisp emacs-lisp scheme racket',
    extensions: 'lisp el scm rkt',
    names: '.emacs',
    interpreters: 'sbcl guile racket',
    ...SEMICOLON,
  },
  asm: { aliases: 'assembly nasm', extensions: 'asm', ...SEMICOLON },
  ocaml: { extensions: 'ml mli', block: ['(*', '*)'] },
  fsharp: { aliases: 'f# fs', extensions: 'fs fsi fsx', line: '//', indented: true },
  latex: { aliases: 'tex bibtex', extensions: 'tex sty cls', ...PERCENT },
  matlab: { aliases: 'octave', extensions: 'matlab', interpreters: 'octave', ...PERCENT },
  fortran: { aliases: 'fortran-modern fortran90', extensions: 'f90 f95 f03 f08', line: '!' },
  viml: { aliases: 'vim vimscript', extensions: 'vim', names: '.vimrc .gvimrc _vimrc', line: '"' },
  diff: { aliases: 'patch udiff gitdiff', extensions: 'diff patch', ...HASH, literal: true },
  plaintext: { aliases: 'text', extensions: 'txt', indented: true },
};

const words = (list: string | undefined): readonly string[] => list?.split(' ') ?? [];

/** The languages by one of their lists of words. */
function byWord(list: 'aliases' | 'extensions' | 'names' | 'interpreters'): ReadonlyMap<string, string> {
  return new Map(Object.entries(LANGUAGES).flatMap(([id, facts]) => words(facts[list]).map((word) => [word, id])));
}

const BY_ALIAS = byWord('aliases');
const BY_EXTENSION = byWord('extensions');
const BY_NAME = byWord('names');
const BY_INTERPRETER = byWord('interpreters');

/** The language whose pattern a file name matches. */
function byPattern(kind: 'pattern' | 'variant', name: string): string | undefined {
  return Object.entries(LANGUAGES).find(([, facts]) => facts[kind]?.test(name))?.[0];
}

/** `#!/usr/bin/env -S python3 -u`: the name without its version. */
const INTERPRETER = /^\ufeff?#![^\n\r]{0,200}?\/(?:env[ \t]+(?:-\S+[ \t]+)*)?([a-z][a-z-]*?)[\d.]*(?=\s|$)/;
/** How a diff, a mail with one, or a commit that git shows begins. */
const PATCH =
  /^\ufeff?(?:diff --(?:git|cc|combined) \S|--- [^\r\n]+\r?\n\+\+\+ |From [0-9a-f]{40} |commit [0-9a-f]{40}\b[^\r\n]*\r?\n(?:Merge|Author|tree)\b)/;
const LINE_UNITS = 300; // UTF-16 units of the first line that are read

/**
 * The language of a text: by its id, the file name, the first line, in this order.
 * @param path with slashes of either kind; a Windows path may stand on any machine
 * @param text tells the language of a script without an extension
 * @param id an editor's, or a short name: "dockercompose", "py", "C++"
 * @returns a VS Code language id; an id that nobody knows if nothing else tells the language; else 'plaintext'
 */
export function languageOf(path: string, text = '', id?: string): string {
  const known = id === undefined ? undefined : codeLanguage(id);
  if (known) return known;
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).toLowerCase();
  const byExtension = BY_EXTENSION.get(name.slice(name.lastIndexOf('.') + 1)); // a name without an ending is taken for one
  const byName =
    BY_NAME.get(name) ??
    byPattern('pattern', name) ??
    (name.includes('.') ? byExtension : undefined) ??
    byPattern('variant', name);
  if (byName) return byName;
  return byFirstLine(text) ?? byExtension ?? id ?? 'plaintext';
}

function byFirstLine(text: string): string | undefined {
  const head = text.slice(0, LINE_UNITS);
  if (/^\ufeff?<\?php\b/.test(head)) return 'php';
  if (/^\ufeff?<\?xml\b/.test(head)) return 'xml';
  if (/^\ufeff?<!doctype html\b/i.test(head)) return 'html';
  if (PATCH.test(head)) return 'diff';
  const interpreter = INTERPRETER.exec(head.toLowerCase())?.[1];
  return interpreter === undefined ? undefined : BY_INTERPRETER.get(interpreter);
}

/** Language id by an id or a short name, as behind a Markdown fence: "ts", "python", "bash"; undefined when unknown. */
export function codeLanguage(name: string): string | undefined {
  const id = name.toLowerCase();
  return ownValue(LANGUAGES, id) ? id : (BY_ALIAS.get(id) ?? BY_EXTENSION.get(id));
}

export function hasGrammar(languageId: string): boolean {
  return ownValue(LANGUAGES, languageId)?.grammar !== undefined;
}

export function emptyBlock(languageId: string): EmptyBlock | undefined {
  return ownValue(LANGUAGES, languageId)?.empty;
}

/** What stands for the statements of an empty block in a text. @throws TypeError if the language needs none */
export function placeholderIn(languageId: string, text: string): string {
  const { statement, older } = emptyBlock(languageId)!;
  return older?.sign.test(text) ? older.statement : statement;
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

/** Whether a blank line means something, so that it never goes with what stands above it. */
export function isLiteral(languageId: string): boolean {
  return ownValue(LANGUAGES, languageId)?.literal === true;
}

export function grammarFile(languageId: string): string | undefined {
  return ownValue(LANGUAGES, languageId)?.grammar;
}

/** A comment in the syntax of the language; undefined for one that has none, such as JSON. Unknown languages get a note in square brackets. */
export function commentIn(languageId: string, note: string): string | undefined {
  const facts = ownValue(LANGUAGES, languageId);
  if (facts?.silent) return undefined;
  if (facts?.line) return `${facts.line}${facts.spaced ? ' ' : ''}${note}`;
  if (facts?.block) return `${facts.block[0]}${note}${facts.block[1]}`;
  return `[${note}]`;
}
