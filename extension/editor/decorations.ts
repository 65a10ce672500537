// Knows how a dropped span looks in an editor.
import * as vscode from 'vscode';
import type { Result, Results } from '../documents';

interface Ranges {
  /** Lines that go as a whole, blank ones included. */
  readonly lines: vscode.Range[];
  /** Their text. */
  readonly text: vscode.Range[];
  /** Pieces of lines of which something stays. */
  readonly pieces: vscode.Range[];
}

const NOTHING: Ranges = { lines: [], text: [], pieces: [] };

type Types = Readonly<Record<keyof Ranges, vscode.TextEditorDecorationType>>;

function makeTypes(highContrast: boolean): Types {
  const struck: vscode.DecorationRenderOptions = {
    textDecoration: 'line-through',
    // Readable on colours that are dim already; who asked for contrast gets all of it, the strike and the bar say enough.
    opacity: highContrast ? '1' : '0.7',
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  };
  return {
    // The background shows that a blank line goes; the bar says so without colour.
    lines: vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor('namm.droppedBackground'),
      borderColor: new vscode.ThemeColor('namm.droppedBorder'),
      borderStyle: 'solid',
      borderWidth: highContrast ? '0 0 0 3px' : '0 0 0 2px',
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
}

function isHighContrast({ kind }: vscode.ColorTheme): boolean {
  return kind === vscode.ColorThemeKind.HighContrast || kind === vscode.ColorThemeKind.HighContrastLight;
}

export class Decorations implements vscode.Disposable {
  private highContrast = isHighContrast(vscode.window.activeColorTheme);
  private types = makeTypes(this.highContrast);
  /** What each editor was last told to show. */
  private readonly shown = new WeakMap<vscode.TextEditor, Ranges>();
  private readonly listeners: vscode.Disposable[];

  constructor(private readonly results: Results) {
    const refresh = (): void => this.refresh();
    this.listeners = [
      vscode.window.onDidChangeActiveColorTheme((theme) => {
        if (isHighContrast(theme) === this.highContrast) return;
        this.highContrast = !this.highContrast;
        for (const type of Object.values(this.types)) type.dispose();
        this.types = makeTypes(this.highContrast);
        this.refresh();
      }),
      results.onDidChange(refresh),
      vscode.window.onDidChangeVisibleTextEditors(refresh),
      vscode.window.tabGroups.onDidChangeTabs(refresh), // whether an editor is half of a diff is known by its tab
    ];
  }

  dispose(): void {
    for (const d of [...this.listeners, ...Object.values(this.types)]) d.dispose();
  }

  /** Offsets of what an editor shows struck through. */
  struck(editor: vscode.TextEditor): readonly { readonly start: number; readonly end: number }[] {
    const { lines, pieces } = this.shown.get(editor) ?? NOTHING;
    const offset = (p: vscode.Position): number => editor.document.offsetAt(p);
    return [...lines, ...pieces].map((r) => ({ start: offset(r.start), end: offset(r.end) })).sort((a, b) => a.start - b.start);
  }

  private refresh(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const ranges = isInDiff(editor) ? NOTHING : droppedRanges(editor.document, this.results.of(editor.document));
      this.shown.set(editor, ranges);
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
function droppedRanges(document: vscode.TextDocument, result: Result | undefined): Ranges {
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
