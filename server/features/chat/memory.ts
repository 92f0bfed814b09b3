/**
 * What is remembered of chats while the server runs: where the person was in code, which answers are being written,
 * what was sent last. Nothing here survives the session, and a chat works without it.
 */
import { LRUCache } from 'lru-cache';
import type { Range } from 'vscode-languageserver-textdocument';

const MAX_SENT = 8;

export interface CodePlace {
  readonly uri: string;
  readonly range: Range;
}

export class ChatMemory {
  /** Answers that are being written, by the chat's URI; aborting one stops it. */
  readonly running = new Map<string, AbortController>();
  /** The whole of what was sent last, by the chat's URI. */
  readonly sent = new LRUCache<string, string>({ max: MAX_SENT });
  #place: (CodePlace & { readonly at: number }) | undefined;

  /** The last place in code that the person asked something about. */
  get place(): (CodePlace & { readonly at: number }) | undefined {
    return this.#place;
  }

  /** `at`: when, in ms since the epoch. */
  look(place: CodePlace, at: number): void {
    this.#place = { ...place, at };
  }
}
