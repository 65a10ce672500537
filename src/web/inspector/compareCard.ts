// Shows the comparison with a second scorer on the same text.
import type { ScorerId } from '../../core/context';
import { agreement, comparable, difference, largestDifferences } from '../../inspector/comparison';
import { visible } from '../../inspector/visible';
import type { App } from './app';
import { button, card, el } from './dom';
import { agreementRows } from './heatMap';
import { DataTable, table } from './table';
import { meter } from './tokenCard';
import { className, count, decimal, percent, start, t } from './words';

const MAX_STRETCHES = 12;
const MAX_UNITS = 60; // UTF-16 units of a listed stretch

export class CompareCard {
  readonly element: HTMLElement;
  private readonly choice = el('select', { id: 'compare-with' });
  private readonly body = el('div', { 'aria-live': 'polite' });
  private readonly agreements: DataTable;

  constructor(private readonly app: App) {
    this.agreements = new DataTable(app, 'agreement', t('Agreement by layer and head'));
    this.choice.addEventListener('change', () => {
      this.body.replaceChildren(...(this.choice.value ? [el('p', { class: 'note' }, t('Reading…'))] : []));
      app.send({ kind: 'compare', scorer: (this.choice.value || undefined) as ScorerId | undefined });
    });
    this.agreements.element.hidden = true;
    this.element = card(
      'compare',
      t('Comparison'),
      el('p', {}, el('label', { for: 'compare-with' }, t('Compare with')), ' ', this.choice),
      this.body,
      this.agreements.element,
    );
    app.onChange((topic) => {
      if (topic === 'report') this.fillChoices();
      if (app.report && (topic === 'report' || topic === 'compared' || topic === 'scope')) this.show();
    });
  }

  private fillChoices(): void {
    const { report, compared } = this.app;
    const others = start.scorers.filter((s) => s !== report!.scorer);
    this.choice.replaceChildren(
      el('option', { value: '' }, t('nothing')),
      ...others.map((s) => el('option', { value: s }, s)),
    );
    this.choice.value = compared?.scorer ?? '';
  }

  private show(): void {
    const { app } = this;
    const { report, compared } = app;
    this.agreements.element.hidden = !compared;
    this.choice.value = compared?.scorer ?? '';
    if (!report || !compared) return this.body.replaceChildren();
    if (!comparable(report, compared))
      return this.body.replaceChildren(el('p', { class: 'note' }, t('The two readings are not of the same text.')));
    const a = agreement(report, compared, app.scope);
    const total = Math.max(1, a.both + a.onlyFirst + a.onlySecond + a.neither);
    const [first, second] = [report.scorer, compared.scorer];
    const differences = difference(report, compared, app.scope);
    const { text } = app.subject!;
    this.body.replaceChildren(
      el(
        'p',
        {},
        t('{0} and {1} decide alike in {2} of all cases.', first, second, percent(a.equal)),
        ' ',
        a.correlation === undefined ? '' : t('Correlation of retention: {0}.', decimal(a.correlation)),
      ),
      table(
        t('Decisions of the two scorers'),
        [t('Decision'), t('Tokens × caches'), t('Share')],
        [
          [t('both keep'), count(a.both), meter(a.both / total)],
          [t('only {0}', first), count(a.onlyFirst), meter(a.onlyFirst / total)],
          [t('only {0}', second), count(a.onlySecond), meter(a.onlySecond / total)],
          [t('neither'), count(a.neither), meter(a.neither / total)],
        ],
      ),
      el('h3', {}, t('Kept by token class')),
      table(
        t('Kept by token class'),
        [t('Class'), first, second, t('Difference')],
        a.classes.map((c) => [
          className(c.name),
          percent(c.first),
          percent(c.second),
          signedPoints(c.first - c.second),
        ]),
      ),
      el('h3', {}, t('Where they differ most')),
      el(
        'ul',
        { class: 'stretches' },
        ...largestDifferences(differences, MAX_STRETCHES).map((s) => {
          const piece = visible(text.slice(report.bounds[s.first]!, report.bounds[s.last + 1]!)).slice(0, MAX_UNITS);
          return el(
            'li',
            {},
            el('span', { class: 'who' }, s.weight > 0 ? first : second),
            ' ',
            button(piece, { class: 'link code', 'aria-label': t('Select {0}', piece) }, () =>
              app.select(s.first, true),
            ),
          );
        }),
      ),
    );
    this.agreements.show(() =>
      table(
        t('Agreement by layer and head'),
        [t('Layer'), ...Array.from({ length: report.heads }, (_, head) => t('Head {0}', head))],
        agreementRows(app),
      ),
    );
  }
}

function signedPoints(share: number): string {
  const points = Math.round(share * 100);
  return `${points > 0 ? '+' : points < 0 ? '−' : ''}${Math.abs(points)} %`;
}
