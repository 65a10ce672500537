// Knows how a marked stretch of text follows the text: through edits, and to a text read afresh.

export type MarkKind = 'pin' | 'drop';

/** A stretch that stays or goes by the user's word, in UTF-16 units; `text` is what it covered. */
export interface Mark {
  readonly kind: MarkKind;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `length` units at `offset` were replaced by `inserted` units. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly inserted: number;
}

/** Where the marks are after a change; one whose text is gone as a whole is gone. @param text after the change */
export function shifted(marks: readonly Mark[], changes: readonly TextChange[], text: string): Mark[] {
  return marks.flatMap((mark) => {
    let { start, end } = mark;
    for (const { offset, length, inserted } of changes) {
      const to = offset + length;
      const by = inserted - length;
      if (to <= start) {
        start += by;
        end += by;
      } else if (offset >= end) continue;
      else if (offset >= start && to <= end) end += by;
      else if (offset < start && to >= end) return [];
      else if (offset < start) {
        start = offset + inserted;
        end += by;
      } else end = offset;
      if (end <= start) return [];
    }
    return [{ ...mark, start, end, text: text.slice(start, end) }];
  });
}

/** Finds marks again in a text that may have changed unseen: at their place, else the nearest same text. */
export function anchored(marks: readonly Mark[], text: string): Mark[] {
  return marks.flatMap((mark) => {
    if (!mark.text) return [];
    if (text.startsWith(mark.text, mark.start)) return [mark];
    const before = text.lastIndexOf(mark.text, mark.start);
    const after = text.indexOf(mark.text, mark.start);
    const start = before < 0 ? after : after < 0 || mark.start - before <= after - mark.start ? before : after;
    return start < 0 ? [] : [{ ...mark, start, end: start + mark.text.length }];
  });
}

/** One more mark; what it covers of the other kind is cut out, what it touches of its own kind joins it. */
export function marked(marks: readonly Mark[], mark: Mark, text: string): Mark[] {
  let { start, end } = mark;
  const rest: Mark[] = [];
  for (const m of marks) {
    if (m.kind === mark.kind && m.start <= end && m.end >= start) {
      start = Math.min(start, m.start);
      end = Math.max(end, m.end);
    } else rest.push(m);
  }
  return [...unmarked(rest, start, end, text), { ...mark, start, end, text: text.slice(start, end) }].sort((a, b) => a.start - b.start);
}

/** The marks without what [start, end) covers of them. */
export function unmarked(marks: readonly Mark[], start: number, end: number, text: string): Mark[] {
  return marks.flatMap((m) => {
    if (m.end <= start || m.start >= end) return [m];
    const parts: [number, number][] = [
      [m.start, start],
      [end, m.end],
    ];
    return parts.filter(([a, b]) => b > a && text.slice(a, b).trim()).map(([a, b]) => ({ ...m, start: a, end: b, text: text.slice(a, b) }));
  });
}
