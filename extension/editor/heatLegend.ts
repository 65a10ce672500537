// The legend of the heat map in the status bar: what is tinted and what is faded. Selecting it ends the heat map.
import * as vscode from 'vscode';
import { outerShare } from './heatBands';
import { percent } from '../platform/messages';

const { t } = vscode.l10n;

const OPEN = 'workbench.action.openSettings';

export class HeatLegend implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem('namm.heatLegend', vscode.StatusBarAlignment.Right, 88);

  constructor() {
    this.item.name = t('NAMM Context: Heat Map');
    this.item.command = 'namm.toggleHeatMap';
  }

  /** @param share of the statements that is coloured at each end */
  show(shown: boolean, highContrast: boolean, share: number): void {
    if (!shown) return this.item.hide();
    const words = highContrast
      ? t('solid line: worth most · dotted: worth least')
      : t('tinted: worth most · faded: worth least');
    const [outer, inner] = [percent(outerShare(share)), percent(share)];
    this.item.text = `$(paintcan) ${words}`;
    const lines = [
      t('The heat map shows the worth of statements per token, which decides what stays.'),
      t('Strongly tinted: the {0} of the statements that are worth most; lightly: up to {1}.', outer, inner),
      t(
        'Strongly faded: the {0} that are worth least; lightly: up to {1}. High contrast themes have solid and dotted lines instead.',
        outer,
        inner,
      ),
      t('Select to end the heat map.'),
    ];
    const another = `[$(settings-gear) ${t('Colour Another Share')}](command:${OPEN}?${encodeURIComponent('["namm.heatShare"]')})`;
    const tooltip = new vscode.MarkdownString([...lines, another].join('\n\n'), true);
    tooltip.isTrusted = { enabledCommands: [OPEN] };
    this.item.tooltip = tooltip;
    this.item.accessibilityInformation = { label: [t('Heat map'), ...lines].join('. ') };
    this.item.show();
  }

  dispose(): void {
    this.item.dispose();
  }
}
