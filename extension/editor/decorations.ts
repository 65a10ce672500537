// Shows results in the visible editors: dropped text, marks, the heat map. Outdated results are never shown.
import * as vscode from 'vscode';
import { getOrMake } from '../../src/core/getOrMake';
import type { Span } from '../../src/core/span';
import { statementsIn } from '../../src/why/ranking';
import { turningAt } from '../../src/why/turning';
import type { Marks } from '../session/marks';
import type { Result, Results } from '../session/results';
import { Contrast } from '../platform/contrast';
import { readLooks, SECTION } from '../platform/settings';
import { disposeTypes, makeTypes, type Types } from './decorationTypes';
import { droppedRanges, NOTHING, type Ranges } from '../holes/droppedRanges';
import { shownMarks } from './shownMarks';
import { BANDS, heatRuns, ownRuns, type Band, type Run } from './heatBands';
import { HeatLegend } from './heatLegend';
import { holesOf, visibleLines } from '../holes/holes';
import { subtractLines, type LineRange } from '../holes/lineRanges';

export type Mode = 'dropped' | 'heat' | 'off';

const KEY = 'decorations';
const LOOKS = ['style', 'gutterIcons', 'overviewRuler', 'heatShare'] as const;
const WHOLE_LINES = 2000; // longer texts are decorated only around the visible lines
const MARGIN = 150; // decorated lines above and below the visible ones

/** The ranges that an editor shows, and the lines that they were computed for. */
interface Shown {
  readonly ranges: Ranges;
  readonly from: number;
  readonly to: number;
}

export class Decorations implements vscode.Disposable {
  private readonly contrast = new Contrast();
  private readonly legend = new HeatLegend();
  private runs = new WeakMap<Result, readonly Run<Band>[]>();
  private looks = readLooks();
  private types: Types;
  private readonly shown = new WeakMap<vscode.TextEditor, Shown>();
  private readonly filled = new WeakMap<vscode.TextEditor, Set<vscode.TextEditorDecorationType>>();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listeners: vscode.Disposable[];
  private currentMode: Mode;
  /** Fires when `isStruck` may say something else. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly results: Results,
    private readonly marks: Marks,
    /** Documents that show the inspector's mask instead of dropped text. */
    private readonly maskedTexts: { readonly onDidChange: vscode.Event<void>; isOn(uri: vscode.Uri): boolean },
    private readonly memory: vscode.Memento,
    private readonly media: vscode.Uri,
  ) {
    this.types = makeTypes(this.contrast.high, this.looks, media);
    this.currentMode = memory.get<Mode>(KEY, 'dropped');
    void vscode.commands.executeCommand('setContext', 'namm.decorations', this.currentMode);
    const refresh = (): void => this.refresh();
    this.listeners = [
      this.changed,
      this.contrast,
      this.legend,
      this.contrast.onDidChange(() => this.remake()),
      vscode.workspace.onDidChangeConfiguration((e) => {
        if (!LOOKS.some((key) => e.affectsConfiguration(`${SECTION}.${key}`))) return;
        this.looks = readLooks();
        this.runs = new WeakMap();
        this.remake();
      }),
      results.onDidChange(refresh),
      marks.onDidChange(refresh),
      maskedTexts.onDidChange(() => {
        this.refresh();
        this.changed.fire();
      }),
      vscode.window.onDidChangeVisibleTextEditors(refresh),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.decorateScrolled(textEditor)),
      vscode.window.tabGroups.onDidChangeTabs(refresh), // the tab tells whether an editor is part of a diff
    ];
    this.refresh();
  }

  get mode(): Mode {
    return this.currentMode;
  }

  dispose(): void {
    for (const d of this.listeners) d.dispose();
    disposeTypes(this.types);
  }

  /** Whether what goes is struck through in a text, if it has a result. */
  isStruck(document: vscode.TextDocument): boolean {
    return this.currentMode === 'dropped' && !this.maskedTexts.isOn(document.uri);
  }

  /** Offsets of the text that an editor shows struck through. For tests. */
  struck(editor: vscode.TextEditor): readonly { readonly start: number; readonly end: number }[] {
    const { lines, pieces } = this.shown.get(editor)?.ranges ?? NOTHING;
    const offset = (p: vscode.Position): number => editor.document.offsetAt(p);
    return [...lines, ...pieces]
      .map((r) => ({ start: offset(r.start), end: offset(r.end) }))
      .sort((a, b) => a.start - b.start);
  }

  /** Turns all decorations on or off. */
  toggle(): void {
    this.setMode(this.currentMode === 'off' ? 'dropped' : 'off');
  }

  toggleHeat(): void {
    this.setMode(this.currentMode === 'heat' ? 'dropped' : 'heat');
  }

  private setMode(mode: Mode): void {
    this.currentMode = mode;
    void this.memory.update(KEY, mode === 'dropped' ? undefined : mode);
    void vscode.commands.executeCommand('setContext', 'namm.decorations', mode);
    this.refresh();
    this.changed.fire();
  }

  private remake(): void {
    disposeTypes(this.types);
    this.types = makeTypes(this.contrast.high, this.looks, this.media);
    this.refresh();
  }

  private refresh(): void {
    for (const editor of vscode.window.visibleTextEditors) this.decorate(editor);
    this.legend.show(
      this.currentMode === 'heat' && vscode.window.visibleTextEditors.some((e) => this.results.forDocument(e.document)),
      this.contrast.high,
      this.looks.heatShare,
    );
  }

  /** Decorates more of a long text when it is scrolled. */
  private decorateScrolled(editor: vscode.TextEditor): void {
    const shown = this.shown.get(editor);
    if (!shown || editor.document.lineCount <= WHOLE_LINES || !this.results.forDocument(editor.document)) return;
    const { first, last } = visibleLines(editor);
    if (first < shown.from || last > shown.to) this.decorate(editor);
  }

  private decorate(editor: vscode.TextEditor): void {
    const { document } = editor;
    const result =
      this.currentMode === 'off' || isInDiff(editor) || this.maskedTexts.isOn(document.uri)
        ? undefined
        : this.results.forDocument(document);
    const { first, last } = visibleLines(editor);
    const whole = document.lineCount <= WHOLE_LINES;
    const from = whole ? 0 : Math.max(0, first - MARGIN);
    const to = whole ? document.lineCount - 1 : Math.min(document.lineCount - 1, last + MARGIN);
    const all = result ? holesOf(document, result) : [];
    const ranges = this.currentMode === 'dropped' ? droppedRanges(document, all, from, to) : NOTHING;
    this.shown.set(editor, { ranges, from: whole ? 0 : from, to });
    this.set(editor, this.types.lines, ranges.lines);
    this.set(editor, this.types.text, ranges.text);
    this.set(editor, this.types.pieces, ranges.pieces);
    this.set(editor, this.types.ruler, this.currentMode === 'dropped' ? all.map((hole) => hole.range) : []); // it agrees with the strikes
    const marked =
      this.currentMode === 'off' || !this.marks.has(document.uri)
        ? []
        : this.marks.of(document.uri, document.getText());
    const rangeOf = ({ start, end }: Span): vscode.Range =>
      new vscode.Range(document.positionAt(start), document.positionAt(end));
    const shown = shownMarks(marked, result);
    this.set(editor, this.types.pin, shown.pins.map(rangeOf));
    this.set(editor, this.types.drop, shown.drops.map(rangeOf));
    this.set(
      editor,
      this.types.stays,
      shown.stays.map(({ line, words }) => ({ range: rangeOf(line), hoverMessage: words })),
    );
    const unmarkedLines = subtractLines(
      ranges.lines.map(linesOf),
      [...shown.pins, ...shown.drops].map((m) => linesOf(rangeOf(m))),
    );
    this.set(
      editor,
      this.types.sign,
      unmarkedLines.map(({ from, to }) => new vscode.Range(from, 0, to, 0)),
    );
    this.heat(editor, this.currentMode === 'heat' ? result : undefined, from, to);
  }

  private heat(editor: vscode.TextEditor, result: Result | undefined, from: number, to: number): void {
    const { document } = editor;
    const { heat, heatRuler } = this.types;
    const all = result
      ? getOrMake(this.runs, result, () => heatRuns(statementsIn(result.file.ranking), this.looks.heatShare))
      : [];
    for (const band of BANDS) {
      const ranges = all.filter((run) => run.label === band).map((run) => inDocument(document, result!, run));
      if (band === 'most') this.set(editor, heatRuler, ranges);
      const near = ranges.filter((r) => r.start.line <= to && r.end.line >= from);
      this.set(
        editor,
        heat[band],
        near.flatMap((r) => withoutIndent(document, r)), // a tinted indentation looks like text
      );
    }
  }

  /**
   * Tints what another budget would bring back or leave out in the active editor, by the ranks.
   * @param shareFor the share of its recipient tokens that a text may keep; undefined ends it
   */
  preview(shareFor: ((result: Result) => number) | undefined): void {
    const { goes, comes } = this.types;
    const { activeTextEditor: active, visibleTextEditors: visible } = vscode.window;
    for (const editor of visible) {
      const { document } = editor;
      const result = editor === active && this.isStruck(document) ? this.results.forDocument(document) : undefined;
      const turning = result && shareFor && turningAt(result.file, shareFor(result));
      const runs = turning
        ? ownRuns(statementsIn(result!.file.ranking), (i) => (i >= turning.from && i < turning.to ? true : undefined))
        : [];
      const ranges = runs.flatMap((run) => withoutIndent(document, inDocument(document, result!, run)));
      this.set(editor, goes, turning?.goes ? ranges : []);
      this.set(editor, comes, turning?.goes ? [] : ranges);
    }
  }

  /** Skips the call to the editor when there was nothing and is nothing to show, so that an edit costs little. */
  private set(
    editor: vscode.TextEditor,
    type: vscode.TextEditorDecorationType,
    ranges: readonly vscode.Range[] | readonly vscode.DecorationOptions[],
  ): void {
    const filled = getOrMake(this.filled, editor, () => new Set());
    if (!ranges.length && !filled.delete(type)) return;
    if (ranges.length) filled.add(type);
    editor.setDecorations(type, ranges);
  }
}

/** @param span of the compressed part */
function inDocument(document: vscode.TextDocument, { source }: Result, { start, end }: Span): vscode.Range {
  return new vscode.Range(document.positionAt(source.start + start), document.positionAt(source.start + end));
}

/** A range line by line, without white space at the beginning and end of each line. */
function withoutIndent(document: vscode.TextDocument, { start, end }: vscode.Range): vscode.Range[] {
  const out: vscode.Range[] = [];
  for (let n = start.line; n <= end.line; n++) {
    const { text, firstNonWhitespaceCharacterIndex: first } = document.lineAt(n);
    const from = Math.max(first, n === start.line ? start.character : 0);
    const to = Math.min(text.trimEnd().length, n === end.line ? end.character : text.length);
    if (to > from) out.push(new vscode.Range(n, from, n, to));
  }
  return out;
}

function linesOf({ start, end }: vscode.Range): LineRange {
  return { from: start.line, to: end.line };
}

/** A diff already shows what is missing, so its editors are not decorated. */
function isInDiff({ viewColumn, document }: vscode.TextEditor): boolean {
  const { all } = vscode.window.tabGroups;
  const input = all.find((g) => g.viewColumn === viewColumn)?.activeTab?.input;
  if (viewColumn !== undefined) return input instanceof vscode.TabInputTextDiff;
  return all.some(
    (g) =>
      g.activeTab?.input instanceof vscode.TabInputTextDiff &&
      g.activeTab.input.original.toString() === document.uri.toString(),
  );
}
