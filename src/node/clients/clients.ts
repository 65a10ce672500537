// The clients whose configuration namm can change: where it lies, and in which part of it servers stand.
import { homedir } from 'node:os';
import { join } from 'node:path';

export const CLIENT_IDS = ['claude-code', 'vscode', 'cursor', 'codex', 'continue'] as const;
export type ClientId = (typeof CLIENT_IDS)[number];

/** For the user, or for the project in the working folder. */
export type Scope = 'user' | 'project';

/** A machine, as far as it decides where configurations lie. */
export interface Machine {
  readonly home: string;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Partial<Record<string, string>>>;
}

export interface Client {
  readonly id: ClientId;
  readonly name: string;
  /** Absolute path of the configuration. */
  readonly file: string;
  /** Key of the object of all servers; `toml`: the file is no JSON, so it is not edited. */
  readonly servers: 'mcpServers' | 'servers' | 'toml';
  /** Arguments that only this client needs. */
  readonly args: readonly string[];
}

const NAMES: Readonly<Record<ClientId, string>> = {
  'claude-code': 'Claude Code',
  vscode: 'VS Code',
  cursor: 'Cursor',
  codex: 'Codex',
  continue: 'Continue',
};

export const thisMachine = (): Machine => ({
  home: homedir(),
  cwd: process.cwd(),
  platform: process.platform,
  env: process.env,
});

export function clientAt(id: ClientId, scope: Scope, machine: Machine): Client {
  return {
    id,
    name: NAMES[id],
    file: scope === 'user' ? userFile(id, machine) : join(machine.cwd, ...PROJECT_FILES[id]),
    servers: id === 'codex' ? 'toml' : id === 'vscode' ? 'servers' : 'mcpServers',
    // Cursor lists no folders over the protocol.
    args: id === 'cursor' ? ['--root', '${workspaceFolder}'] : [],
  };
}

const PROJECT_FILES: Readonly<Record<ClientId, readonly string[]>> = {
  'claude-code': ['.mcp.json'],
  vscode: ['.vscode', 'mcp.json'],
  cursor: ['.cursor', 'mcp.json'],
  codex: ['.codex', 'config.toml'],
  continue: ['.continue', 'mcpServers', 'namm.json'],
};

function userFile(id: ClientId, { home, platform, env }: Machine): string {
  switch (id) {
    case 'claude-code':
      return join(env.CLAUDE_CONFIG_DIR || home, '.claude.json');
    case 'vscode':
      return join(settingsFolder(home, platform, env), 'Code', 'User', 'mcp.json');
    case 'cursor':
      return join(home, '.cursor', 'mcp.json');
    case 'codex':
      return join(env.CODEX_HOME || join(home, '.codex'), 'config.toml');
    case 'continue':
      return join(home, '.continue', 'mcpServers', 'namm.json');
  }
}

function settingsFolder(home: string, platform: NodeJS.Platform, env: Machine['env']): string {
  if (platform === 'win32') return env.APPDATA || join(home, 'AppData', 'Roaming');
  return platform === 'darwin'
    ? join(home, 'Library', 'Application Support')
    : env.XDG_CONFIG_HOME || join(home, '.config');
}
