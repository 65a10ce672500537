// Knows the commands by which a user says what stays, what goes, and how much.
import * as vscode from 'vscode';
import { openText } from '../platform/openText';
import type { Runner } from '../session/runner';
import { pickBudget, pickProfile } from './budget';
import type { Marks } from '../session/marks';
import type { MarkKind } from '../session/markMath';
import type { CurrentEditor } from '../session/currentEditor';
import type { Question } from '../session/question';

const { t } = vscode.l10n;

/** What a link in a hover says: offsets of the whole document. */
export interface Place {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}

function isPlace(value: unknown): value is Place {
  const p = value as Partial<Place> | undefined;
  return typeof p?.uri === 'string' && typeof p.start === 'number' && typeof p.end === 'number';
}

export function constraintCommands(
  marks: Marks,
  question: Question,
  runner: Runner,
  currentEditor: CurrentEditor,
): Readonly<Record<string, (...args: never[]) => unknown>> {
  /** The place that a link names, else the selected lines, else the line of the cursor. */
  const targets = async (
    place: unknown,
  ): Promise<{ document: vscode.TextDocument; ranges: vscode.Range[] } | undefined> => {
    if (isPlace(place)) {
      const document = openText(place.uri);
      return (
        document && {
          document,
          ranges: [new vscode.Range(document.positionAt(place.start), document.positionAt(place.end))],
        }
      );
    }
    const editor = await currentEditor.get();
    if (!editor) {
      runner.say(t('Open a text file first, and select what you mean.'));
      return undefined;
    }
    const { document, selections } = editor;
    return { document, ranges: selections.map((s) => wholeLines(document, s)) };
  };
  const mark =
    (kind: MarkKind) =>
    async (place?: unknown): Promise<void> => {
      const meant = await targets(place);
      for (const range of meant?.ranges ?? []) marks.add(kind, meant!.document, range);
    };
  const scope = (): vscode.ConfigurationScope | undefined => {
    const document = vscode.window.activeTextEditor?.document;
    return document && { uri: document.uri, languageId: document.languageId };
  };
  return {
    'namm.pin': mark('pin'),
    'namm.drop': mark('drop'),
    'namm.unmark': async (place?: unknown) => {
      const meant = await targets(place);
      for (const range of meant?.ranges ?? []) marks.remove(meant!.document, range);
    },
    'namm.clearMarks': () => {
      const uri = vscode.window.activeTextEditor?.document.uri;
      if (uri) marks.clear(uri);
    },
    'namm.setQuestion': (text?: unknown) => question.set(typeof text === 'string' ? text : undefined),
    'namm.pickBudget': () => pickBudget(scope()),
    'namm.pickProfile': () => pickProfile(scope()),
  };
}

function wholeLines(document: vscode.TextDocument, { start, end }: vscode.Range): vscode.Range {
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return new vscode.Range(start.line, 0, last, document.lineAt(last).text.length);
}
