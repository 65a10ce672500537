// Divides a text without a grammar into units, by the indentation of its lines.
import { append } from '../core/append';
import type { SourceText } from '../core/context';
import { firstIndexWhere } from '../core/search';
import { commentClass, type ClassSpan } from './classes';
import { controlsIn, expressionsIn, insertionsIn, withoutInsertions } from './controls';
import { ownValue } from '../core/ownValue';
import { commentUnit, runFrom, isDirective } from './comments';
import { closesStatement, lineTreeOf, type LineNode } from './lineTree';
import {
  PROTO_ALIASES,
  DECLARATIVE,
  VUE_ELSE,
  FILLED,
  VUE_OTHER_TEMPLATE,
  PROTO_LIST,
  ROOT,
  HTML_SKELETON,
  VUE_TRANSITION,
  TYPED_SCRIPT,
} from '../languages/blockRules';
import { blockComment, lineComment } from '../languages/languages';
import type { Lines } from '../core/lines';
import { References } from './references';
import { stretchesOf } from './stretches';
import { embeddedIn, isTagged, Tags } from './tags';
import { nested, unitOf, type Unit } from './unit';

const MODIFIERS =
  '(export|default|public|private|protected|internal|open|static|abstract|final|sealed|data|async|override|suspend|inline|local)\\s+';
/** A line that declares something: a comment directly above is about it. */
const DECLARES = new RegExp(
  `^\\s*(${MODIFIERS})*(def|class|module|interface|trait|struct|enum|protocol|extension|type|typealias|function|func|fun|object|namespace|const|defmodule|defp|sub|create|CREATE)\\b|^\\s*[\\w:-]+\\s*\\(\\)\\s*(?:\\{\\s*)?$|^\\s*@\\w`,
);
/** Languages in which a name of a definition must be found in the same text. */
const REFERRING = new Set(['yaml', 'dockerfile']);
const ELSE_UNITS = 4000; // UTF-16 units of a tag that tell whether it has a condition
const HEAD_UNITS = 200; // UTF-16 units of a unit that tell what it is

/** Where a unit begins behind the comment that is a part of it. */
const codeStart = ({ start, children: [first] }: Unit): number =>
  first?.comment && first.start === start ? first.end : start;

const continuesCondition = (tag: string): boolean => VUE_ELSE.test(tag.replace(/"[^"]*"|'[^']*'/g, ''));

/** Index of the last unit that is no comment; -1 if there is none. */
function lastElement(units: readonly Unit[]): number {
  let i = units.length - 1;
  while (i >= 0 && units[i]!.comment) i--;
  return i;
}

/**
 * Every line is a unit and contains the deeper lines below it. Comments, fenced blocks, block scalars and continued lines stay whole;
 * a closing line belongs to what it closes.
 * @returns the units, and the classes of the comments
 */
export function indentationUnits(source: SourceText, lines: Lines): { units: Unit[]; classified: ClassSpan[] } {
  const { text, languageId } = source;
  const read = { text, lines, languageId };
  const sign = lineComment(source.languageId);
  const [from, to] = blockComment(source.languageId) ?? [];
  const isTags = isTagged(languageId);
  const embedded = isTags ? embeddedIn(text) : [];
  const insertions = languageId === 'svelte' ? expressionsIn(text, embedded) : isTags ? insertionsIn(text) : [];
  const tags = isTags ? new Tags(withoutInsertions(text, insertions)) : undefined;
  const quoted = stretchesOf(text, source.languageId, lines, embedded, insertions);
  const { brackets } = quoted;
  const stretches = tags ? { ...quoted, inside: (at: number) => quoted.inside(at) || tags.isInside(at) } : quoted;
  const controls = controlsIn(text, languageId, lines);
  const languageAt = (start: number, end: number): string | undefined => {
    const around = embedded[firstIndexWhere(embedded, (e) => e.end >= end)];
    return around && around.start <= start ? around.language : undefined;
  };
  const references = REFERRING.has(languageId) ? new References(text, languageId) : undefined;
  const filled = ownValue(FILLED, languageId);
  const vue = languageId === 'vue';
  const components = vue || languageId === 'svelte';
  const declarative = DECLARATIVE.has(source.languageId);
  const classified: ClassSpan[] = [];
  const unitFor = (d: LineNode): Unit => {
    const words = text.slice(d.start, d.end);
    const language = languageAt(d.start, d.end);
    const whole =
      languageId === 'proto'
        ? PROTO_ALIASES.test(words) || PROTO_LIST.test(words)
        : vue && VUE_OTHER_TEMPLATE.test(words);
    const children = whole ? [] : unitsOf(d.children);
    // An empty mapping could not be merged where its alias stands.
    const head = { start: d.start, end: children[0]?.start ?? d.end };
    const needsOne = filled
      ? filled[0].test(text.slice(head.start, head.end))
      : languageId === 'yaml' && references?.isUsedOutside(head);
    const fills = (c: Unit): boolean =>
      !c.comment && !filled?.[1].test(text.slice(codeStart(c), Math.min(c.end, codeStart(c) + HEAD_UNITS)));
    let open = needsOne; // whether the block of the child has nothing yet; a line between two children begins another block
    children.forEach((c, i) => {
      if (needsOne && i > 0 && text.slice(children[i - 1]!.end, c.start).trim()) open = true;
      if (!open || !fills(c)) return;
      children[i] = { ...c, cuttable: false };
      open = false;
    });
    if (vue && VUE_TRANSITION.test(words)) children.forEach((c, i) => (children[i] = { ...c, cuttable: c.comment }));
    return unitOf(d, children, {
      cuttable:
        !d.stays &&
        d !== root &&
        !(tags && HTML_SKELETON.test(words)) &&
        !(components && TYPED_SCRIPT.test(words)) &&
        !references?.isUsedOutside(d) &&
        !closesStatement(words.slice(0, 200), language ?? languageId) &&
        controls.pairs.within(d.start, d.end) &&
        brackets.within(d.start, d.end) &&
        (!tags || language !== undefined || tags.pairWithin(d.start, d.end)),
      suite: d.suite,
      ...(language ? { language } : {}),
    });
  };
  /** Whether the text is a comment and nothing else. */
  const isComment = (words: string): boolean => {
    if (sign && words.startsWith(sign))
      return words.split(/[\r\n]+/).every((line) => line.trimStart().startsWith(sign));
    return (
      from !== undefined &&
      words.startsWith(from) &&
      words.length >= from.length + to!.length &&
      words.indexOf(to!, from.length) === words.length - to!.length
    );
  };
  /** Consecutive line comments become one unit; a comment directly above a declaration becomes a part of it. */
  const unitsOf = (nodes: readonly LineNode[]): Unit[] => {
    const out: Unit[] = [];
    const comments = nodes.map((d) => {
      const words = text.slice(d.start, d.end);
      return d.children.length === 0 && isComment(words.trim())
        ? { start: d.start + words.search(/\S/), end: d.start + words.trimEnd().length }
        : undefined;
    });
    const add = (unit: Unit, node: LineNode): void => {
      node.suite?.members.push(unit);
      const before = vue && continuesCondition(text.slice(node.start, node.start + ELSE_UNITS)) ? lastElement(out) : -1;
      if (before < 0) return void out.push(unit);
      const [first, ...between] = out.splice(before);
      const { start, cuttable } = first!;
      out.push(unitOf({ start, end: unit.end }, [...first!.children, ...between, unit], { cuttable }));
    };
    for (let i = 0; i < nodes.length;) {
      const node = nodes[i]!;
      if (!comments[i]) {
        add(unitFor(node), node);
        i++;
        continue;
      }
      const run = runFrom(read, comments, i).length;
      const parts = nodes.slice(i, (i += run));
      const whole = { start: node.start, end: parts.at(-1)!.end };
      classified.push({ ...whole, kind: commentClass(text, node.start, whole.end) });
      const comment: Unit = { ...commentUnit(read, whole, parts), suite: node.suite };
      const next = nodes[i];
      if (
        next &&
        !comments[i] &&
        next.start === whole.end &&
        next.indent === node.indent &&
        (declarative || DECLARES.test(text.slice(next.start, next.end))) &&
        !isDirective(read, whole.start, whole.end)
      ) {
        const unit = unitFor(next);
        add({ ...unit, start: whole.start, children: [{ ...comment, suite: undefined }, ...unit.children] }, next);
        i++;
      } else add(comment, node);
    }
    return out;
  };
  const roots = lineTreeOf(source, lines, languageAt, stretches, controls.roles);
  // Without its outermost element a text is no XML, and without a script and a template no component.
  const rootTag = ownValue(ROOT, languageId);
  const root = rootTag && roots.find((d) => rootTag.test(text.slice(d.start, d.start + HEAD_UNITS)));
  const inside = unitsOf(roots);
  // Scripts and styles whose lines are no deeper than their tags.
  const elements = embedded.flatMap(({ element }) => {
    const own = lines.own(element.start, element.end);
    const words = own && text.slice(own.start, own.end);
    const needed =
      !words || (components && TYPED_SCRIPT.test(words)) || (root && root.start >= own.start && root.start < own.end);
    return own ? [unitOf(own, [], { cuttable: !needed && controls.pairs.within(own.start, own.end) })] : [];
  });
  const units = elements.length ? nested(elements, inside) : inside;
  return { units: source.languageId === 'plaintext' ? paragraphs(text, units) : units, classified };
}

const LONG_LINE = 40; // UTF-16 units; shorter lines are entries of a list, not a paragraph with line breaks
const CODE = /[{};\\]\s*$/;

/** Consecutive lines without a blank line between them become one unit if they form running text; entries of a list stay apart. */
export function paragraphs(text: string, units: readonly Unit[]): Unit[] {
  const out: Unit[] = [];
  for (let i = 0; i < units.length;) {
    let next = i + 1;
    while (next < units.length && units[next]!.start === units[next - 1]!.end) next++;
    const run = units.slice(i, next);
    const span = { start: run[0]!.start, end: run.at(-1)!.end };
    if (isRunningText(text.slice(span.start, span.end))) out.push(unitOf(span));
    else append(out, run);
    i = next;
  }
  return out;
}

function isRunningText(words: string): boolean {
  const lines = words.trimEnd().split(/\r\n|\r|\n/);
  return (
    lines.length > 1 &&
    lines.slice(0, -1).every((line) => line.trim().length >= LONG_LINE && !CODE.test(line)) &&
    /[.!?:"')]\s*$/.test(lines.at(-1)!)
  );
}
