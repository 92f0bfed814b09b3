/**
 * Which of a project's checks judge a task, and in which order: those that the document names, else all that look at the
 * whole project; the cheap ones first. It must not run anything.
 */
import type { Check, CheckKind, Cost, ProjectFiles } from '../../analysis/checks/checks.ts';
import { checksOf } from '../../analysis/checks/checks.ts';

export interface Chosen {
  readonly checks: readonly Check[];
  /** Names of the document that no check has. */
  readonly unknown: readonly string[];
  /** Ids of checks that the base has and the result has not. */
  readonly vanished: readonly string[];
}

const COSTS: readonly Cost[] = ['quick', 'slow', 'heavy'];
const KINDS: readonly CheckKind[] = ['types', 'lint', 'format', 'build', 'tests'];

/** `names`: ids, tools or kinds (`tests`, `lint` …); undefined: everything that is about the whole project. */
export function chooseChecks(
  base: ProjectFiles,
  result: ProjectFiles,
  names: readonly string[] | undefined,
): Chosen {
  const [old, now] = [checksOf(base), checksOf(result)];
  const vanished = old.filter(each => each.covers === 'project' && !now.some(({ id }) => id === each.id));
  const whole = [...now, ...vanished].filter(({ covers }) => covers === 'project');
  const fits = (check: Check, name: string) =>
    [check.id, check.tool, check.kind].some(each => each.toLowerCase() === name.toLowerCase());
  const checks =
    names === undefined
      ? withoutTwins(whole, result).filter(({ kind }) => kind !== 'format')
      : whole.filter(check => names.some(name => fits(check, name)));
  return {
    checks: [...checks].sort(
      (a, b) =>
        COSTS.indexOf(a.cost) - COSTS.indexOf(b.cost) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind),
    ),
    unknown: (names ?? []).filter(name => !whole.some(check => fits(check, name))),
    vanished: vanished.map(({ id }) => id),
  };
}

/** A tool that one of the project's scripts runs is not run a second time. */
function withoutTwins(checks: readonly Check[], project: ProjectFiles): readonly Check[] {
  return checks.filter(check => {
    if (check.script) return true;
    return !checks.some(other => {
      if (!other.script || other.kind !== check.kind || other.folder !== check.folder) return false;
      const words: readonly string[] = (project.text(other.evidence) ?? '').match(/[\w-]+/g) ?? [];
      return words.includes(check.tool.split(' ')[0] ?? '');
    });
  });
}
