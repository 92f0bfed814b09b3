/**
 * Finds the weights of the embedded engine's network: cross-entropy over the candidates and "none of these",
 * Adam (Kingma & Ba 2015) with decoupled weight decay and a cosine schedule. Deterministic for a seed. It must not
 * know where samples come from. The forward pass mirrors server/engines/embedded/network.ts.
 */
import * as features from '../../../server/engines/embedded/features.ts';
import * as network from '../../../server/engines/embedded/network.ts';
import { randomFrom, shuffle } from '../protocol.ts';
import type { Sample } from './samples.ts';

/** Mean loss in nats a step, and the share of steps whose likeliest candidate was right. */
export interface Score {
  readonly loss: number;
  readonly top1: number;
}

// Names of this module's own: where imports are looked up each time, as under mocha, the loops take five times longer.
const { candidateFeatures, placeFeatures } = features;
const { hidden, layout } = network;
const batch = 32;
const lastRate = 0.00001;
const decay = 0.05;
// The first gradients are large: a longer memory of their squares would hold the steps back for epochs.
const momentum = { mean: 0.9, square: 0.99 };
/** Gradients of a candidate's score below this move nothing. */
const negligible = 1e-4;

export class Trainer {
  readonly weights: Float32Array;
  readonly #gradient = new Float32Array(layout.size);
  readonly #mean = new Float32Array(layout.size);
  readonly #square = new Float32Array(layout.size);
  readonly #base = new Float32Array(hidden);
  readonly #escape = new Float32Array(hidden);
  readonly #slopes = new Float32Array(hidden);
  readonly #baseSlopes = new Float32Array(hidden);
  readonly #random: () => number;
  readonly #firstRate: number;
  #units = new Float32Array(0);
  #scores = new Float64Array(0);
  #updates = 0;

  /** Starts from `weights`, or from small random ones, with steps of `firstRate`. */
  constructor(seed: number, weights?: Float32Array, firstRate = 0.001) {
    this.#firstRate = firstRate;
    this.#random = randomFrom(seed);
    this.weights = weights?.slice() ?? new Float32Array(layout.size);
    if (weights) return;
    for (let i = 0; i < layout.size; i++) {
      this.weights[i] = (this.#random() + this.#random() + this.#random() - 1.5) * 0.25;
    }
    this.weights.fill(0, layout.bias, layout.bias + hidden);
    this.weights.fill(0, layout.escapeBias, layout.escapeBias + hidden);
  }

  /** One pass over the samples in a new order; `progress` (0…1 at its start and end) sets the rate. */
  epoch(samples: readonly Sample[], progress: readonly [from: number, to: number]): Score {
    const order = [...samples];
    shuffle(order, this.#random);
    let loss = 0;
    let right = 0;
    for (let from = 0; from < order.length; from += batch) {
      const part = order.slice(from, from + batch);
      this.#gradient.fill(0);
      for (const sample of part) {
        const result = this.#step(sample, true);
        loss += result.loss;
        right += result.top1;
      }
      const done = progress[0] + ((progress[1] - progress[0]) * from) / order.length;
      this.#update(part.length, this.#firstRate * 0.5 * (1 + Math.cos(Math.PI * done)) + lastRate);
    }
    return { loss: loss / order.length, top1: right / order.length };
  }

  /** How well the present weights do on samples. */
  score(samples: readonly Sample[]): Score {
    let loss = 0;
    let right = 0;
    for (const sample of samples) {
      const result = this.#step(sample, false);
      loss += result.loss;
      right += result.top1;
    }
    const count = Math.max(1, samples.length);
    return { loss: loss / count, top1: right / count };
  }

  #update(count: number, step: number): void {
    this.#updates++;
    const meanShare = 1 - momentum.mean ** this.#updates;
    const squareShare = 1 - momentum.square ** this.#updates;
    const w = this.weights;
    for (let i = 0; i < w.length; i++) {
      const g = (this.#gradient[i] as number) / count;
      const mean = momentum.mean * (this.#mean[i] as number) + (1 - momentum.mean) * g;
      const square = momentum.square * (this.#square[i] as number) + (1 - momentum.square) * g * g;
      this.#mean[i] = mean;
      this.#square[i] = square;
      const move = mean / meanShare / (Math.sqrt(square / squareShare) + 1e-8) + decay * (w[i] as number);
      w[i] = (w[i] as number) - step * move;
    }
  }

  /** Forward, and with `learn` backward into the gradient. */
  #step(sample: Sample, learn: boolean): Score {
    const { right } = sample;
    const count = right.length;
    const none = this.#forward(sample, count);
    let chosen = 0;
    let best = 0;
    for (let c = 0; c < count; c++) {
      if (right[c]) chosen += this.#scores[c] as number;
      if ((this.#scores[c] as number) > (this.#scores[best] as number)) best = c;
    }
    const known = right.includes(1);
    if (!known) chosen = none;
    if (learn) this.#backward(sample, count, none, Math.max(chosen, 1e-9), known);
    return { loss: -Math.log(Math.max(chosen, 1e-9)), top1: right[best] ?? 0 };
  }

  /** Fills units and probabilities; returns the probability of "none of these". */
  #forward({ place, candidates }: Sample, count: number): number {
    const w = this.weights;
    if (this.#scores.length < count) {
      this.#scores = new Float64Array(count);
      this.#units = new Float32Array(count * hidden);
    }
    this.#base.set(w.subarray(layout.bias, layout.bias + hidden));
    this.#escape.set(w.subarray(layout.escapeBias, layout.escapeBias + hidden));
    for (let f = 0; f < placeFeatures; f++) {
      addScaled(this.#base, 0, place[f] as number, w, layout.place + f * hidden);
      addScaled(this.#escape, 0, place[f] as number, w, layout.escapePlace + f * hidden);
    }
    let escape = w[layout.escapeBase] as number;
    for (let h = 0; h < hidden; h++)
      escape += Math.max(0, this.#escape[h] as number) * (w[layout.escapeOut + h] as number);
    let largest = escape;
    for (let c = 0; c < count; c++) {
      const units = c * hidden;
      this.#units.set(this.#base, units);
      for (let f = 0; f < candidateFeatures; f++) {
        const x = candidates[c * candidateFeatures + f] as number;
        addScaled(this.#units, units, x, w, layout.candidate + f * hidden);
      }
      let score = 0;
      for (let h = 0; h < hidden; h++)
        score += Math.max(0, this.#units[units + h] as number) * (w[layout.out + h] as number);
      this.#scores[c] = score;
      largest = Math.max(largest, score);
    }
    let total = Math.exp(escape - largest);
    const none = total;
    for (let c = 0; c < count; c++)
      total += this.#scores[c] = Math.exp((this.#scores[c] as number) - largest);
    for (let c = 0; c < count; c++) this.#scores[c] = (this.#scores[c] as number) / total;
    return none / total;
  }

  #backward(
    { place, candidates, right }: Sample,
    count: number,
    none: number,
    chosen: number,
    known: boolean,
  ): void {
    const w = this.weights;
    const g = this.#gradient;
    const slopes = this.#slopes;
    // Several candidates may be right (newlines): each takes its share of what they have together.
    const slope = (p: number, isRight: boolean): number => (isRight ? p - p / chosen : p);
    const escape = slope(none, !known);
    g[layout.escapeBase] = (g[layout.escapeBase] as number) + escape;
    for (let h = 0; h < hidden; h++) {
      const unit = this.#escape[h] as number;
      slopes[h] = unit > 0 ? escape * (w[layout.escapeOut + h] as number) : 0;
      g[layout.escapeOut + h] = (g[layout.escapeOut + h] as number) + escape * Math.max(0, unit);
    }
    addScaled(g, layout.escapeBias, 1, slopes, 0);
    for (let f = 0; f < placeFeatures; f++)
      addScaled(g, layout.escapePlace + f * hidden, place[f] as number, slopes, 0);
    this.#baseSlopes.fill(0);
    for (let c = 0; c < count; c++) {
      const score = slope(this.#scores[c] as number, right[c] === 1);
      if (Math.abs(score) < negligible) continue;
      for (let h = 0; h < hidden; h++) {
        const unit = this.#units[c * hidden + h] as number;
        slopes[h] = unit > 0 ? score * (w[layout.out + h] as number) : 0;
        g[layout.out + h] = (g[layout.out + h] as number) + score * Math.max(0, unit);
      }
      addScaled(this.#baseSlopes, 0, 1, slopes, 0);
      for (let f = 0; f < candidateFeatures; f++) {
        const x = candidates[c * candidateFeatures + f] as number;
        addScaled(g, layout.candidate + f * hidden, x, slopes, 0);
      }
    }
    addScaled(g, layout.bias, 1, this.#baseSlopes, 0);
    for (let f = 0; f < placeFeatures; f++)
      addScaled(g, layout.place + f * hidden, place[f] as number, this.#baseSlopes, 0);
  }
}

/** `to[toAt + h] += x · from[fromAt + h]` for a layer; most numbers are zero, so those cost nothing. */
function addScaled(to: Float32Array, toAt: number, x: number, from: Float32Array, fromAt: number): void {
  if (x === 0) return;
  for (let h = 0; h < hidden; h++) to[toAt + h] = (to[toAt + h] as number) + x * (from[fromAt + h] as number);
}
