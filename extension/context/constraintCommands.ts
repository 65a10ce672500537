// The commands that set constraints: what stays, what goes, the budget, the profile, the question.
import * as vscode from 'vscode';
import type { Span } from '../../src/core/span';
import { openText } from '../platform/openTexts';
import type { Notifications } from '../platform/notifications';
import { pickProfile } from './profilePicker';
import type { Marks } from '../session/marks';
import type { MarkKind } from '../session/markMath';
import type { CurrentEditor } from '../session/currentEditor';
import type { Question } from '../session/question';

const { t } = vscode.l10n;

/** The argument of a link in a hover: a span of the whole document. */
interface TextTarget extends Span {
  readonly uri: string;
}

function isTextTarget(value: unknown): value is TextTarget {
  const target = value as Partial<TextTarget> | undefined;
  return typeof target?.uri === 'string' && typeof target.start === 'number' && typeof target.end === 'number';
}

export function constraintCommands(
  marks: Marks,
  question: Question,
  notifications: Notifications,
  currentEditor: CurrentEditor,
): Readonly<Record<string, (...args: never[]) => unknown>> {
  /** The range that a link names, else the selected lines, else the line of the cursor. */
  const rangesFor = async (
    target: unknown,
  ): Promise<{ document: vscode.TextDocument; ranges: vscode.Range[] } | undefined> => {
    if (isTextTarget(target)) {
      const document = openText(target.uri);
      return (
        document && {
          document,
          ranges: [new vscode.Range(document.positionAt(target.start), document.positionAt(target.end))],
        }
      );
    }
    const editor = await currentEditor.get();
    if (!editor) {
      notifications.info(t('Open a text file first, and select what you mean.'));
      return undefined;
    }
    const { document, selections } = editor;
    return { document, ranges: selections.map((s) => wholeLines(document, s)) };
  };
  const mark =
    (kind: MarkKind) =>
    async (target?: unknown): Promise<void> => {
      const found = await rangesFor(target);
      for (const range of found?.ranges ?? []) marks.add(kind, found!.document, range);
    };
  const scope = (): vscode.ConfigurationScope | undefined => vscode.window.activeTextEditor?.document;
  return {
    'namm.pin': mark('pin'),
    'namm.drop': mark('drop'),
    'namm.unmark': async (target?: unknown) => {
      const found = await rangesFor(target);
      for (const range of found?.ranges ?? []) marks.remove(found!.document, range);
    },
    'namm.clearMarks': () => {
      const uri = vscode.window.activeTextEditor?.document.uri;
      if (uri) marks.clear(uri);
    },
    'namm.setQuestion': (text?: unknown) => question.set(typeof text === 'string' ? text : undefined),
    'namm.pickProfile': () => pickProfile(scope()),
  };
}

function wholeLines(document: vscode.TextDocument, { start, end }: vscode.Range): vscode.Range {
  const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  return new vscode.Range(start.line, 0, last, document.lineAt(last).text.length);
}
