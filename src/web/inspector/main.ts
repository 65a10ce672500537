// Builds the inspector's page: its cards, its actions, and the handling of the panel's messages.
import { reportJson } from '../../core/report';
import { reportCsv } from '../../inspector/csv';
import type { ToPage } from '../../inspector/protocol';
import { App } from './app';
import { BudgetCard } from './budgetCard';
import { evictionChart, retentionCurve, scoreChart } from './charts';
import { classCard } from './classCard';
import { CompareCard, masks } from './compareCard';
import { button, el } from './dom';
import { HeatMap } from './heatMap';
import { layerStrips } from './layerStrips';
import { Brush, CHOICE_HELP, LineChoice } from './lineChoice';
import { picture } from './picture';
import { TextPane } from './textPane';
import { Timeline } from './timeline';
import { TokenCard } from './tokenCard';
import { roleOfReading } from '../../why/reading';
import { count, plain, t, WORDS } from './words';

const app = new App();
const title = el('h1', {}, t('Retention'));
const about = el('p', { class: 'about' });
const stale = el('div', { class: 'banner', role: 'status', hidden: true });
const waiting = el('p', { class: 'note', role: 'status' }, t('Reading…'));
const role = el('p', { class: 'note' });
const budget = new BudgetCard(app);
const cuts = masks(app);
const strips = layerStrips(app, new LineChoice(app).elements);
for (const { figure } of [cuts, strips]) new Brush(app, figure, CHOICE_HELP);
const heatMap = new HeatMap(app);
const curve = retentionCurve(app);
const scores = scoreChart(app);
const evicted = evictionChart(app, new Timeline(app).elements);
const charts = [budget.bar, cuts, curve, strips, scores, evicted];
const clear = button(t('Clear Mask'), { class: 'secondary' }, () => app.choose(app.scope));
const actions = el(
  'div',
  { class: 'actions', role: 'toolbar', 'aria-label': t('Actions') },
  clear,
  button(t('Save as JSON'), { class: 'secondary' }, () =>
    app.send({ kind: 'save', format: 'json', content: reportJson(app.report!) }),
  ),
  button(t('Save as CSV'), { class: 'secondary' }, () =>
    app.send({ kind: 'save', format: 'csv', content: reportCsv(app.report!, app.subject!.text, app.namedOutcomes) }),
  ),
  button(t('Save as PNG'), { class: 'secondary' }, () => void savePicture()),
);
const cards = el(
  'main',
  { hidden: true },
  budget.element,
  el('div', { class: 'pair' }, new TextPane(app).element, new TokenCard(app).element),
  classCard(app),
  new CompareCard(app).element,
  cuts.element,
  el('div', { class: 'part' }, el('h2', {}, t('How the model read it')), role),
  el('div', { class: 'pair' }, heatMap.element, curve.element),
  strips.element,
  el('div', { class: 'pair' }, scores.element, evicted.element),
);
document.body.append(el('header', {}, title, about, actions), stale, waiting, cards);

async function savePicture(): Promise<void> {
  app.send({ kind: 'save', format: 'png', content: await picture(app, heatMap, charts) });
}

app.onChange((topic) => {
  clear.hidden = !app.mask;
  if (topic === 'report') {
    const { report, subject } = app;
    title.textContent = subject!.path;
    role.textContent = plain(roleOfReading(report!.scorer, WORDS));
    about.textContent = [
      t('scorer {0}', report!.scorer),
      t('{0} tokens for the model {1}', count(report!.ids.length), report!.model.name),
      t(
        '{0} layers × {1} heads = {2} caches, {3}, {4} entries per cache on average',
        report!.layers,
        report!.heads,
        report!.layers * report!.heads,
        report!.updates === 1 ? t('1 memory update') : t('{0} memory updates', count(report!.updates)),
        count(Math.round(report!.meanCacheLength)),
      ),
    ].join(' · ');
  }
  if (topic === 'report' || topic === 'status') {
    cards.hidden = !app.report;
    actions.hidden = !app.report;
    waiting.hidden = !app.busy || app.failure !== undefined;
    const message =
      app.failure ??
      (app.stale ? t('The file has changed since: these figures are of the text as it was.') : undefined);
    stale.hidden = message === undefined;
    if (message !== undefined)
      stale.replaceChildren(
        el('span', {}, message),
        ' ',
        button(t('Read Again'), { disabled: app.busy }, () => app.send({ kind: 'readAgain' })),
      );
  }
});

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  switch (data.kind) {
    case 'subject':
      app.stale = data.stale;
      return app.setReport(data.subject, data.whole, data.scorer, data.report);
    case 'budget':
      if (data.opened) app.opened = data.budget;
      app.budget = data.budget;
      return app.notify('budget');
    case 'compared':
      app.compared = data.compared;
      if (app.mode === 'difference' && !data.compared) app.mode = 'layers';
      return app.notify('compared');
    case 'token':
      return app.select(data.index, false);
    case 'mask':
      app.mask = data.scope;
      return app.notify('mask');
    case 'stale':
      app.stale = data.stale;
      return app.notify('status');
    case 'busy':
      app.busy = data.busy;
      if (data.busy) app.failure = undefined;
      return app.notify('status');
    case 'failed':
      app.failure = data.text;
      app.busy = false;
      return app.notify('status');
  }
});
app.send({ kind: 'ready' });
