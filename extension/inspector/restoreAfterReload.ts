// Knows how a text that was inspected before the window was reloaded is read again, quietly.
import * as vscode from 'vscode';
import type { CompressionService } from '../../src/core/context';
import { CompressionError } from '../../src/core/errors';
import type { PageState } from '../../src/inspector/protocol';
import type { Run } from '../session/run';
import type { Runner } from '../session/runner';
import { fromDocument } from '../session/sources';

export type RestoredText = Pick<PageState, 'uri' | 'start' | 'end' | 'whole' | 'scorer' | 'keepRatio'>;

/** @throws CompressionError, notFound where the text is gone */
export async function compressRestored(
  { uri, start, end, whole, scorer, keepRatio }: RestoredText,
  service: CompressionService,
  runner: Runner,
): Promise<Run> {
  const place = vscode.Uri.parse(uri, true);
  const document = await vscode.workspace.openTextDocument(place).then(undefined, () => undefined);
  if (!document) throw new CompressionError('notFound', place.path);
  if (!document.getText()) throw new CompressionError('emptyInput', place.path);
  const source = fromDocument(
    document,
    whole ? undefined : new vscode.Selection(document.positionAt(start), document.positionAt(end)),
  );
  const asked = runner.requestFor([source]);
  const budget =
    keepRatio !== undefined && keepRatio > 0 && keepRatio <= 1
      ? ({ kind: 'keepRatio', keepRatio } as const)
      : asked.budget;
  const request = { ...asked, budget, scorer };
  const context = await service.compress({ ...request, priority: 'background' });
  return {
    scope: { kind: 'editor', uri: place, ...(whole ? {} : { part: source }) },
    requestedUris: [place],
    request,
    context,
    query: request.query,
    sources: [source],
  };
}
