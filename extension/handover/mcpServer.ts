// Registers the MCP server with the editor, which starts it as a process of its own.
import { join } from 'node:path';
import * as vscode from 'vscode';
import { readHandoverSettings, readSettings, SECTION } from '../platform/settings';

export class McpServer implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly disposables: vscode.Disposable[] = [this.changed];
  readonly registered: boolean;

  constructor(private readonly context: vscode.ExtensionContext) {
    const { lm, McpStdioServerDefinition: Definition } = vscode;
    this.registered = lm?.registerMcpServerDefinitionProvider !== undefined && typeof Definition === 'function';
    if (!this.registered) return;
    this.disposables.push(
      vscode.workspace.onDidChangeConfiguration((e) => {
        if (e.affectsConfiguration(SECTION)) this.changed.fire();
      }),
      lm.registerMcpServerDefinitionProvider!('namm.mcp', {
        onDidChangeMcpServerDefinitions: this.changed.event,
        provideMcpServerDefinitions: () => {
          const { command, args, env } = this.start();
          const { version } = this.context.extension.packageJSON as { version: string };
          return [new Definition('NAMM Context', command, args, env, version)];
        },
      }),
    );
  }

  dispose(): void {
    for (const d of this.disposables.reverse()) d.dispose();
  }

  /** The command line: Node of the editor, the settings and the state of this window. The folders come over the protocol. */
  start(): { command: string; args: string[]; env: Record<string, string> } {
    const { modelPath, counter } = readSettings();
    const { secrets, secretsEntropy } = readHandoverSettings();
    const { globalStorageUri, extensionPath } = this.context;
    return {
      command: process.execPath,
      args: [
        join(extensionPath, 'dist', 'mcp.js'),
        ...['--counter', counter, '--secrets', secrets],
        ...(secretsEntropy ? ['--secrets-entropy'] : []),
      ],
      env: {
        ELECTRON_RUN_AS_NODE: '1',
        NAMM_STATE_DIR: globalStorageUri.fsPath,
        NAMM_CACHE_DIR: join(globalStorageUri.fsPath, 'readings'),
        ...(modelPath ? { NAMM_MODEL_DIR: modelPath } : {}),
      },
    };
  }
}
