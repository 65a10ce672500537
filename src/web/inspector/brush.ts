// Chooses lines of the text in the charts along it, by dragging and by keys.
import { ownValue } from '../../core/ownValue';
import { rangeBetween } from '../../inspector/layers';
import type { App } from './app';
import { tokenAtX } from './strips';
import { t } from './words';

const PAGE = 20; // Page Up and Page Down go a 20th of what is in view

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
