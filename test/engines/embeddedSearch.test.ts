import assert from 'node:assert/strict';
import fc from 'fast-check';
import { specialToken, tokenKind } from '../../server/base/tokens.ts';
import { searchLine } from '../../server/engines/embedded/beam.ts';
import type { BeamLimits, LineStart, NextTokens } from '../../server/engines/embedded/beam.ts';
import type { Place } from '../../server/engines/embedded/features.ts';
import type { Prediction } from '../../server/engines/embedded/predictor.ts';
import { randomFrom } from '../bench/protocol.ts';
import { WordTable } from '../../server/index/vocabulary.ts';

const words = new WordTable();
const letters = ['a', 'b', 'c', 'd'].map(text => words.intern(text, tokenKind.word));

const empty: Place = {
  ids: [],
  column: 0,
  opens: [],
  heads: { first: -1, next: -1, before: -1, beforeNext: -1, above: -1, newline: -1, beforeNewline: -1 },
  openedHere: 0,
  inString: false,
};
const start: LineStart = { place: empty, spaced: true, typed: '', rightId: -1 };
const limits: BeamLimits = { width: 3, tokens: 12, answers: 5, floor: 0, part: Infinity };

/** Predicts by the tokens so far alone, always the same for a seed, and counts what it is asked. */
class Oracle implements NextTokens {
  asked = 0;
  escape = 0;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  next(place: Place): Prediction[] {
    this.asked++;
    const random = randomFrom(place.ids.reduce((hash, id) => Math.imul(hash, 31) + id, this.#seed));
    // A power makes some places sure and others not.
    const weights = [...letters, specialToken.newlineSame].map(id => ({ id, weight: random() ** 6 }));
    const total = weights.reduce((sum, each) => sum + each.weight, 0);
    return weights
      .map(({ id, weight }) => ({ id, probability: weight / total, spaced: true }))
      .sort((a, b) => b.probability - a.probability);
  }

  extend(place: Place, id: number): Place {
    return { ...place, ids: [...place.ids, id], column: place.column + 1 };
  }
}

describe('embedded engine: the search for a line', () => {
  it('judges no more places than it may', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 40 }), (seed, steps) => {
        const oracle = new Oracle(seed);
        searchLine(oracle, words, start, limits, { steps });
        assert.ok(oracle.asked <= steps);
      }),
    );
  });

  it('finds what can reach the floor as if there were none, and nothing else', () => {
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(0.1, 0.2, 0.45), (seed, floor) => {
        const search = (limit: number) =>
          searchLine(new Oracle(seed), words, start, { ...limits, floor: limit }, { steps: 1000 }).guesses;
        const free = search(0).filter(guess => guess.probability >= floor);
        const found = search(floor);
        assert.ok(found.every(guess => guess.probability >= floor));
        for (const { text } of free) assert.ok(found.some(guess => guess.text === text));
      }),
    );
  });

  it('spends little on a line that cannot reach the floor', () => {
    const spent = (floor: number): number => {
      let asked = 0;
      for (let seed = 0; seed < 50; seed++) {
        const oracle = new Oracle(seed);
        searchLine(oracle, words, start, { ...limits, floor }, { steps: 1000 });
        asked += oracle.asked;
      }
      return asked;
    };
    assert.ok(spent(0.45) * 2 < spent(0));
  });

  it('tells the longest beginning that is sure, even when the line has no sure end', () => {
    fc.assert(
      fc.property(fc.integer(), seed => {
        const { part } = searchLine(
          new Oracle(seed),
          words,
          start,
          { ...limits, part: 0.5 },
          { steps: 1000 },
        );
        if (!part) return;
        assert.ok(part.probability >= 0.5);
        const oracle = new Oracle(seed);
        let place = empty;
        let probability = 1;
        for (const text of part.text.split(' ')) {
          const id = words.find(text, tokenKind.word);
          probability *= oracle.next(place).find(each => each.id === id)?.probability ?? 0;
          place = oracle.extend(place, id);
        }
        assert.ok(Math.abs(probability - part.probability) < 1e-9);
      }),
    );
  });
});
