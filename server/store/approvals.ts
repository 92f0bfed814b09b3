/**
 * Approvals of results across sessions, in the user's state (0600), never in a repository. It must not
 * know what is approved, nor when that has been done.
 */
import { join } from 'node:path';
import type { Machine } from '../base/ports.ts';
import { storeDirectories } from './directories.ts';
import { createRecords } from './records.ts';

/** All texts; equal ones are one approval. */
export interface Approved {
  readonly task: string;
  readonly base: string;
  readonly diff: string;
}

export interface Approvals {
  /** False if it could not be written: then nothing is approved. */
  keep(approved: Approved): Promise<boolean>;
  has(approved: Approved): Promise<boolean>;
  /** Forgets what was approved of a task. */
  forget(task: string): Promise<void>;
}

const keyOf = ({ task, base, diff }: Approved): string => JSON.stringify([task, base, diff]);

export function createApprovals(
  machine: Pick<Machine, 'files' | 'clock' | 'log' | 'environment'>,
): Approvals {
  const directory = join(storeDirectories(machine.environment).state, 'approvals');
  const records = createRecords({ ...machine, directory, what: 'approvals', keepDamaged: false });
  return {
    keep: approved => records.set(keyOf(approved), { ...approved, at: machine.clock.now() }),
    has: async approved => (await records.get(keyOf(approved))) !== undefined,
    async forget(task) {
      for (const { key, value } of await records.all())
        if (typeof value === 'object' && value !== null && 'task' in value && value.task === task)
          await records.remove(key);
    },
  };
}
