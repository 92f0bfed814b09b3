/** Columns of tools in their units, and the ranges they become. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { columnIn, rangeOf } from '../../../server/analysis/checks/columns.ts';
import type { ColumnUnit } from '../../../server/analysis/checks/check.ts';

const LINE = '\tx = "é😀"; y()';
/** Where `y` stands in the line, in each unit; the same for all in UTF-16. */
const cases: readonly (readonly [ColumnUnit, number])[] = [
  ['utf16', LINE.indexOf('y')],
  ['codepoint', Array.from(LINE.slice(0, LINE.indexOf('y'))).length],
  ['utf8', Buffer.byteLength(LINE.slice(0, LINE.indexOf('y')))],
  ['display', 8 + 'x = "'.length + 1 + 2 + '"; '.length],
];

describe('checks: columns', () => {
  for (const [unit, column] of cases)
    it(`counts in ${unit}`, () => assert.equal(columnIn(LINE, column, unit), LINE.indexOf('y')));

  it('agrees with an encoder on every place of every line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), line => {
        let index = 0;
        let points = 0;
        for (const character of line) {
          assert.equal(columnIn(line, Buffer.byteLength(line.slice(0, index)), 'utf8'), index);
          assert.equal(columnIn(line, points, 'codepoint'), index);
          index += character.length;
          points++;
        }
      }),
    );
  });

  it('marks a word where only its beginning is told, the line where not even that is, and never beyond the text', () => {
    const lines = ['  foo(bar_1, 2)', 'x'];
    const at = (line: number, column?: number, end?: { line: number; column?: number }) => {
      const { start, end: to } = rangeOf(
        {
          start: { line, ...(column === undefined ? {} : { column }) },
          ...(end ? { end } : {}),
          unit: 'utf16',
        },
        lines,
      );
      return `${start.line}:${start.character}-${to.line}:${to.character}`;
    };
    assert.equal(at(0, 6), '0:6-0:11');
    assert.equal(at(0, 5), '0:5-0:6');
    assert.equal(at(0), '0:2-0:15');
    assert.equal(at(0, 2, { line: 0, column: 5 }), '0:2-0:5');
    assert.equal(at(0, 2, { line: 1 }), '0:2-1:1');
    // An end before the beginning is none.
    assert.equal(at(0, 6, { line: 0, column: 3 }), '0:6-0:11');
    assert.equal(at(99, 99), '1:1-1:1');
    assert.equal(rangeOf({ start: { line: 3 }, unit: 'utf8' }, []).start.line, 0);
  });
});
