// Reads the tags of HTML, XML, Vue, Svelte and templates: whether they pair, and where they enclose another language.
import { firstIndexWhere } from '../core/search';
import { isWithin, type Span } from '../core/span';
import { codeLanguage } from '../languages/languages';
import { Occurrences } from './occurrences';
import { Pairing } from './pairing';

const TAGGED = new Set(['html', 'xml', 'vue', 'svelte', 'astro', 'erb', 'blade', 'handlebars']);
const TAG_NAME = /<\/?[a-zA-Z][\w:.-]*/y;
/** Tags without a closing tag, or whose closing tag is optional. */
const UNPAIRED = new Set(
  'area base br col embed hr img input link meta param source track wbr p li dt dd td th tr option'.split(' '),
);
const DOCTYPE = /^<!doctype\b/i;
const DOCTYPE_UNITS = 12; // UTF-16 units
const LONGEST_ALONE = 10_000; // UTF-16 units of a part that is read by itself, because it begins or ends inside a comment or a tag

export function isTagged(languageId: string): boolean {
  return TAGGED.has(languageId);
}

/** The tags of a text, for questions about its parts. */
export class Tags {
  private readonly removed: readonly Span[]; // comments, declarations, scripts and styles
  private readonly declared: readonly Span[];
  private readonly before: readonly number[]; // units in front of each that are removed
  private readonly tags: readonly Tag[]; // their offsets, and those of the pairs, are of the text without `removed`
  private readonly pairs = new Pairing();

  constructor(private readonly text: string) {
    const declared = declarationsIn(text);
    this.declared = declared;
    const words = without(text, declared);
    const scripts = elementsIn(words);
    this.removed = joined(declared, scripts);
    let gone = 0;
    this.before = this.removed.map(({ start, end }) => (gone += end - start) - (end - start));
    const left = without(words, scripts);
    this.tags = tagsIn(left);
    const signs = [...this.tags.map((tag) => ({ at: tag.start, tag })), ...straySigns(left, this.tags)];
    for (const { at, tag } of signs.sort((a, b) => a.at - b.at)) {
      if (!tag) this.pairs.spoils(at);
      else if (tag.single) continue;
      else if (tag.closes) this.pairs.closes(at, tag.name);
      else this.pairs.opens(at, tag.name);
    }
  }

  /** Whether every tag in [start, end) is complete and pairs with another one there. A long part that begins or ends inside a tag has no pairs. */
  pairWithin(start: number, end: number): boolean {
    const from = this.reduced(start);
    const to = this.reduced(end);
    if (from !== undefined && to !== undefined) return this.pairs.within(from, to);
    return end - start <= LONGEST_ALONE && balancedTags(this.text.slice(start, end));
  }

  /** Whether `offset` lies inside a tag, also in a value over several lines. */
  isInside(offset: number): boolean {
    return isWithin(this.declared, offset) || (!isWithin(this.removed, offset) && this.reduced(offset) === undefined);
  }

  /** An offset of the text as one of the text without `removed`; undefined inside a tag or what was removed. */
  private reduced(offset: number): number | undefined {
    if (isWithin(this.removed, offset)) return undefined;
    const last = firstIndexWhere(this.removed, ({ end }) => end > offset) - 1;
    const gone = last < 0 ? 0 : this.before[last]! + this.removed[last]!.end - this.removed[last]!.start;
    const at = offset - gone;
    const tag = this.tags[firstIndexWhere(this.tags, ({ end }) => end > at)];
    return tag && tag.start < at ? undefined : at;
  }
}

/** Whether every tag in `html` is complete and pairs with another one in it. */
export function balancedTags(html: string): boolean {
  return new Tags(html).pairWithin(0, html.length);
}

/** Whether a line ends inside a tag that it begins. */
export function leavesTagOpen(line: string): boolean {
  if (!line.includes('<')) return false;
  const words = without(line, commentsIn(line));
  return /<[a-zA-Z]/.test(without(words, tagsIn(words)));
}

/** Whether a line ends the tag that a line before it began. */
export function endsTag(line: string): boolean {
  return line.replace(/"[^"]*"|'[^']*'/g, '').includes('>');
}

/** The content of a script or style element. */
export interface Embedded extends Span {
  readonly language: string;
  readonly element: Span;
}

/** Contents of the script and style elements outside comments, with their language ids. */
export function embeddedIn(text: string): Embedded[] {
  const out: Embedded[] = [];
  const marks = new Occurrences(text);
  let at = 0; // end of the last element or comment
  for (const { name, attributes, content, start, end } of elementsIn(text)) {
    for (let comment = marks.next('<!--', at); comment >= 0 && comment < start; comment = marks.next('<!--', at)) {
      const close = marks.next('-->', comment + 4);
      at = close < 0 ? start : close + 3;
    }
    if (start < at || name === 'textarea' || name === 'title') continue;
    out.push({ ...content, language: languageIn(name, attributes), element: { start, end } });
    at = end;
  }
  return out;
}

function languageIn(name: string, attributes: string): string {
  const value = (attribute: 'lang' | 'type'): string =>
    new RegExp(`(?:^|\\s)${attribute}\\s{0,9}=\\s{0,9}["']?([\\w./+-]{1,60})`, 'i')
      .exec(attributes)?.[1]
      ?.toLowerCase() ?? '';
  const lang = codeLanguage(value('lang'));
  if (lang) return lang;
  if (name === 'style') return 'css';
  if (name === 'i18n') return 'json'; // of Vue
  const type = value('type');
  if (/json|importmap|speculationrules/.test(type)) return 'json';
  if (/typescript/.test(type)) return 'typescript';
  return type === '' || /^module$|javascript|ecmascript|babel|jsx/.test(type) ? 'javascript' : 'html'; // a template
}

interface Tag extends Span {
  readonly name: string;
  readonly closes: boolean;
  /** Whether it pairs with no other tag. */
  readonly single: boolean;
}

function without(text: string, spans: readonly Span[]): string {
  if (!spans.length) return text;
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of spans) {
    parts.push(text.slice(at, start));
    at = end;
  }
  return parts.join('') + text.slice(at);
}

/** `inner`, whose offsets are of a text without `outer`, together with `outer` as spans of the whole text. */
function joined(outer: readonly Span[], inner: readonly Span[]): Span[] {
  const out: Span[] = [];
  let shift = 0;
  let next = 0;
  const lengthOf = ({ start, end }: Span): number => end - start;
  for (const { start, end } of inner) {
    for (; next < outer.length && outer[next]!.start - shift <= start; shift += lengthOf(outer[next++]!))
      out.push(outer[next]!);
    const from = start + shift;
    while (next < outer.length && outer[next]!.start - shift < end) shift += lengthOf(outer[next++]!);
    out.push({ start: from, end: end + shift });
  }
  return [...out, ...outer.slice(next)];
}

/** Comments that end on their line. */
function commentsIn(line: string): Span[] {
  const out: Span[] = [];
  const marks = new Occurrences(line);
  for (let start = line.indexOf('<!--'); start >= 0;) {
    const close = marks.next('-->', start + 4);
    if (close < 0) break;
    out.push({ start, end: close + 3 });
    start = line.indexOf('<!--', close + 3);
  }
  return out;
}

/** Comments, CDATA sections, declarations and processing instructions. */
function declarationsIn(text: string): Span[] {
  const out: Span[] = [];
  const marks = new Occurrences(text);
  const endOf = (start: number): number => {
    for (const [opens, closes] of [
      ['<!--', '-->'],
      ['<![CDATA[', ']]>'],
    ] as const) {
      if (!text.startsWith(opens, start)) continue;
      const close = marks.next(closes, start + opens.length);
      if (close >= 0) return close + closes.length;
    }
    const end = marks.next('>', start + 2) + 1;
    // Declarations inside a document type stand in brackets.
    const inner = DOCTYPE.test(text.slice(start, start + DOCTYPE_UNITS)) ? marks.next('[', start) : -1;
    if (inner < 0 || inner >= end) return end;
    const close = marks.next(']', inner);
    return close < 0 ? end : marks.next('>', close) + 1;
  };
  for (const { index: start } of text.matchAll(/<[!?]/g)) {
    if (start < (out.at(-1)?.end ?? 0)) continue;
    const end = endOf(start);
    if (end > 0) out.push({ start, end });
  }
  return out;
}

interface Element extends Span {
  readonly name: string;
  readonly attributes: string;
  readonly content: Span;
}

/** Elements whose content has no tags: complete ones. */
function elementsIn(text: string): Element[] {
  const out: Element[] = [];
  const marks = new Occurrences(text);
  const closing = [...text.matchAll(/<\/(script|style|i18n|textarea|title)\s*>/gi)].map((m) => ({
    name: m[1]!.toLowerCase(),
    start: m.index,
    end: m.index + m[0].length,
  }));
  const closings = new Map(
    ['script', 'style', 'i18n', 'textarea', 'title'].map((name) => [name, closing.filter((c) => c.name === name)]),
  );
  for (const m of text.matchAll(/<(script|style|i18n|textarea|title)(?![\w:.-])/gi)) {
    const start = m.index;
    if (start < (out.at(-1)?.end ?? 0)) continue;
    const name = m[1]!.toLowerCase();
    const opened = marks.next('>', start + m[0].length) + 1;
    const ends = closings.get(name)!;
    const end = opened ? ends[firstIndexWhere(ends, (c) => c.start >= opened)] : undefined;
    if (!end) continue;
    const attributes = text.slice(start + m[0].length, opened - 1);
    out.push({ name, attributes, content: { start: opened, end: end.start }, start, end: end.end });
  }
  return out;
}

/** Complete tags, in text order. A quoted value may contain any sign. */
function tagsIn(text: string): Tag[] {
  const out: Tag[] = [];
  const marks = new Occurrences(text);
  const failed = new Set<number>(); // offsets outside quotes from which no end of a tag was found
  for (let start = text.indexOf('<'); start >= 0;) {
    TAG_NAME.lastIndex = start;
    const name = TAG_NAME.exec(text)?.[0];
    const end = name === undefined ? undefined : endOfTag(text, start + name.length, failed);
    if (name !== undefined && end !== undefined) {
      const closes = name[1] === '/';
      const tag = name.slice(closes ? 2 : 1).toLowerCase();
      const single = UNPAIRED.has(tag) || (end - 2 >= start + name.length && text[end - 2] === '/');
      out.push({ start, end, name: tag, closes, single });
    }
    start = marks.next('<', end ?? start + 1);
  }
  return out;
}

const TAG_SIGN = /['"<>]/g;

/** The offset behind the `>` of a tag; undefined if it has none. Each offset is looked at once, however many tags fail there. */
function endOfTag(text: string, from: number, failed: Set<number>): number | undefined {
  const passed: number[] = [];
  TAG_SIGN.lastIndex = from;
  for (let sign = TAG_SIGN.exec(text); sign && sign[0] !== '<' && !failed.has(sign.index); sign = TAG_SIGN.exec(text)) {
    if (sign[0] === '>') return sign.index + 1;
    passed.push(sign.index);
    const close = text.indexOf(sign[0], sign.index + 1);
    if (close < 0) break;
    TAG_SIGN.lastIndex = close + 1;
  }
  for (const at of passed) failed.add(at);
  return undefined;
}

/** Signs that belong to no tag but look like the beginning or the end of one. */
function straySigns(text: string, tags: readonly Tag[]): { at: number; tag?: undefined }[] {
  const out: { at: number }[] = [];
  const words = without(text, tags);
  let next = 0;
  let shift = 0;
  for (const { index } of words.matchAll(/<(?=[a-zA-Z/])|>/g)) {
    for (; next < tags.length && tags[next]!.start - shift <= index; next++)
      shift += tags[next]!.end - tags[next]!.start;
    out.push({ at: index + shift });
  }
  return out;
}
