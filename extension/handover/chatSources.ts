// Finds the texts that a chat question is about: its attachments, else the current run or the open editors.
import * as vscode from 'vscode';
import { append } from '../../src/core/append';
import { CompressionError } from '../../src/core/errors';
import type { Source } from '../session/run';
import type { CurrentRun } from '../session/currentRun';
import { openEditors } from '../platform/openTexts';
import { readSettings } from '../platform/settings';
import {
  fromDocument,
  fromUri,
  fromUris,
  isFolder,
  rereadSources,
  skippedFor,
  type Gathered,
} from '../session/sources';

/** A hand-over file of this extension. If it is still attached, its run is meant, not its compressed text. */
const HANDOVER_FILE = /\/namm-context\.namm-context\/handover\/[^/]*$/;

/** References that the editor adds itself: the open file, instructions, lists of skills. They do not replace the default sources. */
const ADDED_BY_EDITOR = /^vscode\.(implicit|instructions|prompt|customizations)\b/;

export function attachedReferences(references: readonly vscode.ChatPromptReference[]): vscode.ChatPromptReference[] {
  return references.filter(
    (r) =>
      !ADDED_BY_EDITOR.test(r.id) &&
      (r.value instanceof vscode.Location ||
        typeof r.value === 'string' ||
        (r.value instanceof vscode.Uri && !HANDOVER_FILE.test(r.value.path))),
  );
}

/** Reads attached files, folders, parts of files and texts, in the order of the question. @throws CompressionError tooManyFiles */
export async function fromReferences(
  references: readonly vscode.ChatPromptReference[],
  token: vscode.CancellationToken,
): Promise<Gathered> {
  const all: Gathered = { sources: [], skipped: [] };
  const seen = new Set<string>(); // by address and offsets, because two files may have the same path
  for (const { id, value } of [...references].reverse()) {
    try {
      const found =
        value instanceof vscode.Uri
          ? await fromUris([value], token, (await isFolder(value)) ? readSettings().excludedFiles : [])
          : {
              sources: [value instanceof vscode.Location ? await fromLocation(value) : fromText(id, value as string)],
              skipped: [],
            };
      for (const s of found.sources) {
        const key = `${s.uri.toString()} ${s.start} ${s.end} ${s.uri.scheme === 'untitled' ? s.document : ''}`;
        if (!seen.has(key)) all.sources.push(s);
        seen.add(key);
      }
      append(all.skipped, found.skipped);
    } catch (error) {
      if (!CompressionError.is(error)) throw error;
      all.skipped.push(skippedFor(error, error.detail));
    }
  }
  return all;
}

/** The texts of the current run as they are now, else the checked files of the Context view, else the open editors. */
export async function defaultSources(
  currentRun: CurrentRun,
  contextUris: readonly vscode.Uri[],
  token: vscode.CancellationToken,
): Promise<Gathered> {
  const run = currentRun.get();
  if (!run)
    return contextUris.length
      ? fromUris(contextUris, token)
      : fromUris(openEditors(), token, readSettings().excludedFiles);
  if (await currentRun.isCurrent(run)) return { sources: [...run.sources], skipped: [] };
  return run.scope.kind === 'context' ? fromUris(contextUris, token) : rereadSources(run.sources, token);
}

async function fromLocation({ uri, range }: vscode.Location): Promise<Source> {
  const whole = await fromUri(uri); // throws the reason if the file is no text
  if (range.isEmpty) return whole;
  return fromDocument(await vscode.workspace.openTextDocument(uri), new vscode.Selection(range.start, range.end));
}

function fromText(id: string, text: string): Source {
  const name =
    id
      .split('.')
      .at(-1)!
      .replace(/[^\w-]/g, '') || 'text';
  if (!text) throw new CompressionError('emptyInput', name);
  return {
    uri: vscode.Uri.from({ scheme: 'untitled', path: name }),
    path: name,
    languageId: 'plaintext',
    document: text,
    start: 0,
    end: text.length,
    version: undefined,
  };
}
