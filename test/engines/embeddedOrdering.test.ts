import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ContextOrder } from '../../server/base/tokenRow.ts';
import { nestedIntervals, sortContexts } from '../../server/engines/embedded/ordering.ts';
import { finished, packed } from '../support/steps.ts';

function sorted(tokens: Uint32Array, rounds: number): ContextOrder {
  return finished(sortContexts(packed(tokens), rounds));
}

/** Ascending. */
const places = (order: ContextOrder, from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => order.at(from + i)).sort((a, b) => a - b);

const stream = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 80 });

describe('context ordering', () => {
  it('holds every position once', () => {
    fc.assert(
      fc.property(stream, ids => {
        const order = sorted(
          Uint32Array.from(ids, id => id << 1),
          3,
        );
        assert.deepEqual(
          places(order, 0, order.length),
          ids.map((_, i) => i),
        );
      }),
      { seed: 1 },
    );
  });

  it('finds exactly the positions that a search from end to end finds, at every length', () => {
    const context = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(stream, context, fc.boolean(), (ids, asked, spaced) => {
        // The first position's context is "the file begins", which is id 0.
        const tokens = Uint32Array.from([0, ...ids], (id, i) => (id << 1) | (spaced && i % 2 ? 1 : 0));
        const order = sorted(tokens, 3);
        const bounds = new Uint32Array(16);
        const deepest = nestedIntervals(packed(tokens), order, asked, asked.length, bounds);
        const idAt = (p: number): number => (p < 0 ? 0 : (tokens[p] ?? 0) >>> 1);
        for (let depth = 1; depth <= asked.length; depth++) {
          const expected = [...tokens.keys()].filter(p =>
            Array.from({ length: depth }, (_, k) => idAt(p - 1 - k) === asked[asked.length - 1 - k]).every(
              Boolean,
            ),
          );
          const found =
            depth <= deepest ? places(order, bounds[2 * depth - 2] ?? 0, bounds[2 * depth - 1] ?? 0) : [];
          assert.deepEqual(found, expected, `depth ${depth}`);
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
