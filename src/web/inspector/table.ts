// Creates plain tables, and the tables with the data of a chart.
import type { App } from './app';
import { el } from './dom';

export type Cell = string | Node;

/** A table whose first column holds the row headings. @param caption for screen readers */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[]): HTMLElement {
  const grid = el(
    'table',
    {},
    el('caption', { class: 'unseen' }, caption),
    el('thead', {}, el('tr', {}, ...head.map((h) => el('th', { scope: 'col' }, h)))),
    el(
      'tbody',
      {},
      ...rows.map(([first, ...others]) =>
        el('tr', {}, el('th', { scope: 'row' }, first!), ...others.map((c) => el('td', {}, c))),
      ),
    ),
  );
  return el('div', { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption }, grid);
}

/** A table that can be opened below a chart. It is built when it is opened, and again on `show` while it is open. */
export class DataTable {
  readonly element: HTMLDetailsElement;
  private build: (() => Node) | undefined;

  constructor(app: App, id: string, title: string) {
    this.element = el('details', { open: app.open.has(id) }, el('summary', {}, title));
    this.element.addEventListener('toggle', () => {
      app.onToggle(id, this.element.open);
      this.fill();
    });
  }

  show(build: () => Node): void {
    this.build = build;
    this.fill();
  }

  private fill(): void {
    const [summary] = this.element.children;
    this.element.replaceChildren(summary!, ...(this.element.open && this.build ? [this.build()] : []));
  }
}
