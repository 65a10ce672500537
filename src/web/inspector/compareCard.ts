// Shows the comparison with a second scorer: what each leaves of the text under the same budget, and what the caches kept.
import { tokenScorer, type InspectReport, type ScorerId } from '../../core/context';
import { agreement, agreementPerCache, comparable, largestDifferences } from '../../inspector/comparison';
import { classOutcomes, outcomeAgreement } from '../../inspector/outcome';
import { visible } from '../../inspector/visible';
import type { App } from './app';
import { button, card, el } from './dom';
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
      if (app.report && ['report', 'compared', 'scope', 'budget'].includes(topic)) this.show();
    });
  }

  private fillChoices(): void {
    const { report, compared } = this.app;
    const others = start.scorers.filter((s) => s !== report!.scorer);
    this.choice.replaceChildren(
      el('option', { value: '' }, t('nothing')),
      ...others.map((s) => el('option', { value: s }, s)),
    );
    this.choice.value = compared?.report.scorer ?? '';
  }

  private show(): void {
    const { app } = this;
    const { report, compared, outcomes } = app;
    this.agreements.element.hidden = true;
    this.choice.value = compared?.report.scorer ?? '';
    if (!report || !compared || !outcomes?.second) return this.body.replaceChildren();
    if (!comparable(report, compared.report))
      return this.body.replaceChildren(el('p', { class: 'note' }, t('The two readings are not of the same text.')));
    const [first, second] = [report.scorer, compared.report.scorer];
    const a = outcomeAgreement(outcomes.first, outcomes.second);
    const total = Math.max(1, report.ids.length);
    const { text } = app.subject!;
    const classes = classOutcomes(report, outcomes.first, outcomes.second);
    this.body.replaceChildren(
      el(
        'p',
        {},
        t('Under this budget {0} and {1} decide alike about {2} of the tokens.', first, second, percent(a.equal)),
      ),
      table(
        t('Decisions of the two scorers'),
        [t('Decision'), t('Tokens'), t('Share')],
        [
          [t('both keep'), count(a.both), meter(a.both / total)],
          [t('only {0}', first), count(a.onlyFirst), meter(a.onlyFirst / total)],
          [t('only {0}', second), count(a.onlySecond), meter(a.onlySecond / total)],
          [t('neither'), count(a.neither), meter(a.neither / total)],
        ],
      ),
      el('h3', {}, t('By token class')),
      table(
        t('By token class'),
        [t('Class'), first, second, t('Difference')],
        classes.map(({ name, tokens, stay: [one = 0, two = 0] }) => [
          className(name),
          percent(one / tokens),
          percent(two / tokens),
          signedPoints((one - two) / tokens),
        ]),
      ),
      el('h3', {}, t('Where they differ most')),
      el(
        'ul',
        { class: 'stretches' },
        ...largestDifferences(app.differences!, MAX_STRETCHES).map((s) => {
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
      el('h3', {}, t('In the caches')),
      el('p', {}, this.inTheCaches(report, compared.report)),
    );
    if (tokenScorer(first) === tokenScorer(second)) return;
    this.agreements.element.hidden = false;
    this.agreements.show(() =>
      table(
        t('Agreement by layer and head'),
        [t('Layer'), ...Array.from({ length: report.heads }, (_, head) => t('Head {0}', head))],
        agreementPerCache(report, compared.report).map((heads, layer) => [
          t('Layer {0}', layer),
          ...heads.map(percent),
        ]),
      ),
    );
  }

  /** How the caches' part compares. The default scorer has none of its own. */
  private inTheCaches(first: InspectReport, second: InspectReport): string {
    const [one, two] = [tokenScorer(first.scorer), tokenScorer(second.scorer)];
    if (one === two)
      return t(
        '{0} leaves the caches to the network ({1}), so there is nothing to compare in them.',
        first.scorer,
        one,
      );
    const a = agreement(first, second, this.app.scope);
    return [
      t('{0} and {1} decide alike in {2} of all cases.', one, two, percent(a.equal)),
      ...(a.correlation === undefined ? [] : [t('Correlation of retention: {0}.', decimal(a.correlation))]),
    ].join(' ');
  }
}

function signedPoints(share: number): string {
  const points = Math.round(share * 100);
  return `${points > 0 ? '+' : points < 0 ? '−' : ''}${Math.abs(points)} %`;
}
