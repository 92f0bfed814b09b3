/**
 * The filters of streamed text: whatever the pieces, the result is that of the whole text, and nothing that was to
 * be kept back gets out.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  bounded,
  chain,
  firstLines,
  type TextFilter,
  untilStop,
  wellFormed,
  withoutThoughts,
} from '../../server/engines/openai/text.ts';

function pass(filter: TextFilter, pieces: readonly string[]): string {
  let out = '';
  for (const piece of pieces) {
    out += filter.push(piece);
    if (filter.over !== undefined) return out;
  }
  return out + filter.end();
}

const pieces = (text: string, cuts: readonly number[]): string[] => {
  const at = [0, ...cuts.map(cut => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length];
  return at.slice(1).map((end, i) => text.slice(at[i], end));
};

const cuts = fc.array(fc.nat(), { maxLength: 10 });

describe('streamed text', () => {
  const thoughts: readonly [string, string][] = [
    ['plain', 'plain'],
    ['<think>hm</think>answer', 'answer'],
    ['\n<think>\nhm\n</think>\n\nanswer', 'answer'],
    ['<thinking>a <b> c</thinking> answer', 'answer'],
    ['[THINK]hm[/THINK]answer', 'answer'],
    ['<think>never closed', ''],
    ['a <think>b</think>', 'a <think>b</think>'],
    ['<thin', '<thin'],
    ['  indented', '  indented'],
    ['<think></think>', ''],
  ];
  for (const [given, expected] of thoughts)
    it(`drops thoughts: ${JSON.stringify(given)}`, () => {
      assert.equal(pass(withoutThoughts(), [given]), expected);
      assert.equal(pass(withoutThoughts(), given.split('')), expected, 'in single characters');
    });

  it('ends at the first stop and leaks no part of one', () => {
    const stops = ['<|endoftext|>', '\n\n', '<EOT>', '</s>'];
    const text = fc.array(fc.oneof(fc.constantFrom(...stops, '<|end', 'of', '<', '\n'), fc.string()), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(text, cuts, (parts, places) => {
        const whole = parts.join('');
        const first = Math.min(...stops.map(stop => whole.indexOf(stop)).filter(at => at >= 0), whole.length);
        assert.equal(pass(untilStop(stops), pieces(whole, places)), whole.slice(0, first));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps the first lines only', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', '\n', 'bc', '\r\n')),
        fc.integer({ min: 1, max: 4 }),
        cuts,
        (parts, lines, places) => {
          const whole = parts.join('');
          const out = pass(firstLines(lines), pieces(whole, places));
          assert.ok(whole.startsWith(out));
          assert.ok(out.split('\n').length <= lines);
          if (whole.split('\n').length <= lines) assert.equal(out, whole);
        },
      ),
    );
  });

  it('gives well-formed text without NUL, whatever the pieces', () => {
    const unit = fc.constantFrom('a', '\0', '\ud83d', '\ude00', '\ud83d\ude00');
    fc.assert(
      fc.property(fc.array(unit), cuts, (parts, places) => {
        const out = pass(wellFormed(), pieces(parts.join(''), places));
        assert.equal(out, Buffer.from(out, 'utf8').toString('utf8'));
        assert.ok(!out.includes('\0'));
      }),
    );
    assert.equal(pass(wellFormed(), ['a\ud83d', '\ude00b']), 'a😀b');
  });

  it('ends what is too long, and what only repeats itself', () => {
    const short = bounded(10);
    assert.equal(pass(short, ['12345', '6789012']), '1234567890');
    assert.equal(short.over, 'length');
    const repeating = bounded(1_000_000);
    assert.ok(
      pass(
        repeating,
        Array.from({ length: 5000 }, () => 'I am sorry. '),
      ).length < 10_000,
    );
    assert.equal(repeating.over, 'length');
    const varied = bounded(1_000_000);
    const text = Array.from({ length: 800 }, (_, i) => `line ${i * i} of a table\n`);
    assert.equal(pass(varied, text), text.join(''));
  });

  it('chains', () => {
    const filter = chain([wellFormed(), untilStop(['END']), firstLines(2)]);
    assert.equal(pass(filter, ['a\n', 'bE', 'ND c\nd']), 'a\nb');
    assert.equal(filter.over, 'stop');
  });
});
