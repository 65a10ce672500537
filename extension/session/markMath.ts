// Moves marks with their text: through edits, and into a text that was read again.
import type { Span } from '../../src/core/span';

export type MarkKind = 'pin' | 'drop';

/** A span that the user pinned or excluded; `text` is the text in it. */
export interface Mark extends Span {
  readonly kind: MarkKind;
  readonly text: string;
  /** The document lacks the text at present. Another branch may bring it back. */
  readonly away?: true;
}

/** `length` units at `offset` were replaced by `inserted` units. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly inserted: number;
}

/**
 * Moves marks through changes. If the whole text of a mark was replaced, it is searched in the replacement: a file that is
 * read again is one change from its first to its last difference, and with other line ends one change of everything.
 * @param text after the change
 * @param reread true if the file was read again: a mark without its text is then `away`, else it is removed
 */
export function shiftMarks(
  marks: readonly Mark[],
  changes: readonly TextChange[],
  text: string,
  reread = false,
): Mark[] {
  return marks.flatMap((mark) => {
    if (mark.away) return [locateMark(mark, text)];
    let { start, end } = mark;
    let depth: number | undefined; // distance of the mark's start from the start of the text that replaced it
    for (const { offset, length, inserted } of changes) {
      const to = offset + length;
      const growth = inserted - length;
      if (to <= start) {
        start += growth;
        end += growth;
      } else if (offset >= end) continue;
      else if (offset >= start && to <= end) end += growth;
      else if (offset <= start && to >= end) {
        depth = (depth ?? 0) + start - offset;
        start = offset;
        end = offset + inserted;
      } else if (offset < start) {
        start = offset + inserted;
        end += growth;
      } else end = offset;
    }
    const range =
      depth === undefined ? end > start && { start, end } : find(text, mark.text, start + depth, start, end);
    return range ? [markAt(mark, range, text)] : reread ? [{ ...mark, away: true }] : [];
  });
}

/**
 * Moves marks through changes that touch none of them, without looking at the text: at each key of a long text that would be
 * the most work.
 * @returns undefined if a change touches a mark, or a mark is away
 */
export function movedMarks(marks: readonly Mark[], changes: readonly TextChange[]): Mark[] | undefined {
  const moved: Mark[] = [];
  for (const mark of marks) {
    if (mark.away) return undefined;
    let { start, end } = mark;
    for (const { offset, length, inserted } of changes) {
      if (offset + length <= start) {
        start += inserted - length;
        end += inserted - length;
      } else if (offset < end) return undefined;
    }
    moved.push({ ...mark, start, end });
  }
  return moved;
}

/** Finds marks in a text that may have changed in the meantime. Marks without their text are left out. */
export function locateMarks(marks: readonly Mark[], text: string): Mark[] {
  return marks.map((m) => locateMark(m, text)).filter((m) => !m.away);
}

/** Finds a mark in a text: at its old place, else at the nearest equal text, else it is `away`. */
export function locateMark(mark: Mark, text: string): Mark {
  if (!mark.away && text.startsWith(mark.text, mark.start)) return mark;
  const range = find(text, mark.text, mark.start);
  return range ? markAt(mark, range, text) : { ...mark, away: true };
}

function markAt({ kind }: Mark, { start, end }: Span, text: string): Mark {
  return { kind, start, end, text: text.slice(start, end) };
}

/**
 * Finds `search` within [from, to), whatever the line ends: at `near` in either way of counting line ends, else the
 * occurrence nearest to it.
 */
function find(text: string, search: string, near: number, from = 0, to = text.length): Span | undefined {
  const plain = text.replaceAll('\r\n', '\n');
  const part = search.replaceAll('\r\n', '\n');
  let best: Span | undefined;
  let least = Infinity;
  let [at, lines, returns] = [0, 0, 0]; // line ends before `at`, and how many of them are \r\n in the text
  for (let i = part && from < to ? plain.indexOf(part) : -1; i >= 0; i = plain.indexOf(part, i + 1)) {
    for (let n = plain.indexOf('\n', at); n >= 0 && n < i; n = plain.indexOf('\n', at)) {
      if (text[n + returns] === '\r') returns++;
      lines++;
      at = n + 1;
    }
    const start = i + returns;
    const distance =
      start === near && text.startsWith(search, near)
        ? 0
        : i + lines - returns === near
          ? 1
          : 2 + Math.abs(start - near);
    if (distance >= least) continue;
    const end = endOf(text, start, part);
    if (start < to && end > from) [best, least] = [{ start, end }, distance];
  }
  return best;
}

function endOf(text: string, start: number, part: string): number {
  const [first, ...rest] = part.split('\n');
  return rest.reduce((end, line) => end + (text[end] === '\r' ? 2 : 1) + line.length, start + first!.length);
}

/** Adds a mark. It joins marks of its kind that it touches, and replaces what it covers of the other kind. */
export function addMark(marks: readonly Mark[], mark: Mark, text: string): Mark[] {
  let { start, end } = mark;
  const rest: Mark[] = [];
  for (const m of marks) {
    if (m.kind === mark.kind && m.start <= end && m.end >= start) {
      start = Math.min(start, m.start);
      end = Math.max(end, m.end);
    } else rest.push(m);
  }
  return [...removeMarks(rest, start, end, text), { ...mark, start, end, text: text.slice(start, end) }].sort(
    (a, b) => a.start - b.start,
  );
}

/** Removes [start, end) from the marks. */
export function removeMarks(marks: readonly Mark[], start: number, end: number, text: string): Mark[] {
  return marks.flatMap((m) => {
    if (m.end <= start || m.start >= end) return [m];
    const parts: [number, number][] = [
      [m.start, start],
      [end, m.end],
    ];
    return parts
      .filter(([a, b]) => b > a && text.slice(a, b).trim())
      .map(([a, b]) => ({ ...m, start: a, end: b, text: text.slice(a, b) }));
  });
}
