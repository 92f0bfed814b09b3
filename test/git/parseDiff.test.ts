/** Diffs as git writes them under every prefix and quoting. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseDiff, unquote } from '../../server/git/parseDiff.ts';

const hunk = '@@ -1,2 +1,2 @@ function f() {\n same\n-old\n+new';
const body = (a: string, b: string) => `index 1..2 100644\n--- ${a}\n+++ ${b}\n${hunk}\n`;

describe('a unified diff', () => {
  const rows: readonly (readonly [
    name: string,
    text: string,
    path: string,
    status: string,
    oldPath?: string,
  ])[] = [
    [
      'with the usual prefixes',
      `diff --git a/x/y.ts b/x/y.ts\n${body('a/x/y.ts', 'b/x/y.ts')}`,
      'x/y.ts',
      'modified',
    ],
    [
      'with mnemonic prefixes',
      `diff --git c/x b/x\n${body('c/x', 'i/x')}`.replace('b/x', 'i/x'),
      'x',
      'modified',
    ],
    ['without prefixes', `diff --git x/y.ts x/y.ts\n${body('x/y.ts', 'x/y.ts')}`, 'x/y.ts', 'modified'],
    ['without prefixes, in a folder a', `diff --git a/y a/y\n${body('a/y', 'a/y')}`, 'a/y', 'modified'],
    [
      'with blanks',
      `diff --git a/my file b/my file\n${body('a/my file\t', 'b/my file\t')}`,
      'my file',
      'modified',
    ],
    [
      'quoted',
      `diff --git "a/\\303\\274 \\"b\\".ts" "b/\\303\\274 \\"b\\".ts"\n${body('"a/\\303\\274 \\"b\\".ts"', '"b/\\303\\274 \\"b\\".ts"')}`,
      'ü "b".ts',
      'modified',
    ],
    ['added', `diff --git a/n b/n\nnew file mode 100644\n${body('/dev/null', 'b/n')}`, 'n', 'added'],
    ['added empty', 'diff --git a/e f b/e f\nnew file mode 100644\nindex 0..1\n', 'e f', 'added'],
    ['deleted', `diff --git a/n b/n\ndeleted file mode 100644\n${body('a/n', '/dev/null')}`, 'n', 'deleted'],
    [
      'renamed',
      'diff --git a/o b/p\nsimilarity index 100%\nrename from o\nrename to p\n',
      'p',
      'renamed',
      'o',
    ],
    [
      'renamed and changed',
      `diff --git a/o b/p\nsimilarity index 90%\nrename from o\nrename to p\n${body('a/o', 'b/p')}`,
      'p',
      'renamed',
      'o',
    ],
    ['copied', 'diff --git a/o b/p\nsimilarity index 100%\ncopy from o\ncopy to p\n', 'p', 'copied', 'o'],
  ];
  for (const [name, text, path, status, oldPath] of rows) {
    it(`is read ${name}`, () => {
      const [file, ...others] = parseDiff(text);
      assert.deepEqual([file?.path, file?.status, file?.oldPath], [path, status, oldPath]);
      assert.deepEqual(others, []);
      if (text.includes('@@')) {
        assert.deepEqual(file?.hunks, [
          { oldStart: 1, newStart: 1, heading: 'function f() {', lines: [' same', '-old', '+new'] },
        ]);
        assert.deepEqual([file?.added, file?.removed], [1, 1]);
      }
    });
  }

  it('tells modes, submodules and binaries', () => {
    const [mode] = parseDiff('diff --git a/x b/x\nold mode 100644\nnew mode 100755\n');
    assert.equal(mode?.modeOnly, true);
    const [binary] = parseDiff('diff --git a/x b/x\nindex 1..2 100644\nBinary files a/x and b/x differ\n');
    assert.equal(binary?.binary, true);
    const [sub] = parseDiff(
      'diff --git a/s b/s\nindex 1..2 160000\n--- a/s\n+++ b/s\n@@ -1 +1 @@\n-Subproject commit 1\n+Subproject commit 2\n',
    );
    assert.equal(sub?.submodule, true);
  });

  it('does not take changed lines for heads', () => {
    const text = `diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a/removed\n-diff --git a/p b/p\n+++ b/added\n+x\n\\ No newline at end of file\ndiff --git a/y b/y\n${body('a/y', 'b/y')}`;
    assert.deepEqual(
      parseDiff(text).map(({ path, added, removed }) => [path, added, removed]),
      [
        ['x', 2, 2],
        ['y', 1, 1],
      ],
    );
  });

  it('survives any text', () => {
    const line = fc.constantFrom(
      'diff --git a/x b/x',
      '@@ -1 +1 @@',
      '--- a/x',
      '+++ b/x',
      '+a',
      '-b',
      ' c',
      '',
      '\\ x',
      'rename from y',
      '@@ -1,99999999 +1 @@',
      '"',
    );
    fc.assert(
      fc.property(fc.array(line), lines => {
        for (const { added, removed } of parseDiff(lines.join('\n'))) assert.ok(added >= 0 && removed >= 0);
      }),
    );
    fc.assert(fc.property(fc.string(), text => typeof unquote(`"${text}"`) === 'string'));
  });
});
