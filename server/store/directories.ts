/**
 * Where Codriver keeps its own state and cache for this user. It must not know what is kept.
 */
import { isAbsolute, join } from 'node:path';
import type { Environment } from '../base/ports.ts';

export interface StoreDirectories {
  /** Consents and other things that must not be lost. */
  readonly state: string;
  /** Things that can be made again. */
  readonly cache: string;
}

/** By the XDG base directories, on Windows below LOCALAPPDATA. Relative values are ignored, as XDG says. */
export function storeDirectories(environment: Environment): StoreDirectories {
  const { variables, home, platform } = environment;
  const named = (variable: string, fallback: string): string => {
    const value = variables[variable];
    return join(value !== undefined && isAbsolute(value) ? value : join(home, fallback), 'codriver');
  };
  if (platform === 'win32') {
    const local = named('LOCALAPPDATA', 'AppData/Local');
    return { state: join(local, 'state'), cache: join(local, 'cache') };
  }
  return { state: named('XDG_STATE_HOME', '.local/state'), cache: named('XDG_CACHE_HOME', '.cache') };
}
