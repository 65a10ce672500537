// Shows the mask of a cache in the editors: which tokens it kept, partly kept, or dropped.
import * as vscode from 'vscode';
import type { MaskKind, MaskStretch } from '../../src/inspector/mask';
import { Contrast } from '../platform/contrast';

const MAX_STRETCHES = 1500; // with more, only the visible lines are decorated
const MARGIN = 40; // decorated lines around the visible ones

type Types = Readonly<Record<MaskKind, vscode.TextEditorDecorationType>>;

function makeTypes(highContrast: boolean): Types {
  const outlined = (style: string, background: string): vscode.TextEditorDecorationType =>
    vscode.window.createTextEditorDecorationType({
      backgroundColor: new vscode.ThemeColor(background),
      outline: `1px ${style}`,
      outlineColor: new vscode.ThemeColor('namm.maskOutline'),
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    });
  return {
    kept: outlined('solid', 'namm.maskKept'),
    partly: outlined('dashed', 'namm.maskPartly'),
    // Dropped text is faded but readable. In high contrast the outlines of the kept text are enough.
    dropped: vscode.window.createTextEditorDecorationType({
      opacity: highContrast ? '1' : '0.6',
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    }),
  };
}

interface Shown {
  readonly uri: string;
  readonly offset: number;
  readonly stretches: readonly MaskStretch[];
}

export class MaskDecorations implements vscode.Disposable {
  private readonly contrast = new Contrast();
  private types = makeTypes(this.contrast.high);
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listeners: vscode.Disposable[];
  private shown: Shown | undefined;
  readonly onDidChange = this.changed.event;

  constructor() {
    this.listeners = [
      this.contrast,
      this.contrast.onDidChange(() => {
        for (const type of Object.values(this.types)) type.dispose();
        this.types = makeTypes(this.contrast.high);
        this.draw();
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.draw()),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (this.shown && this.shown.stretches.length > MAX_STRETCHES && this.isOn(textEditor.document.uri))
          this.drawIn(textEditor);
      }),
      vscode.workspace.onDidChangeTextDocument((e) => {
        if (e.contentChanges.length && this.isOn(e.document.uri)) this.clear(); // the mask belongs to the old text
      }),
    ];
  }

  dispose(): void {
    for (const d of [...this.listeners, this.changed, ...Object.values(this.types)]) d.dispose();
  }

  /** @param offset of the inspected part in the document, in UTF-16 units */
  show(uri: vscode.Uri, offset: number, stretches: readonly MaskStretch[]): void {
    this.setShown({ uri: uri.toString(), offset, stretches });
  }

  clear(): void {
    if (this.shown) this.setShown(undefined);
  }

  isOn(uri: vscode.Uri): boolean {
    return this.shown?.uri === uri.toString();
  }

  get isShown(): boolean {
    return this.shown !== undefined;
  }

  /** The stretches that a document shows, with offsets of the document. */
  stretchesOn(uri: vscode.Uri): readonly MaskStretch[] {
    if (!this.isOn(uri)) return [];
    const { offset, stretches } = this.shown!;
    return stretches.map((s) => ({ ...s, start: s.start + offset, end: s.end + offset }));
  }

  private setShown(shown: Shown | undefined): void {
    this.shown = shown;
    this.draw();
    void vscode.commands.executeCommand('setContext', 'namm.maskShown', shown !== undefined);
    this.changed.fire();
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) this.drawIn(editor);
  }

  private drawIn(editor: vscode.TextEditor): void {
    const { document } = editor;
    const stretches = this.stretchesOn(document.uri);
    const visible =
      stretches.length > MAX_STRETCHES
        ? editor.visibleRanges.map(
            (r) =>
              [
                document.offsetAt(new vscode.Position(Math.max(0, r.start.line - MARGIN), 0)),
                document.offsetAt(new vscode.Position(r.end.line + MARGIN, 0)),
              ] as const,
          )
        : undefined;
    for (const kind of Object.keys(this.types) as MaskKind[]) {
      const shown = stretches.filter(
        (s) => s.kind === kind && (!visible || visible.some(([from, to]) => s.end > from && s.start < to)),
      );
      editor.setDecorations(
        this.types[kind],
        shown.flatMap((s) => byLine(document, document.positionAt(s.start), document.positionAt(s.end))),
      );
    }
  }
}

/** Splits a range into lines: an outline around several lines would cross other text. */
function byLine(document: vscode.TextDocument, start: vscode.Position, end: vscode.Position): vscode.Range[] {
  const out: vscode.Range[] = [];
  for (let n = start.line; n <= end.line; n++) {
    const range = new vscode.Range(
      n === start.line ? start : new vscode.Position(n, 0),
      n === end.line ? end : document.lineAt(n).range.end,
    );
    if (!range.isEmpty) out.push(range);
  }
  return out;
}
