// The server process: it speaks over standard input and output, and ends with its client.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { RootsListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { cacheDir, stateDir } from '../files/folders';
import { EngineClient } from '../engine/client';
import { ElisionStore } from '../elisions/elisionStore';
import { Intake, MAX_MESSAGE_BYTES } from './messageLimit';
import { oversized } from './messages';
import { parseMcpOptions, type McpOptions } from './options';
import { Roots } from './roots';
import { buildServer } from './server';
import { Work } from './tools';

const ROOTS_MS = 5000;

/** Runs until the client closes the connection. */
export async function serve(options: McpOptions): Promise<void> {
  console.log = console.info = console.debug = console.error; // standard output belongs to the protocol
  const engine = new EngineClient({
    enginePath: join(__dirname, 'engine.js'),
    grammarDir: join(__dirname, 'grammars'),
    modelDir: process.env.NAMM_MODEL_DIR || join(__dirname, '..', 'media', 'model'),
    cacheDir: cacheDir(),
    log: (line) => process.stderr.write(`${line}\n`),
  });
  let roots: Promise<Roots> | undefined;
  const work = new Work(engine, new ElisionStore(stateDir()), () => (roots ??= findRoots()), options);
  const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as { version: string };
  const server = buildServer(work, version);

  /** The roots of the command line, else the client's, else the working folder. */
  async function findRoots(): Promise<Roots> {
    if (options.roots.length) return new Roots(options.roots);
    if (server.server.getClientCapabilities()?.roots) {
      try {
        const { roots: listed } = await server.server.listRoots(undefined, { timeout: ROOTS_MS });
        return Roots.ofUris(listed.map((r) => r.uri));
      } catch (error) {
        process.stderr.write(`the client did not list its roots: ${(error as Error).message}\n`);
      }
    }
    return Roots.ofWorkingFolder(process.cwd());
  }

  server.server.setNotificationHandler(RootsListChangedNotificationSchema, () => void (roots = undefined));
  server.server.onerror = (error) => process.stderr.write(`${error.name}: ${error.message.slice(0, 500)}\n`);
  const intake = new Intake((id, bytes) => {
    if (id !== undefined)
      process.stdout.write(
        `{"jsonrpc":"2.0","id":${id},"error":{"code":-32600,"message":${JSON.stringify(oversized(bytes))}}}\n`,
      );
    else process.stderr.write(`${oversized(bytes)}\n`);
  });
  const ended = new Promise<void>((resolve) => {
    process.stdin
      .once('end', resolve)
      .once('close', resolve)
      .once('error', () => resolve());
    process.stdout.once('error', () => resolve()); // the client is gone
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  await server.connect(
    new StdioServerTransport(process.stdin.pipe(intake), process.stdout, { maxBufferSize: 2 * MAX_MESSAGE_BYTES }),
  );
  await ended;
  await engine.dispose();
  process.exit(0);
}

if (require.main === module) {
  try {
    void serve(parseMcpOptions(process.argv.slice(2)));
  } catch (error) {
    process.stderr.write(`namm: ${(error as Error).message}\n`);
    process.exitCode = 2;
  }
}
