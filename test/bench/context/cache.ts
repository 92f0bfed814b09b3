/** What a prefix cache has to compute: the tokens of a prompt behind what it shares with one that is still there. */

const CHARACTERS_PER_TOKEN = 4;

export class PrefixCache {
  readonly #slots: number;
  #prompts: string[] = [];

  /** `slots`: prompts that are kept; a new one takes the place of the one it shares most with, else of the oldest. */
  constructor(slots: number) {
    this.#slots = slots;
  }

  /** Tokens to compute, and tokens of the whole prompt. */
  take(prompt: string): { readonly computed: number; readonly all: number } {
    let best = 0;
    let slot = -1;
    for (const [i, kept] of this.#prompts.entries()) {
      const shared = sharedLength(kept, prompt);
      if (shared > best) [best, slot] = [shared, i];
    }
    // A slot that shares little is left to its own place, as long as there is another.
    if (slot >= 0 && (best * 2 > prompt.length || this.#prompts.length >= this.#slots))
      this.#prompts.splice(slot, 1);
    this.#prompts.push(prompt);
    if (this.#prompts.length > this.#slots) this.#prompts.shift();
    const all = Math.ceil(prompt.length / CHARACTERS_PER_TOKEN);
    // The token in which the texts part is another one.
    const same = Math.floor(best / CHARACTERS_PER_TOKEN);
    return { computed: Math.max(1, all - same), all };
  }
}

export function sharedLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let low = 0;
  // Long prompts share long beginnings: compare by slices first.
  for (let step = 1 << 14; step > 0; step >>= 1) {
    while (low + step <= most && a.slice(low, low + step) === b.slice(low, low + step)) low += step;
  }
  return low;
}
