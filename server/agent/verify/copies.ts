/**
 * Fresh copies of what a task was begun from and of what it came to, for programs to run in: nothing in them but the
 * files that count, no leftovers of the work. It must not know which programs run there, nor what they say.
 */
import { createHash, randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type { Files, TreeFiles } from '../../base/ports.ts';
import type { TreeFile } from '../../sandbox/baseline.ts';
import { inParallel } from '../../sandbox/inParallel.ts';
import { MOST_FILE_BYTES, type TaskTree, type TreeDiff } from '../../sandbox/taskTree.ts';

export interface CopyPorts {
  readonly trees: TreeFiles;
  readonly files: Pick<Files, 'stat' | 'realPath'>;
  /** Absolute folder for copies, in the user's state; its last part is made for each. */
  readonly folder: string;
  /** Dependency folders are linked, since nothing here shows a program a folder at another place. */
  readonly linked: boolean;
}

/** Where a check runs. */
export interface Place {
  /** Absolute, with room for caches and reports. */
  readonly folder: string;
  /** Absolute: the tree. */
  readonly root: string;
  /** Absolute folders that programs may write to; `folder` and `root` lie in them. */
  readonly writable: readonly string[];
  /** Stands for the contents of the tree. */
  readonly hash: string;
  readonly bound: TaskTree['bound'];
  /** Texts are UTF-8. */
  text(path: string): Promise<string | undefined>;
}

/** A tree of its own, made fresh. */
export interface CleanCopy extends Place {
  /** All files, sorted. */
  readonly paths: readonly string[];
  /** Replaces a file until `restore`. */
  write(path: string, text: string): Promise<void>;
  restore(path: string): Promise<void>;
  /** Files that were changed since they were made, by programs or by `write`; puts them back. */
  putBack(): Promise<readonly string[]>;
  dispose(): Promise<void>;
}

/** `base`: before. `result`: after. `tests`: before, with these files as they are after. */
export type Contents =
  | { readonly of: 'base' }
  | { readonly of: 'result' }
  | { readonly of: 'tests'; readonly paths: ReadonlySet<string> };

/** Where the contents of a file come from: read from the task's tree, or known. */
type Source = TreeFile | 'tree';

/** Makes a copy. Nothing may run in the task's tree meanwhile. Rejects if it cannot be made whole. */
export async function makeCopy(
  tree: TaskTree,
  diff: TreeDiff,
  contents: Contents,
  { trees, files, folder, linked }: CopyPorts,
): Promise<CleanCopy> {
  const sources = await sourcesOf(tree, diff, contents, trees);
  await trees.makeFolder(folder);
  // A name from which a program could tell whether it runs before the change or after it would be of use to a cheat.
  const own = posix.join(await files.realPath(folder), randomUUID());
  const root = posix.join(own, 'tree');
  const folders = new Set<string>();
  const read = async (path: string): Promise<TreeFile> => {
    const source = sources.get(path);
    return source === 'tree' || source === undefined ? fileAt(posix.join(tree.root, path), trees) : source;
  };
  const put = async (path: string): Promise<void> => {
    const { kind, bytes } = await read(path);
    const to = posix.join(root, path);
    if (!folders.has(posix.dirname(path))) await trees.makeFolder(posix.dirname(to));
    folders.add(posix.dirname(path));
    if (kind === 'symlink') await trees.makeLink(new TextDecoder().decode(bytes), to);
    else await trees.write(to, bytes, kind === 'executable');
  };
  await trees.makeFolder(root);
  const paths = [...sources.keys()].sort();
  await inParallel(paths, put);
  const bound = tree.bound.map(({ from, at }) => ({
    from,
    at: posix.join(root, posix.relative(tree.root, at)),
  }));
  for (const { from, at } of linked ? bound : []) {
    await trees.makeFolder(posix.dirname(at));
    await trees.makeLink(from, at);
  }
  const stamps = new Map<string, string>();
  const stamp = async (path: string) => {
    const stat = await files.stat(posix.join(root, path)).catch(() => undefined);
    return stat ? `${stat.kind} ${stat.size} ${stat.mtimeMs}` : 'gone';
  };
  await inParallel(paths, async path => {
    stamps.set(path, await stamp(path));
  });
  const restore = async (path: string): Promise<void> => {
    await trees.removeTree(posix.join(root, path));
    await put(path);
    stamps.set(path, await stamp(path));
  };
  return {
    folder: own,
    root,
    writable: [own],
    hash: hashOf(tree, diff, contents),
    bound: linked ? [] : bound,
    paths,
    async text(path) {
      if (!sources.has(path)) return undefined;
      const { kind, bytes } = await read(path);
      if (kind === 'symlink') return undefined;
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
      } catch {
        return undefined;
      }
    },
    async write(path, text) {
      const { kind } = await read(path);
      const to = posix.join(root, path);
      await trees.removeTree(to);
      await trees.write(to, new TextEncoder().encode(text), kind === 'executable');
      stamps.set(path, 'written');
    },
    restore,
    async putBack() {
      const touched: string[] = [];
      await inParallel(paths, async path => {
        if ((await stamp(path)) === stamps.get(path)) return;
        const [was, is] = await Promise.all([
          read(path),
          fileAt(posix.join(root, path), trees).catch(() => undefined),
        ]);
        const same = is?.kind === was.kind && Buffer.compare(is.bytes, was.bytes) === 0;
        if (!same) touched.push(path);
        await restore(path);
      });
      return touched.sort();
    },
    dispose: () => trees.removeTree(own),
  };
}

async function fileAt(absolute: string, trees: TreeFiles): Promise<TreeFile> {
  const look = await trees.look(absolute);
  if (look?.kind === 'symlink')
    return { kind: 'symlink', bytes: new TextEncoder().encode(await trees.readLink(absolute)) };
  return {
    kind: look?.executable ? 'executable' : 'file',
    bytes: await trees.read(absolute, MOST_FILE_BYTES),
  };
}

/** Every file that there is to be. What was left out of the comparison is left out here. */
async function sourcesOf(
  tree: TaskTree,
  diff: TreeDiff,
  contents: Contents,
  trees: TreeFiles,
): Promise<Map<string, Source>> {
  const left = new Set([
    ...diff.leftOut,
    ...tree.bound.map(({ at }) => posix.relative(tree.root, at)),
    '.git',
  ]);
  const sources = new Map<string, Source>();
  const enter = async (directory: string): Promise<void> => {
    for (const { name, kind } of await trees.list(posix.join(tree.root, directory))) {
      const path = posix.join(directory, name);
      if (left.has(path)) continue;
      if (kind === 'directory') await enter(path);
      else if (kind !== 'other') sources.set(path, 'tree');
    }
  };
  await enter('');
  for (const { path, before, after } of diff.files) {
    const is = typeof after === 'string' ? undefined : after;
    const wanted =
      contents.of === 'result' || (contents.of === 'tests' && contents.paths.has(path)) ? is : before;
    if (wanted === undefined) sources.delete(path);
    else sources.set(path, wanted);
  }
  return sources;
}

function hashOf(tree: TaskTree, diff: TreeDiff, contents: Contents): string {
  if (contents.of === 'base') return tree.base.treeHash;
  if (contents.of === 'result') return diff.treeHash;
  const parts = [tree.base.treeHash, diff.treeHash, ...[...contents.paths].sort()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
