import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range } from 'vscode-languageserver-textdocument';
import { bench, never } from '../bench.ts';

const { analysis } = bench({});

const source = (path: string, text: string) => ({ path: `/p/${path}`, languageId: '', text });
const applied = (text: string, edit: { readonly range: Range; readonly newText: string }) =>
  TextDocument.applyEdits(TextDocument.create('file:///x', '', 0, text), [edit]);

/** Every mutant as `operator: line that changed`. */
async function mutantsOf(path: string, text: string, limit = 100): Promise<readonly string[]> {
  const found = await analysis.mutants(source(path, text), [], limit, never);
  return found.map(each => {
    const before = text.split('\n');
    const after = applied(text, each).split('\n');
    const at = after.findIndex((line, i) => line !== before[i]);
    return `${each.operator}: ${(after[at] ?? '').trim()}`;
  });
}

/** All that is made of a text, in the order of the text. */
const cases: readonly (readonly [path: string, text: string, expected: readonly string[]])[] = [
  [
    'a.ts',
    'import x from "y";\nexport function f(a: number): boolean {\n  if (a < 10 && !done) return true;\n  go(a);\n  return a + 1;\n}\n',
    [
      'early return: return undefined;',
      'negation: if (!(a < 10 && !done)) return true;',
      'boundary: if (a <= 10 && !done) return true;',
      'comparison: if (a >= 10 && !done) return true;',
      'constant: if (a < 11 && !done) return true;',
      'boolean: if (a < 10 || !done) return true;',
      'negation: if (a < 10 && done) return true;',
      'constant: if (a < 10 && !done) return false;',
      'return value: if (a < 10 && !done) return undefined;',
      'removed statement: ;',
      'return value: return undefined;',
      'arithmetic: return a - 1;',
      'constant: return a + 2;',
    ],
  ],
  [
    'a.js',
    'const f = (a) => a * 2;\n',
    [
      'return value: const f = (a) => undefined;',
      'arithmetic: const f = (a) => a / 2;',
      'constant: const f = (a) => a * 3;',
    ],
  ],
  [
    'a.tsx',
    'const V = ({ n }: P) => n > 0 ? <b>{n}</b> : null;\n',
    [
      'return value: const V = ({ n }: P) => undefined;',
      'negation: const V = ({ n }: P) => !(n > 0) ? <b>{n}</b> : null;',
      'boundary: const V = ({ n }: P) => n >= 0 ? <b>{n}</b> : null;',
      'comparison: const V = ({ n }: P) => n <= 0 ? <b>{n}</b> : null;',
      'constant: const V = ({ n }: P) => n > 1 ? <b>{n}</b> : null;',
    ],
  ],
  [
    'a.py',
    'def f(a):\n    """Says a."""\n    if a not in seen:\n        total += 1\n    raise E("no")\n    return a is None or True\n',
    [
      'early return: return None',
      'negation: if not (a not in seen):',
      'comparison: if a in seen:',
      'assignment: total -= 1',
      'removed statement: pass',
      'constant: total += 2',
      'return value: return None',
      'comparison: return a is not None or True',
      'boolean: return a is None and True',
      'constant: return a is None or False',
    ],
  ],
  [
    'a.go',
    'package p\n\nfunc F(a int) (int, error) {\n\treturn a, nil\n}\n\nfunc G(a []string) string {\n\tfor i := 0; i < len(a); i++ {\n\t\tlog(i)\n\t}\n\treturn a[0] + "x"\n}\n',
    [
      'early return: return ""',
      'constant: for i := 1; i < len(a); i++ {',
      'boundary: for i := 0; i <= len(a); i++ {',
      'comparison: for i := 0; i >= len(a); i++ {',
      'negation: for i := 0; !(i < len(a)); i++ {',
      'assignment: for i := 0; i < len(a); i-- {',
      'removed statement: ',
      'return value: return ""',
      'constant: return a[1] + "x"',
      'constant: return a[0] + ""',
    ],
  ],
  [
    'a.rs',
    '/// Says.\nfn f(a: i32, s: &mut S) -> i32 {\n    s.push(a);\n    if a >= 0 { return 1; }\n    a % 2\n}\n',
    [
      'early return: return 0;',
      'removed statement: ();',
      'negation: if !(a >= 0) { return 1; }',
      'boundary: if a > 0 { return 1; }',
      'comparison: if a < 0 { return 1; }',
      'constant: if a >= 1 { return 1; }',
      'return value: if a >= 0 { return 0; }',
      'constant: if a >= 0 { return 2; }',
      'return value: 0',
      'arithmetic: a * 2',
      'constant: a % 3',
    ],
  ],
  [
    'A.java',
    'class A {\n  @Size(3)\n  boolean f(int a) {\n    count++;\n    return a == 1 || !done;\n  }\n}\n',
    [
      'early return: if (true) return false;',
      'removed statement: ;',
      'assignment: count--;',
      'return value: return false;',
      'comparison: return a != 1 || !done;',
      'constant: return a == 2 || !done;',
      'boolean: return a == 1 && !done;',
      'negation: return a == 1 || done;',
    ],
  ],
  [
    'a.c',
    '#include <x.h>\n#define N 3\nint f(int a) {\n  if (a > N) return a - 1;\n  return a;\n}\nchar *g(void) { return p; }\n',
    [
      'early return: return 0;',
      'negation: if (!(a > N)) return a - 1;',
      'boundary: if (a >= N) return a - 1;',
      'comparison: if (a <= N) return a - 1;',
      'return value: if (a > N) return 0;',
      'arithmetic: if (a > N) return a + 1;',
      'constant: if (a > N) return a - 2;',
      'return value: return 0;',
      'early return: char *g(void) { return 0; return p; }',
      'return value: char *g(void) { return 0; }',
    ],
  ],
];

describe('analysis/mutants', () => {
  for (const [path, text, expected] of cases)
    it(`makes all small faults of ${path}`, async () => {
      assert.deepEqual([...(await mutantsOf(path, text))].sort(), [...expected].sort());
    });

  it('chooses the same few again, of as many kinds as there are', async () => {
    const [, text] = cases[0] as (typeof cases)[number];
    const few = await mutantsOf('a.ts', text, 6);
    assert.deepEqual(few, await mutantsOf('a.ts', text, 6));
    assert.equal(new Set(few.map(each => each.split(':')[0])).size, 6);
  });

  it('stays inside the ranges', async () => {
    const text = 'function f() { return 1; }\nfunction g() { return 2; }\n';
    const range = { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } };
    const found = await analysis.mutants(source('a.js', text), [range], 100, never);
    assert.deepEqual([...new Set(found.map(each => each.range.start.line))], [1]);
  });

  it('gives nothing that parses worse', async () => {
    // Without its blanks, the negated operand would join the keyword before it.
    const text = 'function f(a) {\n  return!a;\n}\n';
    const found = await analysis.mutants(source('a.js', text), [], 100, never);
    assert.ok(found.length > 0);
    for (const each of found) assert.doesNotMatch(applied(text, each), /returna/);
  });

  it('has none for text without a grammar, after an abort, and of nothing', async () => {
    assert.deepEqual(await analysis.mutants(source('a.txt', 'a < b'), [], 9, never), []);
    assert.deepEqual(await analysis.mutants(source('a.js', 'a < b'), [], 9, AbortSignal.abort()), []);
    assert.deepEqual(await analysis.mutants(source('a.js', 'a < b'), [], 0, never), []);
  });
});

describe('analysis/mutants: tests of a file', () => {
  const files: readonly (readonly [path: string, text: string, expected: readonly string[]])[] = [
    [
      'a.test.js',
      "describe('f', () => {\n  beforeEach(() => {});\n  // Why.\n  it('is \\'1\\'', () => {});\n  describe('deep', () => { it.skip('x', () => {}); });\n  it(`n ${n}`, () => {});\n  it.each([1])('y', () => {});\n});\ntest('alone', () => {});\n",
      ["f is '1'", 'f deep x', 'alone'],
    ],
    [
      'test_a.py',
      '@mark\ndef test_a():\n    pass\n\nclass TestB(TestCase):\n    def test_c(self):\n        pass\n    def help(self):\n        pass\n',
      ['test_a', 'TestB test_c'],
    ],
    [
      'a_test.go',
      'package p\n\nfunc TestA(t *testing.T) {}\nfunc Testing() {}\nfunc TestMain(m *testing.M) {}\n',
      ['TestA'],
    ],
    [
      'a.rs',
      '#[cfg(test)]\nmod tests {\n    #[test]\n    #[should_panic]\n    fn a() {}\n    fn b() {}\n}\n',
      ['tests a'],
    ],
    ['ATest.java', 'class ATest {\n  @Test\n  void a() {}\n  void b() {}\n}\n', ['ATest a']],
    ['a.c', 'void test_a(void) {}\n', []],
  ];
  for (const [path, text, expected] of files)
    it(`are told as reports tell them: ${path}`, async () => {
      const found = await analysis.testCases(source(path, text), never);
      assert.deepEqual(
        found.map(({ name }) => name),
        expected,
      );
    });

  it('hold what belongs to them, and know the groups around', async () => {
    const text = '#[cfg(test)]\nmod tests {\n    /// Says.\n    #[test]\n    fn a() {}\n}\n';
    const [test] = await analysis.testCases(source('a.rs', text), never);
    assert.equal(test?.range.start.line, 2);
    assert.equal(test?.within[0]?.start.line, 0);
  });
});
