/**
 * What other calls of a function say about the present one: what stands as their arguments, and how many they have.
 * It must not know where the calls stand.
 */
import { source } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import type { Open } from './features.ts';

/** Tokens of a call that are walked. */
export const callLength = 60;
/** How much an argument of another call says: one at the same place, any other. */
const levels = { same: 6, other: 2 };

/** Gathered once for a place in a call, and told as often as that place is looked at. */
export class OtherCalls {
  readonly #open: Open;
  readonly #separator: number;
  readonly #tokens: number[] = [];
  readonly #levels: number[] = [];
  readonly #weights: number[] = [];
  readonly #near: boolean[] = [];
  #longer = 0;
  #ended = 0;

  /** `separator` is the id of what stands between arguments. */
  constructor(open: Open, separator: number) {
    this.#open = open;
    this.#separator = separator;
  }

  get callee(): number {
    return this.#open.callee;
  }

  get opener(): number {
    return this.#open.opener;
  }

  /**
   * Walks the call whose first argument would begin at `from`. Of the brackets inside it only those of its own shape
   * are counted; a call that goes on beyond `end` is not known to end. What it says counts `weight`, and `less`
   * levels less.
   */
  walk(
    tokenAt: (p: number) => number,
    from: number,
    end: number,
    weight: number,
    { less = 0, near = false }: { readonly less?: number; readonly near?: boolean } = {},
  ): void {
    const { opener, closer, commas } = this.#open;
    let nested = 0;
    let index = 0;
    let begins = true;
    for (let p = from; p < end; p++) {
      const token = tokenAt(p);
      const id = token >>> 1;
      if (begins && id !== closer) {
        this.#tokens.push(token);
        this.#levels.push((index === commas ? levels.same : levels.other) - less);
        this.#weights.push(weight);
        this.#near.push(near);
      }
      begins = false;
      if (id === opener) nested++;
      else if (id === closer && --nested < 0) {
        if (index === commas) this.#ended += weight;
        return;
      } else if (id === this.#separator && nested === 0) {
        if (index++ === commas) this.#longer += weight;
        begins = true;
      }
    }
  }

  /** Tells how many arguments there are, and with `all` also what they are, as `source.structure`. */
  tell(evidence: Evidence, all: boolean): void {
    evidence.calls.longer = this.#longer;
    evidence.calls.ended = this.#ended;
    if (!all) return;
    for (const [i, token] of this.#tokens.entries()) {
      evidence.add(
        source.structure,
        token,
        this.#levels[i] as number,
        this.#weights[i] as number,
        this.#near[i] as boolean,
      );
    }
  }
}
