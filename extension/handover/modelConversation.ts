// Asks a chat model and runs the tools that it calls, until it has answered.
import * as vscode from 'vscode';
import { CancelledError } from '../../src/core/errors';
import { HandoverError } from '../../src/handover/handoverError';
import { chatMessage } from './languageModel';

const MAX_ROUNDS = 12;

export interface Conversation {
  readonly model: vscode.LanguageModelChat;
  readonly messages: vscode.LanguageModelChatMessage[];
  readonly tools: readonly vscode.LanguageModelChatTool[];
  readonly justification: string;
  readonly onText: (piece: string) => void;
  /** @returns the result for the model, or a sentence about a failure. It throws only to end the conversation. */
  readonly call: (call: vscode.LanguageModelToolCallPart) => Promise<string>;
}

/** @returns the whole answer. @throws the model's error; HandoverError tooManyCalls; CancelledError */
export async function converse(
  { model, messages, tools, justification, onText, call }: Conversation,
  token: vscode.CancellationToken,
): Promise<string> {
  let answer = '';
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const response = await model.sendRequest(
      messages,
      { justification, ...(tools.length ? { tools: [...tools] } : {}) },
      token,
    );
    let text = '';
    const calls: vscode.LanguageModelToolCallPart[] = [];
    for await (const part of response.stream ?? response.text) {
      if (token.isCancellationRequested) throw new CancelledError();
      if (tools.length && part instanceof vscode.LanguageModelToolCallPart) calls.push(part);
      else {
        const piece = typeof part === 'string' ? part : (part as { value?: unknown }).value;
        if (typeof piece !== 'string' || !piece) continue;
        text += piece;
        onText(piece);
      }
    }
    answer += text;
    if (!calls.length) {
      if (!answer) throw new HandoverError('malformedAnswer', 'empty');
      return answer;
    }
    messages.push(chatMessage.assistant([...(text ? [new vscode.LanguageModelTextPart(text)] : []), ...calls]));
    const results = [];
    for (const c of calls)
      results.push(new vscode.LanguageModelToolResultPart(c.callId, [new vscode.LanguageModelTextPart(await call(c))]));
    messages.push(chatMessage.user(results));
  }
  throw new HandoverError('tooManyCalls', String(MAX_ROUNDS));
}
