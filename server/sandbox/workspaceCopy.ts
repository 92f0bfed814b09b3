/**
 * Makes the tree of a task: the project's files as they are on disk, uncommitted and new ones included, with the
 * editor's unsaved texts on top, and without secrets, ignored files and `.git`. The project is only read. It must not
 * know what the task is.
 */
import { posix } from 'node:path';
import type { Clock, Files, TreeFiles } from '../base/ports.ts';
import { BaselineWriter, type TreeFile, treeHashOf } from './baseline.ts';
import { dependencyFolders } from './dependencies.ts';
import { inParallel } from './inParallel.ts';
import {
  contentsOf,
  createTaskTree,
  MOST_FILE_BYTES,
  recordOf,
  type TaskRecord,
  type TaskTree,
  type TaskTreePorts,
  treeOf,
} from './taskTree.ts';

/** A copy larger than this is refused: it would fill the disk of whoever asks for it. */
const MOST_BYTES = 1024 ** 3;
const MOST_FILES = 100_000;
/** Notes of one kind name this many paths. */
const MOST_NAMED = 5;

/** A working tree by names, as git lists it. Paths are relative to its top. */
export interface TreeListing {
  readonly commit: string | undefined;
  readonly tracked: readonly { readonly path: string; readonly kind: string }[];
  /** One that ends in `/` is a repository of its own. */
  readonly untracked: readonly string[];
}

export interface WorkspaceCopyPorts extends TaskTreePorts {
  readonly files: Files;
  readonly clock: Clock;
  /** Whether a file holds secrets by its name; asked of what git lists. */
  readonly isSecret: (path: string) => boolean;
  /** For names of tasks. */
  readonly randomId: () => string;
}

export interface WorkspaceCopyOptions {
  /** The project's folder: the top of git's working tree, or any folder without git. */
  readonly root: string;
  /** What git lists there; undefined: no git. */
  readonly listing: TreeListing | undefined;
  /** Unsaved texts of open documents by absolute path, with the line ends that they have. */
  readonly unsaved: ReadonlyMap<string, string>;
}

export type Copied =
  | { readonly ok: true; readonly tree: TaskTree }
  | { readonly ok: false; readonly message: string };

/** Thrown inside alone: a reason for the person. */
class Refused extends Error {}

/** Makes a task's tree; whatever was made is removed again if it cannot be made whole. */
export async function createWorkspaceCopy(
  options: WorkspaceCopyOptions,
  ports: WorkspaceCopyPorts,
  signal: AbortSignal,
): Promise<Copied> {
  const id = ports.randomId();
  try {
    const record = await copyTo(id, options, ports, signal);
    await ports.files.writePrivate(recordOf(ports.folder, id), JSON.stringify(record));
    return { ok: true, tree: createTaskTree(record, ports) };
  } catch (error) {
    await ports.trees.removeTree(posix.join(ports.folder, id)).catch(() => {});
    if (signal.aborted) return { ok: false, message: 'Cancelled.' };
    if (error instanceof Refused) return { ok: false, message: error.message };
    const said = error instanceof Error ? error.message : String(error);
    return { ok: false, message: `The project could not be copied for the task: ${said}` };
  }
}

async function copyTo(
  id: string,
  { root: named, listing, unsaved }: WorkspaceCopyOptions,
  ports: WorkspaceCopyPorts,
  signal: AbortSignal,
): Promise<TaskRecord> {
  const { trees, files, folder } = ports;
  const root = await files.realPath(named);
  if (inside(root, posix.join(await files.realPath(folder), id)))
    throw new Refused(
      `Codriver's state folder ${folder} lies in the project ${root}, so no copy can be kept apart.`,
    );
  const left = new Map<string, string[]>();
  const leave = (why: string, path: string): void => {
    left.set(why, [...(left.get(why) ?? []), path]);
  };
  const wanted = listing
    ? fromListing(listing, ports.isSecret, leave)
    : await fromFolder(root, ports, signal);
  const texts = await unsavedBelow(root, unsaved, files);
  for (const path of texts.keys())
    if (!wanted.paths.has(path) && !ports.isSecret(path) && (await isWork(root, path, ports)))
      wanted.paths.add(path);
  if (wanted.paths.size > MOST_FILES)
    throw new Refused(`The project has ${wanted.paths.size} files; a task can copy at most ${MOST_FILES}.`);

  const tree = treeOf(folder, id);
  await trees.makeFolder(tree);
  const baseline = new BaselineWriter(contentsOf(folder, id), trees);
  const folders = new Map<string, Promise<boolean>>([['', Promise.resolve(true)]]);
  /** Makes a folder of the copy if it is one of the project, and not a link that leads elsewhere. */
  function folderFor(relative: string): Promise<boolean> {
    if (relative === '.') return Promise.resolve(true);
    let made = folders.get(relative);
    if (made === undefined) {
      made = (async () => {
        const parent = await folderFor(posix.dirname(relative));
        const kind = (await trees.look(posix.join(root, relative)))?.kind;
        if (!parent || (kind !== 'directory' && kind !== undefined)) return false;
        await trees.makeFolder(posix.join(tree, relative));
        return true;
      })();
      folders.set(relative, made);
    }
    return made;
  }
  async function copyOne(path: string): Promise<void> {
    signal.throwIfAborted();
    const found = await contentOf(posix.join(root, path), texts.get(path), ports);
    if (found === undefined) return;
    if (typeof found === 'string') return leave(found, path);
    if (!(await folderFor(posix.dirname(path)))) return leave('behind a link', path);
    const to = posix.join(tree, path);
    if (found.kind === 'symlink') await trees.makeLink(new TextDecoder().decode(found.bytes), to);
    else await trees.write(to, found.bytes, found.kind === 'executable');
    await baseline.add(path, found);
    if (baseline.bytes > MOST_BYTES)
      throw new Refused('The project has more than 1 GiB of files; a task can copy no more than that.');
  }
  await inParallel([...wanted.paths].sort(), copyOne);
  await baseline.flush();
  signal.throwIfAborted();

  const made = new Set<string>();
  for (const [path, done] of folders) if (await done) made.add(path);
  const shown = [...wanted.repositories, ...(await dependencyFolders(root, made, path => files.list(path)))];
  const bound = [];
  for (const path of shown) {
    const from = await files.realPath(posix.join(root, path)).catch(() => undefined);
    if (from === undefined || (await trees.look(from))?.kind !== 'directory') continue;
    // A folder that a program finds here later must not be what it is shown at.
    if (await folderFor(path === '' ? '.' : posix.dirname(path)))
      bound.push({ from, at: posix.join(tree, path) });
  }
  return {
    version: 1,
    id,
    project: root,
    commit: listing?.commit,
    treeHash: treeHashOf(baseline.entries),
    created: ports.clock.now(),
    bound,
    notes: [...left].map(([why, paths]) => noteOf(why, paths)),
    entries: baseline.entries,
  };
}

interface Wanted {
  readonly paths: Set<string>;
  /** Repositories of their own inside the project; shown and not copied. */
  readonly repositories: readonly string[];
}

function fromListing(
  { tracked, untracked }: TreeListing,
  isSecret: (path: string) => boolean,
  leave: (why: string, path: string) => void,
): Wanted {
  const repositories = tracked.filter(({ kind }) => kind === 'submodule').map(({ path }) => path);
  const paths = new Set<string>();
  const take = (path: string) => {
    if (path.includes('\uFFFD')) leave('its name is not UTF-8', path);
    else if (isSecret(path)) leave('it holds secrets by its name', path);
    else paths.add(path);
  };
  for (const { path, kind } of tracked) if (kind !== 'submodule') take(path);
  for (const path of untracked) {
    if (path.endsWith('/')) repositories.push(path.slice(0, -1));
    else take(path);
  }
  return { paths, repositories };
}

async function fromFolder(
  root: string,
  { files, counts }: WorkspaceCopyPorts,
  signal: AbortSignal,
): Promise<Wanted> {
  const paths = new Set<string>();
  const repositories: string[] = [];
  async function enter(directory: string, depth: number): Promise<void> {
    signal.throwIfAborted();
    const entries = await files.list(posix.join(root, directory));
    if (directory !== '' && entries.some(({ name }) => name === '.git')) {
      repositories.push(directory);
      return;
    }
    for (const { name, kind } of await counts(posix.join(root, directory), entries)) {
      const path = posix.join(directory, name);
      if (kind !== 'directory') paths.add(path);
      else if (depth < 100) await enter(path, depth + 1);
      if (paths.size > MOST_FILES)
        throw new Refused(`The folder ${root} has more than ${MOST_FILES} files; a task can copy no more.`);
    }
  }
  await enter('', 0);
  return { paths, repositories };
}

/** Whether a file that nothing lists would count: neither it nor a folder above it is ignored. */
async function isWork(root: string, path: string, { counts }: WorkspaceCopyPorts): Promise<boolean> {
  const names = path.split('/');
  for (const [i, name] of names.entries()) {
    const kind = i === names.length - 1 ? 'file' : 'directory';
    if ((await counts(posix.join(root, ...names.slice(0, i)), [{ name, kind }])).length === 0) return false;
  }
  return true;
}

/** Unsaved texts by their path below the project. */
async function unsavedBelow(
  root: string,
  unsaved: ReadonlyMap<string, string>,
  files: Pick<Files, 'realPath'>,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const [path, text] of unsaved) {
    const real = await files.realPath(path).catch(() => undefined);
    if (real !== undefined && inside(root, real)) found.set(posix.relative(root, real), text);
  }
  return found;
}

/** What goes into the copy; a text: why it does not; undefined: it is gone. */
async function contentOf(
  path: string,
  unsaved: string | undefined,
  { trees, files }: { readonly trees: TreeFiles; readonly files: Pick<Files, 'readBytes'> },
): Promise<TreeFile | string | undefined> {
  const look = await trees.look(path);
  if (unsaved !== undefined && (look === undefined || look.kind === 'file')) {
    const start =
      look && look.size >= 3 && look.size <= MOST_FILE_BYTES ? await trees.readPart(path, 0, 3) : [];
    // Editors keep a byte order mark to themselves.
    const marked =
      start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf && !unsaved.startsWith('\uFEFF');
    return {
      kind: look?.executable ? 'executable' : 'file',
      bytes: new TextEncoder().encode((marked ? '\uFEFF' : '') + unsaved),
    };
  }
  if (look === undefined) return undefined;
  if (look.kind === 'symlink')
    return { kind: 'symlink', bytes: new TextEncoder().encode(await trees.readLink(path)) };
  if (look.kind !== 'file') return 'it is no file';
  if (look.size > MOST_FILE_BYTES) return `it is larger than ${MOST_FILE_BYTES / 1024 / 1024} MB`;
  // By the port that changes nothing: the project's files keep their modes.
  const bytes = await files.readBytes(path, MOST_FILE_BYTES);
  if (bytes === undefined) return 'it cannot be read';
  return { kind: look.executable ? 'executable' : 'file', bytes };
}

function noteOf(why: string, paths: readonly string[]): string {
  const more = paths.length > MOST_NAMED ? ` and ${paths.length - MOST_NAMED} more` : '';
  return `Left out because ${why}: ${paths.slice(0, MOST_NAMED).join(', ')}${more}.`;
}

function inside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith('/') ? root : `${root}/`);
}
