import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { unifiedDiff } from '../../server/edits/unifiedDiff.ts';

/** Applies a diff as `patch` does, strictly: every line number, context and count must be right. */
function applyDiff(before: string, diff: string): string {
  if (diff === '') return before;
  const lines = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let at = 0;
  const rows = diff.match(/[^\n]*\n/g) ?? [];
  assert.equal(rows.join(''), diff, 'a diff ends with a line end');
  assert.match(rows[0] ?? '', /^--- a\//);
  assert.match(rows[1] ?? '', /^\+\+\+ b\//);
  for (let i = 2; i < rows.length; ) {
    const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@\n$/.exec(rows[i++] ?? '');
    assert.ok(head !== null);
    const [, start = '', oldCount = '1', newStart = '', newCount = '1'] = head;
    const first = Number(start) - (oldCount === '0' ? 0 : 1);
    result.push(...lines.slice(at, first));
    at = first;
    assert.equal(Number(newStart) - (newCount === '0' ? 0 : 1), result.length);
    let olds = 0;
    let news = 0;
    while (i < rows.length && !(rows[i] ?? '').startsWith('@@')) {
      const row = rows[i++] ?? '';
      let text = row.slice(1);
      if ((rows[i] ?? '').startsWith('\\')) {
        text = text.slice(0, -1);
        i++;
      }
      if (row[0] !== '+') {
        assert.equal(lines[at++], text);
        olds++;
      }
      if (row[0] !== '-') {
        result.push(text);
        news++;
      }
    }
    assert.deepEqual([olds, news], [Number(oldCount), Number(newCount)]);
  }
  return [...result, ...lines.slice(at)].join('');
}

describe('the unified diff', () => {
  it('shows three lines around a change', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\n';
    assert.equal(
      unifiedDiff('x/y.ts', before, before.replace('e\n', 'E\n')),
      '--- a/x/y.ts\n+++ b/x/y.ts\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n',
    );
  });

  it('is empty for equal texts and says when a line end is missing', () => {
    assert.equal(unifiedDiff('a', 'x', 'x'), '');
    assert.equal(
      unifiedDiff('a', 'x', 'x\n'),
      '--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n',
    );
    assert.equal(unifiedDiff('a', '', 'x\n'), '--- a/a\n+++ b/a\n@@ -0,0 +1 @@\n+x\n');
  });

  it('gives the new text back when applied, line ends and all', () => {
    const text = fc
      .array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', 'd\n'), { maxLength: 40 })
      .chain(lines => fc.constantFrom('', 'end').map(end => lines.join('') + end));
    fc.assert(
      fc.property(text, text, (before, after) => {
        assert.equal(applyDiff(before, unifiedDiff('f', before, after)), after);
      }),
      { seed: 7, numRuns: 1_000 },
    );
  });

  it('is small for a small change and right for two texts with nothing in common', () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`);
    const before = lines.join('');
    const after = [
      ...lines.slice(0, 5_000),
      'new\n',
      ...lines.slice(5_001, 19_000),
      ...lines.slice(19_002),
    ].join('');
    const small = unifiedDiff('f', before, after);
    assert.equal(applyDiff(before, small), after);
    assert.ok(small.length < 1_000);
    const other = before.replaceAll('line', 'other');
    assert.equal(applyDiff(before, unifiedDiff('f', before, other)), other);
  });
});
