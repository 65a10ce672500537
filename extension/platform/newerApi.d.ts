// Declares the API of newer editors that the types of the oldest supported one lack. Code checks for it before each use.

declare module 'vscode' {
  // 1.95
  export class LanguageModelTextPart {
    value: string;
    constructor(value: string);
  }
  export class LanguageModelToolCallPart {
    callId: string;
    name: string;
    input: object;
    constructor(callId: string, name: string, input: object);
  }
  export class LanguageModelToolResultPart {
    callId: string;
    content: unknown[];
    constructor(callId: string, content: unknown[]);
  }
  export class LanguageModelToolResult {
    content: unknown[];
    constructor(content: LanguageModelTextPart[]);
  }
  export interface LanguageModelChatTool {
    name: string;
    description: string;
    inputSchema?: object | undefined;
  }
  export interface LanguageModelToolInformation extends LanguageModelChatTool {
    readonly tags: readonly string[];
  }
  export interface LanguageModelChatRequestOptions {
    tools?: LanguageModelChatTool[];
  }
  export interface LanguageModelChatResponse {
    /** Text parts and tool calls; parts of other kinds may come. */
    stream?: AsyncIterable<unknown>;
  }
  export interface LanguageModelToolTokenizationOptions {
    tokenBudget: number;
    countTokens(text: string, token?: CancellationToken): Thenable<number>;
  }
  export interface LanguageModelToolInvocationOptions<T> {
    toolInvocationToken: unknown;
    input: T;
    tokenizationOptions?: LanguageModelToolTokenizationOptions;
  }
  export interface LanguageModelTool<T> {
    invoke(
      options: LanguageModelToolInvocationOptions<T>,
      token: CancellationToken,
    ): ProviderResult<LanguageModelToolResult>;
    prepareInvocation?(
      options: { readonly input: T },
      token: CancellationToken,
    ): ProviderResult<{
      invocationMessage?: string;
      confirmationMessages?: { title: string; message: string | MarkdownString };
    }>;
  }
  export interface ChatRequest {
    readonly model?: LanguageModelChat;
    readonly toolReferences?: readonly { readonly name: string }[];
    readonly toolInvocationToken?: unknown;
  }
  // 1.101
  export class McpStdioServerDefinition {
    constructor(label: string, command: string, args: string[], env: Record<string, string>, version: string);
  }
  export interface McpServerDefinitionProvider {
    onDidChangeMcpServerDefinitions: Event<void>;
    provideMcpServerDefinitions(): McpStdioServerDefinition[];
  }
  export namespace lm {
    export const registerTool: (<T>(name: string, tool: LanguageModelTool<T>) => Disposable) | undefined;
    export const tools: readonly LanguageModelToolInformation[] | undefined;
    export const invokeTool:
      | ((
          name: string,
          options: LanguageModelToolInvocationOptions<object>,
          token?: CancellationToken,
        ) => Thenable<LanguageModelToolResult>)
      | undefined;
    // 1.101
    export const registerMcpServerDefinitionProvider:
      ((id: string, provider: McpServerDefinitionProvider) => Disposable) | undefined;
  }
}
