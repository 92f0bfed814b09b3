/** The last step of every action on one document: apply, and say plainly when that did not happen. */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';
import type { Services } from '../services.ts';
import { ActionError } from './action.ts';

/** Applies edits made against the document as it is now. `what` ends the label: "Codriver: fix …". */
export async function applyEdits(
  services: Services,
  document: Document,
  edits: readonly TextEdit[],
  what: string,
): Promise<void> {
  const { uri, version } = document;
  const outcome = await services.host.apply({
    label: `Codriver: ${what}`,
    documents: [{ uri, version, edits }],
  });
  if (!outcome.applied) throw new ActionError(outcome.message);
}
