// Edits one entry of a JSON configuration, comments allowed. All else stays byte for byte.
import { isDeepStrictEqual } from 'node:util';
import { applyEdits, modify, parse, type ParseError } from 'jsonc-parser';
import { ownValue } from '../../core/ownValue';
import { ENTRY } from './server';

type Fields = Readonly<Record<string, unknown>>;

/** What stands in a configuration. */
export type Config =
  | { readonly kind: 'known'; readonly fields: Fields; readonly entry: unknown }
  /** It is no JSON, or has something else where servers belong: it is not touched. */
  | { readonly kind: 'unknown' };

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @param text blank: nothing is configured yet. @param servers key of the object of all servers */
export function readConfig(text: string, servers: string): Config {
  const bare = text.replace(/^\ufeff/, '');
  if (!bare.trim()) return { kind: 'known', fields: {}, entry: undefined };
  const errors: ParseError[] = [];
  const fields: unknown = parse(bare, errors, { allowTrailingComma: true });
  if (errors.length || !isFields(fields)) return { kind: 'unknown' };
  const all = ownValue(fields, servers) ?? {};
  if (!isFields(all)) return { kind: 'unknown' };
  return { kind: 'known', fields, entry: ownValue(all, ENTRY) };
}

/**
 * The text with our entry, or without it.
 * @param entry undefined removes it
 * @returns undefined if nothing but our entry was there and it is removed
 * @throws Error if the result would be anything else than the configuration with this one change
 */
export function withEntry(text: string, servers: string, entry: object | undefined): string | undefined {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const bare = text.slice(mark.length);
  const edited = edit(bare.trim() ? bare : '{}', servers, entry);
  const [before, after] = [readConfig(bare, servers), readConfig(edited, servers)];
  if (before.kind === 'unknown' || after.kind === 'unknown') throw new Error('the configuration cannot be edited');
  const { [servers]: were, ...othersBefore } = before.fields;
  const { [servers]: are, ...othersAfter } = after.fields;
  const rest = (all: unknown): object => Object.fromEntries(Object.entries(all ?? {}).filter(([key]) => key !== ENTRY));
  const sound =
    isDeepStrictEqual(after.entry, entry) &&
    isDeepStrictEqual(rest(were), rest(are)) &&
    isDeepStrictEqual(othersBefore, othersAfter);
  if (!sound) throw new Error('the configuration would change elsewhere');
  const isEmpty = entry === undefined && !Object.keys(othersAfter).length && !Object.keys(rest(are)).length;
  if (isEmpty && !/\/[/*]/.test(edited)) return undefined;
  return mark + (edited.endsWith('\n') || text ? edited : `${edited}\n`);
}

/** Changes the one place. The library's own layout would lay out the neighbours as well. */
function edit(text: string, servers: string, entry: object | undefined): string {
  const [change, ...others] = modify(text, [servers, ENTRY], entry, {});
  if (!change || others.length) throw new Error('the configuration cannot be edited');
  const { offset, length, content } = change;
  return applyEdits(text, [{ offset, length, content: content && laidOut(content, text, offset + length) }]);
}

/** @param content compact: a value, or a member with a comma before it @param at where the text goes on behind it */
function laidOut(content: string, text: string, at: number): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = /^[ \t]+(?=\S)/m.exec(text)?.[0] ?? '  ';
  const lines = (value: unknown): string[] => JSON.stringify(value, null, unit).split('\n');
  if (content.startsWith('{')) return lines(JSON.parse(content)).join(eol + unit.repeat(2));
  const [, comma = '', member = ''] = /^(,?)(.*)$/s.exec(content)!;
  const depth = member.startsWith(`"${ENTRY}"`) ? 2 : 1;
  const margin = eol + unit.repeat(depth - 1);
  const inner = lines(JSON.parse(`{${member}}`)).slice(1, -1);
  return comma + inner.map((line) => margin + line).join('') + (text[at] === '}' ? margin : '');
}
