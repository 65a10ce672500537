// Shows the coloured text. Only the visible rows are elements, however long the text is.
import { tokenIndexAt } from '../../core/report';
import { isDropped } from '../../inspector/changes';
import { levelsOf, MAX_LEVEL, steps } from '../../inspector/levels';
import type { ColourMode } from '../../inspector/protocol';
import { piecesOf, rowAt, rowsOf, type Row } from '../../inspector/rows';
import { heldAfter } from '../../inspector/timeline';
import type { App } from './app';
import { card, el } from './dom';
import { t } from './words';
import { ownValue } from '../../core/ownValue';

const MARGIN = 12; // rows drawn beyond the visible ones, so that scrolling shows no gap

export class TextPane {
  readonly element: HTMLElement;
  private readonly scroller = el('div', {
    class: 'text',
    id: 'text-scroller',
    tabindex: 0,
    role: 'region',
    'aria-label': t('The text, coloured by token'),
    'aria-describedby': 'text-help',
  });
  private readonly sheet = el('div', { class: 'sheet' });
  private readonly modes = el('select', { id: 'mode' });
  private readonly legend = el('p', { class: 'legend' });
  private rows: readonly Row[] = [];
  private levels: Int8Array = new Int8Array(0);
  /** [tokens] share of the caches that held it, on the timeline. */
  private held: Float32Array | undefined;
  private shown: { first: number; last: number } = { first: 0, last: -1 };
  private frame = 0;

  constructor(private readonly app: App) {
    this.modes.addEventListener('change', () => app.colour(this.modes.value as ColourMode));
    this.scroller.append(this.sheet);
    this.scroller.addEventListener('scroll', () => this.scheduleDraw());
    this.scroller.addEventListener('click', (e) => this.onClick(e));
    this.scroller.addEventListener('keydown', (e) => this.onKey(e));
    new ResizeObserver(() => this.scheduleDraw()).observe(this.scroller);
    const help = el(
      'p',
      { id: 'text-help', class: 'note' },
      t(
        'Select a token, or move with the arrow keys: the editor follows. A struck-through token goes under the present budget; one on a wavy line would go next.',
      ),
    );
    this.element = card(
      'text',
      t('Text'),
      el('p', {}, el('label', { for: 'mode' }, t('Colour by')), ' ', this.modes),
      this.legend,
      this.scroller,
      help,
    );
    app.onChange((topic) => {
      if (!app.report) return;
      if (topic === 'report') this.layOut();
      if (topic === 'report' || topic === 'compared') this.fillModes();
      if (['report', 'scope', 'mode', 'compared', 'moment'].includes(topic)) this.colour();
      if (topic === 'budget') {
        if (app.mode === 'difference') this.colour();
        else this.draw();
      }
      if (topic === 'token') this.reveal();
      if (topic === 'lines') this.showLines();
    });
  }

  private get rowHeight(): number {
    return this.sheet.firstElementChild?.getBoundingClientRect().height || 20;
  }

  private layOut(): void {
    this.rows = rowsOf(this.app.subject!.text);
    this.sheet.replaceChildren(this.line(this.rows[0]!)); // one row, to measure its height
    this.sheet.style.height = `${this.rows.length * this.rowHeight}px`;
    this.scroller.scrollTop = 0;
    if (this.app.token !== undefined) this.reveal();
  }

  private fillModes(): void {
    const { app } = this;
    const names: [ColourMode, string][] = [
      ['layers', t('layers that kept it')],
      ['scope', t('the chosen layer or head')],
      ['evicted', t('when it was evicted')],
    ];
    if (app.compared) names.push(['difference', t('difference to {0}', app.compared.report.scorer)]);
    this.modes.replaceChildren(...names.map(([value, label]) => el('option', { value }, label)));
  }

  private colour(): void {
    const { app } = this;
    this.modes.value = app.mode;
    this.held = app.moment === undefined ? undefined : heldAfter(app.report!, app.scope, app.moment);
    this.levels = this.held
      ? steps(this.held, 1)
      : levelsOf(app.report!, app.mode, app.scope, app.mode === 'difference' ? app.differences : undefined);
    const key = (level: number): HTMLElement => el('span', { class: `key tk ${levelClass(level)}` }, '\u00a0');
    const scale = Array.from({ length: MAX_LEVEL + 1 }, (_, level) => key(level));
    const { layers, updates } = app.report!;
    const between = (from: string, keys: readonly Node[], to: string): (Node | string)[] => [
      from,
      ' ',
      ...keys,
      ' ',
      to,
    ];
    const ends: Record<ColourMode, (Node | string)[]> = {
      layers: between(
        t('kept by no layer'),
        scale,
        t('by all {0} (a layer counts where at least half of its heads kept it)', layers),
      ),
      scope: between(t('kept by none'), app.scope.kind === 'cache' ? [key(0), key(MAX_LEVEL)] : scale, t('kept')),
      evicted: between(t('evicted after the first chunk'), scale, t('stayed through all {0}', updates)),
      difference: between(
        t('only {0} keeps it', app.compared?.report.scorer ?? ''),
        [-MAX_LEVEL, 0, MAX_LEVEL].map(key),
        t('only {0} keeps it', app.report!.scorer),
      ),
    };
    const out = el('span', { class: 'out' }, t('evicted'));
    const unread = el('span', { class: 'unread' }, t('not read yet'));
    this.legend.replaceChildren(
      ...(this.held ? [out, ' ', ...scale.slice(1), ' ', t('held by all'), ' · ', unread] : ends[app.mode]),
    );
    this.draw();
  }

  private scheduleDraw(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      const { first, last } = this.visibleRows();
      if (first < this.shown.first || last > this.shown.last) this.draw();
    });
  }

  private visibleRows(): { first: number; last: number } {
    const height = this.rowHeight;
    const first = Math.floor(this.scroller.scrollTop / height);
    return {
      first: Math.max(0, first),
      last: Math.min(this.rows.length - 1, first + Math.ceil(this.scroller.clientHeight / height)),
    };
  }

  private draw(): void {
    if (!this.app.report) return;
    const height = this.rowHeight;
    const { first, last } = this.visibleRows();
    this.shown = { first: Math.max(0, first - MARGIN), last: Math.min(this.rows.length - 1, last + MARGIN) };
    const lines: HTMLElement[] = [];
    for (let r = this.shown.first; r <= this.shown.last; r++) {
      const line = this.line(this.rows[r]!);
      line.style.top = `${r * height}px`;
      lines.push(line);
    }
    this.sheet.replaceChildren(...lines);
  }

  private line(row: Row): HTMLElement {
    const { report, subject, budget, token, lines } = this.app;
    const next = this.app.nextCuts.go;
    const { text } = subject!;
    const dropped = budget?.files[budget.index]?.dropped;
    const span = (t: number, start: number, shown: string): HTMLElement => {
      const held = this.held?.[t];
      const classes = [
        'tk',
        held !== undefined && held <= 0 ? (held < 0 ? 'unread' : 'out') : levelClass(this.levels[t] ?? 0),
      ];
      if (dropped && isDropped(dropped, start)) classes.push('gone');
      else if (next.some((s) => start >= s.start && start < s.end)) classes.push('next');
      if (t === token) classes.push('chosen');
      return el('span', { class: classes.join(' '), 'data-token': t }, shown);
    };
    const pieces = piecesOf(row, report!.bounds);
    const spans = pieces.map((p) => span(p.token, p.start, text.slice(p.start, p.end)));
    // A token that is only the line break would be invisible.
    const breakToken =
      row.end < text.length && /[\r\n]/.test(text[row.end]!) ? tokenIndexAt(report!.bounds, row.end) : undefined;
    if (breakToken !== undefined && breakToken !== pieces.at(-1)?.token) spans.push(span(breakToken, row.end, '⏎'));
    return el(
      'div',
      { class: lines && row.line >= lines.first && row.line <= lines.last ? 'row inside' : 'row' },
      el('span', { class: 'number', 'aria-hidden': 'true' }, row.continued ? '' : String(row.line + 1)),
      ...spans,
    );
  }

  private onClick(event: MouseEvent): void {
    const token = (event.target as Element).closest<HTMLElement>('[data-token]')?.dataset.token;
    if (token !== undefined) this.app.select(Number(token), true);
  }

  private onKey(event: KeyboardEvent): void {
    const { report, token } = this.app;
    if (!report || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = report.ids.length - 1;
    const vertical = (rows: number): number => {
      const at = report.bounds[token ?? 0]!;
      const from = this.rows[rowAt(this.rows, at)]!;
      const to = this.rows[Math.max(0, Math.min(this.rows.length - 1, rowAt(this.rows, at) + rows))]!;
      return tokenIndexAt(report.bounds, Math.min(to.start + at - from.start, Math.max(to.start, to.end - 1))) ?? last;
    };
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.rowHeight) - 1);
    const next: Record<string, () => number> = {
      ArrowLeft: () => (token ?? 1) - 1,
      ArrowRight: () => (token ?? -1) + 1,
      ArrowUp: () => vertical(-1),
      ArrowDown: () => vertical(1),
      PageUp: () => vertical(-page),
      PageDown: () => vertical(page),
      Home: () => 0,
      End: () => last,
    };
    const to = ownValue(next, event.key)?.();
    if (to === undefined) return;
    event.preventDefault();
    this.app.select(Math.max(0, Math.min(last, to)), true);
  }

  /** Marks the chosen lines, and scrolls to the first of them, if it is not visible. */
  private showLines(): void {
    const { lines, textLines } = this.app;
    if (lines) this.scrollTo(rowAt(this.rows, textLines.span(lines.first).start));
    this.draw();
  }

  private scrollTo(row: number): void {
    const height = this.rowHeight;
    const [top, bottom] = [row * height, (row + 1) * height];
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop || bottom > scrollTop + clientHeight)
      this.scroller.scrollTop = Math.max(0, top - clientHeight / 2);
  }

  /** Scrolls to the selected token, if it is not visible. */
  private reveal(): void {
    const { report, token } = this.app;
    this.scrollTo(rowAt(this.rows, report!.bounds[token!]!));
    this.draw();
    const chosen = this.sheet.querySelector<HTMLElement>('.chosen');
    if (!chosen) return;
    const [left, right] = [chosen.offsetLeft - 60, chosen.offsetLeft + chosen.offsetWidth + 20];
    if (left < this.scroller.scrollLeft) this.scroller.scrollLeft = left;
    else if (right > this.scroller.scrollLeft + this.scroller.clientWidth)
      this.scroller.scrollLeft = right - this.scroller.clientWidth;
  }
}

function levelClass(level: number): string {
  return level < 0 ? `less${-level}` : `lv${level}`;
}
