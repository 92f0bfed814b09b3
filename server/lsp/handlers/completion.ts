/** textDocument/completion: the same suggestions as menu items that survive each editor's own filtering. */
import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  type CompletionParams,
  CompletionTriggerKind,
} from 'vscode-languageserver';
import { type OwnItem, ownDocument } from '../../features/ownDocuments.ts';
import { AskedPlace } from '../askedPlace.ts';
import { completionItems, withDocumentation } from '../completionItem.ts';
import type { Session } from '../session.ts';

/** The menu of a client that waits for its slowest server gets what is there after this time, in ms. */
const PATIENCE_MS = 30;
/** A client that merges late answers may be held this long, in ms. */
const LATE_PATIENCE_MS = 1_000;

export async function completion(
  session: Session,
  { textDocument, position, context }: CompletionParams,
  signal: AbortSignal,
): Promise<CompletionList> {
  const isCharacter = context?.triggerKind === CompletionTriggerKind.TriggerCharacter;
  // "Invoked" is also what editors say while an identifier is typed: it proves neither typing nor asking.
  const automatic =
    isCharacter || context?.triggerKind === CompletionTriggerKind.TriggerForIncompleteCompletions;
  const opened = session.documents.get(textDocument.uri);
  const place = opened && new AskedPlace(opened, position);
  const own = await ownDocument(session.services, textDocument.uri);
  const ours = own && (await own.language.complete(own.document, position, session.services));
  if (ours) return { isIncomplete: true, items: ours.map(toOwnItem) };
  const { suggestions, final } = await session.completion.complete(
    {
      uri: textDocument.uri,
      position,
      trigger: automatic ? 'automatic' : 'explicit',
      mayBeTyping: true,
      debounceMs: session.debounceMs,
      patience: session.client.mergesLateCompletions ? LATE_PATIENCE_MS : PATIENCE_MS,
    },
    signal,
  );
  session.askConsent();
  const document = session.documents.get(textDocument.uri);
  if (!document || !place) return { isIncomplete: false, items: [] };
  const fitting = suggestions.filter(suggestion => place.fits(document, suggestion));
  const items = completionItems(fitting, document, session.client);
  // Always asked again while the person types: what fits changes with every key.
  return { isIncomplete: !final || items.length > 0 || !isCharacter, items };
}

/** `filterText` is what stands in the document, so that each editor's own filtering keeps it. */
function toOwnItem({ label, detail, range, newText, opens }: OwnItem): CompletionItem {
  const kind = opens ? CompletionItemKind.Folder : CompletionItemKind.File;
  return { label, kind, detail, filterText: newText, sortText: label, textEdit: { range, newText } };
}

export function completionResolve(_session: Session, item: CompletionItem): CompletionItem {
  return withDocumentation(item);
}
