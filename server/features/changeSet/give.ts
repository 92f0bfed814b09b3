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
  return changes.apply({ label: `Codriver: ${label}`, documents: change });
}
