/**
 * The tree that a task works in: the copy of the project that it has already, else a new one with what is unsaved in
 * the editor. It must not know the task.
 */
import { join } from 'node:path';
import type { Tree } from '../../agent/ports.ts';
import { createFolderTree } from '../../agent/tree.ts';
import { neverSendReason } from '../../guard/neverSend.ts';
import type { Isolation } from '../../sandbox/command.ts';
import { openTaskTree, setAsideDamaged } from '../../sandbox/foundTrees.ts';
import type { TaskTree, TaskTreePorts } from '../../sandbox/taskTree.ts';
import { type Copied, createWorkspaceCopy, type TreeListing } from '../../sandbox/workspaceCopy.ts';
import type { Services } from '../services.ts';
import { type TaskStore, treesOf } from './store.ts';

type Ports = Pick<Services, 'clock' | 'documents' | 'files' | 'gateFor' | 'git' | 'host' | 'places'>;

export function treePorts(
  services: Pick<Services, 'files' | 'gateFor'>,
  store: TaskStore,
  project: string,
): TaskTreePorts {
  const gate = services.gateFor(project);
  return {
    trees: store.trees,
    files: services.files,
    folder: treesOf(store),
    counts: (directory, entries) => gate.allowedEntries(directory, entries),
  };
}

/** `id` is found again after any kill; a copy that was not finished is made anew, and a damaged one is kept aside. */
export async function treeOfTask(
  id: string,
  project: string,
  services: Ports,
  store: TaskStore,
  signal: AbortSignal,
): Promise<Copied> {
  const ports = treePorts(services, store, project);
  const found = await openTaskTree(id, ports);
  if (found !== undefined) return { ok: true, tree: found };
  const aside = await setAsideDamaged(id, { ...ports, disk: store.disk, files: services.files });
  if (aside !== undefined)
    services.host.tell(
      'warning',
      `Codriver: the record of this task's copy of the project cannot be read, so the task begins on a new copy. The old one is kept in ${aside}, with all that the task had changed.`,
    );
  await store.trees.removeTree(join(treesOf(store), id));
  const isSecret = (path: string) => neverSendReason(path) !== undefined;
  return createWorkspaceCopy(
    { root: project, listing: await listingOf(project, services, signal), unsaved: unsavedBelow(services) },
    { ...ports, files: services.files, clock: services.clock, isSecret, randomId: () => id },
    signal,
  );
}

/** By git where the project is the whole of a working tree; else its files are found by the ignore rules alone. */
async function listingOf(
  project: string,
  { files, git }: Ports,
  signal: AbortSignal,
): Promise<TreeListing | undefined> {
  const repository = await git.repositoryOf(project, signal);
  if (!repository.ok || repository.value.root !== (await files.realPath(project))) return undefined;
  const listing = await repository.value.listing(signal);
  return listing.ok ? listing.value : undefined;
}

function unsavedBelow({ documents, places }: Ports): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const document of documents.all()) {
    const path = places.pathOf(document.uri);
    if (path !== undefined && !documents.isDesynchronised(document.uri)) texts.set(path, document.getText());
  }
  return texts;
}

/** As the tools of a model see it. What has changed is looked for once for each state of the tree. */
export function modelsTree(tree: TaskTree, scratch: string, services: Ports, store: TaskStore): Tree {
  const folder = createFolderTree({
    root: tree.root,
    scratch,
    files: services.files,
    disk: store.disk,
    gate: services.gateFor(tree.root),
    platform: store.environment.platform,
  });
  let known: { readonly hash: string; readonly paths: readonly string[] } | undefined;
  return {
    ...folder,
    async changed() {
      const hash = await folder.hash();
      if (known?.hash !== hash) known = { hash, paths: (await tree.diff()).files.map(({ path }) => path) };
      return known.paths;
    },
  };
}

/**
 * Dependency folders of the project in the tree: where a system cannot show them to a program at another place they
 * are links, which no tool of a model follows and which count as no change.
 */
export async function linkDependencies(
  { bound }: Pick<TaskTree, 'bound'>,
  isolation: Isolation,
  { trees }: Pick<TaskStore, 'trees'>,
): Promise<void> {
  const shows = isolation === 'bubblewrap' || isolation === 'namespaces';
  for (const { at, from } of bound) {
    const kind = (await trees.look(at))?.kind;
    if (shows && kind === 'symlink') await trees.removeTree(at);
    else if (!shows && kind === undefined) await trees.makeLink(from, at);
  }
}
