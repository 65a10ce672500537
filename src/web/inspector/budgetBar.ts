// Draws the budget as a bar of statements in the order of their rank, and lists those next to the cut on either side.
import { LEAST_RATIO } from '../../core/budget';
import type { RankedStatement } from '../../core/context';
import { rangeBetween } from '../../inspector/layers';
import { turningShares } from '../../why/place';
import { statementsIn } from '../../why/ranking';
import type { App } from './app';
import { onWidth } from './chart';
import { button, el, svg } from './dom';
import { count, decimal, percent, t } from './words';

const THUMB = 16; // px of the slider's thumb: its middle goes from half of it to half of it before the end
const HEIGHT = 22;
const MAX_UNITS = 48; // UTF-16 units of a statement's first line
const LEAST_GAP = 3; // px between two borders of statements

export class BudgetBar {
  readonly title = t('Budget');
  readonly element = el('div', { class: 'budget-bar' });
  private width = 480;

  /** @param onDrag receives the share 0…1 that the pointer is at */
  constructor(
    private readonly app: App,
    onDrag: (share: number) => void,
  ) {
    onWidth(this.element, (width) => {
      this.width = width;
      this.show();
    });
    this.element.addEventListener('pointerdown', (event) => {
      if (event.button !== 0 || !app.budget || app.stale || app.busy) return;
      event.preventDefault(); // the slider keeps the focus
      this.element.setPointerCapture(event.pointerId);
      onDrag(this.shareAt(event));
    });
    this.element.addEventListener('pointermove', (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) onDrag(this.shareAt(event));
    });
    app.onChange((topic) => topic === 'budget' && this.show());
  }

  get drawing(): SVGSVGElement | null {
    return this.element.querySelector('svg');
  }

  private shareAt({ clientX }: PointerEvent): number {
    const { left, width } = this.element.getBoundingClientRect();
    const place = Math.max(0, Math.min(1, (clientX - left - THUMB / 2) / Math.max(1, width - THUMB)));
    return LEAST_RATIO + place * (1 - LEAST_RATIO);
  }

  private show(): void {
    const { budget } = this.app;
    if (!budget) return;
    const { width } = this;
    const { subject, keepRatio } = budget;
    const statements = statementsIn(subject.ranking);
    const kept = subject.ranking?.kept ?? 0;
    const { before, after } = subject.recipientTokens;
    // What a run asks for and what a file of it reaches differ; near the handle, where it matters, a share more of one is a share more of the other.
    const offset = keepRatio - after / Math.max(1, before);
    const x = (share: number): number => {
      const place = (share + offset - LEAST_RATIO) / (1 - LEAST_RATIO);
      return THUMB / 2 + Math.max(0, Math.min(1, place)) * (width - THUMB);
    };
    const turns = turningShares(subject);
    const own = (i: number): number => (statements[i]!.tokens ?? NaN) / before;
    const [start, middle, end] = [THUMB / 2, x(keepRatio - offset), width - THUMB / 2];
    const { go, come } = this.app.nextCuts;
    const next = (i: number, kind: string): SVGElement[] => {
      const [from, to] = i < kept ? [turns[i]!, turns[i]! + own(i)] : [turns[i]! - own(i), turns[i]!];
      if (Number.isNaN(from)) return [];
      return [part(`next-${kind}`, x(from), Math.max(x(from) + 2, x(to)))];
    };
    const label = t(
      '{0} of {1} statements of this file stay at {2}.',
      count(kept),
      count(statements.length),
      percent(keepRatio),
    );
    this.element.replaceChildren(
      svg(
        'svg',
        { viewBox: `0 0 ${width} ${HEIGHT}`, role: 'img', 'aria-label': label },
        part('stays', start, middle),
        part('goes', middle, end),
        ...go.flatMap((_, i) => next(kept - 1 - i, 'go')),
        ...come.flatMap((_, i) => next(kept + i, 'come')),
        ...borders(Array.from(turns, x)).map((at) =>
          svg('line', { class: 'border', x1: at, x2: at, y1: 4, y2: HEIGHT - 2 }),
        ),
        svg('line', { class: 'handle', x1: middle, x2: middle, y1: 0, y2: HEIGHT }),
      ),
    );
  }
}

function part(name: string, from: number, to: number): SVGElement {
  return svg('rect', { class: `part-${name}`, x: from, y: 4, width: Math.max(0, to - from), height: HEIGHT - 6 });
}

/** Without those that are too close to the one before. */
function borders(all: readonly number[]): number[] {
  const out: number[] = [];
  for (const at of all.filter((n) => !Number.isNaN(n))) if (at - (out.at(-1) ?? -Infinity) >= LEAST_GAP) out.push(at);
  return out;
}

/** The statements that a smaller budget would cut next, and those that a larger one would bring back first. */
export class NextList {
  readonly element = el('div', { class: 'two next-list' });

  constructor(private readonly app: App) {
    app.onChange((topic) => {
      if (app.report && (topic === 'report' || topic === 'budget')) this.show();
    });
  }

  private show(): void {
    const { go, come } = this.app.nextCuts;
    this.element.replaceChildren(
      ...[
        { title: t('Goes next'), kind: 'go', statements: go },
        { title: t('Comes back first'), kind: 'come', statements: come },
      ]
        .filter(({ statements }) => statements.length)
        .map(({ title, kind, statements }) =>
          el(
            'div',
            { class: 'side' },
            el('p', { class: 'who' }, el('span', { class: `key next-${kind}`, 'aria-hidden': 'true' }), title),
            el('ol', {}, ...statements.map((s) => this.item(s))),
          ),
        ),
    );
  }

  private item(statement: RankedStatement): HTMLElement {
    const { subject, textLines } = this.app;
    const text = subject!.text.slice(statement.start, statement.end);
    const begin = statement.start + text.length - text.trimStart().length;
    const end = Math.max(begin, statement.end - (text.length - text.trimEnd().length) - 1);
    const [first, last] = [textLines.at(begin), textLines.at(end)];
    const line = (text.split(/[\r\n]/).find((l) => /[\p{L}\p{N}]/u.test(l)) ?? text).trim(); // `/**` says nothing
    const shown = line.length > MAX_UNITS ? `${line.slice(0, MAX_UNITS)}…` : line;
    const figures = [
      ...(statement.tokens === undefined ? [] : [t('{0} tokens', count(statement.tokens))]),
      t('worth {0}', decimal(statement.worth)),
    ];
    const lines = rangeBetween(first, last, textLines.starts.length);
    return el(
      'li',
      {},
      el(
        'div',
        { class: 'next-one' },
        button(t('Line {0}', count(first + 1)), { class: 'link' }, () => this.app.chooseLines(lines, true)),
        el('code', {}, shown),
        el('span', { class: 'note' }, figures.join(' · ')),
      ),
    );
  }
}
