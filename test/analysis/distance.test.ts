import assert from 'node:assert/strict';
import fc from 'fast-check';
import { slip } from '../../server/analysis/names/slip.ts';
import { distance } from '../../server/base/distance.ts';

describe('analysis/names/distance', () => {
  const cases: readonly (readonly [string, string, number, string])[] = [
    ['lenght', 'length', 1, 'swap'],
    ['fooo', 'foo', 1, 'double'],
    ['pritn', 'print', 1, 'swap'],
    ['recive', 'receive', 1, 'drop'],
    ['valuex', 'value', 1, 'add'],
    ['vamue', 'value', 1, 'replace'],
    ['username', 'userName', 1, 'case'],
    ['abc', 'xyz', 3, 'other'],
  ];
  for (const [a, b, away, kind] of cases)
    it(`${a} → ${b}: ${away}, ${kind}`, () => {
      assert.equal(distance(a, b, 3), away);
      assert.equal(slip(a, b), kind);
    });

  it('is symmetric, zero only for equal words, and capped', () => {
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const away = distance(a, b, 99);
        assert.equal(away, distance(b, a, 99));
        assert.equal(away === 0, a === b);
        assert.equal(distance(a, b, 1), Math.min(away, 2));
      }),
    );
  });
});
