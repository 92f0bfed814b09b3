/**
 * A project's files as far as they tell which tools it uses: the folders above a file, or the outermost ones. Reads
 * names and a few small configuration files; it must not know tools, trust or programs.
 */
import { dirname, join } from 'node:path';
import { isTelling, type ProjectFiles } from '../../analysis/checks/checks.ts';
import type { Files } from '../../base/ports.ts';

/** Larger configurations than this are somebody's mistake. In bytes. */
const LARGEST = 256 * 1024;
/** Folders looked into where no file is meant, and how deep. */
const MOST_FOLDERS = 300;
const DEEPEST = 2;
/** Folders of others' code, of caches and of results. */
const PASSED = new Set([
  'node_modules',
  'target',
  'dist',
  'build',
  'out',
  'vendor',
  'venv',
  'env',
  '__pycache__',
  'bin',
  'obj',
]);

/**
 * What is in the folders from the project down to that of `file` (relative, `/`), or without it in those down to a
 * small depth.
 */
export async function readProject(
  files: Pick<Files, 'list' | 'readText'>,
  root: string,
  file?: string,
): Promise<ProjectFiles> {
  const folders = file === undefined ? await foldersBelow(files, root) : foldersTo(file);
  const paths: string[] = [];
  const texts = new Map<string, string>();
  await Promise.all(
    folders.map(async folder => {
      for (const { name, kind } of await listed(files, join(root, folder))) {
        // A configuration is often a link to a shared one.
        if (kind !== 'file' && kind !== 'symlink') continue;
        const path = folder === '' ? name : `${folder}/${name}`;
        paths.push(path);
        if (!isTelling(path)) continue;
        const read = await files.readText(join(root, path), LARGEST).catch(() => undefined);
        if (read?.ok) texts.set(path, read.text);
      }
    }),
  );
  // A compilation database often lies in the folder of the build.
  for (const name of ['build', 'out'])
    if ((await listed(files, join(root, name))).some(each => each.name === 'compile_commands.json'))
      paths.push(`${name}/compile_commands.json`);
  return { paths, text: path => texts.get(path) };
}

async function listed(files: Pick<Files, 'list'>, folder: string): ReturnType<Files['list']> {
  return files.list(folder).catch(() => []);
}

/** `a/b/c.ts` → '', `a`, `a/b`. */
function foldersTo(file: string): readonly string[] {
  const parts = file.split('/').slice(0, -1);
  return parts.reduce<string[]>((all, part) => [...all, all.at(-1) ? `${all.at(-1)}/${part}` : part], ['']);
}

async function foldersBelow(files: Pick<Files, 'list'>, root: string): Promise<readonly string[]> {
  const found = [''];
  for (let at = 0; at < found.length && found.length < MOST_FOLDERS; at++) {
    const folder = found[at] as string;
    if (folder !== '' && folder.split('/').length >= DEEPEST) continue;
    for (const { name, kind } of await listed(files, join(root, folder))) {
      if (kind !== 'directory' || name.startsWith('.') || PASSED.has(name)) continue;
      found.push(folder === '' ? name : `${folder}/${name}`);
    }
  }
  return found.slice(0, MOST_FOLDERS);
}

/** A folder of a project and those above it, the nearest first; `folder` relative with `/`. */
export function upwards(root: string, folder: string): readonly string[] {
  const all = [join(root, folder)];
  for (let at = folder; at !== ''; ) {
    at = dirname(at) === '.' ? '' : dirname(at);
    all.push(join(root, at));
  }
  return all;
}
