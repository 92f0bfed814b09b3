/**
 * The checks of a task: those that its project has, run in the task's tree. Programs that the project brings lie in
 * its dependency folders, which a confined program sees in the tree. It must not know what a check is evidence of.
 */
import { join } from 'node:path';
import { type Check, PLACES } from '../../analysis/checks/check.ts';
import type { Checks, Outcome } from '../../agent/ports.ts';
import type { Files } from '../../base/ports.ts';
import type { TaskTree } from '../../sandbox/taskTree.ts';
import { findProgram } from '../checks/findProgram.ts';
import { findChecks } from '../checks/late.ts';
import { outcomeOf, type TreeCommands } from './commands.ts';
import type { TaskStore } from './store.ts';

export interface CheckParts {
  readonly files: Files;
  readonly tree: TaskTree;
  readonly store: Pick<TaskStore, 'environment'>;
  readonly commands: TreeCommands;
  readonly confined: boolean;
  /** Names that the document gives; undefined: all that the project has. */
  readonly wanted: () => readonly string[] | undefined;
}

const ORDER = ['types', 'lint', 'build', 'tests', 'format'];

/** The project's checks as they are now; its tree may get others later, which count from the next start on. */
export async function treeChecks(parts: CheckParts): Promise<Checks> {
  const found = (await findChecks(parts.files, parts.tree.root))
    .filter(({ covers, kind }) => covers === 'project' && kind !== 'format')
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const byName = new Map(found.map(check => [check.id, check]));
  return {
    names: () => {
      const wanted = parts.wanted();
      const names = [...byName.keys()];
      return wanted === undefined ? names : names.filter(name => meant(byName.get(name), wanted));
    },
    async run(name, signal) {
      const check = byName.get(name);
      if (check === undefined) return failed(`there is no check ${name}`);
      return runOne(check, parts, signal);
    },
  };
}

/** By its name, its tool or its kind: `tests` means every test. */
function meant(check: Check | undefined, wanted: readonly string[]): boolean {
  return check !== undefined && [check.id, check.tool, check.kind].some(word => wanted.includes(word));
}

async function runOne(
  check: Check,
  { commands, confined, files, store, tree }: CheckParts,
  signal: AbortSignal,
): Promise<Outcome> {
  const ports = { files, environment: store.environment };
  const program =
    (await findProgram(check.program, tree.root, check.folder, ports)) ??
    (await findProgram(check.program, tree.project, check.folder, ports));
  const [path, ...first] = program ?? [];
  if (path === undefined) return failed(`${check.tool} is not installed, neither in the project nor on PATH`);
  const own = confined && path.startsWith(`${tree.project}/`);
  const argv = [own ? join(tree.root, path.slice(tree.project.length + 1)) : path, ...first];
  const folder = join(tree.root, check.folder);
  const ran = await commands.runIn(
    {
      argv: [...argv, ...check.arguments.map(each => each.replaceAll(PLACES.folder, () => folder))],
      cwd: check.folder,
      ...(check.environment ? { environment: check.environment } : {}),
    },
    signal,
  );
  return ran.ok ? outcomeOf(ran.value, tree.root) : failed(ran.why);
}

function failed(why: string): Outcome {
  return { ok: false, how: 'not run', output: why, durationMs: 0 };
}
