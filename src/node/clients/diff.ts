// Shows a change of a text as a diff. The change is in one place, so no search for common lines is needed.

const CONTEXT = 3; // lines on either side

/** Lines of a unified diff with one hunk. Either text may be absent. */
export function diffOf(before: string | undefined, after: string | undefined): string[] {
  const [old, fresh] = [linesOf(before), linesOf(after)];
  let start = 0;
  while (start < Math.min(old.length, fresh.length) && old[start] === fresh[start]) start++;
  let end = 0;
  const room = Math.min(old.length, fresh.length) - start;
  while (end < room && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end++;
  const from = Math.max(0, start - CONTEXT);
  const tail = old.slice(old.length - end, old.length - end + CONTEXT);
  const place = (lines: readonly string[]): string => {
    const count = lines.length - end + tail.length - from;
    return `${count ? from + 1 : from},${count}`;
  };
  return [
    `@@ -${place(old)} +${place(fresh)} @@`,
    ...old.slice(from, start).map((line) => ` ${line}`),
    ...old.slice(start, old.length - end).map((line) => `-${line}`),
    ...fresh.slice(start, fresh.length - end).map((line) => `+${line}`),
    ...tail.map((line) => ` ${line}`),
  ];
}

const linesOf = (text: string | undefined): string[] => (text ? text.replace(/\r?\n$/, '').split(/\r?\n/) : []);
