// Defines the look of dropped text, of the user's marks and of the heat map in an editor.
import * as vscode from 'vscode';
import { BANDS } from './heatBands';

export interface Types {
  readonly lines: vscode.TextEditorDecorationType;
  /** Gutter icon of dropped lines without a mark of the user: two icons on one line hide each other. */
  readonly sign: vscode.TextEditorDecorationType;
  readonly text: vscode.TextEditorDecorationType;
  readonly pieces: vscode.TextEditorDecorationType;
  readonly ruler: vscode.TextEditorDecorationType;
  readonly pin: vscode.TextEditorDecorationType;
  readonly drop: vscode.TextEditorDecorationType;
  /** Lines that the user left out and that stay. */
  readonly stays: vscode.TextEditorDecorationType;
  readonly heat: readonly vscode.TextEditorDecorationType[]; // [BANDS]
}

/** High contrast: thickness and pattern replace the colour. Weakly retained bands have no underline, so that the text stays readable. */
const UNDERLINES = [
  undefined,
  undefined,
  undefined,
  undefined,
  'underline dotted 1px',
  'underline solid 1px',
  'underline solid 3px',
];

export function makeTypes(highContrast: boolean, media: vscode.Uri): Types {
  const make = vscode.window.createTextEditorDecorationType;
  const rangeBehavior = vscode.DecorationRangeBehavior.ClosedClosed;
  const gutter = (name: string): vscode.DecorationRenderOptions => ({
    light: { gutterIconPath: vscode.Uri.joinPath(media, 'gutter', `${name}-light.svg`) },
    dark: { gutterIconPath: vscode.Uri.joinPath(media, 'gutter', `${name}-dark.svg`) },
    gutterIconSize: 'contain',
  });
  const struck: vscode.DecorationRenderOptions = {
    textDecoration: 'line-through',
    // Still readable in dim colours. High contrast keeps the full opacity: the strike and the bar are enough.
    opacity: highContrast ? '1' : '0.7',
    rangeBehavior,
  };
  const ruler = (color: string, overviewRulerLane: vscode.OverviewRulerLane): vscode.DecorationRenderOptions => ({
    overviewRulerColor: new vscode.ThemeColor(color),
    overviewRulerLane,
    rangeBehavior,
  });
  const { Left, Center } = vscode.OverviewRulerLane; // marks have their own lane, because marked text may also be dropped
  return {
    // The background shows dropped blank lines; the bar shows them without colour.
    lines: make({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor('namm.droppedBackground'),
      borderColor: new vscode.ThemeColor('namm.droppedBorder'),
      borderStyle: 'solid',
      borderWidth: highContrast ? '0 0 0 3px' : '0 0 0 2px',
      rangeBehavior,
    }),
    sign: make({ ...gutter('dropped'), rangeBehavior }),
    text: make(struck),
    pieces: make({
      ...struck,
      backgroundColor: new vscode.ThemeColor('namm.droppedBackground'),
      outline: '1px solid', // unlike a border, it needs no space
      outlineColor: new vscode.ThemeColor('namm.droppedOutline'),
    }),
    ruler: make(ruler('namm.droppedOverviewRuler', Left)),
    pin: make({ ...ruler('namm.pinnedOverviewRuler', Center), ...gutter('pin') }),
    drop: make({ ...ruler('namm.excludedOverviewRuler', Center), ...gutter('drop') }),
    stays: make({ ...ruler('namm.excludedOverviewRuler', Center), ...gutter('stays') }),
    heat: Array.from({ length: BANDS }, (_, band) =>
      make(
        highContrast
          ? { ...(UNDERLINES[band] ? { textDecoration: UNDERLINES[band] } : {}), rangeBehavior }
          : { backgroundColor: new vscode.ThemeColor(`namm.heat${band}`), rangeBehavior },
      ),
    ),
  };
}

export function disposeTypes({ heat, ...others }: Types): void {
  for (const type of [...Object.values(others), ...heat]) type.dispose();
}
