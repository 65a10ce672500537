// Stores the question that the context is compressed for, one per workspace.
import * as vscode from 'vscode';

const { t } = vscode.l10n;
const KEY = 'question';

export class Question implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: vscode.Memento) {}

  /** Undefined if there is none. */
  get text(): string | undefined {
    return this.memory.get<string>(KEY) || undefined;
  }

  dispose(): void {
    this.changed.dispose();
  }

  /** Sets the question. Asks the user if `text` is undefined. An empty answer removes it. */
  async set(text?: string): Promise<void> {
    const answer =
      text ??
      (await vscode.window.showInputBox({
        title: t('Question to Compress For'),
        prompt: t(
          'In words or names: the lines that it is about come first. An error message or a stack frame can be pasted. It is remembered for this workspace; leave it empty to compress for no question.',
        ),
        placeHolder: t('For example: where does createSlice call the reducer?'),
        value: this.text ?? '',
      }));
    if (answer === undefined || answer.trim() === (this.text ?? '')) return;
    await this.memory.update(KEY, answer.trim() || undefined);
    this.changed.fire();
  }
}
