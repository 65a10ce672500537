// A file system in memory under its own scheme. To an extension it looks like a remote or virtual one.
import * as vscode from 'vscode';

export const SCHEME = 'nammtest';

export class MemoryFiles implements vscode.FileSystemProvider {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly files = new Map<string, Uint8Array>();

  put(path: string, text: string): vscode.Uri {
    this.files.set(path, new TextEncoder().encode(text));
    return vscode.Uri.from({ scheme: SCHEME, path });
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  stat({ path }: vscode.Uri): vscode.FileStat {
    const bytes = this.files.get(path);
    if (bytes) return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: bytes.length };
    if (this.below(path).length || path === '/')
      return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    throw vscode.FileSystemError.FileNotFound(path);
  }

  readDirectory({ path }: vscode.Uri): [string, vscode.FileType][] {
    const names = new Map(
      this.below(path).map((rest) => [
        rest.split('/')[0]!,
        rest.includes('/') ? vscode.FileType.Directory : vscode.FileType.File,
      ]),
    );
    return [...names];
  }

  readFile({ path }: vscode.Uri): Uint8Array {
    const bytes = this.files.get(path);
    if (!bytes) throw vscode.FileSystemError.FileNotFound(path);
    return bytes;
  }

  writeFile(uri: vscode.Uri, bytes: Uint8Array): void {
    this.files.set(uri.path, bytes);
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  createDirectory(): void {
    // a folder exists as soon as it has a file
  }

  delete({ path }: vscode.Uri): void {
    this.files.delete(path);
  }

  rename(from: vscode.Uri, to: vscode.Uri): void {
    this.files.set(to.path, this.readFile(from));
    this.files.delete(from.path);
  }

  /** Paths of everything in a folder, relative to it. */
  private below(folder: string): string[] {
    const prefix = `${folder.replace(/\/$/, '')}/`;
    return [...this.files.keys()].filter((f) => f.startsWith(prefix)).map((f) => f.slice(prefix.length));
  }
}
