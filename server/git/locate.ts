/**
 * Where a repository is, by looking at files alone: a `.git` folder or file, its common directory, the index. No
 * program runs here, so that trust can be asked for before one does. It must not know what is read from it.
 */
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { Files } from '../base/ports.ts';

/** Real, absolute paths. */
export interface Located {
  /** The working tree's top folder. */
  readonly root: string;
  /** What belongs to this working tree alone: HEAD, index, the message being written. */
  readonly gitDirectory: string;
}

const DEEPEST = 100;
const SMALL = 64 * 1024;

type Reader = Pick<Files, 'stat' | 'realPath' | 'readText'>;

/** The working tree that holds a path, or whose git folder holds it. Bare repositories are none. */
export async function locate(path: string, files: Reader): Promise<Located | undefined> {
  let folder = await files.realPath(path).catch(() => undefined);
  for (let depth = 0; folder !== undefined && depth < DEEPEST; depth++) {
    const found = (await treeAt(folder, files)) ?? (await treeOf(folder, files));
    if (found) return found;
    const parent = dirname(folder);
    folder = parent === folder ? undefined : parent;
  }
  return undefined;
}

/** The working tree whose top is this folder. */
async function treeAt(root: string, files: Reader): Promise<Located | undefined> {
  const entry = join(root, '.git');
  const kind = (await files.stat(entry))?.kind;
  if (kind === 'directory')
    return (await isGitDirectory(entry, files)) ? { root, gitDirectory: entry } : undefined;
  if (kind !== 'file') return undefined;
  const text = await textOf(entry, files);
  const named = /^gitdir: (.+?)\r?\n?$/s.exec(text ?? '')?.[1];
  // A share on another machine would be handed the person's login.
  if (named === undefined || /^(?:\\\\|\/\/)/.test(named)) return undefined;
  const gitDirectory = await files.realPath(resolve(root, named)).catch(() => undefined);
  if (gitDirectory === undefined || !(await isGitDirectory(gitDirectory, files))) return undefined;
  return { root, gitDirectory };
}

/** The working tree that belongs to this git folder: of a linked working tree, or of a submodule. */
async function treeOf(gitDirectory: string, files: Reader): Promise<Located | undefined> {
  if (!(await isGitDirectory(gitDirectory, files))) return undefined;
  if (basename(gitDirectory) === '.git') return treeAt(dirname(gitDirectory), files);
  const link = (await textOf(join(gitDirectory, 'gitdir'), files))?.trim();
  const named = link ? dirname(resolve(gitDirectory, link)) : await configuredTree(gitDirectory, files);
  if (named === undefined) return undefined;
  const root = await files.realPath(named).catch(() => undefined);
  // Only a tree that says so itself: a git folder's word alone could name any folder.
  const tree = root === undefined ? undefined : await treeAt(root, files);
  return tree?.gitDirectory === gitDirectory ? tree : undefined;
}

/** `core.worktree` as submodules have it, written by git itself. */
async function configuredTree(gitDirectory: string, files: Reader): Promise<string | undefined> {
  const config = await textOf(join(gitDirectory, 'config'), files);
  const named = /^\s*worktree\s*=\s*"?([^"\r\n#;]+?)"?\s*$/m.exec(config ?? '')?.[1];
  if (named === undefined) return undefined;
  return isAbsolute(named) ? named : resolve(gitDirectory, named);
}

async function isGitDirectory(path: string, files: Reader): Promise<boolean> {
  const head = (await files.stat(join(path, 'HEAD')))?.kind;
  return head === 'file' || head === 'symlink';
}

async function textOf(path: string, files: Reader): Promise<string | undefined> {
  const read = await files.readText(path, SMALL);
  return read.ok ? read.text : undefined;
}

/** Subjects of what was committed here lately, newest first, from the reflog: for folders where git may not run. */
export async function reflogSubjects(gitDirectory: string, files: Reader): Promise<readonly string[]> {
  const read = await files.readText(join(gitDirectory, 'logs', 'HEAD'), 1024 * 1024);
  if (!read.ok) return [];
  const subjects = read.text
    .split('\n')
    .flatMap(line => /\tcommit(?: \((?:initial|amend)\))?: (.+)$/.exec(line)?.[1] ?? []);
  return [...new Set(subjects.reverse())].slice(0, 200);
}
