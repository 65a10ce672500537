// The table of signs: how a language without a grammar writes comments and strings, some of which span lines.
import { ownValue } from '../core/ownValue';
import { blockComment, lineComment } from './languages';

/** A string, or a comment between two signs. */
export interface Quote {
  readonly opens: string;
  readonly closes: string;
  /** Whether it may span lines; else an open one is none. */
  readonly lines?: true;
  /** Whether a backslash hides the sign behind it. */
  readonly escapes?: true;
  /** Whether the closing sign twice stands for itself. */
  readonly doubled?: true;
  readonly nests?: true;
  /** A comment reaches to the end of the text if it is not closed. */
  readonly comment?: true;
}

export interface Lexis {
  /** Signs of comments that end with the line. */
  readonly comments: readonly string[];
  /** Where such a comment may begin: anywhere, behind a blank, or as the first word of a line. */
  readonly commentsAt: 'anywhere' | 'blank' | 'line';
  readonly quotes: readonly Quote[];
  /** Whether a backslash hides the sign behind it outside strings. */
  readonly escapes?: true;
  /** Whether a quote may stand directly behind a word. */
  readonly glued?: true;
  /** Whether a string may only stand where a value begins. */
  readonly values?: true;
  /** The sign and word of a here-document; the word is the group `name`. */
  readonly heredoc?: RegExp;
  /** A word with the sign that begins its string; the string reaches to the same sign, or to the bracket that pairs. */
  readonly operators?: RegExp;
  /** Whether `$$` or `$word$` begins a string up to the same sign. */
  readonly dollars?: true;
  /** Lines that stay together: how the first and the last of them look. */
  readonly fences?: readonly (readonly [RegExp, RegExp])[];
}

const string = (sign: string): Quote => ({ opens: sign, closes: sign, escapes: true });
const long = (sign: string): Quote => ({ ...string(sign), lines: true });
const raw = (sign: string): Quote => ({ opens: sign, closes: sign, lines: true });
const between = (opens: string, closes: string): Quote => ({ opens, closes, lines: true });
const comment = (opens: string, closes: string): Quote => ({ opens, closes, lines: true, comment: true });
const nested = (opens: string, closes: string): Quote => ({ ...comment(opens, closes), nests: true });

const STRINGS = [string('"'), string("'")];
/** Lists of words behind a sign, in which nothing begins a comment. */
const wordLists = (...signs: readonly string[]): Quote[] =>
  signs.flatMap((sign) => ['[]', '()', '{}', '<>'].map((pair) => between(sign + pair[0]!, pair[1]!)));
const C_COMMENT = comment('/*', '*/');
const NESTED = nested('/*', '*/');
const MARKDOWN_FENCES = [
  [/^\s*```/, /^\s*```\s*$/],
  [/^\s*~~~/, /^\s*~~~\s*$/],
] as const;
/** Elements whose content is text: a comment in it would be shown. */
const TEXT_ELEMENTS = [between('<textarea', '</textarea>'), between('<title>', '</title>')];
const POD = [/^=[a-zA-Z]/, /^=cut\b/] as const;
/**
 * What begins a string of Perl: a word such as `q` with a sign of choice, or a slash where a value begins. A variable, a
 * method, a key of a hash and the name of a function are no such word.
 */
const PERL_OPERATORS = new RegExp(
  [
    String.raw`(?<![\w$@%*\\'-]|(?<!&)&|::|->\s{0,3}|\bsub\s{1,9})(?:q[qrwx]?|m|s|tr|y)(?:\s{0,20}[[{(]|[ \t]{0,9}[/"'<]|[!|~#@%^+?;]|:(?!:)|(?<!\{\w),)`,
    String.raw`(?<=[(,=~!&|{;]\s{0,3}|\b(?:split|if|unless|while|until|and|or|not|grep|return)\s{1,3})\/(?!\/)`,
  ].join('|'),
);
const REST = /(?!)/; // the last line is that of the text

const BY_LANGUAGE: Readonly<Record<string, Partial<Lexis>>> = {
  jsonc: { quotes: [C_COMMENT, string('"')] },
  javascript: { escapes: true, quotes: [C_COMMENT, long('`'), ...STRINGS] },
  typescript: { escapes: true, quotes: [C_COMMENT, long('`'), ...STRINGS] },
  python: { quotes: [long('"""'), long("'''"), ...STRINGS] },
  rust: { quotes: [NESTED, string('"')] },
  css: { comments: [], quotes: [C_COMMENT, ...STRINGS] },
  scss: { commentsAt: 'blank', quotes: [C_COMMENT, ...STRINGS] },
  less: { commentsAt: 'blank', quotes: [C_COMMENT, ...STRINGS] },
  stylus: { commentsAt: 'blank', quotes: [C_COMMENT, ...STRINGS] },
  html: {
    quotes: [
      ...TEXT_ELEMENTS,
      comment('<!--', '-->'),
      comment('{#', '#}'),
      comment('<?php', '?>'),
      between('<%', '%>'),
    ],
  },
  xml: { quotes: [comment('<!--', '-->'), between('<![CDATA[', ']]>')] },
  handlebars: { quotes: [...TEXT_ELEMENTS, comment('<!--', '-->'), comment('{{!--', '--}}')] },
  blade: {
    quotes: [...TEXT_ELEMENTS, comment('<!--', '-->'), comment('{{--', '--}}'), comment('<?php', '?>')],
    fences: [[/^\s*@php\s*$/, /^\s*@endphp\b/]],
  },
  astro: { fences: [[/^---\s*$/, /^---\s*$/]] },
  markdown: { fences: MARKDOWN_FENCES },
  plaintext: { quotes: [], fences: MARKDOWN_FENCES },
  yaml: {
    commentsAt: 'blank',
    values: true,
    quotes: [long('"'), { opens: "'", closes: "'", lines: true, doubled: true }],
  },
  toml: { quotes: [long('"""'), raw("'''"), string('"'), { opens: "'", closes: "'" }] },
  ini: { comments: [';', '#'], commentsAt: 'line' },
  properties: { comments: ['#', '!'], commentsAt: 'line' },
  shellscript: {
    commentsAt: 'blank',
    escapes: true,
    glued: true,
    quotes: [long('"'), raw("'")],
    heredoc: /(?<!<)<<-?[ \t]*(?:\\?(?=[A-Za-z_])|(?=['"]))(['"]?)(?<name>[A-Za-z_][\w.-]*)\1/y,
  },
  fish: { commentsAt: 'blank', escapes: true, quotes: [long('"'), long("'")] },
  powershell: {
    quotes: [comment('<#', '#>'), between('@"', '\n"@'), between("@'", "\n'@"), raw('"'), raw("'")],
  },
  bat: { comments: ['REM', 'rem', '::'], commentsAt: 'line' },
  awk: { commentsAt: 'blank', quotes: [string('"')] },
  // In a list `#` begins no comment.
  tcl: {
    commentsAt: 'line',
    escapes: true,
    quotes: [long('"')],
    fences: [[/^\s*(?:set|variable|array set|lappend|append|dict \w+|return|const|list)\b[^#]*\{\s*$/, /^\s*\}/]],
  },
  dockerfile: { commentsAt: 'line', quotes: [], heredoc: /<<-?(['"]?)(?<name>[A-Za-z_]\w*)\1/y },
  makefile: { comments: ['#'], quotes: [], escapes: true },
  cmake: { quotes: [comment('#[[', ']]'), long('"')] },
  ruby: {
    commentsAt: 'blank',
    escapes: true,
    quotes: [...wordLists('%w', '%i', '%W', '%I'), ...STRINGS],
    heredoc: /<<(?:[-~](?=["'`\w])|(?=["'`A-Z]))(["'`]?)(?<name>[A-Za-z_]\w*)\1/y,
    fences: [
      [/^=begin\b/, /^=end\b/],
      [/^__END__\s*$/, REST],
    ],
  },
  crystal: {
    commentsAt: 'blank',
    quotes: [...wordLists('%w', '%i'), ...STRINGS],
    heredoc: /<<-(['"]?)(?<name>[A-Za-z_]\w*)\1/y,
  },
  php: { comments: ['//', '#'], quotes: [C_COMMENT, ...STRINGS], heredoc: /<<<[ \t]*(['"]?)(?<name>[A-Za-z_]\w*)\1/y },
  kotlin: { quotes: [NESTED, raw('"""'), ...STRINGS] },
  swift: { quotes: [NESTED, long('"""'), string('"')] },
  scala: { quotes: [NESTED, raw('"""'), ...STRINGS] },
  groovy: { quotes: [C_COMMENT, long('"""'), long("'''"), ...STRINGS] },
  dart: { quotes: [NESTED, long('"""'), long("'''"), ...STRINGS] },
  proto: { quotes: [C_COMMENT, ...STRINGS] },
  zig: { quotes: STRINGS, fences: [[/^\s*(?:.*[=(,]\s*)?\\\\/, /^(?!\s*\\\\)/]] },
  terraform: { comments: ['#', '//'], quotes: [C_COMMENT, string('"')], heredoc: /<<[-~]?(?<name>[A-Za-z_]\w*)/y },
  graphql: { quotes: [long('"""'), string('"')] },
  lua: {
    quotes: [
      ...['', '=', '==', '==='].flatMap((level) => [
        comment(`--[${level}[`, `]${level}]`),
        between(`[${level}[`, `]${level}]`),
      ]),
      ...STRINGS,
    ],
  },
  haskell: { quotes: [nested('{-', '-}'), string('"')] },
  elm: { quotes: [nested('{-', '-}'), long('"""'), string('"')] },
  purescript: { quotes: [comment('{-', '-}'), raw('"""'), string('"')] },
  sql: {
    dollars: true,
    quotes: [
      C_COMMENT,
      { opens: "'", closes: "'", lines: true, doubled: true },
      { opens: '"', closes: '"', lines: true, doubled: true },
      raw('`'),
    ],
  },
  r: { quotes: [long('"'), long("'"), { opens: '`', closes: '`' }] },
  perl: {
    commentsAt: 'blank',
    escapes: true,
    operators: PERL_OPERATORS,
    quotes: STRINGS,
    heredoc: /<<~?(?=["'A-Z_])(["']?)(?<name>[A-Za-z_]\w*)\1/y,
    fences: [POD, [/^__(END|DATA)__\s*$/, REST]],
  },
  elixir: { quotes: [...wordLists('~w'), long('"""'), long("'''"), long('"'), string("'")] },
  erlang: { quotes: [long('"')] },
  julia: { quotes: [nested('#=', '=#'), long('"""'), long('"')] },
  nim: { quotes: [comment('#[', ']#'), raw('"""'), string('"')] },
  gdscript: { quotes: [long('"""'), ...STRINGS] },
  coffeescript: { quotes: [comment('###', '###'), long('"""'), long("'''"), long('"'), long("'")] },
  nix: { quotes: [C_COMMENT, between("''", "''"), long('"')] },
  latex: {
    quotes: [],
    escapes: true,
    fences: [
      [
        /^(?!.*\\end\{).*\\begin\{(?:verbatim|Verbatim|lstlisting|minted|comment)\*?\}/,
        /\\end\{(?:verbatim|Verbatim|lstlisting|minted|comment)\*?\}/,
      ],
    ],
  },
  clojure: { escapes: true, quotes: [long('"')] },
  lisp: { escapes: true, quotes: [comment('#|', '|#'), long('"')] },
  ocaml: { quotes: [nested('(*', '*)'), long('"')] },
  fsharp: { quotes: [comment('(*', '*)'), raw('"""'), long('"')] },
  matlab: { quotes: [] },
  viml: { commentsAt: 'line', quotes: [{ opens: "'", closes: "'" }] },
};

const known = new Map<string, Lexis>();

/** How a language writes comments and strings; of a language that the table does not know, only its comments. */
export function lexisOf(languageId: string): Lexis {
  let lexis = known.get(languageId);
  if (!lexis) {
    const line = lineComment(languageId);
    const block = blockComment(languageId);
    lexis = {
      comments: line ? [line] : [],
      commentsAt: 'anywhere',
      quotes: block ? [comment(...block), ...(line ? STRINGS : [])] : [],
      ...ownValue(BY_LANGUAGE, languageId),
    };
    known.set(languageId, lexis);
  }
  return lexis;
}
