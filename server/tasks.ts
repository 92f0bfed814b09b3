/**
 * What tasks need of this machine, put together for every front door: their place in the user's state, and a runner
 * that confines programs where the system can. It must not know what a task does.
 */
import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { appendFlushed } from './base/node/append.ts';
import { nodeDisk } from './base/node/disk.ts';
import { nodeTreeFiles } from './base/node/treeFiles.ts';
import type { Machine } from './base/ports.ts';
import { userFilePath } from './config/load.ts';
import type { TaskStore } from './features/task/store.ts';
import { neverSendReason } from './guard/neverSend.ts';
import type { Runner } from './sandbox/command.ts';
import { createRunner } from './sandbox/runner.ts';
import { createApprovals } from './store/approvals.ts';
import { storeDirectories } from './store/directories.ts';

const randomId = (): string => randomBytes(8).toString('hex');
/** Of this process. */
const SESSION = randomId();

export function openTaskStore(machine: Pick<Machine, 'files' | 'clock' | 'log' | 'environment'>): TaskStore {
  const { environment } = machine;
  return {
    folder: join(storeDirectories(environment).state, 'tasks'),
    skills: join(dirname(userFilePath(environment)), 'skills'),
    approvals: createApprovals(machine),
    disk: nodeDisk,
    trees: nodeTreeFiles,
    environment,
    session: SESSION,
    append: appendFlushed,
    randomId,
  };
}

/** The one runner of programs that are not ours; how they can be confined is found out when the first asks for it. */
export function openRunner(machine: Machine): Runner {
  const { cache, state } = storeDirectories(machine.environment);
  return createRunner({
    ...machine,
    async findConfiner() {
      const { findConfiner } = await import('./sandbox/confiners.ts');
      return findConfiner({
        ...machine,
        cacheFolder: join(cache, 'confined'),
        ownFolders: [state, cache],
        isSecret: (path, kind) => neverSendReason(path, kind) !== undefined,
      });
    },
  });
}
