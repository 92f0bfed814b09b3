/** A part of the interleavings; `npx tsx test/bench/interleavings.ts` runs 100,000. */
import assert from 'node:assert/strict';
import { interleave } from '../support/interleaving.ts';
import { ownSources } from '../support/ownSources.ts';

describe('edits: typing while an edit is on its way', () => {
  const files = ownSources();
  for (const reported of [true, false]) {
    it(`loses no keystroke and applies what does not overlap (${reported ? 'reported changes' : 'texts only'})`, () => {
      const tally = interleave(files, 1_500, reported);
      assert.equal(tally.lost, 0, JSON.stringify(tally.example));
      assert.equal(tally.wrong, 0, JSON.stringify(tally.example));
      assert(tally.apart > 300 && tally.near > 300, JSON.stringify(tally));
      assert(tally.apartApplied >= 0.95 * tally.apart, `${tally.apartApplied} of ${tally.apart} applied`);
    });
  }
});
