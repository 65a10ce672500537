// Shows the heat map of layers and heads: a grid of buttons, each with its exact count.
import { sameScope, type Scope } from '../../inspector/scope';
import { keptPerCache } from '../../core/report';
import { levelIn, rangeOf } from '../../inspector/levels';
import type { App } from './app';
import { button, card, el } from './dom';
import { count, percent, t } from './words';

export class HeatMap {
  readonly element: HTMLElement;
  private readonly body = el('div', { class: 'scroll', tabindex: -1 });
  private readonly note = el('p', { class: 'note' });
  private readonly scale = el('p', { class: 'note' });
  private cells: {
    readonly button: HTMLButtonElement;
    readonly scope: Scope;
    readonly row: number;
    readonly column: number;
  }[] = [];

  constructor(private readonly app: App) {
    this.element = card('heat', t('Tokens kept by layer and head'), this.body, this.scale, this.note);
    this.body.addEventListener('keydown', (e) => this.onKey(e));
    app.onChange((topic) => {
      if (topic === 'report') this.build();
      if (topic === 'report' || topic === 'scope') this.showScope();
    });
  }

  /** @returns [layers][heads] tokens kept, and their share of all tokens */
  static shares({ report }: App): { readonly kept: number; readonly share: number }[][] {
    const tokens = Math.max(1, report!.ids.length);
    return keptPerCache(report!).map((heads) => heads.map((kept) => ({ kept, share: kept / tokens })));
  }

  private build(): void {
    const { app } = this;
    const report = app.report!;
    const tokens = report.ids.length;
    this.cells = [];
    const add = (
      label: readonly (string | Node)[],
      scope: Scope,
      row: number,
      column: number,
      level?: number,
    ): HTMLButtonElement => {
      const cell = button(
        '',
        { class: level === undefined ? 'head' : `cell lv${level}`, tabindex: this.cells.length ? -1 : 0 },
        () => app.choose(scope),
      );
      cell.append(...label);
      this.cells.push({ button: cell, scope, row, column });
      return cell;
    };
    const shares = HeatMap.shares(app);
    const range = rangeOf(shares.flat().map((s) => s.share));
    this.scale.textContent = t(
      'From lightest to darkest: {0} to {1} of the tokens.',
      percent(range.low),
      percent(range.high),
    );
    const rows = shares.map((heads, layer) =>
      el(
        'tr',
        { role: 'row' },
        el(
          'th',
          { scope: 'row', role: 'rowheader' },
          add([t('Layer {0}', layer)], { kind: 'layer', layer }, layer, -1),
        ),
        ...heads.map(({ kept, share }, head) =>
          el(
            'td',
            { role: 'gridcell' },
            add(
              // The accessible name begins with the visible text.
              [
                percent(share),
                ' ',
                el('small', {}, count(kept)),
                el(
                  'span',
                  { class: 'unseen' },
                  ` ${t('of {0} tokens kept by layer {1}, head {2}', count(tokens), layer, head)}`,
                ),
              ],
              { kind: 'cache', layer, head },
              layer,
              head,
              levelIn(share, range),
            ),
          ),
        ),
      ),
    );
    const heads = Array.from({ length: report.heads }, (_, head) =>
      el('th', { scope: 'col', role: 'columnheader' }, t('Head {0}', head)),
    );
    this.body.replaceChildren(
      el(
        'table',
        { class: 'heat', role: 'grid', 'aria-label': t('Tokens kept by layer and head') },
        el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, el('td', { role: 'gridcell' }, ''), ...heads)),
        el('tbody', { role: 'rowgroup' }, ...rows),
      ),
    );
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
