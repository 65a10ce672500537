// The table of what languages allow and their grammars cannot read: what the grammar is given instead, of the same length.
import { ownValue } from '../core/ownValue';

interface Unread {
  readonly pattern: RegExp;
  /** Of the same length, with the same line breaks, unless the grammar reads one as a blank. */
  readonly instead: (match: string) => string;
}

const blank = (words: string): string => words.replace(/[^\r\n]/g, ' ');
const padded =
  (words: string) =>
  (match: string): string =>
    words.padEnd(match.length);
const ATTRIBUTE_OF_JSX: Unread = {
  pattern: /="[^"&\n<>{}]*&[^"\n<>{}]*"/g,
  instead: (value) => value.replaceAll('&', '_'),
};
const ECMASCRIPT: readonly Unread[] = [
  ATTRIBUTE_OF_JSX,
  {
    pattern: /(?<=\bfor \(|\bfor\()(?:await )?using(?= [\w$]{1,80} of\b)/g,
    instead: (words) => words.replace(/.*(?=.{5}$)/, blank).replace('using', 'const'),
  },
  { pattern: /(?<=\bfrom (?:"[^"\n]{0,300}"|'[^'\n]{0,300}')) with \{[^{}\n]{0,300}\}/g, instead: blank },
  {
    pattern:
      /(?<=^[ \t]{1,40}(?:(?:public|private|protected|static|readonly|override) ){0,3})accessor(?=[?!]?(?:;|:| =|=|$))/gm,
    instead: () => 'accessoR',
  },
];

const BY_LANGUAGE: Readonly<Record<string, readonly Unread[]>> = {
  typescript: ECMASCRIPT,
  typescriptreact: ECMASCRIPT,
  javascript: ECMASCRIPT,
  javascriptreact: ECMASCRIPT,
  shellscript: [{ pattern: /^[ \t]*for [A-Za-z_]\w* do$/gm, instead: (head) => head.replace(/ do$/, ';do') }],
  c: [
    {
      pattern: /(?<=\bva_arg\s?\([^(),;]{1,80},)[^(),;]{1,80}\*\s?(?=\))/g,
      instead: (type) => '_'.repeat(type.length),
    },
    { pattern: /\b_Thread_local\b/g, instead: padded('const') },
    { pattern: /(?<=\benum\s(?:\w{1,80}\s?)?): ?[\w ]{1,60}(?=\s?\{)/g, instead: blank },
    { pattern: /(?<=^[ \t]{0,40}(?:\w{1,80}|case [\w' ]{1,80}) ?:)\s(?=\s{0,80}\})/gm, instead: () => ';' },
  ],
  cpp: [
    // A declaration in its place can go, too.
    {
      pattern: /^(?:extern )?template (?!<)[^;{}]{1,400};/gm,
      instead: (words) => `int ${words.slice(4, -1).replace(/[^\r\n]/g, '_')};`,
    },
    { pattern: /(?<=[?:] )throw(?= )/g, instead: () => '!!!!!' },
    { pattern: /(?<=\bif )!?consteval(?=\s?\{)/g, instead: (words) => `(${'c'.repeat(words.length - 2)})` },
  ],
  csharp: [
    { pattern: /\bparams(?=\s[\w.]{1,80}<)/g, instead: blank },
    { pattern: /\?(?=\.\w{1,80}(?:\.\w{1,80}){0,5}\s?[-+*/|&^?]{0,2}=[^=>])/g, instead: () => ' ' },
  ],
  java: [{ pattern: /(?<=^import )module (?=[\w.]{1,200};)/gm, instead: blank }],
  go: [
    { pattern: /\bnew(?=\((?:[-\d"'`&!]|[\w.]{1,80}\())/g, instead: () => 'neW' },
    { pattern: /(?<=^func \([^()\n]{1,200}\) \w{1,80})\[[^[\]\n]{1,200}\](?=\()/gm, instead: blank },
  ],
  rust: [{ pattern: /\bsafe(?= (?:fn|static)\b)/g, instead: blank }],
  python: [
    {
      pattern: /(?<=^[ \t]{0,80}(?:async )?(?:def|class|type) \w{1,80}\[)[^[\]\n]{1,200}(?=\])/gm,
      instead: (parameters) => parameters.replace(/=[^,]*/g, blank),
    },
    { pattern: /\\N\{[A-Za-z0-9 -]{1,80}\}/g, instead: (name) => '_'.repeat(name.length) },
  ],
  kotlin: [
    // A class body behind `by x` is read as a block that `x` is given, `in a ->` as a part of the branch before it.
    {
      pattern:
        /(?<=^[\w ]{0,40}\b(?:class|object)\b[^\n]{0,200}) by [\w.]{1,80}(?= \{$)|(?<=^[ \t]{0,40})!?in (?=[^\n]{0,200}->)|(?<=^[ \t]{0,40})!?is (?=[\w., ]{0,200}->)/gm,
      instead: (words) => (words.startsWith(' by ') ? `<${'x'.repeat(words.length - 2)}>` : blank(words)),
    },
  ],
};

/** A text as the grammar of its language can read it, of the same length. */
export function readable(text: string, languageId: string): string {
  const all = ownValue(BY_LANGUAGE, languageId) ?? [];
  return all.reduce((read, { pattern, instead }) => read.replace(pattern, instead), text);
}
