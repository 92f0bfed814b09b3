/**
 * A small network that turns the numbers of the candidates into probabilities, with one more outcome, "none of
 * these", that keeps the confidence honest. It must not know what the numbers mean.
 */
import { candidateFeatures, placeFeatures } from './features.ts';

export const hidden = 32;

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
    const sum = this.#sum;
    sum.set(this.#base);
    for (let f = 0; f < candidateFeatures; f++) {
      const x = numbers[at + f] as number;
      if (x === 0) continue;
      const to = layout.candidate + f * hidden;
      for (let h = 0; h < hidden; h += 4) {
        sum[h] = (sum[h] as number) + x * (w[to + h] as number);
        sum[h + 1] = (sum[h + 1] as number) + x * (w[to + h + 1] as number);
        sum[h + 2] = (sum[h + 2] as number) + x * (w[to + h + 2] as number);
        sum[h + 3] = (sum[h + 3] as number) + x * (w[to + h + 3] as number);
      }
    }
    let score = 0;
    for (let h = 0; h < hidden; h++) {
      const value = sum[h] as number;
      if (value > 0) score += value * (w[layout.out + h] as number);
    }
    return score;
  }
}
