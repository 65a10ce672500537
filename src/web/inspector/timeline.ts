// Plays the reading chunk by chunk: the text and the charts along it show what the caches held at that time.
import { momentAfter } from '../../inspector/timeline';
import type { App } from './app';
import { button, el } from './dom';
import { count, t } from './words';

const STEP_MS = 900;

export class Timeline {
  readonly elements: readonly HTMLElement[];
  private readonly slider = el('input', {
    type: 'range',
    id: 'moment',
    min: 0,
    step: 1,
    'aria-describedby': 'moment-said',
  });
  private readonly place = el('output', { for: 'moment', class: 'wish' });
  private readonly said = el('p', { id: 'moment-said' });
  private readonly play = button('', { class: 'secondary' }, () => (this.timer ? this.stop() : this.start()));
  private readonly leave = button(t('Leave the Timeline'), { class: 'secondary' }, () => this.go(undefined));
  private readonly role = el('p', { class: 'note' });
  private timer: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly app: App) {
    this.slider.addEventListener('input', () => this.go(Number(this.slider.value)));
    const by = (label: string, name: string, step: number): HTMLButtonElement =>
      button(label, { class: 'secondary', 'aria-label': name }, () => {
        const now = app.moment ?? (step > 0 ? -1 : app.report!.updates + 1);
        this.go(Math.max(0, Math.min(app.report!.updates, now + step)));
      });
    this.elements = [
      this.role,
      el(
        'div',
        { class: 'slide' },
        this.play,
        by('‹', t('One chunk back'), -1),
        by('›', t('One chunk on'), 1),
        el('label', { for: 'moment', class: 'unseen' }, t('Chunks that are read')),
        this.slider,
        this.place,
        this.leave,
      ),
      this.said,
    ];
    matchMedia('(prefers-reduced-motion: reduce)').addEventListener('change', () => this.show());
    app.onChange((topic) => {
      if (!app.report) return;
      if (topic === 'report') this.stop();
      if (['report', 'moment', 'scope'].includes(topic)) this.show();
    });
  }

  /** Moves by the user's hand, which ends the playing. */
  private go(moment: number | undefined): void {
    this.stop();
    this.app.goTo(moment);
  }

  private start(): void {
    const { app } = this;
    const { updates } = app.report!;
    this.timer = setInterval(() => {
      const next = (app.moment ?? 0) + 1;
      if (next >= updates) this.stop();
      app.goTo(Math.min(updates, next));
    }, STEP_MS);
    app.goTo(app.moment === undefined || app.moment >= updates ? 0 : app.moment);
  }

  private stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    if (this.app.report) this.show();
  }

  private show(): void {
    const { app, timer } = this;
    const report = app.report!;
    const { moment } = app;
    this.role.textContent =
      report.scorer === 'extended'
        ? t('Evictions had no part in the cut: what every cache evicted can stay, and what all held can go.')
        : t('The cut goes by scores, not by evictions: what every cache evicted can stay, and what all held can go.');
    this.play.textContent = timer ? t('Pause') : t('Play');
    this.play.hidden = movesLittle(); // then one steps by oneself
    this.slider.max = String(report.updates);
    this.slider.value = String(moment ?? report.updates);
    this.place.value = moment === undefined ? '' : t('{0} of {1}', moment, report.updates);
    this.leave.disabled = moment === undefined;
    this.said.setAttribute('aria-live', timer ? 'off' : 'polite');
    this.said.textContent =
      moment === undefined
        ? t('Step through the reading to see here, in the text and along it what the caches held.')
        : this.figures(moment);
  }

  private figures(moment: number): string {
    const { report, scope } = this.app;
    if (moment === 0) return t('Before the first chunk: nothing is read.');
    const { read, held, evicted, evictedNow } = momentAfter(report!, scope, moment);
    return [
      t('After chunk {0} of {1}', moment, report!.updates),
      t('{0} of {1} tokens read', count(read), count(report!.ids.length)),
      t('{0} entries held', count(held)),
      t('{0} evicted, {1} of them now', count(evicted), count(evictedNow)),
    ].join(' · ');
  }
}

/** Whether the user wants no motion: said to the system or to the editor. */
function movesLittle(): boolean {
  return (
    matchMedia('(prefers-reduced-motion: reduce)').matches || document.body.classList.contains('vscode-reduce-motion')
  );
}
