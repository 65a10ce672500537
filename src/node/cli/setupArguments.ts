// Parses the commands that are about this installation: stats, doctor, install, uninstall.
import { oneOf } from '../../core/oneOf';
import { parseOptions, wholeNumber } from '../mcp/options';

export interface StatsCommand {
  readonly command: 'stats';
  readonly json: boolean;
  /** Only the last so many days. */
  readonly days?: number;
  /** Later turns of a conversation in which a text stays in the prompt. */
  readonly turns: number;
}

export type SetupCommand = StatsCommand;

export const SETUP_COMMANDS = ['stats'] as const;

const TURNS = 10; // an agent works on for about so long with what it has read

/** @param argv the command and what follows. @returns undefined for another command. @throws UsageError */
export function parseSetup([name, ...args]: readonly string[]): SetupCommand | undefined {
  const command = oneOf(SETUP_COMMANDS, name);
  if (command === undefined) return undefined;
  switch (command) {
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
