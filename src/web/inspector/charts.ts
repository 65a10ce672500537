// Draws the three charts: retention per layer, scores with their cut, evictions by update. Each has a table with the
// same data.
import { cutScore, evictions, layerBands, scoreHistogram } from '../../inspector/summary';
import type { App } from './app';
import { card, el, svg } from './dom';
import { DataTable, table, type Cell } from './table';
import { count, decimal, percent, t } from './words';

export const WIDTH = 480;
export const HEIGHT = 210;
const BOX = { left: 46, right: 12, top: 14, bottom: 36 };
const inner = { width: WIDTH - BOX.left - BOX.right, height: HEIGHT - BOX.top - BOX.bottom };
const y = (share: number): number => BOX.top + (1 - share) * inner.height;

export interface Drawing {
  /** Label for screen readers. */
  readonly label: string;
  readonly marks: readonly SVGElement[];
  readonly head: readonly string[];
  readonly rows: () => readonly (readonly Cell[])[];
}

/** A card with a chart and its table, drawn again when the report or the scope changes. */
export class Chart {
  readonly element: HTMLElement;
  private readonly figure = el('figure');
  private readonly dataTable: DataTable;

  constructor(
    app: App,
    id: string,
    readonly title: string,
    draw: () => Drawing,
    legend?: Node,
  ) {
    this.dataTable = new DataTable(app, id, t('As a table'));
    this.element = card(id, title, this.figure, legend, this.dataTable.element);
    app.onChange((topic) => {
      if (app.report && (topic === 'report' || topic === 'scope')) this.show(draw());
    });
  }

  get drawing(): SVGSVGElement | null {
    return this.figure.querySelector('svg');
  }

  private show({ label, marks, head, rows }: Drawing): void {
    this.figure.replaceChildren(
      svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': label }, ...marks),
    );
    this.dataTable.show(() => table(this.title, head, rows()));
  }
}

export function retentionCurve(app: App): Chart {
  return new Chart(app, 'curve', t('Retention by layer'), () => {
    const bands = layerBands(app.report!);
    const x = (i: number): number => BOX.left + (inner.width * (i + 0.5)) / bands.length;
    const path = (points: readonly (readonly [number, number])[]): string =>
      points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
    const chosen = app.scope.kind === 'all' ? undefined : app.scope.layer;
    const half = Math.min(24, inner.width / bands.length / 2.5); // half the width of a single layer's band
    const band =
      bands.length > 1
        ? path([
            ...bands.map((b) => [x(b.layer), y(b.max)] as const),
            ...bands.map((b) => [x(b.layer), y(b.min)] as const).reverse(),
          ])
        : path([
            [x(0) - half, y(bands[0]!.max)],
            [x(0) + half, y(bands[0]!.max)],
            [x(0) + half, y(bands[0]!.min)],
            [x(0) - half, y(bands[0]!.min)],
          ]);
    return {
      label: t(
        'Share of tokens kept in each layer: the mean over its heads, and the band from the lowest to the highest head.',
      ),
      marks: [
        ...verticalAxis([0, 0.25, 0.5, 0.75, 1], percent),
        ...(chosen === undefined
          ? []
          : [
              svg('rect', {
                class: 'chosen',
                x: x(chosen) - inner.width / bands.length / 2,
                y: BOX.top,
                width: inner.width / bands.length,
                height: inner.height,
              }),
            ]),
        svg('polygon', { class: 'band', points: band }),
        svg('polyline', { class: 'line', points: path(bands.map((b) => [x(b.layer), y(b.mean)])) }),
        ...bands.map((b) =>
          svg(
            'circle',
            { class: 'dot', cx: x(b.layer), cy: y(b.mean), r: 3.5 },
            svg('title', {}, `${t('Layer {0}', b.layer)}: ${percent(b.mean)}`),
          ),
        ),
        ...bands.map((b) => tick(x(b.layer), HEIGHT - 20, 'middle', String(b.layer))),
        axisName(t('Layer')),
      ],
      head: [t('Layer'), t('Lowest head'), t('Mean'), t('Highest head')],
      rows: () => bands.map((b) => [t('Layer {0}', b.layer), percent(b.min), percent(b.mean), percent(b.max)]),
    };
  });
}

export function scoreChart(app: App): Chart {
  const legend = el(
    'p',
    { class: 'legend' },
    el('span', { class: 'key kept' }),
    t('kept'),
    ' ',
    el('span', { class: 'key dropped' }),
    t('dropped'),
  );
  return new Chart(
    app,
    'scores',
    t('Scores and where they are cut'),
    () => {
      const report = app.report!;
      const bins = scoreHistogram(report, app.scope);
      const cut = cutScore(report, app.scope);
      const most = bins.reduce((max, b) => Math.max(max, b.kept + b.dropped), 1);
      const [low, high] = [bins[0]?.from ?? 0, bins.at(-1)?.to ?? 1];
      const x = (score: number): number => BOX.left + (inner.width * (score - low)) / (high - low || 1);
      const cutX = cut !== undefined && cut >= low && cut <= high ? x(cut) : undefined;
      return {
        label:
          cut === undefined
            ? t('Number of tokens by score, kept and dropped.')
            : t('Number of tokens by score, kept and dropped; a cache keeps a token from {0} on.', decimal(cut)),
        marks: [
          ...verticalAxis([0, 0.5, 1], (share) => count(Math.round(share * most))),
          ...bins.flatMap((b) => {
            const [left, width] = [x(b.from) + 0.5, Math.max(1, x(b.to) - x(b.from) - 1)];
            const dropped = (b.dropped / most) * inner.height;
            const kept = (b.kept / most) * inner.height;
            const title = `${decimal(b.from)} … ${decimal(b.to)}: ${count(b.kept)} / ${count(b.dropped)}`;
            return [bar('dropped', left, width, dropped, 0), bar('kept', left, width, kept, dropped, title)];
          }),
          ...(cutX === undefined
            ? []
            : [
                svg('line', { class: 'cut', x1: cutX, x2: cutX, y1: BOX.top - 4, y2: BOX.top + inner.height }),
                cutX > WIDTH - 110
                  ? tick(cutX - 5, BOX.top + 6, 'end', t('cut at {0}', decimal(cut!)), 'tick strong')
                  : tick(cutX + 5, BOX.top + 6, 'start', t('cut at {0}', decimal(cut!)), 'tick strong'),
              ]),
          ...[0, 0.25, 0.5, 0.75, 1].map((share) => {
            const anchor = share === 1 ? 'end' : 'middle';
            return tick(BOX.left + share * inner.width, HEIGHT - 20, anchor, decimal(low + share * (high - low)));
          }),
          axisName(t('Score')),
        ],
        head: [t('Score'), t('Kept'), t('Dropped')],
        rows: () => bins.map((b) => [`${decimal(b.from)} … ${decimal(b.to)}`, count(b.kept), count(b.dropped)]),
      };
    },
    legend,
  );
}

export function evictionChart(app: App): Chart {
  return new Chart(app, 'evictions', t('When the reading evicted them'), () => {
    const { evicted, stayed } = evictions(app.report!, app.scope);
    const bars = [...evicted.map((n, i) => ({ name: String(i + 1), n })), { name: t('stayed'), n: stayed }];
    const entries = bars.reduce((sum, b) => sum + b.n, 0);
    const total = Math.max(1, entries);
    const most = bars.reduce((max, b) => Math.max(max, b.n), 1);
    const step = inner.width / bars.length;
    const every = Math.ceil(bars.length / 16);
    return {
      label: t('Entries that the caches evicted after each chunk of the text, and those that stayed to the end.'),
      marks: [
        ...verticalAxis([0, 0.5, 1], (share) => count(Math.round(share * most))),
        ...bars.map(({ name, n }, i) => {
          const height = (n / most) * inner.height;
          const kind = i === bars.length - 1 ? 'kept' : 'dropped';
          const title = `${name}: ${count(n)} (${percent(n / total)})`;
          return bar(kind, BOX.left + i * step + step * 0.1, step * 0.8, height, 0, title);
        }),
        ...bars.flatMap(({ name }, i) => {
          const last = i === bars.length - 1;
          if (!last && (i % every || i > bars.length - 1 - every)) return [];
          return [tick(BOX.left + (i + 0.5) * step, HEIGHT - 20, 'middle', name)];
        }),
        axisName(t('Chunk')),
      ],
      head: [t('Chunk'), t('Evicted'), t('Share'), t('Still there')],
      rows: () => [
        ...evicted.map((n, i) => [
          t('Chunk {0}', i + 1),
          count(n),
          percent(n / total),
          count(total - evicted.slice(0, i + 1).reduce((a, b) => a + b, 0)),
        ]),
        [t('stayed'), count(stayed), percent(stayed / total), count(stayed)],
      ],
    };
  });
}

/** @param words for a share of the chart's height */
function verticalAxis(shares: readonly number[], words: (share: number) => string): SVGElement[] {
  return shares.flatMap((share) => [
    svg('line', { class: 'grid', x1: BOX.left, x2: WIDTH - BOX.right, y1: y(share), y2: y(share) }),
    tick(BOX.left - 6, y(share) + 4, 'end', words(share)),
  ]);
}

function axisName(name: string): SVGElement {
  return tick(BOX.left + inner.width / 2, HEIGHT - 4, 'middle', name);
}

function tick(x: number, y: number, anchor: 'start' | 'middle' | 'end', text: string, name = 'tick'): SVGElement {
  return svg('text', { class: name, x, y, 'text-anchor': anchor }, text);
}

/** @param below height of the bar that it stands on */
function bar(
  kind: 'kept' | 'dropped',
  x: number,
  width: number,
  height: number,
  below: number,
  title?: string,
): SVGElement {
  const attributes = { class: `bar ${kind}`, x, y: BOX.top + inner.height - below - height, width, height };
  return svg('rect', attributes, title && svg('title', {}, title));
}
