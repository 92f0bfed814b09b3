/**
 * The parts that names are made of (`parseHTTPBody`: parse, http, body), and which words of the vocabulary hold
 * each. Follows the vocabulary as that grows. It must not know files or ranking.
 */
import { firstWordId, tokenKind } from '../base/tokens.ts';
import { WordTable } from './vocabulary.ts';

const longestPart = 32;

/** The parts of a name in lower case, at least two characters each, at the borders of camelCase and snake_case. */
export function partsOf(name: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let previous = 0;
  for (let at = 0; at <= name.length; at++) {
    const kind = at < name.length ? kindOf(name.charCodeAt(at), previous) : separator;
    const begins =
      kind === separator ||
      (kind === upper && previous === lower) ||
      // The last capital of HTTPBody belongs to Body.
      (kind === upper && previous === upper && isLower(name, at + 1));
    if (begins && at > start) {
      if (at - start > 1 && at - start <= longestPart) parts.push(name.slice(start, at).toLowerCase());
      start = at;
    }
    if (kind === separator) start = at + 1;
    previous = kind;
  }
  return parts;
}

const separator = 0;
const lower = 1;
const upper = 2;

/** Digits belong to what stands before them; letters beyond ASCII count as lower case. */
function kindOf(code: number, previous: number): number {
  if (code >= 97 && code <= 122) return lower;
  if (code >= 65 && code <= 90) return upper;
  if (code >= 48 && code <= 57) return previous === separator ? lower : previous;
  return code >= 128 ? lower : separator;
}

function isLower(name: string, at: number): boolean {
  const code = name.charCodeAt(at);
  return code >= 97 && code <= 122;
}

/** Which words hold a part. */
export class WordParts {
  readonly #words: WordTable;
  readonly #parts = new WordTable();
  /** Per part the last entry; per entry its word and the entry before it. Zero: none. */
  #heads = new Uint32Array(1 << 10);
  #entries = new Uint32Array(1 << 11);
  #used = 1;
  #seen = firstWordId;

  constructor(words: WordTable) {
    this.#words = words;
  }

  get bytes(): number {
    return this.#parts.bytes + this.#heads.byteLength + this.#entries.byteLength;
  }

  /** Takes up words that are new, at most `limit`; returns whether there are more. */
  follow(limit: number): boolean {
    const words = this.#words;
    const end = Math.min(words.size, this.#seen + limit);
    for (let id = this.#seen; id < end; id++) {
      if (words.kindOf(id) === tokenKind.word)
        for (const part of new Set(partsOf(words.textOf(id)))) this.#add(part, id);
    }
    this.#seen = end;
    return end < words.size;
  }

  #add(part: string, word: number): void {
    const number = this.#parts.intern(part, tokenKind.word);
    if (number < firstWordId) return;
    if (number >= this.#heads.length) this.#heads = grown(this.#heads, number);
    const at = 2 * this.#used++;
    if (at + 1 >= this.#entries.length) this.#entries = grown(this.#entries, at);
    this.#entries[at] = word;
    this.#entries[at + 1] = this.#heads[number] as number;
    this.#heads[number] = at >> 1;
  }

  /** The ids of the words that hold the part. */
  *wordsWith(part: string): Generator<number> {
    const number = this.#parts.find(part, tokenKind.word);
    for (let entry = number < 0 ? 0 : (this.#heads[number] ?? 0); entry > 0; ) {
      yield this.#entries[2 * entry] as number;
      entry = this.#entries[2 * entry + 1] as number;
    }
  }
}

function grown(old: Uint32Array, needed: number): Uint32Array<ArrayBuffer> {
  const array = new Uint32Array(Math.max(needed + 2, Math.ceil(old.length * 1.5)));
  array.set(old);
  return array;
}
