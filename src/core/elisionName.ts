// Parses the names by which somebody asks for what was left out.

const ID = /^#?([a-z2-7]{4}):(\d+[a-z]{0,5})$/;
const ID_INSIDE = /\b[a-z2-7]{4}:\d+[a-z]{0,5}\b/g;
const PLACE = /^(.+):(\d+)$/;
const COPIED = /(?<!\w)(\d+[a-z]{0,5})… #([a-z2-7]{4})(?!\w)/;

/** A name of an elision: an id, or a path and the line that its marker shows. */
export type ElisionName =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'place'; readonly path: string; readonly line: number };

/** The ids that a text names, in its order. @example idsIn('why is k3fa:12 gone?') // ['k3fa:12'] */
export function idsIn(text: string): string[] {
  return [...text.matchAll(ID_INSIDE)].map((m) => m[0]);
}

/** @param text an id, a path and a line, or a marker with an id, copied. @returns undefined for anything else */
export function parseElisionName(text: string): ElisionName | undefined {
  const id = ID.exec(text.trim());
  if (id) return { kind: 'id', id: `${id[1]}:${id[2]}` };
  const place = PLACE.exec(text.trim());
  if (place) return { kind: 'place', path: place[1]!, line: Number(place[2]) };
  const copied = COPIED.exec(text);
  return copied ? { kind: 'id', id: `${copied[2]}:${copied[1]}` } : undefined;
}
