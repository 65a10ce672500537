// The folders for state and cache, if no editor names them.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder of the elision store. */
export function stateDir(): string {
  const { NAMM_STATE_DIR, XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  if (NAMM_STATE_DIR) return NAMM_STATE_DIR;
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'namm');
  return join(XDG_STATE_HOME ?? join(homedir(), '.local', 'state'), 'namm');
}

/** Folder of the cached readings: an unchanged file is not read twice. */
export function cacheDir(): string {
  const { NAMM_CACHE_DIR, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (NAMM_CACHE_DIR) return NAMM_CACHE_DIR;
  if (process.platform === 'win32') return join(LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'namm', 'cache');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'namm');
}
