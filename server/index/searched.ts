/**
 * One segment as the search sees it: its pieces, and where a word stands in them. Keeps scratch memory, so that a
 * query allocates next to nothing. It must not know how a query is made or how results are shown.
 */
import type { ContextOrder } from '../base/tokenRow.ts';
import type { IndexSegment } from './segments.ts';

/** The parameters of BM25+: saturation, influence of length, what one occurrence is worth in the longest piece. */
const k1 = 1.2;
const b = 0.75;
const delta = 0.5;
/** A term counts no more often in one piece. */
const mostCounted = 1000;
/** Tokens between two entries of the table that leads from a place to its piece. */
const blockShift = 6;

/** What so many occurrences in a piece are worth; `length` and `average` in tokens. */
export function saturated(count: number, length: number, average: number): number {
  return delta + (count * (k1 + 1)) / (count + k1 * (1 - b + (b * length) / average));
}

export class SearchedSegment {
  readonly segment: IndexSegment;
  readonly #order: ContextOrder;
  readonly fileOfPiece: Uint32Array;
  /** The row's number of each word by id; zero, which is no word's, where it has none. */
  readonly #localOf: Uint16Array;
  /** The piece at every 2^blockShift-th token. */
  readonly #blocks: Uint32Array;
  readonly scores: Float32Array;
  /** Of the current term, in the pieces that are `touched`. */
  readonly #counts: Uint16Array;
  readonly #touched: Uint32Array;
  #touchedCount = 0;
  /** Pieces with a score. */
  hits: number[] = [];
  /** Weight per file for who asked last. */
  #factors = new Float32Array(0);
  #factorsFor = '';

  constructor(segment: IndexSegment, order: ContextOrder) {
    const { pieces, starts, tokens } = segment;
    this.segment = segment;
    this.#order = order;
    this.fileOfPiece = new Uint32Array(pieces.length);
    for (let piece = 0, file = 0; piece < pieces.length; piece++) {
      while (file + 1 < starts.length && (starts[file + 1] as number) <= (pieces[piece] as number)) file++;
      this.fileOfPiece[piece] = file;
    }
    this.#blocks = new Uint32Array((tokens.length >> blockShift) + 1);
    for (let block = 0, piece = 0; block < this.#blocks.length; block++) {
      while (piece + 1 < pieces.length && (pieces[piece + 1] as number) <= block << blockShift) piece++;
      this.#blocks[block] = piece;
    }
    const { words } = tokens;
    this.#localOf = new Uint16Array(words.reduce((largest, id) => Math.max(largest, id), 0) + 1);
    for (let local = 1; local < words.length; local++) this.#localOf[words[local] as number] = local;
    this.scores = new Float32Array(pieces.length);
    this.#counts = new Uint16Array(pieces.length);
    this.#touched = new Uint32Array(pieces.length);
  }

  get bytes(): number {
    return [
      this.fileOfPiece,
      this.#localOf,
      this.#blocks,
      this.scores,
      this.#counts,
      this.#touched,
      this.#factors,
    ].reduce((sum, each) => sum + each.byteLength, 0);
  }

  endOf(piece: number): number {
    return this.segment.pieces[piece + 1] ?? this.segment.tokens.length;
  }

  lengthOf(piece: number): number {
    return this.endOf(piece) - (this.segment.pieces[piece] as number);
  }

  /** Counts how often each piece holds one of the words; returns how many hold any. */
  count(words: readonly number[]): number {
    const order = this.#order;
    const blocks = this.#blocks;
    const counts = this.#counts;
    const touched = this.#touched;
    const { pieces } = this.segment;
    let found = 0;
    for (const id of words) {
      const local = this.#localOf[id] ?? 0;
      if (local === 0) continue;
      const end = order.begins[local + 1] as number;
      for (let i = order.begins[local] as number; i < end; i++) {
        // The place behind a word is what is sorted; the word itself stands one before it.
        const p = order.at(i) - 1;
        let piece = blocks[p >>> blockShift] as number;
        while (piece + 1 < pieces.length && (pieces[piece + 1] as number) <= p) piece++;
        const count = counts[piece] as number;
        if (count === 0) touched[found++] = piece;
        if (count < mostCounted) counts[piece] = count + 1;
      }
    }
    this.#touchedCount = found;
    return found;
  }

  /** Adds to the scores what was counted last, and forgets it. */
  add(weight: number, average: number): void {
    const { scores, hits } = this;
    for (let i = 0; i < this.#touchedCount; i++) {
      const piece = this.#touched[i] as number;
      const before = scores[piece] as number;
      if (before === 0) hits.push(piece);
      scores[piece] =
        before + weight * saturated(this.#counts[piece] as number, this.lengthOf(piece), average);
      this.#counts[piece] = 0;
    }
    this.#touchedCount = 0;
  }

  /** Forgets all scores. */
  clear(): void {
    for (const piece of this.hits) this.scores[piece] = 0;
    this.hits = [];
  }

  /** A weight per file, made by `weigh` and kept as long as the same one asks. */
  factors(asked: string, weigh: (path: string, file: number) => number): Float32Array {
    if (this.#factorsFor !== asked) {
      this.#factors = Float32Array.from(this.segment.paths, weigh);
      this.#factorsFor = asked;
    }
    return this.#factors;
  }
}
