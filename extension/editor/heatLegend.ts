// The legend of the heat map in the status bar: what is tinted and what is faded. Selecting it ends the heat map.
import * as vscode from 'vscode';
import { INNER, OUTER } from './heatBands';
import { percent } from '../platform/messages';

const { t } = vscode.l10n;

export class HeatLegend implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('namm.heatLegend', vscode.StatusBarAlignment.Right, 88);

  constructor() {
    this.item.name = t('NAMM Context: Heat Map');
    const lines = [
      t('The heat map shows the worth of statements per token, which decides what stays.'),
      t(
        'Strongly tinted: the {0} of the statements that are worth most; lightly: up to {1}.',
        percent(OUTER),
        percent(INNER),
      ),
      t(
        'Strongly faded: the {0} that are worth least; lightly: up to {1}. High contrast themes have solid and dotted lines instead.',
        percent(OUTER),
        percent(INNER),
      ),
      t('Select to end the heat map.'),
    ];
    this.item.tooltip = new vscode.MarkdownString(lines.join('\n\n'));
    this.item.command = 'namm.toggleHeatMap';
    this.item.accessibilityInformation = { label: [t('Heat map'), ...lines].join('. ') };
  }

  show(shown: boolean, highContrast: boolean): void {
    const words = highContrast
      ? t('solid line: worth most · dotted: worth least')
      : t('tinted: worth most · faded: worth least');
    this.item.text = `$(paintcan) ${words}`;
    if (shown) this.item.show();
    else this.item.hide();
  }

  dispose(): void {
    this.item.dispose();
  }
}
