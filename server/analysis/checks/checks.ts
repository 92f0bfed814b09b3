/**
 * Which checkers, builds and tests a project has, by its files alone: pure, so that it is the same for a feature and
 * for a task. Finding the programs, trust and running are others' work.
 */
import type { Check, ProjectFiles } from './check.ts';
import { compilerCheck } from './compiler.ts';
import { scriptsOf } from './scripts.ts';
import { endingOf, Signs } from './signs.ts';
import { TOOLS, type Tool } from './tools.ts';

export type * from './check.ts';
export { PLACES } from './check.ts';
export { rangeOf } from './columns.ts';
export { formattersOf } from './formatters.ts';
export { compilationOf, compilerReports } from './compiler.ts';
export { isTelling } from './signs.ts';

/**
 * Everything a project can be checked with: its tools, then its scripts, builds and tests. With a file (relative to
 * the project) what concerns it: the nearest configuration above it counts; without one, the outermost.
 */
export function checksOf(project: ProjectFiles, file?: string): readonly Check[] {
  const signs = new Signs(project);
  const tools = TOOLS.flatMap(tool => toolChecks(tool, signs, file));
  const kept = tools.filter(({ unless, check }) => !tools.some(other => outdoes(other, unless, check)));
  const checks = [...kept.map(({ check }) => check), ...scriptsOf(project, file)];
  const ending = file === undefined ? undefined : endingOf(file);
  const concerns = ({ endings }: Check) =>
    ending === undefined || endings.length === 0 || endings.includes(ending);
  return [...checks.filter(concerns), ...compilerCheck(signs, file)];
}

interface Candidate {
  readonly check: Check;
  readonly unless: readonly string[];
}

/** Whether another found tool does what this one would do. */
function outdoes(other: Candidate, unless: readonly string[], check: Check): boolean {
  return unless.includes(other.check.tool) && (other.check.folder === check.folder || check.evidence === '');
}

function toolChecks(tool: Tool, signs: Signs, file: string | undefined): readonly Candidate[] {
  const unless = tool.unless?.split(' ') ?? [];
  if (tool.signs.length === 0) {
    const used = file === undefined ? signs.someWith(tool.endings) : tool.endings.includes(endingOf(file));
    return used ? [{ check: toCheck(tool, '', '', []), unless }] : [];
  }
  return signs.that(tool.signs, file).map(evidence => {
    const args = typeof tool.arguments === 'function' ? tool.arguments(evidence) : (tool.arguments ?? []);
    return { check: toCheck(tool, evidence.folder, evidence.path, args), unless };
  });
}

function toCheck(row: Tool, folder: string, evidence: string, args: readonly string[]): Check {
  const { tool, kind, cost, endings, program, forFile, forText, environment, parse } = row;
  return {
    id: folder === '' ? tool : `${folder}/${tool}`,
    tool,
    kind,
    covers: row.arguments === undefined ? 'file' : 'project',
    cost,
    folder,
    endings,
    program,
    arguments: args,
    ...(forFile ? { forFile } : {}),
    ...(forText ? { forText } : {}),
    ...(environment ? { environment } : {}),
    evidence,
    parse,
  };
}
