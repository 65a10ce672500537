// The table of comments and lines that are code: for a compiler, a linter, a scheduler, a generator. They stay whatever their score.
import { ownValue } from '../core/ownValue';
import type { Lines } from '../core/lines';
import { unionSpans, type Span } from '../core/span';

/** Lines that are no mere comment, and who reads them. */
interface Directive {
  readonly line: RegExp; // of the line without its line break
  readonly source: string; // where its form is defined
  readonly first?: true; // on the first line only
}

const GENERAL: readonly Directive[] = [
  { line: /^\s*['"]use (strict|client|server)['"];?\s*$/, source: 'ECMAScript, React' },
  { line: /^\s*#!\[/, source: 'Rust reference: inner attributes' },
  { line: /^\s*#\s*pragma\b/, source: 'C and C# standards: pragmas' },
  { line: /^\s*#nullable\b/, source: 'C# reference: nullable context' },
  { line: /^\s*package [\w.]+;?\s*$/, source: 'Go, Java, Kotlin, protobuf: package clause' },
  { line: /^\s*namespace [\w.]+;\s*$/, source: 'C# and PHP: file-scoped namespace' },
  { line: /^\s*@charset\b/, source: 'CSS Syntax: charset rule' },
  {
    line: /^(#!|<\?(php|xml)\b|<!doctype\b|%YAML\b|---\s*$)/i,
    source: 'exec(2), PHP, XML, HTML, YAML: first line',
    first: true,
  },
];

const ECMASCRIPT: readonly Directive[] = [
  { line: /^\s*\/\/ ?@ts-(nocheck|check)\b/, source: 'TypeScript handbook: type checking JavaScript files' },
  {
    line: /^\s*\/\/\/\s*<(reference|amd-module|amd-dependency)\b/,
    source: 'TypeScript handbook: triple-slash directives',
  },
  {
    line: /^\s*(\/\*+|\*|\/\/)\s*@(jsx|jsxFrag|jsxImportSource|jsxRuntime)\b/,
    source: 'TypeScript and Babel: JSX pragmas',
  },
  { line: /^\s*(\/\*+|\*|\/\/)\s*@(flow|noflow)\b/, source: 'Flow: file header' },
  { line: /^\s*(\/\*+|\*|\/\/)\s*@(jest|vitest)-environment\b/, source: 'Jest, Vitest: test environment of a file' },
  {
    line: /^\s*\/\*\s*(global|globals|eslint-env|eslint-disable|eslint-enable|eslint)\b/,
    source: 'ESLint: configuration comments',
  },
];
const C_FAMILY: readonly Directive[] = [
  { line: /^\s*\/\/ clang-format (off|on)\b/, source: 'clang-format: disabling formatting' },
  { line: /^\s*\/\/ IWYU pragma:/, source: 'include-what-you-use: pragmas' },
];

const BY_LANGUAGE: Readonly<Record<string, readonly Directive[]>> = {
  typescript: ECMASCRIPT,
  typescriptreact: ECMASCRIPT,
  javascript: ECMASCRIPT,
  javascriptreact: ECMASCRIPT,
  vue: ECMASCRIPT,
  svelte: ECMASCRIPT,
  python: [
    { line: /^\s*from __future__ import /, source: 'Python reference: future statements' },
    {
      line: /^#\s*(mypy|pyright|cython|distutils|isort|ruff|flake8|pylint|fmt|yapf):/,
      source: 'the manuals of these tools: comments of a file',
    },
    { line: /^#\s*type: ignore\b/, source: 'PEP 484: a file without type checks' },
  ],
  go: [
    { line: /^\s*\/\/go:\w/, source: 'Go command: build constraints, directives' },
    { line: /^\s*\/\/ \+build\b/, source: 'Go command: build constraints before 1.17' },
    { line: /^\/\/(export|line)\s/, source: 'cgo: exported functions; compiler: line directives' },
    { line: /^import\s+"C"\s*$/, source: 'cgo: pseudo-package' },
  ],
  c: C_FAMILY,
  cpp: C_FAMILY,
  csharp: [{ line: /^#(:|r\b|load\b)/, source: '.NET: file-based apps, C# scripts' }],
  java: [
    {
      line: /^\/\/(\/usr\/bin\/env|DEPS|JAVA|SOURCES|FILES|REPOS|JAVAC_OPTIONS|RUNTIME_OPTIONS)\b/,
      source: 'JBang: comments of a script',
    },
  ],
  kotlin: [{ line: /^@file:/, source: 'Kotlin: annotations of a file' }],
  swift: [
    { line: /^\/\/ ?swift-tools-version:/, source: 'Swift Package Manager: tools version' },
    { line: /^\s*(willSet|didSet)\b/, source: 'Swift reference: property observers; an empty block would be a getter' },
  ],
  scala: [{ line: /^\s*this\(/, source: 'Scala: a constructor begins with the call of another one' }],
  solidity: [{ line: /^\s*(pragma\s|\/\/ SPDX-License-Identifier:)/, source: 'Solidity: layout of a source file' }],
  proto: [{ line: /^\s*(syntax|edition)\s*=/, source: 'Protocol Buffers: first statement' }],
  shellscript: [
    { line: /^#(SBATCH|PBS|BSUB|COBALT|FLUX:)\b/, source: 'Slurm, PBS, LSF, Cobalt, Flux: job scripts' },
    { line: /^#\$ -/, source: 'Grid Engine: qsub' },
    { line: /^\s*# ?shellcheck \w+=/, source: 'ShellCheck: directives' },
  ],
  powershell: [{ line: /^\s*#requires\b/i, source: 'PowerShell: about_Requires' }],
  ruby: [
    {
      line: /^#\s*(-\*-\s*)?(frozen[_-]string[_-]literal|encoding|coding|warn[_-]indent|shareable[_-]constant[_-]value)\s*:/i,
      source: 'Ruby: magic comments',
    },
    { line: /^#\s*(typed|rbs_inline):/, source: 'Sorbet, RBS: strictness of a file' },
  ],
  php: [{ line: /^\s*declare\s*\(\s*strict_types\s*=/, source: 'PHP: declare' }],
  sql: [
    { line: /^\s*--\s*(name|param|arg):/i, source: 'sqlc, aiosql: annotations of a query' },
    { line: /^\s*--\s*:(name|snip|doc|result|command|require)\b/, source: 'HugSQL: annotations of a query' },
    { line: /^\s*--\s*\+(goose|migrate|micrate)\b/, source: 'goose, sql-migrate, micrate: sections of a migration' },
    { line: /^\s*--\s*migrate:(up|down)\b/, source: 'dbmate: sections of a migration' },
    {
      line: /^\s*--\s*(liquibase formatted sql|changeset\s|rollback\b|preconditions?\b|precondition-)/,
      source: 'Liquibase: formatted SQL',
    },
    { line: /^\s*(\/\*!|\/\*\+|delimiter\s)/i, source: 'MySQL: version comments, optimizer hints, delimiters' },
    { line: /^\s*\\\w/, source: 'psql: meta-commands' },
  ],
  dockerfile: [{ line: /^#\s*(syntax|escape|check)\s*=/, source: 'Dockerfile reference: parser directives' }],
  yaml: [
    { line: /^#\s*(yaml-language-server|yamllint)\b/, source: 'YAML language server, yamllint: comments of a file' },
    { line: /^#cloud-(config|boothook)/, source: 'cloud-init: user data', first: true },
    { line: /^%(YAML|TAG)\b/, source: 'YAML: directives' },
  ],
  haskell: [{ line: /^\s*\{-#\s*(LANGUAGE|OPTIONS)/, source: 'GHC: file-header pragmas' }],
  lua: [{ line: /^(--!\w|---@meta\b)/, source: 'Luau: modes; LuaLS: definition files' }],
  perl: [
    {
      line: /^\s*use (v?\d|feature\b|experimental\b|utf8\b|Mojo::Base\b|Modern::Perl\b)/,
      source: 'Perl: pragmas that change how the rest is read',
    },
  ],
  graphql: [{ line: /^#\s*import\s/, source: 'graphql-import: imports' }],
  r: [{ line: /^\s*#'\s*@(export|import|useDynLib|method|include)/, source: 'roxygen2: lines of NAMESPACE' }],
  fsharp: [{ line: /^#(r|load|i|nowarn)\b/, source: 'F# reference: compiler directives' }],
  groovy: [
    { line: /^\s*@(Grab|GrabConfig|GrabResolver|Library)\b/, source: 'Groovy: Grape; Jenkins: shared libraries' },
  ],
  latex: [{ line: /^%\s*!\s*(TeX|BIB)\b/i, source: 'TeXShop: magic comments' }],
  fortran: [{ line: /^\s*!(\$|dir\$|dec\$|gcc\$)/i, source: 'OpenMP, OpenACC, compilers: directives' }],
  verilog: [
    { line: /^\s*\/\/\s*(synopsys|synthesis|verilator|pragma)\s/, source: 'synthesis tools, Verilator: pragmas' },
  ],
  gdscript: [{ line: /^@(tool|icon|static_unload)\b/, source: 'Godot: annotations of a script' }],
};

const ENCODING = /^[ \t\f]*#.*?coding[:=]/; // Python looks for it in the first two lines
const LONGEST = 400; // UTF-16 units; a longer line is no directive

/**
 * Whether a line must stay: a pragma, a shebang, a package or encoding line, a directive of the language.
 * @param line without its line break and byte order mark
 * @param index of the line in its text, from 0
 */
export function isProtectedLine(line: string, index: number, languageId: string): boolean {
  if (line.length >= LONGEST) return false;
  const matches = (d: Directive): boolean => (!d.first || index === 0) && d.line.test(line);
  return (
    GENERAL.some(matches) ||
    (index < 2 && ENCODING.test(line)) ||
    (ownValue(BY_LANGUAGE, languageId)?.some(matches) ?? false)
  );
}

/** Comments of several lines that are code: how the line looks that makes them one, and which lines around it belong to it. */
interface DirectiveBlock {
  readonly line: RegExp;
  readonly source: string;
  readonly reach: 'commentAbove' | 'commentBelow';
}

const BLOCKS: Readonly<Record<string, readonly DirectiveBlock[]>> = {
  go: [
    { line: /^import\s+"C"/, source: 'cgo: the comment above is compiled', reach: 'commentAbove' },
    { line: /^\s*\/\/\s*(unordered )?output:/i, source: 'Go testing: what an example prints', reach: 'commentBelow' },
  ],
  python: [{ line: /^# \/\/\/ [\w-]+$/, source: 'PEP 723: inline script metadata', reach: 'commentBelow' }],
};

/** The spans of a text that stay whatever their score: whole lines, in text order. */
export function protectedSpans(text: string, lines: Lines, languageId: string): Span[] {
  if (languageId === 'diff') return []; // its lines are those of other files
  const blocks = ownValue(BLOCKS, languageId) ?? [];
  const found: Span[] = [];
  const comment = new CommentAbove();
  let below: string | undefined; // sign of the line comments that continue a block
  lines.all().forEach((span, i) => {
    const words = text
      .slice(span.start, Math.min(span.end, span.start + LONGEST + 2))
      .replace(/^\ufeff/, '')
      .trimEnd();
    const sign = /^\s*(\/\/|#)/.exec(words)?.[1];
    if (sign === undefined || sign !== below) below = undefined;
    if (below !== undefined || isProtectedLine(words, i, languageId)) found.push(span);
    for (const { line, reach } of blocks) {
      if (!line.test(words)) continue;
      if (reach === 'commentBelow') below = sign;
      const start = reach === 'commentAbove' ? comment.start : undefined;
      found.push({ start: start ?? span.start, end: span.end });
    }
    comment.read(span, words);
  });
  return blocks.length ? unionSpans(found) : found;
}

/** The comment that ends directly above a line: consecutive line comments, or a block. */
class CommentAbove {
  start: number | undefined;
  private opened: number | undefined; // where the last block comment began

  read({ start }: Span, words: string): void {
    if (words.includes('/*')) this.opened = start;
    if (words.endsWith('*/')) this.start = this.opened;
    else if (words.trimStart().startsWith('//')) this.start ??= start;
    else this.start = undefined;
  }
}
