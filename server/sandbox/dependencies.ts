/**
 * Folders that a project's tools made and git ignores, by their names: those that programs cannot run without are
 * shown to them where they lie in the project. Data and one search. It must not know how they are shown.
 */
import { posix } from 'node:path';
import type { DirectoryEntry } from '../base/ports.ts';

/** What is installed, which builds and tests read. */
const INSTALLED = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  '.venv',
  'venv',
  '.tox',
  '.nox',
  '__pypackages__',
  'vendor',
  'target',
  '.gradle',
  '.bundle',
  'Pods',
  'Carthage',
  'deps',
  '_deps',
  '.dart_tool',
  '.stack-work',
  'elm-stuff',
  '.terraform',
]);

/**
 * Those of them that lie in `folders` (relative to `root`, the top is empty) and are not themselves copied. Paths are
 * relative. What lies inside of one is not searched.
 */
export async function dependencyFolders(
  root: string,
  folders: ReadonlySet<string>,
  list: (path: string) => Promise<readonly DirectoryEntry[]>,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    const entries = await list(posix.join(root, folder)).catch(() => []);
    for (const { name, kind } of entries) {
      if (!INSTALLED.has(name) || (kind !== 'directory' && kind !== 'symlink')) continue;
      const path = posix.join(folder, name);
      if (!folders.has(path)) found.push(path);
    }
  }
  return found.sort();
}
