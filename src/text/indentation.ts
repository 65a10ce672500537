// Knows a text as a tree of lines: what belongs together by its indentation, where no grammar tells.
import type { SourceText } from '../core/context';
import type { Span } from '../core/span';
import { commentClass, type Paint } from './classes';
import { remarkUnit, runFrom, steers } from './comments';
import { blockComment, emptyBlock, hasBraces, lineComment } from './languages';
import type { Lines } from './lines';
import { paragraphs } from './prose';
import { balancedTags, embeddedIn, endsTag, isTagged, leavesTagOpen } from './tags';
import { unitOf, type Suite, type Unit } from './unit';

const LONG_LINE = 2000; // UTF-16 units: nobody wrote it, and expressions over it are slow
const MAX_DEPTH = 300; // deeper text is left whole rather than risk the stack

/** What opens a stretch that stays whole, and what closes it; the same line may do both. */
const STRETCHES: readonly (readonly [RegExp, RegExp])[] = [
  [/^\s*```/, /^\s*```\s*$/],
  [/^\s*~~~/, /^\s*~~~\s*$/],
  [/<!--/, /-->/],
  [/^[^'"]*\/\*/, /\*\//],
  [/"""/, /"""/],
  [/'''/, /'''/],
];
/** Belongs to what the line before it at its own depth began. */
const CLOSES = /^\s*([)\]}]|\{\s*$|<\/|\/>|(end|fi|done|esac|else|elif|elsif|elseif|rescue|ensure|except|catch|finally|then|do|until|when|default|EOF|EOT)\b|;[;&])/;
const ENDS_BRANCH = /^\s*;[;&]/;
const BRANCH = /\)\s*(#.*)?$/; // its pattern
const HANGS = /(,|&&|\|\||[=+])\s*$/; // deeper lines are the rest of it, where no brace opens a block
const CONTINUES = /^\s*(\.\w+\s*[(?!;]|\?\.|\??->|&&|\|\||=>|[?:+] )/; // where blocks have braces
const LEADS = /^\s*(@[\w.]+(\(.*\))?|#?\[\w.*\])\s*$/; // an attribute belongs to what follows
const OPENS = /[{[:]\s*(\|[^|\n]*\||[^{}\n]*(->|\bin))?\s*$/; // a block, perhaps with its parameters

const MODIFIERS = '(export|default|public|private|protected|internal|open|static|abstract|final|sealed|data|async|override|suspend|inline|local)\\s+';
/** A line that a comment directly above it is about. */
const DECLARES = new RegExp(`^\\s*(${MODIFIERS})*(def|class|module|interface|trait|struct|enum|protocol|extension|type|typealias|function|func|fun|object|namespace|const|defmodule|defp|sub|create|CREATE)\\b|^\\s*[\\w:-]+\\s*\\(\\)\\s*\\{?\\s*$|^\\s*@\\w`);
/** Languages that do nothing but declare. */
const LISTED = new Set(['yaml', 'toml', 'ini', 'css', 'scss', 'less', 'makefile']);

/** Languages in which a list of lines in front of a block is its head. */
const SELECTORS = new Set(['css', 'scss', 'less']);

const HEREDOC: Readonly<Record<string, RegExp>> = {
  shellscript: /<<-?\s*(['"]?)([A-Za-z_]\w*)\1/,
  ruby: /<<[-~]?(['"]?)([A-Z_]\w*)\1/,
  perl: /<<~?(['"]?)([A-Z_]\w*)\1/,
  php: /<<<(['"]?)([A-Za-z_]\w*)\1/,
};

/** Tells the last line of a stretch that begins in this one and must stay whole. */
function stretchFrom(words: string, languageId: string): ((line: string) => boolean) | undefined {
  for (const [opens, closes] of STRETCHES) {
    const at = opens.exec(words);
    if (at && !closes.test(words.slice(at.index + at[0].length))) return (line) => closes.test(line);
  }
  const name = HEREDOC[languageId]?.exec(words)?.[2];
  if (name) return (line) => new RegExp(`^\\s*${name}\\b`).test(line);
  if (languageId !== 'shellscript') return undefined;
  const odd = (line: string): boolean => (line.replace(/\\.|'[^']*'/g, '').match(/"/g)?.length ?? 0) % 2 === 1;
  return odd(words.replace(/(^|\s)#.*/, '')) ? odd : undefined;
}

function firstLine(text: string, start: number): string {
  return /[^\r\n]*/.exec(text.slice(start, start + LONG_LINE))![0];
}

function opens(text: string): boolean {
  const lines = text.trimEnd();
  return OPENS.test(lines.slice(lines.lastIndexOf('\n') + 1).replace(/\s\/\/.*$/, ''));
}

/** A text whose brackets do not pair holds a part of something larger. Strings and prose count as well: only caution is lost. */
export function balancedBrackets(text: string): boolean {
  const open: string[] = [];
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) {
    const at = '([{'.indexOf(bracket);
    if (at >= 0) open.push(')]}'[at]!);
    else if (open.pop() !== bracket) return false;
  }
  return open.length === 0;
}

/**
 * Without a grammar: every line is a unit and owns the deeper-indented lines below it. Comments, fenced blocks, block
 * scalars, continued lines stay whole, and a line that closes something goes with what it closes.
 */
export function indentationUnits(source: SourceText, lines: Lines): { units: Unit[]; painted: Paint[] } {
  interface Draft extends Span {
    indent: number;
    children: Draft[];
    start: number;
    end: number;
    whole: boolean; // its inside is not ours to divide
    branch: Suite | undefined; // the block that its next child stands in
    suite: Suite | undefined; // the block that it stands in itself
  }
  const { text } = source;
  const block = emptyBlock(source.languageId);
  const sign = lineComment(source.languageId);
  const [from, to] = blockComment(source.languageId) ?? [];
  const selectors = SELECTORS.has(source.languageId);
  const tagged = isTagged(source.languageId);
  const embedded = tagged ? embeddedIn(text) : [];
  const languageAt = (start: number, end: number): string | undefined => embedded.find((e) => start >= e.start && end <= e.end)?.language;
  const listed = LISTED.has(source.languageId);
  const painted: Paint[] = [];
  let before = ''; // the line above
  const yaml = source.languageId === 'yaml';
  const braces = hasBraces(source.languageId);
  let leading = false;
  const roots: Draft[] = [];
  const open: Draft[] = [];
  let until: ((line: string) => boolean) | undefined;
  let continued = false;
  const extend = (end: number): void => {
    for (const d of open) d.end = end;
  };
  const stretch = (words: string, start: number, end: number): ((line: string) => boolean) | undefined => {
    if (words.length >= LONG_LINE) return undefined;
    return tagged && leavesTagOpen(words) && !languageAt(start, end) ? endsTag : stretchFrom(words, source.languageId);
  };
  for (const line of lines.all()) {
    const start = line.start === 0 && text.startsWith('\ufeff') ? 1 : line.start;
    const { end } = line;
    const words = text.slice(start, end);
    if (until || continued) {
      extend(end);
      if (!until) until = stretch(words, start, end); // a string may begin in any of the lines
      else if (until(words)) until = undefined;
      continued = !until && /\\\r?\n?$/.test(words);
      before = words;
      continue;
    }
    if (!words.trim()) continue;
    // A list may stand at the depth of the key that it belongs to.
    const indent = words.search(/\S/) * 2 + (yaml && /^\s*- /.test(words) ? 1 : 0);
    while (open.length && open.at(-1)!.indent > indent) open.pop();
    const above = open.at(-1);
    // What ends a branch stays with the branch, not with its last statement.
    const ends = ENDS_BRANCH.test(words) && above !== undefined && !BRANCH.test(firstLine(text, above.start));
    const closing = (CLOSES.test(words) && !ends) || (braces && (leading || CONTINUES.test(words))) || ((selectors || languageAt(start, end) === 'css') && /,\s*$/.test(before));
    leading = braces && LEADS.test(words);
    while (open.length && open.at(-1)!.indent === indent && !closing) open.pop();
    const parent = open.at(-1);
    // Before its first block opens, deeper lines are the rest of a statement's head.
    const head = parent && braces && parent.indent < indent && !parent.children.length && !opens(text.slice(parent.start, start));
    const same = closing && parent?.indent === indent;
    if (parent && same) parent.branch = undefined;
    if (parent && (parent.whole || head || same)) extend(end);
    else {
      const whole = yaml ? /[|>][-+\d]*\s*(#.*)?$/.test(words) : !braces && HANGS.test(words);
      if (parent && !parent.branch && block?.opens.test(before.trimEnd())) parent.branch = { members: [] };
      const draft: Draft = { start, end, indent, children: [], whole, branch: undefined, suite: parent?.branch };
      if (open.length < MAX_DEPTH) {
        (parent?.children ?? roots).push(draft);
        extend(end);
        open.push(draft);
      } else extend(end);
    }
    before = words;
    continued = /\\\r?\n?$/.test(words);
    until = stretch(words, start, end);
  }
  const finish = (d: Draft): Unit => {
    const words = text.slice(d.start, d.end);
    const language = languageAt(d.start, d.end);
    return unitOf(d, finished(d.children), {
      cuttable: !CLOSES.test(words.slice(0, 200)) && balancedBrackets(words) && (!tagged || language !== undefined || balancedTags(words)),
      suite: d.suite,
      ...(language ? { language } : {}),
    });
  };
  /** Whether it is a comment, and nothing but. */
  const isRemark = (words: string): boolean => {
    if (sign && words.startsWith(sign)) return words.split(/[\r\n]+/).every((line) => line.trimStart().startsWith(sign));
    return from !== undefined && words.startsWith(from) && words.length >= from.length + to!.length && words.indexOf(to!, from.length) === words.length - to!.length;
  };
  /** Lines of comment that follow each other become one, and what one says above a declaration belongs to it. */
  const finished = (drafts: readonly Draft[]): Unit[] => {
    const out: Unit[] = [];
    const comments = drafts.map((d) => {
      const words = text.slice(d.start, d.end);
      return d.children.length === 0 && isRemark(words.trim()) ? { start: d.start + words.search(/\S/), end: d.start + words.trimEnd().length } : undefined;
    });
    const add = (unit: Unit, draft: Draft): void => {
      draft.suite?.members.push(unit);
      out.push(unit);
    };
    for (let i = 0; i < drafts.length; ) {
      const draft = drafts[i]!;
      if (!comments[i]) {
        add(finish(draft), draft);
        i++;
        continue;
      }
      const run = runFrom(text, lines, comments, i).length;
      const parts = drafts.slice(i, (i += run));
      const whole = { start: draft.start, end: parts.at(-1)!.end };
      painted.push({ ...whole, kind: commentClass(text, draft.start, whole.end) });
      const remark: Unit = { ...remarkUnit(text, whole, parts, lines), suite: draft.suite };
      const next = drafts[i];
      if (next && !comments[i] && next.start === whole.end && next.indent === draft.indent && (listed || DECLARES.test(text.slice(next.start, next.end))) && !steers(text, lines, whole.start, whole.end)) {
        const unit = finish(next);
        add({ ...unit, start: whole.start, children: [{ ...remark, suite: undefined }, ...unit.children] }, next);
        i++;
      } else add(remark, draft);
    }
    return out;
  };
  const units = finished(roots);
  return { units: source.languageId === 'plaintext' ? paragraphs(text, units) : units, painted };
}
