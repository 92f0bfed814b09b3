import assert from 'node:assert/strict';
import type { Family } from '../../../server/features/generateTests/families.ts';
import { combine, onlyTests } from '../../../server/features/generateTests/combine.ts';
import { bench, never } from '../../analysis/bench.ts';

const { analysis } = bench({});

describe('features/generateTests: put together', () => {
  const cases: readonly (readonly [
    what: string,
    family: Family,
    old: string | undefined,
    code: string,
    expected: string,
  ])[] = [
    ['a new file', 'javascript', undefined, '\nit();\n\n', 'it();\n'],
    [
      'imports that are there already',
      'javascript',
      'import a from "a";\nimport { b } from \'./b.js\';\n\nold();\n',
      "import a from 'a';\nimport { b, c } from './b.js';\nimport {\n  d,\n} from 'd';\n\nit();\n",
      "import a from \"a\";\nimport { b } from './b.js';\nimport { c } from './b.js';\nimport {\n  d,\n} from 'd';\n\nold();\n\nit();\n",
    ],
    [
      'requires',
      'javascript',
      "const a = require('a');\n\nold();\n",
      "const a = require('a');\nit();\n",
      "const a = require('a');\n\nold();\n\nit();\n",
    ],
    [
      'lines that end in CRLF',
      'javascript',
      "import 'a';\r\nold();\r\n",
      'it();\n',
      "import 'a';\r\nold();\r\n\r\nit();\r\n",
    ],
    [
      'Python below a docstring',
      'python',
      '"""Tests."""\nfrom a import b\n\n\ndef test_a():\n    pass\n',
      'import os\nfrom a import b\n\n\ndef test_b():\n    pass\n',
      '"""Tests."""\nfrom a import b\nimport os\n\n\ndef test_a():\n    pass\n\n\ndef test_b():\n    pass\n',
    ],
    [
      'Go, without packages that nothing uses',
      'go',
      'package p\n\nimport "testing"\n\nfunc TestA(t *testing.T) {}\n',
      'package p\n\nimport (\n\t"fmt"\n\t"strings"\n\t"testing"\n)\n\nfunc TestB(t *testing.T) { strings.ToUpper("") }\n',
      'package p\n\nimport "testing"\nimport "strings"\n\nfunc TestA(t *testing.T) {}\n\nfunc TestB(t *testing.T) { strings.ToUpper("") }\n',
    ],
    [
      'a new Go file, without packages that nothing uses any more',
      'go',
      undefined,
      'package p\n\nimport (\n\t"fmt"\n\t"testing"\n)\n\nfunc TestB(t *testing.T) {}\n',
      'package p\n\nimport (\n\t"testing"\n)\n\nfunc TestB(t *testing.T) {}\n',
    ],
    [
      'Rust without a module',
      'rust',
      'fn f() {}\n',
      '#[test]\nfn a() {}\n',
      'fn f() {}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn a() {}\n}\n',
    ],
    [
      'Rust with a module, answered with one',
      'rust',
      'fn f() {}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn a() {}\n}\n',
      '#[cfg(test)]\nmod tests {\n    use super::*;\n    use std::fmt;\n\n    #[test]\n    fn b() {}\n}\n',
      'fn f() {}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn a() {}\n\n    use std::fmt;\n\n    #[test]\n    fn b() {}\n}\n',
    ],
    [
      'Java, answered with a class',
      'java',
      'package p;\n\nimport a.B;\n\nclass ATest {\n    @Test\n    void a() {}\n}\n',
      'package p;\n\nimport a.B;\nimport a.C;\n\nclass ATest {\n  @Test\n  void b() {}\n}\n',
      'package p;\n\nimport a.B;\nimport a.C;\n\nclass ATest {\n    @Test\n    void a() {}\n\n    @Test\n    void b() {}\n}\n',
    ],
  ];
  for (const [what, family, old, code, expected] of cases)
    it(what, () => assert.equal(combine(old, code, family), expected));
});

describe('features/generateTests: only some of the tests', () => {
  const cases: readonly (readonly [path: string, code: string, kept: readonly string[], expected: string])[] =
    [
      [
        'a.js',
        "import a from 'a';\n\ndescribe('f', () => {\n  // One.\n  it('one', () => {});\n\n  it('two', () => {});\n});\n\ndescribe('g', () => {\n  const x = 1;\n  it('three', () => {});\n});\n",
        ['f two'],
        "import a from 'a';\n\ndescribe('f', () => {\n  it('two', () => {});\n});\n",
      ],
      [
        'a.py',
        'class TestA(TestCase):\n    def setUp(self):\n        pass\n\n    @skip\n    def test_a(self):\n        pass\n\n    def test_b(self):\n        pass\n',
        ['TestA test_b'],
        'class TestA(TestCase):\n    def setUp(self):\n        pass\n\n    def test_b(self):\n        pass\n',
      ],
      ['a.rs', '#[test]\nfn a() {}\n\n#[test]\nfn b() {}\n', ['a'], '#[test]\nfn a() {}\n'],
    ];
  for (const [path, code, kept, expected] of cases)
    it(`${path}: ${kept.join(', ')}`, async () => {
      const tests = await analysis.testCases({ path: `/${path}`, languageId: '', text: code }, never);
      assert.equal(
        onlyTests(code, tests, name => kept.includes(name)),
        expected,
      );
      assert.equal(
        onlyTests(code, tests, () => true),
        code,
      );
    });
});
