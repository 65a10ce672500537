// Knows how editors, tabs, files and folders become texts.
import { posix } from 'node:path';
import ignore from 'ignore';
import * as vscode from 'vscode';
import { MAX_TEXT_UNITS } from '../src/core/context';
import { CompressionError } from '../src/core/errors';
import { matches } from '../src/text/globs';
import { languageOf } from '../src/text/languages';
import type { Source } from './documents';
import { MAX_FILES } from './messages';
import { filesBelow, isSearched } from './virtualFolders';

const MAX_BYTES = 4 * MAX_TEXT_UNITS; // no encoding needs more for what the engine takes: beyond it a file is not even read
const SNIFFED = 8192;

export interface Gathered {
  readonly sources: Source[];
  readonly skipped: { readonly uri?: vscode.Uri; readonly path: string; readonly error: CompressionError }[];
}

/** @throws CompressionError fileTooLarge */
export function fromDocument(document: vscode.TextDocument, selection?: vscode.Selection): Source {
  const text = document.getText();
  let [start, end] = [0, text.length];
  let path = pathOf(document.uri);
  if (selection && !selection.isEmpty) {
    // Whole lines: half a line is no code. A selection that ends before the first column does not mean that line.
    const last = selection.end.character === 0 && selection.end.line > selection.start.line ? selection.end.line - 1 : selection.end.line;
    start = document.offsetAt(new vscode.Position(selection.start.line, 0));
    end = document.offsetAt(document.lineAt(last).rangeIncludingLineBreak.end);
    path += `#L${selection.start.line + 1}-L${last + 1}`;
  }
  if (end - start > MAX_TEXT_UNITS) throw new CompressionError('fileTooLarge', path); // the engine would say so too, after the text had travelled
  return { uri: document.uri, path, languageId: document.languageId, document: text, start, end, version: document.version };
}

/** What we show ourselves: compressed texts, originals, answers. */
export function isOwn(uri: vscode.Uri): boolean {
  return uri.scheme.startsWith('namm-');
}

/** Text tabs of every editor group, in order, each once. */
export function openEditors(): vscode.Uri[] {
  const uris = vscode.window.tabGroups.all
    .flatMap((g) => g.tabs)
    .flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : input instanceof vscode.TabInputTextDiff ? workedOn(input) : input instanceof vscode.TabInputNotebook ? cellUris(input.uri) : []));
  return [...new Map(uris.filter((u) => !isOwn(u)).map((u) => [u.toString(), u])).values()];
}

/** Of the two sides of a diff: beside a text of ours its original, else the changed one, unless that is the past, too. */
function workedOn({ original, modified }: vscode.TabInputTextDiff): vscode.Uri[] {
  if (isOwn(modified)) return [original];
  return vscode.workspace.fs.isWritableFileSystem(modified.scheme) === false ? [] : [modified]; // undefined: nobody knows, as of an unsaved text
}

/** Cells of an open notebook with something in them, as texts that name the notebook and the cell. */
export function cellsOf(uri: vscode.Uri): Source[] {
  return (notebookAt(uri)?.getCells() ?? []).filter((c) => c.document.getText().trim()).map((c) => fromDocument(c.document));
}

function cellUris(uri: vscode.Uri): vscode.Uri[] {
  return cellsOf(uri).map((s) => s.uri);
}

function notebookAt(uri: vscode.Uri): vscode.NotebookDocument | undefined {
  return vscode.workspace.notebookDocuments.find((n) => n.uri.toString() === uri.toString());
}

/** Reads files and folders; what cannot be read is named, the rest is done. @param excluded globs of files that are left out silently. @throws CompressionError tooManyFiles */
export async function fromUris(uris: readonly vscode.Uri[], token: vscode.CancellationToken, excluded: readonly string[] = []): Promise<Gathered> {
  const unique = (await filesOf(uris, token)).filter((u) => !matches(excluded, pathOf(u)));
  if (unique.length > MAX_FILES) throw new CompressionError('tooManyFiles', String(unique.length));
  const gathered: Gathered = { sources: [], skipped: [] };
  for (const uri of unique) {
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    try {
      gathered.sources.push(await fromUri(uri));
    } catch (error) {
      if (!CompressionError.is(error)) throw error;
      gathered.skipped.push({ uri, path: pathOf(uri), error });
    }
  }
  return gathered;
}

/** @throws CompressionError emptyInput | unreadable | binaryFile | fileTooLarge */
export async function fromUri(uri: vscode.Uri): Promise<Source> {
  const path = pathOf(uri);
  const open = vscode.workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
  if (open && !isMisread(open)) {
    if (!open.getText()) throw new CompressionError('emptyInput', path);
    return fromDocument(open);
  }
  let bytes: Uint8Array;
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > MAX_BYTES) throw new CompressionError('fileTooLarge', path);
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch (cause) {
    if (CompressionError.is(cause)) throw cause;
    throw new CompressionError('unreadable', path, { cause });
  }
  if (!bytes.length) throw new CompressionError('emptyInput', path);
  if (bytes.subarray(0, SNIFFED).includes(0)) throw new CompressionError('binaryFile', path);
  const document = utf8(bytes) ?? (await asTheEditorReads(uri));
  if (document === undefined) throw new CompressionError('binaryFile', path);
  if (document.length > MAX_TEXT_UNITS) throw new CompressionError('fileTooLarge', path);
  return { uri, path, languageId: languageOf(uri.path), document, start: 0, end: document.length, version: undefined };
}

/** Without a BOM, as the editor drops it; undefined for another encoding. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** What asTheEditorReads left open behind it: nobody sees that it is broken. */
function isMisread(document: vscode.TextDocument): boolean {
  return document.getText().includes('\uFFFD') && !openEditors().some((u) => u.toString() === document.uri.toString());
}

/** By `files.encoding`; undefined where that is not the encoding either. */
async function asTheEditorReads(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    return text.includes('\uFFFD') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** Files, and the files of folders, each once. */
export async function filesOf(uris: readonly vscode.Uri[], token: vscode.CancellationToken = new vscode.CancellationTokenSource().token): Promise<vscode.Uri[]> {
  const files: vscode.Uri[] = [];
  for (const uri of uris) files.push(...(await filesUnder(uri, token)));
  return [...new Map(files.map((u) => [u.toString(), u])).values()];
}

/** Whether every text of a run is still what it was. */
export async function areCurrent(sources: readonly Source[]): Promise<boolean> {
  for (const s of sources) {
    try {
      if ((await fromUri(s.uri)).document !== s.document) return false;
    } catch {
      return false;
    }
  }
  return true;
}

/** Path as the reader sees it: relative to its folder; of a cell with the cell's number. */
export function pathOf(uri: vscode.Uri): string {
  if (uri.scheme === 'untitled') return uri.path;
  const notebook = vscode.workspace.notebookDocuments.find((n) => n.getCells().some((c) => c.document.uri.toString() === uri.toString()));
  if (notebook) return `${pathOf(notebook.uri)}#cell-${notebook.getCells().findIndex((c) => c.document.uri.toString() === uri.toString()) + 1}`;
  return vscode.workspace.asRelativePath(uri, (vscode.workspace.workspaceFolders?.length ?? 0) > 1).replaceAll('\\', '/');
}

/** What is not there is none: reading it will say why. */
export async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0;
  } catch {
    return false;
  }
}

/** A file is itself; a folder is its files without what the editor, the search or git leaves out. */
async function filesUnder(uri: vscode.Uri, token: vscode.CancellationToken): Promise<vscode.Uri[]> {
  if (!(await isFolder(uri))) return [uri];
  const excluded = ['files.exclude', 'search.exclude'].flatMap((key) =>
    Object.entries(vscode.workspace.getConfiguration(undefined, uri).get<Record<string, unknown>>(key, {}))
      .filter(([, on]) => on === true)
      .map(([glob]) => glob),
  );
  const globs = [...new Set([...excluded, '**/.git/**'])];
  const root = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? uri;
  const found = isSearched(uri)
    ? await vscode.workspace.findFiles(new vscode.RelativePattern(uri, '**/*'), `{${globs.join(',')}}`, undefined, token)
    : await filesBelow(uri, root, globs, token);
  const kept = await withoutIgnored(found, root);
  return kept.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** Applies the `.gitignore` files from the workspace folder down to each file. */
async function withoutIgnored(files: readonly vscode.Uri[], root: vscode.Uri): Promise<vscode.Uri[]> {
  const rules = new Map<string, Promise<ReturnType<typeof ignore> | undefined>>();
  const rulesIn = (folder: string): Promise<ReturnType<typeof ignore> | undefined> => {
    let known = rules.get(folder);
    if (!known) {
      known = Promise.resolve(vscode.workspace.fs.readFile(root.with({ path: `${folder}/.gitignore` }))).then(
        (bytes) => ignore().add(new TextDecoder().decode(bytes)),
        () => undefined,
      );
      rules.set(folder, known);
    }
    return known;
  };
  const kept: vscode.Uri[] = [];
  for (const file of files) {
    let ignored = false;
    const parts = posix.relative(root.path, file.path).split('/'); // of a virtual workspace the root may be '/'
    for (let i = 0, folder = root.path.replace(/\/$/, ''); i < parts.length; folder += `/${parts[i++]}`) {
      const verdict = (await rulesIn(folder))?.test(parts.slice(i).join('/'));
      if (verdict?.ignored) ignored = true;
      else if (verdict?.unignored) ignored = false;
    }
    if (!ignored) kept.push(file);
  }
  return kept;
}
