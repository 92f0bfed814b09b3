/** textDocument/inlineCompletion: ghost text, held until there is something worth showing or it is cancelled. */
import {
  type InlineCompletionList,
  type InlineCompletionParams,
  InlineCompletionTriggerKind,
} from 'vscode-languageserver';
import { asWritten } from '../convert.ts';
import { nextEditItem } from '../nextEdit.ts';
import type { Session } from '../session.ts';

export async function inlineCompletion(
  session: Session,
  { textDocument, position, context }: InlineCompletionParams,
  signal: AbortSignal,
): Promise<InlineCompletionList> {
  const nextEdit = nextEditItem(session, textDocument.uri, position);
  if (nextEdit) return { items: [nextEdit] };
  const explicit = context?.triggerKind === InlineCompletionTriggerKind.Invoked;
  const { suggestions } = await session.completion.complete(
    {
      uri: textDocument.uri,
      position,
      trigger: explicit ? 'explicit' : 'automatic',
      patience: 'until-done',
      debounceMs: session.debounceMs,
    },
    signal,
  );
  session.askConsent();
  const document = session.documents.get(textDocument.uri);
  return {
    items: suggestions.map(({ text, range }) => ({ insertText: asWritten(text, document), range })),
  };
}
