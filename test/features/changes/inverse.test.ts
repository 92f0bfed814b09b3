/** The inverse of edits is exact, and survives what is typed beside them. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextDocument, type TextEdit } from 'vscode-languageserver-textdocument';
import { invert, takeBack } from '../../../server/features/changes/inverse.ts';
import { applyEdits } from '../../../server/edits/lines.ts';

const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '');
const text = fc
  .array(fc.tuple(fc.constantFrom('', 'a', 'b', 'ab', '  x', '𝒳', '}'), lineEnd), { maxLength: 8 })
  .map(lines => lines.map(([line, end]) => line + end).join(''));

/** Edits of a text that do not overlap. */
function editsOf(base: string, places: readonly number[], texts: readonly string[]): TextEdit[] {
  const document = TextDocument.create('', '', 0, base);
  const offsets = [...new Set(places.map(place => place % (base.length + 1)))].sort((a, b) => a - b);
  const edits: TextEdit[] = [];
  for (let i = 0; i + 1 < offsets.length; i += 2) {
    const range = {
      start: document.positionAt(offsets[i] as number),
      end: document.positionAt(offsets[i + 1] as number),
    };
    edits.push({ range, newText: texts[i % texts.length] ?? '' });
  }
  return edits;
}

const scripts = fc.record({
  base: text,
  places: fc.array(fc.nat(40), { maxLength: 6 }),
  texts: fc.array(text, { minLength: 1, maxLength: 3 }),
});

describe('the inverse of a change', () => {
  it('leads back to every text, byte by byte', () => {
    fc.assert(
      fc.property(scripts, ({ base, places, texts }) => {
        const edits = editsOf(base, places, texts);
        const { after, inverse } = invert(base, edits);
        assert.equal(after, applyEdits(base, edits));
        assert.equal(TextDocument.applyEdits(TextDocument.create('', '', 0, after), [...inverse]), base);
      }),
      { numRuns: 2_000 },
    );
  });

  it('can be taken back at once, and back again', () => {
    fc.assert(
      fc.property(scripts, ({ base, places, texts }) => {
        const edits = editsOf(base, places, texts);
        const { after } = invert(base, edits);
        const undone = takeBack(base, edits, after);
        assert.ok(undone.ok);
        assert.equal(applyEdits(after, undone.edits), base);
        const redone = takeBack(after, undone.edits, base);
        assert.ok(redone.ok);
        assert.equal(applyEdits(base, redone.edits), after);
      }),
      { numRuns: 1_000 },
    );
  });

  const insertAt = (line: number, newText: string): TextEdit => {
    const start = { line, character: 0 };
    return { range: { start, end: start }, newText };
  };
  const base = 'one\ntwo\nthree\nfour\nfive\n';
  const ours: TextEdit[] = [
    { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } }, newText: 'TWO' },
    { range: { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } }, newText: '' },
  ];
  const cases: readonly [name: string, now: string, back: string | { line: number; now: string }][] = [
    ['typed above', 'zero\none\nTWO\nthree\nfive\n', 'zero\none\ntwo\nthree\nfour\nfive\n'],
    ['typed below', 'one\nTWO\nthree\nfive\nsix\n', 'one\ntwo\nthree\nfour\nfive\nsix\n'],
    ['typed in the line between', 'one\nTWO\nTHREE\nfive\n', 'one\ntwo\nTHREE\nfour\nfive\n'],
    ['typed in the changed line', 'one\nTWO!\nthree\nfive\n', { line: 1, now: 'TWO!\n' }],
    ['the changed line is gone', 'one\nthree\nfive\n', { line: 1, now: '' }],
    ['typed into the gap', 'one\nTWO\nthree\nmine\nfive\n', { line: 3, now: 'mine\n' }],
  ];
  for (const [name, now, back] of cases) {
    it(name, () => {
      const taken = takeBack(base, ours, now);
      if (typeof back === 'string') {
        assert.ok(taken.ok);
        assert.equal(applyEdits(now, taken.edits), back);
      } else {
        assert.ok(!taken.ok);
        assert.equal(taken.conflicts.length, 1);
        assert.equal(taken.conflicts[0]?.line, back.line);
        assert.ok(taken.conflicts[0]?.now.startsWith(back.now), JSON.stringify(taken.conflicts));
      }
    });
  }

  it('shows what was left, what is there and what would be', () => {
    const taken = takeBack(
      'a\nb\nc\n',
      [{ ...insertAt(1, 'X'), range: { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } } }],
      'a\nXY\nc\n',
    );
    assert.ok(!taken.ok);
    assert.deepEqual(taken.conflicts, [{ line: 1, left: 'X\n', now: 'XY\n', wanted: 'b\n' }]);
  });

  it('works on 40,000 lines', () => {
    const large = Array.from({ length: 40_000 }, (_, i) => `const v${i} = ${i};\n`).join('');
    const edits = [insertAt(20_000, 'added\n'), insertAt(39_000, 'added\n')];
    const now = `typed\n${applyEdits(large, edits)}`;
    const taken = takeBack(large, edits, now);
    assert.ok(taken.ok);
    assert.equal(applyEdits(now, taken.edits), `typed\n${large}`);
  });
});
