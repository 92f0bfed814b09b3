/**
 * Finds the git program and says what environment it gets: nothing of ours but what it cannot do without. It must
 * not know what git is asked.
 */
import { posix, win32 } from 'node:path';
import type { Environment, Files } from '../base/ports.ts';

/** All that git may see of our environment; everything else could name a program. */
const KEPT = [
  'HOME',
  'XDG_CONFIG_HOME',
  'USER',
  'LOGNAME',
  'TMPDIR',
  'TEMP',
  'TMP',
  // Windows: without these no program starts, or finds the person's configuration.
  'SystemRoot',
  'SystemDrive',
  'ComSpec',
  'PATHEXT',
  'USERPROFILE',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'ProgramFiles',
];

export interface Program {
  /** Absolute path of git. */
  readonly path: string;
  /** Variables for it, PATH included. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The first git on PATH; undefined if there is none. Only absolute folders outside `root` count, for git itself and
 * for what it starts: a repository must not bring its own.
 */
export async function findGit(
  root: string,
  environment: Environment,
  files: Pick<Files, 'stat' | 'realPath'>,
): Promise<Program | undefined> {
  const { platform, variables } = environment;
  const windows = platform === 'win32';
  const rules = windows ? win32 : posix;
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) {
    const known = KEPT.some(each => (windows ? each.toLowerCase() === name.toLowerCase() : each === name));
    if (known && value !== undefined) kept[name] = value;
  }
  const given = Object.entries(variables).find(([name]) => (windows ? name.toUpperCase() : name) === 'PATH');
  const folders: string[] = [];
  for (const folder of (given?.[1] ?? '').split(rules.delimiter)) {
    if (!rules.isAbsolute(folder)) continue;
    const real = await files.realPath(folder).catch(() => undefined);
    if (real === undefined || !isOutside(rules.relative(root, real), rules)) continue;
    folders.push(folder);
  }
  kept['PATH'] = folders.join(rules.delimiter);
  for (const folder of folders) {
    const path = rules.join(folder, windows ? 'git.exe' : 'git');
    const kind = (await files.stat(path))?.kind;
    if (kind === 'file' || kind === 'symlink') return { path, variables: kept };
  }
  return undefined;
}

function isOutside(relative: string, rules: typeof posix): boolean {
  return relative === '..' || relative.startsWith(`..${rules.sep}`) || rules.isAbsolute(relative);
}
