// Lists the statements that a smaller budget would cut next, and those that a larger one would bring back first.
import type { RankedStatement } from '../../core/context';
import { rangeBetween } from '../../inspector/layers';
import type { App } from './app';
import { button, el } from './dom';
import { count, decimal, t } from './words';

const MAX_UNITS = 48; // UTF-16 units of a statement's first line

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
    const [line] = text.trim().split(/[\r\n]/);
    const shown = line!.length > MAX_UNITS ? `${line!.slice(0, MAX_UNITS)}…` : line!;
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
