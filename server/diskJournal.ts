/** The journal of changes on disk, on this machine's files and in this user's state folder; one for all front doors. */
import { join } from 'node:path';
import { nodeDisk } from './base/node/disk.ts';
import type { Machine } from './base/ports.ts';
import { storeDirectories } from './store/directories.ts';
import { createJournal, type Journal } from './store/journal.ts';

export function openJournal({ clock, log, environment }: Machine): Journal {
  const directory = join(storeDirectories(environment).state, 'journal');
  return createJournal({ disk: nodeDisk, clock, log, directory });
}

/**
 * Changes files of a person as one, all or none, also if the process is killed: each must hold `before` still
 * (undefined: must not exist) and holds `after` then (undefined: is deleted). Answers why nothing was changed.
 */
export async function changeFiles(
  machine: Machine,
  changes: readonly {
    readonly path: string;
    readonly before: string | undefined;
    readonly after: string | undefined;
  }[],
): Promise<string | undefined> {
  const bytes = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text, 'utf8'));
  const resolved = changes.map(async ({ path, before, after }) => ({
    path: await machine.files.realPath(path),
    before: bytes(before),
    after: bytes(after),
  }));
  const outcome = await openJournal(machine).apply(await Promise.all(resolved));
  return outcome.ok ? undefined : outcome.message;
}

/** Takes back what a process that was killed has left half done; every front door does so before its work. */
export async function finishUnfinished(machine: Machine): Promise<void> {
  const { takenBack, problems } = await openJournal(machine).recover();
  if (takenBack > 0) machine.log.write('warn', `${takenBack} unfinished change of files was taken back`);
  for (const problem of problems) machine.log.write('warn', problem);
}
