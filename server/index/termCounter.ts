/**
 * Counts a query's terms in single pieces, by reading their tokens: for terms that are too common to be followed to
 * all their places. It must not know how pieces are ranked.
 */
import type { SearchedSegment } from './searched.ts';
import type { WordParts } from './wordParts.ts';

/** A word, or a part of words; the other one is -1. */
export interface CountedTerm {
  readonly word: number;
  readonly part: number;
}

export class TermCounter {
  readonly #parts: WordParts;
  /** For the current query the number of the term, plus one, that a part stands for. */
  #termOfPart = new Uint16Array(0);
  /** Per word whether the current query looks for it: its generation twice, plus one if so. */
  #relevance = new Uint32Array(0);
  #generation = 0;
  #termOfWord: ReadonlyMap<number, number> = new Map();
  #terms: readonly CountedTerm[] = [];
  #counts = new Uint16Array(0);
  #found = new Uint16Array(0);
  #foundCount = 0;

  constructor(parts: WordParts) {
    this.#parts = parts;
  }

  get bytes(): number {
    return this.#termOfPart.byteLength + this.#relevance.byteLength;
  }

  /** Makes room for so many words, and for the parts as they are. */
  reserve(words: number): void {
    if (this.#relevance.length < words) this.#relevance = new Uint32Array(Math.ceil(words * 1.2));
    const parts = this.#parts.size;
    if (this.#termOfPart.length < parts) this.#termOfPart = new Uint16Array(Math.ceil(parts * 1.2));
  }

  /** From now on these terms are counted, fewer than 65,536. */
  begin(terms: readonly CountedTerm[]): void {
    for (const { part } of this.#terms) if (part >= 0) this.#termOfPart[part] = 0;
    const termOfWord = new Map<number, number>();
    for (const [i, { word, part }] of terms.entries()) {
      if (part < 0) termOfWord.set(word, i);
      else this.#termOfPart[part] = i + 1;
    }
    this.#terms = terms;
    this.#termOfWord = termOfWord;
    this.#counts = new Uint16Array(terms.length);
    this.#found = new Uint16Array(terms.length);
    this.#generation++;
  }

  /** Calls back for each term that stands in the piece. */
  count(from: SearchedSegment, piece: number, each: (term: number, count: number) => void): void {
    const { tokens, pieces } = from.segment;
    const relevance = this.#relevance;
    const irrelevant = 2 * this.#generation;
    const end = from.endOf(piece);
    for (let p = pieces[piece] as number; p < end; p++) {
      const id = tokens.idAt(p);
      // The same words stand in many pieces, and most are not looked for.
      if (relevance[id] === irrelevant) continue;
      relevance[id] = this.#countWord(id) ? irrelevant + 1 : irrelevant;
    }
    for (let i = 0; i < this.#foundCount; i++) {
      const term = this.#found[i] as number;
      each(term, this.#counts[term] as number);
      this.#counts[term] = 0;
    }
    this.#foundCount = 0;
  }

  /** Counts the terms that a word stands for; returns whether there are any. */
  #countWord(id: number): boolean {
    const parts = this.#parts;
    const first = parts.entryOf(id);
    const last = parts.entryOf(id + 1);
    let found = false;
    // A word of one part is no term by itself.
    const word = last - first > 1 ? this.#termOfWord.get(id) : undefined;
    if (word !== undefined) {
      this.#countTerm(word);
      found = true;
    }
    for (let entry = first; entry < last; entry++) {
      const term = this.#termOfPart[parts.partAt(entry)] as number;
      if (term === 0) continue;
      this.#countTerm(term - 1);
      found = true;
    }
    return found;
  }

  #countTerm(term: number): void {
    const count = this.#counts[term] as number;
    if (count === 0) this.#found[this.#foundCount++] = term;
    this.#counts[term] = count + 1;
  }
}
