// Knows how a dropped span looks in an editor.
import * as vscode from 'vscode';
import type { Result, Results } from './documents';

interface Ranges {
  /** Lines that go as a whole, blank ones included. */
  readonly lines: vscode.Range[];
  /** Their text. */
  readonly text: vscode.Range[];
  /** Pieces of lines of which something stays. */
  readonly pieces: vscode.Range[];
}

const NOTHING: Ranges = { lines: [], text: [], pieces: [] };
const struck: vscode.DecorationRenderOptions = {
  textDecoration: 'line-through',
  opacity: '0.6', // readable on colours that are dim already
  rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
};

export class Decorations implements vscode.Disposable {
  private readonly types = {
    // The background shows that a blank line goes; the bar says so without colour.
    lines: vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor('namm.droppedBackground'),
      borderColor: new vscode.ThemeColor('namm.droppedBorder'),
      borderStyle: 'solid',
      borderWidth: '0 0 0 2px',
      overviewRulerColor: new vscode.ThemeColor('namm.droppedOverviewRuler'),
      overviewRulerLane: vscode.OverviewRulerLane.Left,
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    }),
    text: vscode.window.createTextEditorDecorationType(struck),
    pieces: vscode.window.createTextEditorDecorationType({
      ...struck,
      backgroundColor: new vscode.ThemeColor('namm.droppedBackground'),
      outline: '1px solid', // takes no room, unlike a border
      outlineColor: new vscode.ThemeColor('namm.droppedOutline'),
      overviewRulerColor: new vscode.ThemeColor('namm.droppedOverviewRuler'),
      overviewRulerLane: vscode.OverviewRulerLane.Left,
    }),
  };
  private readonly listeners: vscode.Disposable[];

  constructor(private readonly results: Results) {
    const refresh = (): void => this.refresh();
    this.listeners = [
      results.onDidChange(refresh),
      vscode.window.onDidChangeVisibleTextEditors(refresh),
      vscode.window.tabGroups.onDidChangeTabs(refresh), // whether an editor is half of a diff is known by its tab
    ];
  }

  dispose(): void {
    for (const d of [...this.listeners, ...Object.values(this.types)]) d.dispose();
  }

  private refresh(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const ranges = isInDiff(editor) ? NOTHING : droppedRanges(editor.document, this.results.of(editor.document));
      editor.setDecorations(this.types.lines, ranges.lines);
      editor.setDecorations(this.types.text, ranges.text);
      editor.setDecorations(this.types.pieces, ranges.pieces);
    }
  }
}

/** A diff shows what is missing in its own way; two ways at once cannot be read. */
function isInDiff({ viewColumn, document }: vscode.TextEditor): boolean {
  const { all } = vscode.window.tabGroups;
  const input = all.find((g) => g.viewColumn === viewColumn)?.activeTab?.input;
  if (viewColumn !== undefined) return input instanceof vscode.TabInputTextDiff;
  return all.some((g) => g.activeTab?.input instanceof vscode.TabInputTextDiff && g.activeTab.input.original.toString() === document.uri.toString());
}

/** Dropped spans as editor ranges, neighbours joined. */
export function droppedRanges(document: vscode.TextDocument, result: Result | undefined): Ranges {
  if (!result) return NOTHING;
  const out: Ranges = { lines: [], text: [], pieces: [] };
  const { spans } = result.file;
  for (let i = 0; i < spans.length; i++) {
    if (spans[i]!.kept) continue;
    const { start } = spans[i]!;
    while (i + 1 < spans.length && !spans[i + 1]!.kept) i++;
    const range = new vscode.Range(document.positionAt(result.source.start + start), document.positionAt(result.source.start + spans[i]!.end));
    if (!range.isEmpty) split(document, range, out);
  }
  return out;
}

function split(document: vscode.TextDocument, { start, end }: vscode.Range, out: Ranges): void {
  for (let n = start.line; n <= end.line; n++) {
    const line = document.lineAt(n);
    const from = n === start.line ? start.character : 0;
    const to = n === end.line ? end.character : line.text.length;
    if (n === end.line && to === 0 && (n > start.line || !line.text.length) && !(n === document.lineCount - 1 && n === start.line)) continue; // ends before this line
    if (from === 0 && to === line.text.length) {
      const previous = out.lines.at(-1);
      if (previous?.end.line === n - 1) out.lines[out.lines.length - 1] = new vscode.Range(previous.start, line.range.end);
      else out.lines.push(line.range);
      if (!line.isEmptyOrWhitespace) out.text.push(new vscode.Range(n, line.firstNonWhitespaceCharacterIndex, n, to));
    } else if (to > from) out.pieces.push(new vscode.Range(n, from, n, to));
  }
}
