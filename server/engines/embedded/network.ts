/**
 * A small network that turns the numbers of the candidates into probabilities, with one more outcome, "none of
 * these", that keeps the confidence honest. It must not know what the numbers mean.
 */
import { candidateFeatures, placeFeatures } from './features.ts';

export const hidden = 64;

/** Where each block of weights starts in the flat array. */
export const layout = {
  place: 0,
  candidate: placeFeatures * hidden,
  bias: (placeFeatures + candidateFeatures) * hidden,
  out: (placeFeatures + candidateFeatures + 1) * hidden,
  /** The place's own layer for "none of these". */
  escapePlace: (placeFeatures + candidateFeatures + 2) * hidden,
  escapeBias: (2 * placeFeatures + candidateFeatures + 2) * hidden,
  escapeOut: (2 * placeFeatures + candidateFeatures + 3) * hidden,
  escapeBase: (2 * placeFeatures + candidateFeatures + 4) * hidden,
  size: (2 * placeFeatures + candidateFeatures + 4) * hidden + 1,
} as const;

export class Network {
  // Doubles throughout: the engine computes in them anyway, and converting costs more than the memory.
  readonly #weights: Float64Array;
  readonly #base = new Float64Array(hidden);
  readonly #sum = new Float64Array(hidden);
  readonly #offsets = new Int32Array(candidateFeatures);
  readonly #values = new Float64Array(candidateFeatures);

  constructor(weights: Float32Array) {
    if (weights.length !== layout.size) throw new RangeError('the weights do not fit the features');
    this.#weights = Float64Array.from(weights);
  }

  /**
   * Probabilities of `count` candidates, whose numbers lie one after the other in `candidates`, into `out`. They
   * sum to less than one: the rest is the probability that it is none of them, which is returned.
   */
  judge(place: Float32Array, candidates: Float32Array, count: number, out: Float32Array): number {
    const w = this.#weights;
    const base = this.#base;
    let escape = w[layout.escapeBase] as number;
    for (let h = 0; h < hidden; h++) {
      base[h] = w[layout.bias + h] as number;
      this.#sum[h] = w[layout.escapeBias + h] as number;
    }
    for (let f = 0; f < placeFeatures; f++) {
      const x = place[f] as number;
      if (x === 0) continue;
      const to = layout.place + f * hidden;
      const toEscape = layout.escapePlace + f * hidden;
      for (let h = 0; h < hidden; h++) {
        base[h] = (base[h] as number) + x * (w[to + h] as number);
        this.#sum[h] = (this.#sum[h] as number) + x * (w[toEscape + h] as number);
      }
    }
    for (let h = 0; h < hidden; h++) {
      escape += Math.max(0, this.#sum[h] as number) * (w[layout.escapeOut + h] as number);
    }
    let largest = escape;
    for (let c = 0; c < count; c++) {
      const score = this.#score(candidates, c * candidateFeatures);
      out[c] = score;
      largest = Math.max(largest, score);
    }
    const none = Math.exp(escape - largest);
    let total = none;
    for (let c = 0; c < count; c++) total += out[c] = Math.exp((out[c] as number) - largest);
    for (let c = 0; c < count; c++) out[c] = (out[c] as number) / total;
    return none / total;
  }

  #score(numbers: Float32Array, at: number): number {
    const w = this.#weights;
    const base = this.#base;
    const offsets = this.#offsets;
    const values = this.#values;
    // Most numbers are zero.
    let count = 0;
    for (let f = 0; f < candidateFeatures; f++) {
      const x = numbers[at + f] as number;
      if (x === 0) continue;
      offsets[count] = layout.candidate + f * hidden;
      values[count++] = x;
    }
    let score = 0;
    // Eight units at a time: their sums stay in registers.
    for (let h = 0; h < hidden; h += 8) {
      let a = base[h] as number;
      let b = base[h + 1] as number;
      let c = base[h + 2] as number;
      let d = base[h + 3] as number;
      let e = base[h + 4] as number;
      let f = base[h + 5] as number;
      let g = base[h + 6] as number;
      let i = base[h + 7] as number;
      for (let n = 0; n < count; n++) {
        const x = values[n] as number;
        const to = (offsets[n] as number) + h;
        a += x * (w[to] as number);
        b += x * (w[to + 1] as number);
        c += x * (w[to + 2] as number);
        d += x * (w[to + 3] as number);
        e += x * (w[to + 4] as number);
        f += x * (w[to + 5] as number);
        g += x * (w[to + 6] as number);
        i += x * (w[to + 7] as number);
      }
      const out = layout.out + h;
      if (a > 0) score += a * (w[out] as number);
      if (b > 0) score += b * (w[out + 1] as number);
      if (c > 0) score += c * (w[out + 2] as number);
      if (d > 0) score += d * (w[out + 3] as number);
      if (e > 0) score += e * (w[out + 4] as number);
      if (f > 0) score += f * (w[out + 5] as number);
      if (g > 0) score += g * (w[out + 6] as number);
      if (i > 0) score += i * (w[out + 7] as number);
    }
    return score;
  }
}
