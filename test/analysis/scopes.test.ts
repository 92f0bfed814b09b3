import assert from 'node:assert/strict';
import { isKnownGlobal } from '../../server/analysis/names/globals.ts';
import { scopeModel } from '../../server/analysis/scopes.ts';
import { Document } from '../../server/base/document.ts';
import { SyntaxTrees } from '../../server/syntax/trees.ts';
import { loadWasm } from './bench.ts';

async function unknown(name: string, text: string): Promise<readonly string[]> {
  const document = new Document(`file:///${name}`, '', 1, text);
  const trees = new SyntaxTrees({
    documents: new Map([[document.uri, document]]),
    loadWasm,
    log: { write: () => {} },
  });
  const names = await trees.read(document.uri, ({ tree, grammar }) => {
    assert.equal(tree.hasError, false, 'the fixture must parse');
    const model = scopeModel(tree, grammar);
    return [
      ...new Set(
        model?.unresolved
          .filter(use => !use.guarded && !isKnownGlobal(use.name, grammar))
          .map(use => use.name),
      ),
    ];
  });
  trees.release();
  return names ?? [];
}

describe('analysis/scopes', () => {
  const cases: readonly (readonly [what: string, file: string, text: string, unknown: string])[] = [
    [
      'imports of all forms',
      'a.ts',
      'import a, { b as c, type D } from "m"; import * as e from "n"; import f = require("o"); a; c; e; f; let x: D; b;',
      'b',
    ],
    [
      'destructuring',
      'a.ts',
      'const { a, b: { c }, ...d } = e; const [f = g, , h] = a; c; d; f; h; b;',
      'e g b',
    ],
    ['hoisting', 'a.js', 'f(); function f() { if (x) { var y = 1; } return y; }', 'x'],
    ['block scope', 'a.js', '{ let a = 1; } a;', 'a'],
    [
      'loop variables',
      'a.ts',
      'for (const i of []) i; for (let j = 0; j < 1; j++) j; for (const k in {}) k; i;',
      'i',
    ],
    ['catch', 'a.ts', 'try {} catch ({ message }) { message; } message;', 'message'],
    [
      'type parameters and infer',
      'a.ts',
      'type A<T> = T extends Array<infer U> ? U : V; function f<K extends keyof T>(x: K) {}',
      'V T',
    ],
    [
      'mapped and function types',
      'a.ts',
      'type M = { [P in Q]: (a: number) => a is string }; type T = [first: string];',
      'Q',
    ],
    [
      'members are not names',
      'a.ts',
      'const o = { a: 1, b() {}, c };  o.d.e; class C { f = 1; g() { return this.f; } }',
      'c',
    ],
    ['using', 'a.ts', 'using r = open(); r; await using s = r; s;', ''],
    ['jsx', 'a.tsx', 'const a = <Foo x={b}><div/><Bar.Baz/></Foo>;', 'Foo b Bar'],
    ['labels', 'a.js', 'outer: for (;;) { break outer; }', ''],
    ['enums', 'a.ts', 'enum E { A = 1, B = A } E.A; A;', 'A'],
    ['typeof guards', 'a.js', 'if (typeof windowx === "undefined") {}', ''],
    ['exports', 'a.ts', 'const a = 1; export { a, b }; export { c } from "m"; export default d;', 'b d'],
    ['namespaces', 'a.ts', 'namespace N { export const a = 1; } namespace N { a; } N; a;', 'a'],
    ['implicit globals', 'a.js', 'counter = 1; counter;', ''],
    ['python comprehension', 'a.py', 'a = [x for x in y if x]\nx\n', 'y x'],
    [
      'python class scope',
      'a.py',
      'class A:\n    b = 1\n    c = b\n    def m(self):\n        return b\n',
      'b',
    ],
    [
      'python global and nonlocal',
      'a.py',
      'def f():\n    global g\n    g = 1\n    n = 1\n    def h():\n        nonlocal n\n        n = 2\n    return h\nprint(g)\n',
      '',
    ],
    [
      'python parameters',
      'a.py',
      'def f(a, *b, c=d, **e) -> R:\n    return a, b, c, e\nlambda q, r=s: q + r\n',
      'R d s',
    ],
    [
      'python with, except, walrus',
      'a.py',
      'with open("x") as f, g() as (h, i):\n    f, h, i\ntry:\n    pass\nexcept E as e:\n    e\nif (w := 1):\n    w\n',
      'g E',
    ],
    [
      'python match',
      'a.py',
      'match c:\n    case [x, *r]:\n        x, r\n    case P(a=y) | None:\n        y\n    case {"k": v, **k}:\n        v, k\n    case D.E:\n        pass\n    case z:\n        z\n',
      'c P D',
    ],
    ['python type parameters', 'a.py', 'def f[T: B](x: T) -> T:\n    return x\ntype A[U] = list[U]\n', 'B'],
    ['python guarded names', 'a.py', 'try:\n    unicode_\nexcept NameError:\n    pass\n', ''],
    ['python f-strings', 'a.py', 'a = f"{b!r:>{c}} {{d}}"\n', 'b c'],
    ['python keyword arguments', 'a.py', 'print(sep=x, end="")\n', 'x'],
    [
      'python bases are outside the class',
      'a.py',
      'class A(Base):\n    def Base(self):\n        return A\n',
      'Base',
    ],
  ];
  for (const [what, file, text, names] of cases)
    it(what, async () =>
      assert.deepEqual([...(await unknown(file, text))].sort(), names.split(' ').filter(Boolean).sort()),
    );
});
