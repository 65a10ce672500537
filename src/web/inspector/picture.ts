// Draws all charts as one PNG: first as SVG with the theme's computed colours, then as pixels.
import type { App } from './app';
import { HEIGHT, WIDTH, type Chart } from './charts';
import { svg } from './dom';
import { HeatMap } from './heatMap';
import { count, percent, t } from './words';

const GAP = 16;
const TITLE = 26;
const SCALE = 2;
/** The properties that the stylesheet sets on charts. */
const STYLES = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'font-family',
  'font-size',
  'font-weight',
  'opacity',
];

/** The heat map and every chart, two per row, in their colours on the page. @returns the bytes of a PNG */
export async function picture(app: App, charts: readonly Chart[]): Promise<Uint8Array> {
  const style = getComputedStyle(document.body);
  const panes = [
    { title: t('Tokens kept by layer and head'), content: heat(app) as SVGElement },
    ...charts.flatMap((c) => (c.drawing ? [{ title: c.title, content: styled(c.drawing) }] : [])),
  ];
  const rows = Math.ceil(panes.length / 2);
  const [width, height] = [2 * WIDTH + 3 * GAP, rows * (HEIGHT + TITLE) + (rows + 1) * GAP + TITLE];
  const text = { 'font-family': style.fontFamily, fill: style.color };
  const { report } = app;
  const sheet = svg(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` },
    svg('rect', {
      width,
      height,
      fill: getComputedStyle(document.documentElement).getPropertyValue('--vscode-editor-background') || '#fff',
    }),
    svg(
      'text',
      { x: GAP, y: GAP + 14, 'font-size': 15, 'font-weight': 600, ...text },
      `${app.subject!.path} · ${report!.scorer} · ${report!.model.name}`,
    ),
    ...panes.map(({ title, content }, i) => {
      const [x, top] = [GAP + (i % 2) * (WIDTH + GAP), TITLE + GAP + Math.floor(i / 2) * (HEIGHT + TITLE + GAP)];
      content.setAttribute('y', String(TITLE));
      return svg(
        'svg',
        { x, y: top, width: WIDTH, height: HEIGHT + TITLE },
        svg('text', { x: 0, y: 16, 'font-size': 13, 'font-weight': 600, ...text }, title),
        content,
      );
    }),
  );
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(sheet))}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * SCALE, height * SCALE];
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
  copy.setAttribute('width', String(WIDTH));
  copy.setAttribute('height', String(HEIGHT));
  return copy;
}

/** Draws the heat map, which is a table on the page, with each cell in the colour of its button. */
function heat(app: App): SVGElement {
  const shares = HeatMap.shares(app);
  const buttons = [...document.querySelectorAll<HTMLElement>('#heat button.cell')];
  const heads = shares[0]!.length;
  const [left, top] = [64, 18];
  const [w, h] = [Math.min(110, (WIDTH - left) / heads), Math.min(28, (HEIGHT - top) / shares.length)];
  const ink = getComputedStyle(document.body);
  const text = { 'font-family': ink.fontFamily, 'font-size': 12, fill: ink.color };
  return svg(
    'svg',
    { width: WIDTH, height: HEIGHT },
    ...Array.from({ length: heads }, (_, head) =>
      svg('text', { x: left + (head + 0.5) * w, y: 12, 'text-anchor': 'middle', ...text }, t('Head {0}', head)),
    ),
    ...shares.flatMap((row, layer) => [
      svg('text', { x: 0, y: top + layer * h + h * 0.65, ...text }, t('Layer {0}', layer)),
      ...row.flatMap(({ kept, share }, head) => {
        const [x, y] = [left + head * w, top + layer * h];
        const fill = getComputedStyle(buttons[layer * heads + head]!).backgroundColor;
        return [
          svg('rect', {
            x: x + 1,
            y: y + 1,
            width: w - 2,
            height: h - 2,
            fill,
            stroke: ink.color,
            'stroke-opacity': 0.25,
          }),
          svg(
            'text',
            { x: x + w / 2, y: y + h * 0.65, 'text-anchor': 'middle', ...text },
            `${percent(share)} · ${count(kept)}`,
          ),
        ];
      }),
    ]),
  );
}
