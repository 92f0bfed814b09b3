/** Suspicious patterns: every row on code that has it and on code that only looks like it. */
import assert from 'node:assert/strict';
import { PATTERNS } from '../../../server/analysis/review/review.ts';
import { bench, never } from '../bench.ts';
import { reviewCases } from './cases.ts';

const look = async (file: string, code: string) => {
  const set = bench({ [file]: code });
  const found = await set.analysis.suspicions(set.uri(file), undefined, never);
  assert.deepEqual(set.log, []);
  return found;
};

describe('analysis/review', () => {
  it('has cases for every row, and only for rows', () => {
    assert.deepEqual(
      reviewCases.map(({ rule }) => rule).toSorted(),
      PATTERNS.map(({ rule }) => rule).toSorted(),
    );
  });

  for (const { rule, bad, good } of reviewCases) {
    describe(rule, () => {
      for (const [file, code] of bad) {
        it(`is found: ${code.replace(/\s+/g, ' ').slice(0, 60)}`, async () => {
          const found = await look(file, code);
          assert.deepEqual(
            found.map(each => each.rule),
            [rule],
          );
        });
      }
      for (const [file, code] of good) {
        it(`is not: ${code.replace(/\s+/g, ' ').slice(0, 60)}`, async () => {
          assert.deepEqual(await look(file, code), []);
        });
      }
    });
  }

  it('marks the place, on one line', async () => {
    const [found] = await look('a.ts', 'f();\nif (a === 1) {\n  g();\n} else {\n  g();\n}\n');
    assert.deepEqual(found?.range, { start: { line: 1, character: 0 }, end: { line: 1, character: 14 } });
  });

  it('says nothing of what does not parse, of generated and of minified files', async () => {
    assert.deepEqual(await look('a.ts', 'function f() { if (a === a) { g(;\n'), []);
    assert.deepEqual(await look('a.ts', '// @generated\nif (a === a) f();\n'), []);
    assert.deepEqual(await look('a.ts', `if (a === a) f(); ${'a'.repeat(2_100)}\n`), []);
  });

  it('says nothing where somebody has said that it is meant', async () => {
    assert.deepEqual(await look('a.py', 'eval(text)  # noqa: S307\n'), []);
    assert.deepEqual(await look('a.js', '// eslint-disable-next-line no-eval\neval(text);\n'), []);
    assert.equal(
      (await look('a.js', '// eslint-disable-next-line no-eval\neval(text);\neval(text);\n')).length,
      1,
    );
  });

  it('stops counting where it is the style of the file', async () => {
    assert.equal((await look('a.py', 'ok = a == None\n'.repeat(50))).length, 20);
  });

  it('reads a text that is not open, and leaves the open one alone', async () => {
    const set = bench({ 'a.ts': 'f();\n' });
    const other = await set.analysis.suspicions(set.uri('a.ts'), 'if (a === a) f();\n', never);
    assert.equal(other.length, 1);
    assert.deepEqual(await set.analysis.suspicions(set.uri('a.ts'), undefined, never), []);
    assert.equal((await set.analysis.suspicions('file:///w/none.py', 'x = y == None\n', never)).length, 1);
    assert.deepEqual(await set.analysis.suspicions('file:///w/none.xyz', 'x', never), []);
  });
});
