// The places where a result leaves code out: where each stands, its lines and its tokens. Found once for each result.
import * as vscode from 'vscode';
import { getOrMake } from '../../src/core/getOrMake';
import type { TextTarget } from '../context/constraintCommands';
import type { Result } from '../session/results';
import { count } from '../platform/messages';

const { t } = vscode.l10n;

export interface Hole {
  /** All that goes, with the white space around it. */
  readonly range: vscode.Range;
  /** From its first character that is no white space to its last. */
  readonly text: vscode.Range;
  /** Recipient tokens. */
  readonly tokens: number;
}

/** Lines from … to, both included, counted from 0. */
interface Lines {
  readonly first: number;
  readonly last: number;
}

const known = new WeakMap<Result, readonly Hole[]>();

/** The holes of a text in its order, with neighbours joined. The result must match the document. */
export function holesOf(document: vscode.TextDocument, result: Result): readonly Hole[] {
  return getOrMake(known, result, () => find(document, result));
}

function find(document: vscode.TextDocument, { file, source }: Result): Hole[] {
  const out: Hole[] = [];
  const { spans, elisions } = file;
  let next = 0; // elisions are in text order, too
  for (let i = 0; i < spans.length; i++) {
    if (spans[i]!.kept) continue;
    const { start } = spans[i]!;
    while (i + 1 < spans.length && !spans[i + 1]!.kept) i++;
    const { end } = spans[i]!;
    let tokens = 0;
    for (; next < elisions.length && elisions[next]!.start < end; next++) tokens += elisions[next]!.recipientTokens;
    if (end > start)
      out.push({
        range: rangeOf(document, source.start + start, source.start + end),
        text: textOf(document, source.start + start, source.start + end),
        tokens,
      });
  }
  return out;
}

function textOf(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  const text = document.getText(rangeOf(document, start, end));
  const blank = /^\s*/.exec(text)![0].length;
  if (blank === text.length) return rangeOf(document, start, end);
  return rangeOf(document, start + blank, start + text.trimEnd().length);
}

function rangeOf(document: vscode.TextDocument, start: number, end: number): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}

/** Number of lines from the first with text to the last. */
export function linesIn({ text }: Hole): number {
  return text.end.line - text.start.line + 1;
}

/** Its offsets in the document, as an argument of a command. */
export function targetOf(document: vscode.TextDocument, { text }: Hole): TextTarget {
  return {
    uri: document.uri.toString(),
    start: document.offsetAt(text.start),
    end: document.offsetAt(text.end),
  };
}

/** Example: 19 lines · 169 tokens */
export function sizeInWords(hole: Hole): string {
  const lines = linesIn(hole);
  return [
    lines === 1 ? t('1 line') : t('{0} lines', count(lines)),
    hole.tokens === 1 ? t('1 token') : t('{0} tokens', count(hole.tokens)),
  ].join(' · ');
}

/** The hole at a position; undefined if that stays. */
export function holeAt(holes: readonly Hole[], at: vscode.Position): Hole | undefined {
  return holes.find(({ range }) => range.contains(at));
}

/** The holes of which a line is in view. */
export function inView(holes: readonly Hole[], editor: vscode.TextEditor): Hole[] {
  const { first, last } = visibleLines(editor);
  return holes.filter(({ text }) => text.end.line >= first && text.start.line <= last);
}

export function visibleLines({ visibleRanges }: vscode.TextEditor): Lines {
  return { first: visibleRanges[0]?.start.line ?? 0, last: visibleRanges.at(-1)?.end.line ?? 0 };
}
