// Shows the comparison with a second scorer: what each leaves of the text under the same budget, and what the caches kept.
import { tokenScorer, type InspectReport, type ScorerId } from '../../core/context';
import { agreement, agreementPerCache, comparable } from '../../inspector/comparison';
import { differingLines } from '../../inspector/differences';
import { classOutcomes, outcomeAgreement } from '../../inspector/outcome';
import type { App } from './app';
import { Chart, type Drawing } from './chart';
import { card, el } from './dom';
import { sideBySide } from './sideBySide';
import { drawStrips, stripOf } from './strips';
import { DataTable, table } from './table';
import { meter } from './tokenCard';
import { className, count, decimal, percent, start, t } from './words';

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
    const places = differingLines(report, app.differences!, app.textLines);
    const classes = classOutcomes(report, outcomes.first, outcomes.second);
    this.body.replaceChildren(
      el(
        'p',
        {},
        t('Under this budget {0} and {1} decide alike about {2} of the tokens.', first, second, percent(a.equal)),
        ' ',
        places.length === 1 ? t('They differ in 1 place.') : t('They differ in {0} places.', count(places.length)),
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
      ...(places.length ? [el('h3', {}, t('Where they differ most')), sideBySide(app, places, [first, second])] : []),
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

/** What each of the two leaves along the text, and where they differ. */
export function masks(app: App): Chart {
  const draw = (width: number): Drawing | undefined => {
    const { outcomes, compared, report, differences } = app;
    if (!compared || !outcomes?.second || !comparable(report!, compared.report)) return undefined;
    const rows = [
      stripOf(report!.scorer, 'stays', Float32Array.from(outcomes.first)),
      stripOf(compared.report.scorer, 'stays', Float32Array.from(outcomes.second)),
      stripOf(t('differ'), 'differs', differences!.map(Math.abs)),
    ];
    return drawStrips(app, rows, width, t('What each of the two scorers leaves along the text, and where they differ'));
  };
  return new Chart(app, 'masks', t('Two cuts along the text'), draw, {
    topics: ['report', 'compared', 'budget', 'window', 'lines'],
  });
}

function signedPoints(share: number): string {
  const points = Math.round(share * 100);
  return `${points > 0 ? '+' : points < 0 ? '−' : ''}${Math.abs(points)} %`;
}
