// Shows the lines on which two scorers differ in two columns: what each of them leaves of these lines.
import type { Difference } from '../../inspector/differences';
import type { Outcome } from '../../inspector/outcome';
import { piecesOf } from '../../inspector/rows';
import type { App } from './app';
import { button, el } from './dom';
import { count, t } from './words';

const FIRST = 6; // places shown at first
const MAX_LINES = 12; // of one place
const MAX_UNITS = 160; // UTF-16 units of a line

/** @param places most different first. @param names of the two scorers */
export function sideBySide(app: App, places: readonly Difference[], names: readonly [string, string]): HTMLElement {
  const list = el('div', { class: 'sides' });
  const { first, second } = app.outcomes!;
  const show = (from: number, to: number): void =>
    list.append(...places.slice(from, to).flatMap((place) => sidesOf(app, place, names, [first, second!])));
  show(0, FIRST);
  if (places.length > FIRST) {
    const more = button(t('Show all {0} places', count(places.length)), { class: 'secondary' }, () => {
      more.remove();
      show(FIRST, places.length);
    });
    list.append(more);
  }
  return list;
}

function sidesOf(
  app: App,
  place: Difference,
  names: readonly [string, string],
  [first, second]: readonly [Outcome, Outcome],
): HTMLElement[] {
  const label =
    place.first === place.last
      ? t('Line {0}', count(place.first + 1))
      : t('Lines {0} to {1}', count(place.first + 1), count(place.last + 1));
  const figures = [
    ...(place.onlyFirst ? [t('{0} tokens only by {1}', count(place.onlyFirst), names[0])] : []),
    ...(place.onlySecond ? [t('{0} tokens only by {1}', count(place.onlySecond), names[1])] : []),
  ].join(' · ');
  return [
    el(
      'p',
      { class: 'place' },
      button(label, { class: 'link' }, () => app.chooseLines({ first: place.first, last: place.last }, true)),
      ` · ${figures}`,
    ),
    el('div', { class: 'two' }, side(app, place, names[0], first, second), side(app, place, names[1], second, first)),
  ];
}

function side(app: App, { first, last }: Difference, name: string, own: Outcome, other: Outcome): HTMLElement {
  const lines = Array.from({ length: Math.min(MAX_LINES, last - first + 1) }, (_, i) =>
    lineOf(app, first + i, own, other),
  );
  const rest = last - first + 1 - lines.length;
  return el(
    'div',
    { class: 'side' },
    el('p', { class: 'who' }, name),
    ...lines,
    ...(rest > 0 ? [el('p', { class: 'note' }, t('{0} more lines', count(rest)))] : []),
  );
}

/** A line as one scorer leaves it. What goes is struck through; what only this one keeps is marked. */
function lineOf({ subject, report, textLines }: App, line: number, own: Outcome, other: Outcome): HTMLElement {
  const { start, end } = textLines.span(line);
  const row = { line, start, end: Math.min(end, start + MAX_UNITS), continued: false };
  const pieces = piecesOf(row, report!.bounds).map(({ token, start: from, end: to }) => {
    const kind = own[token] ? (other[token] ? undefined : 'alone') : 'gone';
    return el('span', { class: kind }, subject!.text.slice(from, to).replace(/[\r\n]+$/, ''));
  });
  return el('div', { class: 'line' }, ...pieces, end > row.end ? '…' : undefined);
}
