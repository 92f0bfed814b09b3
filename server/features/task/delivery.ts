/**
 * What becomes of a result: exactly the approved difference comes into the project as one undoable change, merged
 * with what was edited meanwhile, or not at all. It must not know how the person approved it, nor the loop.
 */
import { checkApproval, resultOf } from '../../agent/approval.ts';
import type { Answer, Delivery } from '../../agent/ports.ts';
import { dirname } from 'node:path';
import { readChangeSet } from '../../edits/changeSet/read.ts';
import { writeFiles } from '../../edits/changeSet/write.ts';
import { plainLine } from '../../guard/sanitise.ts';
import { archiveOf, type TaskTree } from '../../sandbox/taskTree.ts';
import type { Approvals } from '../../store/approvals.ts';
import type { DocumentChange } from '../../base/host.ts';
import { openFiles } from '../changes/record.ts';
import { outlook, uriOf } from '../changeSet/files.ts';
import type { Services } from '../services.ts';
import { differenceOf } from './difference.ts';

export interface DeliveryParts {
  readonly services: Services;
  /** Names the task in approvals. */
  readonly id: string;
  readonly approvals: Pick<Approvals, 'has'>;
  readonly tree: TaskTree;
  /** The task's document: paths are relative to its workspace folder. */
  readonly uri: string;
  readonly title: () => string;
  /** The change by which the result came into the project; it is what undo takes back. */
  readonly applied: (change: string) => Promise<void>;
}

/** Who types this often faster than a change is computed wants something else. */
const MAX_TRIES = 6;
const done = { ok: true, value: undefined } as const;

export function delivery(parts: DeliveryParts): Delivery {
  const { applied, approvals, id, services, title, tree } = parts;
  return {
    async apply(approval) {
      const diff = await tree.diff();
      // What a journal or a document says is no person's word.
      const approved = await checkApproval(id, approval, resultOf(tree, diff), approvals);
      if (!approved.ok) return approved;
      for (const { before } of differenceOf(diff).files)
        if (before !== null) services.changeSets.remember(before);
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const change = await changeOf(parts, differenceOf(diff).files);
        if (!change.ok) return change;
        const label = `Codriver: ${title()}`;
        // After a kill in between all of it may be there already, and its change not be noted yet.
        if (change.value.length === 0) {
          const known = await changeBefore(parts, label, differenceOf(diff).files);
          if (known !== undefined) await applied(known);
          return done;
        }
        const outcome = await services.changes.apply({ label, documents: change.value });
        if (outcome.applied) {
          if (outcome.change !== undefined) await applied(outcome.change);
          tellOfUnfit(parts, differenceOf(diff).unfit);
          return done;
        }
        if (outcome.why !== 'stale') return no(outcome.message);
      }
      return no('The files kept changing meanwhile, so nothing was applied.');
    },
    async archive(approval) {
      // The tree may be gone since a kill, and nothing of it comes into the project.
      const approved = await checkApproval(id, approval, approval, approvals);
      if (!approved.ok) return approved;
      await tree.dispose();
      return done;
    },
    async discard() {
      await tree.dispose();
    },
  };
}

/** The newest change of that label which is in files of the difference, and in no other. */
async function changeBefore(
  { services, uri }: Pick<DeliveryParts, 'services' | 'uri'>,
  label: string,
  files: ReturnType<typeof differenceOf>['files'],
): Promise<string | undefined> {
  const uris = new Set(files.map(({ path }) => uriOf(services, uri, path)));
  const chains = await services.changes.chains();
  return chains.findLast(
    chain =>
      chain.label === label &&
      openFiles(chain, 'undo').length > 0 &&
      [...chain.last.keys()].every(each => uris.has(each)),
  )?.root;
}

/** Said, and never left out in silence: it was approved with the rest. */
function tellOfUnfit({ services, title, tree }: DeliveryParts, unfit: readonly string[]): void {
  if (unfit.length === 0) return;
  const left = plainLine(unfit.join('; '), 600);
  services.host.tell(
    'warning',
    `Codriver: not all of "${plainLine(title(), 80)}" is in your files, since no edit can carry it: ${left}. It is kept in ${archiveOf(dirname(dirname(tree.root)), tree.id)}.`,
  );
}

/** One change of the files as they are now, or which of them is in the way. */
export async function changeOf(
  { services, uri }: Pick<DeliveryParts, 'services' | 'uri'>,
  files: ReturnType<typeof differenceOf>['files'],
): Promise<Answer<readonly DocumentChange[]>> {
  if (files.length === 0) return no('The task has changed no text, so there is nothing to apply.');
  const written = writeFiles(files);
  if (!written.ok) return no(`${written.why}.`);
  const documents: DocumentChange[] = [];
  const conflicts: string[] = [];
  for (const file of readChangeSet(written.text).files) {
    const found = await outlook(services, uri, file, file.hunks);
    if (found.ok) documents.push(...found.documents);
    else if (!found.present) conflicts.push(`${file.path}: ${found.why}`);
  }
  if (conflicts.length > 0)
    return no(
      `Your files have changed since the task began, and its result does not fit any more, so nothing was applied. ${conflicts.join('; ')}. Take the edits back and resume, or discard the task.`,
    );
  return { ok: true, value: documents };
}

function no(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why };
}
