/** Where findings are after an edit: what a range says afterwards is what it said before, or it is gone. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Range } from 'vscode-languageserver-textdocument';
import { Document } from '../../../server/base/document.ts';
import { moveThrough } from '../../../server/features/review/moved.ts';

const at = (line: number, character: number, endLine = line, endCharacter = character): Range => ({
  start: { line, character },
  end: { line: endLine, character: endCharacter },
});

describe('review/moved', () => {
  const range = at(2, 2, 3, 5);
  const cases: readonly [what: string, edit: Range, text: string, expected: Range | undefined][] = [
    ['a line above', at(0, 0), 'x\n', at(3, 2, 4, 5)],
    ['a line right above', at(2, 0), 'x\n', at(3, 2, 4, 5)],
    ['a line break at the end of the line above', at(1, 3), '\nx', at(3, 2, 4, 5)],
    ['lines removed above', at(0, 0, 2, 0), '', at(0, 2, 1, 5)],
    ['a letter above', at(1, 0), 'x', range],
    ['a letter below', at(4, 0), 'x', range],
    ['a line below', at(3, 7), '\nx', range],
    ['a letter in it', at(2, 4), 'x', undefined],
    ['a letter before it on its line', at(2, 0), 'x', undefined],
    ['a letter behind it on its line', at(3, 7), 'x', undefined],
    ['the line above joined to it', at(1, 2, 2, 0), '', undefined],
    ['a line in the middle', at(2, 4), '\n', undefined],
    ['all of it', at(0, 0, 9, 0), '', undefined],
  ];
  for (const [what, edit, text, expected] of cases) {
    it(what, () => assert.deepEqual(moveThrough(range, { range: edit, text }), expected));
  }

  it('a new text ends it here', () => assert.equal(moveThrough(range, { text: 'x' }), undefined));

  it('keeps what the range says, whatever is edited', () => {
    const lines = fc.array(fc.stringMatching(/^[ab ]{0,4}$/), { minLength: 2, maxLength: 8 });
    const place = fc.tuple(fc.nat(80), fc.nat(80));
    const news = fc.stringMatching(/^[xy\n]{0,5}$/);
    let kept = 0;
    fc.assert(
      fc.property(lines, place, place, news, (text, first, second, newText) => {
        const document = new Document('file:///a', '', 1, text.join('\n'));
        const ordered = ([a, b]: [number, number]) => {
          const [low, high] = [a % (document.length + 1), b % (document.length + 1)].toSorted(
            (x, y) => x - y,
          );
          return { start: document.positionAt(low ?? 0), end: document.positionAt(high ?? 0) };
        };
        const of = ordered(first);
        const before = document.getText(of);
        const edit = ordered(second);
        const moved = moveThrough(of, { range: edit, text: newText });
        document.update([{ range: edit, text: newText }], 2);
        if (!moved) return;
        kept++;
        assert.equal(document.getText(moved), before);
      }),
      { numRuns: 3_000 },
    );
    assert.ok(kept > 300, `${kept} kept`);
  });
});
