/**
 * The checks that a task may run while it works, in its own tree: those of the project by name, and `impacted`, which
 * runs only the tests that the change can concern where the runner can be told. What they say is no evidence: that comes
 * from a clean copy at the end.
 */
import { posix } from 'node:path';
import { type Check, checksOf, isTelling } from '../../analysis/checks/checks.ts';
import type { TaskTree } from '../../sandbox/taskTree.ts';
import type { Checks, Outcome } from '../ports.ts';
import type { Place } from './copies.ts';
import { chooseChecks } from './choose.ts';
import { impactedTests, narrowed } from './impacted.ts';
import { runCheck, type RunCheckPorts } from './runCheck.ts';

export const IMPACTED = 'impacted';

export interface WorkingChecksOptions {
  readonly tree: TaskTree;
  /** Absolute folder beside the tree for caches and reports. */
  readonly folder: string;
  /** Names in the document; undefined: all of the project. */
  readonly checks: readonly string[] | undefined;
  /** Files of the tree that may be read, and their texts. */
  readonly paths: () => Promise<readonly string[]>;
  readonly text: (path: string) => Promise<string | undefined>;
}

/** Looks for checks once: what a task changes about them is judged at the end. */
export async function createWorkingChecks(
  options: WorkingChecksOptions,
  ports: Omit<RunCheckPorts, 'project'>,
): Promise<Checks> {
  const { folder, tree } = options;
  const paths = await options.paths();
  const texts = new Map<string, string>();
  for (const path of paths.filter(isTelling)) texts.set(path, (await options.text(path)) ?? '');
  const project = { paths, text: (path: string) => texts.get(path) };
  const all = checksOf(project);
  const { checks } = chooseChecks(project, project, options.checks);
  const tests = checks.filter(({ kind }) => kind === 'tests');
  const names = [...new Set(checks.map(({ id }) => id)), ...(tests.length > 0 ? [IMPACTED] : [])];

  async function outcome(check: Check, signal: AbortSignal): Promise<Outcome> {
    const place: Place = {
      folder,
      root: tree.root,
      writable: [tree.root, folder],
      hash: await tree.treeHash(),
      bound: tree.bound,
      text: options.text,
    };
    const run = await runCheck(check, place, { ...ports, project: tree.project }, {}, signal);
    return { ok: run.ok, how: run.how, output: run.output, durationMs: run.durationMs };
  }

  async function impacted(signal: AbortSignal): Promise<Outcome> {
    const { files } = await tree.diff();
    const found = await impactedTests(
      files.map(({ path }) => path),
      await options.paths(),
      options.text,
      signal,
    );
    const outcomes: Outcome[] = [];
    for (const check of tests) {
      const script = scriptOf(check, texts);
      outcomes.push(await outcome((found && narrowed(check, found, script)) ?? check, signal));
    }
    const bad = outcomes.find(({ ok }) => !ok);
    return {
      ok: bad === undefined,
      how: bad?.how ?? 'passed',
      output: outcomes.map(({ output }) => output).join('\n'),
      durationMs: outcomes.reduce((sum, { durationMs }) => sum + durationMs, 0),
    };
  }

  return {
    names: () => names,
    async run(name, signal) {
      try {
        const check = checks.find(({ id }) => id === name) ?? all.find(({ id }) => id === name);
        if (name === IMPACTED) return await impacted(signal);
        if (check) return await outcome(check, signal);
        return { ok: false, how: 'not known', output: '', durationMs: 0 };
      } catch (error) {
        if (signal.aborted) return { ok: false, how: 'cancelled', output: '', durationMs: 0 };
        return { ok: false, how: 'could not be run', output: String(error), durationMs: 0 };
      }
    },
  };
}

/** What a script of package.json runs. */
function scriptOf(check: Check, texts: ReadonlyMap<string, string>): string {
  const name = check.tool.split(' run ')[1];
  const text = texts.get(posix.join(check.folder, 'package.json'));
  if (name === undefined || text === undefined) return '';
  try {
    const { scripts } = JSON.parse(text) as { readonly scripts?: Readonly<Record<string, unknown>> };
    const script = scripts?.[name];
    return typeof script === 'string' ? script : '';
  } catch {
    return '';
  }
}
