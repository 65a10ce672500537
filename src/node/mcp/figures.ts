// What stayed and what went, for programs: the structured part of an answer, and its schema.
import { z } from 'zod';
import type { CompressedContext, RetainedSpan } from '../../core/context';
import { Lines } from '../../core/lines';
import { COUNTER_IDS } from '../../core/token';

const tokens = { before: z.number().int(), after: z.number().int() };

/** The text is in it: clients that show a model the structured part show it nothing else. */
export const FIGURES = {
  text: z.string().describe('What the answer says in its first text.'),
  note: z.string().describe('What it says in the second: savings, skipped files, what to be careful with.'),
  tokens: z.object({ ...tokens, counter: z.enum(COUNTER_IDS) }),
  files: z.array(
    z.object({
      path: z.string(),
      tokens: z.object(tokens),
      kept: z
        .array(z.object({ from: z.number().int(), to: z.number().int() }))
        .describe('Lines, 1-based and inclusive.'),
      elisions: z.array(
        z.object({ id: z.string(), line: z.number().int(), lines: z.number().int(), tokens: z.number().int() }),
      ),
    }),
  ),
};

export type Figures = z.infer<z.ZodObject<typeof FIGURES>>;

/**
 * @param context the result of a run @param texts the original of each file, in its order
 * @param said the texts of the answer
 */
export function figuresOf(
  { files, recipientTokens: { before, after, counter } }: Pick<CompressedContext, 'files' | 'recipientTokens'>,
  texts: readonly string[],
  [text, note = '']: readonly [string, ...string[]],
): Figures {
  return {
    text,
    note,
    tokens: { before, after, counter },
    files: files.map((file, i) => ({
      path: file.path,
      tokens: { before: file.recipientTokens.before, after: file.recipientTokens.after },
      kept: keptLines(texts[i]!, file.spans),
      elisions: file.elisions.map(({ id, line, lines, recipientTokens }) => ({
        id,
        line,
        lines,
        tokens: recipientTokens,
      })),
    })),
  };
}

/** The lines of which something else than white space stayed, neighbours as one range. */
export function keptLines(
  text: string,
  spans: readonly Pick<RetainedSpan, 'start' | 'end' | 'kept'>[],
): { from: number; to: number }[] {
  const lines = new Lines(text);
  const ranges: { from: number; to: number }[] = [];
  for (const { start, end, kept } of spans) {
    const written = text.slice(start, end);
    const first = written.search(/\S/);
    if (!kept || first < 0) continue;
    const from = lines.at(start + first) + 1;
    const to = lines.at(start + written.trimEnd().length - 1) + 1;
    const last = ranges.at(-1);
    if (last && from <= last.to + 1) last.to = Math.max(last.to, to);
    else ranges.push({ from, to });
  }
  return ranges;
}
