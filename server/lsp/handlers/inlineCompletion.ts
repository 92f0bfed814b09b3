/** textDocument/inlineCompletion: ghost text, held until there is something worth showing or it is cancelled. */
import {
  type InlineCompletionList,
  type InlineCompletionParams,
  InlineCompletionTriggerKind,
} from 'vscode-languageserver';
import { AskedPlace } from '../askedPlace.ts';
import { inlineItem } from '../inlineItem.ts';
import { nextEditItem } from '../nextEdit.ts';
import type { Session } from '../session.ts';

export async function inlineCompletion(
  session: Session,
  { textDocument, position, context }: InlineCompletionParams,
  signal: AbortSignal,
): Promise<InlineCompletionList> {
  const { uri } = textDocument;
  const nextEdit = nextEditItem(session, uri, position);
  if (nextEdit) return { items: [nextEdit] };
  const explicit = context?.triggerKind === InlineCompletionTriggerKind.Invoked;
  // Some clients write null for none.
  const selected = context?.selectedCompletionInfo ?? undefined;
  const opened = session.documents.get(uri);
  const place = opened && new AskedPlace(opened, position);
  const { suggestions } = await session.completion.complete(
    {
      uri,
      position,
      trigger: explicit ? 'explicit' : 'automatic',
      patience: 'until-done',
      debounceMs: session.debounceMs,
      ...(selected ? { selected } : {}),
    },
    signal,
  );
  session.askConsent();
  const document = session.documents.get(uri);
  if (!document || !place) return { items: [] };
  const items = suggestions.flatMap((suggestion, index) => {
    if (!place.fits(document, suggestion)) return [];
    const id = session.shown.show(uri, suggestion, index);
    return inlineItem(suggestion, document, id, selected) ?? [];
  });
  return { items };
}
