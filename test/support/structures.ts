// Builds the structure of a text by hand, for tests that need no grammar.
import { Lines } from '../../src/core/lines';
import { protectedSpans } from '../../src/languages/directives';
import type { CodeStructure } from '../../src/parse/structure';
import { unitOf, type Unit } from '../../src/parse/unit';

/** A unit of the lines `from` to `to`, counted from 1. */
export function linesUnit(
  text: string,
  from: number,
  to = from,
  children: readonly Unit[] = [],
  more: Partial<Unit> = {},
): Unit {
  const lines = new Lines(text);
  return unitOf({ start: lines.span(from - 1).start, end: lines.span(to - 1).end }, children, more);
}

/** A structure of these units; without units, every line is one. `definitions` are the words behind "def ". */
export function structureOf(text: string, units?: readonly Unit[], languageId = 'typescript'): CodeStructure {
  const lines = new Lines(text);
  return {
    source: { path: 'a', languageId, text },
    units: units ?? lines.all().flatMap((span) => (span.end > span.start ? [unitOf(span)] : [])),
    protectedSpans: protectedSpans(text, lines, languageId),
    unparsed: [],
    errorAt: undefined,
    definitions: [...text.matchAll(/(?<=def )\w+/g)].map((m) => ({
      name: m[0],
      span: { start: m.index, end: m.index + m[0].length },
    })),
    bindings: [],
    comments: [...text.matchAll(/#.*/g)].map((m) => ({ start: m.index, end: m.index + m[0].length })),
    classes: (bounds) => new Uint8Array(bounds.length - 1).fill(5),
    errorsIn: () => 0,
    renew: () => undefined,
  };
}

/** Token bounds every `size` units. */
export const boundsOf = (text: string, size = 1): Int32Array =>
  Int32Array.from({ length: Math.ceil(text.length / size) + 1 }, (_, i) => Math.min(text.length, i * size));
