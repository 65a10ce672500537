// Talks to the engine process through one client. A changed model or idle time makes a new client.
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { CompressionService } from '../../src/core/context';
import { EngineClient } from '../../src/node/engine/client';
import { readSettings } from '../platform/settings';

export class Engine implements CompressionService, vscode.Disposable {
  private client: EngineClient | undefined;
  private clientKey = ''; // the settings that the client was made with

  constructor(
    private readonly extensionPath: string,
    private readonly storage: vscode.Uri,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  get state(): string {
    return this.client?.state ?? 'stopped';
  }

  get pid(): number | undefined {
    return this.client?.pid;
  }

  readonly compress: CompressionService['compress'] = (...args) => this.current().compress(...args);

  readonly inspect: CompressionService['inspect'] = (...args) => this.current().inspect(...args);

  dispose(): void {
    void this.client?.dispose();
  }

  private current(): EngineClient {
    const { modelPath, idleMs } = readSettings();
    const key = `${idleMs} ${modelPath ?? ''}`;
    if (!this.client || key !== this.clientKey) {
      void this.client?.dispose();
      this.clientKey = key;
      this.client = new EngineClient({
        enginePath: join(this.extensionPath, 'dist', 'engine.js'),
        grammarDir: join(this.extensionPath, 'dist', 'grammars'),
        modelDir: modelPath ?? join(this.extensionPath, 'media', 'model'),
        cacheDir: join(this.storage.fsPath, 'readings'),
        idleMs,
        log: (line) => this.log.info(line),
      });
    }
    return this.client;
  }
}
