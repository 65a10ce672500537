// Draws what each layer kept along the text: one small chart a layer, all over the same tokens, with the chosen lines.
import { linesOf, orderedLayers, profileOf, type Part, type Window } from '../../inspector/layers';
import { keptBy } from '../../inspector/scope';
import type { App } from './app';
import { Chart, tick, type Drawing } from './chart';
import { svg } from './dom';
import { count, percent, t } from './words';

const [LEFT, RIGHT] = [60, 44]; // px for the names and the shares
const AXIS = 34; // px for the lines below
const TICK = 52; // px between two of their numbers
const MANY = 10; // rows from which they are lower
const PARTS = 10; // of the text in the table

/** The row of a layer, or of what the budget leaves. */
interface Row {
  readonly name: string;
  readonly layer?: number;
  readonly values: Float32Array; // [tokens] 0…1
  readonly share: number; // their mean
}

export class LayerStrips {
  readonly chart: Chart;
  private rows: readonly Row[] = [];

  /** @param about what stands above the drawing */
  constructor(
    private readonly app: App,
    about: readonly Node[],
  ) {
    app.onChange((topic) => {
      if (app.report && (topic === 'report' || topic === 'order' || topic === 'budget')) this.rows = this.allRows();
    });
    this.chart = new Chart(app, 'strips', t('Along the text'), (width) => this.draw(width), {
      about,
      topics: ['report', 'scope', 'order', 'window', 'lines', 'budget'],
    });
  }

  /** The token at a place of the drawing, within what it shows. @param x px of the page */
  tokenAt(x: number): number {
    const { left, width } = this.chart.figure.getBoundingClientRect();
    const { from, to } = this.app.window;
    const share = (x - left - LEFT) / Math.max(1, width - LEFT - RIGHT);
    return Math.max(from, Math.min(to - 1, from + Math.floor(share * (to - from))));
  }

  /** What the budget leaves, then the layers in their order. */
  private allRows(): Row[] {
    const { app } = this;
    const report = app.report!;
    const row = (name: string, values: Float32Array, layer?: number): Row => ({
      name,
      ...(layer === undefined ? {} : { layer }),
      values,
      share: values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length),
    });
    const stays = app.outcomes?.first;
    const layers = orderedLayers(report, app.order).map((layer) => {
      const kept = keptBy(report, { kind: 'layer', layer });
      return row(
        t('Layer {0}', layer),
        Float32Array.from(kept, (n) => n / report.heads),
        layer,
      );
    });
    return [...(stays ? [row(t('Budget'), Float32Array.from(stays))] : []), ...layers];
  }

  private draw(width: number): Drawing {
    const { app, rows } = this;
    const { window } = app;
    const [height, gap] = rows.length > MANY ? [13, 3] : [24, 6];
    const inner = width - LEFT - RIGHT;
    const x = (token: number): number => LEFT + (inner * (token - window.from)) / Math.max(1, window.to - window.from);
    const bottom = rows.length * (height + gap);
    const chosen = app.scope.kind === 'all' ? undefined : app.scope.layer;
    const strip = ({ name, layer, values, share }: Row, i: number): SVGElement[] => {
      const base = i * (height + gap) + height;
      const profile = profileOf(values, window, Math.floor(inner / 2));
      const words = layer === undefined ? 'tick strong' : 'tick';
      return [
        ...(layer !== undefined && layer === chosen
          ? [svg('rect', { class: 'chosen', x: 0, y: base - height - gap / 2, width, height: height + gap })]
          : []),
        tick(LEFT - 6, base - height / 2 + 4, 'end', name, words),
        svg('line', { class: 'grid', x1: LEFT, x2: width - RIGHT, y1: base, y2: base }),
        svg('path', {
          class: layer === undefined ? 'profile stays' : 'profile',
          d: stepsOf(profile, x, base, height),
        }),
        tick(width, base - height / 2 + 4, 'end', percent(share), words),
      ];
    };
    const shown = this.linesOf(window);
    return {
      label: t('What each layer kept along the text, from line {0} to line {1}.', count(shown[0]), count(shown[1])),
      height: bottom + AXIS,
      marks: [...rows.flatMap(strip), ...this.chosenLines(x, bottom), ...this.axis(x, inner, bottom)],
      ...this.asTable(),
    };
  }

  /** The chosen lines, as far as they are in view. */
  private chosenLines(x: (token: number) => number, height: number): SVGElement[] {
    const chosen = this.app.chosenTokens;
    if (!chosen) return [];
    const { from, to } = this.app.window;
    const [left, right] = [x(Math.max(from, chosen.from)), x(Math.min(to, chosen.to))];
    return right < left
      ? []
      : [svg('rect', { class: 'brush', x: left, y: 0, width: Math.max(2, right - left), height })];
  }

  /** The numbers of some lines, where they begin. */
  private axis(x: (token: number) => number, inner: number, bottom: number): SVGElement[] {
    const { window, report, textLines } = this.app;
    const [first, last] = this.linesOf(window);
    const most = Math.max(1, Math.floor(inner / TICK));
    const size =
      [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((s) => (last - first) / s <= most) ?? 10_000;
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

  private asTable(): Pick<Drawing, 'head' | 'rows'> {
    const { from, to } = this.app.window;
    const size = (to - from) / PARTS;
    const parts = Array.from({ length: PARTS }, (_, i) => ({
      from: Math.floor(from + i * size),
      to: Math.max(Math.floor(from + i * size) + 1, Math.floor(from + (i + 1) * size)),
    }));
    return {
      head: [t('Lines'), ...parts.map((p) => this.linesOf(p).map(count).join(' – ')), t('All')],
      rows: () =>
        this.rows.map(({ name, values, share }) => [
          name,
          ...parts.map((p) => percent(profileOf(values, p, 1)[0]?.mean ?? 0)),
          percent(share),
        ]),
    };
  }

  /** First and last line of some tokens, from 1. */
  private linesOf(window: Window): [number, number] {
    const { first, last } = linesOf(window, this.app.report!.bounds, this.app.textLines);
    return [first + 1, last + 1];
  }
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
