/**
 * What the main thread asks of the worker thread, as one typed surface. The worker mirrors the editor's open
 * documents, so that a request carries a place and never a text. It must not know how either side does its work.
 */
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver-textdocument';

export interface OpenDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
}

/** Document mirror; these are notifications, kept in order with the requests. */
export interface Mirror {
  open(document: OpenDocument): void;
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void;
  close(uri: string): void;
  /** The code cells of a notebook in order; none: it is closed. */
  arrange(notebook: string, cells: readonly string[]): void;
}
