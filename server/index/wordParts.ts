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

/** Which words hold a part, and which parts a word has. */
export class WordParts {
  readonly #words: WordTable;
  readonly #parts = new WordTable();
  /** Per part its last entry. Zero: none. */
  #heads = new Uint32Array(1 << 10);
  /** Per part how often words that hold it occur, by the last `count`. */
  #counts = new Uint32Array(1 << 10);
  /** Per word its first entry; its entries stand together, up to those of the next word. */
  #firsts = new Uint32Array(1 << 11);
  /** Per entry its word, its part, and the entry before it of the same part. */
  #entries = new Uint32Array(3 << 11);
  #used = 1;
  #seen = firstWordId;

  constructor(words: WordTable) {
    this.#words = words;
    this.#firsts.fill(1);
  }

  get bytes(): number {
    return [this.#heads, this.#counts, this.#firsts, this.#entries].reduce(
      (sum, each) => sum + each.byteLength,
      this.#parts.bytes,
    );
  }

  /** Parts have numbers below this. */
  get size(): number {
    return this.#parts.size;
  }

  /** Takes up words that are new, at most `limit`; returns whether there are more. */
  follow(limit: number): boolean {
    const words = this.#words;
    const end = Math.min(words.size, this.#seen + limit);
    if (end + 1 >= this.#firsts.length) this.#firsts = grown(this.#firsts, end + 1);
    for (let id = this.#seen; id < end; id++) {
      if (words.kindOf(id) === tokenKind.word) {
        for (const part of new Set(partsOf(words.textOf(id)))) this.#add(part, id);
      }
      this.#firsts[id + 1] = this.#used;
    }
    this.#seen = end;
    return end < words.size;
  }

  /** Counts occurrences again, by those of the words. */
  count(): void {
    const counts = this.#counts.fill(0);
    const entries = this.#entries;
    for (let entry = 1; entry < this.#used; entry++) {
      const part = entries[3 * entry + 1] as number;
      counts[part] = (counts[part] as number) + this.#words.countOf(entries[3 * entry] as number);
    }
  }

  #add(part: string, word: number): void {
    const number = this.#parts.intern(part, tokenKind.word);
    if (number < firstWordId) return;
    if (number >= this.#heads.length) {
      this.#heads = grown(this.#heads, number);
      this.#counts = grown(this.#counts, number);
    }
    const at = 3 * this.#used;
    if (at + 2 >= this.#entries.length) this.#entries = grown(this.#entries, at);
    this.#entries[at] = word;
    this.#entries[at + 1] = number;
    this.#entries[at + 2] = this.#heads[number] as number;
    this.#heads[number] = this.#used++;
  }

  /** The number of a part, or -1. */
  find(part: string): number {
    return this.#parts.find(part, tokenKind.word);
  }

  /** How often words that hold the part occur in the workspace. */
  countOf(part: number): number {
    return this.#counts[part] ?? 0;
  }

  /** The ids of the words that hold the part. */
  wordsWith(part: number): number[] {
    const found: number[] = [];
    for (let entry = this.#heads[part] ?? 0; entry > 0; entry = this.#entries[3 * entry + 2] as number) {
      found.push(this.#entries[3 * entry] as number);
    }
    return found;
  }

  /** The first of a word's entries; the next word's first ends them. */
  entryOf(word: number): number {
    return word <= this.#seen ? (this.#firsts[word] as number) : this.#used;
  }

  partAt(entry: number): number {
    return this.#entries[3 * entry + 1] as number;
  }
}

function grown(old: Uint32Array, needed: number): Uint32Array<ArrayBuffer> {
  const array = new Uint32Array(Math.max(needed + 3, Math.ceil(old.length * 1.5)));
  array.set(old);
  return array;
}
