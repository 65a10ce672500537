// Draws rows of small charts over the same stretch of a text: their outlines, the chosen lines, and the line numbers below.
import { linesOf, profileOf, type Part, type Window } from '../../inspector/layers';
import type { App } from './app';
import { tick, type Drawing } from './chart';
import { svg } from './dom';
import { count, percent, t } from './words';

const [LEFT, RIGHT] = [64, 44]; // px for the names and the shares
const AXIS = 34; // px for the lines below
const TICK = 52; // px between two of their numbers
const MANY = 10; // rows from which they are lower
const PARTS = 10; // of the text in the table
const LETTERS = 9; // of a name

/** One small chart. */
export interface Strip {
  readonly name: string;
  readonly kind: 'layer' | 'stays' | 'differs';
  /** [tokens] 0…1; below 0 where there is none. */
  readonly values: Float32Array;
  readonly share: number;
  readonly chosen?: boolean;
}

/** @param share the mean of the values, if it is not of those that there are */
export function stripOf(name: string, kind: Strip['kind'], values: Float32Array, share?: number): Strip {
  return { name, kind, values, share: share ?? profileOf(values, { from: 0, to: values.length }, 1)[0]?.mean ?? 0 };
}

/** The token at a place of a drawing, within what it shows. @param x px of the page */
export function tokenAtX({ window: { from, to } }: App, figure: Element, x: number): number {
  const { left, width } = figure.getBoundingClientRect();
  const share = (x - left - LEFT) / Math.max(1, width - LEFT - RIGHT);
  return Math.max(from, Math.min(to - 1, from + Math.floor(share * (to - from))));
}

/** @param label what the rows show. Example: What each layer kept along the text */
export function drawStrips(app: App, rows: readonly Strip[], width: number, label: string): Drawing {
  const { window } = app;
  const [height, gap] = rows.length > MANY ? [13, 3] : [24, 6];
  const inner = width - LEFT - RIGHT;
  const x = (token: number): number => LEFT + (inner * (token - window.from)) / Math.max(1, window.to - window.from);
  const bottom = rows.length * (height + gap);
  const strip = ({ name, kind, values, share, chosen }: Strip, i: number): SVGElement[] => {
    const base = i * (height + gap) + height;
    const words = kind === 'layer' ? 'tick' : 'tick strong';
    const short = name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name;
    return [
      ...(chosen
        ? [svg('rect', { class: 'chosen', x: 0, y: base - height - gap / 2, width, height: height + gap })]
        : []),
      tick(LEFT - 6, base - height / 2 + 4, 'end', short, words),
      svg('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: base, y2: base }),
      svg('path', {
        class: `profile ${kind}`,
        d: stepsOf(profileOf(values, window, Math.floor(inner / 2)), x, base, height),
      }),
      tick(width, base - height / 2 + 4, 'end', percent(share), words),
    ];
  };
  const [first, last] = lineNumbers(app, window);
  return {
    label: t('{0}, from line {1} to line {2}.', label, count(first), count(last)),
    height: bottom + AXIS,
    marks: [...rows.flatMap(strip), ...chosenLines(app, x, bottom), ...axis(app, x, inner, bottom)],
    ...asTable(app, rows),
  };
}

/** The chosen lines, as far as they are in view. */
function chosenLines({ chosenTokens, window }: App, x: (token: number) => number, height: number): SVGElement[] {
  if (!chosenTokens) return [];
  const [left, right] = [x(Math.max(window.from, chosenTokens.from)), x(Math.min(window.to, chosenTokens.to))];
  return right < left ? [] : [svg('rect', { class: 'brush', x: left, y: 0, width: Math.max(2, right - left), height })];
}

/** The numbers of some lines, where they begin. */
function axis(app: App, x: (token: number) => number, inner: number, bottom: number): SVGElement[] {
  const { window, report, textLines } = app;
  const [first, last] = lineNumbers(app, window);
  const most = Math.max(1, Math.floor(inner / TICK));
  const size = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((s) => (last - first) / s <= most) ?? 10_000;
  const marks: SVGElement[] = [];
  let free = LEFT - 10;
  let token = window.from;
  for (let line = Math.ceil(first / size) * size || size; line <= last; line += size) {
    while (token < window.to - 1 && textLines.at(report!.bounds[token + 1]! - 1) < line - 1) token++;
    const at = x(token);
    if (at < free || at > LEFT + inner - 4) continue;
    free = at + TICK - 12;
    marks.push(
      svg('line', { class: 'grid', x1: at, x2: at, y1: bottom, y2: bottom + 4 }),
      tick(at, bottom + 16, 'middle', count(line)),
    );
  }
  return [...marks, tick(LEFT + inner / 2, bottom + AXIS - 3, 'middle', t('Line'))];
}

function asTable(app: App, rows: readonly Strip[]): Pick<Drawing, 'head' | 'rows'> {
  const { from, to } = app.window;
  const size = (to - from) / PARTS;
  const parts = Array.from({ length: PARTS }, (_, i) => ({
    from: Math.floor(from + i * size),
    to: Math.max(Math.floor(from + i * size) + 1, Math.floor(from + (i + 1) * size)),
  }));
  return {
    head: [t('Lines'), ...parts.map((p) => lineNumbers(app, p).map(count).join(' – ')), t('All')],
    rows: () =>
      rows.map(({ name, values, share }) => [
        name,
        ...parts.map((p) => {
          const mean = profileOf(values, p, 1)[0]?.mean;
          return mean === undefined ? '–' : percent(mean);
        }),
        percent(share),
      ]),
  };
}

/** First and last line of some tokens, from 1. */
function lineNumbers({ report, textLines }: App, window: Window): [number, number] {
  const { first, last } = linesOf(window, report!.bounds, textLines);
  return [first + 1, last + 1];
}

/** The outline of a profile, in steps above its base line. */
function stepsOf(parts: readonly Part[], x: (token: number) => number, base: number, height: number): string {
  let path = '';
  let end = -1;
  for (const { from, to, mean } of parts) {
    if (from !== end) path += `${path ? `V${base}Z` : ''}M${x(from).toFixed(1)},${base}`;
    path += `V${(base - mean * height).toFixed(1)}H${x(to).toFixed(1)}`;
    end = to;
  }
  return path && `${path}V${base}Z`;
}
