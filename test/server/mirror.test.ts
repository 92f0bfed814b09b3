/** What the worker learns of a document that is being typed in. */
import assert from 'node:assert/strict';
import { createMirror } from '../../server/mirror.ts';

const uri = 'file:///a.ts';

/** `$0` in `text` is where `typed` is written, one key after the other. */
const rows: readonly [name: string, text: string, typed: string, learned: string][] = [
  ['a torn word at the end', 'a($0', 'torn', 'a('],
  ['a torn word before a bracket', 'a($0)', 'torn', 'a()'],
  ['the rest of a torn word', 'a(to$0)', 'rn', 'a()'],
  ['a word in the middle of another', 'a(to$0rn)', 'x', 'a(toxrn)'],
  ['a word that is over', 'a($0', 'word)', 'a(word)'],
  ['nothing but a space', 'a$0', ' ', 'a '],
];

describe('the mirror', () => {
  for (const [name, text, typed, learned] of rows) {
    it(`learns without ${name}`, () => {
      const mirror = createMirror(each => each);
      const start = text.indexOf('$0');
      const document = mirror.open({
        uri,
        languageId: 'typescript',
        version: 1,
        text: text.replace('$0', ''),
      });
      typed.split('').forEach((key, i) => {
        const position = { line: 0, character: start + i };
        mirror.change(uri, 2 + i, [{ range: { start: position, end: position }, text: key }]);
      });
      assert.equal(mirror.learnable(document), learned);
    });
  }

  it('learns without a word that was left unfinished when the file was opened, once something is asked there', () => {
    const mirror = createMirror(each => each);
    const settled: (() => void)[] = [];
    const clock = {
      now: () => 0,
      after: (_: number, run: () => void) => (settled.push(run), { cancel() {} }),
    };
    const learned: string[] = [];
    mirror.onSettled(each => learned.push(mirror.learnable(each)), clock);
    const document = mirror.open({ uri, languageId: 'typescript', version: 1, text: 'whole\na(to)' });
    assert.equal(mirror.learnable(document), 'whole\na(to)');
    mirror.asked(uri, 1, 2);
    assert.equal(settled.length, 0, 'no word stands there');
    mirror.asked(uri, 1, 4);
    // Where the cursor goes afterwards tells nothing about what is unfinished.
    mirror.asked(uri, 0, 5);
    for (const run of settled) run();
    assert.deepEqual(learned, ['whole\na()']);
    mirror.asked('file:///other.ts', 0, 0);
  });

  for (const [name, end] of [
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ] as const)
    it(`tells the lines around a line with secrets replaced, without their ends (${name})`, () => {
      const asked: string[] = [];
      const mirror = createMirror(line => {
        asked.push(line);
        return line.replace('secret', '******');
      });
      const text = ['one', 'a secret', 'three', 'four', 'five'].join(end);
      mirror.open({ uri, languageId: 'typescript', version: 1, text });
      const around = (line: number) => {
        const { above, below } = mirror.linesAround(uri, line, 2, 2) ?? {};
        return { above, below };
      };
      assert.deepEqual(around(2), { above: ['one', 'a ******'], below: ['four', 'five'] });
      assert.deepEqual(around(0), { above: [], below: ['a ******', 'three'] });
      assert.deepEqual(around(9), { above: [], below: [] });
      assert.deepEqual(asked, ['one', 'a secret', 'four', 'five', 'three']);
      const at = { line: 1, character: 0 };
      mirror.change(uri, 2, [{ range: { start: at, end: { line: 1, character: 2 } }, text: `my ${end}` }]);
      assert.deepEqual(around(3), { above: ['my ', '******'], below: ['four', 'five'] });
    });

  it('learns all of a text that came as a whole', () => {
    const mirror = createMirror(each => each);
    const document = mirror.open({ uri, languageId: 'typescript', version: 1, text: 'a' });
    mirror.change(uri, 2, [{ text: 'whole' }]);
    assert.equal(mirror.learnable(document), 'whole');
  });
});
