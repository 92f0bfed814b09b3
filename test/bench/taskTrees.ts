/**
 * What a task's copy of a project costs: made, compared, removed. `npx tsx test/bench/taskTrees.ts REPOSITORY…`, each a
 * working tree of git. It must not change them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeMachine } from '../../server/base/node.ts';
import { nodeTreeFiles } from '../../server/base/node/treeFiles.ts';
import { createGit } from '../../server/git/git.ts';
import { neverSendReason } from '../../server/guard/neverSend.ts';
import { createReadGate } from '../../server/guard/readGate.ts';
import { createWorkspaceCopy } from '../../server/sandbox/workspaceCopy.ts';

async function main(): Promise<void> {
  const machine = createNodeMachine({ level: 'error' });
  const { signal } = new AbortController();
  const folder = mkdtempSync(join(tmpdir(), 'codriver-trees-'));
  for (const root of process.argv.slice(2)) {
    const times: string[] = [];
    let begin = performance.now();
    const lap = (what: string) => {
      times.push(`${what} ${(performance.now() - begin).toFixed(0)} ms`);
      begin = performance.now();
    };
    const git = createGit({ ...machine, trusted: () => Promise.resolve(true) });
    const repository = await git.repositoryOf(root, signal);
    if (!repository.ok) throw new Error(repository.message);
    const listing = await repository.value.listing(signal);
    if (!listing.ok) throw new Error(listing.message);
    lap('listed');
    const gate = createReadGate({ roots: [root], ...machine });
    const copied = await createWorkspaceCopy(
      { root, listing: listing.value, unsaved: new Map() },
      {
        ...machine,
        trees: nodeTreeFiles,
        folder,
        counts: (directory, entries) => gate.allowedEntries(directory, entries),
        isSecret: path => neverSendReason(path) !== undefined,
        randomId: () => String(process.hrtime.bigint()),
      },
      signal,
    );
    if (!copied.ok) throw new Error(copied.message);
    lap('copied');
    const diff = await copied.tree.diff();
    lap('compared');
    await copied.tree.dispose();
    lap('removed');
    const count = listing.value.tracked.length + listing.value.untracked.length;
    console.log(`${root}: ${count} files, ${diff.files.length} differ: ${times.join(', ')}`);
    for (const note of copied.tree.notes) console.log(`  ${note}`);
  }
  rmSync(folder, { recursive: true, force: true });
}

await main();
