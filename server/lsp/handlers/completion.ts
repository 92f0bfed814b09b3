/** textDocument/completion: the same suggestions as menu items that survive each editor's own filtering. */
import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  type CompletionParams,
  CompletionTriggerKind,
  InsertTextFormat,
  InsertTextMode,
} from 'vscode-languageserver';
import type { Document } from '../../base/document.ts';
import { cut } from '../../base/text.ts';
import type { Suggestion } from '../../features/completion/types.ts';
import { codeFence, plain } from '../../guard/sanitise.ts';
import { asWritten } from '../convert.ts';
import type { Session } from '../session.ts';

/** The menu of a client that waits for its slowest server gets what is there after this time, in ms. */
const PATIENCE_MS = 30;
/** A client that merges late answers may be held this long, in ms. */
const LATE_PATIENCE_MS = 1_000;
/** After the language server's own items in every client's order. */
const SORTED_LAST = '\uffff';
const LABEL_LENGTH = 80;

export async function completion(
  session: Session,
  { textDocument, position, context }: CompletionParams,
  signal: AbortSignal,
): Promise<CompletionList> {
  // "Invoked" is also what editors say while an identifier is typed: it proves neither typing nor asking.
  const automatic = context?.triggerKind === CompletionTriggerKind.TriggerCharacter;
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
  if (!document) return { isIncomplete: false, items: [] };
  const items = suggestions.map((suggestion, index) => toItem(session, document, suggestion, index));
  // Always asked again while the person types: what fits changes with every key.
  return { isIncomplete: !final || items.length > 0 || !automatic, items };
}

/** Nothing is held back from an item, so resolving adds nothing. */
export function completionResolve(_session: Session, item: CompletionItem): CompletionItem {
  return item;
}

function toItem(session: Session, document: Document, suggestion: Suggestion, index: number): CompletionItem {
  const { text, range, engine } = suggestion;
  const line = document.lineAt(range.start.line) ?? '';
  const before = line.slice(0, range.start.character);
  const word = /[\p{L}\p{N}_$]*$/u.exec(before)?.[0] ?? '';
  const start = { line: range.start.line, character: range.start.character - word.length };
  const whole = word + text;
  const [first = ''] = whole.split('\n');
  const shown = plain(first.trim());
  const label = shown.length > LABEL_LENGTH ? `${cut(shown, LABEL_LENGTH)}…` : shown;
  const preview = session.client.completionMarkdown
    ? { kind: 'markdown' as const, value: codeFence(whole, document.languageId) }
    : { kind: 'plaintext' as const, value: plain(whole) };
  return {
    label: whole.includes('\n') ? `${label} …` : label,
    kind: CompletionItemKind.Text,
    detail: `Codriver (${engine})`,
    documentation: preview,
    sortText: `${SORTED_LAST}${index}`,
    filterText: first,
    insertTextFormat: InsertTextFormat.PlainText,
    insertTextMode: InsertTextMode.asIs,
    textEdit: { range: { start, end: range.end }, newText: asWritten(whole, document) },
  };
}
