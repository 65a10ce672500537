// Writes a completion script for a shell, from the commands and their options.
import { SCORER_IDS, FORMAT_STYLES } from '../../core/context';
import { COUNTER_IDS } from '../../core/token';
import { SECRETS_RULES } from '../../redact/secretsRule';
import { CLIENT_IDS } from '../clients/clients';
import { helpFor } from './help';
import { COMMAND_NAMES, SHELLS, type Shell } from './setupArguments';

/** The values of an option of which there are a few. Of all others, and of arguments, files are offered. */
const VALUES = new Map<string, readonly string[]>([
  ['--scorer', SCORER_IDS],
  ['--style', FORMAT_STYLES],
  ['--counter', COUNTER_IDS],
  ['--secrets', SECRETS_RULES],
  ['--format', ['text', 'json']],
]);

/** What stands behind a command in place of a file. */
const ARGUMENTS = new Map<string, readonly string[]>([
  ['install', CLIENT_IDS],
  ['uninstall', CLIENT_IDS],
  ['completions', SHELLS],
]);

/** The options that the help of a command names. */
const optionsOf = (command: string): string[] =>
  [...helpFor(command).matchAll(/^ {2}(--[a-z-]+)/gm)].map((match) => match[1]!).concat('--help');

export function completionsFor(shell: Shell): string {
  return shell === 'fish'
    ? fish()
    : shell === 'zsh'
      ? `autoload -U +X bashcompinit && bashcompinit\n${bash()}`
      : bash();
}

const INSTALLED = COMMAND_NAMES.filter((name) => name !== 'help');

function bash(): string {
  const values = [...VALUES].map(
    ([option, words]) => `    ${option}) COMPREPLY=($(compgen -W "${words.join(' ')}" -- "$word")); return ;;`,
  );
  const commands = INSTALLED.map((name) => {
    const words = [...optionsOf(name), ...(ARGUMENTS.get(name) ?? [])];
    return `    ${name}) words="${words.join(' ')}" ;;`;
  });
  return `# Completions of namm: source this file.
_namm() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" words
  COMPREPLY=()
  case "$before" in
${values.join('\n')}
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${COMMAND_NAMES.join(' ')} --help --version" -- "$word"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${commands.join('\n')}
    help) words="${COMMAND_NAMES.join(' ')}" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _namm namm
`;
}

function fish(): string {
  const isFirst = 'not __fish_seen_subcommand_from $namm_commands';
  const lines = INSTALLED.flatMap((name) => {
    const at = `__fish_seen_subcommand_from ${name}`;
    const words = ARGUMENTS.get(name);
    return [
      ...optionsOf(name).map((option) => {
        const few = VALUES.get(option);
        return `complete -c namm -n '${at}' -l ${option.slice(2)}${few ? ` -x -a '${few.join(' ')}'` : ''}`;
      }),
      ...(words ? [`complete -c namm -n '${at}' -f -a '${words.join(' ')}'`] : []),
    ];
  });
  return `# Completions of namm for fish: put this into ~/.config/fish/completions/namm.fish.
set -l namm_commands ${COMMAND_NAMES.join(' ')}
complete -c namm -n "${isFirst}" -f -a "$namm_commands"
${lines.join('\n')}
`;
}
