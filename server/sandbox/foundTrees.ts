/**
 * Trees of tasks that are on disk, those of servers that were killed too, so that none is forgotten. It must not know
 * what becomes of them.
 */
import type { Files } from '../base/ports.ts';
import { createTaskTree, recordOf, type TaskRecord, type TaskTree, type TaskTreePorts } from './taskTree.ts';

/** A task's tree found on disk. `incomplete`: it was being made when the server ended; no program ever ran in it. */
export interface FoundTree {
  readonly id: string;
  readonly state: 'whole' | 'incomplete';
  readonly project: string | undefined;
  readonly created: number | undefined;
}

const RECORD_BYTES = 256 * 1024 * 1024;

async function recordAt(
  folder: string,
  id: string,
  files: Pick<Files, 'readText'>,
): Promise<TaskRecord | undefined> {
  const read = await files.readText(recordOf(folder, id), RECORD_BYTES);
  if (!read.ok) return undefined;
  try {
    const record = JSON.parse(read.text) as Partial<TaskRecord>;
    return record.version === 1 && record.id === id && Array.isArray(record.entries)
      ? (record as TaskRecord)
      : undefined;
  } catch {
    return undefined;
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
    found.push({
      id: name,
      state: record === undefined ? 'incomplete' : 'whole',
      project: record?.project,
      created: record?.created,
    });
  }
  return found;
}

/** A tree that an earlier server made; undefined if it is not whole. */
export async function openTaskTree(id: string, ports: TaskTreePorts): Promise<TaskTree | undefined> {
  if (!/^[\w-]+$/.test(id)) return undefined;
  const record = await recordAt(ports.folder, id, ports.files);
  return record === undefined ? undefined : createTaskTree(record, ports);
}
