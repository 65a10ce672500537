// Compresses the inspected text again after the window was reloaded, without messages.
import * as vscode from 'vscode';
import type { CompressionService } from '../../src/core/context';
import { CompressionError } from '../../src/core/errors';
import type { PageState } from '../../src/inspector/protocol';
import type { Run } from '../session/run';
import type { Runner } from '../session/runner';
import { fromDocument } from '../session/sources';

export type RestoredText = Pick<PageState, 'uri' | 'start' | 'end' | 'whole' | 'scorer' | 'keepRatio'>;

/** @throws CompressionError; notFound if the text no longer exists */
export async function compressRestored(
  { uri, start, end, whole, scorer, keepRatio }: RestoredText,
  service: CompressionService,
  runner: Runner,
): Promise<Run> {
  const address = vscode.Uri.parse(uri, true);
  const document = await vscode.workspace.openTextDocument(address).then(undefined, () => undefined);
  if (!document) throw new CompressionError('notFound', address.path);
  if (!document.getText()) throw new CompressionError('emptyInput', address.path);
  const source = fromDocument(
    document,
    whole ? undefined : new vscode.Selection(document.positionAt(start), document.positionAt(end)),
  );
  const basis = runner.requestFor([source]);
  const budget =
    keepRatio !== undefined && keepRatio > 0 && keepRatio <= 1
      ? ({ kind: 'keepRatio', keepRatio } as const)
      : basis.budget;
  const request = { ...basis, budget, scorer };
  const context = await service.compress({ ...request, priority: 'background' });
  return {
    scope: { kind: 'editor', uri: address, ...(whole ? {} : { part: source }) },
    requestedUris: [address],
    request,
    context,
    sources: [source],
  };
}
