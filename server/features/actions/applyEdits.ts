/**
 * The last step of an action whose edits come from the analysis: apply them to exactly the text they were computed
 * for. Whoever types meanwhile makes them be computed again, never written to the wrong place.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { Services } from '../services.ts';
import { giveChange } from '../changeSet/give.ts';
import { type ActionArguments, ActionError } from './action.ts';

/** Somebody who types this often faster than the analysis answers wants something else. */
const MAX_TRIES = 6;

export interface ComputedEdits {
  readonly edits: readonly TextEdit[];
  /** Ends the label in the undo list: "Codriver: fix …". */
  readonly what: string;
}

/**
 * `compute` looks at the document as it is when called; it is called again when the document changed meanwhile. With
 * the `target` of an action a large change is shown first.
 */
export async function applyEdits(
  services: Services,
  document: Document,
  compute: () => Promise<ComputedEdits>,
  target?: ActionArguments,
): Promise<void> {
  const { uri } = document;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const { version } = document;
    const { edits, what } = await compute();
    // The worker has had every change up to this version and none after it, or the version would be another now.
    if (document.version !== version) continue;
    const change = [{ uri, version, edits }];
    const outcome = target
      ? await giveChange(services, { label: what, by: 'Codriver', target, change })
      : await services.changes.apply({ label: `Codriver: ${what}`, documents: change });
    if (outcome.applied) return;
    if (outcome.why !== 'stale' || document.version === version) throw new ActionError(outcome.message);
  }
  throw new ActionError(
    'The buffer kept changing while Codriver was working, so nothing was applied. Run the action again.',
  );
}
