// Draws all charts as one PNG: first as SVG with the theme's computed colours, then as pixels.
import { orderedLayers } from '../../inspector/layers';
import type { App } from './app';
import { svg } from './dom';
import { HeatMap } from './heatMap';
import { count, percent, t } from './words';

const GAP = 16;
const TITLE = 26;
const LEAST_WIDTH = 480; // of a column
const SCALE = 2;
/** The properties that the stylesheet sets on charts. */
const STYLES = [
  'fill',
  'fill-opacity',
  'paint-order',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'font-family',
  'font-size',
  'font-weight',
  'opacity',
];

/** A card with a drawing, if it has one now. */
interface Drawn {
  readonly title: string;
  readonly drawing: SVGSVGElement | null;
}

interface Pane {
  readonly title: string;
  readonly content: SVGElement;
  readonly height: number; // px, without the title
}

/**
 * The heat map and every chart as they are on the page, with their order, zoom and chosen lines, in two columns.
 * @returns the bytes of a PNG
 */
export async function picture(app: App, heatMap: HeatMap, charts: readonly Drawn[]): Promise<Uint8Array> {
  const style = getComputedStyle(document.body);
  const drawn = charts.flatMap((c) => (c.drawing ? [{ title: c.title, drawing: c.drawing }] : []));
  const width = drawn.reduce((max, { drawing }) => Math.max(max, drawing.viewBox.baseVal.width), LEAST_WIDTH);
  const panes: Pane[] = [
    { title: heatMap.title, ...heat(app, heatMap, width) },
    ...drawn.map(({ title, drawing }) => ({
      title,
      content: styled(drawing),
      height: drawing.viewBox.baseVal.height,
    })),
  ];
  // Each pane goes to the column that is shorter so far.
  const ends = [TITLE + GAP, TITLE + GAP];
  const placed = panes.map((pane) => {
    const column = ends[1]! < ends[0]! ? 1 : 0;
    const top = ends[column]!;
    ends[column] = top + TITLE + pane.height + GAP;
    return { ...pane, left: GAP + column * (width + GAP), top };
  });
  const size = { width: 2 * width + 3 * GAP, height: Math.max(ends[0]!, ends[1]!) };
  const text = { 'font-family': style.fontFamily, fill: style.color };
  const { report } = app;
  const sheet = svg(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', ...size, viewBox: `0 0 ${size.width} ${size.height}` },
    svg('rect', {
      ...size,
      fill: getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background') || '#fff',
    }),
    svg(
      'text',
      { x: GAP, y: GAP + 14, 'font-size': 15, 'font-weight': 600, ...text },
      `${app.subject!.path} · ${report!.scorer} · ${report!.model.name}`,
    ),
    ...placed.map(({ title, content, height, left, top }) => {
      content.setAttribute('y', String(TITLE));
      return svg(
        'svg',
        { x: left, y: top, width, height: height + TITLE },
        svg('text', { x: 0, y: 16, 'font-size': 13, 'font-weight': 600, ...text }, title),
        content,
      );
    }),
  );
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(sheet))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [size.width * SCALE, size.height * SCALE];
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  return new Uint8Array(await blob!.arrayBuffer());
}

/** A copy with computed styles, which needs no stylesheet. */
function styled(original: SVGSVGElement): SVGElement {
  const copy = original.cloneNode(true) as SVGSVGElement;
  const from = original.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, i) => {
    const seen = getComputedStyle(from[i]!);
    for (const name of STYLES) element.setAttribute(name, seen.getPropertyValue(name));
    element.removeAttribute('class');
  });
  const { width, height } = original.viewBox.baseVal;
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  return copy;
}

/** Draws the heat map, which is a table on the page, with each cell in the colours of its button. */
function heat(app: App, heatMap: HeatMap, width: number): Omit<Pane, 'title'> {
  const shares = HeatMap.shares(app);
  const heads = shares[0]!.length;
  const [left, top] = [64, 18];
  const [w, h] = [Math.min(110, (width - left) / heads), shares.length > 8 ? 18 : 28];
  const ink = getComputedStyle(document.body);
  const isContrast = document.body.classList.contains('vscode-high-contrast'); // bars take the place of colours
  const tint = ink.getPropertyValue('--vscode-charts-blue');
  const text = { 'font-family': ink.fontFamily, 'font-size': w < 60 ? 10 : 12, fill: ink.color };
  const content = svg(
    'svg',
    { width, height: top + shares.length * h },
    ...Array.from({ length: heads }, (_, head) =>
      svg(
        'text',
        { x: left + (head + 0.5) * w, y: 12, 'text-anchor': 'middle', ...text },
        w < 60 ? String(head) : t('Head {0}', head),
      ),
    ),
    ...orderedLayers(app.report!, app.order).flatMap((layer, row) => [
      svg('text', { x: 0, y: top + row * h + h * 0.65, ...text }, t('Layer {0}', layer)),
      ...shares[layer]!.flatMap(({ kept, share }, head) => {
        const [x, y] = [left + head * w, top + row * h];
        const seen = getComputedStyle(heatMap.cellOf(layer, head));
        const heat = Number(seen.getPropertyValue('--heat'));
        return [
          svg('rect', {
            x: x + 1,
            y: y + 1,
            width: w - 2,
            height: h - 2,
            fill: seen.backgroundColor,
            stroke: ink.color,
            'stroke-opacity': 0.25,
          }),
          ...(isContrast
            ? [svg('rect', { x: x + 2, y: y + h - 5, width: (w - 4) * heat, height: 3, fill: tint })]
            : []),
          svg(
            'text',
            { x: x + w / 2, y: y + h * 0.65, 'text-anchor': 'middle', ...text, fill: seen.color },
            w < 60 ? percent(share) : `${percent(share)} · ${count(kept)}`,
          ),
        ];
      }),
    ]),
  );
  return { content, height: top + shares.length * h };
}
