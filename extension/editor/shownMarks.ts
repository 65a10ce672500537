// Says where the marks of a document are shown: a pin on its lines, a cross on all that goes for it, a sign on lines that stay all the same.
import * as vscode from 'vscode';
import { Lines } from '../../src/core/lines';
import { complementSpans, sharedSpans, unionSpans, type Span } from '../../src/core/span';
import type { Mark } from '../session/markMath';
import { markEffects, offerAround, stayInWords, type MarkEffect } from '../session/markEffects';
import type { Result } from '../session/results';

/** Spans of the document. */
export interface ShownMarks {
  readonly pins: readonly Span[];
  readonly drops: readonly Span[];
  /** Lines that were left out and stay; the words are Markdown. */
  readonly stays: readonly { readonly line: Span; readonly words: vscode.MarkdownString }[];
}

/** @param result of the document, if it has one: it knows what a mark takes with it */
export function shownMarks(marked: readonly Mark[], result: Result | undefined): ShownMarks {
  const pins = marked.filter((m) => m.kind === 'pin');
  const drops = marked.filter((m) => m.kind === 'drop');
  if (!result || !drops.length) return { pins, drops, stays: [] };
  const { run, source } = result;
  const isKnown = (effect: MarkEffect): boolean =>
    drops.some((m) => m.start <= effect.mark.start && m.end >= effect.mark.end);
  const effects = markEffects(run, run.sources.indexOf(source)).filter(isKnown);
  const goes = unionSpans(effects.flatMap((e) => e.goes));
  const fresh = drops.filter((m) => !effects.some(({ mark }) => m.start <= mark.start && m.end >= mark.end)); // not compressed since
  const lines = new Lines(source.document);
  const left = complementSpans(goes, source.document.length);
  const stays = effects.flatMap((effect) => {
    if (!effect.fault) return [];
    const words = wordsOf(source.uri, effect);
    return sharedSpans([lineSpans(lines, effect.mark)], left).map((line) => ({
      line: withoutBreak(source.document, line),
      words,
    }));
  });
  return { pins, drops: [...goes.map((s) => withoutBreak(source.document, s)), ...fresh], stays };
}

function wordsOf(uri: vscode.Uri, effect: MarkEffect): vscode.MarkdownString {
  const offer = offerAround(uri, effect);
  const link =
    offer && `[${offer.title}](command:${offer.command}?${encodeURIComponent(JSON.stringify(offer.arguments))})`;
  const words = new vscode.MarkdownString(`${stayInWords(effect.fault!)}${link ? ` ${link}` : ''}`);
  words.isTrusted = { enabledCommands: ['namm.drop'] };
  return words;
}

const lineSpans = (lines: Lines, { start, end }: Span): Span => ({
  start: lines.span(lines.at(start)).start,
  end: lines.span(lines.at(Math.max(start, end - 1))).end,
});

/** A range that ends with a line break would reach into the line below. */
const withoutBreak = (text: string, { start, end }: Span): Span => ({
  start,
  end: Math.max(start, end - /(?:\r\n|\r|\n)?$/.exec(text.slice(Math.max(start, end - 2), end))![0].length),
});
