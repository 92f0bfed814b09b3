/**
 * Requests to a model that are under way. A newer question joins one whose place still agrees with what is typed;
 * one that is contradicted, or that nobody waits for, is ended upstream at once.
 */
import type { Document } from '../../base/document.ts';
import { Superseded } from '../../base/errors.ts';
import { type Place, surroundings } from './memory.ts';

export interface Landed {
  readonly text: string;
  readonly confidence: number;
  /** Set when the model gave nothing usable. */
  readonly failure?: string;
}

interface Flight extends Place {
  /** Length of the document when it started. */
  readonly length: number;
  readonly controller: AbortController;
  readonly landed: Promise<Landed>;
  /** What the model has said so far. */
  said: string;
  waiting: number;
}

export interface Boarded {
  readonly typed: string;
  /** The landing, whoever waits for it. */
  readonly landed: Promise<Landed>;
  wait(signal: AbortSignal, keep: boolean): Promise<Landed>;
}

/** Starts a request; `said` is called with every piece of text as it comes. */
export type Start = (signal: AbortSignal, said: (text: string) => void) => Promise<Landed>;

/** More than this typed since a flight started is another question. In UTF-16 units. */
const MAX_TYPED = 80;

export class Flights {
  readonly #flights = new Map<string, Flight>();

  /** Starts a flight at this place, or joins one that agrees. `typed` is what was written since it started. */
  board(document: Document, place: Place, start: Start): Boarded {
    const { uri } = document;
    const running = this.#flights.get(uri);
    if (running) {
      const typed = this.#typedSince(running, document, place);
      if (typed !== undefined) return this.#boarded(running, typed);
      running.controller.abort();
    }
    const controller = new AbortController();
    const landed = start(controller.signal, text => (flight.said += text));
    const flight: Flight = { ...place, length: document.length, controller, landed, said: '', waiting: 0 };
    this.#flights.set(uri, flight);
    const remove = () => {
      if (this.#flights.get(uri) === flight) this.#flights.delete(uri);
    };
    landed.then(remove, remove);
    return this.#boarded(flight, '');
  }

  #boarded(flight: Flight, typed: string): Boarded {
    const { landed } = flight;
    return { typed, landed, wait: (signal, keep) => this.#wait(flight, signal, keep) };
  }

  /** Ends what is under way for a document whose text now contradicts it. */
  documentChanged(document: Document): void {
    const flight = this.#flights.get(document.uri);
    if (!flight) return;
    const { before } = surroundings(document, flight.offset);
    if (before !== flight.before) return flight.controller.abort();
    const end = flight.offset + document.length - flight.length;
    if (end < flight.offset || surroundings(document, end).after !== flight.after) return;
    const typed = textBetween(document, flight.offset, end);
    if (!typed.startsWith(flight.said) && !flight.said.startsWith(typed)) flight.controller.abort();
  }

  /** Of one document, or of all. */
  end(uri?: string): void {
    for (const [key, flight] of this.#flights) {
      if (uri !== undefined && key !== uri) continue;
      flight.controller.abort();
      this.#flights.delete(key);
    }
  }

  /** What was typed since the flight started, or undefined if the place does not agree any more. */
  #typedSince(flight: Flight, document: Document, { offset, after }: Place): string | undefined {
    if (flight.controller.signal.aborted || offset < flight.offset || offset - flight.offset > MAX_TYPED)
      return undefined;
    if (after !== flight.after) return undefined;
    if (surroundings(document, flight.offset).before !== flight.before) return undefined;
    return textBetween(document, flight.offset, offset);
  }

  /**
   * Waits for the landing; leaving early ends the flight unless `keep`, or somebody else still waits, or a newer
   * question came: that one joins it or ends it.
   */
  async #wait(flight: Flight, signal: AbortSignal, keep: boolean): Promise<Landed> {
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
      flight.landed.then(
        result => {
          signal.removeEventListener('abort', leave);
          resolve(result);
        },
        (error: unknown) => {
          signal.removeEventListener('abort', leave);
          reject(error as Error);
        },
      );
    });
  }
}

function textBetween(document: Document, start: number, end: number): string {
  return document.getText({ start: document.positionAt(start), end: document.positionAt(end) });
}
