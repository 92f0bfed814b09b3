/** What a model says of code, as it may write it: read in every form, anchored by its quote, harmless otherwise. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { anchor, readReview } from '../../../server/features/review/answer.ts';

const one = { code: 'return a;', category: 'bug', severity: 'high', confidence: 90, message: 'Wrong.' };
const read = { ...one, confidence: 0.9 };
const json = JSON.stringify([one]);

describe('review/answer: reading', () => {
  const cases: readonly [
    what: string,
    reply: string,
    claims: number,
    readable: boolean,
    malformed?: number,
  ][] = [
    ['an array', json, 1, true],
    ['a fence', `\`\`\`json\n${json}\n\`\`\``, 1, true],
    ['words around it', `Here is what I found:\n\n${json}\n\nHope it helps [1].`, 1, true],
    ['words before it', `Here is what I found:\n\n${json}`, 1, true],
    ['thoughts before it', `<think>[{]}</think>${json}`, 1, true],
    ['an object with a list', JSON.stringify({ findings: [one] }), 1, true],
    ['an object alone', JSON.stringify(one), 1, true],
    ['one object a line', `${JSON.stringify(one)}\n${JSON.stringify(one)}`, 2, true],
    ['one object a line, with commas', `${JSON.stringify(one)},\n${JSON.stringify(one)},`, 2, true],
    ['none', '[]', 0, true],
    ['none in words', 'None.', 0, true],
    ['prose', 'The code looks good to me.', 0, false],
    ['nothing', '', 0, false],
    ['a broken array', json.slice(0, -5), 0, false],
    ['another category', JSON.stringify([{ ...one, category: 'style' }]), 0, true, 1],
    ['no confidence', JSON.stringify([{ ...one, confidence: 'sure' }]), 0, true, 1],
    ['too much confidence', JSON.stringify([{ ...one, confidence: 101 }]), 0, true, 1],
    ['no words', JSON.stringify([{ ...one, message: ' \n ' }]), 0, true, 1],
    ['a quote of nothing', JSON.stringify([{ ...one, code: ' } ' }]), 0, true, 1],
    ['things that are no findings', '[1, null, "x", [], {}]', 0, true, 5],
    ['more than anybody reads', JSON.stringify(Array.from({ length: 500 }, () => one)), 60, true],
  ];
  for (const [what, reply, claims, readable, malformed = 0] of cases) {
    it(what, () => {
      const found = readReview(reply);
      assert.deepEqual([found.claims.length, found.readable, found.malformed], [claims, readable, malformed]);
      for (const claim of found.claims) assert.deepEqual(claim, read);
    });
  }

  it('takes usual words for a severity, and shares for percent', () => {
    const reply = JSON.stringify([{ ...one, severity: 'Critical', confidence: 0.5 }]);
    assert.deepEqual(readReview(reply).claims, [{ ...read, confidence: 0.5 }]);
  });

  it('survives anything', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), reply => void readReview(reply)));
  });
});

describe('review/answer: anchors', () => {
  const text = 'function f(a) {\n  return a;\n}\nfunction g(a) {\n  const b = a;\n  return a;\n}\n';
  const cases: readonly [what: string, quote: string, expected: string | 0 | 2][] = [
    ['one line', 'const b = a;', 'const b = a;'],
    ['a line twice', '  return a;', 2],
    ['two lines, once', '  const b = a;\n  return a;', 'const b = a;\n  return a;'],
    ['two lines, indented otherwise', 'const b = a;\nreturn a;', 'const b = a;\n  return a;'],
    ['a line that is not there', 'return c;', 0],
    ['a line number in front', '5: const b = a;', 0],
    ['spaced otherwise', 'const  b = a;', 0],
  ];
  for (const [what, quote, expected] of cases) {
    it(what, () => {
      const found = anchor(text, quote);
      if (typeof expected === 'number') assert.deepEqual(found, { times: expected });
      else assert.equal('times' in found ? found.times : text.slice(found.start, found.end), expected);
    });
  }

  it('reads line ends of any system', () => {
    const found = anchor('a\r\n  b\r\nc\r\n', 'a\nb');
    assert.deepEqual(found, { start: 0, end: 6 });
  });
});
