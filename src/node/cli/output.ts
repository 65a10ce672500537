// Formats results as JSON, and the lines for standard error.
import { hasNote } from '../../elisions/markers';
import type { CompressedContext, Progress } from '../../core/context';
import { plain } from '../../core/report';
import type { FoundSecret } from '../../redact/guard';
import type { Skipped } from '../files/collect';
import { wordsForSkip } from '../../format/skipReasons';
import { belowBudget } from '../../format/belowBudget';
import { dropFaultSentences } from '../../format/dropFaults';
import { FLOOR_WORDS } from '../../format/floorReasons';
import { grammarFaultSentences } from '../../format/grammarFaults';
import { leftOut, longLineWarning } from '../../format/leftOut';
import { patchWarning, silentWarning } from '../../format/format';

const LISTED = 5; // skipped files listed per reason

/** The JSON of `compress`, as docs/cli.md describes it. */
export function contextJson(
  context: CompressedContext,
  skipped: readonly Skipped[],
  redacted: readonly FoundSecret[],
): string {
  return `${JSON.stringify({ ...context, skipped, redacted }, plain, 1)}\n`;
}

/**
 * A result whose figures are those of the texts in its JSON: a single text has neither a frame nor, if its language has no comments,
 * the sign of what was left out.
 */
export function inJson(context: CompressedContext): CompressedContext {
  const [only, ...others] = context.files.filter((f) => f.grammarFault !== 'leftOut');
  if (!only || others.length) return context;
  const { before, after } = only.recipientTokens;
  return {
    ...context,
    keepRatio: before === 0 ? 1 : after / before,
    recipientTokens: { ...context.recipientTokens, before, after },
  };
}

/** Lines for standard error: the size before and after, what to be careful with, and how to get a part back. */
export function summary(context: CompressedContext): string[] {
  const { before, after } = context.recipientTokens;
  const { floorReason, floorAt, budget } = context;
  const alone = context.files.length === 1;
  const where = floorAt ? `, near line ${floorAt.line}${alone ? '' : ` of ${floorAt.path}`}` : '';
  const floor = floorReason
    ? `; ${budget.kind === 'auto' ? '' : 'above the budget: '}${FLOOR_WORDS[floorReason]}${where}`
    : '';
  const files = alone ? context.files[0]!.path : `${context.files.length} files`;
  const seconds = Object.values(context.timings).reduce((a: number, b: number) => a + b, 0) / 1000;
  return [
    `${files}: ${before} → ${after} token${after === 1 ? '' : 's'} (${(100 * context.keepRatio).toFixed(1)} % kept, ${context.scorer}, ${seconds.toFixed(1)} s)${floor}`,
    ...[belowBudget(context)].filter(Boolean).map((warning) => `${files}: ${warning}`),
    ...grammarFaultSentences(context.files),
    ...dropFaultSentences(context.files),
    ...context.files.flatMap((f) => {
      const warnings = [silentWarning(f), patchWarning(f), longLineWarning(f)];
      return warnings.filter(Boolean).map((warning) => `${f.path}: ${warning}`);
    }),
    ...expandHint(context),
  ];
}

/** Names a real id, because the text may show none: comments, and languages without comments, leave no marker. */
function expandHint({ files }: CompressedContext): string[] {
  const all = files.flatMap((f) => f.elisions);
  const first = all.find((e) => hasNote(e.marker)) ?? all[0];
  return first
    ? [
        `left out: ${leftOut(files)}; "namm expand ${first.id}" shows the first (${first.lines} line${first.lines === 1 ? '' : 's'})`,
      ]
    : [];
}

/** One line per reason, with the files that were skipped for it. */
export function skippedLines(skipped: readonly Skipped[]): string[] {
  const byReason = new Map<Skipped['reason'], string[]>();
  for (const s of skipped) byReason.set(s.reason, [...(byReason.get(s.reason) ?? []), s.path]);
  return [...byReason].map(([reason, paths]) => {
    const more = paths.length > LISTED ? ` and ${paths.length - LISTED} more` : '';
    return `skipped (${wordsForSkip(reason)}): ${paths.slice(0, LISTED).join(', ')}${more}`;
  });
}

export function progressLine(p: Progress): string {
  const { stage, path, done, total } = p;
  if (stage === 'read') return `reading ${path} ${done}/${total} tokens`;
  return path === undefined ? `${stage}…` : `${stage} ${path} ${done + 1}/${total}`;
}
