// Knows the question that the context is compressed for, one for each workspace.
import * as vscode from 'vscode';

const { t } = vscode.l10n;
const KEY = 'question';

export class Question implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: vscode.Memento) {}

  /** Undefined without one. */
  get text(): string | undefined {
    return this.memory.get<string>(KEY) || undefined;
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** Asks for it when none is given; an empty answer takes it away. */
  async set(text?: string): Promise<void> {
    const answer =
      text ??
      (await vscode.window.showInputBox({
        title: t('Question to Compress For'),
        prompt: t(
          'Names in the question come first. It is remembered for this workspace; leave it empty to compress for no question.',
        ),
        placeHolder: t('For example: where does createSlice call the reducer?'),
        value: this.text ?? '',
      }));
    if (answer === undefined || answer.trim() === (this.text ?? '')) return;
    await this.memory.update(KEY, answer.trim() || undefined);
    this.changed.fire();
  }
}
