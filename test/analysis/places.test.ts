import assert from 'node:assert/strict';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { bench, cursor, never } from './bench.ts';

describe('analysis/declarations', () => {
  const cases: readonly (readonly [
    what: string,
    file: string,
    marked: string,
    expected: Record<string, unknown>,
  ])[] = [
    [
      'a function from its body',
      'a.ts',
      'export function add(a: number, b = 2): number {\n  return $0a + b;\n}\n',
      {
        kind: 'function',
        name: 'add',
        signature: 'export function add(a: number, b = 2): number',
        parameters: ['a', 'b'],
        unimplemented: false,
      },
    ],
    [
      'an arrow by its name',
      'a.ts',
      'const add = (a: number) => {\n  retur$0n a;\n};\n',
      { kind: 'function', name: 'add', parameters: ['a'] },
    ],
    [
      'an empty method',
      'a.ts',
      'class A {\n  run(x: string): void {$0}\n}\n',
      { kind: 'method', name: 'run', unimplemented: true },
    ],
    [
      'a body that only throws',
      'a.ts',
      "function f() { thr$0ow new Error('Not implemented'); }\n",
      { kind: 'function', unimplemented: true },
    ],
    [
      'a body with only a TODO',
      'a.ts',
      'function f() {\n  // TODO sort $0the rows\n}\n',
      { kind: 'function', name: 'f', unimplemented: true },
    ],
    [
      'pass after a docstring',
      'a.py',
      'class A:\n    def f(self, x):\n        """Doc."""\n        pa$0ss\n',
      { kind: 'method', name: 'f', parameters: ['self', 'x'], unimplemented: true },
    ],
    ['an overload', 'a.py', '@overload\ndef f(x: int) -> int: .$0..\n', { name: 'f', unimplemented: false }],
    [
      'a comment above',
      'a.ts',
      '/** Do$0c. */\nexport function f() { return 1; }\n',
      { kind: 'function', name: 'f' },
    ],
    [
      'a Rust todo',
      'a.rs',
      'fn f(a: &str) -> u8 {\n    todo!()$0\n}\n',
      { kind: 'function', name: 'f', parameters: ['a'], unimplemented: true },
    ],
    [
      'a Go function',
      'a.go',
      'package p\n\nfunc F(a int, b string) {\n\tprintln($0a)\n}\n',
      { kind: 'function', name: 'F', unimplemented: false },
    ],
    [
      'a C function',
      'a.c',
      'int add(int a, int b) {\n  return $0a + b;\n}\n',
      { kind: 'function', name: 'add', parameters: ['a', 'b'] },
    ],
    [
      'a Java method',
      'a.java',
      'class A {\n  int f(int a) {\n    return $0a;\n  }\n}\n',
      { kind: 'method', name: 'f', parameters: ['a'] },
    ],
    ['a statement', 'a.ts', "console.log($0'x');\n", { kind: 'statement' }],
    ['a file', 'a.py', '$0\n', { kind: 'file' }],
  ];
  for (const [what, file, marked, expected] of cases)
    it(`finds ${what}`, async () => {
      const { text, position } = cursor(marked);
      const set = bench({ [file]: text });
      const found = await set.analysis.declarationAt(
        set.uri(file),
        { start: position, end: position },
        never,
      );
      const seen = Object.fromEntries(
        Object.keys(expected).map(key => [key, found?.[key as keyof typeof found]]),
      );
      assert.deepEqual(seen, expected);
    });

  it('gives the range of the doc comment', async () => {
    const set = bench({ 'a.rs': '/// One.\n/// Two.\n#[inline]\nfn f() {}\n' });
    const at = { line: 3, character: 4 };
    const found = await set.analysis.declarationAt(set.uri('a.rs'), { start: at, end: at }, never);
    assert.deepEqual(found?.doc, { start: { line: 0, character: 0 }, end: { line: 1, character: 8 } });
  });
});

describe('analysis/document', () => {
  const cases: readonly (readonly [what: string, file: string, marked: string, doc: string | undefined])[] = [
    [
      'TypeScript',
      'a.ts',
      'export function parseHeader(text: string, strict = false): Header {\n  if (!text) throw new TypeError("x");\n  ret$0urn head;\n}\n',
      '/**\n * Parses header.\n * @param text\n * @param strict - defaults to false\n * @returns `head`\n * @throws {TypeError} if `!text`\n */\n',
    ],
    [
      'JavaScript with types',
      'a.js',
      'function isReady(user, retries = 3) {\n  return$0 user.id > retries;\n}\n',
      '/**\n * Tells whether it is ready.\n * @param {*} user\n * @param {number} retries - defaults to 3\n * @returns `user.id > retries`\n */\n',
    ],
    [
      'Python in Google style',
      'a.py',
      'def load_rows(path: str, limit=10):\n    if not path:\n        raise ValueError("x")\n    return $0rows\n',
      '    """Loads rows.\n\n    Args:\n        path (str)\n        limit: defaults to 10\n\n    Returns:\n        rows\n\n    Raises:\n        ValueError: if not path\n    """\n',
    ],
    [
      'Python in the style of the file',
      'a.py',
      'def a(x):\n    """A.\n\n    :param x: the x\n    """\n\ndef load_rows(path):\n    return $0rows\n',
      '    """Loads rows.\n\n    :param path:\n    :returns: rows\n    """\n',
    ],
    ['Rust', 'a.rs', 'fn find_user(id: u64) -> User {\n    look$0(id)\n}\n', '/// Finds user.\n'],
    ['Go', 'a.go', 'package p\n\nfunc FindUser(id int) {\n\tlook$0(id)\n}\n', '// FindUser finds user.\n'],
    ['nothing where a comment is', 'a.ts', '/** Has one. */\nfunction f(a) { re$0turn a; }\n', undefined],
    ['nothing where only the name could be said', 'a.ts', 'const retr$0ies = 3;\n', undefined],
  ];
  for (const [what, file, marked, doc] of cases)
    it(`writes ${what}`, async () => {
      const { text, position } = cursor(marked);
      const set = bench({ [file]: text });
      const edits = await set.analysis.documentDeclaration(
        set.uri(file),
        { start: position, end: position },
        never,
      );
      assert.equal(edits?.[0]?.newText, doc);
    });
});

describe('analysis/markers', () => {
  const cases: readonly (readonly [what: string, file: string, text: string, expected: string])[] = [
    ['at the end', 'a.ts', 'f(); // sort the rows AI!\n', 'do 0:5-0:25 sort the rows'],
    ['at the start', 'a.py', '# AI? why is this slow\nx = 1\n', 'answer 0:0-0:22 why is this slow'],
    [
      'over several lines',
      'a.ts',
      '  // sort the rows\n  // by name AI!\n',
      'do 0:2-1:16 sort the rows\nby name',
    ],
    ['in a block', 'a.c', '/*\n * sort\n * rows AI!\n */\n', 'do 0:0-3:3 sort\nrows'],
    ['several in a file', 'a.py', '# a AI!\nx = 1\n# b AI?\n', 'do 0:0-0:7 a | answer 2:0-2:7 b'],
    ['two in a row', 'a.py', '# a AI!\n# b AI!\n', 'do 0:0-0:7 a | do 1:0-1:7 b'],
    ['a task at the end', 'a.ts', '// split this up AI!!\n', 'task 0:0-0:21 split this up'],
    ['a task at the start', 'a.py', '# AI!!: split this up\n', 'task 0:0-0:21 split this up'],
    ['in Lua', 'a.lua', '-- speed this up AI!\n', 'do 0:0-0:20 speed this up'],
    ['not in strings', 'a.ts', 'const a = "// x AI!"; const b = `AI!`;\n', ''],
    ['not inside a sentence', 'a.ts', '// we say AI! in the middle\n', ''],
    ['not in other words', 'a.ts', '// MAI! and SAMURAI!\n', ''],
  ];
  for (const [what, file, text, expected] of cases)
    it(`finds markers ${what}`, async () => {
      const set = bench({ [file]: text });
      const found = await set.analysis.markers(set.uri(file), never);
      const told = found.map(
        ({ kind, range: { start, end }, instruction }) =>
          `${kind} ${start.line}:${start.character}-${end.line}:${end.character} ${instruction}`,
      );
      assert.equal(told.join(' | '), expected);
    });
});

describe('analysis/preflight', () => {
  const at = (line: number, from: number, to: number = from) => ({
    start: { line, character: from },
    end: { line, character: to },
  });
  const cases: readonly (readonly [
    what: string,
    file: string,
    text: string,
    edits: readonly { range: ReturnType<typeof at>; newText: string }[],
    problem: RegExp | undefined,
  ])[] = [
    ['a good edit', 'a.ts', 'const a = 1;\n', [{ range: at(0, 10, 11), newText: '2' }], undefined],
    ['no edits', 'a.ts', 'const a = 1;\n', [], undefined],
    ['a lost bracket', 'a.ts', 'f(1);\n', [{ range: at(0, 3, 4), newText: '' }], /Line 1: /],
    [
      'an unknown name',
      'a.ts',
      'const a = 1;\n',
      [{ range: at(0, 10, 11), newText: 'nowhere' }],
      /Line 1: 'nowhere' is not defined/,
    ],
    [
      'a name that was unknown before',
      'a.py',
      'print(x)\n',
      [{ range: at(1, 0), newText: 'print(x)\n' }],
      undefined,
    ],
    [
      'overlapping edits',
      'a.ts',
      'abc;\n',
      [
        { range: at(0, 0, 2), newText: 'x' },
        { range: at(0, 1, 3), newText: 'y' },
      ],
      /overlap at line 1/,
    ],
    [
      'half a character',
      'a.ts',
      'const a = "";\n',
      [{ range: at(0, 11), newText: '\ud83d' }],
      /lone surrogate/,
    ],
    [
      'a character cut in two',
      'a.ts',
      'const a = "😀";\n',
      [{ range: at(0, 11, 12), newText: '' }],
      /cuts a character in two/,
    ],
    ['a place beyond the text', 'a.ts', 'a;\n', [{ range: at(40, 0), newText: 'b;' }], /does not have/],
    [
      'broken text that gets no worse',
      'a.ts',
      'f(1;\nlet b = 2;\n',
      [{ range: at(1, 8, 9), newText: '3' }],
      undefined,
    ],
    [
      'text without a grammar',
      'a.lua',
      'f(1)\n',
      [{ range: at(0, 3, 4), newText: '' }],
      /brackets do not match/,
    ],
    [
      'text without a grammar that balances',
      'a.lua',
      'f(1)\n',
      [{ range: at(0, 2, 3), newText: 'g(2)' }],
      undefined,
    ],
  ];
  for (const [what, file, text, edits, problem] of cases)
    it(`judges ${what}`, async () => {
      const set = bench({ [file]: text });
      const verdict = await set.analysis.preflight(set.uri(file), edits, never);
      assert.equal(verdict.ok, problem === undefined, verdict.problems.join(' '));
      if (problem) assert.match(verdict.problems.join(' '), problem);
      assert.equal(verdict.syntaxChecked, file !== 'a.lua');
      assert.equal(set.document(file).getText(), text);
    });

  it('passes every edit that changes nothing, on any text', async () => {
    for (const text of ['', '((((', 'const a = `${', "'''", '\ud800', '# -*- AI! -*-', '\r\n\r\r\n'])
      for (const file of ['a.ts', 'a.py', 'a.lua']) {
        const set = bench({ [file]: text });
        assert.equal(
          (await set.analysis.preflight(set.uri(file), [{ range: at(0, 0), newText: '' }], never)).ok,
          true,
          `${file} ${JSON.stringify(text)}`,
        );
      }
  });

  it('refuses for a document that is not open', async () => {
    const set = bench({});
    assert.equal((await set.analysis.preflight('file:///x.ts', [], never)).ok, false);
  });
});

describe('analysis/create', () => {
  it('follows the document and survives its end', async () => {
    const set = bench({ 'a.ts': 'const a = 1;\n' });
    const range = { start: { line: 0, character: 7 }, end: { line: 0, character: 7 } };
    assert.equal((await set.analysis.declarationAt(set.uri('a.ts'), range, never))?.name, 'a');
    set
      .document('a.ts')
      .update(
        [{ range: { start: { line: 0, character: 6 }, end: { line: 0, character: 7 } }, text: 'bcd' }],
        2,
      );
    await set.analysis.documentChanged(set.uri('a.ts'));
    assert.equal((await set.analysis.declarationAt(set.uri('a.ts'), range, never))?.name, 'bcd');
    set.documents.delete(set.uri('a.ts'));
    set.analysis.documentClosed(set.uri('a.ts'));
    assert.equal(await set.analysis.declarationAt(set.uri('a.ts'), range, never), undefined);
    set.analysis.release();
    assert.deepEqual(set.log, []);
  });

  it('never throws on odd text and places', async () => {
    const places = [
      { line: 0, character: 0 },
      { line: -1, character: -1 },
      { line: 9999, character: 9999 },
    ];
    for (const text of [
      '',
      '\u0000',
      '((((',
      'def',
      'class',
      'import',
      '"""',
      '`${`${',
      '<a><b',
      '😀'.repeat(50),
      '\ud800\udfff\ud800',
    ])
      for (const file of [
        'a.ts',
        'a.tsx',
        'a.py',
        'a.rs',
        'a.go',
        'a.c',
        'a.java',
        'a.rb',
        'a.cs',
        'a.lua',
      ]) {
        const set = bench({ [file]: text });
        const uri = set.uri(file);
        for (const position of places) {
          const range = { start: position, end: position };
          await set.analysis.explain(uri, position, never);
          await set.analysis.declarationAt(uri, range, never);
          await set.analysis.documentDeclaration(uri, range, never);
          await set.analysis.repairs(
            uri,
            range,
            [
              { range, message: "Cannot find name 'x'." },
              { range, message: "')' expected" },
            ],
            Infinity,
            never,
          );
          await set.analysis.preflight(uri, [{ range, newText: 'x' }], never);
        }
        await set.analysis.findings(uri, never);
        await set.analysis.markers(uri, never);
        set.analysis.release();
        assert.deepEqual(set.log, [], `${file} ${JSON.stringify(text)}`);
      }
  });
});

describe('analysis/edits', () => {
  it('keeps line ends and the last line without one', async () => {
    const text = 'import os\r\nimport sys\r\nprint(sys.argv)';
    const set = bench({ 'a.py': text });
    const [finding] = await set.analysis.findings(set.uri('a.py'), never);
    const copy = TextDocument.create('x', 'python', 1, text);
    assert.equal(
      TextDocument.applyEdits(copy, [...(finding?.repairs[0]?.edits ?? [])]),
      'import sys\r\nprint(sys.argv)',
    );
  });
});
