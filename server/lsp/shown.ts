/**
 * The suggestions that were shown as ghost text lately, by the id that an editor sends when one is accepted. Only
 * counts leave it, and only to the person. It must not know the protocol or the pipeline.
 */
import { LRUCache } from 'lru-cache';
import type { Suggestion } from '../features/completion/types.ts';

/** One suggestion; what is left of it while it is typed along keeps its id. */
export interface Shown {
  readonly uri: string;
  readonly suggestion: Suggestion;
}

/** An editor can accept only what it still shows. */
const KEPT = 64;

export class ShownSuggestions {
  readonly #shown = new LRUCache<string, Shown>({ max: KEPT });
  /** The newest of each place in an answer (0 is the first), for what is left of it later. */
  readonly #newest: { id: string; uri: string; text: string }[] = [];
  #count = 0;
  #accepted = 0;

  /** Suggestions shown and accepted in this session; typing along one does not count it again. */
  get counts(): { readonly shown: number; readonly accepted: number } {
    return { shown: this.#count, accepted: this.#accepted };
  }

  /** Notes that a suggestion is shown, as the `place`th of its answer, and gives its id. */
  show(uri: string, suggestion: Suggestion, place = 0): string {
    const newest = this.#newest[place];
    const goesOn = newest?.uri === uri && newest.text.endsWith(suggestion.text);
    const id = goesOn ? newest.id : String(++this.#count);
    this.#newest[place] = { id, uri, text: suggestion.text };
    this.#shown.set(id, { uri, suggestion });
    return id;
  }

  /** The suggestion that was accepted, once; undefined for an id that is unknown, old or told before. */
  accept(id: string): Shown | undefined {
    const shown = this.#shown.get(id);
    if (!shown) return undefined;
    this.#shown.delete(id);
    this.#newest.splice(0);
    this.#accepted++;
    return shown;
  }
}
