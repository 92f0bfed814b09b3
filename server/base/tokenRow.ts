/**
 * Tokens of a stretch of files in little memory, and the order of their contexts: 17 bits a token, 24 bits a place
 * in the order. It must not know how text is cut into tokens nor how contexts are sorted.
 */
import { firstWordId, specialToken } from './tokens.ts';
import type { Token } from './tokens.ts';

/** Different words that one row can tell apart. */
export const mostRowWords = 1 << 16;
/** Tokens that one row can hold, so that a place fits into 24 bits. */
export const mostRowTokens = 1 << 24;

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
    for (let p = start; p < end; p++) tokens[p - start] = this.at(p);
    return tokens;
  }
}

function isAscending(words: Uint32Array): boolean {
  for (let i = 1; i < words.length; i++) if ((words[i] as number) <= (words[i - 1] as number)) return false;
  return true;
}

/** Packs tokens; words beyond the first `mostRowWords` different ones become `unknown`. */
export function packTokens(tokens: Uint32Array): TokenRow {
  let largest = firstWordId;
  for (let p = 0; p < tokens.length; p++) largest = Math.max(largest, (tokens[p] as number) >>> 1);
  const present = new Uint8Array(largest + 1);
  // Local number zero is the beginning of a file: that is also what precedes a row's first token.
  present[specialToken.file] = 1;
  present[specialToken.unknown] = 1;
  let count = 2;
  for (let p = 0; p < tokens.length; p++) {
    const id = (tokens[p] as number) >>> 1;
    if (present[id] === 0 && count < mostRowWords) {
      present[id] = 1;
      count++;
    }
  }
  const words = new Uint32Array(count);
  const localOf = new Uint16Array(largest + 1).fill(specialToken.unknown);
  let next = 0;
  for (let id = 0; id <= largest; id++) {
    if (present[id] === 0) continue;
    localOf[id] = next;
    words[next++] = id;
  }
  const locals = new Uint16Array(tokens.length);
  const spaces = new Uint8Array((tokens.length + 7) >>> 3);
  for (let p = 0; p < tokens.length; p++) {
    const token = tokens[p] as number;
    locals[p] = localOf[token >>> 1] as number;
    if (token & 1) spaces[p >>> 3] = (spaces[p >>> 3] as number) | (1 << (p & 7));
  }
  return new TokenRow(words, locals, spaces);
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
