// Puts the sign of what was left out into a JSON text that is handed over alone: it has no comments, and must still be JSON.
import { markerNote } from '../elisions/markers';

const LISTED = 20; // places
const SIGN_KEY = '…';

/**
 * One more member at the end of the outermost object, or one more item at the end of the outermost list, names the places:
 * `"…": "left out: 12…, 40… #k3fa"`. Everywhere else the values keep their types. If an own key has that
 * name, the sign has another: `…2`. Behind several values (JSON lines) the sign is a line.
 * @param ids of what was left out, in text order: `k3fa:12`
 */
export function withSign(text: string, ids: readonly string[]): string {
  const sign = JSON.stringify(`left out: ${placesOf(ids)}`);
  const end = text.trimEnd().length;
  const head = text.slice(0, end - 1).trimEnd();
  const closing = text[end - 1];
  const value = valueOf(text);
  if (value === undefined || (closing !== '}' && closing !== ']'))
    return `${text}${/[\r\n]$/.test(text) || !text ? '' : '\n'}${sign}\n`;
  const comma = head.endsWith('{') || head.endsWith('[') ? '' : ',';
  const member = closing === '}' ? `${JSON.stringify(freeKey(value as object))}: ${sign}` : sign;
  // On a line of its own if the others stand on lines of their own.
  const between = text.slice(head.length, end - 1);
  const space = /[\r\n]/.test(between) ? `${between.trimEnd() || /\r?\n/.exec(between)![0]}${indentOf(head)}` : ' ';
  return `${head}${comma}${space}${member}${between}${text.slice(end - 1)}`;
}

function placesOf(ids: readonly string[]): string {
  const places = ids.map((id) => id.split(':')[1]!);
  const tag = ids[0]!.split(':')[0]!;
  const last = markerNote(places.at(-1)!, tag);
  const first = places.slice(0, Math.min(LISTED, places.length) - 1).map((place) => markerNote(place));
  return [...first, ...(places.length > LISTED ? ['…'] : []), last].join(', ');
}

/** What stands in front of the last line of a text. */
const indentOf = (text: string): string => /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n') + 1))![0];

/** The one value of a text; undefined if it has none, or several. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

function freeKey(object: object): string {
  let key = SIGN_KEY;
  for (let n = 2; Object.hasOwn(object, key); n++) key = `${SIGN_KEY}${n}`;
  return key;
}
