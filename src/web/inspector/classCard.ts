// Shows the table of token classes: the tokens of each, and the share that was kept.
import { classShares } from '../../inspector/summary';
import type { App } from './app';
import { card, el } from './dom';
import { table } from './table';
import { meter } from './tokenCard';
import { className, count, percent, t } from './words';

export function classCard(app: App): HTMLElement {
  const body = el('div');
  app.onChange((topic) => {
    if (!app.report || (topic !== 'report' && topic !== 'scope')) return;
    const total = Math.max(1, app.report.ids.length);
    const rows = classShares(app.report, app.scope)
      .sort((a, b) => b.tokens - a.tokens)
      .map((c) => [className(c.name), count(c.tokens), percent(c.tokens / total), meter(c.kept)]);
    body.replaceChildren(table(t('Kept by token class'), [t('Class'), t('Tokens'), t('Of all'), t('Kept')], rows));
  });
  return card('classes', t('Kept by token class'), body);
}
