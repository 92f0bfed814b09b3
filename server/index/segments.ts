/**
 * Segments of the token store and how they are made: the tokens of some files packed, with where files and pieces
 * begin. It must not know which files are current or who asks.
 */
import { largestId, mostRowWords, packTokens, slicesOf } from '../base/tokenRow.ts';
import type { TokenSegment } from '../base/tokens.ts';

/** Room for tokens before it grows. */
const firstTokens = 1 << 12;
/** Tokens that are copied in one step, and those of one file more. */
const copySlice = 1 << 15;

export interface IndexSegment extends TokenSegment {
  readonly paths: string[];
  /** Lines of each file. */
  readonly lines: Uint32Array;
  /** First token of each piece of a file, ascending; the first piece begins with its file. */
  readonly pieces: Uint32Array;
  /** The line each piece begins on, zero-based. */
  readonly pieceLines: Uint32Array;
  /** Tokens of dead files. */
  dead: number;
  /** It holds tokens of files that may not be read any more, and is to be made anew without them. */
  unwanted: boolean;
  /** It holds as many different words as it can. */
  readonly full: boolean;
}

/** Takes files token by token, or from other segments, and packs them. */
export class SegmentBuilder {
  #tokens = new Uint32Array(firstTokens);
  #used = 0;
  readonly #paths: string[] = [];
  readonly #starts: number[] = [];
  readonly #lines: number[] = [];
  readonly #pieces: number[] = [];
  readonly #pieceLines: number[] = [];

  get length(): number {
    return this.#used;
  }

  get files(): number {
    return this.#paths.length;
  }

  get byteLength(): number {
    return this.#tokens.byteLength;
  }

  /** Tokens from `start` on, until the next one is pushed. */
  from(start: number): Uint32Array {
    return this.#tokens.subarray(start, this.#used);
  }

  push(token: number): void {
    if (this.#used === this.#tokens.length) this.#grow(this.#used + 1);
    this.#tokens[this.#used++] = token;
  }

  pushAll(tokens: Uint32Array, count: number): void {
    if (this.#used + count > this.#tokens.length) this.#grow(this.#used + count);
    const into = this.#tokens;
    let at = this.#used;
    for (let i = 0; i < count; i++) into[at++] = tokens[i] as number;
    this.#used = at;
  }

  /** A piece begins at the token that is pushed next. */
  piece(line: number): void {
    this.#pieces.push(this.#used);
    this.#pieceLines.push(line);
  }

  /** All tokens from `start` on are those of a file. */
  file(path: string, start: number, lines: number): void {
    this.#paths.push(path);
    this.#starts.push(start);
    this.#lines.push(lines);
  }

  /** Takes over the files of a segment that are alive, in slices. */
  *copy(segment: IndexSegment): Generator<undefined, undefined> {
    const { paths, alive, tokens, starts, lines, pieces, pieceLines } = segment;
    let piece = 0;
    let unseen = 0;
    for (const [index, path] of paths.entries()) {
      const from = starts[index] as number;
      const to = starts[index + 1] ?? tokens.length;
      const moved = this.#used - from;
      for (; piece < pieces.length && (pieces[piece] as number) < to; piece++) {
        if (alive[index] === 0) continue;
        this.#pieces.push((pieces[piece] as number) + moved);
        this.#pieceLines.push(pieceLines[piece] as number);
      }
      if (alive[index] === 0) continue;
      this.file(path, this.#used, lines[index] as number);
      if (this.#used + to - from > this.#tokens.length) this.#grow(this.#used + to - from);
      tokens.copyTo(this.#tokens, this.#used, from, to);
      this.#used += to - from;
      unseen += to - from;
      if (unseen < copySlice) continue;
      unseen = 0;
      yield;
    }
  }

  /** One segment, or more where the words are too many for one; in slices. */
  *build(): Generator<undefined, IndexSegment[]> {
    const cuts = [0, ...(yield* this.#cuts()), this.#paths.length];
    const built: IndexSegment[] = [];
    for (const [i, to] of cuts.slice(1).entries()) {
      const from = cuts[i] as number;
      if (from < to) built.push(yield* this.#part(from, to, cuts.length > 2));
    }
    return built;
  }

  *#part(from: number, to: number, full: boolean): Generator<undefined, IndexSegment> {
    const start = this.#starts[from] as number;
    const end = this.#starts[to] ?? this.#used;
    const moved = (list: readonly number[]): Uint32Array => Uint32Array.from(list, at => at - start);
    const inside = (at: number): boolean => at >= start && at < end;
    return {
      tokens: yield* packTokens(this.#tokens.subarray(start, end)),
      starts: moved(this.#starts.slice(from, to)),
      paths: this.#paths.slice(from, to),
      lines: Uint32Array.from(this.#lines.slice(from, to)),
      pieces: moved(this.#pieces.filter(inside)),
      pieceLines: Uint32Array.from(this.#pieceLines.filter((_, i) => inside(this.#pieces[i] as number))),
      alive: new Uint8Array(to - from).fill(1),
      dead: 0,
      unwanted: false,
      full,
    };
  }

  /** The files at which a new segment must begin, since the words before them are as many as one can hold. */
  *#cuts(): Generator<undefined, number[]> {
    const cuts: number[] = [];
    let largest = 0;
    for (const [from, to] of slicesOf(this.#used)) {
      largest = largestId(this.#tokens, from, to, largest);
      yield;
    }
    if (largest < mostRowWords - 2) return cuts;
    /** The number of the segment, plus one, in which a word was seen last. */
    const seen = new Uint32Array(largest + 1);
    let count = 0;
    for (let file = 0; file < this.#paths.length; file++) {
      yield;
      const to = this.#starts[file + 1] ?? this.#used;
      let fresh = 0;
      for (let p = this.#starts[file] as number; p < to; p++) {
        const id = (this.#tokens[p] as number) >>> 1;
        if (seen[id] === cuts.length + 1) continue;
        seen[id] = cuts.length + 1;
        fresh++;
      }
      // Two words are in every row.
      if (count > 0 && count + fresh > mostRowWords - 2) {
        cuts.push(file);
        count = 0;
        file--;
      } else count += fresh;
    }
    return cuts;
  }

  #grow(least: number): void {
    const grown = new Uint32Array(Math.max(least, this.#tokens.length * 1.5));
    grown.set(this.#tokens.subarray(0, this.#used));
    this.#tokens = grown;
  }
}
