// The help for the commands that are about this installation.
import { CLIENT_IDS } from '../clients/clients';

const STATS = `namm stats   what was saved, in tokens and in money

Examples
  namm stats
  namm stats --days 7 --turns 20
  namm stats --json

  --days n           only the last n days
  --turns n          how many later turns of a conversation a text stays in the prompt (default 10)
  --json             every figure, with the source of each price

What was expanded, or given again unchanged, is charged. Answers of the command line and of the MCP server count.
The figures lie in the state folder, without paths and texts; nothing leaves this machine. NAMM_STATS=off writes none.
`;

const INSTALL = `namm install CLIENT   lets a client start the MCP server: shows what would change, and asks

Examples
  namm install claude-code
  namm install cursor --project     in .cursor/mcp.json of this folder, which others share
  namm install vscode --yes

  CLIENT             ${CLIENT_IDS.join(', ')}
  --project          for the project in this folder; without it, for you
  --yes              writes without a question

The file as it was is kept beside it. A file that namm does not understand is not changed: then it says what to paste.
`;

const UNINSTALL = `namm uninstall CLIENT   takes the MCP server out of a client's configuration, and nothing else

Example
  namm uninstall claude-code

  CLIENT             ${CLIENT_IDS.join(', ')}
  --project          for the project in this folder; without it, for you
  --yes              writes without a question
`;

const DOCTOR = `namm doctor   what works here, what does not, and what to do

Examples
  namm doctor
  namm doctor --quick --json

  --quick            does not start the engine
  --json             every finding, for programs

It looks at the versions, the model, the grammars, the folders and their permissions, and at the clients that start
the server. It ends with 1 if something does not work.
`;

const COMPLETIONS = `namm completions SHELL   a script that completes commands and options

Examples
  source <(namm completions bash)
  source <(namm completions zsh)
  namm completions fish > ~/.config/fish/completions/namm.fish

  SHELL              bash, zsh, fish
`;

export const SETUP_TOPICS: readonly (readonly [string, string])[] = [
  ['stats', STATS],
  ['install', INSTALL],
  ['uninstall', UNINSTALL],
  ['doctor', DOCTOR],
  ['completions', COMPLETIONS],
];
