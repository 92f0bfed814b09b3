/**
 * What the sources say about the next token: for each candidate and each length of matching context, a weight.
 * Blends the lengths into one probability per source. It must not know where a source looks.
 *
 * Blending: interpolated Witten-Bell (Witten & Bell 1991): each length gives the share types/(types + count) of its
 * mass to the next shorter one.
 */

/** The longest context that is told apart, in tokens. */
export const maxDepth = 8;
const levels = maxDepth + 1;
const maxCandidates = 192;

/** The sources: workspace, open file, and both with the last token left open. */
export const source = { workspace: 0, file: 1, skip: 2 } as const;
export type Source = (typeof source)[keyof typeof source];
const sources = 3;

export class Evidence {
  readonly ids = new Int32Array(maxCandidates);
  /** Weight with white space before the token, and in all. */
  readonly spaced = new Float32Array(maxCandidates);
  readonly weight = new Float32Array(maxCandidates);
  /** Weight from the same or a neighbouring folder. */
  readonly near = new Float32Array(maxCandidates);
  /** Per source: blended probability, deepest context that knows the candidate, weight there, share there. */
  readonly probability = Array.from({ length: sources }, () => new Float32Array(maxCandidates));
  readonly depth = Array.from({ length: sources }, () => new Uint8Array(maxCandidates));
  readonly deepWeight = Array.from({ length: sources }, () => new Float32Array(maxCandidates));
  readonly deepShare = Array.from({ length: sources }, () => new Float32Array(maxCandidates));
  /** Per source: the deepest context with any evidence, its weight, the best probability. */
  readonly deepest = new Uint8Array(sources);
  readonly total = new Float32Array(sources);
  readonly best = new Float32Array(sources);
  size = 0;
  readonly #slots = new Map<number, number>();
  readonly #counts = Array.from({ length: sources }, () => new Float32Array(maxCandidates * levels));

  readonly #totals = new Float64Array(levels);
  readonly #types = new Float64Array(levels);

  clear(): void {
    for (const counts of this.#counts) counts.fill(0, 0, this.size * levels);
    this.spaced.fill(0, 0, this.size);
    this.weight.fill(0, 0, this.size);
    this.near.fill(0, 0, this.size);
    this.#slots.clear();
    this.size = 0;
  }

  /** The place of a candidate; -1 when the table is full. */
  slot(id: number): number {
    const known = this.#slots.get(id);
    if (known !== undefined) return known;
    if (this.size === maxCandidates) return -1;
    this.ids[this.size] = id;
    this.#slots.set(id, this.size);
    return this.size++;
  }

  /** `token` followed a context that agrees with the current one for `depth` tokens. */
  add(from: Source, token: number, depth: number, weight: number, near: boolean): void {
    const slot = this.slot(token >>> 1);
    if (slot < 0) return;
    const counts = this.#counts[from];
    if (!counts) return;
    const at = slot * levels + Math.min(depth, maxDepth);
    counts[at] = (counts[at] as number) + weight;
    this.weight[slot] = (this.weight[slot] as number) + weight * (depth + 1);
    if (token & 1) this.spaced[slot] = (this.spaced[slot] as number) + weight * (depth + 1);
    if (near) this.near[slot] = (this.near[slot] as number) + weight;
  }

  /** Computes everything per source; `prior` is the probability of a candidate without context. */
  blend(prior: (id: number) => number): void {
    for (let from = 0; from < sources; from++) this.#blend(from, prior);
  }

  #blend(from: number, prior: (id: number) => number): void {
    const counts = this.#counts[from] as Float32Array;
    const probability = this.probability[from] as Float32Array;
    const depths = this.depth[from] as Uint8Array;
    const deepWeight = this.deepWeight[from] as Float32Array;
    const deepShare = this.deepShare[from] as Float32Array;
    const totals = this.#totals.fill(0);
    const types = this.#types.fill(0);
    for (let slot = 0; slot < this.size; slot++) {
      const base = slot * levels;
      let sum = 0;
      let deep = 0;
      // From here on the count at a length includes those of all longer ones.
      for (let depth = maxDepth; depth >= 0; depth--) {
        sum += counts[base + depth] as number;
        counts[base + depth] = sum;
        if (sum > 0) {
          if (deep === 0) deep = depth;
          totals[depth] = (totals[depth] as number) + sum;
          types[depth] = (types[depth] as number) + 1;
        }
      }
      depths[slot] = deep;
    }
    let deepest = maxDepth;
    while (deepest > 0 && totals[deepest] === 0) deepest--;
    this.deepest[from] = deepest;
    this.total[from] = totals[deepest] as number;
    let best = 0;
    for (let slot = 0; slot < this.size; slot++) {
      const base = slot * levels;
      let p = prior(this.ids[slot] as number);
      for (let depth = 0; depth <= deepest; depth++) {
        const total = totals[depth] as number;
        if (total === 0) continue;
        const kinds = types[depth] as number;
        p = ((counts[base + depth] as number) + kinds * p) / (total + kinds);
      }
      probability[slot] = p;
      best = Math.max(best, p);
      const deep = depths[slot] as number;
      deepWeight[slot] = counts[base + deep] as number;
      deepShare[slot] = totals[deep] ? (counts[base + deep] as number) / (totals[deep] as number) : 0;
    }
    this.best[from] = best;
  }
}
