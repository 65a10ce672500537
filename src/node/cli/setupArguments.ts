// Parses the commands that are about this installation: stats, doctor, install, uninstall, completions.
import { oneOf } from '../../core/oneOf';
import { CLIENT_IDS, type ClientId } from '../clients/clients';
import { parseOptions, UsageError, wholeNumber } from '../mcp/options';

export interface StatsCommand {
  readonly command: 'stats';
  readonly json: boolean;
  /** Only the last so many days. */
  readonly days?: number;
  /** Later turns of a conversation in which a text stays in the prompt. */
  readonly turns: number;
}

export interface DoctorCommand {
  readonly command: 'doctor';
  readonly json: boolean;
  /** The engine is not started, and no text is read. */
  readonly quick: boolean;
}

export interface InstallCommand {
  readonly command: 'install' | 'uninstall';
  readonly client: ClientId;
  /** In the working folder, not for the user. */
  readonly project: boolean;
  /** Without a question. */
  readonly yes: boolean;
}

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export interface CompletionsCommand {
  readonly command: 'completions';
  readonly shell: Shell;
}

export type SetupCommand = StatsCommand | DoctorCommand | InstallCommand | CompletionsCommand;

export const SETUP_COMMANDS = ['install', 'uninstall', 'doctor', 'stats', 'completions'] as const;

/** Every command. */
export const COMMAND_NAMES = ['compress', 'expand', 'why', 'inspect', 'mcp', ...SETUP_COMMANDS, 'help'] as const;

const TURNS = 10; // an agent works on for about so long with what it has read

/** @param argv the command and what follows. @returns undefined for another command. @throws UsageError */
export function parseSetup([name, ...args]: readonly string[]): SetupCommand | undefined {
  const command = oneOf(SETUP_COMMANDS, name);
  if (command === undefined) return undefined;
  switch (command) {
    case 'install':
    case 'uninstall': {
      const { values, positionals } = parseOptions({
        args,
        allowPositionals: true,
        options: { project: { type: 'boolean' }, yes: { type: 'boolean', short: 'y' } },
      });
      const client = oneOf(CLIENT_IDS, positionals[0]);
      if (positionals.length !== 1 || client === undefined)
        throw new UsageError(`${command} takes one of ${CLIENT_IDS.join(', ')}, got "${positionals.join(' ')}".`);
      return { command, client, project: values.project ?? false, yes: values.yes ?? false };
    }
    case 'completions': {
      const shell = oneOf(SHELLS, args[0]);
      if (args.length !== 1 || shell === undefined)
        throw new UsageError(`completions takes one of ${SHELLS.join(', ')}, got "${args.join(' ')}".`);
      return { command, shell };
    }
    case 'doctor': {
      const { values } = parseOptions({ args, options: { json: { type: 'boolean' }, quick: { type: 'boolean' } } });
      return { command, json: values.json ?? false, quick: values.quick ?? false };
    }
    case 'stats': {
      const { values } = parseOptions({
        args,
        options: { json: { type: 'boolean' }, days: { type: 'string' }, turns: { type: 'string' } },
      });
      return {
        command,
        json: values.json ?? false,
        ...(values.days === undefined ? {} : { days: wholeNumber('days', values.days, 1) }),
        turns: values.turns === undefined ? TURNS : wholeNumber('turns', values.turns, 0),
      };
    }
  }
}
