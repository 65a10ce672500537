// Runs `namm install` and `namm uninstall`: shows what would change in a client's configuration, asks, and changes it.
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { makeChange, planChange, type Plan, type Refusal } from '../clients/change';
import { clientAt, thisMachine, type Client } from '../clients/clients';
import { diffOf } from '../clients/diff';
import { ENTRY, jsonSnippet, serverEntry, tomlSnippet, type ServerEntry } from '../clients/server';
import { UsageError } from '../mcp/options';
import type { InstallCommand } from './setupArguments';

/** The streams, and the question. */
export interface Talk {
  /** Standard output: the diff, or what is to be pasted. */
  readonly print: (text: string) => Promise<void>;
  /** Standard error. */
  readonly say: (lines: readonly string[]) => void;
  /** Absent: nobody can be asked. */
  readonly ask?: (question: string) => Promise<boolean>;
}

/** A configuration that is left alone: what to do instead is said on standard output. */
export class NotEdited extends Error {
  override readonly name = 'NotEdited';
}

/** @throws NotEdited; UsageError without --yes if nobody can be asked; CompressionError; ConfigChanged */
export async function install({ command, client: id, project, yes }: InstallCommand, talk: Talk): Promise<void> {
  const scope = project ? 'project' : 'user';
  const client = clientAt(id, scope, thisMachine());
  const entry = serverEntry(client, scope, process.execPath, join(__dirname, 'cli.js'));
  const plan = await planChange(client, command === 'install' ? entry : undefined);
  switch (plan.kind) {
    case 'done':
      return talk.say([
        `${client.file}: nothing to change, ${command === 'install' ? `"${ENTRY}" is there` : `there is no "${ENTRY}"`}.`,
      ]);
    case 'refused':
      await talk.print(byHand(command, client, entry));
      throw new NotEdited(`${client.file} was not changed: ${REFUSED[plan.why]}.`);
    case 'change':
      return change(plan, client, yes, talk);
  }
}

async function change(
  plan: Extract<Plan, { kind: 'change' }>,
  client: Client,
  yes: boolean,
  { print, say, ask }: Talk,
): Promise<void> {
  await print(
    [
      `--- ${plan.before === undefined ? 'no file yet' : plan.file}`,
      `+++ ${plan.after === undefined ? 'no file' : plan.file}`,
      ...diffOf(plan.before, plan.after),
      '',
    ].join('\n'),
  );
  if (!yes) {
    if (!ask) throw new UsageError('Nothing was written: there is nobody to ask, and --yes writes without a question.');
    if (!(await ask('Write this? [y/N] '))) return say(['Nothing was written.']);
  }
  const backup = await makeChange(plan);
  say([
    ...(backup === undefined ? [] : [`The file as it was: ${backup}`]),
    `Done. Restart ${client.name}, or let it read its servers again.`,
  ]);
}

const REFUSED: Readonly<Record<Refusal, string>> = {
  toml: 'it is TOML, which namm does not edit',
  unparsed: 'it is no JSON that namm understands',
  foreign: `its server "${ENTRY}" starts another program`,
};

/** What the user can do in place of the command. */
function byHand(command: InstallCommand['command'], client: Client, entry: ServerEntry): string {
  if (command === 'uninstall') return `Remove the server "${ENTRY}" from ${client.file}.\n`;
  const snippet = client.servers === 'toml' ? tomlSnippet(entry) : jsonSnippet(client.servers, entry);
  return `Put this into ${client.file}:\n\n${snippet}`;
}

/** Asks on a terminal. @returns undefined if there is none */
export function asker(): Talk['ask'] {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^y(es)?$/i.test((await lines.question(question)).trim());
    } finally {
      lines.close();
    }
  };
}
