// The server process: it speaks over standard input and output, and ends with its client.
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { RootsListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { printableLines } from '../../core/printable';
import { bundledEngine } from '../engine/bundled';
import { ElisionStore } from '../elisions/elisionStore';
import { stateDir } from '../files/folders';
import { Ledger } from '../usage/ledger';
import { version } from '../files/version';
import { ClientRoots } from './clientRoots';
import { Intake, MAX_MESSAGE_BYTES } from './messageLimit';
import { checkMessage } from './messageShape';
import { oversized } from './messages';
import { parseMcpOptions, type McpOptions } from './options';
import { PathRefused, Roots } from './roots';
import { buildServer } from './server';
import { Work } from './tools';

/** Laxer than the protocol: one address that is no folder must not hide the others. */
const ListedRoots = z.looseObject({ roots: z.array(z.looseObject({ uri: z.unknown() })) });
const NO_TIMEOUT = 2 ** 31 - 1; // ms, the longest that a timer takes

/** Standard error may be a terminal. */
function note(text: string): void {
  process.stderr.write(`${printableLines(text)}\n`);
}

/** Runs until the client closes the connection. */
export async function serve(options: McpOptions): Promise<void> {
  console.log = console.info = console.debug = console.error; // standard output belongs to the protocol
  const engine = bundledEngine(note);
  const work = new Work(
    engine,
    new ElisionStore(stateDir()),
    () => findRoots(),
    options,
    new Ledger(stateDir(), 'mcp'),
  );
  const server = buildServer(work, version(), note, options.structured);

  const listed = new ClientRoots(async () => {
    const answer = await server.server.request({ method: 'roots/list' }, ListedRoots, { timeout: NO_TIMEOUT });
    return answer.roots.map((r) => r.uri);
  });
  server.server.setNotificationHandler(RootsListChangedNotificationSchema, () => listed.changed());

  /** The roots of the command line, else the client's. Only for a client that knows no roots, the working folder. */
  async function findRoots(): Promise<Roots> {
    if (options.roots.length) return new Roots(options.roots);
    const client = server.server.getClientCapabilities();
    if (!client) throw new PathRefused('rootsUnknown', 'it has not introduced itself');
    return client.roots ? listed.current() : Roots.ofWorkingFolder(process.cwd());
  }

  server.server.onerror = (error) => note(`${error.name}: ${error.message.slice(0, 500)}`);
  const refuse = (id: string, message: string): void =>
    void process.stdout.write(
      `{"jsonrpc":"2.0","id":${id},"error":{"code":-32600,"message":${JSON.stringify(message)}}}\n`,
    );
  const intake = new Intake(
    (id, bytes) => (id === undefined ? note(oversized(bytes)) : refuse(id, oversized(bytes))),
    MAX_MESSAGE_BYTES,
    (given) => {
      const { line, refused } = checkMessage(given);
      for (const { id, fault } of refused) refuse(id, fault);
      return line;
    },
  );
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
    note(`namm: ${(error as Error).message}`);
    process.exitCode = 2;
  }
}
