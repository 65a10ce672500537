// Knows a text as units of lines: what belongs together by its indentation, where no grammar tells.
import type { SourceText } from '../core/context';
import { commentClass, type Paint } from './classes';
import { remarkUnit, runFrom, steers } from './comments';
import { closesSomething, draftsOf, type Draft } from './drafts';
import { blockComment, lineComment } from './languages';
import type { Lines } from '../core/lines';
import { paragraphs } from './prose';
import { balancedTags, embeddedIn, isTagged } from './tags';
import { unitOf, type Unit } from './unit';

const MODIFIERS =
  '(export|default|public|private|protected|internal|open|static|abstract|final|sealed|data|async|override|suspend|inline|local)\\s+';
/** A line that a comment directly above it is about. */
const DECLARES = new RegExp(
  `^\\s*(${MODIFIERS})*(def|class|module|interface|trait|struct|enum|protocol|extension|type|typealias|function|func|fun|object|namespace|const|defmodule|defp|sub|create|CREATE)\\b|^\\s*[\\w:-]+\\s*\\(\\)\\s*\\{?\\s*$|^\\s*@\\w`,
);
/** Languages that do nothing but declare. */
const LISTED = new Set(['yaml', 'toml', 'ini', 'css', 'scss', 'less', 'makefile']);

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
  const { text } = source;
  const sign = lineComment(source.languageId);
  const [from, to] = blockComment(source.languageId) ?? [];
  const tagged = isTagged(source.languageId);
  const embedded = tagged ? embeddedIn(text) : [];
  const languageAt = (start: number, end: number): string | undefined =>
    embedded.find((e) => start >= e.start && end <= e.end)?.language;
  const listed = LISTED.has(source.languageId);
  const painted: Paint[] = [];
  const finish = (d: Draft): Unit => {
    const words = text.slice(d.start, d.end);
    const language = languageAt(d.start, d.end);
    return unitOf(d, finished(d.children), {
      cuttable:
        !closesSomething(words.slice(0, 200)) &&
        balancedBrackets(words) &&
        (!tagged || language !== undefined || balancedTags(words)),
      suite: d.suite,
      ...(language ? { language } : {}),
    });
  };
  /** Whether it is a comment, and nothing but. */
  const isRemark = (words: string): boolean => {
    if (sign && words.startsWith(sign))
      return words.split(/[\r\n]+/).every((line) => line.trimStart().startsWith(sign));
    return (
      from !== undefined &&
      words.startsWith(from) &&
      words.length >= from.length + to!.length &&
      words.indexOf(to!, from.length) === words.length - to!.length
    );
  };
  /** Lines of comment that follow each other become one, and what one says above a declaration belongs to it. */
  const finished = (drafts: readonly Draft[]): Unit[] => {
    const out: Unit[] = [];
    const comments = drafts.map((d) => {
      const words = text.slice(d.start, d.end);
      return d.children.length === 0 && isRemark(words.trim())
        ? { start: d.start + words.search(/\S/), end: d.start + words.trimEnd().length }
        : undefined;
    });
    const add = (unit: Unit, draft: Draft): void => {
      draft.suite?.members.push(unit);
      out.push(unit);
    };
    for (let i = 0; i < drafts.length;) {
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
      if (
        next &&
        !comments[i] &&
        next.start === whole.end &&
        next.indent === draft.indent &&
        (listed || DECLARES.test(text.slice(next.start, next.end))) &&
        !steers(text, lines, whole.start, whole.end)
      ) {
        const unit = finish(next);
        add({ ...unit, start: whole.start, children: [{ ...remark, suite: undefined }, ...unit.children] }, next);
        i++;
      } else add(remark, draft);
    }
    return out;
  };
  const units = finished(draftsOf(source, lines, languageAt));
  return { units: source.languageId === 'plaintext' ? paragraphs(text, units) : units, painted };
}
