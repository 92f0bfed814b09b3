/**
 * Requests to a model that are under way. A newer question joins one whose place still agrees with what is typed;
 * one that is contradicted, or that nobody waits for, is ended upstream at once.
 */
import type { Document } from '../../base/document.ts';
import { surroundings } from './memory.ts';

export interface Landed {
  readonly text: string;
  readonly confidence: number;
  /** Set when the model gave nothing usable. */
  readonly failure?: string;
}

interface Flight {
  readonly offset: number;
  readonly before: string;
  readonly after: string;
  readonly controller: AbortController;
  readonly landed: Promise<Landed>;
  waiting: number;
}

export class Flights {
  readonly #flights = new Map<string, Flight>();

  /** Starts a flight at this place, or joins one that agrees. `typed` is what was written since it started. */
  board(
    document: Document,
    offset: number,
    start: (signal: AbortSignal) => Promise<Landed>,
  ): { typed: string; landed: (signal: AbortSignal, keep: boolean) => Promise<Landed> } {
    const { uri } = document;
    const running = this.#flights.get(uri);
    if (running) {
      const typed = this.#typedSince(running, document, offset);
      if (typed !== undefined) return { typed, landed: (signal, keep) => this.#wait(running, signal, keep) };
      running.controller.abort();
    }
    const controller = new AbortController();
    const landed = start(controller.signal);
    const flight: Flight = { offset, ...surroundings(document, offset), controller, landed, waiting: 0 };
    this.#flights.set(uri, flight);
    const remove = () => {
      if (this.#flights.get(uri) === flight) this.#flights.delete(uri);
    };
    landed.then(remove, remove);
    return { typed: '', landed: (signal, keep) => this.#wait(flight, signal, keep) };
  }

  /** Ends what is under way for a document whose text now contradicts it. */
  documentChanged(document: Document): void {
    const flight = this.#flights.get(document.uri);
    if (!flight) return;
    const { before } = surroundings(document, flight.offset);
    if (before !== flight.before) flight.controller.abort();
  }

  end(uri: string): void {
    this.#flights.get(uri)?.controller.abort();
    this.#flights.delete(uri);
  }

  /** What was typed since the flight started, or undefined if the place does not agree any more. */
  #typedSince(flight: Flight, document: Document, offset: number): string | undefined {
    if (flight.controller.signal.aborted || offset < flight.offset || offset - flight.offset > 80)
      return undefined;
    const here = surroundings(document, offset);
    if (here.after !== flight.after) return undefined;
    if (surroundings(document, flight.offset).before !== flight.before) return undefined;
    return document.getText({
      start: document.positionAt(flight.offset),
      end: document.positionAt(offset),
    });
  }

  /** Waits for the landing; leaving early ends the flight unless `keep` or somebody else still waits. */
  async #wait(flight: Flight, signal: AbortSignal, keep: boolean): Promise<Landed> {
    flight.waiting++;
    return new Promise<Landed>((resolve, reject) => {
      const leave = () => {
        flight.waiting--;
        if (flight.waiting === 0 && !keep) flight.controller.abort();
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
