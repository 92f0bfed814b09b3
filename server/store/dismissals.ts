/**
 * What the person has waved away for good, by a key that the reader makes of content. One private record each, so that
 * two servers never write over each other's. It must not know what is dismissed.
 */
import { join } from 'node:path';
import type { Machine } from '../base/ports.ts';
import { storeDirectories } from './directories.ts';
import { createRecords } from './records.ts';

export interface Dismissals {
  has(key: string): Promise<boolean>;
  /** Kept for this session at least; on disk, 0600, where that can be written. */
  add(key: string, reason: string): Promise<void>;
}

export function createDismissals(
  machine: Pick<Machine, 'files' | 'clock' | 'log' | 'environment'>,
): Dismissals {
  const directory = join(storeDirectories(machine.environment).state, 'dismissals');
  const records = createRecords({ ...machine, directory, what: 'dismissals', keepDamaged: false });
  const known = new Map<string, boolean>();
  return {
    async has(key) {
      // A no is asked for anew: another editor of the same person may have said so since.
      if (known.get(key)) return true;
      const found = (await records.get(key).catch(() => undefined)) !== undefined;
      if (found) known.set(key, true);
      return found;
    },
    async add(key, reason) {
      known.set(key, true);
      await records.set(key, { reason }).catch(() => false);
    },
  };
}
