/** Where things are for the command line: folders of projects, programs on PATH. It must not run anything. */
import * as path from 'node:path';
import type { Environment, Files } from '../base/ports.ts';
import type { CliContext } from './context.ts';

/** The nearest folder above a file that holds `.git`, else the current folder if the file is below it, else its own folder. */
export async function projectFolderOf(file: string, { machine, cwd }: CliContext): Promise<string> {
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if ((await machine.files.stat(path.join(folder, '.git'))) !== undefined) return folder;
    if (folder === path.dirname(folder)) break;
  }
  const relative = path.relative(cwd, file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? path.dirname(file) : cwd;
}

/** Absolute path of a program on PATH, or undefined. Relative entries of PATH are passed over: they depend on the folder. */
export async function findProgram(
  name: string,
  environment: Environment,
  files: Files,
): Promise<string | undefined> {
  const windows = environment.platform === 'win32';
  const paths = windows ? path.win32 : path.posix;
  const folders = (environment.variables['PATH'] ?? environment.variables['Path'] ?? '').split(
    paths.delimiter,
  );
  for (const folder of folders) {
    if (!paths.isAbsolute(folder)) continue;
    for (const ending of windows ? ['.exe', '.cmd', '.bat', ''] : ['']) {
      const candidate = paths.join(folder, name + ending);
      const stat = await files.stat(candidate);
      // Programs are often links; a dangling one is rare and harmless here.
      if (stat?.kind === 'file' || stat?.kind === 'symlink') return candidate;
    }
  }
  return undefined;
}

/** The variables that a harmless program of our own choice needs; never a key. */
export function plainVariables({ variables, home }: Environment): Record<string, string> {
  const kept: Record<string, string> = { HOME: home, LC_ALL: 'C' };
  for (const name of [
    'PATH',
    'Path',
    'SystemRoot',
    'TEMP',
    'TMPDIR',
    'XDG_CONFIG_HOME',
    'XDG_CACHE_HOME',
    'HELIX_RUNTIME',
  ]) {
    const value = variables[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
