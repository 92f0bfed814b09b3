/**
 * The string table of index and embedded engine: every word once, in typed arrays, found from a stretch of text
 * without cutting a string out of it. It must not know files or languages.
 */
import { firstWordId, specialToken, tokenKind } from '../base/tokens.ts';
import type { TokenKind, Vocabulary } from '../base/tokens.ts';

/** Longer words are never learned: they are data. */
const maxWordLength = 64;
/** Beyond this many words new ones become `unknown`; a guard against generated text. */
const maxWords = 1_500_000;

export class WordTable implements Vocabulary {
  #chars = new Uint16Array(1 << 15);
  #used = 0;
  #starts = new Uint32Array(1 << 12);
  #kinds = new Uint8Array(1 << 12);
  #counts = new Uint32Array(1 << 12);
  #signatures = new Uint32Array(1 << 12);
  #slots = new Uint32Array(1 << 13);
  #size = firstWordId;

  constructor() {
    this.#kinds.fill(tokenKind.newline, specialToken.newlineSame, firstWordId);
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes held. */
  get bytes(): number {
    const arrays = [this.#chars, this.#starts, this.#kinds, this.#counts, this.#signatures, this.#slots];
    return arrays.reduce((sum, array) => sum + array.byteLength, 0);
  }

  textOf(id: number): string {
    if (id < firstWordId) return '';
    const start = this.#starts[id] ?? 0;
    const end = id + 1 < this.#size ? (this.#starts[id + 1] ?? 0) : this.#used;
    return String.fromCharCode(...this.#chars.subarray(start, end));
  }

  kindOf(id: number): TokenKind {
    return (this.#kinds[id] ?? tokenKind.special) as TokenKind;
  }

  countOf(id: number): number {
    return this.#counts[id] ?? 0;
  }

  /** The 32 bit set of the word's letters, for a quick bound on the distance of two words. */
  signatureOf(id: number): number {
    return this.#signatures[id] ?? 0;
  }

  lengthOf(id: number): number {
    const end = id + 1 < this.#size ? (this.#starts[id + 1] ?? 0) : this.#used;
    return end - (this.#starts[id] ?? 0);
  }

  /** Adds `by` (negative when a file leaves) to the word's count. */
  count(id: number, by: number): void {
    this.#counts[id] = Math.max(0, (this.#counts[id] ?? 0) + by);
  }

  find(text: string, kind: TokenKind): number {
    const slot = this.#slot(text, 0, text.length, kind);
    return (this.#slots[slot] ?? 0) - 1;
  }

  startingWith(prefix: string, limit: number): readonly number[] {
    const first = prefix.charCodeAt(0);
    const second = prefix.length > 1 ? prefix.charCodeAt(1) : -1;
    const found: number[] = [];
    for (let id = firstWordId; id < this.#size; id++) {
      const start = this.#starts[id] ?? 0;
      if (this.#chars[start] !== first || this.#kinds[id] !== tokenKind.word) continue;
      if (second >= 0 && this.#chars[start + 1] !== second) continue;
      if (this.#counts[id] === 0 || this.lengthOf(id) < prefix.length) continue;
      if (prefix.length <= 2 || this.textOf(id).startsWith(prefix)) found.push(id);
    }
    return found.sort((a, b) => this.countOf(b) - this.countOf(a)).slice(0, limit);
  }

  intern(text: string, kind: TokenKind): number {
    return this.internPart(text, 0, text.length, kind);
  }

  /** As `intern`, for `text.slice(start, end)`. */
  internPart(text: string, start: number, end: number, kind: TokenKind): number {
    if (end - start > maxWordLength) return specialToken.unknown;
    const slot = this.#slot(text, start, end, kind);
    const found = this.#slots[slot] ?? 0;
    if (found > 0) return found - 1;
    if (this.#size >= maxWords) return specialToken.unknown;
    if (end - start >= 16 && kind !== tokenKind.operator && looksSecret(text, start, end)) {
      return specialToken.unknown;
    }
    return this.#add(text, start, end, kind, slot);
  }

  #add(text: string, start: number, end: number, kind: TokenKind, slot: number): number {
    const id = this.#size++;
    if (id >= this.#starts.length) this.#growWords();
    while (this.#used + end - start > this.#chars.length) {
      const grown = new Uint16Array(this.#chars.length * 1.5);
      grown.set(this.#chars);
      this.#chars = grown;
    }
    this.#starts[id] = this.#used;
    this.#kinds[id] = kind;
    this.#signatures[id] = signature(text, start, end);
    for (let i = start; i < end; i++) this.#chars[this.#used++] = text.charCodeAt(i);
    this.#slots[slot] = id + 1;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return id;
  }

  #slot(text: string, start: number, end: number, kind: TokenKind): number {
    let hash = 2166136261 ^ kind;
    for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
    const mask = this.#slots.length - 1;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const entry = this.#slots[slot] ?? 0;
      if (entry === 0 || this.#same(entry - 1, text, start, end, kind)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #same(id: number, text: string, start: number, end: number, kind: TokenKind): boolean {
    if (this.#kinds[id] !== kind || this.lengthOf(id) !== end - start) return false;
    const from = (this.#starts[id] ?? 0) - start;
    for (let i = start; i < end; i++) if (this.#chars[from + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  #rehash(): void {
    this.#slots = new Uint32Array(this.#slots.length * 2);
    for (let id = firstWordId; id < this.#size; id++) {
      const text = this.textOf(id);
      this.#slots[this.#slot(text, 0, text.length, this.kindOf(id))] = id + 1;
    }
  }

  #growWords(): void {
    const capacity = Math.ceil(this.#starts.length * 1.5);
    const grow = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
      const grown = new Uint32Array(capacity);
      grown.set(old);
      return grown;
    };
    this.#starts = grow(this.#starts);
    this.#counts = grow(this.#counts);
    this.#signatures = grow(this.#signatures);
    const kinds = new Uint8Array(capacity);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
  }
}

/** The set of letters of a word, folded to lower case, as 32 bits. */
export function signature(text: string, start = 0, end = text.length): number {
  let bits = 0;
  for (let i = start; i < end; i++) bits |= 1 << ((text.charCodeAt(i) | 32) & 31);
  return bits >>> 0;
}

const digit = 1;
const lower = 2;
const upper = 3;

/**
 * Whether a word looks like a key, a hash or random data rather than a name: long hexadecimal, or letters and
 * digits that alternate as no person writes them. A second net behind redaction, for what has no known form.
 */
export function looksSecret(text: string, start = 0, end = text.length): boolean {
  const length = end - start;
  if (length < 16) return false;
  let digits = 0;
  let changes = 0;
  let hexadecimal = true;
  let previous = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    const kind =
      code >= 48 && code <= 57
        ? digit
        : code >= 97 && code <= 122
          ? lower
          : code >= 65 && code <= 90
            ? upper
            : 0;
    if (kind === digit) digits++;
    if (kind !== digit && !((code | 32) >= 97 && (code | 32) <= 102)) hexadecimal = false;
    // A capital that begins a word is no change: camelCase has many and is no secret.
    if (previous && kind && kind !== previous && !(previous === upper && kind === lower)) {
      changes += kind === digit || previous === digit ? 2 : 1;
    }
    previous = kind;
  }
  if (hexadecimal && digits >= 3) return true;
  if (digits === 0) return length >= 32 && changes * 3 > length;
  return digits >= 3 && changes * 3 >= length;
}
