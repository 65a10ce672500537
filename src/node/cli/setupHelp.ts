// The help for the commands that are about this installation.

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

export const SETUP_TOPICS: readonly (readonly [string, string])[] = [['stats', STATS]];
