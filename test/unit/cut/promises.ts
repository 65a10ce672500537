// Checks a rendered text against its promises: verbatim, reversible, valid, protected.
import { expect } from 'vitest';
import { tiles } from '../../../src/core/span';
import { counterFor } from '../../../src/tokens/counters';
import type { CutOrder } from '../../../src/cut/order';
import type { Rendered } from '../../../src/cut/render';
import type { CodeStructure } from '../../../src/parse/structure';

export const counter = counterFor('o200k');
export const options = { markers: true, counter };

/** Evidence per 4 units, from a seed: cuts anywhere. */
export function evidence(text: string, seed: number) {
  const n = Math.ceil(text.length / 4);
  let state = seed >>> 0;
  const values = Float32Array.from(
    { length: n },
    () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296,
  );
  return { bounds: Int32Array.from({ length: n + 1 }, (_, i) => Math.min(text.length, i * 4)), values };
}

/** @param markers as in the options that `r` was rendered with; without them only the placeholder of an emptied block may be added */
export function checkRendered(structure: CodeStructure, order: CutOrder, r: Rendered, markers = true): void {
  const { text } = structure.source;
  expect(tiles(r.spans, text.length)).toBe(true);
  // Kept spans and markers in order are the text: nothing was rewritten, and nothing else was added.
  let at = 0;
  let hole: string | undefined;
  for (const s of r.spans) {
    if (s.kept) {
      expect(r.text.startsWith(text.slice(s.start, s.end), at), `verbatim from ${s.start}`).toBe(true);
      at += s.end - s.start;
    } else if (s.elision !== hole) {
      const marker = new RegExp(
        markers
          ? `[ \\t]*((?:(?:\\.\\.\\.|:|nil) #|@@ -\\d+,0 \\+\\d+,0 @@ |(?:(?:break|\\(\\)) )?//|#|-- ?|;|/\\*|(?:\\| )?<!--|\\[)${markerOf(s.elision!)}(?:\\*/|-->(?: \\|)?|\\])?|\\{/\\*${markerOf(s.elision!)}\\*/\\})(\\r\\n|\\r|\\n|$|(?<=\\*/))`
          : '[ \\t]*(\\.\\.\\.|:|nil|break|\\(\\))(\\r\\n|\\r|\\n|$)',
        'y',
      );
      marker.lastIndex = at;
      at += marker.exec(r.text)?.[0].length ?? 0;
    }
    hole = s.kept ? undefined : s.elision;
  }
  expect(at).toBe(r.text.length);
  // The way back: every elision in place of its marker is the original.
  let back = '';
  let end = 0;
  for (const e of r.elisions) {
    back += text.slice(end, e.start) + text.slice(e.start, e.end);
    end = e.end;
    expect(e.id).toMatch(/^[a-z2-7]{4}:\d+[a-z]{0,5}$/);
    expect(e.line).toBe(text.slice(0, e.start).split(/\r\n|\r|\n/).length);
  }
  expect(back + text.slice(end)).toBe(text);
  expect(new Set(r.elisions.map((e) => e.id)).size).toBe(r.elisions.length);
  expect(structure.errorsIn(r.text)).toBeLessThanOrEqual(structure.errorsIn(text));
  expect(r.recipientTokens).toBe(counter.count(r.text));
  for (const p of [...order.pins, ...order.protectedSpans])
    expect(r.spans.some((s) => !s.kept && s.start < p.end && p.start < s.end)).toBe(false);
}

/** `120… #k3fa` for the last of a file, `120…` before it; in a table `120… 4 more`. */
function markerOf(id: string): string {
  const [tag, place] = id.split(':');
  return `${place}…( [1-9]\\d* more)?( #${tag})?`;
}

export const keptOf = (r: Rendered): boolean[] =>
  r.spans.flatMap((s) => new Array<boolean>(s.end - s.start).fill(s.kept));
