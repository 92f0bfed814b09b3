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

/** Words as they are kept between sessions. */
export interface SavedWords {
  /** UTF-16 units; zero for a word that is not kept. */
  readonly lengths: Uint8Array;
  readonly kinds: Uint8Array;
  /** UTF-8. */
  readonly text: Uint8Array;
}

/** Set in a word's kind: its characters take two bytes each. */
const wide = 0x80;

export class WordTable implements Vocabulary {
  /** One byte a character, or two, low first, for words that need it. */
  #chars = new Uint8Array(1 << 14);
  #used = 0;
  #starts = new Uint32Array(1 << 11);
  #kinds = new Uint8Array(1 << 11);
  #counts = new Uint32Array(1 << 11);
  #slots = new Uint32Array(1 << 12);
  #size = firstWordId;

  constructor() {
    this.#kinds.fill(tokenKind.newline, specialToken.newlineSame, firstWordId);
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes held. */
  get bytes(): number {
    const arrays = [this.#chars, this.#starts, this.#kinds, this.#counts, this.#slots];
    return arrays.reduce((sum, array) => sum + array.byteLength, 0);
  }

  textOf(id: number): string {
    if (id < firstWordId || id >= this.#size) return '';
    const start = this.#starts[id] as number;
    const length = this.lengthOf(id);
    let text = '';
    for (let i = 0; i < length; i++) text += String.fromCharCode(this.#charAt(id, start, i));
    return text;
  }

  kindOf(id: number): TokenKind {
    return ((this.#kinds[id] ?? tokenKind.special) & ~wide) as TokenKind;
  }

  countOf(id: number): number {
    return this.#counts[id] ?? 0;
  }

  /** The 32 bit set of the word's letters, for a quick bound on the distance of two words. */
  signatureOf(id: number): number {
    const start = this.#starts[id] as number;
    let bits = 0;
    for (let i = this.lengthOf(id) - 1; i >= 0; i--) bits |= 1 << ((this.#charAt(id, start, i) | 32) & 31);
    return bits >>> 0;
  }

  lengthOf(id: number): number {
    const bytes = this.#endOf(id) - (this.#starts[id] ?? 0);
    return (this.#kinds[id] as number) & wide ? bytes >> 1 : bytes;
  }

  /** Adds `by` (negative when a file leaves) to the word's count. */
  count(id: number, by: number): void {
    this.#counts[id] = Math.max(0, (this.#counts[id] ?? 0) + by);
  }

  /** Counts the words of tokens once more. */
  countAll(tokens: Uint32Array): void {
    const counts = this.#counts;
    for (let i = 0; i < tokens.length; i++) {
      const id = (tokens[i] as number) >>> 1;
      counts[id] = (counts[id] as number) + 1;
    }
  }

  find(text: string, kind: TokenKind): number {
    const slot = this.#slot(text, 0, text.length, kind, hashOf(text, 0, text.length));
    return (this.#slots[slot] ?? 0) - 1;
  }

  startingWith(prefix: string, limit: number): readonly number[] {
    const first = prefix.charCodeAt(0);
    const second = prefix.length > 1 ? prefix.charCodeAt(1) : -1;
    const found: number[] = [];
    for (let id = firstWordId; id < this.#size; id++) {
      if (((this.#kinds[id] as number) & ~wide) !== tokenKind.word || this.#counts[id] === 0) continue;
      const start = this.#starts[id] as number;
      if (this.#charAt(id, start, 0) !== first || this.lengthOf(id) < prefix.length) continue;
      if (second >= 0 && this.#charAt(id, start, 1) !== second) continue;
      if (prefix.length <= 2 || this.textOf(id).startsWith(prefix)) found.push(id);
    }
    return found.sort((a, b) => this.countOf(b) - this.countOf(a)).slice(0, limit);
  }

  intern(text: string, kind: TokenKind): number {
    return this.internPart(text, 0, text.length, kind, hashOf(text, 0, text.length));
  }

  /** As `intern`, for `text.slice(start, end)`; `hash` is its `hashOf`. */
  internPart(text: string, start: number, end: number, kind: TokenKind, hash: number): number {
    if (end - start > maxWordLength) return specialToken.unknown;
    const slot = this.#slot(text, start, end, kind, hash);
    const found = this.#slots[slot] as number;
    if (found > 0) return found - 1;
    if (this.#size >= maxWords) return specialToken.unknown;
    if (end - start >= 16 && kind !== tokenKind.operator && looksSecret(text, start, end)) {
      return specialToken.unknown;
    }
    return this.#add(text, start, end, kind, slot);
  }

  /** The texts of the words from `firstWordId` on that `keeps` names, one behind the other; others have no length. */
  save(keeps: (id: number) => boolean): SavedWords {
    const count = this.#size - firstWordId;
    const lengths = new Uint8Array(count);
    const kinds = new Uint8Array(count);
    const texts: string[] = [];
    for (let id = firstWordId; id < this.#size; id++) {
      kinds[id - firstWordId] = this.kindOf(id);
      if (!keeps(id)) continue;
      const text = this.textOf(id);
      lengths[id - firstWordId] = text.length;
      texts.push(text);
    }
    return { lengths, kinds, text: new TextEncoder().encode(texts.join('')) };
  }

  /**
   * Takes saved words up beside those that are known already; returns their ids, by the ids they were saved with, or
   * undefined if they cannot be what was saved. What looks secret by the rules of today is not taken up.
   */
  load({ lengths, kinds, text: bytes }: SavedWords): Uint32Array | undefined {
    const text = new TextDecoder().decode(bytes);
    const ids = new Uint32Array(firstWordId + lengths.length).fill(specialToken.unknown);
    for (let id = 0; id < firstWordId; id++) ids[id] = id;
    let at = 0;
    for (let i = 0; i < lengths.length; i++) {
      const length = lengths[i] as number;
      const kind = kinds[i] as TokenKind;
      if (length === 0) continue;
      if (kind < tokenKind.word || kind > tokenKind.close || at + length > text.length) return undefined;
      ids[firstWordId + i] = this.internPart(text, at, at + length, kind, hashOf(text, at, at + length));
      at += length;
    }
    return at === text.length ? ids : undefined;
  }

  #charAt(id: number, start: number, i: number): number {
    if (((this.#kinds[id] as number) & wide) === 0) return this.#chars[start + i] as number;
    return (this.#chars[start + 2 * i] as number) | ((this.#chars[start + 2 * i + 1] as number) << 8);
  }

  #endOf(id: number): number {
    return id + 1 < this.#size ? (this.#starts[id + 1] as number) : this.#used;
  }

  #add(text: string, start: number, end: number, kind: TokenKind, slot: number): number {
    const id = this.#size++;
    if (id >= this.#starts.length) this.#growWords();
    let two = false;
    for (let i = start; i < end; i++) if (text.charCodeAt(i) > 255) two = true;
    if (this.#used + 2 * (end - start) > this.#chars.length) {
      const grown = new Uint8Array(Math.ceil(this.#chars.length * 1.3) + 2 * maxWordLength);
      grown.set(this.#chars);
      this.#chars = grown;
    }
    this.#starts[id] = this.#used;
    this.#kinds[id] = two ? kind | wide : kind;
    for (let i = start; i < end; i++) {
      const code = text.charCodeAt(i);
      this.#chars[this.#used++] = code;
      if (two) this.#chars[this.#used++] = code >>> 8;
    }
    this.#slots[slot] = id + 1;
    if (this.#size * 3 > this.#slots.length * 2) this.#rehash();
    return id;
  }

  #slot(text: string, start: number, end: number, kind: TokenKind, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = mix(hash, kind) & mask;
    for (;;) {
      const entry = slots[slot] as number;
      if (entry === 0 || this.#same(entry - 1, text, start, end, kind)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  #same(id: number, text: string, start: number, end: number, kind: TokenKind): boolean {
    const its = this.#kinds[id] as number;
    const at = this.#starts[id] as number;
    if (its === kind) {
      if (this.#endOf(id) - at !== end - start) return false;
      const chars = this.#chars;
      for (let i = start, k = at; i < end; i++, k++) if (chars[k] !== text.charCodeAt(i)) return false;
      return true;
    }
    if (its !== (kind | wide) || this.lengthOf(id) !== end - start) return false;
    for (let i = start; i < end; i++)
      if (this.#charAt(id, at, i - start) !== text.charCodeAt(i)) return false;
    return true;
  }

  #rehash(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let id = firstWordId; id < this.#size; id++) {
      const start = this.#starts[id] as number;
      const length = this.lengthOf(id);
      let hash = hashStart;
      for (let i = 0; i < length; i++) hash = hashOn(hash, this.#charAt(id, start, i));
      let slot = mix(hash, this.kindOf(id)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.#slots = slots;
  }

  #growWords(): void {
    const capacity = Math.ceil(this.#starts.length * 1.3);
    const grow = (old: Uint32Array): Uint32Array<ArrayBuffer> => {
      const grown = new Uint32Array(capacity);
      grown.set(old);
      return grown;
    };
    this.#starts = grow(this.#starts);
    this.#counts = grow(this.#counts);
    const kinds = new Uint8Array(capacity);
    kinds.set(this.#kinds);
    this.#kinds = kinds;
  }
}

/** FNV-1a over UTF-16 units, one at a time, so that a lexer can hash while it looks for a word's end. */
export const hashStart = 2166136261 | 0;
export function hashOn(hash: number, code: number): number {
  return Math.imul(hash ^ code, 16777619);
}

export function hashOf(text: string, start: number, end: number): number {
  let hash = hashStart;
  for (let i = start; i < end; i++) hash = hashOn(hash, text.charCodeAt(i));
  return hash;
}

function mix(hash: number, kind: number): number {
  const mixed = hash + Math.imul(kind, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
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
