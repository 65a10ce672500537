// Fits how time grows with length, and writes the table and the picture of the growth bench.
import { table } from '../markdown';

/** The points of one stage on one kind of text. */
export interface Series {
  readonly stage: string;
  readonly family: string;
  readonly points: { readonly units: number; readonly cost: number }[];
  /** Set if it ended before the longest text. */
  ended: { readonly units: number; readonly reason: string } | undefined;
}

/** What is measured, and how it is told. */
export interface Measure {
  /** Lower costs are mostly overhead. */
  readonly least: number;
  readonly most: string;
  readonly last: string;
  show(cost: number): string;
}

/** Costs are ms of processor time. */
export const TIME: Measure = {
  least: 20,
  most: 'longest time',
  last: 'last time',
  show: (ms) => `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`,
};
/** Costs are executed blocks of code. */
export const WORK: Measure = {
  least: 10_000,
  most: 'most work',
  last: 'last work',
  show: (blocks) => (blocks < 1e6 ? `${Math.round(blocks / 1000)} k` : `${(blocks / 1e6).toFixed(1)} M`),
};

const FITTED = 5; // points at the end of a series: 4 doublings
const FEWEST = 3; // points
const STEEP = 1.2;
const WORST = 12; // rows of the second table, if fewer are above STEEP

export interface Fit {
  /** Slope of log time over log length: 1 is linear, 2 is quadratic. */
  readonly exponent: number;
  /** Number of points that it comes from. */
  readonly points: number;
}

/** The line of least squares through the last points of a series, on logarithmic scales; undefined with too few of at least `least`. */
export function fitOf({ points }: Pick<Series, 'points'>, { least }: Measure): Fit | undefined {
  const last = points.filter((p) => p.cost >= least).slice(-FITTED);
  if (last.length < FEWEST) return undefined;
  const x = last.map((p) => Math.log(p.units));
  const y = last.map((p) => Math.log(p.cost));
  const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  const top = x.reduce((sum, v, i) => sum + (v - mx) * (y[i]! - my), 0);
  return { exponent: top / x.reduce((sum, v) => sum + (v - mx) ** 2, 0), points: last.length };
}

const kilo = (units: number): string => `${Math.round(units / 1000).toLocaleString('en')} k`;
const lastCost = (s: Series): number => s.points.at(-1)?.cost ?? 0;

/** What all series give, one row for each stage, the steepest series, and those that ended before the longest text. */
export function growthTables(all: readonly Series[], measure: Measure): string {
  const { least, most, last, show } = measure;
  const fits = new Map(all.flatMap((s) => (fitOf(s, measure) ? [[s, fitOf(s, measure)!] as const] : [])));
  const steepness = (s: Series): number => fits.get(s)?.exponent ?? -1;
  const bracketed = ({ exponent, points }: Fit): string => `${exponent.toFixed(2)} (${points})`;
  const rows = [...new Set(all.map((s) => s.stage))].map((stage) => {
    const own = all.filter((s) => s.stage === stage);
    const steepest = own.reduce((a, b) => (steepness(b) > steepness(a) ? b : a));
    const slowest = own.reduce((a, b) => (lastCost(b) > lastCost(a) ? b : a));
    const fit = fits.get(steepest);
    const end = slowest.points.at(-1);
    return [
      stage,
      `${own.length}`,
      `${own.filter((s) => fits.has(s)).length}`,
      fit ? bracketed(fit) : '',
      fit ? steepest.family : '',
      end ? `${show(end.cost)} for ${kilo(end.units)}` : '',
      end ? slowest.family : '',
    ];
  });
  const unfitted = all.filter((s) => !fits.has(s));
  const fitted = [...fits.keys()].sort((a, b) => steepness(b) - steepness(a));
  const steep = fitted.filter((s) => steepness(s) > STEEP).length;
  const unfinished = all.filter((s) => s.ended);
  return [
    `${all.length} series; ${fitted.length} have an exponent, ${steep} of them above ${STEEP}. The others have fewer than ${FEWEST} points of ${show(least)}; their last is ${show(Math.max(0, ...unfitted.map(lastCost)))} at most. The number of points is in brackets.`,
    '',
    ...table(['stage', 'kinds of texts', 'with an exponent', 'largest exponent', 'of', most, 'of'], rows),
    '',
    'The steepest of all:',
    '',
    ...table(
      ['stage', 'text', 'exponent', last, 'characters'],
      fitted.slice(0, Math.max(WORST, steep)).map((s) => {
        const end = s.points.at(-1)!;
        return [s.stage, s.family, bracketed(fits.get(s)!), show(end.cost), kilo(end.units)];
      }),
    ),
    ...(unfinished.length
      ? [
          '',
          'Ended early:',
          '',
          ...table(
            ['stage', 'text', 'characters', 'reason'],
            unfinished.map((s) => [s.stage, s.family, kilo(s.ended!.units), s.ended!.reason]),
          ),
        ]
      : []),
  ].join('\n');
}

/** An SVG: processor time against length on logarithmic scales, one line for each series; dashed: linear growth. */
export function growthPicture(all: readonly Series[]): string {
  const [left, top, wide, high] = [60, 30, 640, 380];
  const points = all.flatMap((s) => s.points.filter((p) => p.cost > 1));
  if (!points.length) return '<svg xmlns="http://www.w3.org/2000/svg"/>\n';
  const ends = (of: (p: { units: number; cost: number }) => number): [number, number] =>
    points.reduce<[number, number]>(([a, b], p) => [Math.min(a, of(p)), Math.max(b, of(p))], [Infinity, 0]);
  const [minX, maxX] = ends((p) => p.units);
  const [minY, maxY] = ends((p) => p.cost);
  const scale = (v: number, from: number, to: number): number => Math.log(v / from) / Math.log(to / from || 2);
  const x = (units: number): string => (left + scale(units, minX, maxX) * wide).toFixed(1);
  const y = (ms: number): string => (top + high - scale(ms, minY, maxY) * high).toFixed(1);
  const line = (s: Series): string => {
    const shown = s.points.filter((p) => p.cost > 1);
    const steep = (fitOf(s, TIME)?.exponent ?? 0) > STEEP;
    return shown.length < 2
      ? ''
      : `<polyline${steep ? ' class="steep"' : ''} points="${shown.map((p) => `${x(p.units)},${y(p.cost)}`).join(' ')}"><title>${s.stage}: ${s.family}</title></polyline>`;
  };
  const ticks = (from: number, to: number): number[] => {
    const out: number[] = [];
    for (let v = 10 ** Math.ceil(Math.log10(from)); v <= to; v *= 10) out.push(v);
    return out;
  };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${left + wide + 30} ${top + high + 40}" font-family="system-ui, sans-serif" font-size="12">`,
    '<style>text{fill:#57606a}line,polyline{stroke:#8c959f;fill:none}polyline{stroke-opacity:.5}.steep{stroke:#cf222e;stroke-opacity:1}@media(prefers-color-scheme:dark){text{fill:#9198a1}.steep{stroke:#f85149}}</style>',
    `<text x="${left}" y="18">processor time by UTF-16 units, logarithmic (dashed: linear)</text>`,
    `<line x1="${left}" x2="${left + wide}" y1="${top + high}" y2="${top + high}"/>`,
    `<line stroke-dasharray="4 4" x1="${x(minX)}" y1="${y(Math.max(minY, (maxY * minX) / maxX))}" x2="${x(maxX)}" y2="${y(Math.min(maxY, Math.max(minY, (maxY * minX) / maxX) * (maxX / minX)))}"/>`,
    ...all.map(line).filter(Boolean),
    ...ticks(minX, maxX).map((v) => `<text x="${x(v)}" y="${top + high + 16}" text-anchor="middle">${kilo(v)}</text>`),
    ...ticks(minY, maxY).map(
      (v) => `<text x="${left - 6}" y="${y(v)}" text-anchor="end">${v < 1000 ? `${v} ms` : `${v / 1000} s`}</text>`,
    ),
    '</svg>',
    '',
  ].join('\n');
}
