// Goes from hole to hole of the active text, says why each goes, and shows its text by itself.
import * as vscode from 'vscode';
import type { ResultDocuments } from '../session/resultDocuments';
import type { Result, Results } from '../session/results';
import { holeAt, holesOf, inView, sizeInWords, visibleLines, type Hole } from './holes';

const { t } = vscode.l10n;

const MESSAGE_MS = 8000;

/** Where the cursor is to go, of all holes in text order. */
type Choice = (holes: readonly Hole[], editor: vscode.TextEditor) => number;

export class HoleWalk {
  constructor(
    private readonly results: Results,
    private readonly documents: Pick<ResultDocuments, 'peek'>,
  ) {}

  /** Goes to the next hole, behind the last one to the first. @returns whether there is one */
  next(): Promise<boolean> {
    return this.explain((holes, { selection }) => {
      const at = holes.findIndex(({ text }) => text.start.isAfter(selection.active));
      return at < 0 ? 0 : at;
    });
  }

  /** Goes to the hole before, before the first one to the last. @returns whether there is one */
  previous(): Promise<boolean> {
    return this.explain((holes, { selection }) => {
      const at = holes.findIndex(({ text }) => !text.start.isBefore(selection.active));
      return (at < 0 ? holes.length : at || holes.length) - 1;
    });
  }

  /** Goes to the hole that holds an offset, else to the first in view or below. @returns whether there is one */
  showWhy(offset?: number): Promise<boolean> {
    return this.explain(offset === undefined ? firstInView : holding(offset));
  }

  /** Shows the text of a hole by itself, in the place where it goes: the one that holds an offset, else the one at the cursor. @returns whether there is one */
  async peek(offset?: number): Promise<boolean> {
    const found = this.find(offset === undefined ? atCursor : holding(offset));
    if (!found) return false;
    const { editor, result, hole } = found;
    const { document } = editor;
    await this.documents.peek(document.uri, hole.text.start, {
      text: document.getText(new vscode.Range(hole.text.start.with({ character: 0 }), hole.text.end)),
      languageId: document.languageId,
      path: result.source.path,
      startLine: hole.text.start.line + 1,
      endLine: hole.text.end.line + 1,
    });
    return true;
  }

  private async explain(choose: Choice): Promise<boolean> {
    const found = this.find(choose);
    if (!found) return false;
    const { editor, hole, index, of } = found;
    const at = hole.text.start;
    editor.selection = new vscode.Selection(at, at);
    editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    void vscode.window.setStatusBarMessage(
      t('Left out, {0} of {1}: {2}', index + 1, of, sizeInWords(hole)),
      MESSAGE_MS,
    );
    // With a screen reader the hover takes the focus and is read out. Without `focus`, one that is open would take it always.
    await vscode.commands.executeCommand('editor.action.showHover', { focus: 'noAutoFocus' });
    return true;
  }

  private find(choose: Choice): Found | undefined {
    const editor = vscode.window.activeTextEditor;
    const result = this.results.forDocument(editor?.document);
    if (!editor || !result) return undefined;
    const holes = holesOf(editor.document, result);
    const index = choose(holes, editor);
    const hole = holes[index];
    return hole && { editor, result, hole, index, of: holes.length };
  }
}

interface Found {
  readonly editor: vscode.TextEditor;
  readonly result: Result;
  readonly hole: Hole;
  readonly index: number;
  readonly of: number;
}

const firstInView: Choice = (holes, editor) => {
  const [first] = inView(holes, editor);
  const at = first ? holes.indexOf(first) : holes.findIndex(({ text }) => text.start.line > visibleLines(editor).last);
  return at < 0 ? 0 : at;
};

const atCursor: Choice = (holes, editor) => {
  const hole = holeAt(holes, editor.selection.active);
  return hole ? holes.indexOf(hole) : firstInView(holes, editor);
};

const holding =
  (offset: number): Choice =>
  (holes, { document }) => {
    const hole = holeAt(holes, document.positionAt(offset));
    return hole ? holes.indexOf(hole) : -1;
  };
