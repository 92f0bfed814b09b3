/** Diagnostics of other servers, and of the project's checkers where no server told of a place. */
import type { OtherDiagnostics } from '../services.ts';
import type { Checks } from './types.ts';

export function alsoFromChecks(
  others: OtherDiagnostics,
  checks: Pick<Checks, 'overlapping'>,
): OtherDiagnostics {
  return {
    overlapping(uri, range) {
      const told = others.overlapping(uri, range);
      const checked = checks.overlapping(uri, range);
      // Two that look at the same code seldom mark the same columns: a line counts as a place.
      const lines = new Set(told.map(problem => problem.range.start.line));
      return [...told, ...checked.filter(problem => !lines.has(problem.range.start.line))];
    },
  };
}
