import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Range,
  TextDocument,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver-textdocument';
import { Document } from '../../server/base/document.ts';

const uri = 'file:///a.txt';

/** Texts full of what goes wrong: every line end, halves of pairs, characters that only look like line ends. */
const text = (maxLength: number) =>
  fc
    .array(
      fc.constantFrom(
        'a',
        'bc',
        '\n',
        '\r',
        '\r\n',
        '😀',
        '\ud83d',
        '\ude00',
        '\u2028',
        '\u0085',
        '',
        'é',
        '\t',
      ),
      {
        maxLength,
      },
    )
    .map(parts => parts.join(''));
const coordinate = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(-1, -7, 40, 2 ** 31 - 1) },
);
const position = fc.record({ line: coordinate, character: coordinate });
const change: fc.Arbitrary<TextDocumentContentChangeEvent> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ range: fc.record({ start: position, end: position }), text: text(6) }),
  },
  { weight: 1, arbitrary: fc.record({ text: text(20) }) },
);

/** The whole state of a document as far as its interface shows it, as text since that compares fast. */
function look(document: TextDocument): string {
  const whole = document.getText();
  const offsets = Array.from({ length: whole.length + 3 }, (_, index) => index - 1);
  const positions = offsets.map(offset => document.positionAt(offset));
  const places = Array.from({ length: document.lineCount + 2 }, (_, index) => index - 1).flatMap(line =>
    [-1, 0, 1, 2, 3, 99].map(character => document.offsetAt({ line, character })),
  );
  const lines = Array.from({ length: document.lineCount + 2 }, (_, index) => [
    document.getLineRange(index - 1),
    document.getEOLCharacters(index - 1),
  ]);
  return JSON.stringify({ whole, count: document.lineCount, positions, places, lines });
}

/**
 * The library's class loses its own line table after a range that goes beyond the last line (it is then right about
 * the text but not about positions), so it is rebuilt from its text after each change.
 */
function oracleAfter(oracle: TextDocument, changes: TextDocumentContentChangeEvent[]): TextDocument {
  return changes.reduce((before, next) => {
    const changed = TextDocument.update(before, [next], before.version + 1);
    return TextDocument.create(uri, 'text', changed.version, changed.getText());
  }, oracle);
}

describe('Document', () => {
  it('hands out the lines between two, with their ends, and those that exist', () => {
    fc.assert(
      fc.property(text(30), coordinate, coordinate, (whole, from, to) => {
        const document = new Document(uri, 'text', 1, whole);
        const lines: string[] = [];
        document.eachLine(from, to, line => lines.push(line));
        const all = Array.from(
          { length: document.lineCount },
          (_, line) => document.lineAt(line) + document.getEOLCharacters(line),
        );
        assert.deepEqual(lines, all.slice(Math.max(0, from), Math.max(0, to)));
      }),
    );
  });

  it('is the library’s own document under any edits', () => {
    fc.assert(
      fc.property(
        text(30),
        fc.array(fc.array(change, { maxLength: 3 }), { maxLength: 6 }),
        (start, rounds) => {
          const document = new Document(uri, 'text', 0, start);
          let oracle = TextDocument.create(uri, 'text', 0, start);
          assert.equal(look(document), look(oracle));
          rounds.forEach((changes, round) => {
            document.update(changes, round + 1);
            oracle = oracleAfter(oracle, changes);
            assert.equal(look(document), look(oracle));
            assert.equal(document.length, document.getText().length);
            assert.equal(document.version, round + 1);
          });
        },
      ),
      { numRuns: 10_000, seed: 1 },
    );
  });

  it('agrees about any part of the text', () => {
    fc.assert(
      fc.property(text(30), position, position, (start, from, to) => {
        const range = { start: from, end: to };
        const mine = new Document(uri, 'text', 0, start).getText(range);
        assert.equal(mine, TextDocument.create(uri, 'text', 0, start).getText(range));
      }),
      { numRuns: 2000, seed: 2 },
    );
  });

  it('stays the same over many blocks of lines', () => {
    const line = fc.integer({ min: 0, max: 3000 });
    const edit = fc.record({
      from: line,
      length: fc.oneof(fc.constant(0), line),
      lines: fc.constantFrom(0, 1, 300, 2000),
    });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), edits => {
        const start = 'word\r\n'.repeat(1500);
        const document = new Document(uri, 'text', 0, start);
        const oracle = TextDocument.create(uri, 'text', 0, start);
        edits.forEach(({ from, length, lines }, index) => {
          const last = oracle.lineCount - 1;
          const range = {
            start: { line: Math.min(from, last), character: 2 },
            end: { line: Math.min(from + length, last), character: 3 },
          };
          const changes = [{ range, text: 'new\n'.repeat(lines) }];
          document.update(changes, index + 1);
          TextDocument.update(oracle, changes, index + 1);
        });
        assert.equal(document.getText(), oracle.getText());
        assert.equal(document.lineCount, oracle.lineCount);
        for (let offset = 0; offset < document.length; offset += 97) {
          const at = oracle.positionAt(offset);
          assert.deepEqual(document.positionAt(offset), at);
          assert.equal(document.offsetAt(at), oracle.offsetAt(at));
        }
      }),
      { numRuns: 60, seed: 3 },
    );
  });

  const strange: [string, Range][] = [
    ['NaN', { start: { line: NaN, character: NaN }, end: { line: 0, character: NaN } }],
    ['infinite', { start: { line: -Infinity, character: 0 }, end: { line: Infinity, character: Infinity } }],
    ['fractions', { start: { line: 0.5, character: 0.9 }, end: { line: 1.2, character: 1.99 } }],
    ['reversed', { start: { line: 1, character: 1 }, end: { line: 0, character: 0 } }],
  ];
  const strangeResult = ['Xab\ncd', 'X', 'Xd', 'Xd'];
  strange.forEach(([name, range], index) => {
    it(`takes ${name} positions without complaint`, () => {
      const document = new Document(uri, 'text', 1, 'ab\ncd');
      document.update([{ range, text: 'X' }], 2);
      assert.equal(document.getText(), strangeResult[index]);
      assert.equal(document.offsetAt(document.positionAt(NaN)), 0);
    });
  });

  it('refuses what is no change, and is then as it was', () => {
    const document = new Document(uri, 'text', 1, 'ab');
    const bad = [{ text: 'x' }, { range: {}, text: 'y' }] as unknown as TextDocumentContentChangeEvent[];
    assert.throws(() => document.update(bad, 2), TypeError);
    assert.deepEqual([document.getText(), document.version], ['ab', 1]);
  });

  it('tells what changed since a version, and when it does not know', () => {
    const document = new Document(uri, 'text', 3, 'ab\ncd');
    const at = (line: number, character: number) => ({ line, character });
    document.update([{ range: { start: at(9, 9), end: at(0, 1) }, text: 'x' }], 4);
    document.update([{ range: { start: at(0, 0), end: at(0, 0) }, text: 'y' }], 6);
    assert.deepEqual(document.changesSince(3), [
      { version: 4, range: { start: at(0, 1), end: at(1, 2) }, text: 'x' },
      { version: 6, range: { start: at(0, 0), end: at(0, 0) }, text: 'y' },
    ]);
    assert.equal(document.changesSince(4)?.length, 1);
    assert.deepEqual(document.changesSince(6), []);
    assert.equal(document.changesSince(2), undefined);
    assert.equal(document.changesSince(7), undefined);
    document.update([{ text: 'whole' }], 7);
    assert.equal(document.changesSince(6), undefined);
    assert.deepEqual(document.changesSince(7), []);
  });

  it('forgets old changes instead of growing without end', () => {
    const document = new Document(uri, 'text', 0, '');
    const start = { line: 0, character: 0 };
    for (let version = 1; version <= 1000; version++)
      document.update([{ range: { start, end: start }, text: 'x' }], version);
    assert.equal(document.changesSince(0), undefined);
    assert.equal(document.changesSince(900)?.length, 100);
  });

  it('gives a copy that can be changed alone', () => {
    const document = new Document(uri, 'text', 5, 'ab\ncd\n');
    const copy = document.clone();
    copy.update(
      [{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: 1 } }, text: '\n\n' }],
      6,
    );
    assert.deepEqual([document.getText(), document.version], ['ab\ncd\n', 5]);
    assert.deepEqual([copy.getText(), copy.version, copy.lineCount], ['ab\n\n\nd\n', 6, 5]);
    assert.deepEqual(copy.positionAt(4), { line: 2, character: 0 });
  });

  it('opens a text of 50 MB with a line of 10 MB', () => {
    const long = 'x'.repeat(10 * 1024 * 1024);
    const document = new Document(
      uri,
      'text',
      1,
      `${'forty characters of some perfect prose.\n'.repeat(1_000_000)}${long}`,
    );
    assert.equal(document.lineCount, 1_000_001);
    const end = { line: 1_000_000, character: 5 };
    document.update([{ range: { start: end, end }, text: '\n' }], 2);
    assert.equal(document.lineAt(1_000_000), 'xxxxx');
    assert.deepEqual(document.positionAt(document.length), { line: 1_000_001, character: long.length - 5 });
  });
});
