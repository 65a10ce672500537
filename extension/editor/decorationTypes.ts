// Defines the look of dropped text, of the user's marks and of the heat map in an editor.
import * as vscode from 'vscode';
import type { Looks } from '../platform/settings';
import { BANDS, type Band } from './heatBands';

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
  readonly heat: Readonly<Record<Band, vscode.TextEditorDecorationType>>;
  /** What a budget that is being chosen would leave out, and what it would bring back. */
  readonly goes: vscode.TextEditorDecorationType;
  readonly comes: vscode.TextEditorDecorationType;
  /** The statements worth most, in the overview ruler. */
  readonly heatRuler: vscode.TextEditorDecorationType;
}

/**
 * One hue: what is worth most has the strongest tint of it, what is worth least has less of its own colour. High contrast has
 * neither: the thickness and the pattern of a line take their place.
 */
const LOOKS: Readonly<Record<Band, { readonly plain: vscode.DecorationRenderOptions; readonly underline: string }>> = {
  least: { plain: { opacity: '0.6' }, underline: 'underline dotted 2px' },
  little: { plain: { opacity: '0.8' }, underline: 'underline dotted 1px' },
  much: { plain: { backgroundColor: new vscode.ThemeColor('namm.heatMuch') }, underline: 'underline solid 1px' },
  most: { plain: { backgroundColor: new vscode.ThemeColor('namm.heatMost') }, underline: 'underline solid 3px' },
};

/** What of a look the types depend on. */
export type TypeLooks = Pick<Looks, 'style' | 'gutterIcons' | 'overviewRuler'>;

/** How the text that goes looks: struck, or faded alone. */
const DROPPED: Readonly<
  Record<
    Looks['style'],
    { readonly plain: vscode.DecorationRenderOptions; readonly highContrast: vscode.DecorationRenderOptions }
  >
> = {
  // Still readable in dim colours. High contrast keeps the full opacity: the strike and the bar are enough.
  strike: {
    plain: { textDecoration: 'line-through', opacity: '0.7' },
    highContrast: { textDecoration: 'line-through', opacity: '1' },
  },
  // Where colours must not fade, a line of dots takes the place.
  faded: { plain: { opacity: '0.55' }, highContrast: { textDecoration: 'underline dotted 1px' } },
};

export function makeTypes(highContrast: boolean, looks: TypeLooks, media: vscode.Uri): Types {
  const make = vscode.window.createTextEditorDecorationType;
  const rangeBehavior = vscode.DecorationRangeBehavior.ClosedClosed;
  const gutter = (name: string): vscode.DecorationRenderOptions =>
    looks.gutterIcons
      ? {
          light: { gutterIconPath: vscode.Uri.joinPath(media, 'gutter', `${name}-light.svg`) },
          dark: { gutterIconPath: vscode.Uri.joinPath(media, 'gutter', `${name}-dark.svg`) },
          gutterIconSize: 'contain',
        }
      : {};
  const dropped: vscode.DecorationRenderOptions = {
    ...DROPPED[looks.style][highContrast ? 'highContrast' : 'plain'],
    rangeBehavior,
  };
  const ruler = (color: string, overviewRulerLane: vscode.OverviewRulerLane): vscode.DecorationRenderOptions => ({
    ...(looks.overviewRuler ? { overviewRulerColor: new vscode.ThemeColor(color), overviewRulerLane } : {}),
    rangeBehavior,
  });
  /** High contrast has a line below instead: the strike of struck text takes the decoration of the text. */
  const tint = (color: string, borderStyle: string): vscode.DecorationRenderOptions => ({
    backgroundColor: new vscode.ThemeColor(color),
    ...(highContrast
      ? { borderStyle, borderWidth: '0 0 2px 0', borderColor: new vscode.ThemeColor('contrastActiveBorder') }
      : {}),
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
    text: make(dropped),
    pieces: make({
      ...dropped,
      backgroundColor: new vscode.ThemeColor('namm.droppedBackground'),
      outline: '1px solid', // unlike a border, it needs no space
      outlineColor: new vscode.ThemeColor('namm.droppedOutline'),
    }),
    ruler: make(ruler('namm.droppedOverviewRuler', Left)),
    pin: make({ ...ruler('namm.pinnedOverviewRuler', Center), ...gutter('pin') }),
    drop: make({ ...ruler('namm.excludedOverviewRuler', Center), ...gutter('drop') }),
    stays: make({ ...ruler('namm.excludedOverviewRuler', Center), ...gutter('stays') }),
    goes: make(tint('namm.nextGoes', 'dashed')),
    comes: make(tint('namm.nextComes', 'solid')),
    heat: Object.fromEntries(
      BANDS.map((band) => {
        const { plain, underline } = LOOKS[band];
        return [band, make({ ...(highContrast ? { textDecoration: underline } : plain), rangeBehavior })];
      }),
    ) as Types['heat'],
    heatRuler: make(ruler('namm.heatOverviewRuler', Left)),
  };
}

export function disposeTypes({ heat, ...others }: Types): void {
  for (const type of [...Object.values(others), ...Object.values(heat)]) type.dispose();
}
