// Shows the selected token: why it stays or goes, how the model read its word, and the table of the tokens around it.
import { TOKEN_CLASSES } from '../../core/context';
import { tokenFacts } from '../../core/report';
import { visible } from '../../inspector/visible';
import type { App } from './app';
import { button, card, el } from './dom';
import { DataTable, table } from './table';
import { placeAt } from '../../why/place';
import { cachesInWords, roleOfReading, wordReading } from '../../why/reading';
import { stripOf, whyOf } from '../../why/sentences';
import { className, count, decimal, percent, rich, t, WORDS } from './words';

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
      if (app.report && (topic === 'report' || topic === 'token' || topic === 'budget')) this.show();
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
    const text = app.subject!.text;
    const word = wordReading(report, text, facts.end - 1);
    const shownWord = word ? visible(text.slice(word.start, word.end)) : shown;
    this.body.replaceChildren(
      el('p', { class: 'token' }, el('code', {}, shown), ' ', el('span', {}, className(facts.class))),
      el('div', { class: 'steps' }, step('←', t('Previous token'), token - 1), step('→', t('Next token'), token + 1)),
      ...this.decision(facts.end - 1),
      el('h3', {}, t('How the model read it')),
      el(
        'p',
        {},
        el('code', {}, shownWord),
        ' ',
        word ? cachesInWords(word, WORDS) : kept,
        ' · ',
        t('mean score {0}', decimal(word?.meanScore ?? facts.meanScore)),
      ),
      el('p', { class: 'note' }, ...rich(roleOfReading(report.scorer, WORDS))),
      table(t('Every cache on this token'), [t('Cache'), t('Score'), t('Kept'), t('Evicted')], this.perCache(token)),
    );
  }

  /** Why the place stays or goes, what would change that, and the number that decides: as in the hover. */
  private decision(offset: number): Node[] {
    const { budget } = this.app;
    const place = budget && placeAt(budget.subject, offset);
    if (!place) return [];
    const why = whyOf(place, budget, WORDS);
    const strip = stripOf(place);
    const change = place.span.kept ? t('What would leave it out:') : t('What would keep it:');
    return [
      el('p', { class: 'verdict' }, el('strong', {}, why.verdict), ': ', ...rich(why.reason)),
      ...(why.change.length ? [el('p', {}, change, ' ', ...rich(why.change.join(' · ')))] : []),
      ...(why.figures === undefined ? [] : [el('p', {}, t('Rank'), ' ', el('strong', {}, why.figures))]),
      ...(strip === undefined ? [] : [el('p', { class: 'strip', 'aria-hidden': 'true' }, strip)]),
      ...(why.parts === undefined ? [] : [el('p', {}, t('Its worth:'), ' ', ...rich(why.parts))]),
    ];
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
