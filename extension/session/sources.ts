// Reads the texts of editors, tabs, files and folders.
import * as vscode from 'vscode';
import { CompressionError } from '../../src/core/errors';
import { LIMITS_IN_WORDS, MAX_FILE_BYTES, MAX_FILES, MAX_TEXT_UNITS } from '../../src/core/limits';
import { unwritten } from '../../src/files/walk';
import { matches } from '../../src/files/globs';
import { languageOfCell } from '../../src/languages/cellMagics';
import { languageOf } from '../../src/languages/languages';
import { cellPath } from '../../src/texts/notebook';
import { folderName } from '../platform/folderName';
import { filesIn } from '../platform/filesInFolder';
import type { Skipped } from '../platform/messages';
import { statOf } from '../platform/fileStat';
import { cellDocuments, closedCell, openEditors, openText } from '../platform/openTexts';
import { readSettings } from '../platform/settings';
import { rebaseSpan } from './rebaseSpan';
import type { Part, Scope, Source } from './run';

const BINARY_CHECK_BYTES = 8192;

export interface Gathered {
  readonly sources: Source[];
  readonly skipped: Skipped[];
}

/** @param error why the file could not be read */
export function skippedFor(error: CompressionError, path: string, uri?: vscode.Uri): Skipped {
  return { ...(uri ? { uri } : {}), path, reason: error.reason, error };
}

/** The error for no source at all: of the first file that could not be read. */
export function whyNothing({ skipped }: Gathered): CompressionError {
  return skipped.find((s) => s.error)?.error ?? new CompressionError('emptyInput');
}

/** The editor's language counts, unless the editor knows none, or the magic of a notebook cell says another one. */
function languageIn({ uri, languageId }: vscode.TextDocument, text: string): string {
  const told = languageOf(uri.path, text, languageId === 'plaintext' ? undefined : languageId);
  return uri.scheme === 'vscode-notebook-cell' && told !== 'markdown' ? languageOfCell(text, told) : told;
}

/** @param selection undefined or empty = the whole text. @throws CompressionError fileTooLarge */
export function fromDocument(document: vscode.TextDocument, selection?: vscode.Selection): Source {
  const text = document.getText();
  let [start, end] = [0, text.length];
  let path = pathOf(document.uri);
  if (selection && !selection.isEmpty) {
    // Select whole lines. A selection that ends before the first column does not include that line.
    const last =
      selection.end.character === 0 && selection.end.line > selection.start.line
        ? selection.end.line - 1
        : selection.end.line;
    start = document.offsetAt(new vscode.Position(selection.start.line, 0));
    end = document.offsetAt(document.lineAt(last).rangeIncludingLineBreak.end);
    path += `#L${selection.start.line + 1}-L${last + 1}`;
  }
  if (end - start > MAX_TEXT_UNITS) throw new CompressionError('fileTooLarge', path); // the engine checks it, too, but only after the transfer
  return {
    uri: document.uri,
    path,
    languageId: languageIn(document, text),
    document: text,
    start,
    end,
    version: document.version,
  };
}

/**
 * The texts of a scope as they are now.
 * @param selection the part of an editor's text; undefined or empty = all of it
 * @param contextUris the files that are checked in the Context view
 * @throws CompressionError; vscode.CancellationError
 */
export async function gatherScope(
  scope: Scope,
  selection: vscode.Selection | undefined,
  contextUris: readonly vscode.Uri[],
  token: vscode.CancellationToken,
): Promise<Gathered> {
  switch (scope.kind) {
    case 'editor': {
      const open = openText(scope.uri);
      if (open && !open.getText()) throw new CompressionError('emptyInput');
      if (scope.part && !selection) return { sources: [await fromPart(scope.uri, scope.part)], skipped: [] };
      return { sources: [open ? fromDocument(open, selection) : await fromUri(scope.uri)], skipped: [] };
    }
    case 'editors':
      return fromUris(openEditors(), token, readSettings().excludedFiles);
    case 'files':
      return fromUris(scope.uris, token, readSettings().excludedFiles);
    case 'texts':
      return rereadSources(scope.sources, token);
    case 'context':
      return fromUris(contextUris, token);
    case 'notebook':
      return { sources: cellDocuments(scope.uri).map((cell) => fromDocument(cell)), skipped: [] };
  }
}

/**
 * Reads files and folders. Unreadable files are returned as skipped.
 * @param excluded globs of files to leave out silently
 * @throws CompressionError tooManyFiles; vscode.CancellationError
 */
export async function fromUris(
  uris: readonly vscode.Uri[],
  token: vscode.CancellationToken,
  excluded: readonly string[] = [],
): Promise<Gathered> {
  const { files, skipped } = await filesOf(uris, token, excluded);
  const gathered: Gathered = { sources: [], skipped };
  for (const { uri, named } of files) {
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    try {
      const source = await fromUri(uri);
      if (named || !unwritten(source.document)) gathered.sources.push(source);
    } catch (error) {
      if (!CompressionError.is(error)) throw error;
      gathered.skipped.push(skippedFor(error, pathOf(uri), uri));
    }
  }
  return gathered;
}

/** @throws CompressionError emptyInput | unreadable | binaryFile | fileTooLarge */
export async function fromUri(uri: vscode.Uri): Promise<Source> {
  const path = pathOf(uri);
  const open = openText(uri) ?? (await closedCell(uri));
  if (open && !isMisread(open)) {
    if (!open.getText()) throw new CompressionError('emptyInput', path);
    return fromDocument(open);
  }
  let bytes: Uint8Array;
  try {
    const { size, type } = await vscode.workspace.fs.stat(uri);
    if (!(type & vscode.FileType.File)) throw new CompressionError('unreadable', path); // reading a pipe might never end
    if (size > MAX_FILE_BYTES) throw new CompressionError('fileTooLarge', path);
    bytes = await vscode.workspace.fs.readFile(uri);
  } catch (cause) {
    if (CompressionError.is(cause)) throw cause;
    throw new CompressionError('unreadable', path, { cause });
  }
  if (!bytes.length) throw new CompressionError('emptyInput', path);
  if (bytes.subarray(0, BINARY_CHECK_BYTES).includes(0)) throw new CompressionError('binaryFile', path);
  const document = utf8(bytes) ?? (await decodedByEditor(uri));
  if (document === undefined) throw new CompressionError('binaryFile', path);
  if (document.length > MAX_TEXT_UNITS) throw new CompressionError('fileTooLarge', path);
  return {
    uri,
    path,
    languageId: languageOf(uri.path, document),
    document,
    start: 0,
    end: document.length,
    version: undefined,
  };
}

/** Decodes without the BOM, as the editor does; undefined if it is no UTF-8. */
function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A document that `decodedByEditor` opened with the wrong encoding. No tab shows it. */
function isMisread(document: vscode.TextDocument): boolean {
  return document.getText().includes('\uFFFD') && !openEditors().some((u) => u.toString() === document.uri.toString());
}

/** Decodes by the setting `files.encoding`; undefined if the text does not fit that encoding. */
async function decodedByEditor(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    return text.includes('\uFFFD') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A file that a request named, or that a named folder contains. */
interface FoundFile {
  readonly uri: vscode.Uri;
  /** Named directly, not through its folder: it is read even if it looks generated. */
  readonly named: boolean;
}

/**
 * Files, and the files of folders, each once; and what folders hold that must be skipped. The search stops at the limit.
 * @throws CompressionError tooManyFiles; vscode.CancellationError
 */
async function filesOf(
  uris: readonly vscode.Uri[],
  token: vscode.CancellationToken,
  excluded: readonly string[] = [],
): Promise<{ readonly files: readonly FoundFile[]; readonly skipped: Skipped[] }> {
  const files = new Map<string, FoundFile>();
  const skipped: Skipped[] = [];
  const add = (uri: vscode.Uri, named: boolean): void => {
    const key = uri.toString();
    if ((!named && files.has(key)) || matches(excluded, pathOf(uri))) return;
    files.set(key, { uri, named });
    if (files.size > MAX_FILES) throw new CompressionError('tooManyFiles', LIMITS_IN_WORDS);
  };
  for (const uri of uris) {
    if (!(await isFolder(uri))) add(uri, true);
    else
      for await (const { place, reason } of filesIn(uri, token))
        if (!reason) add(place, false);
        else if (!matches(excluded, pathOf(place))) skipped.push({ path: pathOf(place), reason });
  }
  if (token.isCancellationRequested) throw new vscode.CancellationError();
  return { files: [...files.values()], skipped };
}

/**
 * Files to collect: those that are named, and the hand-written code of folders; and what of the folders cannot be read.
 * @throws CompressionError tooManyFiles; vscode.CancellationError
 */
export async function filesToCollect(
  uris: readonly vscode.Uri[],
  token: vscode.CancellationToken,
): Promise<{ readonly found: readonly vscode.Uri[]; readonly skipped: readonly Skipped[] }> {
  const { files, skipped } = await filesOf(uris, token);
  const verdicts = await Promise.all(files.map(async ({ uri, named }) => named || (await isCode(uri))));
  return {
    found: files.filter((_, i) => verdicts[i] === true).map((f) => f.uri),
    skipped: [...skipped, ...verdicts.filter((v) => typeof v === 'object')],
  };
}

/** @returns the reason for a file that cannot be read; an empty one is just no code */
async function isCode(uri: vscode.Uri): Promise<boolean | Skipped> {
  try {
    return !unwritten((await fromUri(uri)).document);
  } catch (error) {
    if (!CompressionError.is(error)) throw error;
    return error.reason === 'emptyInput' ? false : skippedFor(error, pathOf(uri), uri);
  }
}

/** The part in the present version of its text, extended to whole lines. @throws CompressionError */
async function fromPart(uri: vscode.Uri, part: Part): Promise<Source> {
  const whole = await fromUri(uri); // throws the reason if the text cannot be read
  const document = await vscode.workspace.openTextDocument(uri);
  const { start, end } = rebaseSpan(part.document, whole.document, part);
  if (start === end) throw new CompressionError('emptyInput', whole.path); // the part was deleted
  return fromDocument(document, new vscode.Selection(document.positionAt(start), document.positionAt(end)));
}

export function isWhole({ document, start, end }: Part): boolean {
  return start === 0 && end === document.length;
}

/** A text that was attached to a question directly. It has no document, so it never changes. */
function isAttachedText({ uri, version }: Source): boolean {
  return uri.scheme === 'untitled' && version === undefined;
}

/** Reads the same texts again. Unreadable ones are returned as skipped. @throws vscode.CancellationError */
export async function rereadSources(sources: readonly Source[], token: vscode.CancellationToken): Promise<Gathered> {
  const gathered: Gathered = { sources: [], skipped: [] };
  for (const s of sources) {
    if (token.isCancellationRequested) throw new vscode.CancellationError();
    try {
      gathered.sources.push(isAttachedText(s) ? s : isWhole(s) ? await fromUri(s.uri) : await fromPart(s.uri, s));
    } catch (error) {
      if (!CompressionError.is(error)) throw error;
      gathered.skipped.push(skippedFor(error, s.path, s.uri));
    }
  }
  return gathered;
}

/** Whether every text of a run is unchanged. */
export async function areCurrent(sources: readonly Source[]): Promise<boolean> {
  for (const s of sources) {
    if (isAttachedText(s)) continue;
    try {
      if ((await fromUri(s.uri)).document !== s.document) return false;
    } catch {
      return false;
    }
  }
  return true;
}

/** The path that the recipient sees: relative to its workspace folder; for a notebook cell with the cell's number. */
export function pathOf(uri: vscode.Uri): string {
  if (uri.scheme === 'untitled') return uri.path;
  const notebook = vscode.workspace.notebookDocuments.find((n) =>
    n.getCells().some((c) => c.document.uri.toString() === uri.toString()),
  );
  if (notebook)
    return cellPath(
      pathOf(notebook.uri),
      notebook.getCells().findIndex((c) => c.document.uri.toString() === uri.toString()) + 1,
    );
  const inside = vscode.workspace.asRelativePath(uri, false).replaceAll('\\', '/');
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder && vscode.workspace.workspaceFolders!.length > 1 ? `${folderName(folder)}/${inside}` : inside;
}

/** False also for a missing file: reading it reports the error. */
export async function isFolder(uri: vscode.Uri): Promise<boolean> {
  const stat = await statOf(uri);
  return stat !== undefined && (stat.type & vscode.FileType.Directory) !== 0;
}
