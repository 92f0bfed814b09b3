/** The editor's documents as the worker thread sees them. It must not know what is made of them. */
import { CellOrder } from './base/cells.ts';
import { Document } from './base/document.ts';
import type { Clock, Timer } from './base/ports.ts';
import { contentLength } from './base/text.ts';
import type { OpenDocument } from './base/worker.ts';
import { WorkspacePlaces } from './features/places.ts';

/** A document that was not typed in for this long is learned again, in ms. */
const SETTLE_MS = 3_000;
const MAX_SCRUBBED_LINES = 20_000;

export interface DocumentMirror {
  get(uri: string): Document | undefined;
  all(): readonly Document[];
  pathOf(uri: string): string | undefined;
  open(document: OpenDocument): Document;
  change(uri: string, version: number, changes: Parameters<Document['update']>[0]): void;
  /** Something was asked for at a place: where nobody has typed yet, the word before it counts as being typed. */
  asked(uri: string, line: number, character: number): void;
  /** Returns the path of the file, if it was open and has one. */
  close(uri: string): string | undefined;
  /** The text without the word that is being typed: a torn word must not be learned, or it would be suggested. */
  learnable(document: Document): string;
  /** The order of cells in notebooks. */
  readonly cells: CellOrder;
  /** The lines around a line, those of a notebook's other code cells included, secrets replaced. */
  linesAround(
    uri: string,
    line: number,
    above: number,
    below: number,
  ): { path: string; above: readonly string[]; below: readonly string[] } | undefined;
  /** Calls back when a document has changed and typing has paused. */
  onSettled(callback: (document: Document) => void, clock: Clock): void;
}

/** `scrub` replaces secrets in a text; it is asked once for each line as long as that stands. */
export function createMirror(scrub: (text: string) => string): DocumentMirror {
  const open = new Map<string, Document>();
  const timers = new Map<string, Timer>();
  const scrubbed = new Map<string, string>();
  /** Offset behind what was typed last. */
  const typed = new Map<string, number>();
  let settled: ((uri: string) => void) | undefined;

  const cells = new CellOrder();
  const places = new WorkspacePlaces();
  const pathOf = (uri: string) => places.pathOf(uri);

  /** Takes the line with its end: that very string is the document's, and its hash is known from the last time. */
  function clean(line: string): string {
    let result = scrubbed.get(line);
    if (result === undefined) {
      result = scrub(line.slice(0, contentLength(line)));
      if (scrubbed.size > MAX_SCRUBBED_LINES) scrubbed.clear();
      scrubbed.set(line, result);
    }
    return result;
  }

  return {
    cells,
    get: uri => open.get(uri),
    all: () => [...open.values()],
    pathOf,
    open({ uri, languageId, version, text }) {
      const document = new Document(uri, languageId, version, text);
      open.set(uri, document);
      return document;
    },
    change(uri, version, changes) {
      const document = open.get(uri);
      document?.update(changes, version);
      const last = changes.at(-1);
      if (document && last && 'range' in last && last.range)
        typed.set(uri, document.offsetAt(last.range.start) + last.text.length);
      else typed.delete(uri);
      settled?.(uri);
    },
    asked(uri, line, character) {
      const document = open.get(uri);
      if (!document || typed.has(uri)) return;
      // Without a word there is nothing to leave out, and nothing to learn anew.
      if (!/[\p{L}\p{N}_$]$/u.test(document.lineAt(line).slice(0, character))) return;
      typed.set(uri, document.offsetAt({ line, character }));
      settled?.(uri);
    },
    close(uri) {
      timers.get(uri)?.cancel();
      timers.delete(uri);
      typed.delete(uri);
      return open.delete(uri) ? pathOf(uri) : undefined;
    },
    learnable(document) {
      const text = document.getText();
      const end = typed.get(document.uri);
      if (end === undefined || /^[\p{L}\p{N}_$]/u.test(text.slice(end, end + 2))) return text;
      const word = /[\p{L}\p{N}_$]+$/u.exec(text.slice(Math.max(0, end - 100), end))?.[0] ?? '';
      return text.slice(0, end - word.length) + text.slice(end);
    },
    linesAround(uri, line, above, below) {
      const document = open.get(uri);
      if (!document) return undefined;
      const lines = (of: Document, from: number, to: number) => {
        const found: string[] = [];
        of.eachLine(from, to, text => found.push(clean(text)));
        return found;
      };
      const other = (cell: string) => {
        const found = open.get(cell);
        return found?.languageId === document.languageId ? lines(found, 0, found.lineCount) : [];
      };
      const around = cells.around(uri);
      const head = lines(document, line - above, line);
      const tail = lines(document, line + 1, line + 1 + below);
      const missing = above - head.length;
      return {
        path: pathOf(uri) ?? uri,
        above: missing > 0 ? [...around.above.flatMap(other).slice(-missing), ...head] : head,
        below: [...tail, ...around.below.flatMap(other)].slice(0, below),
      };
    },
    onSettled(callback, clock) {
      settled = uri => {
        timers.get(uri)?.cancel();
        const timer = clock.after(SETTLE_MS, () => {
          timers.delete(uri);
          const document = open.get(uri);
          if (document) callback(document);
        });
        timers.set(uri, timer);
      };
    },
  };
}
