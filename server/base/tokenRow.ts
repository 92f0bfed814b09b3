/**
 * Tokens of a stretch of files in little memory, and the order of their contexts: 17 bits a token, 24 bits a place
 * in the order. It must not know how text is cut into tokens nor how contexts are sorted.
 */
import { firstWordId, specialToken } from './tokens.ts';
import type { Token } from './tokens.ts';

/** Different words that one row can tell apart. */
export const mostRowWords = 1 << 16;

/** An immutable row of tokens. Words are numbered within the row. */
export class TokenRow {
  /** The id of each local number. */
  readonly words: Uint32Array;
  /** Local number per token. */
  readonly locals: Uint16Array;
  /** The space bit of each token, eight a byte. */
  readonly spaces: Uint8Array;

  /** Local numbers by ascending id, where `words` is not ascending: in rows of an earlier session. */
  readonly #byId: Uint16Array | undefined;

  constructor(words: Uint32Array, locals: Uint16Array, spaces: Uint8Array) {
    this.words = words;
    this.#byId = isAscending(words)
      ? undefined
      : Uint16Array.from(words, (_, local) => local).sort(
          (a, b) => (words[a] as number) - (words[b] as number),
        );
    this.locals = locals;
    this.spaces = spaces;
  }

  get length(): number {
    return this.locals.length;
  }

  get byteLength(): number {
    return this.words.byteLength + this.locals.byteLength + this.spaces.byteLength;
  }

  at(p: number): Token {
    const spaced = ((this.spaces[p >>> 3] as number) >>> (p & 7)) & 1;
    return ((this.words[this.locals[p] as number] as number) << 1) | spaced;
  }

  idAt(p: number): number {
    return this.words[this.locals[p] as number] as number;
  }

  /** The local number of a word, or -1 if the row does not have it. */
  localOf(id: number): number {
    const words = this.words;
    const byId = this.#byId;
    let low = 0;
    let high = words.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const local = byId === undefined ? middle : (byId[middle] as number);
      const found = words[local] as number;
      if (found === id) return local;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  slice(start: number, end: number): Uint32Array {
    const tokens = new Uint32Array(end - start);
    this.copyTo(tokens, 0, start, end);
    return tokens;
  }

  /** Writes the tokens from `start` to `end` into `into`, from `at` on. */
  copyTo(into: Uint32Array, at: number, start: number, end: number): void {
    for (let p = start, to = at; p < end; p++, to++) into[to] = this.at(p);
  }
}

function isAscending(words: Uint32Array): boolean {
  for (let i = 1; i < words.length; i++) if ((words[i] as number) <= (words[i - 1] as number)) return false;
  return true;
}

/** Work between two yields, in tokens: a millisecond. */
const slice = 1 << 16;

/** `[from, to)` of each step through `length` tokens. */
export function* slicesOf(length: number): Generator<readonly [from: number, to: number], undefined> {
  for (let from = 0; from < length; from += slice) yield [from, Math.min(length, from + slice)];
}

/** The largest id, of `least` and those of the tokens from `from` to `to`. */
export function largestId(tokens: Uint32Array, from: number, to: number, least: number): number {
  let largest = least;
  for (let p = from; p < to; p++) {
    const id = (tokens[p] as number) >>> 1;
    if (id > largest) largest = id;
  }
  return largest;
}

/** Packs tokens, in slices; words beyond the first `mostRowWords` different ones become `unknown`. */
export function* packTokens(tokens: Uint32Array): Generator<undefined, TokenRow> {
  const { length } = tokens;
  let largest: number = firstWordId;
  for (const [from, to] of slicesOf(length)) {
    largest = largestId(tokens, from, to, largest);
    yield;
  }
  const present = new Uint8Array(largest + 1);
  // Local number zero is the beginning of a file: that is also what precedes a row's first token.
  present[specialToken.file] = 1;
  present[specialToken.unknown] = 1;
  let count = 2;
  for (const [from, to] of slicesOf(length)) {
    count = markPresent(tokens, from, to, present, count);
    yield;
  }
  const words = new Uint32Array(count);
  const localOf = new Uint16Array(largest + 1).fill(specialToken.unknown);
  let next = 0;
  for (let id = 0; id <= largest; id++) {
    if (present[id] === 0) continue;
    localOf[id] = next;
    words[next++] = id;
  }
  yield;
  const locals = new Uint16Array(length);
  const spaces = new Uint8Array((length + 7) >>> 3);
  for (const [from, to] of slicesOf(length)) {
    packPart(tokens, from, to, localOf, locals, spaces);
    yield;
  }
  return new TokenRow(words, locals, spaces);
}

/** Marks the words of some tokens as long as there is room; returns how many are marked in all. */
function markPresent(
  tokens: Uint32Array,
  from: number,
  to: number,
  present: Uint8Array,
  before: number,
): number {
  let count = before;
  for (let p = from; p < to; p++) {
    const id = (tokens[p] as number) >>> 1;
    if (present[id] === 0 && count < mostRowWords) {
      present[id] = 1;
      count++;
    }
  }
  return count;
}

function packPart(
  tokens: Uint32Array,
  from: number,
  to: number,
  localOf: Uint16Array,
  locals: Uint16Array,
  spaces: Uint8Array,
): void {
  for (let p = from; p < to; p++) {
    const token = tokens[p] as number;
    locals[p] = localOf[token >>> 1] as number;
    if (token & 1) spaces[p >>> 3] = (spaces[p >>> 3] as number) | (1 << (p & 7));
  }
}

/** The places of a row, sorted by the tokens before them, read backwards. */
export class ContextOrder {
  readonly low: Uint16Array;
  readonly high: Uint8Array;
  /** Where the places behind each local number begin; one more at the end. */
  readonly begins: Uint32Array;

  constructor(low: Uint16Array, high: Uint8Array, begins: Uint32Array) {
    this.low = low;
    this.high = high;
    this.begins = begins;
  }

  get length(): number {
    return this.low.length;
  }

  get byteLength(): number {
    return this.low.byteLength + this.high.byteLength + this.begins.byteLength;
  }

  at(i: number): number {
    return (this.low[i] as number) | ((this.high[i] as number) << 16);
  }
}
