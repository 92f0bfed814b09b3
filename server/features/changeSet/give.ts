/**
 * What becomes of an edit that was asked for: applied at once if it is small, else shown as a change-set; another try
 * goes into the change-set that it is for. It must not know who wrote the edit.
 */
import type { ApplyOutcome, DocumentChange } from '../../base/host.ts';
import type { ActionArguments } from '../actions/action.ts';
import type { Services } from '../services.ts';
import { replaceRejected } from './again.ts';
import { writeOrigin } from './origin.ts';
import { changedFiles, isShownFirst, showChangeSet } from './show.ts';

export interface Given {
  /** Ends the undo label, and is the title of a change-set: "fix". */
  readonly label: string;
  /** Who wrote it: a model's name, or Codriver itself. */
  readonly by: string;
  readonly target: ActionArguments;
  readonly change: readonly DocumentChange[];
}

/** `shown`: nothing is changed yet. */
export type GivenOutcome = ApplyOutcome & { readonly shown?: true };

export async function giveChange(services: Services, given: Given): Promise<GivenOutcome> {
  const { again, changes, documents, places, settings } = services;
  const { label, by, target, change } = given;
  const files = changedFiles(services, change, target.uri);
  if (files && again) {
    await replaceRejected(services, again, files);
    return { applied: true, shown: true };
  }
  if (files && isShownFirst(settings(), files)) {
    const text = documents.get(target.uri)?.getText();
    const action = text === undefined ? undefined : writeOrigin(target, places.displayPath(target.uri), text);
    const shown = await showChangeSet(services, {
      title: label,
      origin: by,
      base: 'the files as they were in the editor',
      files,
      near: target.uri,
      ...(action === undefined ? {} : { extras: { action } }),
    });
    if (shown.ok) return { applied: true, shown: true };
    if (!shown.unfit)
      return { applied: false, why: 'refused', message: `The change could not be shown: ${shown.why}` };
    services.log.write('info', `a change is applied and not shown: ${shown.why}`);
  }
  const confirm = reasonToLook(services, change);
  return changes.apply({
    label: `Codriver: ${label}`,
    documents: change,
    ...(confirm === undefined ? {} : { confirm }),
  });
}

/** Why somebody should look at a change that is not shown as a document first. */
function reasonToLook(
  { documents }: Pick<Services, 'documents'>,
  change: readonly DocumentChange[],
): string | undefined {
  if (change.length > 1) return `It changes ${change.length} files.`;
  const isUnchecked = change.some(({ uri, create }) => !create && !documents.get(uri));
  return isUnchecked ? 'The file is not open, so the change could not be checked.' : undefined;
}
