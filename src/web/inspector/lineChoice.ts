// The numbers and buttons for the lines chosen in the charts along the text, and what became of these lines.
import { rangeBetween } from '../../inspector/layers';
import type { App } from './app';
import { button, el } from './dom';
import { count, percent, t } from './words';

export const CHOICE_HELP = 'choice-help';

export class LineChoice {
  readonly elements: readonly HTMLElement[];
  private readonly first = el('input', { type: 'number', id: 'first-line', min: 1 });
  private readonly last = el('input', { type: 'number', id: 'last-line', min: 1 });
  private readonly said = el('p', { id: 'choice', role: 'status' });
  private readonly toLines: HTMLButtonElement;
  private readonly clear: HTMLButtonElement;
  private readonly whole: HTMLButtonElement;

  constructor(private readonly app: App) {
    const act = (label: string, name: string, work: () => void): HTMLButtonElement =>
      button(label, { class: 'secondary', 'aria-label': name }, work);
    this.toLines = act(t('Zoom to Lines'), t('Zoom to Lines'), () => app.zoomToLines());
    this.clear = act(t('Clear'), t('Clear'), () => app.chooseLines(undefined, true));
    this.whole = act(t('Whole Text'), t('Whole Text'), () => app.zoomBy(Infinity));
    for (const input of [this.first, this.last]) input.addEventListener('change', () => this.onNumber(input));
    this.elements = [
      el(
        'p',
        { class: 'note', id: CHOICE_HELP },
        t(
          'Drag over the charts to choose lines, or use the arrow keys, with Shift for several: the text and the editor follow. Enter zooms to them.',
        ),
      ),
      el(
        'div',
        { class: 'actions', role: 'group', 'aria-label': t('Lines') },
        el('label', { for: 'first-line' }, t('Lines')),
        this.first,
        el('label', { for: 'last-line' }, t('to')),
        this.last,
        this.clear,
        this.toLines,
        act('+', t('Zoom in'), () => app.zoomBy(0.5)),
        act('−', t('Zoom out'), () => app.zoomBy(2)),
        this.whole,
      ),
      this.said,
    ];
    app.onChange((topic) => {
      if (app.report && ['report', 'lines', 'window', 'budget'].includes(topic)) this.show();
    });
  }

  /** A first line behind the last one moves the last, and the other way round. */
  private onNumber(changed: HTMLInputElement): void {
    const other = changed === this.first ? this.last : this.first;
    const line = Math.max(1, Number(changed.value) || 1);
    const known = Number(other.value) || line;
    const end = changed === this.first ? Math.max(line, known) : Math.min(line, known);
    this.app.chooseLines(rangeBetween(line - 1, end - 1, this.app.textLines.starts.length), true);
  }

  private show(): void {
    const { app } = this;
    const { lines, report, window, textLines } = app;
    const all = textLines.starts.length;
    for (const input of [this.first, this.last]) input.max = String(all);
    this.first.value = lines ? String(lines.first + 1) : '';
    this.last.value = lines ? String(lines.last + 1) : '';
    this.clear.disabled = this.toLines.disabled = !lines;
    this.whole.disabled = window.to - window.from >= report!.ids.length;
    this.said.textContent = lines ? this.figures() : t('No lines are chosen.');
  }

  private figures(): string {
    const { lines, report, outcomes, chosenTokens } = this.app;
    const { from, to } = chosenTokens!;
    const mean = (values: ArrayLike<number>): number => {
      let sum = 0;
      for (let token = from; token < to; token++) sum += values[token]!;
      return sum / Math.max(1, to - from);
    };
    const { first, last } = lines!;
    return [
      first === last ? t('Line {0}', count(first + 1)) : t('Lines {0} to {1}', count(first + 1), count(last + 1)),
      t('{0} tokens', count(to - from)),
      ...(outcomes ? [t('{0} stay', percent(mean(outcomes.first)))] : []),
      t('the caches kept {0}', percent(mean(report!.retention))),
    ].join(' · ');
  }
}
