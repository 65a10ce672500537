// The editor's chat models: picks one, translates its errors, and builds messages of several parts.
import * as vscode from 'vscode';
import { CancelledError, CompressionError } from '../../src/core/errors';
import { HandoverError, type HandoverReason } from '../../src/handover/handoverError';

type Content = string | readonly unknown[];

/** The types of the oldest supported editor only allow text. Parts came with tools. */
const { User, Assistant } = vscode.LanguageModelChatMessage as unknown as Record<
  'User' | 'Assistant',
  (content: Content) => vscode.LanguageModelChatMessage
>;

export const chatMessage = {
  user: (content: Content): vscode.LanguageModelChatMessage => User.call(vscode.LanguageModelChatMessage, content),
  assistant: (content: Content): vscode.LanguageModelChatMessage =>
    Assistant.call(vscode.LanguageModelChatMessage, content),
};

/** The model that is picked in the chat; in editors that do not tell, the first available one. @throws HandoverError noModel */
export async function modelFor(request: vscode.ChatRequest): Promise<vscode.LanguageModelChat> {
  const model =
    request.model ??
    (await vscode.lm.selectChatModels({ vendor: 'copilot' }))[0] ??
    (await vscode.lm.selectChatModels())[0];
  if (!model) throw new HandoverError('noModel');
  return model;
}

/** Translates a model's error into one of ours. Some providers give the reason only in the message, so its words are searched. */
export function modelFailure(error: unknown, token: vscode.CancellationToken): unknown {
  if (token.isCancellationRequested || error instanceof vscode.CancellationError) return new CancelledError();
  if (error instanceof HandoverError || CompressionError.is(error) || error instanceof CancelledError) return error;
  const { code, message, cause } = error as {
    code?: unknown;
    message?: unknown;
    cause?: { name?: unknown; message?: unknown; code?: unknown };
  };
  const words = [message, cause?.name, cause?.message, cause?.code]
    .filter((w) => typeof w === 'string')
    .join(' ')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
  return new HandoverError(reasonOf(code, words), typeof message === 'string' ? message.slice(0, 300) : '', {
    cause: error,
  });
}

function reasonOf(code: unknown, words: string): HandoverReason {
  if (/quota|rate.?limit|too many requests|\b429\b/i.test(words)) return 'quota';
  if (/context.{0,10}(length|window|size)|maximum context|too many tokens|prompt is too long|token limit/i.test(words))
    return 'overWindow';
  if (code === 'NoPermissions') return 'noPermission';
  if (code === 'NotFound') return 'noModel';
  if (code === 'Blocked') return 'refused';
  if (/ECONN|ENOTFOUND|ETIMEDOUT|network|fetch failed|offline/i.test(words)) return 'unreachable';
  return 'serverFailed';
}
