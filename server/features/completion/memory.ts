/**
 * What models said lately, so that typing along a suggestion, or back into it, costs nothing. An entry counts only
 * where the text before its line, the text after the cursor and what was written since all agree with it; its key
 * is those texts themselves, so that an edit elsewhere forgets nothing. It must not know engines.
 */
import { LRUCache } from 'lru-cache';
import { placeSuggestion } from './place.ts';
import { anchorOf, anchorsOf, type Site } from './site.ts';

/** Places remembered, and suggestions at one place (the lines that were asked about there). */
const MAX_PLACES = 200;
const MAX_AT_PLACE = 12;

export interface Remembered {
  /** Empty: the model had nothing for exactly this place. */
  readonly text: string;
  readonly engine: string;
  readonly confidence: number;
  readonly replaces: number;
  /** Written in this process: asking again at the same place is free, and the index may know more by now. */
  readonly local: boolean;
  /** It was tried out where that is due: no need to do so at every key. */
  readonly checked: boolean;
}

/** What is left of it when a part has been typed. */
export interface Recalled extends Remembered {
  /** In UTF-16 units; 0 where it was asked for. */
  readonly typed: number;
}

/** A suggestion with what stood on its line before it. */
interface Entry extends Remembered {
  readonly written: string;
}

export class SuggestionMemory {
  readonly #places = new LRUCache<string, readonly Entry[]>({ max: MAX_PLACES });
  /** Line breaks of the longest suggestion so far: how far above the cursor one may have begun. */
  #deepest = 0;

  remember(site: Site, suggestion: Remembered): void {
    const anchor = anchorOf(site);
    if (!anchor) return;
    const { key, written } = anchor;
    const others = (this.#places.get(key) ?? []).filter(entry => entry.written !== written);
    this.#places.set(key, [{ ...suggestion, written }, ...others.slice(0, MAX_AT_PLACE - 1)]);
    this.#deepest = Math.max(this.#deepest, suggestion.text.split('\n').length - 1);
  }

  /** The rest of a remembered suggestion that agrees with the text at the cursor: the nearest and newest first. */
  recall(site: Site): Recalled | undefined {
    if (this.#places.size === 0) return undefined;
    for (const { key, written, closers } of anchorsOf(site, this.#deepest)) {
      for (const entry of this.#places.get(key) ?? []) {
        const typed = written.length - entry.written.length;
        if (typed < 0 || !written.startsWith(entry.written)) continue;
        if (typed === 0 ? entry.local : typed >= entry.text.length) continue;
        if (!entry.text.startsWith(written.slice(entry.written.length))) continue;
        const text = entry.text.slice(typed);
        // A bracket that the editor closed is replaced by the suggestion's own, or it would be there twice.
        if (placeSuggestion(text, closers).replaces !== closers.length) continue;
        return { ...entry, text, typed, replaces: entry.replaces + closers.length };
      }
    }
    return undefined;
  }

  /** Of one document, or of all. */
  forget(uri?: string): void {
    if (uri === undefined) return this.#places.clear();
    for (const key of this.#places.keys()) if (key.startsWith(`${uri}\0`)) this.#places.delete(key);
  }
}
