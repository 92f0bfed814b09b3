/**
 * A person's yes to one result: exactly this difference, from exactly this base, of this task, and once. Made by front
 * doors alone, from an answer; nothing that a model, a document or a repository says becomes one. It must not know how
 * the person was asked.
 */
import { createHash } from 'node:crypto';
import type { Approvals } from '../store/approvals.ts';
import type { ChangedFile, TaskTree, TreeDiff } from '../sandbox/taskTree.ts';
import type { Answer } from './ports.ts';
import type { Approval, Result } from './types.ts';

/** What a task came to. The same for the same base and the same difference, and for no others. */
export function resultOf(
  tree: { readonly base: Pick<TaskTree['base'], 'treeHash'> },
  diff: Pick<TreeDiff, 'files'>,
): Result {
  return { base: tree.base.treeHash, diff: hashOfDiff(diff) };
}

/** One hash of exactly this difference: of each path, with its kind and content before and after. */
export function hashOfDiff({ files }: Pick<TreeDiff, 'files'>): string {
  const hash = createHash('sha256');
  for (const { path, before, after } of files)
    hash.update(JSON.stringify([path, digest(before), digest(after)]));
  return hash.digest('hex');
}

function digest(file: ChangedFile['after']): string {
  if (file === undefined || typeof file === 'string') return file ?? 'none';
  return `${file.kind} ${createHash('sha256').update(file.bytes).digest('hex')}`;
}

/** Keeps what the person said yes to. `shown` is the result that they saw; another one is not approved with it. */
export async function approve(
  task: string,
  shown: Result,
  now: Result,
  approvals: Approvals,
): Promise<Answer<Approval>> {
  if (shown.base !== now.base || shown.diff !== now.diff)
    return {
      ok: false,
      why: 'What you saw is no longer what the task came to. Look at it again, then approve it.',
    };
  const approval: Approval = { task, base: now.base, diff: now.diff };
  if (!(await approvals.keep(approval)))
    return {
      ok: false,
      why: 'Your approval could not be written to your state folder, so nothing is applied. Its log says why.',
    };
  return { ok: true, value: approval };
}

/**
 * Whether the person has approved exactly this result of this task. An approval counts until its result is delivered
 * or refused, so that a delivery that was killed can go on; whoever writes that down forgets it then.
 */
export async function checkApproval(
  task: string,
  approval: Approval,
  now: Result,
  approvals: Pick<Approvals, 'has'>,
): Promise<Answer<undefined>> {
  if (approval.base !== now.base || approval.diff !== now.diff)
    return {
      ok: false,
      why: 'The task came to something else since you approved it, so nothing was applied. Look at it again, then approve it.',
    };
  if (!(await approvals.has({ task, base: now.base, diff: now.diff })))
    return {
      ok: false,
      why: 'Nothing is known of your approval of this result, so nothing was applied; one counts once. Look at it, then approve it.',
    };
  return { ok: true, value: undefined };
}
