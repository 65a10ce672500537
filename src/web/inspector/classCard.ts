// Shows the table of token classes: the tokens of each, what stays of them under the budget, and what the caches kept.
import { classOutcomes } from '../../inspector/outcome';
import { classShares } from '../../inspector/summary';
import type { App } from './app';
import { card, el } from './dom';
import { table } from './table';
import { meter } from './tokenCard';
import { className, count, percent, t } from './words';

export function classCard(app: App): HTMLElement {
  const body = el('div');
  app.onChange((topic) => {
    const { report, outcomes } = app;
    if (!report || !outcomes || !['report', 'scope', 'budget'].includes(topic)) return;
    const total = Math.max(1, report.ids.length);
    const inCaches = new Map(classShares(report, app.scope).map((c) => [c.name, c.kept]));
    const rows = classOutcomes(report, outcomes.first)
      .sort((a, b) => b.tokens - a.tokens)
      .map(({ name, tokens, stay }) => [
        className(name),
        count(tokens),
        percent(tokens / total),
        meter(stay[0]! / tokens),
        percent(inCaches.get(name) ?? 0),
      ]);
    body.replaceChildren(
      table(t('By token class'), [t('Class'), t('Tokens'), t('Of all'), t('Stays'), t('Caches')], rows),
    );
  });
  return card(
    'classes',
    t('By token class'),
    body,
    el(
      'p',
      { class: 'note' },
      t('Stays: what the budget leaves. Caches: what those of the chosen layer or head kept while the model read.'),
    ),
  );
}
