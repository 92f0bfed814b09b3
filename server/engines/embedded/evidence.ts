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

/**
 * The sources: workspace, open file, both with the last token left open, files near by, places whose tokens before
 * roughly agree, and places at the same point of a similar structure (an argument of the same call, a line after
 * lines that begin the same), what stood there with the names of here in place of
 * those of there, and places whose lines have words in common with this one.
 */
export const source = {
  workspace: 0,
  file: 1,
  skip: 2,
  near: 3,
  aligned: 4,
  structure: 5,
  analogy: 6,
  kin: 7,
} as const;
export type Source = (typeof source)[keyof typeof source];
export const sources = 8;

/** Slots of the table from ids to places; a power of two, well above the number of candidates. */
const tableSize = 512;

export class Evidence {
  readonly ids = new Int32Array(maxCandidates);
  /** Weight with white space before the token, and in all: in the open file, and elsewhere. */
  readonly #spacedHere = new Float32Array(maxCandidates);
  readonly #here = new Float32Array(maxCandidates);
  readonly #spacedElsewhere = new Float32Array(maxCandidates);
  readonly #elsewhere = new Float32Array(maxCandidates);
  /** Weight from the same or a neighbouring folder. */
  readonly near = new Float32Array(maxCandidates);
  /** Per source: blended probability, deepest context that knows the candidate, weight there, share there. */
  readonly probability = perSource(() => new Float32Array(maxCandidates));
  readonly depth = perSource(() => new Uint8Array(maxCandidates));
  readonly deepWeight = perSource(() => new Float32Array(maxCandidates));
  readonly deepShare = perSource(() => new Float32Array(maxCandidates));
  /** Per source: the deepest context with any evidence, its weight, the best probability. */
  readonly deepest = new Uint8Array(sources);
  readonly total = new Float32Array(sources);
  readonly best = new Float32Array(sources);
  /** Of calls of the same function: weight of those with more arguments than here, and of those with just as many. */
  readonly calls = { longer: 0, ended: 0 };
  size = 0;
  /** Open addressing: id plus one, and its slot. */
  readonly #keys = new Int32Array(tableSize);
  readonly #slots = new Uint8Array(tableSize);
  readonly #counts = perSource(() => new Float32Array(maxCandidates * levels));
  /** Per source: the candidates that it knows, and how many they are. */
  readonly #known = perSource(() => new Uint8Array(maxCandidates));
  readonly #knownSize = new Int32Array(sources);
  readonly #seen = new Uint8Array(maxCandidates);

  readonly #priors = new Float64Array(maxCandidates);
  readonly #totals = new Float64Array(levels);
  readonly #types = new Float64Array(levels);

  clear(): void {
    for (let from = 0; from < sources; from++) {
      const counts = this.#counts[from] as Float32Array;
      const known = this.#known[from] as Uint8Array;
      for (let i = 0; i < (this.#knownSize[from] as number); i++) {
        const base = (known[i] as number) * levels;
        counts.fill(0, base, base + levels);
      }
    }
    this.#knownSize.fill(0);
    this.#seen.fill(0, 0, this.size);
    this.#spacedHere.fill(0, 0, this.size);
    this.#here.fill(0, 0, this.size);
    this.#spacedElsewhere.fill(0, 0, this.size);
    this.#elsewhere.fill(0, 0, this.size);
    this.near.fill(0, 0, this.size);
    this.#keys.fill(0);
    this.calls.longer = 0;
    this.calls.ended = 0;
    this.size = 0;
  }

  /** The place of a candidate; -1 when the table is full. */
  slot(id: number): number {
    const keys = this.#keys;
    let at = Math.imul(id, 0x9e3779b1) >>> 23;
    for (; keys[at] !== 0; at = (at + 1) & (tableSize - 1)) {
      if (keys[at] === id + 1) return this.#slots[at] as number;
    }
    if (this.size === maxCandidates) return -1;
    keys[at] = id + 1;
    this.#slots[at] = this.size;
    this.ids[this.size] = id;
    return this.size++;
  }

  /** `token` followed a context that agrees with the current one for `depth` tokens. */
  add(from: Source, token: number, depth: number, weight: number, near: boolean): void {
    const slot = this.slot(token >>> 1);
    if (slot < 0) return;
    const bit = 1 << from;
    if (((this.#seen[slot] as number) & bit) === 0) {
      this.#seen[slot] = (this.#seen[slot] as number) | bit;
      const size = this.#knownSize[from] as number;
      (this.#known[from] as Uint8Array)[size] = slot;
      this.#knownSize[from] = size + 1;
    }
    const counts = this.#counts[from] as Float32Array;
    const at = slot * levels + Math.min(depth, maxDepth);
    counts[at] = (counts[at] as number) + weight;
    // Rough agreement says what comes, but nothing about a gap.
    if (from !== source.aligned) {
      const all = from === source.file ? this.#here : this.#elsewhere;
      const spaced = from === source.file ? this.#spacedHere : this.#spacedElsewhere;
      all[slot] = (all[slot] as number) + weight * (depth + 1);
      if (token & 1) spaced[slot] = (spaced[slot] as number) + weight * (depth + 1);
    }
    if (near) this.near[slot] = (this.near[slot] as number) + weight;
  }

  /**
   * Whether white space stands before the candidate; undefined if nothing is known. How the open file is written
   * counts first, however much there is elsewhere.
   */
  spacing(slot: number): boolean | undefined {
    const here = this.#here[slot] as number;
    const elsewhere = this.#elsewhere[slot] as number;
    if (here === 0 && elsewhere === 0) return undefined;
    const shareHere = here > 0 ? (this.#spacedHere[slot] as number) / here : 0;
    const shareElsewhere = elsewhere > 0 ? (this.#spacedElsewhere[slot] as number) / elsewhere : 0;
    const trust = elsewhere > 0 ? here / (here + 1) : 1;
    return trust * shareHere + (1 - trust) * shareElsewhere > 0.5;
  }

  /** Computes everything per source; `prior` is the probability of a candidate without context. */
  blend(prior: (id: number) => number): void {
    for (let slot = 0; slot < this.size; slot++) this.#priors[slot] = prior(this.ids[slot] as number);
    for (let from = 0; from < sources; from++) this.#blend(from);
  }

  #blend(from: number): void {
    const priors = this.#priors;
    const counts = this.#counts[from] as Float32Array;
    const probability = this.probability[from] as Float32Array;
    const depths = this.depth[from] as Uint8Array;
    const deepWeight = this.deepWeight[from] as Float32Array;
    const deepShare = this.deepShare[from] as Float32Array;
    const known = this.#known[from] as Uint8Array;
    const knownSize = this.#knownSize[from] as number;
    const totals = this.#totals.fill(0);
    const types = this.#types.fill(0);
    for (let i = 0; i < knownSize; i++) {
      const slot = known[i] as number;
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
    // What the source does not know keeps the same share of what it has without context.
    let share = 1;
    for (let depth = 0; depth <= deepest; depth++) {
      const total = totals[depth] as number;
      if (total > 0) share *= (types[depth] as number) / (total + (types[depth] as number));
    }
    let best = 0;
    for (let slot = 0; slot < this.size; slot++) {
      const p = share * (priors[slot] as number);
      if (p > best) best = p;
      probability[slot] = p;
      if (((this.#seen[slot] as number) & (1 << from)) !== 0) continue;
      depths[slot] = 0;
      deepWeight[slot] = 0;
      deepShare[slot] = 0;
    }
    for (let i = 0; i < knownSize; i++) {
      const slot = known[i] as number;
      const base = slot * levels;
      let p = priors[slot] as number;
      for (let depth = 0; depth <= deepest; depth++) {
        const total = totals[depth] as number;
        if (total === 0) continue;
        const kinds = types[depth] as number;
        p = ((counts[base + depth] as number) + kinds * p) / (total + kinds);
      }
      probability[slot] = p;
      if (p > best) best = p;
      const deep = depths[slot] as number;
      deepWeight[slot] = counts[base + deep] as number;
      deepShare[slot] = totals[deep] ? (counts[base + deep] as number) / (totals[deep] as number) : 0;
    }
    this.best[from] = best;
  }
}

function perSource<T>(make: () => T): readonly T[] {
  return Array.from({ length: sources }, make);
}
