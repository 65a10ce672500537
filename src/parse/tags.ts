// Reads the tags of HTML, XML, Vue and Svelte: whether they pair, and where they enclose another language.
import type { Span } from '../core/span';

const TAGGED = new Set(['html', 'xml', 'vue', 'svelte']);
const TAG = /<(\/?)([a-zA-Z][\w:.-]*)((?:"[^"]*"|'[^']*'|[^'"<>])*)>/g;
const EMBEDDED = /<(script|style)\b([^>]*)>([^]*?)<\/\1\s*>/gi;
/** Tags without a closing tag, or whose closing tag is optional. */
const UNPAIRED = new Set(
  'area base br col embed hr img input link meta param source track wbr p li dt dd td th tr option'.split(' '),
);

export function isTagged(languageId: string): boolean {
  return TAGGED.has(languageId);
}

/** Whether every tag in `html` is complete and pairs with another one in it. */
export function balancedTags(html: string): boolean {
  const open: string[] = [];
  const words = html.replace(/<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<[!?][^>]*>/g, '').replace(EMBEDDED, '');
  for (const [, closes, name, rest] of words.matchAll(TAG)) {
    const tag = name!.toLowerCase();
    if (rest!.endsWith('/') || UNPAIRED.has(tag)) continue;
    if (!closes) open.push(tag);
    else if (open.pop() !== tag) return false;
  }
  return open.length === 0 && !/<[a-zA-Z/]|>/.test(words.replace(TAG, ''));
}

/** Whether a line ends inside a tag that it begins. */
export function leavesTagOpen(line: string): boolean {
  return /<[a-zA-Z]/.test(line.replace(/<!--.*?-->/g, '').replace(TAG, ''));
}

/** Whether a line ends the tag that a line before it began. */
export function endsTag(line: string): boolean {
  return line.replace(/"[^"]*"|'[^']*'/g, '').includes('>');
}

/** Contents of the script and style elements, with their language ids. */
export function embeddedIn(text: string): (Span & { readonly language: string })[] {
  return [...text.matchAll(EMBEDDED)].map((m) => {
    const start = m.index + m[0].indexOf('>') + 1;
    const language =
      m[1]!.toLowerCase() === 'style' ? 'css' : /\blang=['"]?tsx?\b/.test(m[2]!) ? 'typescript' : 'javascript';
    return { start, end: start + m[3]!.length, language };
  });
}
