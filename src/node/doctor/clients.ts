// Checks which clients start the server, and whether what they would start is there.
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { CLIENT_IDS, clientAt, type Client, type Machine, type Scope } from '../clients/clients';
import { readConfig } from '../clients/jsonConfig';
import { ENTRY, isOurs } from '../clients/server';
import { readRegular } from '../files/regularFile';
import type { Finding } from './finding';

const MAX_CONFIG_BYTES = 64_000_000;

export async function checkClients(machine: Machine): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const id of CLIENT_IDS)
    for (const scope of ['user', 'project'] as const) {
      const finding = await checkClient(clientAt(id, scope, machine), scope, machine);
      if (finding) findings.push(finding);
    }
  const isSet = findings.some(({ code }) => code === 'client' || code === 'clientBroken');
  return isSet ? findings : [...findings, { code: 'noClient' }];
}

async function checkClient(
  { id: client, file, servers }: Client,
  scope: Scope,
  machine: Machine,
): Promise<Finding | undefined> {
  const text = await readRegular(file, { limit: MAX_CONFIG_BYTES }).then(
    (bytes) => bytes.toString('utf8'),
    () => undefined,
  );
  if (text === undefined) return undefined;
  if (servers === 'toml') return TOML_ENTRY.test(text) ? { code: 'client', client, scope, file } : undefined;
  const config = readConfig(text, servers);
  if (config.kind === 'unknown') return { code: 'clientUnknown', client, file };
  if (!isOurs(config.entry)) return undefined;
  const { command, args = [] } = config.entry as { command: string; args?: readonly unknown[] };
  for (const path of [command, ...args])
    if (typeof path === 'string' && isAbsolute(path) && !(await exists(path)))
      return { code: 'clientBroken', client, scope, file, missing: path };
  if (!/[\\/]/.test(command) && !(await isProgram(command, machine)))
    return { code: 'clientBroken', client, scope, file, missing: command };
  return { code: 'client', client, scope, file };
}

const TOML_ENTRY = new RegExp(String.raw`^[ \t]*\[[ \t]*mcp_servers[ \t]*\.[ \t]*["']?${ENTRY}["']?[ \t]*\]`, 'm');

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Whether a program stands in a folder of the search path. */
async function isProgram(name: string, { env, platform }: Machine): Promise<boolean> {
  const folders = (env.PATH ?? env.Path ?? '').split(platform === 'win32' ? ';' : ':').filter(Boolean);
  const names = platform === 'win32' ? [name, `${name}.cmd`, `${name}.exe`] : [name];
  for (const folder of folders) for (const each of names) if (await exists(join(folder, each))) return true;
  return false;
}
