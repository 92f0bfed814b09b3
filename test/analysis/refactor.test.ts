import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Range } from 'vscode-languageserver-textdocument';
import { Document } from '../../server/base/document.ts';
import type { Opportunities } from '../../server/analysis/refactor/refactor.ts';
import { bench, never } from './bench.ts';

/** `$0` marks the cursor; two of them a selection. */
function marked(text: string): { readonly text: string; readonly range: Range } {
  const parts = text.split('$0');
  const plain = parts.join('');
  const document = new Document('file:///w/x', 'plaintext', 1, plain);
  const start = (parts[0] as string).length;
  const end = parts.length > 2 ? start + (parts[1] as string).length : start;
  return { text: plain, range: { start: document.positionAt(start), end: document.positionAt(end) } };
}

const applied = (text: string, edits: Parameters<typeof TextDocument.applyEdits>[1]) =>
  TextDocument.applyEdits(TextDocument.create('file:///w/x', '', 0, text), edits);

async function lookAt(file: string, source: string): Promise<Opportunities> {
  const { text, range } = marked(source);
  const files = bench({ [file]: text });
  return files.analysis.opportunities(files.uri(file), range, never);
}

describe('analysis/refactor: conversions', () => {
  const cases: readonly (readonly [file: string, source: string, expected: readonly string[]])[] = [
    [
      'a.ts',
      'function f(rows: Row[]) {\n  const out = [];\n  f$0or (const r of rows) {\n    out.push(r.id);\n  }\n}\n',
      ['loop-to-array-methods'],
    ],
    [
      'a.ts',
      'function f(rows: Row[]) {\n  f$0or (const r of rows) {\n    if (r) break;\n    out.push(r.id);\n  }\n}\n',
      [],
    ],
    ['a.ts', 'function f(rows: Row[]) {\n  for (const r of rows) {\n    out.pu$0sh(r.id);\n  }\n}\n', []],
    ['a.ts', 'const ids = rows.m$0ap(row => row.id);\n', ['calls-to-loop']],
    [
      'a.ts',
      'function f(): Promise<number> {\n  return get().th$0en(x => x + 1);\n}\n',
      ['promise-to-async'],
    ],
    [
      'a.ts',
      'async func$0tion f(): Promise<number> {\n  const x = await get();\n  return x;\n}\n',
      ['async-to-promise', 'function-to-arrow'],
    ],
    ['a.ts', "read$0File('a', (err, data) => { use(data); });\n", ['callback-to-promise']],
    ['a.ts', 'func$0tion f(a: number) {\n  return a;\n}\n', ['function-to-arrow']],
    ['a.ts', 'func$0tion f(a: number) {\n  return this.a;\n}\n', []],
    ['a.ts', 'const f = (a: number) =$0> a;\n', ['arrow-to-function']],
    ['a.ts', 'const f = (a: number) =$0> this.a;\n', []],
    ['a.ts', 'func$0tion f(a) {\n  return a;\n}\n', ['function-to-arrow', 'add-types']],
    ['a.js', 'func$0tion f(a) {\n  return a;\n}\n', ['function-to-arrow', 'add-doc-types']],
    ['a.ts', "const s = 'a' $0+ b + 'c';\n", ['concat-to-template']],
    ['a.ts', 'const n = a $0+ b;\n', []],
    ['a.ts', 'const s = `a ${$0b}`;\n', ['template-to-concat']],
    [
      'a.ts',
      "i$0f (k === 'a') { x(); } else if (k === 'b') { y(); } else if (k === 'c') { z(); }\n",
      ['if-to-switch'],
    ],
    ['a.ts', "i$0f (k === 'a') { x(); } else if (j === 'b') { y(); } else if (k === 'c') { z(); }\n", []],
    [
      'a.py',
      'def f(rows: list) -> list:\n    out = []\n    f$0or r in rows:\n        out.append(r.id)\n    return out\n',
      ['loop-to-comprehension'],
    ],
    ['a.py', 'xs = [r.id $0for r in rows]\n', ['calls-to-loop']],
    ['a.py', "s = 'a %s' $0% name\n", ['concat-to-template']],
    ['a.py', "s = 'a {}'.for$0mat(name)\n", ['concat-to-template']],
    ['a.py', 'de$0f f(a, b=1):\n    return a\n', ['add-types']],
    ['a.py', "i$0f k == 'a':\n    x()\nelif k == 'b':\n    y()\nelif k == 'c':\n    z()\n", ['if-to-switch']],
    [
      'a.rs',
      'fn f(rows: &[Row]) -> Vec<u8> {\n    let mut out = vec![];\n    fo$0r r in rows {\n        out.push(r.id);\n    }\n    out\n}\n',
      ['loop-to-iterator'],
    ],
    ['a.rs', 'fn f() -> Vec<u8> {\n    rows.iter().ma$0p(|r| r.id).collect()\n}\n', ['calls-to-loop']],
    [
      'a.java',
      'class A {\n  void f(List<Row> rows) {\n    fo$0r (Row r : rows) {\n      out.add(r.id);\n    }\n  }\n}\n',
      ['loop-to-stream'],
    ],
    ['a.java', 'class A {\n  String f(int n) {\n    return "a" $0+ n;\n  }\n}\n', ['concat-to-format']],
    ['a.go', 'package p\n\nfunc f(n string) string {\n\treturn "a" $0+ n\n}\n', ['concat-to-format']],
    [
      'a.c',
      'int f(int k) {\n  i$0f (k == 1) { x(); } else if (k == 2) { y(); } else if (k == 3) { z(); }\n  return 0;\n}\n',
      ['if-to-switch'],
    ],
    ['a.lua', 'for i, v in i$0pairs(t) do out[i] = v end\n', []],
  ];
  for (const [file, source, expected] of cases) {
    it(`${file}: ${JSON.stringify(source).slice(0, 70)} → ${expected.join(', ') || 'nothing'}`, async () => {
      const { conversions } = await lookAt(file, source);
      assert.deepEqual(conversions.map(({ id }) => id).toSorted(), [...expected].toSorted());
    });
  }
});

describe('analysis/refactor: what a selection can become, and words', () => {
  const cases: readonly (readonly [
    file: string,
    source: string,
    extract: readonly string[],
    prose?: string,
  ])[] = [
    ['a.ts', 'const a = $0b.c(1)$0 + 2;\n', ['variable', 'function']],
    ['a.ts', 'function f() {\n$0  a();\n  b();\n$0}\n', ['function']],
    ['a.ts', 'function f() {\n  a($0);\n  b($0);\n}\n', []],
    ['a.ts', "$0import { a } from 'b';$0\n", []],
    ['a.ts', 'const $0name$0 = 1;\n', []],
    ['a.py', 'def f(x):\n    y = $0x * 2$0 + 1\n', ['variable', 'function']],
    ['a.py', 'def f(x):\n$0    a(x)\n    b(x)$0\n', ['function']],
    ['a.rs', 'fn f() {\n    $0let a = 1;\n    g(a);$0\n}\n', ['function']],
    ['a.go', 'package p\n\nfunc f() {\n\tx := $0g(1)$0 + 2\n}\n', ['variable', 'function']],
    ['a.c', 'int f(int a) {\n  $0a = g(a);$0\n  return a;\n}\n', ['function']],
    ['a.java', 'class A {\n  int f(int a) {\n    return $0g(a)$0 + 1;\n  }\n}\n', ['variable', 'function']],
    ['a.lua', '$0local a = f(b)\nprint(a)$0\n', ['variable', 'function']],
    [
      'a.ts',
      '// Wer zuerst ko$0mmt,\n// mahlt zuerst.\nconst a = 1;\n',
      [],
      '// Wer zuerst kommt,\n// mahlt zuerst.',
    ],
    ['a.ts', "log('Datei nicht ge$0funden');\n", [], "'Datei nicht gefunden'"],
    ['a.ts', "import a from 'ein pf$0ad';\n", []],
    ['a.ts', '// a$0\nconst a = 1;\n', []],
    ['a.rs', '/// Liest die Da$0tei.\nfn f() {}\n', [], '/// Liest die Datei.'],
    ['a.py', '# Liest die Da$0tei.\nx = 1\n', [], '# Liest die Datei.'],
    ['a.lua', '-- Liest die Da$0tei.\nlocal x = 1\n', [], '-- Liest die Datei.'],
  ];
  for (const [file, source, extract, prose] of cases) {
    it(`${file}: ${JSON.stringify(source).slice(0, 70)}`, async () => {
      const found = await lookAt(file, source);
      assert.deepEqual(found.extract, extract);
      const document = new Document('file:///w/x', '', 1, marked(source).text);
      assert.equal(found.prose && document.getText(found.prose.range), prose);
    });
  }
});

describe('analysis/refactor: rename', () => {
  const other = { 'other.ts': "import { shared } from './a';\nshared();\n" };
  const cases: readonly (readonly [file: string, source: string, to: string, expected: string | RegExp])[] = [
    [
      'a.ts',
      'export function f(a$0: number) {\n  const b = a + 1;\n  return { a, b, c: x.a };\n}\n',
      'count',
      'export function f(count: number) {\n  const b = count + 1;\n  return { a: count, b, c: x.a };\n}\n',
    ],
    [
      'a.ts',
      'function f(a: number) {\n  { const a = 2; use(a); }\n  return a$0;\n}\n',
      'n',
      'function f(n: number) {\n  { const a = 2; use(a); }\n  return n;\n}\n',
    ],
    [
      'a.ts',
      'const { a$0 } = o;\nconsole.log(a);\nexport {};\n',
      'n',
      'const { a: n } = o;\nconsole.log(n);\nexport {};\n',
    ],
    [
      'a.ts',
      "import { a$0 } from './b';\nconsole.log(a);\n",
      'n',
      "import { a as n } from './b';\nconsole.log(n);\n",
    ],
    ['a.ts', 'const a$0 = 1;\nexport { a };\n', 'n', 'const n = 1;\nexport { n as a };\n'],
    [
      'a.ts',
      '/**\n * @param a - it\n */\nfunction f(a$0: number) {\n  return a;\n}\n',
      'n',
      '/**\n * @param n - it\n */\nfunction f(n: number) {\n  return n;\n}\n',
    ],
    ['a.ts', 'function f(a$0: number, n: number) {\n  return a + n;\n}\n', 'n', /used in this file/],
    ['a.ts', 'function f(a$0: number) {\n  return a;\n}\n', 'class', /cannot be a name/],
    ['a.ts', 'export function shared$0() {}\n', 'n', /1 other file too.*language server/],
    ['a.ts', 'class A {\n  constructor(private a$0: number) {\n    a;\n  }\n}\n', 'n', /a field too/],
    ['a.ts', 'function f(a$0: number) {\n  return (a;\n}\n', 'n', /syntax errors/],
    ['a.ts', 'pri$0nt(1);\n', 'n', /not declared/],
    ['a.py', 'def f(a$0):\n    return a + 1\n', 'n', 'def f(n):\n    return n + 1\n'],
    ['a.py', 'def f(a$0):\n    return a + 1\n\nf(a=2)\n', 'n', /by its name/],
    ['a.py', 'from m import a$0\nprint(a)\n', 'n', 'from m import a as n\nprint(n)\n'],
    [
      'a.py',
      'def g():\n    a$0 = 1\n    return lambda: f"{a}"\n',
      'n',
      'def g():\n    n = 1\n    return lambda: f"{n}"\n',
    ],
    [
      'a.rs',
      'fn f(a$0: u8) -> u8 {\n    let b = a + x.a;\n    b + a\n}\n',
      'n',
      'fn f(n: u8) -> u8 {\n    let b = n + x.a;\n    b + n\n}\n',
    ],
    ['a.rs', 'fn f(a: u8) {\n    let b$0 = a;\n    println!("{b}");\n}\n', 'n', /not certain/],
    [
      'a.rs',
      'fn f(a: u8) -> P {\n    let b$0 = a;\n    P { b }\n}\n',
      'n',
      'fn f(a: u8) -> P {\n    let n = a;\n    P { b: n }\n}\n',
    ],
    [
      'a.rs',
      'fn f() {\n    for i in 0..3 { g(i$0); }\n    for i in 0..4 { g(i); }\n}\n',
      'n',
      'fn f() {\n    for n in 0..3 { g(n); }\n    for i in 0..4 { g(i); }\n}\n',
    ],
    ['a.rs', 'fn f() {\n    g(LIMIT$0);\n}\n', 'n', /not certain/],
    [
      'a.go',
      'package p\n\nfunc f(a int) int {\n\tb$0 := a\n\treturn b + x.b\n}\n',
      'n',
      'package p\n\nfunc f(a int) int {\n\tn := a\n\treturn n + x.b\n}\n',
    ],
    ['a.go', 'package p\n\nfunc f() P {\n\tb$0 := 1\n\treturn P{b: b}\n}\n', 'n', /not certain/],
    ['a.go', 'package p\n\nfunc f() int {\n\treturn glob$0al\n}\n', 'n', /not certain/],
    [
      'a.c',
      'int f(int a$0, int b) {\n  int *c = &a;\n  return a + b + p->a;\n}\n',
      'n',
      'int f(int n, int b) {\n  int *c = &n;\n  return n + b + p->a;\n}\n',
    ],
    [
      'a.c',
      'int f(int a) {\n  int *c$0 = &a, d = 2;\n  return *c + d;\n}\n',
      'n',
      'int f(int a) {\n  int *n = &a, d = 2;\n  return *n + d;\n}\n',
    ],
    ['a.c', '#define G(y) (y + c)\nint f(int c$0) {\n  return G(c);\n}\n', 'n', /not certain/],
    [
      'a.java',
      'class A {\n  int a;\n  A(int a$0) {\n    this.a = a;\n  }\n}\n',
      'n',
      'class A {\n  int a;\n  A(int n) {\n    this.a = n;\n  }\n}\n',
    ],
    [
      'a.java',
      'class A {\n  int f() {\n    int a$0 = 1;\n    return g(a);\n  }\n}\n',
      'n',
      'class A {\n  int f() {\n    int n = 1;\n    return g(n);\n  }\n}\n',
    ],
  ];
  for (const [file, source, to, expected] of cases) {
    it(`${file}: ${JSON.stringify(source).slice(0, 70)} → ${to}`, async () => {
      const { text, range } = marked(source);
      const files = bench({ ...other, [file]: text });
      const found = await files.analysis.rename(files.uri(file), range.start, to, never);
      if (typeof expected === 'string')
        assert.equal('edits' in found ? applied(text, [...found.edits]) : found.refused, expected);
      else assert.match('refused' in found ? found.refused : applied(text, [...found.edits]), expected);
    });
  }
});

describe('analysis/refactor: extract a variable', () => {
  const cases: readonly (readonly [file: string, source: string, expected: string | RegExp])[] = [
    [
      'a.ts',
      'function f(o) {\n  return $0o.getName()$0 + 1;\n}\nuse(f);\n',
      'function f(o) {\n  const name = o.getName();\n  return name + 1;\n}\nuse(f);\n',
    ],
    [
      'a.ts',
      'const x = 1\nconst y = $0x * 2$0 + 1\n',
      'const x = 1\nconst value = x * 2\nconst y = value + 1\n',
    ],
    ['a.ts', 'if ($0a.length$0 > 1) { b(); }\n', 'const length = a.length;\nif (length > 1) { b(); }\n'],
    ['a.ts', 'while ($0a.length$0 > 1) { b(); }\n', /exactly once/],
    ['a.ts', 'const x = a && $0b.c$0;\n', /exactly once/],
    ['a.ts', 'const x = $0b.c$0 && a;\n', 'const c = b.c;\nconst x = c && a;\n'],
    ['a.ts', 'const x = f() + $0g()$0;\n', /computed after it/],
    ['a.ts', '$0a.b$0 = 1;\n', /needs its place/],
    ['a.ts', '$0a.b$0();\n', /needs its place/],
    ['a.ts', 'const f = () => $0a.b$0;\n', /exactly once/],
    ['a.ts', 'const x = a $0+ b$0;\n', /not exactly one/],
    [
      'a.py',
      'def f(o):\n    return $0o.get_name()$0 + 1\n',
      'def f(o):\n    name = o.get_name()\n    return name + 1\n',
    ],
    ['a.py', 'def f(o):\n    return [$0g(o)$0 for x in o]\n', /exactly once/],
    ['a.rs', 'fn f() {\n    let a = $0b.c$0 + 1;\n}\n', /cannot tell/],
  ];
  for (const [file, source, expected] of cases) {
    it(`${file}: ${JSON.stringify(source).slice(0, 70)}`, async () => {
      const { text, range } = marked(source);
      const files = bench({ [file]: text });
      const found = await files.analysis.extractVariable(files.uri(file), range, never);
      if (typeof expected === 'string')
        assert.equal('edits' in found ? applied(text, [...found.edits]) : found.refused, expected);
      else assert.match('refused' in found ? found.refused : applied(text, [...found.edits]), expected);
    });
  }
});

describe('analysis/refactor: words alone', () => {
  const text = "// Eins zwei\nconst a = 'drei vier'; // fünf\n";
  const cases: readonly (readonly [from: string, to: string, expected: boolean])[] = [
    ['// Eins zwei', '// One two', true],
    ['// Eins zwei', '// One\n// two', true],
    ["'drei vier'", "'three four'", true],
    ["'drei vier'", "'three' + 'four'", false],
    ["'drei vier'", "'three'; evil('four')", false],
    ['// Eins zwei', '// One\nevil();', false],
    ['// Eins zwei', '', false],
  ];
  for (const [from, to, expected] of cases) {
    it(`${from} → ${JSON.stringify(to)}`, async () => {
      const files = bench({ 'a.ts': text });
      const start = text.indexOf(from);
      const range = {
        start: files.document('a.ts').positionAt(start),
        end: files.document('a.ts').positionAt(start + from.length),
      };
      assert.equal(
        await files.analysis.changesOnlyProse(files.uri('a.ts'), [{ range, newText: to }], never),
        expected,
      );
    });
  }
});
