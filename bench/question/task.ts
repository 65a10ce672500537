// A task of the question bench: what somebody asks, the files that the answer is in, and the lines that it turned out to need.
import type { SourceText } from '../../src/core/context';
import { patchParts, type PatchPart } from '../../src/texts/patch';

export interface Task {
  readonly id: string;
  readonly repo: string;
  readonly question: string;
  readonly sources: readonly SourceText[];
  /** Per source: 1-based lines that the true change takes away, or behind which it only adds; ascending. */
  readonly changed: readonly (readonly number[])[];
  /** Per source: 1-based lines that people marked as needed, ascending; absent where nobody did. */
  readonly gold?: readonly (readonly number[])[];
  /** Whether the question names a declaration that the change is in. */
  readonly named: boolean;
}

/** The old lines that a patch changes, by old path. A hunk that only adds counts the line before it. */
export function changedLines(patch: string): Map<string, number[]> {
  const out = new Map<string, number[]>();
  const visit = (part: PatchPart, path: string | undefined): void => {
    if (part.kind === 'file') path = /^--- a\/(.*?)\r?$/m.exec(patch.slice(part.start, part.end))?.[1];
    if (part.kind === 'hunk' && path !== undefined && part.line !== undefined) {
      const lines = out.get(path) ?? [];
      out.set(path, [...lines, ...changedIn(patch.slice(part.start, part.end), part.line)]);
    } else for (const inner of part.parts) visit(inner, path);
  };
  for (const part of patchParts(patch)) visit(part, undefined);
  return out;
}

/** @param line 1-based: the first old line of the hunk; without context it is the line before what is added */
function changedIn(hunk: string, line: number): number[] {
  const [head, ...lines] = hunk.split('\n');
  const onlyAdds = /^@@ -\d+,0 /.test(head!);
  if (onlyAdds) return line > 0 ? [line] : [];
  const out: number[] = [];
  let at = line;
  for (let i = 0; i < lines.length;) {
    const sign = lines[i]![0];
    if (sign === '+' || sign === '-') {
      const from = at;
      let adds = false;
      for (; lines[i]?.[0] === '-' || lines[i]?.[0] === '+' || lines[i]?.[0] === '\\'; i++) {
        if (lines[i]![0] === '-') out.push(at++);
        else adds ||= lines[i]![0] === '+';
      }
      if (at === from && adds && at > 1) out.push(at - 1);
    } else {
      if (sign === ' ' || lines[i] === '') at++;
      i++;
    }
  }
  return out;
}

/** Whether the question has an identifier, written as such, that stands in or near a changed line. */
export function namesChange(
  question: string,
  sources: readonly SourceText[],
  changed: readonly (readonly number[])[],
): boolean {
  const names = new Set(question.match(/\b\w*(?:[a-z][A-Z]|_\w|[A-Z]{2}[a-z])\w*|\b\w+(?=\()|(?<=`)\w+(?=`)/g) ?? []);
  return sources.some(({ text }, i) => {
    const lines = text.split('\n');
    return changed[i]!.some((line) =>
      (
        lines
          .slice(Math.max(0, line - 6), line + 5)
          .join('\n')
          .match(/\w{3,}/g) ?? []
      ).some((word) => names.has(word)),
    );
  });
}
