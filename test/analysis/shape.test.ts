import assert from 'node:assert/strict';
import type { CompletionShape } from '../../server/analysis/analysis.ts';
import { insideByText, shapeOf } from '../../server/analysis/shape.ts';
import { languageOf } from '../../server/base/languages.ts';
import { bench, cursor, never } from './bench.ts';

type Case = readonly [name: string, file: string, marked: string, expected: CompletionShape];

const cases: readonly Case[] = [
  ['a line comment', 'a.ts', 'f();\n// what it $0\ng();\n', 'line'],
  ['the first words of a comment', 'a.ts', '//$0\n', 'line'],
  ['a doc comment', 'a.ts', '/**\n * The $0\n */\nfunction f() {}\n', 'line'],
  ['an empty line of a doc comment', 'a.ts', '/**\n * The\n$0\n */\nfunction f() {}\n', 'line'],
  ['behind a block comment', 'a.ts', 'function f() {\n  /* here */$0\n}\n', 'line'],
  ['an empty line behind a comment', 'a.ts', '// sorts the rows\n$0\n', 'block'],
  ['a string', 'a.ts', "const a = 'one $0';\n", 'line'],
  ['a string that is not closed', 'a.ts', "const a = 'one {$0\n", 'line'],
  ['a string that says what a line ends with', 'a.ts', "const a = 'one {$0'\n", 'line'],
  ['behind a string', 'a.ts', "f('one', {$0\n", 'block'],
  ['an empty line of a template', 'a.ts', 'const a = `\n$0\n`;\n', 'line'],
  ['code within a template', 'a.ts', 'const a = `${one.$0} two`;\n', 'line'],
  ['an opened block', 'a.ts', 'function f() {$0\n}\n', 'block'],
  ['an opened block that the editor closed', 'a.ts', 'if (a) {$0}\n', 'block'],
  ['an empty line in a block', 'a.ts', 'function f() {\n  $0\n}\n', 'block'],
  ['an empty line in a file', 'a.ts', 'import a from "a";\n\n$0\n', 'block'],
  ['an opened call', 'a.ts', 'f($0\n', 'line'],
  ['an opened call that the editor closed', 'a.ts', 'f($0);\n', 'line'],
  ['the middle of an expression', 'a.ts', 'const a = $0 + two;\n', 'line'],
  ['the end of an open statement', 'a.ts', 'function f() {\n  const a = $0\n}\n', 'line'],
  ['a statement that is finished', 'a.ts', 'function f() {\n  one();$0\n}\n', 'nothing'],
  ['a statement that is finished, and a space', 'a.ts', 'one(); $0\n', 'nothing'],
  ['a loop header', 'a.ts', 'for (let i = 0;$0\n', 'block'],
  ['a condition', 'a.ts', 'if (basket.isEm$0\n', 'block'],
  ['a condition that the editor closed', 'a.ts', 'if (basket.isEm$0)\n', 'block'],
  ['a condition with text behind it', 'a.ts', 'if (basket.isEm$0 && b) {\n', 'line'],
  ['the branch after a brace', 'a.ts', 'if (a) {\n} else if (b.is$0\n', 'block'],
  ['a name that begins like a word', 'a.ts', 'iffy.ca$0\n', 'line'],
  ['a function that is exported', 'a.ts', 'export async function lo$0\n', 'block'],
  ['a Python head', 'a.py', 'def load(pa$0\n', 'block'],
  ['a Rust head', 'a.rs', 'pub(crate) fn lo$0\n', 'block'],
  ['a Java head', 'a.java', 'class A {\n  public static int parse(St$0\n}\n', 'block'],
  ['a Java field', 'a.java', 'class A {\n  private int a = b($0\n}\n', 'line'],
  ['a closed block', 'a.ts', 'if (a) {\n  b();\n}$0\n', 'nothing'],
  ['a closed block, and a space', 'a.ts', 'if (a) {\n  b();\n} $0\n', 'line'],
  ['an import that goes on', 'a.ts', 'import { a }$0\n', 'line'],
  ['a word that opens', 'a.ts', 'if (a) b();\nelse$0\n', 'block'],
  ['a private name', 'a.ts', 'class A {\n  #a = 1;\n  f() {\n    return this.#$0\n  }\n}\n', 'line'],

  ['a Python block', 'a.py', 'def f(a):$0\n', 'block'],
  ['a Python body', 'a.py', 'def f(a):\n    $0\n', 'block'],
  ['a Python docstring', 'a.py', 'def f(a):\n    """The $0\n    """\n', 'line'],
  ['an empty line of a Python docstring', 'a.py', 'def f(a):\n    """The\n    $0\n    """\n', 'line'],
  ['a Python expression', 'a.py', 'a = b + $0\n', 'line'],
  ['a Python statement without more', 'a.py', 'for a in b:\n    break$0\n', 'nothing'],
  ['a Python slice', 'a.py', 'a = b[1:$0]\n', 'line'],
  ['a Python comment', 'a.py', 'a = 1  # the $0\n', 'line'],

  ['a Rust block', 'a.rs', 'fn f() -> u8 {$0\n}\n', 'block'],
  ['a Rust statement', 'a.rs', 'fn f() {\n    let a = 1;$0\n}\n', 'nothing'],
  ['a Rust lifetime', 'a.rs', "fn f<'a>(b: &'a str) {\n    $0\n}\n", 'block'],
  ['a Rust raw string', 'a.rs', 'fn f() {\n    let a = r#"\n$0\n"#;\n}\n', 'line'],
  ['a Rust match arm', 'a.rs', 'fn f(a: u8) {\n    match a {\n        1 => $0\n    }\n}\n', 'line'],

  ['a Go block', 'a.go', 'package a\n\nfunc f() {\n\tif err != nil {$0\n\t}\n}\n', 'block'],
  ['a Go raw string', 'a.go', 'package a\n\nvar a = `\n$0\n`\n', 'line'],
  ['a Go block that is closed', 'a.go', 'package a\n\nfunc f() {\n\tif a {\n\t\tb()\n\t}$0\n}\n', 'nothing'],
  ['a Go call', 'a.go', 'package a\n\nfunc f() {\n\tb($0)\n}\n', 'line'],

  ['a C block', 'a.c', 'int f(void)\n{$0\n}\n', 'block'],
  ['a C statement', 'a.c', 'int f(void)\n{\n    int a = 1;$0\n}\n', 'nothing'],
  ['a C comment', 'a.c', 'int a; /* the $0 */\n', 'line'],
  ['a C directive', 'a.c', '#include $0\n', 'line'],

  ['a Java block', 'a.java', 'class A {\n  void f() {$0\n  }\n}\n', 'block'],
  ['an empty line of a Java class', 'a.java', 'class A {\n  int a;\n\n  $0\n}\n', 'block'],
  ['a Java text block', 'a.java', 'class A {\n  String a = """\n    $0\n    """;\n}\n', 'line'],

  ['a Lua function', 'a.lua', 'local function f(a)$0\n', 'block'],
  ['a Lua block', 'a.lua', 'if a then$0\n', 'block'],
  ['an empty line in a Lua block', 'a.lua', 'function f()\n  $0\nend\n', 'block'],
  ['a Lua block that is closed', 'a.lua', 'if a then\n  b()\nend$0\n', 'nothing'],
  ['a Lua comment', 'a.lua', '-- the $0\n', 'line'],
  ['a Lua string', 'a.lua', 'local a = "b then$0"\n', 'line'],
  ['a Lua expression', 'a.lua', 'local a = $0\n', 'line'],

  ['a YAML key', 'a.yaml', 'jobs:$0\n', 'block'],
  ['a YAML value', 'a.yaml', 'name: $0\n', 'line'],
  ['an empty YAML line', 'a.yaml', 'jobs:\n  $0\n', 'block'],

  ['an empty Markdown line', 'a.md', '# Title\n\n$0\n', 'block'],
  ['a Markdown sentence', 'a.md', 'It is said that;$0\n', 'line'],
];

describe('the shape of a completion', () => {
  for (const [name, file, marked, expected] of cases) {
    it(`${file}: ${name}`, async () => {
      const { text, position } = cursor(marked);
      const made = bench({ [file]: text });
      assert.equal(await made.analysis.completionShape(made.uri(file), position, never), expected);
    });
  }

  it('has a word for a document that is not open', async () => {
    const made = bench({});
    const position = { line: 0, character: 0 };
    assert.equal(await made.analysis.completionShape(made.uri('a.ts'), position, never), 'line');
  });

  it('is much the same by the text alone, for when a tree comes too late', () => {
    const different = cases.filter(([, file, marked, expected]) => {
      const [before = '', after = ''] = marked.split('$0');
      const language = languageOf('', `/${file}`);
      return shapeOf(before, after, language, insideByText(before, language)) !== expected;
    });
    assert.deepEqual(
      different.map(([name]) => name),
      [],
    );
  });
});
