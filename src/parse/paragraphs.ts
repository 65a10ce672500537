// Merges the lines of a paragraph of plain text into one unit.
import { append } from '../core/append';
import { unitOf, type Unit } from './unit';

const LONG_LINE = 40; // UTF-16 units; shorter lines are entries of a list, not a paragraph with line breaks
const CODE = /[{};\\]\s*$/;

/** Consecutive lines without a blank line between them become one unit if they form running text; entries of a list stay apart. */
export function paragraphs(text: string, units: readonly Unit[]): Unit[] {
  const out: Unit[] = [];
  for (let i = 0; i < units.length;) {
    let next = i + 1;
    while (next < units.length && units[next]!.start === units[next - 1]!.end) next++;
    const run = units.slice(i, next);
    const span = { start: run[0]!.start, end: run.at(-1)!.end };
    if (isRunningText(text.slice(span.start, span.end))) out.push(unitOf(span));
    else append(out, run);
    i = next;
  }
  return out;
}

function isRunningText(words: string): boolean {
  const lines = words.trimEnd().split(/\r\n|\r|\n/);
  return (
    lines.length > 1 &&
    lines.slice(0, -1).every((line) => line.trim().length >= LONG_LINE && !CODE.test(line)) &&
    /[.!?:"')]\s*$/.test(lines.at(-1)!)
  );
}
