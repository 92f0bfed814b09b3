/** Property: a program from which statements were extracted computes what it computed before, in JavaScript and by running it. */
import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Document } from '../../server/base/document.ts';
import { bench } from './bench.ts';

const never = new AbortController().signal;
const name = fc.constantFrom('a', 'b', 'c', 'd');
const value = fc.oneof(
  name,
  fc.integer({ min: 0, max: 3 }).map(String),
  fc.tuple(name, name).map(([x, y]) => `${x} + ${y}`),
);

/** Statements over a, b (parameters), c, d (variables) and what they declare themselves; `i` bounds every loop. */
const { block } = fc.letrec<{ statement: string[]; block: string[] }>(tie => ({
  statement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(name, value).map(([x, y]) => [`${x} = ${y};`]),
    fc.tuple(name, value).map(([x, y]) => [`${x} += ${y};`]),
    name.map(x => [`${x}++;`]),
    value.map(x => [`out.push(${x});`]),
    fc
      .tuple(fc.constantFrom('e', 'g'), value)
      .map(([x, y]) => [`let ${x} = ${y};`, `${x} += 1;`, `out.push(${x});`]),
    name.map(x => [`if (${x} > 5) return ${x};`]),
    fc
      .tuple(value, tie('block'))
      .map(([x, inner]) => [`if (${x} > 2) {`, ...inner.map(line => `  ${line}`), '}']),
    tie('block').map(inner => ['for (let i = 0; i < 3; i++) {', ...inner.map(line => `  ${line}`), '}']),
    fc
      .constantFrom('break', 'continue')
      .map(jump => ['for (const i of [1, 2, 3]) {', '  out.push(i);', `  if (i > 1) ${jump};`, '}']),
  ),
  block: fc
    .array(tie('statement'), { minLength: 1, maxLength: 4, depthIdentifier: 'statement' })
    .map(parts => parts.flatMap((part, i) => part.map(line => line.replace(/\b([eg])\b/g, `$1${i}`)))),
}));

const results = (code: string) =>
  [
    [1, 2],
    [0, 6],
    [3, 3],
  ].map(([a, b]) =>
    JSON.stringify(
      runInNewContext(`${code}\nconst out = [];\n[f(${a}, ${b}, out), out]`, {}, { timeout: 1_000 }),
    ),
  );

describe('analysis/refactor: extract a function, by running it', () => {
  it('computes the same afterwards (property)', async function () {
    this.timeout(20_000);
    let done = 0;
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(block, fc.nat(), fc.nat(), async (body, from, length) => {
        const lines = [
          'function f(a, b, out) {',
          '  let c = 1;',
          '  let d = 2;',
          ...body.map(line => `  ${line}`),
          '  return a + b + c + d;',
          '}',
          '',
        ];
        const text = lines.join('\n');
        const first = 1 + (from % (lines.length - 3));
        const last = Math.min(lines.length - 3, first + (length % 4));
        const files = bench({ 'a.js': text });
        const document = new Document('file:///a.js', 'javascript', 1, text);
        const range = {
          start: { line: first, character: 0 },
          end: { line: last, character: document.lineAt(last).length },
        };
        tried++;
        const found = await files.analysis.extractFunction(files.uri('a.js'), range, never);
        if (!('edits' in found)) return;
        done++;
        const after = TextDocument.applyEdits(TextDocument.create('', '', 0, text), [...found.edits]);
        assert.deepEqual(results(after), results(text), `${text}\n----\n${after}`);
      }),
      { numRuns: 150, seed: 11 },
    );
    assert.ok(done >= tried / 5, `${done} of ${tried}: too few to mean anything`);
  });
});
