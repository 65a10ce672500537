// Says after how many cuts some code of a text is left: an excerpt without any code tells nothing.
import { getOrMake } from '../core/getOrMake';
import { firstIndexWhere } from '../core/search';
import { complementSpans, overlaps, sharedSpans, unionSpans, type Span } from '../core/span';
import type { CutOrder } from './order';
import { unitsOf } from './render';

const known = new WeakMap<CutOrder, number>();

/**
 * The most steps of an order that leave some code. Code is what could be cut and is no comment, and what stays because the user
 * keeps it or the grammar cannot read it; of a text of comments it is the comments. The head of a package alone is none.
 * @returns all steps if the user left everything out himself, or if the text is blank
 */
export function stepsWithCode(order: CutOrder): number {
  return getOrMake(known, order, () => {
    const { steps, forced } = order;
    const words = wordsOf(order);
    // One sort for all looks: a step is given by its place in the order.
    const units = steps.map(({ unit }, step) => ({ unit, step })).sort((a, b) => a.unit.start - b.unit.start);
    const isLeft = (count: number): boolean => {
      let end = 0;
      for (const { unit, step } of units) {
        if (step >= count) continue;
        if (unit.start > end && overlaps(words, end, unit.start)) return true;
        end = Math.max(end, unit.end);
      }
      return overlaps(words, end, order.source.text.length);
    };
    if (isLeft(steps.length) || !isLeft(forced)) return steps.length;
    return firstIndexWhere(steps, (_, i) => !isLeft(i + 1), forced);
  });
}

/** The words and numbers in the code of a text. */
function wordsOf(order: CutOrder): Span[] {
  const { source, structure, pins } = order;
  const { text } = source;
  const units = unitsOf(order, order.steps.length);
  // The members of an outermost object stay whatever is cut: they are its content.
  const members = source.languageId === 'json' ? complementSpans(unionSpans(units), text.length) : [];
  const code = unionSpans([...units.filter((u) => !u.comment), ...members, ...structure.unparsed, ...pins]);
  const comments = unionSpans([...units.filter((u) => u.comment), ...(structure.comments ?? [])]);
  const wordsIn = (spans: readonly Span[]): Span[] =>
    spans.flatMap(({ start, end }) =>
      [...text.slice(start, end).matchAll(/[\p{L}\p{N}_$]+/gu)].map(({ index, 0: word }) => ({
        start: start + index,
        end: start + index + word.length,
      })),
    );
  const words = wordsIn(sharedSpans(code, complementSpans(comments, text.length)));
  return words.length ? words : wordsIn(unionSpans(units));
}
