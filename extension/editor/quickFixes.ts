// The quick fixes of a compressed document: keep, expand or explain what is struck through; leave out the statement around lines that stay.
import * as vscode from 'vscode';
import type { Span } from '../../src/core/span';
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
    ...(gone.elision ? [fix(t('Show What Was Left Out Here'), 'namm.expand', [gone.elision])] : []),
    fix(t('Show Why It Was Left Out'), 'editor.action.showHover', []),
  ];
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
