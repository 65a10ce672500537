// Shows the heat map of layers and heads: a grid of buttons, each with its exact count, on a scale of one hue.
import { keptPerCache } from '../../core/report';
import { orderedLayers, type LayerOrder } from '../../inspector/layers';
import { heatIn, rangeOf, type Range } from '../../inspector/levels';
import { sameScope, type Scope } from '../../inspector/scope';
import type { App } from './app';
import { onWidth } from './chart';
import { button, card, el } from './dom';
import { count, percent, t } from './words';

const MANY = 8; // layers above which rows are lower
const FEW = 4; // heads up to which their names are in full
const [LAYER_WIDTH, SHARE_WIDTH, COUNT_WIDTH] = [76, 38, 96]; // px that a name, a share, and both with its count need
const KEYS = [0, 0.25, 0.5, 0.75, 1]; // places on the scale that the legend shows

interface Cell {
  readonly button: HTMLButtonElement;
  readonly scope: Scope;
  readonly row: number;
  readonly column: number; // -1 for the button of the layer
}

export class HeatMap {
  readonly element: HTMLElement;
  readonly title = t('Tokens kept by layer and head');
  private readonly body = el('div', { class: 'scroll', tabindex: -1 });
  private readonly note = el('p', { class: 'note' });
  private readonly scale = el('p', { class: 'note scale' });
  private readonly order = el(
    'select',
    { id: 'order' },
    el('option', { value: 'layer' }, t('by number')),
    el('option', { value: 'most' }, t('most kept first')),
    el('option', { value: 'least' }, t('least kept first')),
  );
  private cells: Cell[] = [];
  private width = 0; // px

  constructor(private readonly app: App) {
    this.order.addEventListener('change', () => app.arrange(this.order.value as LayerOrder));
    this.element = card(
      'heat',
      this.title,
      el('p', {}, el('label', { for: 'order' }, t('Order of the layers')), ' ', this.order),
      this.body,
      this.scale,
      this.note,
    );
    this.body.addEventListener('keydown', (e) => this.onKey(e));
    onWidth(this.body, (width) => {
      this.width = width;
      this.fit();
    });
    app.onChange((topic) => {
      if (topic === 'report' || topic === 'order') this.build();
      if (topic === 'report' || topic === 'order' || topic === 'scope') this.showScope();
    });
  }

  /** @returns [layers][heads] tokens kept, and their share of all tokens */
  static shares({ report }: App): { readonly kept: number; readonly share: number }[][] {
    const tokens = Math.max(1, report!.ids.length);
    return keptPerCache(report!).map((heads) => heads.map((kept) => ({ kept, share: kept / tokens })));
  }

  /** The button of a cache, for its colours. */
  cellOf(layer: number, head: number): HTMLElement {
    return this.cells.find(({ scope }) => sameScope(scope, { kind: 'cache', layer, head }))!.button;
  }

  private build(): void {
    const { app } = this;
    const report = app.report!;
    this.order.value = app.order;
    this.cells = [];
    const shares = HeatMap.shares(app);
    const range = rangeOf(shares.flat().map((s) => s.share));
    this.showScale(range);
    const rows = orderedLayers(report, app.order).map((layer, row) =>
      el(
        'tr',
        { role: 'row' },
        el(
          'th',
          { scope: 'row', role: 'rowheader' },
          this.add('head', [t('Layer {0}', layer)], { kind: 'layer', layer }, row, -1),
        ),
        ...shares[layer]!.map(({ kept, share }, head) => {
          const whole = t('of {0} tokens kept by layer {1}, head {2}', count(report.ids.length), layer, head);
          // The accessible name begins with the visible text.
          const label = [
            percent(share),
            ' ',
            el('small', {}, count(kept)),
            el('span', { class: 'unseen' }, ` ${whole}`),
          ];
          const cell = this.add('cell', label, { kind: 'cache', layer, head }, row, head);
          cell.style.setProperty('--heat', heatIn(share, range).toFixed(3));
          return el('td', { role: 'gridcell' }, cell);
        }),
      ),
    );
    const heads = Array.from({ length: report.heads }, (_, head) =>
      el(
        'th',
        { scope: 'col', role: 'columnheader', 'aria-label': t('Head {0}', head) },
        report.heads > FEW ? String(head) : t('Head {0}', head),
      ),
    );
    this.body.replaceChildren(
      el(
        'table',
        {
          class: report.layers > MANY ? 'heat many' : 'heat',
          role: 'grid',
          'aria-label': this.title,
        },
        el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, el('td', { role: 'gridcell' }, ''), ...heads)),
        el('tbody', { role: 'rowgroup' }, ...rows),
      ),
    );
    this.fit();
  }

  /** Shows the counts where there is room. Where not even the shares fit, the table scrolls by itself. */
  private fit(): void {
    const grid = this.body.querySelector('table');
    if (!grid) return;
    const { heads } = this.app.report!;
    grid.classList.toggle('brief', this.width < LAYER_WIDTH + heads * COUNT_WIDTH);
    grid.style.minWidth = `${LAYER_WIDTH + heads * SHARE_WIDTH}px`;
  }

  private add(
    kind: string,
    label: readonly (string | Node)[],
    scope: Scope,
    row: number,
    column: number,
  ): HTMLButtonElement {
    const cell = button('', { class: kind, tabindex: this.cells.length ? -1 : 0 }, () => this.app.choose(scope));
    cell.append(...label);
    this.cells.push({ button: cell, scope, row, column });
    return cell;
  }

  private showScale({ low, high }: Range): void {
    const keys = KEYS.map((heat) => {
      const key = el('span', { class: 'cell', 'aria-hidden': 'true' }, '\u00a0');
      key.style.setProperty('--heat', String(heat));
      return key;
    });
    this.scale.replaceChildren(...keys, ' ', t('from {0} to {1} of the tokens', percent(low), percent(high)));
  }

  private showScope(): void {
    for (const { button: cell, scope } of this.cells)
      cell.setAttribute('aria-pressed', String(sameScope(scope, this.app.scope)));
    const { scope } = this.app;
    this.note.textContent =
      scope.kind === 'all'
        ? t('Select a layer or a head to see its mask here and in the editor.')
        : t('The editor shows what this one kept. Select it again to see all.');
  }

  /** Arrow keys move in the grid; only one of its buttons is in the tab order. */
  private onKey(event: KeyboardEvent): void {
    const step = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      Home: [0, -Infinity],
      End: [0, Infinity],
    }[event.key];
    const at = this.cells.find((c) => c.button === document.activeElement);
    if (!step || !at) return;
    event.preventDefault();
    const last = this.cells.reduce((max, c) => Math.max(max, c.column), 0);
    const column = Math.max(-1, Math.min(last, at.column + step[1]!));
    const next = this.cells.find((c) => c.row === at.row + step[0]! && c.column === column);
    if (!next) return;
    at.button.tabIndex = -1;
    next.button.tabIndex = 0;
    next.button.focus();
  }
}
