/** What checkers said moves with the text, and is gone when its line is another. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Document } from '../../../server/base/document.ts';
import { current, type Kept } from '../../../server/features/checks/kept.ts';

const TEXT = 'one\ntwo\nthree\nfour\n';

function kept(document: Document, line: number, seen = true): Kept {
  const range = { start: { line, character: 0 }, end: { line, character: 2 } };
  return {
    check: 'c',
    problem: { range, message: 'm', source: 'tool', severity: 'error' },
    line: document.lineAt(line),
    ...(seen ? { seen: { document, version: document.version } } : {}),
  };
}

type Edit = readonly [fromLine: number, from: number, toLine: number, to: number, text: string];

function edit(document: Document, [line, character, endLine, endCharacter, text]: Edit): void {
  const range = { start: { line, character }, end: { line: endLine, character: endCharacter } };
  document.update([{ range, text }], document.version + 1);
}

const cases: readonly (readonly [name: string, edits: readonly Edit[], line: number | undefined])[] = [
  ['nothing', [], 2],
  ['lines above', [[0, 0, 0, 0, 'x\ny\n']], 4],
  ['a line end right before it', [[2, 0, 2, 0, '\n']], 3],
  ['lines taken away above', [[0, 0, 2, 0, '']], 0],
  ['lines below', [[3, 0, 3, 0, 'x\ny\n']], 2],
  ['its own line', [[2, 5, 2, 5, '!']], undefined],
  [
    'its own line, and back',
    [
      [2, 5, 2, 5, '!'],
      [2, 5, 2, 6, ''],
    ],
    2,
  ],
  ['its line taken away', [[2, 0, 3, 0, '']], undefined],
  ['its line split', [[2, 2, 2, 2, '\n']], undefined],
];

describe('checks: kept problems', () => {
  for (const [name, edits, line] of cases) {
    it(`after an edit of ${name}`, () => {
      const document = new Document('file:///a', 'x', 1, TEXT);
      const list = [kept(document, 2)];
      for (const each of edits) edit(document, each);
      assert.deepEqual(
        current(list, document).map(({ range }) => [range.start.line, range.end.line]),
        line === undefined ? [] : [[line, line]],
      );
    });
  }

  it('holds for a document that was opened since, where the line is the same', () => {
    const before = new Document('file:///a', 'x', 7, TEXT);
    const opened = new Document('file:///a', 'x', 1, `${TEXT}five\n`);
    assert.equal(current([kept(before, 1)], opened).length, 1);
    assert.equal(
      current([kept(before, 1, false)], new Document('file:///a', 'x', 1, 'other\ntext\n')).length,
      0,
    );
    assert.equal(current([kept(before, 1)], undefined).length, 1);
  });

  it('never points at a line with another text, whatever is typed', () => {
    const place = fc.tuple(
      fc.nat(6),
      fc.nat(6),
      fc.nat(6),
      fc.nat(6),
      fc.constantFrom('', 'x', '\n', 'a\nb\n', 'two\n'),
    );
    fc.assert(
      fc.property(fc.nat(3), fc.array(place, { maxLength: 8 }), (line, edits) => {
        const document = new Document('file:///a', 'x', 1, TEXT);
        const list = [kept(document, line)];
        for (const each of edits) edit(document, each);
        for (const { range } of current(list, document))
          assert.equal(document.lineAt(range.start.line), list[0]?.line);
      }),
    );
  });
});
