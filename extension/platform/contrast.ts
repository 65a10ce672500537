// Knows whether the theme is one of high contrast, and when that changes.
import * as vscode from 'vscode';

export class Contrast implements vscode.Disposable {
  private now = isHigh(vscode.window.activeColorTheme);
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly listener = vscode.window.onDidChangeActiveColorTheme((theme) => {
    if (isHigh(theme) === this.now) return;
    this.now = !this.now;
    this.changed.fire();
  });
  readonly onDidChange = this.changed.event;

  get high(): boolean {
    return this.now;
  }

  dispose(): void {
    this.listener.dispose();
    this.changed.dispose();
  }
}

function isHigh({ kind }: vscode.ColorTheme): boolean {
  return kind === vscode.ColorThemeKind.HighContrast || kind === vscode.ColorThemeKind.HighContrastLight;
}
