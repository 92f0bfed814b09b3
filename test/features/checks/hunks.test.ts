/** What of a formatter's work an edit takes along, and how an edit is tidied where no formatter may run. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from '../../../server/edits/lines.ts';
import { editsBetween, takeFormatted, tidied } from '../../../server/features/checks/hunks.ts';

interface Case {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  readonly formatted: string;
  readonly expected: string;
}

const cases: readonly Case[] = [
  {
    name: 'takes what was edited and leaves what was odd before',
    before: 'a  =  1\n\nb = 2\n\nc  =  3\n',
    after: 'a  =  1\n\nb  =  22\n\nc  =  3\n',
    formatted: 'a = 1\n\nb = 22\n\nc = 3\n',
    expected: 'a  =  1\n\nb = 22\n\nc  =  3\n',
  },
  {
    name: 'takes a line that is broken into several',
    before: 'f()\n',
    after: 'f(one,two)\n',
    formatted: 'f(\n  one,\n  two,\n)\n',
    expected: 'f(\n  one,\n  two,\n)\n',
  },
  {
    name: 'takes a blank line that belongs in front of what was added',
    before: 'a()\nc()\n',
    after: 'a()\ndef b(): pass\nc()\n',
    formatted: 'a()\n\n\ndef b():\n    pass\n\n\nc()\n',
    expected: 'a()\n\n\ndef b():\n    pass\n\n\nc()\n',
  },
  {
    name: 'takes nothing where lines were only deleted',
    before: 'a  =  1\nb\nc  =  1\n',
    after: 'a  =  1\nc  =  1\n',
    formatted: 'a = 1\nc = 1\n',
    expected: 'a  =  1\nc  =  1\n',
  },
  {
    name: 'keeps CR LF',
    before: 'a\r\nb\r\n',
    after: 'a\r\nb  =  1\r\n',
    formatted: 'a\nb = 1\n',
    expected: 'a\r\nb = 1\r\n',
  },
  {
    name: 'ends a file that a new last line left open',
    before: 'a\n',
    after: 'a\nb  =  1',
    formatted: 'a\nb = 1\n',
    expected: 'a\nb = 1\n',
  },
];

describe('checks: formatted edits', () => {
  for (const { name, before, after, formatted, expected } of cases)
    it(name, () => assert.equal(takeFormatted(before, after, formatted), expected));

  const line = fc.constantFrom('', 'a', ' a', 'b ', '\tc', 'd  = 1');
  const text = fc
    .tuple(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
    .map(([lines, end, open]) => lines.join(end) + (open || lines.length === 0 ? '' : end));

  it('writes exactly the edits between two texts', () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const edits = editsBetween(a, b);
        assert.ok(edits);
        assert.equal(applyEdits(a, edits), b);
      }),
    );
  });

  it('changes nothing where the formatter does not, and everything where everything was edited', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        assert.equal(takeFormatted(before, after, after.replaceAll('\r', '')), after);
        // A text that is new as a whole is taken as it is formatted, but for its line ends.
        const taken = takeFormatted('', after, 'x\ny\n');
        if (after.replace(/\r?\n/g, '') !== '') assert.equal(taken?.replaceAll('\r', ''), 'x\ny\n');
      }),
    );
  });

  it('leaves lines that nobody edited as they are', () => {
    const lines = fc.array(fc.constantFrom('a  a', 'b   b', 'c', 'd  d  d'), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(lines, fc.nat(), (old, at) => {
        const edited = at % old.length;
        const after = old.map((each, i) => (i === edited ? 'new   one' : each));
        const taken = takeFormatted(
          old.join('\n'),
          after.join('\n'),
          after.map(each => each.replace(/ +/g, ' ')).join('\n'),
        );
        const result = (taken ?? '').split('\n');
        assert.equal(result[edited], 'new one');
        // Neighbours of an edited line may be one hunk with it; beyond the next sound line nothing may change.
        const sound = (i: number) => i < 0 || i >= old.length || old[i] === 'c';
        let from = edited - 1;
        while (!sound(from)) from--;
        let to = edited + 1;
        while (!sound(to)) to++;
        assert.deepEqual(
          [...result.slice(0, Math.max(0, from)), ...result.slice(to)],
          [...old.slice(0, Math.max(0, from)), ...old.slice(to)],
        );
      }),
    );
  });

  it('tidies by the style of the file: its indentation, and no blanks at line ends where it has none', () => {
    const old = 'if a:\n\tb\n\tc\nd\ne\n';
    assert.equal(tidied(old, old.replace('d\n', 'if d:  \n    x \n')), old.replace('d\n', 'if d:\n\tx\n'));
    const blank = 'if a:\n\tb \n\tc\nd\ne\n';
    assert.equal(tidied(blank, blank.replace('d\n', 'd  \n')), blank.replace('d\n', 'd  \n'));
    assert.equal(tidied('', 'x \n'), 'x \n');
  });
});
