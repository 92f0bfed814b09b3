/**
 * What was suggested lately, so that typing along a suggestion costs nothing. An entry counts only where the text
 * before its place, the text after the cursor and what was typed since all agree with it.
 */
import { LRUCache } from 'lru-cache';
import type { Document } from '../../base/document.ts';

/** How much text on each side must be the same, in UTF-16 units. */
const CONTEXT = 400;
const MAX_ENTRIES = 200;

/** An offset with the text on both sides that identifies it. */
export interface Place {
  readonly offset: number;
  readonly before: string;
  readonly after: string;
}

export interface Remembered {
  readonly text: string;
  readonly engine: string;
  readonly confidence: number;
  readonly replaces: number;
  /** Written in this process: asking again at the same place is free, and the index may know more by now. */
  readonly local: boolean;
}

type Entry = Place & Remembered;

export class SuggestionMemory {
  readonly #entries = new LRUCache<string, Entry[]>({
    maxSize: MAX_ENTRIES,
    sizeCalculation: entries => entries.length + 1,
  });

  /** `place`: as it was when the suggestion was asked for, since the document may have changed since. */
  remember(uri: string, { offset, before, after }: Place, suggestion: Remembered): void {
    if (suggestion.text === '') return;
    const entries = (this.#entries.get(uri) ?? []).filter(
      entry => entry.offset !== offset || entry.before !== before || entry.after !== after,
    );
    this.#entries.set(uri, [...entries.slice(-19), { ...suggestion, offset, before, after }]);
  }

  /** The rest of a remembered suggestion that agrees with the text at `offset`, the newest first. */
  recall(document: Document, offset: number): Remembered | undefined {
    const entries = this.#entries.get(document.uri);
    if (!entries) return undefined;
    const here = surroundings(document, offset);
    for (const entry of entries.toReversed()) {
      const typed = offset - entry.offset;
      if (typed < 0 || typed >= entry.text.length || entry.after !== here.after) continue;
      if (entry.local && typed === 0) continue;
      const { before } = surroundings(document, entry.offset);
      if (before !== entry.before) continue;
      const written = document.getText({
        start: document.positionAt(entry.offset),
        end: document.positionAt(offset),
      });
      if (written !== entry.text.slice(0, typed)) continue;
      return { ...entry, text: entry.text.slice(typed) };
    }
    return undefined;
  }

  /** Of one document, or of all. */
  forget(uri?: string): void {
    if (uri === undefined) this.#entries.clear();
    else this.#entries.delete(uri);
  }
}

/** The text on both sides of an offset that identifies the place. */
export function surroundings(document: Document, offset: number): { before: string; after: string } {
  const at = document.positionAt(offset);
  const before = document.getText({ start: document.positionAt(Math.max(0, offset - CONTEXT)), end: at });
  const after = document.getText({ start: at, end: document.positionAt(offset + CONTEXT) });
  return { before, after };
}
