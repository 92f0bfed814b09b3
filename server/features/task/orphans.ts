/**
 * Tasks that an earlier session left: those that wait are told once, those whose document is gone end with their
 * difference stored, and what no task belongs to is put away the same way. Nothing is removed before that. It must
 * not know front doors.
 */
import { join } from 'node:path';
import { isTerminal } from '../../agent/machine.ts';
import type { TaskState } from '../../agent/types.ts';
import { listTaskTrees, openTaskTree } from '../../sandbox/foundTrees.ts';
import type { Services } from '../services.ts';
import { takeHold } from './hold.ts';
import { fileJournal, lastRecord } from './journal.ts';
import { phaseWords } from './phase.ts';
import { placesOf, readRecord, type RunRecord, runsOf, treesOf } from './store.ts';
import { treePorts } from './tree.ts';

export interface TasksLeft {
  /** Documents of tasks that can go on, each with what the task is in. */
  readonly waiting: readonly { readonly document: string; readonly words: string }[];
  /** Files with the differences of those that cannot. */
  readonly archived: readonly string[];
}

interface Left {
  readonly key: string;
  readonly record: RunRecord;
  readonly state: TaskState | undefined;
}

/** Looks at the tasks of the workspace folders that no server holds. */
export async function tasksLeft(services: Services): Promise<TasksLeft> {
  const { clock, files, places, tasks } = services;
  const { store } = tasks;
  const trees = await listTaskTrees({ files, folder: treesOf(store) });
  const waiting: { document: string; words: string }[] = [];
  const archived: string[] = [];
  const held = new Set([...tasks.held.values()].map(({ run }) => run.id.replace(/-\d+$/, '')));
  for (const { kind, name: key } of await files.list(runsOf(store))) {
    if (kind !== 'directory' || held.has(key)) continue;
    const at = placesOf(store, key);
    const record = await readRecord(files, at);
    if (record === undefined || !places.folders.includes(record.project)) continue;
    const hold = await takeHold(at.folder, { ...store, clock });
    // Another server is at work on it.
    if (hold === undefined) continue;
    try {
      const state = (await lastRecord(store, at.journal(record.number)))?.state;
      const left = { key, record, state };
      const gone = (await files.stat(record.document)) === undefined;
      const mine = trees.filter(({ id }) => id.startsWith(`${key}-`));
      for (const { id, state: tree } of mine) {
        if (!ended(left, gone) && id === at.id(record.number)) continue;
        const stored = tree === 'whole' ? await putAway(id, record, services) : undefined;
        if (stored !== undefined) archived.push(stored);
        else if (tree === 'incomplete') await store.trees.removeTree(join(treesOf(store), id));
      }
      if (state === undefined || isTerminal(state)) continue;
      if (!gone) waiting.push({ document: record.document, words: phaseWords(state) });
      else
        await fileJournal(store, at.journal(record.number), hold).append({
          at: clock.now(),
          event: { type: 'was-discarded' },
          state: { ...state, phase: 'discarded' },
        });
    } finally {
      await hold.release();
    }
  }
  return { waiting, archived };
}

function ended({ state }: Left, gone: boolean): boolean {
  return gone || (state !== undefined && isTerminal(state));
}

async function putAway(id: string, { project }: RunRecord, services: Services): Promise<string | undefined> {
  const tree = await openTaskTree(id, treePorts(services, services.tasks.store, project));
  return tree?.dispose();
}
