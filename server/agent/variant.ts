/**
 * Whether a task comes nearer to its end. As a loop is proved to end by a number that falls (Floyd's variant), the
 * count of open obligations has to fall within so many answers, and nothing may be done again that has had its
 * effect: the same call on the same tree. It must not know tools or models.
 */
import { createHash } from 'node:crypto';
import type { Progress } from './types.ts';

/** Answers of a model within which an obligation has to be met. */
export const MOST_ANSWERS = 40;
/** The same act on the same tree: done once, said the second time, the end the fourth time. */
export const MOST_REPEATS = 3;
/** Acts that are remembered. */
const MEMORY = 200;

/** The mark of an act: what was called, and on which tree. `scope` sets apart what may be done again elsewhere. */
export function markOf(name: string, args: unknown, tree: string, scope: string): string {
  return createHash('sha256')
    .update(JSON.stringify([scope, name, sorted(args), tree]))
    .digest('hex')
    .slice(0, 16);
}

/** How often this was done already. */
export function repeatsOf({ done }: Progress, mark: string): number {
  return done.filter(each => each === mark).length;
}

export function afterAct(progress: Progress, mark: string): Progress {
  return { ...progress, done: [...progress.done, mark].slice(-MEMORY) };
}

/** After one answer of a model, with the obligations that are open now. */
export function afterAnswering(progress: Progress, open: number): Progress {
  if (open < progress.fewest) return { ...progress, fewest: open, since: 0 };
  return { ...progress, since: progress.since + 1 };
}

/** The person changed what there is to do: the count begins anew. */
export function afterNewPlan(progress: Progress, open: number): Progress {
  return { ...progress, fewest: open, since: 0 };
}

/** Why the work is taken to be stuck, in words for the person; undefined while it goes on. */
export function stuckReason(progress: Progress, mark?: string): string | undefined {
  if (mark !== undefined && repeatsOf(progress, mark) > MOST_REPEATS)
    return `The model has done the same thing ${repeatsOf(progress, mark)} times without any effect`;
  if (progress.since >= MOST_ANSWERS)
    return `For ${progress.since} answers of the model no step and no check has come nearer to its end`;
  return undefined;
}

/** Arguments with their keys in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, each]) => [key, sorted(each)]);
}
