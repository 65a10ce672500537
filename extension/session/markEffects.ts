// What became of the lines that the user left out: what goes for each mark, which lines stay, and what to do about it.
import * as vscode from 'vscode';
import type { DropEffect, DropFault } from '../../src/core/context';
import type { Span } from '../../src/core/span';
import type { Run } from './run';

const { t } = vscode.l10n;

/** The effect of a mark; spans are those of the whole document. */
export interface MarkEffect extends DropEffect {
  readonly mark: Span;
}

/** A button or a link. */
export interface Offer {
  readonly title: string;
  readonly command: string;
  readonly arguments: readonly unknown[];
}

/** The effects of the marks on one text of a run, in their order. @param index of the text */
export function markEffects({ request, context, sources }: Run, index: number): MarkEffect[] {
  const from = sources[index]!.start;
  const moved = <T extends Span>(span: T): T => ({ ...span, start: span.start + from, end: span.end + from });
  return (context.files[index]!.drops ?? []).map((effect, i) => ({
    ...effect,
    mark: moved(request.sources[index]!.drops![i]!),
    goes: effect.goes.map(moved),
    ...(effect.around ? { around: moved(effect.around) } : {}),
  }));
}

/** Why marked lines stay. */
export function stayInWords(fault: DropFault): string {
  const words: Readonly<Record<DropFault, string>> = {
    part: t('Lines that you left out stay: they are a part of a larger statement, which goes whole or not at all.'),
    pinned: t('Lines that you left out stay: their statement holds something that you keep.'),
    unparsed: t('Lines that you left out stay: the grammar cannot read what stands there or beside it.'),
    syntax: t('Lines that you left out stay: the code would not parse without them.'),
    blank: t('Nothing stands on the lines that you left out.'),
  };
  return words[fault];
}

/** To leave out the statement around lines that stay; undefined if none can go. */
export function offerAround(uri: vscode.Uri, { around }: MarkEffect): Offer | undefined {
  if (!around) return undefined;
  const { line, lines, start, end } = around;
  return {
    title: lines > 1 ? t('Leave Out Lines {0} to {1}', line, line + lines - 1) : t('Leave Out Line {0}', line),
    command: 'namm.drop',
    arguments: [{ uri: uri.toString(), start, end }],
  };
}

/** What a mark took with it, in words; undefined if nothing but its own lines went. */
export function takenInWords(document: string, { mark, goes }: MarkEffect): string | undefined {
  const lineAt = (offset: number): number => document.slice(0, offset).split(/\r\n|\r|\n/).length;
  const [from, to] = [lineAt(mark.start), lineAt(Math.max(mark.start, mark.end - 1))];
  const [first, last] = [goes[0], goes.at(-1)];
  if (!first || !last) return undefined;
  const [start, end] = [lineAt(first.start), lineAt(Math.max(last.start, last.end - 1))];
  return start < from || end > to
    ? t('Lines {0} to {1} go: the smallest statement around what you left out.', start, end)
    : undefined;
}
