// How a client starts the server: the entry in its configuration.
import type { Client, Scope } from './clients';

/** The name of our entry among a client's servers. */
export const ENTRY = 'namm';

export interface ServerEntry {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * For the user, this installation by its paths. A project is shared, so its entry names no path of this machine: `namm` must be
 * installed.
 * @param node absolute path of Node.js @param cli absolute path of the command line
 */
export function serverEntry(client: Pick<Client, 'args'>, scope: Scope, node: string, cli: string): ServerEntry {
  return scope === 'user'
    ? { command: node, args: [cli, 'mcp', ...client.args] }
    : { command: 'namm', args: ['mcp', ...client.args] };
}

/** Whether an entry starts this server, of any version. Another program may have the same name. */
export function isOurs(entry: unknown): boolean {
  const { command, args } = (entry ?? {}) as { command?: unknown; args?: unknown };
  const words = [command, ...(Array.isArray(args) ? (args as unknown[]) : [])].filter((w) => typeof w === 'string');
  return words.includes('mcp') && words.some((w) => /(?:^|[\\/])(?:namm(?:-context)?(?:\.cmd)?|cli\.js)$/.test(w));
}

/** The entry as text for Codex's configuration, which is TOML: a JSON string is a valid one there. */
export function tomlSnippet({ command, args }: ServerEntry): string {
  const list = args.map((arg) => JSON.stringify(arg)).join(', ');
  return `[mcp_servers.${ENTRY}]\ncommand = ${JSON.stringify(command)}\nargs = [${list}]\n`;
}

/** The entry as JSON, to be pasted. */
export const jsonSnippet = (servers: string, entry: ServerEntry): string =>
  `${JSON.stringify({ [servers]: { [ENTRY]: entry } }, null, 2)}\n`;
