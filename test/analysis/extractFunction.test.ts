/** Extracting a function without a model: what is certain is done, everything else refused with a sentence. */
import assert from 'node:assert/strict';
import type { Range, TextEdit } from 'vscode-languageserver-textdocument';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { Document } from '../../server/base/document.ts';
import { bench } from './bench.ts';

const never = new AbortController().signal;

function marked(source: string): { readonly text: string; readonly range: Range } {
  const [head = '', middle = '', tail = ''] = source.split('$0');
  const text = head + middle + tail;
  const document = new Document('file:///x', '', 1, text);
  return {
    text,
    range: { start: document.positionAt(head.length), end: document.positionAt(head.length + middle.length) },
  };
}

const applied = (text: string, edits: readonly TextEdit[]) =>
  TextDocument.applyEdits(TextDocument.create('', '', 0, text), [...edits]);

const cases: readonly (readonly [what: string, file: string, source: string, expected: string | RegExp])[] = [
  [
    'nothing shared',
    'a.js',
    'function f() {\n  $0log("a");\n  log("b");$0\n}\n',
    'function f() {\n  extracted();\n}\n\nfunction extracted() {\n  log("a");\n  log("b");\n}\n',
  ],
  [
    'what is read becomes parameters, in order',
    'a.js',
    'function f(a, b) {\n  const c = 1;\n  $0log(b + c);$0\n  return a;\n}\n',
    'function f(a, b) {\n  const c = 1;\n  extracted(b, c);\n  return a;\n}\n\nfunction extracted(b, c) {\n  log(b + c);\n}\n',
  ],
  [
    'one value is needed',
    'a.js',
    'function f(a) {\n  $0const b = a * 2;\n  log(b);$0\n  return b;\n}\n',
    'function f(a) {\n  const b = extracted(a);\n  return b;\n}\n\nfunction extracted(a) {\n  const b = a * 2;\n  log(b);\n  return b;\n}\n',
  ],
  [
    'several values are needed, one of which changes',
    'a.js',
    'function f(a) {\n  $0let b = a * 2;\n  const c = 1;$0\n  b++;\n  return b + c;\n}\n',
    'function f(a) {\n  let { b, c } = extracted(a);\n  b++;\n  return b + c;\n}\n\nfunction extracted(a) {\n  let b = a * 2;\n  const c = 1;\n  return { b, c };\n}\n',
  ],
  [
    'a sum in a loop',
    'a.js',
    'function f(rows) {\n  let sum = 0;\n  for (const row of rows) {\n    $0sum += row.n;$0\n  }\n  return sum;\n}\n',
    'function f(rows) {\n  let sum = 0;\n  for (const row of rows) {\n    sum = extracted(sum, row);\n  }\n  return sum;\n}\n\nfunction extracted(sum, row) {\n  sum += row.n;\n  return sum;\n}\n',
  ],
  [
    'the next turn reads what this one counts',
    'a.js',
    'function f(rows) {\n  let n = 0;\n  for (const row of rows) {\n    $0n++;\n    log(n, row);$0\n  }\n}\n',
    'function f(rows) {\n  let n = 0;\n  for (const row of rows) {\n    n = extracted(n, row);\n  }\n}\n\nfunction extracted(n, row) {\n  n++;\n  log(n, row);\n  return n;\n}\n',
  ],
  [
    'a return at the end',
    'a.js',
    'function f(a) {\n  $0const b = a * 2;\n  return b;$0\n}\n',
    'function f(a) {\n  return extracted(a);\n}\n\nfunction extracted(a) {\n  const b = a * 2;\n  return b;\n}\n',
  ],
  [
    'what waits',
    'a.js',
    'async function f(a) {\n  $0const b = await g(a);$0\n  return b;\n}\n',
    'async function f(a) {\n  const b = await extracted(a);\n  return b;\n}\n\nasync function extracted(a) {\n  const b = await g(a);\n  return b;\n}\n',
  ],
  [
    'a loop with its own jumps',
    'a.js',
    'function f(rows) {\n  $0for (const row of rows) {\n    if (!row) continue;\n    log(row);\n  }$0\n}\n',
    'function f(rows) {\n  extracted(rows);\n}\n\nfunction extracted(rows) {\n  for (const row of rows) {\n    if (!row) continue;\n    log(row);\n  }\n}\n',
  ],
  [
    'types as they are written',
    'a.ts',
    'export function f(a: number, b: string[]): number {\n  const c = 2;\n  $0const d = a * c;\n  b.push(String(d));$0\n  return d;\n}\n',
    'export function f(a: number, b: string[]): number {\n  const c = 2;\n  const d = extracted(a, c, b);\n  return d;\n}\n\nfunction extracted(a: number, c: number, b: string[]) {\n  const d = a * c;\n  b.push(String(d));\n  return d;\n}\n',
  ],
  [
    'Python',
    'a.py',
    'import os\n\n\n# Reads.\ndef f(path):\n    $0name = os.path.join(path, "x")\n    print(name)$0\n    return name\n',
    'import os\n\n\ndef extracted(path):\n    name = os.path.join(path, "x")\n    print(name)\n    return name\n\n\n# Reads.\ndef f(path):\n    name = extracted(path)\n    return name\n',
  ],
  [
    'Python, two values and a method',
    'a.py',
    'class A:\n    def f(self, n):\n        $0a = n + self.b\n        c = a * 2$0\n        return a, c\n',
    'def extracted(n, self):\n    a = n + self.b\n    c = a * 2\n    return a, c\n\n\nclass A:\n    def f(self, n):\n        a, c = extracted(n, self)\n        return a, c\n',
  ],
  [
    'Python, a sum in a loop',
    'a.py',
    'def f(rows):\n    total = 0\n    for row in rows:\n        $0total += row$0\n    return total\n',
    'def extracted(total, row):\n    total += row\n    return total\n\n\ndef f(rows):\n    total = 0\n    for row in rows:\n        total = extracted(total, row)\n    return total\n',
  ],
  [
    'returns from the middle',
    'a.js',
    'function f(a) {\n  $0if (a) return 1;\n  log(a);$0\n}\n',
    /returns from the middle/,
  ],
  [
    'jumps out',
    'a.js',
    'function f(a) {\n  for (const b of a) {\n    $0if (b) break;$0\n  }\n}\n',
    /'break' of a loop around it/,
  ],
  ['this', 'a.js', 'class A {\n  f() {\n    $0this.a = 1;$0\n  }\n}\n', /uses 'this'/],
  ['this in an arrow', 'a.js', 'class A {\n  f() {\n    $0g(() => this.a);$0\n  }\n}\n', /uses 'this'/],
  [
    'private members',
    'a.js',
    'class A {\n  #a = 1;\n  f(o) {\n    $0log(o.#a);$0\n  }\n}\n',
    /private to its class/,
  ],
  ['arguments', 'a.js', 'function f() {\n  $0log(arguments);$0\n}\n', /uses 'arguments'/],
  ['yield', 'a.js', 'function* f() {\n  $0yield 1;$0\n}\n', /yields/],
  [
    'a closure that sees a change',
    'a.js',
    'function f() {\n  let a = 1;\n  const g = () => a;\n  $0a = 2;\n  log(a);$0\n  return g();\n}\n',
    /Another function sees 'a' change/,
  ],
  ['a local function', 'a.js', 'function f() {\n  function g() {}\n  $0g();$0\n}\n', /shares 'g'/],
  [
    'mixed results',
    'a.js',
    'function f(a) {\n  $0a = a + 1;\n  const b = a;$0\n  return a + b;\n}\n',
    /some before it/,
  ],
  ['half a statement', 'a.js', 'function f(a) {\n  log($0a);$0\n}\n', /whole statements/],
  ['outside a function', 'a.js', '$0log(1);$0\n', /whole statements|not inside a function/],
  [
    'an unknown type',
    'a.ts',
    'function f(a: number) {\n  const b = g(a);\n  $0log(b);$0\n}\n',
    /type of 'b' is not written down/,
  ],
  [
    'a type that may be narrowed',
    'a.ts',
    'function f(a: string | undefined) {\n  if (!a) return;\n  $0log(a);$0\n}\n',
    /type of 'a'/,
  ],
  [
    'a text of several lines',
    'a.js',
    'function f(x) {\n  if (x) {\n    $0log(`a\n  b`);$0\n  }\n}\n',
    /text of several lines/,
  ],
  [
    'Python: perhaps no value yet',
    'a.py',
    'def f(c):\n    if c:\n        a = 1\n    $0print(a)$0\n',
    /not certain that 'a' has a value/,
  ],
  [
    'Python: perhaps no value after',
    'a.py',
    'def f(c):\n    $0if c:\n        a = 1$0\n    print(a)\n',
    /not certain that 'a' gets a value/,
  ],
  ['Python: nonlocal', 'a.py', 'def f():\n    $0global a\n    a = 1$0\n', /changes what names mean/],
  ['Python: super', 'a.py', 'class A(B):\n    def f(self):\n        $0super().f()$0\n', /uses 'super'/],
  [
    'Python: private names',
    'a.py',
    'class A:\n    def f(self):\n        $0self.__a = 1$0\n',
    /private to its class/,
  ],
  ['Python: generators', 'a.py', 'def f():\n    $0yield 1$0\n', /yields/],
  ['Python: locals', 'a.py', 'def f(a):\n    $0print(locals())$0\n', /looks at the function/],
  ['another language', 'a.rs', 'fn f() {\n    $0g();$0\n}\n', /cannot tell/],
];

describe('analysis/refactor: extract a function', () => {
  for (const [what, file, source, expected] of cases) {
    it(`${file}: ${what}`, async () => {
      const { text, range } = marked(source);
      const files = bench({ [file]: text });
      const found = await files.analysis.extractFunction(files.uri(file), range, never);
      if (typeof expected === 'string')
        assert.equal('edits' in found ? applied(text, found.edits) : found.refused, expected);
      else assert.match('refused' in found ? found.refused : applied(text, found.edits), expected);
    });
  }
});
