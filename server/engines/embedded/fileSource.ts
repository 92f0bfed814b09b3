/**
 * What followed the current context in the open file itself, above and below the cursor: the strongest source,
 * nearest first. Built anew for each request. It must not know how evidence is weighed.
 */
import { isNewline, specialToken, tokenKind } from '../../base/tokens.ts';
import type { Vocabulary } from '../../base/tokens.ts';
import { maxDepth, source } from './evidence.ts';
import type { Evidence } from './evidence.ts';

/** Occurrences of the last token that are looked at, nearest to the cursor first. */
const visits = 160;
const skipVisits = 80;
/** Tokens after which an occurrence above the cursor counts half. */
const halfDistance = 1200;
/** What an occurrence below the cursor counts against one just above. */
const belowWeight = 0.6;

/**
 * Where each word of the vocabulary stands in one file. As large as the vocabulary, so one file's are used again for
 * its next text; whoever holds an older `FileSource` over them must let go of it.
 */
export class FileTables {
  latest: Int32Array = new Int32Array(0);
  counts: Int32Array = new Int32Array(0);
  firstSeen: Int32Array = new Int32Array(0);
  #filled: Int32Array = new Int32Array(0);

  /** Empty tables for a vocabulary of `words`; `tokens` are what will be entered. */
  reset(words: number, tokens: Int32Array): void {
    if (this.latest.length < words) {
      // Some room, because the vocabulary grows with what is typed.
      const room = words + 1024;
      this.latest = new Int32Array(room);
      this.counts = new Int32Array(room);
      this.firstSeen = new Int32Array(room);
    } else {
      for (let p = 0; p < this.#filled.length; p++) {
        const id = (this.#filled[p] as number) >>> 1;
        this.latest[id] = 0;
        this.counts[id] = 0;
      }
    }
    this.#filled = tokens;
  }
}

export class FileSource {
  readonly #tokens: Int32Array;
  /** How many of `#tokens` stand above the cursor. */
  readonly #above: number;
  /** For each position the one before with the same id, or -1. */
  readonly #earlier: Int32Array;
  readonly #latest: Int32Array;
  readonly #counts: Int32Array;
  readonly #firstSeen: Int32Array;

  /** `words` is the size of the vocabulary. */
  constructor(above: readonly number[], below: readonly number[], words: number, tables = new FileTables()) {
    this.#tokens = new Int32Array(above.length + below.length + 1);
    this.#tokens.set(below);
    this.#tokens[below.length] = specialToken.file << 1;
    // The lines below come first, so that walking back from the end meets the nearest lines above first.
    this.#tokens.set(above, below.length + 1);
    tables.reset(words, this.#tokens);
    this.#latest = tables.latest;
    this.#counts = tables.counts;
    this.#firstSeen = tables.firstSeen;
    this.#above = below.length + 1;
    this.#earlier = new Int32Array(this.#tokens.length);
    for (let p = 0; p < this.#tokens.length; p++) {
      const id = (this.#tokens[p] as number) >>> 1;
      // Zero stands for "never" in the tables, so they hold positions plus one.
      this.#earlier[p] = (this.#latest[id] as number) - 1;
      this.#latest[id] = p + 1;
      if (this.#counts[id] === 0) this.#firstSeen[id] = p;
      this.#counts[id] = (this.#counts[id] as number) + 1;
    }
  }

  get size(): number {
    return this.#tokens.length;
  }

  countOf(id: number): number {
    return this.#counts[id] ?? 0;
  }

  occursBelow(id: number): boolean {
    return this.countOf(id) > 0 && (this.#firstSeen[id] as number) < this.#above;
  }

  /** Tokens between the cursor and the last occurrence above it; Infinity if there is none. */
  distanceOf(id: number): number {
    const p = this.#last(id);
    return p < this.#above ? Infinity : this.#tokens.length - p;
  }

  #last(id: number): number {
    return (this.#latest[id] ?? 0) - 1;
  }

  /** Distinct words nearest above the cursor, and numbers; at most `limit`. */
  recentWords(words: Vocabulary, limit: number): number[] {
    const found = new Set<number>();
    const stop = Math.max(this.#above, this.#tokens.length - 1500);
    for (let p = this.#tokens.length - 1; p >= stop && found.size < limit; p--) {
      const id = (this.#tokens[p] as number) >>> 1;
      if (words.kindOf(id) === tokenKind.word) found.add(id);
    }
    return [...found];
  }

  collect(context: ArrayLike<number>, length: number, evidence: Evidence): void {
    if (length === 0) return;
    const tokens = this.#tokens;
    let p = this.#last(context[length - 1] as number);
    for (let seen = 0; p >= 0 && seen < visits; p = this.#earlier[p] as number, seen++) {
      const next = tokens[p + 1];
      if (next === undefined || next >>> 1 === specialToken.file) continue;
      const depth = this.#agreement(p, context, length);
      evidence.add(source.file, next, depth, this.#weight(p), false);
    }
  }

  /** As `collect`, with the token `skipped` after the context replaced by any of its kind. */
  collectSkipping(
    context: ArrayLike<number>,
    length: number,
    skipped: number,
    words: Vocabulary,
    evidence: Evidence,
  ): void {
    const kind = words.kindOf(skipped);
    if (length === 0 || kind === tokenKind.operator || isNewline(skipped)) return;
    const tokens = this.#tokens;
    let p = this.#last(context[length - 1] as number);
    for (let seen = 0; p >= 0 && seen < skipVisits; p = this.#earlier[p] as number, seen++) {
      const any = tokens[p + 1];
      const next = tokens[p + 2];
      if (any === undefined || next === undefined || next >>> 1 === specialToken.file) continue;
      if (any >>> 1 === skipped || words.kindOf(any >>> 1) !== kind) continue;
      const depth = this.#agreement(p, context, length);
      evidence.add(source.skip, next, depth, 2 * this.#weight(p), false);
    }
  }

  #weight(p: number): number {
    if (p < this.#above) return belowWeight;
    return halfDistance / (halfDistance + this.#tokens.length - p);
  }

  /** How many tokens up to and with `p` agree with the end of the context. */
  #agreement(p: number, context: ArrayLike<number>, length: number): number {
    const most = Math.min(maxDepth, length, p + 1);
    let depth = 1;
    while (depth < most && (this.#tokens[p - depth] as number) >>> 1 === context[length - 1 - depth]) depth++;
    return depth;
  }
}
