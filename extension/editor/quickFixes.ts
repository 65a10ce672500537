// The quick fixes of a compressed document: keep what is struck through, or all that is like it, expand it, explain it; leave out the statement around lines that stay.
import * as vscode from 'vscode';
import type { Span } from '../../src/core/span';
import { alikeAt, type Alike } from '../../src/why/alike';
import { markEffects, offerAround } from '../session/markEffects';
import type { Result, Results } from '../session/results';

const { t } = vscode.l10n;

/** Registered only while there are results. */
export class QuickFixes implements vscode.Disposable, vscode.CodeActionProvider {
  private registered: vscode.Disposable | undefined;
  private readonly listener: vscode.Disposable;

  constructor(private readonly results: Results) {
    this.listener = results.onDidChange(() => {
      if (results.size)
        this.registered ??= vscode.languages.registerCodeActionsProvider({ scheme: '*' }, this, {
          providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
        });
      else this.unregister();
    });
  }

  dispose(): void {
    this.listener.dispose();
    this.unregister();
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const result = this.results.forDocument(document);
    if (!result) return [];
    const lines = wholeLines(document, range);
    return [...forStruck(document, result, lines, range), ...forStaying(document, result, lines)];
  }

  private unregister(): void {
    this.registered?.dispose();
    this.registered = undefined;
  }
}

function forStruck(
  document: vscode.TextDocument,
  { source, file }: Result,
  lines: Span,
  range: vscode.Range,
): vscode.CodeAction[] {
  const gone = file.spans.find(
    (s) =>
      !s.kept && s.reason !== 'absorbed' && s.end + source.start > lines.start && s.start + source.start < lines.end,
  );
  if (!gone) return [];
  const one = range.start.line === range.end.line;
  const target = { uri: document.uri.toString(), ...lines };
  return [
    fix(
      one ? t('Keep This Line in the Compressed Context') : t('Keep These Lines in the Compressed Context'),
      'namm.pin',
      [target],
    ),
    ...forAlike(document, { source, file }, gone.start, lines),
    ...(gone.elision ? [fix(t('Show What Was Left Out Here'), 'namm.expand', [gone.elision])] : []),
    fix(t('Show Why It Was Left Out'), 'editor.action.showHover', []),
  ];
}

/** To keep all that is left out for the same reason as what stands on the lines. */
function forAlike(
  document: vscode.TextDocument,
  { source, file }: Pick<Result, 'source' | 'file'>,
  gone: number,
  lines: Span,
): vscode.CodeAction[] {
  const text = source.document.slice(source.start, source.end);
  const from = Math.max(gone, lines.start - source.start);
  const blank = /^\s*/.exec(text.slice(from, lines.end - source.start))![0].length;
  const alike = alikeAt(file, text, from + blank);
  if (!alike) return [];
  const uri = document.uri.toString();
  const targets = alike.spans.map(({ start, end }) => ({ uri, start: source.start + start, end: source.start + end }));
  return [fix(keepAllInWords(alike), 'namm.pin', [targets])];
}

function keepAllInWords(alike: Alike): string {
  const n = alike.spans.length;
  if ('name' in alike) return t('Keep All {0} Places with {1} in the Compressed Context', n, alike.name);
  switch (alike.class) {
    case 'docstring':
      return t('Keep All {0} Pieces of Documentation in the Compressed Context', n);
    case 'import':
      return t('Keep All {0} Imports in the Compressed Context', n);
    case 'licence':
      return t('Keep All {0} Licence Texts in the Compressed Context', n);
    case 'generated':
      return t('Keep All {0} Generated Parts in the Compressed Context', n);
    default:
      return t('Keep All {0} Comments in the Compressed Context', n);
  }
}

function forStaying(document: vscode.TextDocument, { run, source }: Result, lines: Span): vscode.CodeAction[] {
  return markEffects(run, run.sources.indexOf(source)).flatMap((effect) => {
    const { mark, goes, fault } = effect;
    const isHere = mark.start < lines.end && mark.end > lines.start;
    const isGone = goes.some((s) => s.start <= lines.start && s.end >= lines.end);
    const offer = fault && isHere && !isGone && offerAround(document.uri, effect);
    return offer ? [fix(offer.title, offer.command, offer.arguments)] : [];
  });
}

function fix(title: string, command: string, args: readonly unknown[]): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command, arguments: [...args] };
  return action;
}

/** The lines of a range, without the last line break. */
function wholeLines(document: vscode.TextDocument, { start, end }: vscode.Range): Span {
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return {
    start: document.offsetAt(new vscode.Position(start.line, 0)),
    end: document.offsetAt(document.lineAt(last).range.end),
  };
}
