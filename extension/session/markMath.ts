// Knows how a marked stretch of text follows the text: through edits, and to a text read afresh.

export type MarkKind = 'pin' | 'drop';

/** A stretch that stays or goes by the user's word, in UTF-16 units; `text` is what it covered. */
export interface Mark {
  readonly kind: MarkKind;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The document does not have the text now. Another branch may bring it back. */
  readonly away?: true;
}

/** `length` units at `offset` were replaced by `inserted` units. */
export interface TextChange {
  readonly offset: number;
  readonly length: number;
  readonly inserted: number;
}

/**
 * Where the marks are after a change. One whose text was replaced as a whole is looked for in what came instead: a file that
 * is read again from the disk is one change from its first to its last difference, one with other line ends a change of all.
 * @param text after the change
 * @param reread the disk made the change, not the user: what it lacks is away, not gone
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
    let into: number | undefined; // how far behind the start of what replaced it its own start was
    for (const { offset, length, inserted } of changes) {
      const to = offset + length;
      const by = inserted - length;
      if (to <= start) {
        start += by;
        end += by;
      } else if (offset >= end) continue;
      else if (offset >= start && to <= end) end += by;
      else if (offset <= start && to >= end) {
        into = (into ?? 0) + start - offset;
        start = offset;
        end = offset + inserted;
      } else if (offset < start) {
        start = offset + inserted;
        end += by;
      } else end = offset;
    }
    const now = into === undefined ? end > start && { start, end } : find(text, mark.text, start + into, start, end);
    return now ? [markAt(mark, now, text)] : reread ? [{ ...mark, away: true }] : [];
  });
}

/** Finds marks again in a text that may have changed unseen: at their place, else the nearest same text. */
export function locateMarks(marks: readonly Mark[], text: string): Mark[] {
  return marks.map((m) => locateMark(m, text)).filter((m) => !m.away);
}

/** A mark as it stands in a text: found again, or away. */
export function locateMark(mark: Mark, text: string): Mark {
  if (!mark.away && text.startsWith(mark.text, mark.start)) return mark;
  const now = find(text, mark.text, mark.start);
  return now ? markAt(mark, now, text) : { ...mark, away: true };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function markAt({ kind }: Mark, { start, end }: Range, text: string): Mark {
  return { kind, start, end, text: text.slice(start, end) };
}

/** What reads like `wanted`, whatever the line ends, and touches [from, to): that at `near`, also as the other line ends count, else the nearest. */
function find(text: string, wanted: string, near: number, from = 0, to = text.length): Range | undefined {
  const plain = text.replaceAll('\r\n', '\n');
  const part = wanted.replaceAll('\r\n', '\n');
  let best: Range | undefined;
  let least = Infinity;
  let [at, lines, returns] = [0, 0, 0]; // line ends before `at`, and how many of them take two units in the text
  for (let i = part && from < to ? plain.indexOf(part) : -1; i >= 0; i = plain.indexOf(part, i + 1)) {
    for (let n = plain.indexOf('\n', at); n >= 0 && n < i; n = plain.indexOf('\n', at)) {
      if (text[n + returns] === '\r') returns++;
      lines++;
      at = n + 1;
    }
    const start = i + returns;
    const distance =
      start === near && text.startsWith(wanted, near)
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

/** One more mark; what it covers of the other kind is cut out, what it touches of its own kind joins it. */
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

/** The marks without what [start, end) covers of them. */
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
