/**
 * Tasks that an earlier session left: those that wait are told, those whose document is not there are told once and
 * left alone (it may be on another branch), and what belongs to no task that can go on is put away with its difference
 * stored. Only a person ends a task. It must not know front doors.
 */
import { join } from 'node:path';
import { isTerminal } from '../../agent/machine.ts';
import { listTaskTrees, openTaskTree } from '../../sandbox/foundTrees.ts';
import type { Services } from '../services.ts';
import { takeHold } from './hold.ts';
import { lastRecord } from './journal.ts';
import { phaseWords } from './phase.ts';
import { placesOf, readRecord, type RunRecord, runsOf, treesOf, writeRecord } from './store.ts';
import { treePorts } from './tree.ts';

export interface TasksLeft {
  /** Documents of tasks that can go on, each with what the task is in. */
  readonly waiting: readonly { readonly document: string; readonly words: string }[];
  /** Those of tasks that could go on if they were there. */
  readonly missing: readonly { readonly document: string; readonly words: string }[];
  /** Files with the differences of copies whose tasks are over. */
  readonly archived: readonly string[];
}

/** Looks at the tasks of the workspace folders that no server holds. */
export async function tasksLeft(services: Services): Promise<TasksLeft> {
  const { clock, files, places, tasks } = services;
  const { store } = tasks;
  const trees = await listTaskTrees({ files, folder: treesOf(store) });
  const waiting: { document: string; words: string }[] = [];
  const missing: { document: string; words: string }[] = [];
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
      const gone = (await files.stat(record.document)) === undefined;
      const over = state !== undefined && isTerminal(state);
      const mine = trees.filter(({ id }) => id.startsWith(`${key}-`));
      for (const { id, state: tree } of mine) {
        if (!over && id === at.id(record.number)) continue;
        const stored = tree === 'whole' ? await putAway(id, record, services) : undefined;
        if (stored !== undefined) archived.push(stored);
        else if (tree === 'incomplete') await store.trees.removeTree(join(treesOf(store), id));
      }
      if (state !== undefined && !over) {
        const each = { document: record.document, words: phaseWords(state) };
        if (!gone) waiting.push(each);
        else if (record.toldMissing !== true) missing.push(each);
      }
      if (gone !== (record.toldMissing ?? false))
        await writeRecord(files, at, { ...((await readRecord(files, at)) ?? record), toldMissing: gone });
    } finally {
      await hold.release();
    }
  }
  return { waiting, missing, archived };
}

async function putAway(id: string, { project }: RunRecord, services: Services): Promise<string | undefined> {
  const tree = await openTaskTree(id, treePorts(services, services.tasks.store, project));
  return tree?.dispose();
}
