// Shares a budget among files by size, or by need. Files above their share because of a floor reduce the shares of the others; files may keep their last share.
import { allowedTokens, type Budget } from '../core/budget';
import type { Floor, FormatOptions, SourceText } from '../core/context';
import type { TokenCounter } from '../core/token';
import { stepsWithCode } from './codeLeft';
import { fitToTokens, stepsUnder, type Fit } from './fit';
import { sharesByNeed } from './need';
import { floorOf } from './floor';
import { formatContext, type FormatFile } from '../format/format';
import type { CutOrder } from './order';
import { renderPrefix, type Rendered, type RenderOptions } from './render';

/** A file that gets a share of the budget. */
export interface Sharer {
  readonly source: SourceText;
  readonly order: CutOrder;
  /** Recipient tokens of the whole text. */
  readonly before: number;
  readonly options: RenderOptions;
}

/** The rendered files; with a floor reason if the budget was missed. */
export interface Shared extends Floor {
  /** By file. */
  readonly rendered: readonly (Rendered & { floor?: number })[];
  /** Recipient tokens of the handed-over text, headers included: of the whole texts, and of the rendered ones. */
  readonly before: number;
  readonly after: number;
}

/** Hears which file is worked on next; undefined: all of them together. */
export type OnWork = (file: Sharer | undefined) => void;

/** Recipient tokens of files as they are handed over. */
type Measure = (files: readonly FormatFile[]) => number;

/** Share of the budget that may stay unused; if more is left, the files are fitted once more. */
const SLACK = 0.02;
/** The same while files keep their last shares: a prompt cache is worth more than the last tokens. */
const PREVIOUS_SLACK = 0.05;
/** A changed file gets at least this part of its fair share; below it, the others give up their last shares. */
const LEAST_SHARE = 0.75;

/**
 * Cuts the units of every file whose key is below a threshold; there is no budget. Some code of every text stays, and what does not
 * get smaller stays whole.
 * @param frame how the result is handed over, as in `CompressRequest`
 * @param onWork called before each piece of work
 */
export function cutUnder(
  files: readonly Sharer[],
  threshold: number,
  counter: TokenCounter,
  frame: FormatOptions = {},
  onWork: OnWork = () => undefined,
): Shared {
  const rendered = files.map((f) => {
    onWork(f);
    return renderPrefix(f.order, stepsUnder(f.order, threshold, stepsWithCode(f.order)), f.options);
  });
  const measure = measureIn(frame, counter, onWork);
  return neverLonger(files, totals(files, rendered, measure, sizeOf(files, measure)), measure, onWork);
}

/**
 * Shares a budget among files in proportion to their size, or by need (`sharesByNeed`). A file whose smallest text (floor) is above its share gets its floor,
 * and the others share the rest.
 *
 * Example: files of 300 and 100 recipient tokens share 200. They get 150 and 50. If the second cannot get below 80, the first gets 120.
 *
 * Some code of every text stays, unless a total in tokens is too small for it: that is a hard limit. A context that markers, paths and
 * the note would not make smaller stays whole.
 * @param budget `keepRatio` or `maxTokens`; a ratio of a single file does not count what stands around its text
 * @param previousTokens recipient tokens that a file shall get again, by index
 * @param frame how the result is handed over, as in `CompressRequest`
 * @param onWork called before each piece of work
 * @param byNeed whether the keys of one order compare with those of another: a question ranked all of them
 */
export function shareBudget(
  files: readonly Sharer[],
  budget: Budget,
  previousTokens: readonly (number | undefined)[],
  counter: TokenCounter,
  frame: FormatOptions = {},
  onWork: OnWork = () => undefined,
  byNeed = false,
): Shared {
  const measure = measureIn(frame, counter, onWork);
  const fitted = (how: Measure, needsCode: boolean): Shared =>
    share(files, budget, previousTokens, counter, how, onWork, needsCode, byNeed);
  const isMet = ({ before, after }: Shared): boolean => after <= allowedTokens(budget, before)!;
  if (files.length > 1 || budget.kind !== 'keepRatio') {
    const withCode = fitted(measure, true);
    const shared = budget.kind === 'keepRatio' || isMet(withCode) ? withCode : fitted(measure, false);
    return neverLonger(files, shared, measure, onWork, isMet);
  }
  // The note alone can be more than half of a short text, so the ratio counts the bare text.
  const { floorReason, floorAt, rendered } = fitted(measureIn({}, counter, onWork), true);
  const shared = {
    ...totals(files, rendered, measure, sizeOf(files, measure)),
    ...(floorReason ? { floorReason } : {}),
    ...(floorAt ? { floorAt } : {}),
  };
  const allowed = allowedTokens(budget, files[0]!.before)!;
  return neverLonger(files, shared, measure, onWork, (whole) => whole.rendered[0]!.recipientTokens <= allowed);
}

/**
 * The texts without any cut that was not asked for, if those of `shared` are not smaller. What the user left out goes without a
 * marker, if the text would be longer with it.
 * @param isMet whether a result meets the budget; absent without a budget
 */
function neverLonger(
  files: readonly Sharer[],
  shared: Shared,
  measure: Measure,
  onWork: OnWork,
  isMet?: (shared: Shared) => boolean,
): Shared {
  const isAsked = files.some((f) => f.order.forced > 0);
  if (shared.after < shared.before && !isAsked) return shared;
  const texts = (of: Shared): string[] => of.rendered.map((r) => r.text);
  const isSame = (a: Shared, b: Shared): boolean => texts(a).every((text, i) => text === texts(b)[i]);
  const withMarkers = totals(files, uncut(files, onWork), measure, shared.before);
  const isLonger = isAsked && withMarkers.after > withMarkers.before;
  const whole = isLonger ? totals(files, uncut(files, onWork, false), measure, shared.before) : withMarkers;
  if (isSame(shared, whole)) return shared.floorReason === 'code' ? { ...shared, floorReason: 'small' } : shared;
  if (shared.after < whole.after) return shared;
  if (!isMet) return { ...whole, floorReason: 'small' };
  if (isMet(whole)) return whole;
  return { ...whole, rendered: whole.rendered.map((r) => ({ ...r, floor: r.recipientTokens })), floorReason: 'small' };
}

function share(
  files: readonly Sharer[],
  budget: Budget,
  previousTokens: readonly (number | undefined)[],
  counter: TokenCounter,
  measure: Measure,
  onWork: OnWork,
  needsCode: boolean,
  byNeed: boolean,
): Shared {
  const fit = (file: Sharer, tokens: number): Fit => {
    onWork(file);
    return fitToTokens(file.order, tokens, file.options, needsCode ? stepsWithCode(file.order) : undefined);
  };
  const before = sizeOf(files, measure);
  const allowed = allowedTokens(budget, before)!;
  if (allowed >= before) {
    const forced = totals(files, uncut(files, onWork), measure, before);
    // Excluded units leave markers, and markers need a note: both can exceed the limit.
    if (budget.kind !== 'maxTokens' || forced.after <= budget.maxTokens) return forced;
  }
  const sizes = files.map((f) => f.before);
  const whole = sizes.reduce((a, b) => a + b, 0);
  const divide = (tokens: number, among: readonly Sharer[], floors: readonly (number | undefined)[] = []): number[] =>
    byNeed ? sharesByNeed(among, tokens, needsCode) : sharesBySize(among, tokens, floors);
  // If not every file can keep its last share, the last files give up theirs first: a prompt cache holds the beginning.
  for (let count = previousTokens.length; count > 0; count--) {
    if (previousTokens[count - 1] === undefined) continue;
    const fitted = keepShares(files, previousTokens.slice(0, count), allowed, before, measure, fit, divide);
    if (fitted) return fitted;
  }
  const floors = files.map((): number | undefined => undefined);
  const holds = files.map(() => false); // whether the last code of a file is all that stays
  let target = allowed - (before - whole); // headers are part of the budget
  let best: Shared | undefined;
  let stride = 1; // units are coarse: a step that changed nothing is followed by a longer one
  let previous = -1;
  for (let round = 0; round < 16; round++) {
    const shares = divide(target, files, floors);
    let settled = true;
    const rendered = files.map((f, i): Rendered & { floor?: number } => {
      const { rendered, floor, held = false } = fit(f, shares[i]!);
      holds[i] = held;
      if (floor !== undefined && floors[i] === undefined) {
        floors[i] = floor;
        settled = false;
      }
      return { ...rendered, ...(floor !== undefined ? { floor } : {}) };
    });
    const now = totals(files, rendered, measure, before);
    // The largest text within the budget wins; if there is none, the smallest.
    const better =
      now.after <= allowed ? !best || best.after > allowed || now.after > best.after : !best || now.after <= best.after; // a later one of the same size knows its floors
    if (better) best = now;
    if (floors.every((f) => f !== undefined)) break;
    const over = now.after - allowed; // positive: the note and merged borders; negative: unused because the next units are too large
    stride = now.after === previous ? stride * 2 : 1;
    previous = now.after;
    if (over > 0) target -= over * stride;
    else if (!settled) continue;
    else if (files.length === 1 || -over < allowed * SLACK) break;
    else target -= Math.ceil(over * 0.8);
  }
  // A floor is reported only if the whole missed the budget.
  if (best!.after <= allowed) for (const r of best!.rendered) delete (r as { floor?: number }).floor;
  else if (best!.rendered.every((r) => r.floor === undefined))
    best = { ...best!, rendered: best!.rendered.map((r) => ({ ...r, floor: r.recipientTokens })) }; // only what stands around them is left
  if (!best!.rendered.some((r) => r.floor !== undefined)) return best!;
  const smallest = files.map(({ order }, i) => ({ order, elisions: best!.rendered[i]!.elisions, held: holds[i]! }));
  // The floor of a single file includes what stands around its text.
  const rendered = files.length > 1 ? best!.rendered : [{ ...best!.rendered[0]!, floor: best!.after }];
  return { ...best!, rendered, ...floorOf(smallest, best!.after, allowed, counter) };
}

/** Recipient tokens of each file; 0 of one whose smallest text is known to be above its share. @param floors recipient tokens of these */
function sharesBySize(files: readonly Sharer[], tokens: number, floors: readonly (number | undefined)[]): number[] {
  const atFloor = floors.reduce<number>((sum, f) => sum + (f ?? 0), 0);
  const free = files.reduce((sum, { before }, i) => sum + (floors[i] === undefined ? before : 0), 0);
  return files.map(({ before }, i) =>
    floors[i] !== undefined ? 0 : Math.max(0, Math.floor(((tokens - atFloor) * before) / Math.max(1, free))),
  );
}

/**
 * Files with `previousTokens` get these again; the others get their fair share of the budget, or what is left of it.
 * @returns undefined if too little is left, or if too much stays unused
 */
function keepShares(
  files: readonly Sharer[],
  previousTokens: readonly (number | undefined)[],
  allowed: number,
  before: number,
  measure: Measure,
  fit: (file: Sharer, tokens: number) => Fit,
  divide: (tokens: number, among: readonly Sharer[]) => number[],
): Shared | undefined {
  const sum = (of: (f: Sharer, i: number) => number): number => files.reduce((total, f, i) => total + of(f, i), 0);
  const kept = files.map((f, i) => (previousTokens[i] === undefined ? undefined : fit(f, previousTokens[i]).rendered));
  const others = files.filter((_, i) => !kept[i]);
  const headers = before - sum((f) => f.before);
  const fairShares = divide(allowed - headers, files);
  const fair = sum((_, i) => (kept[i] ? 0 : fairShares[i]!));
  let target = Math.min(fair, allowed - headers - sum((_, i) => kept[i]?.recipientTokens ?? 0));
  for (let round = 0; round < 6; round++) {
    if (others.length && target < fair * LEAST_SHARE) return undefined;
    const shares = divide(target, others).values();
    const rendered = files.map((f, i) => kept[i] ?? fit(f, shares.next().value!).rendered);
    const now = totals(files, rendered, measure, before);
    if (now.after <= allowed) return now.after < allowed * (1 - PREVIOUS_SLACK) ? undefined : now;
    if (!others.length) return undefined;
    target -= (now.after - allowed) * 2 ** round; // doubled each round: units are coarse
  }
  return undefined;
}

/** The texts with nothing cut but what the user excluded. @param markers false leaves no markers there */
const uncut = (files: readonly Sharer[], onWork: OnWork, markers = true): Rendered[] =>
  files.map((f) => {
    onWork(f);
    return renderPrefix(f.order, f.order.forced, { ...f.options, markers: markers && f.options.markers });
  });

function measureIn(frame: FormatOptions, counter: TokenCounter, onWork: OnWork): Measure {
  return (files) => {
    onWork(undefined);
    return counter.count(formatContext(files, frame));
  };
}

function sizeOf(files: readonly Sharer[], measure: Measure): number {
  return measure(files.map((f) => f.source));
}

function totals(files: readonly Sharer[], rendered: readonly Rendered[], measure: Measure, before: number): Shared {
  const texts = files.map(({ source: { path, languageId } }, i) => {
    const { text, elisions } = rendered[i]!;
    return { path, languageId, text, elisions };
  });
  return { rendered, before, after: measure(texts) };
}
