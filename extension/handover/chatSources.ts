// Knows which texts a chat question is about: what is attached to it, else what the user looks at.
import * as vscode from 'vscode';
import { CompressionError } from '../../src/core/errors';
import type { Source } from '../session/run';
import type { CurrentRun } from '../session/currentRun';
import { openEditors } from '../platform/openTabs';
import { readSettings } from '../platform/settings';
import { fromDocument, fromUri, fromUris, isFolder, rereadSources, type Gathered } from '../session/sources';

/** What was handed over compressed and is attached still: the run that made it is meant, not its text once more. */
const OURS = /\/namm-context\.namm-context\/handover\/[^/]*$/;

/** What the editor adds by itself: the open file, instructions, lists of skills. Only what the user attached replaces the default. */
const ADDED = /^vscode\.(implicit|instructions|prompt|customizations)\b/;

export function attachedReferences(references: readonly vscode.ChatPromptReference[]): vscode.ChatPromptReference[] {
  return references.filter(
    (r) =>
      !ADDED.test(r.id) &&
      (r.value instanceof vscode.Location ||
        typeof r.value === 'string' ||
        (r.value instanceof vscode.Uri && !OURS.test(r.value.path))),
  );
}

/** Files, folders, stretches of files and bare texts, in the order in which they stand in the question. @throws CompressionError tooManyFiles */
export async function fromReferences(
  references: readonly vscode.ChatPromptReference[],
  token: vscode.CancellationToken,
): Promise<Gathered> {
  const all: Gathered = { sources: [], skipped: [] };
  const seen = new Set<string>(); // by address and place: files of two folders may be shown under one path
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
      all.skipped.push(...found.skipped);
    } catch (error) {
      if (!CompressionError.is(error)) throw error;
      all.skipped.push({ path: error.detail, error });
    }
  }
  return all;
}

/** The texts of the run that is meant, as they are now, else what is checked in the Context view, else the open editors. */
export async function defaultSources(
  currentRun: CurrentRun,
  chosen: readonly vscode.Uri[],
  token: vscode.CancellationToken,
): Promise<Gathered> {
  const run = currentRun.get();
  if (!run)
    return chosen.length ? fromUris(chosen, token) : fromUris(openEditors(), token, readSettings().excludedFiles);
  if (await currentRun.isCurrent(run)) return { sources: [...run.sources], skipped: [] };
  return run.scope.kind === 'context' ? fromUris(chosen, token) : rereadSources(run.sources, token);
}

async function fromLocation({ uri, range }: vscode.Location): Promise<Source> {
  const whole = await fromUri(uri); // says what is wrong with a file that is no text
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
