// Shows the budget slider. At most one request is pending; the slider's latest value is sent next.
import { LEAST_RATIO } from '../../core/budget';
import { changedStretches } from '../../inspector/changes';
import type { App } from './app';
import { BudgetBar, NextList } from './budgetBar';
import { button, card, el } from './dom';
import { count, percent, t } from './words';

const TIMEOUT_MS = 3000; // a request without an answer must not block the slider for ever

export class BudgetCard {
  readonly element: HTMLElement;
  private readonly slider = el('input', {
    type: 'range',
    id: 'budget',
    min: 100 * LEAST_RATIO,
    max: 100,
    step: 1,
    'aria-describedby': 'budget-result',
  });
  private readonly requested = el('output', { for: 'budget', class: 'wish' });
  private readonly result = el('p', { id: 'budget-result', role: 'status' });
  private readonly back = button(t('Back'), { class: 'secondary' }, () => this.request(this.app.opened!.keepRatio));
  private pending: number | undefined;
  private requestedAt = 0;
  private next: number | undefined;

  readonly bar: BudgetBar;

  constructor(private readonly app: App) {
    this.bar = new BudgetBar(app, (share) => this.request(Math.round(share * 100) / 100));
    this.slider.addEventListener('input', () => this.request(Number(this.slider.value) / 100));
    this.element = card(
      'budget-card',
      t('Budget'),
      el(
        'div',
        { class: 'slide' },
        el('label', { for: 'budget' }, t('Keep')),
        el('div', { class: 'track-of-budget' }, this.bar.element, this.slider),
        this.requested,
      ),
      // Not beside the bar, which must not move while it is dragged.
      el('div', { class: 'slide result' }, this.result, this.back),
      new NextList(app).element,
    );
    app.onChange((topic) => {
      if (topic === 'budget') this.showResult();
      if (topic === 'status' || topic === 'budget' || topic === 'report')
        this.slider.disabled = !app.budget || app.stale || app.busy;
    });
  }

  /** Requests a keep ratio, 0…1; while another request is pending, remembers it as the next one. */
  private request(ratio: number): void {
    this.showAsked(ratio);
    if (this.pending !== undefined && performance.now() - this.requestedAt < TIMEOUT_MS) {
      this.next = ratio;
      return;
    }
    this.pending = ratio;
    this.requestedAt = performance.now();
    this.app.send({ kind: 'budget', keepRatio: ratio });
  }

  private showAsked(ratio: number): void {
    this.requested.value = percent(ratio);
    this.slider.value = String(Math.round(ratio * 100));
    this.slider.setAttribute('aria-valuetext', percent(ratio));
  }

  private showResult(): void {
    const { budget, opened } = this.app;
    if (!budget || !opened) return;
    this.pending = undefined;
    if (this.next === undefined) {
      this.showAsked(budget.keepRatio);
    }
    const own = budget.files[budget.index]!;
    const changes = budget.files.reduce(
      (sum, f, i) => sum + changedStretches(opened.files[i]?.dropped ?? f.dropped, f.dropped),
      0,
    );
    this.back.hidden = changes === 0 && budget.keepRatio === opened.keepRatio;
    this.back.textContent = t('Back to {0}', percent(opened.keepRatio));
    const lines = [
      t(
        '{0} of {1} tokens ({2}) stay, counted by {3}.',
        count(budget.after),
        count(budget.before),
        percent(budget.before ? budget.after / budget.before : 1),
        budget.counter,
      ),
      ...(budget.files.length > 1
        ? [
            t(
              'In this file: {0} of {1}; the budget is shared by {2} files.',
              count(own.after),
              count(own.before),
              budget.files.length,
            ),
          ]
        : []),
      ...(budget.keepRatio === opened.keepRatio
        ? []
        : [changes === 1 ? t('1 span changes.') : t('{0} spans change.', count(changes))]),
      ...(own.floor === undefined ? [] : [own.floor]),
    ];
    this.result.textContent = lines.join(' ');
    const { next } = this;
    this.next = undefined;
    if (next !== undefined && next !== budget.keepRatio) this.request(next);
  }
}
