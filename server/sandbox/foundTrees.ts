/**
 * Trees of tasks that are on disk, those of servers that were killed too, so that none is forgotten. It must not know
 * what becomes of them.
 */
import { posix } from 'node:path';
import type { Disk, Files } from '../base/ports.ts';
import { createTaskTree, recordOf, type TaskRecord, type TaskTree, type TaskTreePorts } from './taskTree.ts';

/**
 * A task's tree found on disk. `incomplete`: it was being made when the server ended; no program ever ran in it.
 * `damaged`: its record is there and cannot be read, or is of another version, so there may be work in it.
 */
export interface FoundTree {
  readonly id: string;
  readonly state: 'whole' | 'incomplete' | 'damaged';
  readonly project: string | undefined;
  readonly created: number | undefined;
}

const RECORD_BYTES = 256 * 1024 * 1024;

async function recordAt(
  folder: string,
  id: string,
  files: Pick<Files, 'readText'>,
): Promise<TaskRecord | 'incomplete' | 'damaged'> {
  const read = await files.readText(recordOf(folder, id), RECORD_BYTES);
  if (!read.ok) return read.why === 'missing' ? 'incomplete' : 'damaged';
  try {
    const record = JSON.parse(read.text) as Partial<TaskRecord>;
    return record.version === 1 && record.id === id && Array.isArray(record.entries)
      ? (record as TaskRecord)
      : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** All trees that are on disk, of this server and of those before. */
export async function listTaskTrees(ports: {
  readonly files: Pick<Files, 'list' | 'readText'>;
  readonly folder: string;
}): Promise<readonly FoundTree[]> {
  const found: FoundTree[] = [];
  for (const { name, kind } of await ports.files.list(ports.folder)) {
    if (kind !== 'directory' || name === 'archive') continue;
    const record = await recordAt(ports.folder, name, ports.files);
    found.push(
      typeof record === 'string'
        ? { id: name, state: record, project: undefined, created: undefined }
        : { id: name, state: 'whole', project: record.project, created: record.created },
    );
  }
  return found;
}

/** A tree that an earlier server made; undefined if it is not whole. */
export async function openTaskTree(id: string, ports: TaskTreePorts): Promise<TaskTree | undefined> {
  if (!/^[\w-]+$/.test(id)) return undefined;
  const record = await recordAt(ports.folder, id, ports.files);
  return typeof record === 'string' ? undefined : createTaskTree(record, ports);
}

/**
 * Gives a damaged tree another name beside, so that its own is free and nothing in it is lost. Undefined if it is not
 * damaged. Rejects if it cannot be moved.
 */
export async function setAsideDamaged(
  id: string,
  {
    files,
    folder,
    disk,
  }: Pick<TaskTreePorts, 'folder'> & {
    readonly files: Pick<Files, 'readText' | 'stat'>;
    readonly disk: Pick<Disk, 'rename'>;
  },
): Promise<string | undefined> {
  if ((await recordAt(folder, id, files)) !== 'damaged') return undefined;
  const place = (number: number): string => posix.join(folder, `${id}.damaged-${number}`);
  let number = 1;
  while ((await files.stat(place(number))) !== undefined) number++;
  await disk.rename(posix.join(folder, id), place(number));
  return place(number);
}
