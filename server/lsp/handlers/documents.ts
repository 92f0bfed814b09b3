/** Document synchronisation: keep the mirror in step, then tell who follows the text. */
import type {
  DidChangeTextDocumentParams,
  DidCloseTextDocumentParams,
  DidOpenTextDocumentParams,
  DidSaveTextDocumentParams,
} from 'vscode-languageserver';
import { isTooLarge } from '../documents.ts';
import type { Session } from '../session.ts';

export function didOpen(session: Session, { textDocument }: DidOpenTextDocumentParams): void {
  session.documents.open(textDocument);
  const document = session.documents.get(textDocument.uri);
  if (document && isTooLarge(document)) {
    const name = session.places.displayPath(document.uri);
    session.host.tell('info', `Codriver: ${name} is larger than 50 MB, so Codriver leaves it alone.`);
  }
  session.diagnostics.documentChanged(textDocument.uri);
}

export function didChange(
  session: Session,
  { textDocument, contentChanges }: DidChangeTextDocumentParams,
): void {
  const { uri, version } = textDocument;
  if (!session.documents.change(uri, version, contentChanges)) return;
  const document = session.documents.get(uri);
  if (document) session.completion.documentChanged(document);
  if (document) session.nextEdits.documentChanged(document);
  session.workspace.reviews.documentChanged(uri, contentChanges);
  session.diagnostics.documentChanged(uri);
}

export function didSave(session: Session, { textDocument }: DidSaveTextDocumentParams): void {
  const path = session.places.pathOf(textDocument.uri);
  if (path) session.workspace.filesChanged([path]);
  if (session.services.settings().checks.onSave) void session.workspace.checks.saved(textDocument.uri);
  session.reviewOnSave.saved(textDocument.uri);
}

export function didClose(session: Session, { textDocument }: DidCloseTextDocumentParams): void {
  session.documents.close(textDocument.uri);
  session.completion.documentClosed(textDocument.uri);
  session.nextEdits.documentClosed(textDocument.uri);
  session.workspace.reviews.documentClosed(textDocument.uri);
  session.diagnostics.documentClosed(textDocument.uri);
}
