// Asks a model that runs in a Python process (reader.py), one request after another, and keeps every answer in a file.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { keyOf } from '../quality/measureLog';
import { readJsonLines } from '../setup';

type Range = readonly [start: number, end: number];

/** What the reader says of a target behind a context. */
export interface TargetLoss {
  readonly nats: number;
  readonly tokens: number;
  readonly hits: number; // tokens that the reader would write
  readonly nameNats: number; // the same three of the tokens that touch a name
  readonly nameTokens: number;
  readonly nameHits: number;
  readonly first: 0 | 1; // 1: it would write the first line
  readonly contextTokens: number;
}

/** Attention that each token receives. */
export interface Received {
  readonly starts: readonly number[]; // UTF-16 offsets
  readonly received: readonly (readonly number[])[]; // [range][tokens]
}

interface Operations {
  count: [{ readonly texts: readonly string[] }, { readonly tokens: readonly number[] }];
  loss: [{ readonly context: string; readonly target: string; readonly names: readonly Range[] }, TargetLoss];
  attention: [{ readonly text: string; readonly to: number; readonly from: readonly Range[] }, Received];
}

/** A model of `fetch.sh`. Answers that the file holds are not computed again. */
export class ReaderClient {
  private process: ChildProcessWithoutNullStreams | undefined;
  private readonly waiting: { resolve: (line: string) => void; reject: (error: Error) => void }[] = [];
  private readonly known = new Map<string, unknown>();
  private readonly model: string;

  /**
   * @param folder that `convert.py` made
   * @param file keeps the answers, one JSON object a line; undefined keeps none
   */
  constructor(
    private readonly folder: string,
    private readonly file?: string,
  ) {
    this.model = keyOf(readFileSync(join(folder, 'config.json')));
    if (!file || !existsSync(file)) return;
    for (const { key, answer } of readJsonLines<{ key: string; answer: unknown }>(file)) this.known.set(key, answer);
  }

  /** @throws Error if the process ends before it answers */
  async ask<O extends keyof Operations>(op: O, request: Operations[O][0]): Promise<Operations[O][1]> {
    const line = JSON.stringify({ op, ...request });
    const key = keyOf(this.model, line);
    if (!this.known.has(key)) {
      const answer: unknown = JSON.parse(await this.send(line));
      this.known.set(key, answer);
      if (this.file) appendFileSync(this.file, `${JSON.stringify({ key, answer })}\n`);
    }
    return this.known.get(key) as Operations[O][1];
  }

  private send(line: string): Promise<string> {
    this.process ??= this.start();
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.process!.stdin.write(`${line}\n`);
    });
  }

  private start(): ChildProcessWithoutNullStreams {
    const script = join('bench', 'reader', 'reader.py');
    const child = spawn(process.env.PYTHON ?? 'python3', [script, this.folder], { stdio: 'pipe' });
    let errors = '';
    child.stderr.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-2000)));
    createInterface({ input: child.stdout }).on('line', (line) => this.waiting.shift()?.resolve(line));
    const fail = (reason: string): void => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`${script} ${reason}\n${errors}`));
    };
    child.on('error', ({ message }) => fail(`did not start: ${message}`));
    child.on('exit', (code) => fail(`ended with ${code}.`));
    return child;
  }

  close(): void {
    this.process?.stdin.end();
  }
}
