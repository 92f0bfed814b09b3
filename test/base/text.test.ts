import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  clamp,
  contentLength,
  lineEndOf,
  snapToCodePoint,
  splitLines,
  wellFormed,
} from '../../server/base/text.ts';

const cases: [text: string, lines: string[]][] = [
  ['', ['']],
  ['a', ['a']],
  ['a\n', ['a\n', '']],
  ['\r\n\r\n', ['\r\n', '\r\n', '']],
  ['a\rb\nc\r\nd', ['a\r', 'b\n', 'c\r\n', 'd']],
  ['\n\r', ['\n', '\r', '']],
  ['\r\r\n', ['\r', '\r\n', '']],
  ['a\u2028b\u0085c\vd', ['a\u2028b\u0085c\vd']],
];

describe('text', () => {
  for (const [text, lines] of cases) {
    it(`splits ${JSON.stringify(text)}`, () => assert.deepEqual(splitLines(text), lines));
  }

  it('splits as a regular expression would, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\n', '\r', '\u2029')), parts => {
        const text = parts.join('');
        const lines = splitLines(text);
        assert.equal(lines.join(''), text);
        assert.deepEqual(
          lines.map(line => line.slice(0, contentLength(line))),
          text.split(/\r\n|\n|\r/),
        );
      }),
      { seed: 1 },
    );
  });

  it('clamps anything to a whole number in range', () => {
    assert.deepEqual(
      [NaN, -1, 0, 1.7, 9, Infinity, -Infinity].map(value => clamp(value, 0, 5)),
      [0, 0, 0, 1, 5, 5, 0],
    );
  });

  it('never cuts a surrogate pair', () => {
    assert.deepEqual(
      [0, 1, 2, 3].map(index => snapToCodePoint('a😀', index)),
      [0, 1, 1, 3],
    );
    assert.equal(snapToCodePoint('\ude00\ude00', 1), 1);
  });

  it('replaces lone surrogates and nothing else', () => {
    assert.equal(wellFormed('a😀\ud83d b\ude00\ud83d'), 'a😀\uFFFD b\uFFFD\uFFFD');
  });

  it('finds the line end that a text uses', () => {
    assert.deepEqual(['a', 'a\r\nb\n', 'a\rb', '\nx'].map(lineEndOf), ['\n', '\r\n', '\r', '\n']);
  });
});
