// Offers a text to try the extension on where no file is open: a source file of this project, read-only, from the package.
import * as vscode from 'vscode';

const SCHEME = 'nammsample'; // not one of `isOwnDocument`: it is compressed like any other text
const FILE = 'ignoreRules.ts';

export class SampleText implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly registered = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);

  constructor(private readonly extensionUri: vscode.Uri) {}

  dispose(): void {
    this.registered.dispose();
  }

  async provideTextDocumentContent({ path }: vscode.Uri): Promise<string> {
    const at = vscode.Uri.joinPath(this.extensionUri, 'dist/sample', path);
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(at));
  }
}

/** Shows the sample. */
export async function openSample(): Promise<vscode.TextEditor> {
  // Its path is what a recipient reads, so it has no slash in front.
  const uri = vscode.Uri.from({ scheme: SCHEME, path: FILE });
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

/** Whether a text is the sample. */
export function isSample({ scheme }: vscode.Uri): boolean {
  return scheme === SCHEME;
}
