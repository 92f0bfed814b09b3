/** The editor's documents as the worker thread sees them. It must not know what is made of them. */
import { URI } from 'vscode-uri';
import { Document } from './base/document.ts';
import type { Clock, Timer } from './base/ports.ts';
import type { OpenDocument } from './base/worker.ts';

/** A document that was not typed in for this long is learned again, in ms. */
const SETTLE_MS = 3_000;
const MAX_SCRUBBED_LINES = 20_000;

export interface DocumentMirror {
  get(uri: string): Document | undefined;
  all(): readonly Document[];
  pathOf(uri: string): string | undefined;
  open(document: OpenDocument): Document;
  change(uri: string, version: number, changes: Parameters<Document['update']>[0]): void;
  /** Returns the path of the file, if it was open and has one. */
  close(uri: string): string | undefined;
  /** The lines around a line, secrets replaced. */
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
  let settled: ((uri: string) => void) | undefined;

  const pathOf = (uri: string) => (uri.startsWith('file:') ? URI.parse(uri).fsPath : undefined);

  function clean(line: string): string {
    let result = scrubbed.get(line);
    if (result === undefined) {
      result = scrub(line);
      if (scrubbed.size > MAX_SCRUBBED_LINES) scrubbed.clear();
      scrubbed.set(line, result);
    }
    return result;
  }

  return {
    get: uri => open.get(uri),
    all: () => [...open.values()],
    pathOf,
    open({ uri, languageId, version, text }) {
      const document = new Document(uri, languageId, version, text);
      open.set(uri, document);
      return document;
    },
    change(uri, version, changes) {
      open.get(uri)?.update(changes, version);
      settled?.(uri);
    },
    close(uri) {
      timers.get(uri)?.cancel();
      timers.delete(uri);
      return open.delete(uri) ? pathOf(uri) : undefined;
    },
    linesAround(uri, line, above, below) {
      const document = open.get(uri);
      if (!document) return undefined;
      const lines = (from: number, to: number) => {
        const found: string[] = [];
        for (let i = Math.max(0, from); i < Math.min(to, document.lineCount); i++)
          found.push(clean(document.lineAt(i)));
        return found;
      };
      return {
        path: pathOf(uri) ?? uri,
        above: lines(line - above, line),
        below: lines(line + 1, line + 1 + below),
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
