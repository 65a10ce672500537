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

/** The argument of a link: a span of the whole document. */
export interface TextTarget extends Span {
  readonly uri: string;
}

export function isTextTarget(value: unknown): value is TextTarget {
  const target = value as Partial<TextTarget> | undefined;
  return typeof target?.uri === 'string' && typeof target.start === 'number' && typeof target.end === 'number';
}

export function constraintCommands(
  marks: Marks,
  question: Question,
  notifications: Notifications,
  currentEditor: CurrentEditor,
): Readonly<Record<string, (...args: never[]) => unknown>> {
  /** The ranges of one text that a link names, else the selected lines, else the line of the cursor. */
  const rangesFor = async (
    target: unknown,
  ): Promise<{ document: vscode.TextDocument; ranges: vscode.Range[] } | undefined> => {
    const targets = Array.isArray(target) ? target.filter(isTextTarget) : isTextTarget(target) ? [target] : [];
    if (targets.length) {
      const document = openText(targets[0]!.uri);
      const rangeOf = ({ start, end }: Span): vscode.Range =>
        new vscode.Range(document!.positionAt(start), document!.positionAt(end));
      return document && { document, ranges: targets.map(rangeOf) };
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
      if (found) marks.add(kind, found.document, found.ranges);
    };
  const scope = (): vscode.ConfigurationScope | undefined => vscode.window.activeTextEditor?.document;
  return {
    'namm.pin': async (target?: unknown) => {
      await mark('pin')(target);
      if (!Array.isArray(target)) return;
      const undo = { title: t('Undo'), command: 'namm.unmark', arguments: [target] };
      notifications.info(t('{0} places are marked to stay.', target.length), undo);
    },
    'namm.drop': mark('drop'),
    'namm.unmark': async (target?: unknown) => {
      const found = await rangesFor(target);
      if (found) marks.remove(found.document, found.ranges);
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
