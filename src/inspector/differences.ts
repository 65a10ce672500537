// Finds the lines on which two cuts of a text differ.
import { TOKEN_CLASSES, type InspectReport } from '../core/context';
import type { Lines } from '../core/lines';
import type { LineRange } from './layers';

/** Neighbouring lines, and how many of their tokens only one of the two cuts leaves. */
export interface Difference extends LineRange {
  readonly onlyFirst: number;
  readonly onlySecond: number;
}

const BLANK = TOKEN_CLASSES.indexOf('blank');
const GAP = 1; // lines between two that differ which do not part them

/**
 * The places that differ, the one with most tokens first. Blank tokens make no difference.
 * @param differences [tokens] 1 where only the first keeps the token, −1 where only the second does
 */
export function differingLines(
  { bounds, classes }: Pick<InspectReport, 'bounds' | 'classes'>,
  differences: ArrayLike<number>,
  lines: Lines,
): Difference[] {
  const found: { first: number; last: number; onlyFirst: number; onlySecond: number }[] = [];
  for (let t = 0; t < differences.length; t++) {
    if (!differences[t] || classes[t] === BLANK) continue;
    const line = lines.at(bounds[t + 1]! - 1);
    let place = found.at(-1);
    if (!place || line - place.last > GAP + 1) {
      place = { first: line, last: line, onlyFirst: 0, onlySecond: 0 };
      found.push(place);
    }
    place.last = line;
    if (differences[t]! > 0) place.onlyFirst++;
    else place.onlySecond++;
  }
  const weight = (d: Difference): number => d.onlyFirst + d.onlySecond;
  return found.sort((a, b) => weight(b) - weight(a) || a.first - b.first);
}
