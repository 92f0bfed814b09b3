/**
 * What the text of a token tells the network: how a name is written and which parts names have
 * in common. Remembers what it found. It must not know places or evidence.
 */
import { tokenKind } from '../../base/tokens.ts';
import type { Vocabulary } from '../../base/tokens.ts';
import { Coinage } from './coinage.ts';

/** How a word is written. */
export const shape = { plain: 0, joined: 1, capital: 2, constant: 3 } as const;
export const shapes = 4;

export interface Name {
  /** One of `shape`; -1 for what is no word. */
  readonly shape: number;
  /** Hashes of its parts in lower case, at the borders of camelCase and snake_case. */
  readonly parts: readonly number[];
}

const nothing: Name = { shape: -1, parts: [] };
/** Names that are remembered before all are forgotten. */
const mostRemembered = 20_000;
const partBorder = /[\p{Lu}]+(?![\p{Ll}])[\p{N}]*|[\p{Lu}]?[^\p{Lu}_\-$\p{N}]+[\p{N}]*|\p{N}+/gu;

export class Names {
  /** The vocabulary, with the names that were made up beside it. */
  readonly coinage: Coinage;
  readonly #known = new Map<number, Name>();

  constructor(words: Vocabulary) {
    this.coinage = new Coinage(words);
  }

  /** To be called when no id of a coined name is in use. */
  tidy(): void {
    if (this.coinage.tidy() || this.#known.size >= mostRemembered) this.#known.clear();
  }

  of(id: number): Name {
    const known = this.#known.get(id);
    if (known) return known;
    const name = this.#read(id);
    this.#known.set(id, name);
    return name;
  }

  #read(id: number): Name {
    if (this.coinage.kindOf(id) !== tokenKind.word) return nothing;
    const text = this.coinage.textOf(id);
    const parts = splitName(text).map(part => hashOf(part.text.toLowerCase()));
    return { shape: shapeOf(text, parts.length), parts };
  }
}

/** The parts of a name as they are written, and where they stand. */
export function splitName(
  name: string,
): { readonly text: string; readonly start: number; readonly end: number }[] {
  return Array.from(name.matchAll(partBorder), match => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
}

function shapeOf(text: string, parts: number): number {
  const first = text.charAt(0);
  if (first !== first.toLowerCase()) return text === text.toUpperCase() ? shape.constant : shape.capital;
  return parts > 1 ? shape.joined : shape.plain;
}

/** FNV-1a. */
function hashOf(part: string): number {
  let hash = 2166136261;
  for (let i = 0; i < part.length; i++) hash = Math.imul(hash ^ part.charCodeAt(i), 16777619);
  return hash;
}

/** How many of `some` stand in `others`. */
export function inCommon(some: readonly number[], others: readonly number[]): number {
  let count = 0;
  for (const part of some) if (others.includes(part)) count++;
  return count;
}
