/**
 * Requests to a model that are under way. A newer question joins one whose place still agrees with what is typed;
 * one that is contradicted, or that nobody waits for, is ended upstream at once. It must not know what is asked.
 */
import type { Position, Range } from 'vscode-languageserver-textdocument';
import type { AppliedChange, Document } from '../../base/document.ts';
import { Superseded } from '../../base/errors.ts';
import { type Anchor, anchorOf, anchorsOf, type Site, unixLines } from './site.ts';

export interface Landed {
  readonly text: string;
  readonly confidence: number;
  /** Set when the model gave nothing usable. */
  readonly failure?: string;
}

/** What a request's starter is given: `sent` is called when it leaves, `said` with every piece of text as it comes. */
export interface Takeoff {
  readonly signal: AbortSignal;
  readonly sent: () => void;
  readonly said: (text: string) => void;
}

export type Start = (takeoff: Takeoff) => Promise<Landed>;

interface Flight {
  readonly uri: string;
  readonly anchor: Anchor | undefined;
  /** Text before its place in the editor; another one contradicts it. */
  readonly before: string;
  /** What the editor's text is still to get between `start` and the place. */
  readonly assumed: string;
  readonly controller: AbortController;
  readonly landed: Promise<Landed>;
  /** What the model has said so far. */
  said: string;
  sent: boolean;
  waiting: number;
  /** Where in the editor's text it was asked, moved along with every change; what is typed stands between the two. */
  start: Position;
  end: Position;
  version: number;
  /** Length of the text after `end`, for clients that send whole texts. */
  readonly tail: number;
}

export interface Boarded {
  /** What was written since the flight started. */
  readonly typed: string;
  /** The landing, whoever waits for it. */
  readonly landed: Promise<Landed>;
  /** Waits for the landing; leaving early ends the flight unless `keep`, or others wait, or a newer question came. */
  wait(signal: AbortSignal, keep: boolean): Promise<Landed>;
}

/** More than this typed since a flight started is another question. In UTF-16 units, and in lines. */
const MAX_TYPED = 80;
const MAX_TYPED_LINES = 2;
/** Text before a place whose change contradicts it. In UTF-16 units. */
const BEFORE = 400;
const TRAILING_CLOSERS = /[)\]}>"'`;,\s]+$/;

export class Flights {
  readonly #flights = new Map<string, Flight>();

  /** Starts a flight at this place, or joins one that agrees. One of the document that does not is ended. */
  board(document: Document, site: Site, start: Start): Boarded {
    const running = this.#flights.get(site.query.uri);
    if (running) {
      const typed = typedSince(running, site);
      if (typed !== undefined) return boarded(running, typed);
      running.controller.abort();
    }
    return boarded(this.#start(document, site, start), '');
  }

  /** Starts a flight that nobody waits for, unless the document has one. False if it has. */
  ahead(document: Document, site: Site, start: Start): boolean {
    if (this.#flights.has(site.query.uri)) return false;
    this.#start(document, site, start).landed.catch(() => {});
    return true;
  }

  #start(document: Document, site: Site, start: Start): Flight {
    const { uri } = site.query;
    const controller = new AbortController();
    let resolve: (landed: Landed) => void = () => {};
    let reject: (reason: unknown) => void = () => {};
    const landed = new Promise<Landed>((...settle) => ([resolve, reject] = settle));
    const flight: Flight = {
      uri,
      anchor: anchorOf(site),
      before: textBefore(document, site.start),
      assumed: site.assumed,
      controller,
      landed,
      said: '',
      sent: false,
      waiting: 0,
      start: site.start,
      end: site.end,
      version: document.version,
      tail: document.length - document.offsetAt(site.end),
    };
    this.#flights.set(uri, flight);
    const remove = () => {
      if (this.#flights.get(uri) === flight) this.#flights.delete(uri);
    };
    landed.then(remove, remove);
    start({
      signal: controller.signal,
      sent: () => (flight.sent = true),
      said: text => (flight.said += text),
    }).then(resolve, reject);
    return flight;
  }

  /** Ends what is under way for a document whose text now contradicts it. */
  documentChanged(document: Document): void {
    const flight = this.#flights.get(document.uri);
    if (!flight || flight.controller.signal.aborted) return;
    follow(flight, document);
    if (textBefore(document, flight.start) !== flight.before) return flight.controller.abort();
    const typed = unixLines(document.getText({ start: flight.start, end: flight.end }));
    const expected = flight.assumed + flight.said;
    // What an editor closes by itself says nothing against the flight.
    if (!agrees(typed, expected) && !agrees(typed.replace(TRAILING_CLOSERS, ''), expected))
      flight.controller.abort();
  }

  /** Of one document, or of all. */
  end(uri?: string): void {
    for (const [key, flight] of this.#flights) {
      if (uri !== undefined && key !== uri) continue;
      flight.controller.abort();
      this.#flights.delete(key);
    }
  }
}

function agrees(typed: string, expected: string): boolean {
  return typed.startsWith(expected) || expected.startsWith(typed);
}

/** What was typed since the flight started, or undefined if the place does not agree any more. */
function typedSince(flight: Flight, site: Site): string | undefined {
  if (!flight.anchor || flight.controller.signal.aborted) return undefined;
  for (const { key, written } of anchorsOf(site, MAX_TYPED_LINES)) {
    if (key !== flight.anchor.key || !written.startsWith(flight.anchor.written)) continue;
    const typed = written.slice(flight.anchor.written.length);
    // Before it has left, a request for the newer text is better than one for an older.
    if (!flight.sent && typed !== '') return undefined;
    if (typed.length > MAX_TYPED) return undefined;
    return agrees(typed, flight.said) ? typed : undefined;
  }
  return undefined;
}

function boarded(flight: Flight, typed: string): Boarded {
  return { typed, landed: flight.landed, wait: (signal, keep) => waitFor(flight, signal, keep) };
}

function waitFor(flight: Flight, signal: AbortSignal, keep: boolean): Promise<Landed> {
  flight.waiting++;
  return new Promise<Landed>((resolve, reject) => {
    const leave = () => {
      flight.waiting--;
      const abandoned = !keep && !(signal.reason instanceof Superseded);
      if (flight.waiting === 0 && abandoned) flight.controller.abort();
      reject(signal.reason as Error);
    };
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    const settle =
      <T>(then: (value: T) => void) =>
      (value: T) => {
        signal.removeEventListener('abort', leave);
        then(value);
      };
    flight.landed.then(settle(resolve), settle(reject));
  });
}

function textBefore(document: Document, position: Position): string {
  const start = document.positionAt(Math.max(0, document.offsetAt(position) - BEFORE));
  return document.getText({ start, end: position });
}

/** Moves the flight's place to where it is in the document's present text. */
function follow(flight: Flight, document: Document): void {
  const changes = document.changesSince(flight.version);
  flight.version = document.version;
  if (!changes) {
    flight.end = document.positionAt(Math.max(0, document.length - flight.tail));
    return;
  }
  for (const change of changes) {
    flight.start = moved(flight.start, change, false);
    flight.end = moved(flight.end, change, true);
  }
}

/** Where a position is after a change; what is inserted right at it counts as behind it, or before it with `along`. */
function moved(position: Position, { range, text }: AppliedChange, along: boolean): Position {
  const { start, end } = range;
  if (isBefore(position, end)) return isBefore(start, position) ? start : position;
  if (!along && !isBefore(end, position) && !isBefore(start, end)) return position;
  const inserted = endOf(range, text);
  return end.line === position.line
    ? { line: inserted.line, character: inserted.character + position.character - end.character }
    : { line: position.line + inserted.line - end.line, character: position.character };
}

function endOf({ start }: Range, text: string): Position {
  const lines = text.split(/\r\n|\r|\n/);
  const last = lines.at(-1) as string;
  return lines.length === 1
    ? { line: start.line, character: start.character + last.length }
    : { line: start.line + lines.length - 1, character: last.length };
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
