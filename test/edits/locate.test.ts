import assert from 'node:assert/strict';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { diffLines } from '../../server/edits/diff.ts';
import { splitLines } from '../../server/edits/lines.ts';
import { locate } from '../../server/edits/locate.ts';

describe('edits: diff', () => {
  it('leads from one text to the other with few changes', () => {
    const line = fc.constantFrom('a', 'b', 'c', '', 'd');
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), fc.array(line, { maxLength: 40 }), (a, b) => {
        const hunks = diffLines(a, b) ?? assert.fail('within the limit');
        const result: string[] = [];
        let at = 0;
        let before = -1;
        for (const hunk of hunks) {
          assert(hunk.aStart > before || before === -1, 'in order and apart');
          result.push(...a.slice(at, hunk.aStart), ...b.slice(hunk.bStart, hunk.bEnd));
          at = hunk.aEnd;
          before = hunk.aEnd;
        }
        assert.deepEqual([...result, ...a.slice(at)], b);
        const cost = hunks.reduce((sum, each) => sum + each.aEnd - each.aStart + each.bEnd - each.bStart, 0);
        assert.equal(cost, a.length + b.length - 2 * common(a, b), 'as short as can be');
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it('gives up beyond its limit', () => {
    const many = (letter: string) => Array.from({ length: 50 }, (_, i) => letter + String(i));
    assert.equal(diffLines(many('a'), many('b'), 20), undefined);
  });
});

/** Length of the longest common subsequence, by the textbook. */
function common(a: readonly string[], b: readonly string[]): number {
  let row = Array<number>(b.length + 1).fill(0);
  for (const left of a) {
    const next = [0];
    b.forEach((right, j) => {
      next.push(left === right ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
    });
    row = next;
  }
  return row.at(-1) ?? 0;
}

describe('edits: locate', () => {
  const text = fc.record({
    lines: fc.array(fc.string({ unit: fc.constantFrom('a', ' ', '\t', '(', '漢', '😀', ';') }), {
      minLength: 1,
      maxLength: 40,
    }),
    // Lone CR is not mixed with LF: an empty line between the two would make them one line end.
    ends: fc.oneof(
      fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 1, maxLength: 3 }),
      fc.constant(['\r']),
    ),
    final: fc.boolean(),
    from: fc.nat(),
    count: fc.integer({ min: 1, max: 6 }),
    replace: fc.array(fc.string({ unit: fc.constantFrom('n', 'e', 'w', ' ', '😀') }), { maxLength: 8 }),
    shift: fc.constantFrom('', '', '  ', '    '),
  });

  it('replaces a unique block, whatever the line ends, and touches nothing else', () => {
    let done = 0;
    fc.assert(
      fc.property(text, run => {
        // Numbered lines are unique.
        const lines = run.lines.map((line, i) => `${line}${i}#`);
        const from = run.from % lines.length;
        const search = lines.slice(from, from + run.count);
        const endAt = (i: number) => run.ends[i % run.ends.length] ?? '\n';
        const whole = lines
          .map((line, i) => line + (i < lines.length - 1 || run.final ? endAt(i) : ''))
          .join('');
        const indented = (line: string) => (line.trim() === '' ? line : run.shift + line);
        const readings = [{ search: search.map(indented), replace: run.replace.map(indented) }] as const;
        const located = locate(whole, [{ path: '', readings }], 'a.txt');
        if (!located.ok) assert.fail(located.retry);
        const result = TextDocument.applyEdits(TextDocument.create('a:b', 'x', 1, whole), [...located.edits]);
        const expected = [...lines.slice(0, from), ...run.replace, ...lines.slice(from + run.count)];
        const trimmed = (list: readonly string[]) => list.map(line => (line.trim() === '' ? '' : line));
        const after = splitLines(result);
        const got = after.lines.slice(0, run.final || expected.at(-1) === '' ? -1 : undefined);
        const want = run.final || expected.at(-1) !== '' ? expected : expected.slice(0, -1);
        if (want.length === 0 && !run.final) assert.equal(result.trim(), '');
        else assert.deepEqual(trimmed(got), trimmed(want));
        const head = lines
          .slice(0, from)
          .map((line, i) => line + endAt(i))
          .join('');
        assert(
          result.startsWith(from + run.count > lines.length - 1 ? head.trimEnd() : head),
          'bytes before',
        );
        const tail = whole.slice(whole.length - tailLength(lines, from + run.count, endAt, run.final));
        assert(result.endsWith(tail), 'bytes behind');
        done++;
      }),
      { numRuns: 600, seed: 11 },
    );
    assert.equal(done, 600);
  });

  it('refuses every block that stands there more than once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('x', 'y', 'z'), { minLength: 1, maxLength: 3 }),
        fc.nat(5),
        (search, gap) => {
          const filler = Array.from({ length: gap + 1 }, (_, i) => `filler ${i}`);
          const whole = [...search, ...filler, ...search, ''].join('\n');
          const located = locate(whole, [{ path: '', readings: [{ search, replace: ['new'] }] }], 'a.txt');
          assert(!located.ok && located.code === 'ambiguous');
        },
      ),
      { numRuns: 100, seed: 2 },
    );
  });

  it('accepts large valid edits and refuses every one that was damaged', () => {
    const lines = Array.from(
      { length: 400 },
      (_, i) => `${'    '.repeat(i % 4)}call_${i}(argument_${i * 7});`,
    );
    const whole = `${lines.join('\n')}\n`;
    let good = 0;
    let bad = 0;
    for (let i = 0; i < 300; i++) {
      const search = lines.slice(i, i + 60);
      const replace = search.map((line, j) => (j % 9 === i % 9 ? line.replace('call', 'ask') : line));
      const located = locate(whole, [{ path: '', readings: [{ search, replace }] }], 'a.ts');
      if (located.ok) good++;
      const damaged = [
        search.filter((_, j) => j !== 30),
        search.map((line, j) => (j === 20 ? line.replace('argument', 'arg') : line)),
        [...search.slice(0, 10), '    ...', ...search.slice(50)],
        search.map((line, j) => (j === 5 ? ` ${line}` : line)),
      ][i % 4];
      const refused = locate(whole, [{ path: '', readings: [{ search: damaged ?? [], replace }] }], 'a.ts');
      if (!refused.ok) bad++;
    }
    assert.deepEqual({ good, bad }, { good: 300, bad: 300 });
  });
});

function tailLength(
  lines: readonly string[],
  from: number,
  endAt: (i: number) => string,
  final: boolean,
): number {
  let length = 0;
  for (let i = from; i < lines.length; i++) {
    length += (lines[i] ?? '').length + (i < lines.length - 1 || final ? endAt(i).length : 0);
  }
  return length;
}
