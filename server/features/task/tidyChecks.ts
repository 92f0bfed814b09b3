/**
 * Checks that leave a task's tree as they found it: what tests and builds write there (caches, reports, snapshots) is
 * nobody's work, and must not come into the project with it. It must not know which checks there are.
 */
import { posix } from 'node:path';
import type { Checks } from '../../agent/ports.ts';
import type { TreeFiles } from '../../base/ports.ts';
import type { TreeFile } from '../../sandbox/baseline.ts';
import type { ChangedFile, TaskTree, TreeDiff } from '../../sandbox/taskTree.ts';

type Tree = Pick<TaskTree, 'root' | 'diff'>;

export function tidyChecks(checks: Checks, tree: Tree, trees: TreeFiles): Checks {
  return {
    names: () => checks.names(),
    async run(name, signal) {
      const before = await tree.diff();
      const outcome = await checks.run(name, signal);
      await takeBack(before, await tree.diff(), tree.root, trees);
      return outcome;
    },
  };
}

/** Gives every file that differs what it had before; what is ignored, and what is too large to be kept, stays. */
async function takeBack(before: TreeDiff, now: TreeDiff, root: string, trees: TreeFiles): Promise<void> {
  const had = new Map(before.files.map(file => [file.path, file]));
  const have = new Map(now.files.map(file => [file.path, file]));
  for (const path of new Set([...had.keys(), ...have.keys()])) {
    // What is not named in a difference is as it was at the task's base.
    const wanted = had.has(path) ? had.get(path)?.after : have.get(path)?.before;
    const found = have.has(path) ? have.get(path)?.after : had.get(path)?.before;
    if (same(wanted, found) || typeof wanted === 'string') continue;
    await put(posix.join(root, path), wanted, trees);
  }
}

async function put(path: string, wanted: TreeFile | undefined, trees: TreeFiles): Promise<void> {
  await trees.removeTree(path);
  if (wanted === undefined) return;
  await trees.makeFolder(posix.dirname(path));
  if (wanted.kind === 'symlink') await trees.makeLink(new TextDecoder().decode(wanted.bytes), path);
  else await trees.write(path, wanted.bytes, wanted.kind === 'executable');
}

function same(a: ChangedFile['after'], b: ChangedFile['after']): boolean {
  if (typeof a !== 'object' || typeof b !== 'object') return a === b;
  return a.kind === b.kind && Buffer.compare(a.bytes, b.bytes) === 0;
}
