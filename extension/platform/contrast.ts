// Tells whether the theme has high contrast, and reports changes.
import * as vscode from 'vscode';

export class Contrast implements vscode.Disposable {
  private isHigh = hasHighContrast(vscode.window.activeColorTheme);
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listener = vscode.window.onDidChangeActiveColorTheme((theme) => {
    if (hasHighContrast(theme) === this.isHigh) return;
    this.isHigh = !this.isHigh;
    this.changed.fire();
  });
  readonly onDidChange = this.changed.event;

  get high(): boolean {
    return this.isHigh;
  }

  dispose(): void {
    this.listener.dispose();
    this.changed.dispose();
  }
}

function hasHighContrast({ kind }: vscode.ColorTheme): boolean {
  return kind === vscode.ColorThemeKind.HighContrast || kind === vscode.ColorThemeKind.HighContrastLight;
}
