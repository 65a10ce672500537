// Knows tags of HTML and its like: whether they pair, and where another language stands between them.
import type { Span } from '../core/span';

const TAGGED = new Set(['html', 'xml', 'vue', 'svelte']);
const TAG = /<(\/?)([a-zA-Z][\w:.-]*)((?:"[^"]*"|'[^']*'|[^'"<>])*)>/g;
const EMBEDDED = /<(script|style)\b([^>]*)>([^]*?)<\/\1\s*>/gi;
/** They stand alone, or what closes them may be left out. */
const ALONE = new Set(
  'area base br col embed hr img input link meta param source track wbr p li dt dd td th tr option'.split(' '),
);

export function isTagged(languageId: string): boolean {
  return TAGGED.has(languageId);
}

/** Half of a pair of tags, or of a tag, must not go alone. */
export function balancedTags(html: string): boolean {
  const open: string[] = [];
  const words = html.replace(/<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<[!?][^>]*>/g, '').replace(EMBEDDED, '');
  for (const [, closes, name, rest] of words.matchAll(TAG)) {
    const tag = name!.toLowerCase();
    if (rest!.endsWith('/') || ALONE.has(tag)) continue;
    if (!closes) open.push(tag);
    else if (open.pop() !== tag) return false;
  }
  return open.length === 0 && !/<[a-zA-Z/]|>/.test(words.replace(TAG, ''));
}

/** Whether a line begins a tag that it does not end. */
export function leavesTagOpen(line: string): boolean {
  return /<[a-zA-Z]/.test(line.replace(/<!--.*?-->/g, '').replace(TAG, ''));
}

export function endsTag(line: string): boolean {
  return line.replace(/"[^"]*"|'[^']*'/g, '').includes('>');
}

/** What stands in a script or a style, and in which language. */
export function embeddedIn(text: string): (Span & { readonly language: string })[] {
  return [...text.matchAll(EMBEDDED)].map((m) => {
    const start = m.index + m[0].indexOf('>') + 1;
    const language =
      m[1]!.toLowerCase() === 'style' ? 'css' : /\blang=['"]?tsx?\b/.test(m[2]!) ? 'typescript' : 'javascript';
    return { start, end: start + m[3]!.length, language };
  });
}
