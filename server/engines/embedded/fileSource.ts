/**
 * What followed the current context in the open file itself, above and below the cursor: the strongest source,
 * nearest first. Built anew for each text. It must not know how evidence is weighed.
 */
import { isNewline, specialToken, tokenKind } from '../../base/tokens.ts';
import type { Vocabulary } from '../../base/tokens.ts';
import { source } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import type { Heads } from './features.ts';
import { Occurrences, OccurrenceTables } from './occurrences.ts';

/** Tokens after which an occurrence above the cursor counts half. */
const halfDistance = 1200;
/** What an occurrence below the cursor counts against one just above. */
const belowWeight = 0.6;
/** Lines whose heads are compared, and after how many one counts half. */
const comparedLines = 160;
const halfLines = 60;
/** Tokens that recent words are gathered from. */
const recentTokens = 3000;

/**
 * Where each word of the vocabulary stands in one file. As large as the vocabulary, so one file's are used again for
 * its next text; whoever holds an older `FileSource` over them must let go of it.
 */
export class FileTables {
  latest: Int32Array = new Int32Array(0);
  counts: Int32Array = new Int32Array(0);
  firstSeen: Int32Array = new Int32Array(0);
  readonly occurrences = new OccurrenceTables();
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
  /** What followed contexts here. */
  readonly occurrences: Occurrences;
  readonly #tokens: Int32Array;
  /** How many of `#tokens` stand above the cursor. */
  readonly #above: number;
  readonly #latest: Int32Array;
  readonly #counts: Int32Array;
  readonly #firstSeen: Int32Array;
  /** Positions of newlines, ascending. */
  readonly #lines: number[] = [];

  /** `words` is the size of the vocabulary. */
  constructor(above: readonly number[], below: readonly number[], words: number, tables = new FileTables()) {
    const tokens = new Int32Array(above.length + below.length + 1);
    tokens.set(below);
    tokens[below.length] = specialToken.file << 1;
    // The lines below come first, so that walking back from the end meets the nearest lines above first.
    tokens.set(above, below.length + 1);
    tables.reset(words, tokens);
    this.#tokens = tokens;
    this.#latest = tables.latest;
    this.#counts = tables.counts;
    this.#firstSeen = tables.firstSeen;
    this.#above = below.length + 1;
    this.occurrences = new Occurrences(tokens, halfDistance, this.#above, belowWeight, tables.occurrences);
    for (let p = 0; p < tokens.length; p++) {
      const id = (tokens[p] as number) >>> 1;
      // Zero stands for "never" in the tables, so they hold positions plus one.
      this.#latest[id] = p + 1;
      if (this.#counts[id] === 0) this.#firstSeen[id] = p;
      this.#counts[id] = (this.#counts[id] as number) + 1;
      if (isNewline(id)) this.#lines.push(p);
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
    const p = (this.#latest[id] ?? 0) - 1;
    return p < this.#above ? Infinity : this.#tokens.length - p;
  }

  /** Distinct words nearest above the cursor; at most `limit`. */
  recentWords(words: Vocabulary, limit: number): number[] {
    const found = new Set<number>();
    const stop = Math.max(this.#above, this.#tokens.length - recentTokens);
    for (let p = this.#tokens.length - 1; p >= stop && found.size < limit; p--) {
      const id = (this.#tokens[p] as number) >>> 1;
      if (words.kindOf(id) === tokenKind.word) found.add(id);
    }
    return [...found];
  }

  /** Adds how lines begin that follow lines that begin like those above the cursor's, as `source.structure`. */
  collectHeads({ before, beforeNext, above }: Heads, newline: number, evidence: Evidence): void {
    const tokens = this.#tokens;
    const lines = this.#lines;
    const headAt = (line: number, by: number): number =>
      (tokens[(lines[line] as number) + by] as number) >>> 1;
    const stop = Math.max(2, lines.length - comparedLines);
    for (let line = lines.length - 1; line >= stop; line--) {
      const next = tokens[(lines[line] as number) + 1];
      if (next === undefined || headAt(line - 1, 1) !== before) continue;
      let depth = 2;
      if (headAt(line - 1, 2) === beforeNext) depth++;
      if (headAt(line - 2, 1) === above) depth++;
      if (headAt(line, 0) === newline) depth++;
      const distance = lines.length - line;
      evidence.add(source.structure, next, depth, halfLines / (halfLines + distance), false);
    }
  }
}
