// Finds what pairs whatever the indentation says: control tags of templates, conditions of make files, environments of LaTeX.
import type { Lines } from '../core/lines';
import type { Span } from '../core/span';
import { Occurrences } from './occurrences';
import { Pairing } from './pairing';
import { stringEnd } from './pieces';

interface Control {
  readonly at: number;
  readonly kind: 'opens' | 'closes' | 'divides';
  readonly name: string; // what the closing sign must match
}

/** What a line does for the lines below it: it opens a pair, closes the innermost one or divides it. */
export type LineRole = Pick<Control, 'kind'>;

export interface Controls {
  /** For questions whether a part holds both ends of each pair. */
  readonly pairs: Pairing;
  /** By number of the line, from 0. */
  readonly roles: ReadonlyMap<number, LineRole>;
}

/** Control words by their place: `sign` finds them, `read` says what one does. */
interface Template {
  readonly languages?: ReadonlySet<string>; // undefined: every language
  readonly needs: string; // a text without it has no such control
  readonly sign: RegExp;
  readonly read: (m: RegExpExecArray, ends: ReadonlySet<string>) => Omit<Control, 'at'> | undefined;
}

const opens = (name: string): Omit<Control, 'at'> => ({ kind: 'opens', name });
const closes = (name: string): Omit<Control, 'at'> => ({ kind: 'closes', name });
const DIVIDES: Omit<Control, 'at'> = { kind: 'divides', name: '' };
const DIVIDERS = /^(else|elif|elsif|elseif|elseIf|elseifdef|case|when|empty|pluralize|default|plural)$/;

/** Words that open a pair even where their end is missing. */
const OPENERS = new Set('if for foreach while unless switch block macro filter raw autoescape function'.split(' '));

/** Words that an `end…` of the same text closes, such as `if` and `endif`. */
function byEndWord(word: string, ends: ReadonlySet<string>, rest = ''): Omit<Control, 'at'> | undefined {
  if (word.startsWith('end')) return closes(word.slice(3));
  if (ends.has(word) || OPENERS.has(word)) return word === 'set' && rest.includes('=') ? undefined : opens(word);
  return DIVIDERS.test(word) ? DIVIDES : undefined;
}

/** What a piece of code does that leaves a brace open, or closes one. */
function byBraces(code: string): Omit<Control, 'at'> | undefined {
  let depth = 0;
  let least = 0;
  for (const [sign] of code.replace(/"[^"\n]*"|'[^'\n]*'/g, '').matchAll(/[{}]/g)) {
    depth += sign === '{' ? 1 : -1;
    least = Math.min(least, depth);
  }
  if (depth > least) return least < 0 ? DIVIDES : opens('{');
  return least < 0 ? closes('{') : undefined;
}

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));
const HTML = set('html vue erb blade handlebars xml markdown plaintext php');

const TEMPLATES: readonly Template[] = [
  {
    needs: '{%', // Jinja, Twig, Liquid, Django
    sign: /\{%[-+~]?[ \t]*(\w+)([^%\n]{0,200})/g,
    read: ([, word, rest], ends) => byEndWord(word!, ends, rest),
  },
  {
    needs: '{{', // Go templates, Helm, Handlebars, Mustache
    sign: /\{\{[-~]?[ \t]*(?:([#^/])[ \t]*([\w.-]+)|(if|range|with|define|block|end|else)\b)/g,
    read: ([, sign, name, word]) => {
      if (sign) return sign === '/' ? closes(`#${name}`) : opens(`#${name}`);
      if (word === 'end') return closes('{{');
      return word === 'else' ? DIVIDES : opens('{{');
    },
  },
  {
    languages: set('svelte'),
    needs: '{#',
    sign: /\{([#/:])(\w+)/g,
    read: ([, sign, name]) => (sign === ':' ? DIVIDES : sign === '#' ? opens(name!) : closes(name!)),
  },
  {
    languages: set('erb'),
    needs: '<%',
    sign: /<%-?[ \t]*(?:(end|else|elsif|when)\b|(if|unless|case|for|while|begin)\b|[^%\n]{0,200}\bdo\b[ \t]{0,9}(?:\|[^|\n]{0,100}\|)?[ \t]{0,9}-?%>)/g,
    read: ([, word]) => (word === 'end' ? closes('') : word ? DIVIDES : opens('')),
  },
  {
    languages: set('html'),
    needs: '<%', // EJS, JSP: a block of the code between the tags
    sign: /<%(?![=#%-])_?([^%]{0,800})%>/g,
    read: ([, code]) => byBraces(code!),
  },
  {
    languages: HTML,
    needs: '<?php', // alternative syntax: `if (…):` … `endif;`
    sign: /<\?php[ \t]+(if|for|foreach|while|switch|else|elseif|endif|endfor|endforeach|endwhile|endswitch)\b(?=([^\n]{0,300}))/g,
    read: ([, word, rest], ends) =>
      word!.startsWith('end') || /:\s*$/.test(rest!.split('?>')[0]!) ? byEndWord(word!, ends) : undefined,
  },
  {
    languages: set('blade'),
    needs: '@end',
    sign: /@(\w+)(?=[\s(]|$)/g,
    read: ([, word], ends) => byEndWord(word!, ends),
  },
  {
    languages: set('shellscript'),
    needs: '',
    sign: /(?:^|[;&|({]|\b(?:then|do|else))[ \t]*(?:(if|case|for|while|until|select)|(fi|esac|done))(?![\w-])/gm,
    read: ([, word, end]) => {
      if (end) return closes(end);
      return opens(word === 'if' ? 'fi' : word === 'case' ? 'esac' : 'done');
    },
  },
  {
    languages: set('makefile'),
    needs: 'e',
    sign: /^[ \t]*(?:(if(?:n?eq|n?def)|define)|(endif|endef)|(else))\b/gm,
    read: ([, open, close]) =>
      open ? opens(open === 'define' ? 'def' : 'if') : close ? closes(close === 'endef' ? 'def' : 'if') : DIVIDES,
  },
  {
    languages: set('cmake viml'),
    needs: 'end',
    sign: /^[ \t]*(\w+)!?(?=[\s(]|$)/gm,
    read: ([, word], ends) => byEndWord(word!.toLowerCase(), ends),
  },
  {
    languages: set('latex'),
    needs: '\\begin',
    sign: /\\(begin|end)\{([^}\n]{0,80})\}/g,
    read: ([, word, name]) => (word === 'begin' ? opens(name!) : closes(name!)),
  },
];

/** The `…` of every `end…` of a text. */
function endWords(text: string): ReadonlySet<string> {
  const out = new Set<string>();
  for (const [, word] of text.matchAll(/\bend(\w{2,20})\b/gi)) out.add(word!.toLowerCase());
  return out;
}

export function controlsIn(text: string, languageId: string, lines: Lines): Controls {
  const found: Control[] = [];
  let ends: ReadonlySet<string> | undefined;
  for (const { languages, needs, sign, read } of TEMPLATES) {
    if ((languages && !languages.has(languageId)) || !text.includes(needs)) continue;
    ends ??= endWords(text);
    for (const m of text.matchAll(sign)) {
      const control = read(m, ends);
      if (control) found.push({ at: m.index, ...control });
    }
  }
  found.sort((a, b) => a.at - b.at);
  return { pairs: pairsOf(found), roles: rolesOf(found, lines) };
}

function pairsOf(controls: readonly Control[]): Pairing {
  const pairs = new Pairing();
  for (const { at, kind, name } of controls) {
    if (kind === 'opens') pairs.opens(at, name);
    else if (kind === 'closes') pairs.closes(at, name);
    else pairs.divides(at);
  }
  return pairs;
}

/** Lines that open or close one pair each. Where a line does more, its pairs tell nothing about the lines between. */
function rolesOf(controls: readonly Control[], lines: Lines): Map<number, LineRole> {
  const roles = new Map<number, LineRole>();
  const open: { readonly line: number; readonly name: string; alone: boolean; readonly dividers: number[] }[] = [];
  for (let i = 0; i < controls.length;) {
    const line = lines.at(controls[i]!.at);
    const own: Control[] = []; // those that do not pair on the line
    for (; i < controls.length && lines.at(controls[i]!.at) === line; i++) {
      const control = controls[i]!;
      const inside = own.at(-1)?.kind === 'opens';
      if (control.kind === 'opens' || !inside) own.push(control);
      else if (control.kind === 'closes') own.pop();
    }
    for (const { kind, name } of own) {
      const alone = own.length === 1;
      const opener = open.at(-1);
      if (kind === 'opens') open.push({ line, name, alone, dividers: [] });
      else if (kind === 'divides') {
        if (alone) opener?.dividers.push(line);
      } else if (opener) {
        open.pop();
        if (opener.name !== name || !opener.alone || !alone) continue;
        roles.set(opener.line, { kind: 'opens' });
        for (const divider of opener.dividers) roles.set(divider, { kind: 'divides' });
        roles.set(line, { kind: 'closes' });
      }
    }
  }
  return roles;
}

/** Opening and closing sign of what a template puts into its host language. */
const INSERTED: readonly (readonly [string, string])[] = [
  ['{%', '%}'],
  ['{{', '}}'],
  ['{!!', '!!}'],
  ['{#', '#}'],
  ['<%', '%>'],
  ['<?php', '?>'],
  ['<?=', '?>'],
];

/** What a template inserts into its host language, in text order. An open one is its sign alone. */
export function insertionsIn(text: string): Span[] {
  const marks = new Occurrences(text);
  const out: Span[] = [];
  for (let at = 0; ; at = out.at(-1)!.end) {
    let [from, close] = [Infinity, ''];
    for (const [opens, closes] of INSERTED) {
      const next = marks.next(opens, at);
      if (next >= 0 && next < from) [from, close] = [next, closes];
    }
    if (from === Infinity) return out;
    const end = marks.next(close, from + 2);
    out.push({ start: from, end: end < 0 ? from + 2 : end + close.length });
  }
}

/**
 * Expressions of Svelte: `{…}` with the braces inside, outside of scripts and comments. What `{` opens and nothing closes is none.
 * @param apart scripts and styles, in text order
 */
export function expressionsIn(text: string, apart: readonly Span[]): Span[] {
  const sign = /[{}"'`]|<!--|\/\*/g;
  const out: Span[] = [];
  let next = 0; // of `apart`
  let depth = 0;
  let start = 0;
  for (let m = sign.exec(text); m; m = sign.exec(text)) {
    while (apart[next] && apart[next]!.end <= m.index) next++;
    const skipped = apart[next];
    if (depth === 0 && skipped && skipped.start <= m.index) {
      sign.lastIndex = skipped.end;
      continue;
    }
    if (m[0] === '<!--' || m[0] === '/*') {
      if ((m[0] === '<!--') !== (depth === 0)) continue;
      const close = text.indexOf(depth ? '*/' : '-->', sign.lastIndex);
      if (close < 0) break;
      sign.lastIndex = close;
    } else if (m[0] === '{') {
      if (depth++ === 0) start = m.index;
    } else if (m[0] === '}') {
      if (depth > 0 && --depth === 0) out.push({ start, end: m.index + 1 });
    } else if (depth > 0) sign.lastIndex = stringEnd(text, m.index, m[0] === '`');
  }
  return out;
}

/** The text of the host language: what a template inserts is blank, so that `{% if a < b %}` begins no tag. Offsets stay. */
export function withoutInsertions(text: string, insertions: readonly Span[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end } of insertions) {
    parts.push(text.slice(at, start), text.slice(start, end).replace(/[^\r\n]/g, ' '));
    at = end;
  }
  return parts.length ? parts.join('') + text.slice(at) : text;
}
