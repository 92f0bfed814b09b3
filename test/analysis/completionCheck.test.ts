import assert from 'node:assert/strict';
import { bench, cursor, never } from './bench.ts';

describe('the check of a completion', () => {
  const cases: readonly (readonly [
    name: string,
    file: string,
    marked: string,
    added: string,
    parses: boolean,
    unknownNames: readonly string[],
  ])[] = [
    ['a line', 'a.ts', 'const one = 1;\nconst two = $0\n', 'one + 1;', true, []],
    [
      'a block',
      'a.ts',
      'function f(rows: string[]) {$0\n}\n',
      '\n  for (const row of rows) f([row]);',
      true,
      [],
    ],
    ['a block that is not closed', 'a.ts', 'f($0);\n', '() => {\n  f(', false, []],
    ['a block that closes too much', 'a.ts', 'function f() {$0\n}\n', '\n  return 1;\n}\n}\n}', false, []],
    ['where there was an error before', 'a.ts', 'const = ;\nconst two = $0\n', 'two;', true, []],
    ['a line that leaves something open', 'a.ts', 'const two = $0\n', '[1, {', true, []],
    ['a name that nobody knows', 'a.ts', 'const two = $0\n', '1 + frobnicate(two);', true, ['frobnicate']],
    ['a name of another file', 'a.ts', 'const two = $0\n', '1 + helper(two);', true, []],
    ['a member', 'a.ts', 'const two = $0\n', '1 + two.frobnicate;', true, []],
    ['a name that is declared in it', 'a.ts', '$0\n', 'const first = 1;\nconst second = first;', true, []],
    ['a parameter that is declared in it', 'a.ts', 'const f = $0\n', '(value => value + 1);', true, []],
    ['words in strings and comments', 'a.ts', 'const two = $0\n', '1 + "frob nicate"; // glork', true, []],
    ['a name that goes on from what is typed', 'a.ts', 'const two = frob$0\n', 'nicate + 1;', true, []],
    ['a global', 'a.ts', 'const two = $0\n', '1 + parseInt("1");', true, []],
    ['a Python name that nobody knows', 'a.py', 'two = $0\n', '1 + frobnicate(two)', true, ['frobnicate']],
    ['a keyword argument', 'a.py', 'two = print($0)\n', '1, flush=True', true, []],
    ['names of a language without scopes', 'a.go', 'package a\n\nvar b = $0\n', '1 + frobnicate()', true, []],
    ['a language without a grammar', 'a.lua', 'local a = $0\n', '(((', true, []],
  ];
  for (const [name, file, marked, newText, parses, unknownNames] of cases) {
    it(name, async () => {
      const { text, position } = cursor(marked);
      const made = bench({ [file]: text, 'other.ts': 'export function helper() {}\n' });
      const edit = { range: { start: position, end: position }, newText };
      const verdict = await made.analysis.checkCompletion(made.uri(file), edit, never);
      assert.deepEqual(verdict, { parses, unknownNames });
    });
  }

  it('refuses a place that the document does not have', async () => {
    const made = bench({ 'a.ts': 'one();\n' });
    const far = { line: 9, character: 0 };
    const edit = { range: { start: far, end: far }, newText: 'two();\n' };
    assert.equal((await made.analysis.checkCompletion(made.uri('a.ts'), edit, never)).parses, false);
  });
});
