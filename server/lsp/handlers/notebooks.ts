/** notebookDocument/*: the cells of a notebook are documents like any others; their order is kept beside them. */
import type {
  DidChangeNotebookDocumentParams,
  DidCloseNotebookDocumentParams,
  DidOpenNotebookDocumentParams,
  DidSaveNotebookDocumentParams,
} from 'vscode-languageserver';
import type { Session } from '../session.ts';
import { didChange, didClose, didOpen } from './documents.ts';

export function didOpenNotebook(
  session: Session,
  { notebookDocument, cellTextDocuments }: DidOpenNotebookDocumentParams,
): void {
  // The order first, so that the worker knows it when the texts come.
  session.notebooks.open(notebookDocument.uri, notebookDocument.cells);
  for (const textDocument of cellTextDocuments) didOpen(session, { textDocument });
}

export function didChangeNotebook(
  session: Session,
  { notebookDocument: { uri }, change }: DidChangeNotebookDocumentParams,
): void {
  const { structure, data, textContent } = change.cells ?? {};
  if (structure) {
    session.notebooks.splice(uri, structure.array);
    for (const textDocument of structure.didOpen ?? []) didOpen(session, { textDocument });
    for (const textDocument of structure.didClose ?? []) didClose(session, { textDocument });
  }
  if (data) session.notebooks.update(uri, data);
  for (const { document, changes } of textContent ?? [])
    didChange(session, { textDocument: document, contentChanges: changes });
}

export function didSaveNotebook(session: Session, { notebookDocument }: DidSaveNotebookDocumentParams): void {
  const path = session.places.pathOf(notebookDocument.uri);
  if (path) session.workspace.filesChanged([path]);
}

export function didCloseNotebook(
  session: Session,
  { notebookDocument, cellTextDocuments }: DidCloseNotebookDocumentParams,
): void {
  const cells = session.notebooks.close(notebookDocument.uri);
  // All its cells, whether the client names them or not.
  for (const uri of new Set([...cells, ...cellTextDocuments.map(cell => cell.uri)]))
    didClose(session, { textDocument: { uri } });
}
