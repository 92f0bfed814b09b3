/**
 * The open documents, kept in step with the editor. Tells when they are not: a stale or unknown version locks a
 * document's edits until the editor sends its whole text again. It must not know what the texts are used for.
 */
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { CellOrder } from '../base/cells.ts';
import { Document } from '../base/document.ts';
import type { Log } from '../base/ports.ts';
import type { Mirror, OpenDocument } from '../base/worker.ts';
import type { RecordedHistory } from '../edits/editHistory.ts';

/** Above this size a document is kept in step, but no feature looks at it. In UTF-16 units. */
const MAX_DOCUMENT_LENGTH = 50 * 1024 * 1024;

export function isTooLarge(document: Document): boolean {
  return document.length > MAX_DOCUMENT_LENGTH;
}

export class Documents {
  readonly #open = new Map<string, Document>();
  readonly #desynchronised = new Set<string>();
  readonly #edited = new Map<string, number>();
  readonly #mirrored = new Set<string>();
  readonly #mirror: Mirror;
  readonly #log: Log;
  readonly #history: RecordedHistory | undefined;
  readonly #cells = new CellOrder();
  #edits = 0;

  constructor(mirror: Mirror, log: Log, history?: RecordedHistory) {
    this.#mirror = mirror;
    this.#log = log;
    this.#history = history;
  }

  get(uri: string): Document | undefined {
    return this.#open.get(uri);
  }

  /** Most recently edited or opened first. */
  all(): Document[] {
    const last = (document: Document) => this.#edited.get(document.uri) ?? 0;
    return [...this.#open.values()].sort((a, b) => last(b) - last(a));
  }

  /** True if the text here may differ from the editor's: no edit may be made from it. */
  isDesynchronised(uri: string): boolean {
    return this.#desynchronised.has(uri);
  }

  /** Locks a document's edits until the editor sends its whole text again. */
  desynchronise(uri: string): void {
    if (!this.#open.has(uri)) return;
    this.#desynchronised.add(uri);
    this.#log.write('warn', 'a change of a document was refused; edits are off for it until it is reopened');
  }

  /** Opens, or replaces a document that is open already (the editor's word counts). */
  open({ uri, languageId, version, text }: OpenDocument): void {
    if (this.#open.has(uri)) this.#log.write('warn', 'a document was opened twice; its text was replaced');
    const document = new Document(uri, languageId, version, text);
    this.#open.set(uri, document);
    this.#desynchronised.delete(uri);
    this.#edited.set(uri, ++this.#edits);
    this.#history?.restart(uri);
    this.#show(document);
  }

  /** Applies changes in order; `version` null means the client does not count versions. */
  change(uri: string, version: number | null, changes: readonly TextDocumentContentChangeEvent[]): boolean {
    const document = this.#open.get(uri);
    if (!document) {
      this.#log.write('warn', 'a change for a document that is not open was dropped');
      return false;
    }
    const whole = changes.findLast(change => !('range' in change && change.range));
    const next = version ?? document.version + 1;
    if (next <= document.version && !whole) {
      this.#desynchronised.add(uri);
      this.#log.write(
        'warn',
        `a change to version ${next} came after version ${document.version} and was dropped; edits are off for this document until it is reopened`,
      );
      return false;
    }
    const recorded = isTooLarge(document) ? undefined : this.#history?.follow(document, next);
    document.update(changes, next, recorded);
    if (whole) this.#desynchronised.delete(uri);
    this.#edited.set(uri, ++this.#edits);
    if (this.#mirrored.has(uri) && !isTooLarge(document)) this.#mirror.change(uri, next, changes);
    else this.#show(document);
    return true;
  }

  close(uri: string): void {
    if (!this.#open.delete(uri)) return;
    this.#desynchronised.delete(uri);
    this.#edited.delete(uri);
    this.#history?.restart(uri);
    this.#hide(uri);
  }

  /** The code cells of a notebook in order; none: it is closed. */
  arrange(notebook: string, cells: readonly string[]): void {
    this.#cells.arrange(notebook, cells);
    this.#mirror.arrange(notebook, cells);
  }

  /** The other code cells of a cell's notebook, in order. */
  around(uri: string): { above: Document[]; below: Document[] } {
    const { above, below } = this.#cells.around(uri);
    const open = (cells: readonly string[]) => cells.flatMap(cell => this.#open.get(cell) ?? []);
    return { above: open(above), below: open(below) };
  }

  /** Gives the mirror the whole text, unless it is too large for anybody to look at. */
  #show(document: Document): void {
    const { uri, languageId, version } = document;
    if (isTooLarge(document)) return this.#hide(uri);
    this.#mirrored.add(uri);
    this.#mirror.open({ uri, languageId, version, text: document.getText() });
  }

  #hide(uri: string): void {
    if (this.#mirrored.delete(uri)) this.#mirror.close(uri);
  }
}
