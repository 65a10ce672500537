// Shows the selected token, and the table of the tokens around it.
import { TOKEN_CLASSES, type InspectReport } from '../../core/context';
import type { EvidenceParts } from '../../core/evidence';
import { tokenFacts } from '../../core/report';
import { visible } from '../../inspector/visible';
import type { App } from './app';
import { button, card, el } from './dom';
import { DataTable, table } from './table';
import { className, count, decimal, percent, t } from './words';

const AROUND = 20; // tokens on either side in the table

export class TokenCard {
  readonly element: HTMLElement;
  private readonly body = el('div');
  private readonly announcement = el('p', { role: 'status', class: 'unseen' });
  private readonly neighbours: DataTable;

  constructor(private readonly app: App) {
    this.neighbours = new DataTable(app, 'tokens', t('Tokens around it, as a table'));
    this.element = card('token', t('Selected token'), this.body, this.announcement, this.neighbours.element);
    app.onChange((topic) => {
      if (app.report && (topic === 'report' || topic === 'token')) this.show();
    });
  }

  private show(): void {
    const { app } = this;
    const { token } = app;
    const report = app.report!;
    this.neighbours.show(() => this.around(token ?? 0));
    if (token === undefined) {
      this.body.replaceChildren(
        el('p', { class: 'note' }, t('Select a token in the text, or put the cursor on it in the editor.')),
      );
      return;
    }
    const facts = tokenFacts(report, token);
    const shown = visible(app.subject!.text.slice(facts.start, facts.end));
    const caches = report.layers * report.heads;
    const kept = t('kept by {0} of {1} caches', Math.round(facts.retention * caches), caches);
    this.announcement.textContent = `${shown}, ${className(facts.class)}, ${kept}`;
    const step = (arrow: string, label: string, to: number): HTMLElement => {
      const disabled = to < 0 || to >= report.ids.length;
      return button(arrow, { class: 'secondary', 'aria-label': label, disabled }, () => app.select(to, true));
    };
    this.body.replaceChildren(
      el(
        'p',
        { class: 'token' },
        el('code', {}, shown),
        ' ',
        el('span', {}, className(facts.class)),
        ' · ',
        el('span', {}, t('mean score {0}', decimal(facts.meanScore))),
        ' · ',
        el('span', {}, kept),
      ),
      el('div', { class: 'steps' }, step('←', t('Previous token'), token - 1), step('→', t('Next token'), token + 1)),
      ...partsOf(report, token),
      table(t('Every cache on this token'), [t('Cache'), t('Score'), t('Kept'), t('Evicted')], this.perCache(token)),
    );
  }

  private perCache(token: number): string[][] {
    const report = this.app.report!;
    return Array.from({ length: report.layers * report.heads }, (_, c) => {
      const at = c * report.ids.length + token;
      const update = report.evictedAt[at]!;
      return [
        t('Layer {0}, head {1}', Math.floor(c / report.heads), c % report.heads),
        decimal(report.scores[at]!),
        report.keeps[at] ? t('yes') : t('no'),
        update < 0 ? t('stayed') : t('after chunk {0}', update + 1),
      ];
    });
  }

  private around(token: number): Node {
    const { app } = this;
    const report = app.report!;
    const from = Math.max(0, token - AROUND);
    const to = Math.min(report.ids.length, token + AROUND + 1);
    return table(
      t('Tokens {0} to {1} of {2}', count(from + 1), count(to), count(report.ids.length)),
      [t('Token'), t('Text'), t('Class'), t('Kept by')],
      Array.from({ length: to - from }, (_, i) => {
        const index = from + i;
        const text = visible(app.subject!.text.slice(report.bounds[index]!, report.bounds[index + 1]!));
        return [
          button(
            count(index + 1),
            {
              class: 'link',
              'aria-label': t('Select token {0}', count(index + 1)),
              ...(index === token ? { 'aria-current': 'true' } : {}),
            },
            () => app.select(index, true),
          ),
          el('code', {}, text),
          className(TOKEN_CLASSES[report.classes[index]!]!),
          percent(report.retention[index]!),
        ];
      }),
    );
  }
}

/** A table of what each part of the memory added to the token's score. */
function partsOf({ parts }: InspectReport, token: number): Node[] {
  if (!parts) return [];
  const names: Record<keyof EvidenceParts, string> = {
    attention: t('attention'),
    surprisal: t('surprisal'),
    class: t('class'),
    names: t('names'),
    focus: t('nearness to the cursor'),
    age: t('nearness to the end'),
  };
  const values = (Object.keys(names) as (keyof EvidenceParts)[]).map((key) => ({
    name: names[key],
    value: parts[key][token] ?? 0,
  }));
  const total = values.reduce((sum, v) => sum + Math.abs(v.value), 0) || 1;
  return [
    el('h3', {}, t('What its score is made of')),
    table(
      t('What its score is made of'),
      [t('Part'), t('Adds'), t('Share of the decision')],
      values.map(({ name, value }) => [name, decimal(value), meter(Math.abs(value) / total)]),
    ),
  ];
}

/** A share as a number with a bar. */
export function meter(share: number): HTMLElement {
  const bar = el('span', { class: 'fill' });
  bar.style.inlineSize = `${Math.round(share * 100)}%`;
  return el(
    'span',
    { class: 'meter' },
    el('span', { class: 'track', 'aria-hidden': 'true' }, bar),
    el('span', {}, percent(share)),
  );
}
