// Draws the charts of the reading: retention by layer, scores with their cut, evictions by update.
import { cutScore, evictions, layerBands, scoreHistogram } from '../../inspector/summary';
import type { App } from './app';
import { Chart, Plot, tick, type Drawing } from './chart';
import { el, svg } from './dom';
import { count, decimal, percent, t } from './words';

const TICK = 30; // px that the words below a bar need
const CUT = 80; // px that the words at a cut need

export function retentionCurve(app: App): Chart {
  return new Chart(app, 'curve', t('Retention by layer'), (width) => {
    const bands = layerBands(app.report!);
    const plot = new Plot(width);
    const step = plot.inner / bands.length;
    const x = (i: number): number => plot.left + step * (i + 0.5);
    const path = (points: readonly (readonly [number, number])[]): string =>
      points.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
    const chosen = app.scope.kind === 'all' ? undefined : app.scope.layer;
    const half = Math.min(24, step / 2.5); // half the width of a single layer's band
    const every = Math.ceil(TICK / step);
    const band =
      bands.length > 1
        ? path([
            ...bands.map((b) => [x(b.layer), plot.y(b.max)] as const),
            ...bands.map((b) => [x(b.layer), plot.y(b.min)] as const).reverse(),
          ])
        : path([
            [x(0) - half, plot.y(bands[0]!.max)],
            [x(0) + half, plot.y(bands[0]!.max)],
            [x(0) + half, plot.y(bands[0]!.min)],
            [x(0) - half, plot.y(bands[0]!.min)],
          ]);
    return {
      label: t(
        'Share of tokens kept in each layer: the mean over its heads, and the band from the lowest to the highest head.',
      ),
      marks: [
        ...plot.verticalAxis([0, 0.25, 0.5, 0.75, 1], percent),
        ...(chosen === undefined
          ? []
          : [svg('rect', { class: 'chosen', x: x(chosen) - step / 2, y: plot.top, width: step, height: plot.height })]),
        svg('polygon', { class: 'band', points: band }),
        svg('polyline', { class: 'line', points: path(bands.map((b) => [x(b.layer), plot.y(b.mean)])) }),
        ...bands.map((b) =>
          svg(
            'circle',
            { class: 'dot', cx: x(b.layer), cy: plot.y(b.mean), r: 3.5 },
            svg('title', {}, `${t('Layer {0}', b.layer)}: ${percent(b.mean)}`),
          ),
        ),
        ...bands.filter((b) => b.layer % every === 0).map((b) => plot.below(x(b.layer), String(b.layer))),
        plot.axisName(t('Layer')),
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
  const draw = (width: number): Drawing => {
    const report = app.report!;
    const plot = new Plot(width);
    const bins = scoreHistogram(report, app.scope);
    const cut = cutScore(report, app.scope);
    const most = bins.reduce((max, b) => Math.max(max, b.kept + b.dropped), 1);
    const [low, high] = [bins[0]?.from ?? 0, bins.at(-1)?.to ?? 1];
    const x = (score: number): number => plot.left + (plot.inner * (score - low)) / (high - low || 1);
    const cutX = cut !== undefined && cut >= low && cut <= high ? x(cut) : undefined;
    return {
      label:
        cut === undefined
          ? t('Number of tokens by score, kept and dropped.')
          : t('Number of tokens by score, kept and dropped; a cache keeps a token from {0} on.', decimal(cut)),
      marks: [
        ...plot.verticalAxis([0, 0.5, 1], (share) => count(Math.round(share * most))),
        ...bins.flatMap((b) => {
          const [left, size] = [x(b.from) + 0.5, Math.max(1, x(b.to) - x(b.from) - 1)];
          const dropped = (b.dropped / most) * plot.height;
          const kept = (b.kept / most) * plot.height;
          const title = `${decimal(b.from)} … ${decimal(b.to)}: ${count(b.kept)} / ${count(b.dropped)}`;
          return [plot.bar('dropped', left, size, dropped), plot.bar('kept', left, size, kept, dropped, title)];
        }),
        ...(cutX === undefined
          ? []
          : [
              svg('line', { class: 'cut', x1: cutX, x2: cutX, y1: plot.top - 4, y2: plot.top + plot.height }),
              cutX - plot.left > CUT
                ? tick(cutX - 5, plot.top + 6, 'end', t('cut at {0}', decimal(cut!)), 'tick strong')
                : tick(
                    Math.min(cutX + 5, plot.right - CUT),
                    plot.top + 6,
                    'start',
                    t('cut at {0}', decimal(cut!)),
                    'tick strong',
                  ),
            ]),
        ...(width < 320 ? [0, 0.5, 1] : [0, 0.25, 0.5, 0.75, 1]).map((share) =>
          plot.below(
            plot.left + share * plot.inner,
            decimal(low + share * (high - low)),
            share === 1 ? 'end' : 'middle',
          ),
        ),
        plot.axisName(t('Score')),
      ],
      head: [t('Score'), t('Kept'), t('Dropped')],
      rows: () => bins.map((b) => [`${decimal(b.from)} … ${decimal(b.to)}`, count(b.kept), count(b.dropped)]),
    };
  };
  return new Chart(app, 'scores', t('Scores and where they are cut'), draw, { about: [legend] });
}

/** @param about what stands above the drawing */
export function evictionChart(app: App, about: readonly Node[]): Chart {
  const draw = (width: number): Drawing => {
    const { evicted, stayed } = evictions(app.report!, app.scope);
    const plot = new Plot(width);
    const bars = [...evicted.map((n, i) => ({ name: String(i + 1), n })), { name: t('stayed'), n: stayed }];
    const entries = bars.reduce((sum, b) => sum + b.n, 0);
    const total = Math.max(1, entries);
    const most = bars.reduce((max, b) => Math.max(max, b.n), 1);
    const step = plot.inner / bars.length;
    const every = Math.ceil(TICK / step);
    const last = bars.length - 1;
    return {
      label: t('Entries that the caches evicted after each chunk of the text, and those that stayed to the end.'),
      marks: [
        ...plot.verticalAxis([0, 0.5, 1], (share) => count(Math.round(share * most))),
        ...(app.moment === undefined
          ? []
          : [
              svg('rect', {
                class: 'chosen',
                x: plot.left,
                y: plot.top,
                width: app.moment * step,
                height: plot.height,
              }),
            ]),
        ...bars.map(({ name, n }, i) => {
          const title = `${name}: ${count(n)} (${percent(n / total)})`;
          const height = (n / most) * plot.height;
          const kind = i === last ? 'kept' : 'dropped';
          return plot.bar(kind, plot.left + i * step + step * 0.1, step * 0.8, height, 0, title);
        }),
        ...bars.flatMap(({ name }, i) => {
          if (i === last && step < 2 * TICK) return [plot.below(plot.right, name, 'end')];
          if (i === last) return [plot.below(plot.left + (i + 0.5) * step, name)];
          return i % every || (step < 2 * TICK && (last - i) * step < 1.5 * TICK)
            ? []
            : [plot.below(plot.left + (i + 0.5) * step, name)];
        }),
        plot.axisName(t('Chunk')),
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
  };
  return new Chart(app, 'evictions', t('When the reading evicted them'), draw, {
    about,
    topics: ['report', 'scope', 'moment'],
  });
}
