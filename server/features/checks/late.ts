/** What of this room only a command needs, as the one module that is loaded late; no state, no class of ours. */
import { type Check, checksOf, type Formatter, formattersOf } from '../../analysis/checks/checks.ts';
import type { Files } from '../../base/ports.ts';
import { findProgram, type ProgramPorts } from './findProgram.ts';
import { readProject } from './project.ts';

export { createRunner } from '../../sandbox/runner.ts';
export { editsBetween, takeFormatted, tidied } from './hunks.ts';
export { runCheck, runFormatter } from './run.ts';

/** The checkers of a project, or of one of its files. */
export async function findChecks(
  files: Pick<Files, 'list' | 'readText'>,
  root: string,
  file?: string,
): Promise<readonly Check[]> {
  return checksOf(await readProject(files, root, file), file);
}

export async function findFormatters(
  files: Pick<Files, 'list' | 'readText'>,
  root: string,
  file: string,
): Promise<readonly Formatter[]> {
  return formattersOf(await readProject(files, root, file), file);
}

/** Whether its program is there; where that is known only when it runs, it counts as there. */
export async function isInstalled(check: Check, root: string, ports: ProgramPorts): Promise<boolean> {
  if (check.id === 'compiler') return true;
  return (await findProgram(check.program, root, check.folder, ports)) !== undefined;
}

/** The checkers that a person means by "check": no tests, no scripts, and a build only where nothing quicker says what is wrong. */
export function checkers(checks: readonly Check[], scope: 'file' | 'project'): readonly Check[] {
  const judging = checks.filter(({ kind, script }) => !script && (kind === 'types' || kind === 'lint'));
  const builds = checks.filter(
    ({ kind, script, endings }) =>
      !script &&
      kind === 'build' &&
      !judging.some(each => each.kind === 'types' && each.endings.some(ending => endings.includes(ending))),
  );
  return [...judging, ...builds].filter(each => each.covers === 'project' || scope === 'file');
}
