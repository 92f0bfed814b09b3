/**
 * A task's own copy of a project, kept apart from it in the user's state folder: what of it has changed since it was
 * made, one hash of what it is now, and a removal that stores the difference first. Nothing here ever touches the
 * project. It must not know who works in it.
 */
import { posix } from 'node:path';
import type { DirectoryEntry, Files, TreeFiles } from '../base/ports.ts';
import { type BaselineEntry, hashOf, type TreeFile, treeHashOf } from './baseline.ts';
import { inParallel } from './inParallel.ts';

/** A file larger than this cannot be shown or taken over; that it differs is told all the same. */
export const MOST_FILE_BYTES = 16 * 1024 * 1024;
/** More new files than this are no change that a person reads. */
const MOST_ENTRIES = 100_000;

export interface ChangedFile {
  /** `/`-separated, relative to the tree. */
  readonly path: string;
  /** Undefined: it is new. */
  readonly before: TreeFile | undefined;
  /** Undefined: it is gone. `too-large`, `special` (a device, socket or FIFO): it is there, and not to be had. */
  readonly after: TreeFile | 'too-large' | 'special' | undefined;
}

export interface TreeDiff {
  readonly files: readonly ChangedFile[];
  /** Of the tree as it was compared. */
  readonly treeHash: string;
  /** New things that do not count, being ignored or secret by the project's rules; a folder stands for all in it. */
  readonly leftOut: readonly string[];
}

/** What is on disk about a task's tree. */
export interface TaskRecord {
  readonly version: 1;
  readonly id: string;
  /** The project that it is a copy of. */
  readonly project: string;
  readonly commit: string | undefined;
  readonly treeHash: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly bound: readonly { readonly from: string; readonly at: string }[];
  /** What is not in the copy, and why: sentences for the person. */
  readonly notes: readonly string[];
  readonly entries: readonly BaselineEntry[];
}

export interface TaskTree {
  readonly id: string;
  /** Absolute. */
  readonly root: string;
  readonly project: string;
  readonly base: { readonly commit: string | undefined; readonly treeHash: string };
  /** Dependency folders of the project, for `Confinement.bound`. */
  readonly bound: TaskRecord['bound'];
  readonly notes: readonly string[];
  /** A file as it was at first. */
  original(path: string): Promise<TreeFile | undefined>;
  /** What has changed. No program may be running in the tree meanwhile. */
  diff(): Promise<TreeDiff>;
  treeHash(): Promise<string>;
  /** Stores the difference as a file that `readArchive` reads. */
  archive(to: string): Promise<void>;
  /** Removes the tree, after its difference is stored in the archive; returns that file, undefined if none differs. */
  dispose(): Promise<string | undefined>;
}

export interface TaskTreePorts {
  readonly trees: TreeFiles;
  readonly files: Pick<Files, 'writePrivate' | 'readText' | 'realPath'>;
  /** Absolute folder of all tasks, in the user's state. */
  readonly folder: string;
  /**
   * Of entries that a folder of the project would have, those that may be copied or count as work: neither ignored nor
   * secret. The project is asked and not the tree, so that a task cannot hide anything by an ignore file.
   */
  readonly counts: (
    directory: string,
    entries: readonly DirectoryEntry[],
  ) => Promise<readonly DirectoryEntry[]>;
}

export const treeOf = (folder: string, id: string): string => posix.join(folder, id, 'tree');
export const recordOf = (folder: string, id: string): string => posix.join(folder, id, 'task.json');
export const contentsOf = (folder: string, id: string): string => posix.join(folder, id, 'base.bin');
export const archiveOf = (folder: string, id: string): string => posix.join(folder, 'archive', `${id}.json`);

type Present = {
  readonly kind: TreeFile['kind'];
  readonly hash: string;
  readonly file: ChangedFile['after'];
};

export function createTaskTree(record: TaskRecord, ports: TaskTreePorts): TaskTree {
  const { trees, files, folder } = ports;
  const root = treeOf(folder, record.id);
  const base = new Map(record.entries.map(entry => [entry.path, entry]));
  const boundAt = new Set(record.bound.map(({ at }) => at));

  const baseFolders = new Set<string>();
  for (const path of base.keys()) {
    for (let up = posix.dirname(path); up !== '.' && !baseFolders.has(up); up = posix.dirname(up))
      baseFolders.add(up);
  }

  async function originalOf({ kind, offset, length }: BaselineEntry): Promise<TreeFile> {
    const bytes =
      length === 0 ? new Uint8Array() : await trees.readPart(contentsOf(folder, record.id), offset, length);
    return { kind, bytes };
  }

  async function presentAt(path: string, kind: DirectoryEntry['kind']): Promise<Present> {
    const absolute = posix.join(root, path);
    if (kind === 'symlink') {
      const bytes = new TextEncoder().encode(await trees.readLink(absolute));
      return { kind: 'symlink', hash: hashOf(bytes), file: { kind: 'symlink', bytes } };
    }
    if (kind !== 'file') return { kind: 'file', hash: 'special', file: 'special' };
    const look = await trees.look(absolute);
    const plain = look?.executable ? 'executable' : 'file';
    if (look && look.size > MOST_FILE_BYTES)
      return { kind: plain, hash: `large ${look.size}`, file: 'too-large' };
    const bytes = await trees.read(absolute, MOST_FILE_BYTES);
    return { kind: plain, hash: hashOf(bytes), file: { kind: plain, bytes } };
  }

  /**
   * All that is there: what was copied, wherever it lies, and what else counts. Links are not followed. `all`: there
   * is no such folder in the project to be asked about.
   */
  async function* present(
    directory: string,
    all: boolean,
    leftOut: string[],
  ): AsyncGenerator<[string, DirectoryEntry['kind']]> {
    const entries = await trees.list(posix.join(root, directory));
    const known = entries.filter(({ name, kind }) => {
      const path = posix.join(directory, name);
      return base.has(path) || (kind === 'directory' && baseFolders.has(path));
    });
    const others = entries.filter(entry => !known.includes(entry) && entry.name !== '.git');
    const asked =
      all || others.length === 0 ? others : await ports.counts(posix.join(record.project, directory), others);
    const counted = new Set(asked.map(({ name }) => name));
    for (const entry of others) {
      // A gate lets no links and devices pass; those are work too, and never silently left out.
      const special = entry.kind === 'symlink' || entry.kind === 'other';
      const path = posix.join(directory, entry.name);
      if (special || counted.has(entry.name)) known.push(entry);
      else if (!boundAt.has(posix.join(root, path))) leftOut.push(path);
    }
    for (const { name, kind } of known) {
      const path = posix.join(directory, name);
      if (boundAt.has(posix.join(root, path))) continue;
      if (kind === 'directory') yield* present(path, all || base.has(path), leftOut);
      else yield [path, kind];
    }
  }

  async function compare(): Promise<TreeDiff> {
    const now = new Map<string, Present>();
    const changed: ChangedFile[] = [];
    const leftOut: string[] = [];
    const alone = (await trees.look(record.project))?.kind !== 'directory';
    const found: [string, DirectoryEntry['kind']][] = [];
    for await (const each of present('', alone, leftOut)) {
      if (found.push(each) > MOST_ENTRIES)
        throw new Error(`The task's tree holds more than ${MOST_ENTRIES} files.`);
    }
    await inParallel(found, async ([path, kind]) => {
      const there = await presentAt(path, kind);
      const was = base.get(path);
      // The content of what is unchanged is not kept in memory.
      const same = was !== undefined && was.hash === there.hash && was.kind === there.kind;
      now.set(path, same ? { ...there, file: undefined } : there);
      if (!same)
        changed.push({
          path,
          before: was === undefined ? undefined : await originalOf(was),
          after: there.file,
        });
    });
    for (const entry of base.values()) {
      if (!now.has(entry.path))
        changed.push({ path: entry.path, before: await originalOf(entry), after: undefined });
    }
    changed.sort((a, b) => (a.path < b.path ? -1 : 1));
    const hashes = [...now].map(([path, { kind, hash }]) => ({ path, kind, hash }));
    return { files: changed, treeHash: treeHashOf(hashes), leftOut: leftOut.sort() };
  }

  async function store(diff: TreeDiff, to: string): Promise<void> {
    await files.writePrivate(to, JSON.stringify(archived(record, diff)));
  }

  return {
    id: record.id,
    root,
    project: record.project,
    base: { commit: record.commit, treeHash: record.treeHash },
    bound: record.bound,
    notes: record.notes,
    async original(path) {
      const entry = base.get(path);
      return entry === undefined ? undefined : originalOf(entry);
    },
    diff: compare,
    treeHash: async () => (await compare()).treeHash,
    archive: async to => store(await compare(), to),
    async dispose() {
      const diff = await compare();
      const to = diff.files.length === 0 ? undefined : archiveOf(folder, record.id);
      if (to !== undefined) await store(diff, to);
      await trees.removeTree(posix.join(folder, record.id));
      return to;
    },
  };
}

/** A stored difference; contents are base64, so that nothing of them is lost. */
export interface Archive {
  readonly version: 1;
  readonly id: string;
  readonly project: string;
  readonly commit: string | undefined;
  readonly baseTreeHash: string;
  readonly treeHash: string;
  /** Names of what was new and did not count. */
  readonly leftOut: readonly string[];
  readonly files: readonly {
    readonly path: string;
    readonly before?: { readonly kind: TreeFile['kind']; readonly base64: string };
    readonly after?: { readonly kind: TreeFile['kind']; readonly base64: string } | string;
  }[];
}

function archived(record: TaskRecord, diff: TreeDiff): Archive {
  const coded = ({ kind, bytes }: TreeFile) => ({ kind, base64: Buffer.from(bytes).toString('base64') });
  return {
    version: 1,
    id: record.id,
    project: record.project,
    commit: record.commit,
    baseTreeHash: record.treeHash,
    treeHash: diff.treeHash,
    leftOut: diff.leftOut,
    files: diff.files.map(({ path, before, after }) => ({
      path,
      ...(before === undefined ? {} : { before: coded(before) }),
      ...(after === undefined ? {} : { after: typeof after === 'string' ? after : coded(after) }),
    })),
  };
}
