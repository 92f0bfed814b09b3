import assert from 'node:assert/strict';
import { candidateFeatures, placeFeatures } from '../../server/engines/embedded/features.ts';
import { layout, Network } from '../../server/engines/embedded/network.ts';
import { randomFrom } from '../bench/protocol.ts';
import { Trainer } from '../bench/train/gradient.ts';
import type { Sample } from '../bench/train/samples.ts';
import { weightsModule } from '../bench/train/writeWeights.ts';

/** Samples whose right candidate is the one with the largest first number; every fourth has none. */
function made(count: number): Sample[] {
  const random = randomFrom(5);
  return Array.from({ length: count }, (_, i) => {
    const many = 2 + Math.floor(random() * 5);
    const candidates = Float32Array.from({ length: many * candidateFeatures }, () => random() - 0.5);
    const firsts = Array.from({ length: many }, (__, c) => candidates[c * candidateFeatures] ?? 0);
    const best = i % 4 === 0 ? -1 : firsts.indexOf(Math.max(...firsts));
    const place = new Float32Array(placeFeatures).fill(best < 0 ? 1 : 0, 3, 5);
    return { place, candidates, right: Uint8Array.from(firsts, (__, c) => Number(c === best)) };
  });
}

describe('embedded training', () => {
  const samples = made(240);

  it('computes what the network computes', () => {
    const trainer = new Trainer(1);
    const network = new Network(trainer.weights);
    for (const sample of samples.slice(0, 20)) {
      const scores = new Float32Array(sample.right.length);
      const none = network.judge(sample.place, sample.candidates, sample.right.length, scores);
      const right = sample.right.indexOf(1);
      const expected = -Math.log(right < 0 ? none : (scores[right] ?? 0));
      assert.ok(Math.abs(trainer.score([sample]).loss - expected) < 1e-4);
    }
  });

  it('learns what can be learned, the same way each time', () => {
    const [one, two] = [new Trainer(2, undefined, 0.003), new Trainer(2, undefined, 0.003)];
    const before = one.score(samples).loss;
    for (const trainer of [one, two]) trainer.epoch(samples, [0, 0.1]);
    assert.deepEqual(one.weights, two.weights);
    for (let i = 1; i < 18; i++) one.epoch(samples, [i / 18, (i + 1) / 18]);
    const after = one.score(samples).loss;
    assert.ok(after < 0.6 * before, `${before} to ${after}`);
  });

  it('writes weights that are read back as they are, and says what they come from', () => {
    const { weights } = new Trainer(3);
    const text = weightsModule(weights, ['some/project@0123456789', 'other/project@abcdef0123']);
    assert.match(text, /^ \* some\/project@0123456789, other\/project@abcdef0123\.$/m);
    const bytes = Buffer.from(
      [...text.matchAll(/^ {2}'(.*)',$/gm)].map(match => match[1]).join(''),
      'base64',
    );
    assert.equal(bytes.length, 2 * layout.size);
    for (const [i, weight] of weights.entries()) {
      assert.ok(Math.abs(bytes.readInt16LE(2 * i) / 2048 - weight) <= 1 / 4096);
    }
  });
});
