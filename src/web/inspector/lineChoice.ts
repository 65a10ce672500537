// Chooses lines of the text in the charts along it: by dragging, by keys, or by their numbers; and says what became of them.
import { ownValue } from '../../core/ownValue';
import { rangeBetween } from '../../inspector/layers';
import type { App } from './app';
import { button, el } from './dom';
import { tokenAtX } from './strips';
import { count, percent, t } from './words';

const PAGE = 20; // Page Up and Page Down go a 20th of what is in view
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

/** Drags and keys on the charts along the text. */
export class Brush {
  /** Lines between which the choice goes: where it began, and where it is. */
  private anchor = 0;
  private caret = 0;
  private dragging = false;

  /** @param figure of the charts along the text. @param help id of the sentence that says how it is used */
  constructor(
    private readonly app: App,
    private readonly figure: HTMLElement,
    help: string,
  ) {
    const attributes = { tabindex: '0', role: 'group', 'aria-label': t('Choose lines'), 'aria-describedby': help };
    for (const [name, value] of Object.entries(attributes)) figure.setAttribute(name, value);
    figure.classList.add('brushed');
    figure.addEventListener('pointerdown', (e) => this.begin(e));
    figure.addEventListener('pointermove', (e) => {
      if (this.dragging) this.extend(this.lineAt(e), false);
    });
    for (const end of ['pointerup', 'pointercancel'])
      figure.addEventListener(end, () => {
        if (this.dragging) this.extend(this.caret, true);
        this.dragging = false;
      });
    figure.addEventListener('keydown', (e) => this.onKey(e));
    app.onChange((topic) => {
      if (topic === 'report') this.anchor = this.caret = 0;
      if (topic !== 'lines' || !app.lines) return;
      const { first, last } = app.lines; // chosen elsewhere: the keys go on from there
      if (Math.min(this.anchor, this.caret) !== first || Math.max(this.anchor, this.caret) !== last)
        [this.anchor, this.caret] = [first, last];
    });
  }

  private lineAt({ clientX }: PointerEvent): number {
    const { report, textLines } = this.app;
    return textLines.at(report!.bounds[tokenAtX(this.app, this.figure, clientX) + 1]! - 1);
  }

  private begin(event: PointerEvent): void {
    if (event.button !== 0 || !this.app.report) return;
    event.preventDefault(); // no text is selected meanwhile
    this.figure.focus({ preventScroll: true });
    this.figure.setPointerCapture(event.pointerId);
    this.dragging = true;
    this.anchor = this.lineAt(event);
    this.extend(this.anchor, false);
  }

  private extend(line: number, done: boolean): void {
    const { app } = this;
    const range = rangeBetween(this.anchor, line, app.textLines.starts.length);
    this.caret = line < this.anchor ? range.first : range.last;
    app.chooseLines(range, done);
  }

  private onKey(event: KeyboardEvent): void {
    const { app } = this;
    if (!app.report || event.ctrlKey || event.metaKey || event.altKey) return;
    const { first, last } = app.linesInView;
    const page = Math.max(1, Math.round((last - first) / PAGE));
    const move = (by: number) => (): void => {
      const to = app.lines ? this.caret + by : first;
      if (!event.shiftKey || !app.lines) this.anchor = rangeBetween(to, to, app.textLines.starts.length).first;
      this.extend(to, true);
    };
    const act = ownValue<() => void>(
      {
        ArrowRight: move(1),
        ArrowDown: move(1),
        ArrowLeft: move(-1),
        ArrowUp: move(-1),
        PageDown: move(page),
        PageUp: move(-page),
        Home: move(-Infinity),
        End: move(Infinity),
        Enter: () => app.zoomToLines(),
        '+': () => app.zoomBy(0.5),
        '-': () => app.zoomBy(2),
        Escape: () => app.chooseLines(undefined, true),
      },
      event.key,
    );
    if (!act) return;
    event.preventDefault();
    act();
  }
}
