/**
 * What a task is in, as far as this session or its journal knows; what its document says of that is for show. It must
 * not know how a task goes on.
 */
import type { TaskState } from '../../agent/types.ts';
import type { Services } from '../services.ts';
import { lastRecord } from './journal.ts';
import { keyOf, placesOf, readRecord, type RunRecord } from './store.ts';

export interface KnownTask {
  readonly record: RunRecord;
  readonly state: TaskState;
}

/** Undefined for a task that nobody has begun. */
export async function knownTask(
  uri: string,
  { files, places, tasks }: Pick<Services, 'files' | 'places' | 'tasks'>,
): Promise<KnownTask | undefined> {
  const path = places.pathOf(uri);
  if (path === undefined) return undefined;
  const at = placesOf(tasks.store, keyOf(await files.realPath(path)));
  const record = await readRecord(files, at);
  if (record === undefined) return undefined;
  const state =
    tasks.held.get(uri)?.run.state ?? (await lastRecord(tasks.store, at.journal(record.number)))?.state;
  return state && { record, state };
}

/** In words for the person, ending a sentence that begins with "The task ". */
export function phaseWords({ block, paused, phase, step }: TaskState): string {
  if (paused) return 'is paused';
  switch (phase) {
    case 'planning':
      return 'is being planned';
    case 'awaiting-plan':
      return 'waits for your yes to its plan';
    case 'working':
      return step === undefined ? 'is at work' : `is at work on step ${step}`;
    case 'verifying':
      return 'is being verified';
    case 'awaiting-approval':
      return 'waits for your yes to its result';
    case 'applying':
      return 'is being applied';
    case 'discarding':
      return 'is being discarded';
    case 'blocked':
      return `waits for you: ${block?.message ?? ''}`;
    case 'applied':
      return 'is applied';
    case 'archived':
      return 'has ended, and its code is kept aside';
    case 'discarded':
      return 'is discarded';
  }
}
