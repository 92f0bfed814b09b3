/** Numbers that look random and are the same in every run. */

/** 0 … 1 from a text, by FNV-1a with a last mix. */
export function chanceOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return ((hash ^ (hash >>> 12)) >>> 0) / 2 ** 32;
}

/** A sequence of numbers from 0 to 1. */
export function sequence(seed: number): () => number {
  let count = 0;
  return () => chanceOf(`${seed} ${count++}`);
}
