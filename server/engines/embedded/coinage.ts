/**
 * Names that nobody has written yet, made from parts of those that stand around: where `getUser` became `setUser`,
 * `userName` becomes what it should. They get ids of their own, beyond the vocabulary's, and are forgotten again. It
 * must not know places or evidence.
 */
import { tokenKind } from '../../base/tokens.ts';
import type { TokenKind, Vocabulary } from '../../base/tokens.ts';
import { splitName } from './names.ts';

/** Where coined ids begin; a token holds an id shifted by one, in 31 bits. */
const firstCoined = 1 << 29;
const mostCoined = 4000;
const longest = 64;
/** Letters that a part must have for another to take its place. */
const leastReplaced = 2;

/** A vocabulary and the names that were coined beside it. */
export class Coinage implements Vocabulary {
  readonly #words: Vocabulary;
  readonly #texts: string[] = [];
  readonly #ids = new Map<string, number>();
  /** By a pair and a third id: what they make, or -1. */
  readonly #made = new Map<string, number>();

  constructor(words: Vocabulary) {
    this.#words = words;
  }

  get size(): number {
    return this.#words.size;
  }

  textOf(id: number): string {
    return id < firstCoined ? this.#words.textOf(id) : (this.#texts[id - firstCoined] ?? '');
  }

  lengthOf(id: number): number {
    return id < firstCoined ? this.#words.lengthOf(id) : this.textOf(id).length;
  }

  kindOf(id: number): TokenKind {
    return id < firstCoined ? this.#words.kindOf(id) : tokenKind.word;
  }

  countOf(id: number): number {
    return id < firstCoined ? this.#words.countOf(id) : 0;
  }

  find(text: string, kind: TokenKind): number {
    return this.#words.find(text, kind);
  }

  startingWith(prefix: string, limit: number): readonly number[] {
    return this.#words.startingWith(prefix, limit);
  }

  intern(text: string, kind: TokenKind): number {
    return this.#words.intern(text, kind);
  }

  /** Forgets what was coined, when it is much; ids of before mean nothing then. Returns whether it did. */
  tidy(): boolean {
    if (this.#made.size < mostCoined) return false;
    this.#texts.length = 0;
    this.#ids.clear();
    this.#made.clear();
    return true;
  }

  /** The name that is to `name` as `to` is to `from`; -1 if it is none or one of the three. */
  analogue(name: number, from: number, to: number): number {
    const key = `${name} ${from} ${to}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const text = replaceParts(this.textOf(name), this.textOf(from), this.textOf(to));
    const id = text === undefined ? -1 : this.idFor(text);
    this.#made.set(key, id);
    return id;
  }

  /** What a file at `path` may name after itself: `read-file.test.ts` has `readFile`, `ReadFile`, `read_file`. */
  namesOf(path: string): readonly number[] {
    const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/, '');
    const parts = splitName(stem).map(part => part.text);
    if (parts.length === 0 || !/^[\p{L}_]/u.test(stem)) return [];
    const capital = parts.map(part => part.charAt(0).toUpperCase() + part.slice(1)).join('');
    const texts = [
      capital,
      capital.charAt(0).toLowerCase() + capital.slice(1),
      parts.join('_').toLowerCase(),
    ];
    return [...new Set(texts)].filter(text => text.length <= longest).map(text => this.idFor(text));
  }

  /** The id of a word: the vocabulary's, if it has one. */
  idFor(text: string): number {
    const found = this.#words.find(text, tokenKind.word);
    if (found >= 0) return found;
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = firstCoined + this.#texts.length;
    this.#texts.push(text);
    this.#ids.set(text, id);
    return id;
  }
}

/**
 * `name` with the parts that tell `from` apart from `to` replaced by those of `to`, written as in `name`. Undefined
 * where `name` does not hold them, or nothing changes.
 */
export function replaceParts(name: string, from: string, to: string): string | undefined {
  const parts = splitName(name);
  const [old, fresh] = difference(splitName(from), splitName(to));
  if (old.length === 0 || fresh.length === 0 || old.join('').length < leastReplaced) return undefined;
  const lower = parts.map(part => part.text.toLowerCase());
  const wanted = old.map(part => part.toLowerCase());
  for (let at = 0; at + wanted.length <= parts.length; at++) {
    if (!wanted.every((part, i) => lower[at + i] === part)) continue;
    const first = parts[at];
    const last = parts[at + wanted.length - 1];
    if (!first || !last) return undefined;
    const joint = parts[1] ? name.slice(parts[0] ? parts[0].end : 0, parts[1].start) : '';
    const written = fresh.map((part, i) =>
      writtenAs(part, i === 0 ? first.text : joint ? last.text : (parts[at + i]?.text ?? 'Xx')),
    );
    const text = name.slice(0, first.start) + written.join(joint) + name.slice(last.end);
    return text === name || text.length > longest ? undefined : text;
  }
  return undefined;
}

/** The parts in the middle that differ, without those that both begin and end with. */
function difference(
  from: readonly { text: string }[],
  to: readonly { text: string }[],
): [from: string[], to: string[]] {
  const a = from.map(part => part.text);
  const b = to.map(part => part.text);
  const same = (x: string | undefined, y: string | undefined): boolean =>
    x?.toLowerCase() === y?.toLowerCase();
  while (a.length > 1 && b.length > 1 && same(a[0], b[0])) {
    a.shift();
    b.shift();
  }
  while (a.length > 1 && b.length > 1 && same(a[a.length - 1], b[b.length - 1])) {
    a.pop();
    b.pop();
  }
  return [a, b];
}

/** `part` in the case of `model`. */
function writtenAs(part: string, model: string): string {
  const lower = part.toLowerCase();
  if (model.length > 1 && model === model.toUpperCase() && model !== model.toLowerCase())
    return lower.toUpperCase();
  const first = model.charAt(0);
  return first === first.toLowerCase() ? lower : lower.charAt(0).toUpperCase() + lower.slice(1);
}
