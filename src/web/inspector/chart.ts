// The frame of a chart: a card with a drawing of the card's width and a table with the same data, its axes and marks.
import type { App, Topic } from './app';
import { card, el, svg } from './dom';
import { DataTable, table, type Cell } from './table';
import { t } from './words';

const HEIGHT = 210;
const LEAST_WIDTH = 160; // px
const BOX = { left: 52, right: 12, top: 14, bottom: 36 };

export interface Drawing {
  /** Label for screen readers. */
  readonly label: string;
  /** Pixels of the page; HEIGHT without it. */
  readonly height?: number;
  readonly marks: readonly SVGElement[];
  readonly head: readonly string[];
  readonly rows: () => readonly (readonly Cell[])[];
}

/** Calls `draw` with the width of an element, in pixels, whenever that changes. Pixels keep the words of a chart at the size of the page's. */
export function onWidth(element: Element, draw: (width: number) => void): void {
  let width = 0;
  new ResizeObserver(([entry]) => {
    const now = Math.floor(entry!.contentRect.width);
    if (now === width || now === 0) return;
    width = now;
    draw(width);
  }).observe(element);
}

/** A card with a chart and its table, drawn again when what it shows changes, or its width. */
export class Chart {
  readonly element: HTMLElement;
  readonly figure = el('figure');
  private readonly dataTable: DataTable;
  private width = 480;

  /** @param draw undefined hides the card. @param about what stands above the drawing. @param topics what it depends on */
  constructor(
    private readonly app: App,
    readonly id: string,
    readonly title: string,
    private readonly draw: (width: number) => Drawing | undefined,
    { about = [], topics = ['report', 'scope'] }: { about?: readonly Node[]; topics?: readonly Topic[] } = {},
  ) {
    this.dataTable = new DataTable(app, id, t('As a table'));
    this.element = card(id, title, ...about, this.figure, this.dataTable.element);
    app.onChange((topic) => topics.includes(topic) && this.show());
    onWidth(this.figure, (width) => {
      this.width = Math.max(LEAST_WIDTH, width);
      this.show();
    });
  }

  get drawing(): SVGSVGElement | null {
    return this.figure.querySelector('svg');
  }

  private show(): void {
    if (!this.app.report) return;
    const drawn = this.draw(this.width);
    this.element.hidden = !drawn;
    if (!drawn) return this.figure.replaceChildren();
    const { label, height = HEIGHT, marks, head, rows } = drawn;
    const picture = svg('svg', { viewBox: `0 0 ${this.width} ${height}`, role: 'img', 'aria-label': label }, ...marks);
    this.figure.replaceChildren(picture);
    this.dataTable.show(() => table(this.title, head, rows()));
  }
}

/** The axes of a chart of HEIGHT, and what is drawn between them. Shares of its height go from 0, at the bottom, to 1. */
export class Plot {
  readonly left = BOX.left;
  readonly top = BOX.top;
  readonly height = HEIGHT - BOX.top - BOX.bottom;
  readonly right: number;
  readonly inner: number;

  constructor(width: number) {
    this.right = width - BOX.right;
    this.inner = this.right - this.left;
  }

  y(share: number): number {
    return this.top + (1 - share) * this.height;
  }

  /** @param words for a share of the height */
  verticalAxis(shares: readonly number[], words: (share: number) => string): SVGElement[] {
    return shares.flatMap((share) => [
      svg('line', { class: 'grid', x1: this.left, x2: this.right, y1: this.y(share), y2: this.y(share) }),
      tick(this.left - 6, this.y(share) + 4, 'end', words(share)),
    ]);
  }

  below(x: number, text: string, anchor: Anchor = 'middle'): SVGElement {
    return tick(x, HEIGHT - 20, anchor, text);
  }

  axisName(name: string): SVGElement {
    return tick(this.left + this.inner / 2, HEIGHT - 4, 'middle', name);
  }

  /** @param below height of the bar that it stands on */
  bar(kind: 'kept' | 'dropped', x: number, width: number, height: number, below = 0, title?: string): SVGElement {
    const at = { class: `bar ${kind}`, x, y: this.top + this.height - below - height, width, height };
    return svg('rect', at, title && svg('title', {}, title));
  }
}

type Anchor = 'start' | 'middle' | 'end';

export function tick(x: number, y: number, anchor: Anchor, text: string, name = 'tick'): SVGElement {
  return svg('text', { class: name, x, y, 'text-anchor': anchor }, text);
}
