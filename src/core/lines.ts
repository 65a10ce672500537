// Finds where the lines of a text begin and end; \n, \r\n and \r all end a line.
import { firstIndexWhere } from './search';
import type { Span } from './span';

/** UTF-16 units of a line from which its parts can go one by one, in a language whose grammar allows it. */
export const LONG_LINE = 2000;

/** The lines of a text, counted from 0; offsets are UTF-16 units. */
export class Lines {
  readonly starts: number[] = [0];

  constructor(readonly text: string) {
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) this.starts.push(i + 1);
    }
  }

  /** Index of the line that holds `offset`; a line break belongs to the line that it ends. */
  at(offset: number): number {
    return Math.max(0, firstIndexWhere(this.starts, (start) => start > offset) - 1);
  }

  /** The range of line i, its line break included. */
  span(i: number): Span {
    return { start: this.starts[i]!, end: this.starts[i + 1] ?? this.text.length };
  }

  all(): Span[] {
    return this.starts.map((_, i) => this.span(i));
  }

  /** The whole lines around [start, end); undefined if they hold anything else than white space. */
  own(start: number, end: number): Span | undefined {
    const line = this.span(this.at(start)).start;
    const from = line === 0 && this.text.startsWith('\ufeff') ? 1 : line; // a byte order mark belongs to no unit
    const to = this.span(this.at(Math.max(start, end - 1))).end;
    // From the inside out: a line can hold the whole text and many spans.
    let left = start;
    while (left > from && /\s/.test(this.text[left - 1]!)) left--;
    let right = end;
    while (right < to && /\s/.test(this.text[right]!)) right++;
    return left === from && right >= to ? { start: from, end: to } : undefined;
  }
}

/** Whether a text has several lines, none of more than `most` UTF-16 units. */
export function hasShortLines(text: string, most: number): boolean {
  let lines = 1;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (i - start > most) return false;
    if (c !== 10 && c !== 13) continue;
    start = i + 1;
    lines++;
  }
  return lines > 1;
}
