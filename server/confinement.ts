/**
 * The runner of programs that are not ours and the copies of projects that tasks work on, wired to the machine, to
 * Codriver's own folders and to the guard's rules. It must not know what is run.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { nodeTreeFiles } from './base/node/treeFiles.ts';
import type { Machine } from './base/ports.ts';
import { neverSendReason } from './guard/neverSend.ts';
import { createReadGate } from './guard/readGate.ts';
import type { Runner } from './sandbox/command.ts';
import { findConfiner } from './sandbox/confiners.ts';
import { createRunner } from './sandbox/runner.ts';
import type { WorkspaceCopyPorts } from './sandbox/workspaceCopy.ts';
import { storeDirectories } from './store/directories.ts';

/** A runner that can confine, where this machine lets it; the trial is made when it is first asked for. */
export function createConfiningRunner(machine: Machine): Runner {
  const { environment } = machine;
  const { cache, state } = storeDirectories(environment);
  return createRunner({
    ...machine,
    findConfiner: () =>
      findConfiner({
        ...machine,
        cacheFolder: cache,
        ownFolders: [cache, state],
        isSecret: (path, kind) => neverSendReason(path, kind) !== undefined,
      }),
  });
}

/** What `createWorkspaceCopy`, `listTaskTrees` and `openTaskTree` need for tasks of one project folder. */
export function taskTreePorts(machine: Machine, project: string): WorkspaceCopyPorts {
  const gate = createReadGate({ roots: [project], ...machine });
  return {
    ...machine,
    trees: nodeTreeFiles,
    folder: join(storeDirectories(machine.environment).state, 'tasks'),
    counts: (directory, entries) => gate.allowedEntries(directory, entries),
    isSecret: path => neverSendReason(path) !== undefined,
    randomId: () => randomBytes(8).toString('hex'),
  };
}
