/** Finding the framework, the place and the command, and reading what runners say: tables. */
import assert from 'node:assert/strict';
import { familyOf } from '../../../server/features/generateTests/families.ts';
import {
  FRAMEWORKS,
  frameworkOf,
  nodeOptions,
  type PackageFacts,
} from '../../../server/features/generateTests/frameworks.ts';
import { readReport, type ReportForm, resultOf } from '../../../server/features/generateTests/reports.ts';
import { testHome } from '../../../server/features/generateTests/testPath.ts';

const facts = (
  texts: Readonly<Record<string, string>>,
  tests: readonly string[] = [],
  names: readonly string[] = [],
): PackageFacts => ({ texts, tests, names: [...Object.keys(texts), ...names] });
const json = (value: unknown) => ({ 'package.json': JSON.stringify(value) });

describe('features/generateTests: the framework', () => {
  const cases: readonly (readonly [path: string, of: PackageFacts, id: string | undefined])[] = [
    ['a.ts', facts(json({ devDependencies: { jest: '1' } })), 'jest'],
    [
      'a.ts',
      facts(json({ devDependencies: { jest: '1', vitest: '1' }, scripts: { test: 'vitest run' } })),
      'vitest',
    ],
    ['a.ts', facts(json({ scripts: { test: 'npm run build && mocha' } })), 'mocha'],
    ['a.js', facts(json({ scripts: { test: 'node --test' }, devDependencies: { mocha: '1' } })), 'node'],
    ['a.js', facts(json({}), [], ['jest.config.js']), 'jest'],
    ['a.js', facts(json({}), ["import { it } from 'vitest';"]), 'vitest'],
    ['a.js', facts(json({ devDependencies: { mocha: '1' } }), ["const t = require('node:test');"]), 'node'],
    ['a.js', facts({ 'package.json': 'no JSON' }), 'node'],
    ['a.py', facts({ 'pyproject.toml': '[tool.pytest.ini_options]' }), 'pytest'],
    ['a.py', facts({}, ['import unittest\n']), 'unittest'],
    ['a.py', facts({}, ['def test_a():\n']), 'pytest'],
    ['a.py', facts({}), 'unittest'],
    ['a.go', facts({ 'go.mod': '' }), 'go'],
    ['a.go', facts({}), undefined],
    ['a.rs', facts({ 'Cargo.toml': '' }), 'cargo'],
    ['A.java', facts({ 'pom.xml': '', 'build.gradle': '' }), 'maven'],
    ['A.java', facts({ 'build.gradle.kts': '' }), 'gradle'],
  ];
  for (const [path, of, id] of cases)
    it(`${path} with ${JSON.stringify(of.texts)} ${of.tests.join(' ')}: ${id}`, () => {
      const family = familyOf(path);
      assert(family);
      assert.equal(frameworkOf(family, of)?.id, id);
    });

  it('is for code alone', () => {
    for (const path of ['a.md', 'a.d.ts', 'a.c', 'Makefile']) assert.equal(familyOf(path), undefined);
  });

  it('takes from the script what sources need to load', () => {
    const script =
      'node --import tsx -r "./a b.js" --experimental-strip-types --test --test-timeout=3 --loader=x';
    assert.deepEqual(nodeOptions(script), [
      '--import',
      'tsx',
      '-r',
      './a b.js',
      '--experimental-strip-types',
      '--loader=x',
    ]);
  });

  const commands: Readonly<Record<string, readonly [testPath: string, argv: string]>> = {
    vitest: ['t/a.test.ts', 'node node_modules/vitest/vitest.mjs run t/a.test.ts --reporter=json'],
    jest: [
      'a.test.ts',
      'node node_modules/jest/bin/jest.js --json --coverage=false --runTestsByPath a.test.ts',
    ],
    mocha: ['a.js', 'node node_modules/mocha/bin/mocha.js --import tsx --reporter json a.js'],
    node: ['a.js', 'node --import tsx --test --test-reporter=tap a.js'],
    pytest: [
      'tests/test_a.py',
      '/r/.venv/bin/python -m pytest -rA -q --color=no -p no:cacheprovider tests/test_a.py',
    ],
    unittest: ['test_a.py', '/r/.venv/bin/python -m unittest -v test_a.py'],
    go: ['x/a_test.go', 'go test -v -count=1 -vet=off ./x'],
    cargo: ['src/net/mod.rs', 'cargo test --offline -- net::'],
    maven: ['src/test/java/a/BTest.java', 'mvn -o -q -B -DfailIfNoTests=false -Dtest=a.BTest test'],
    gradle: [
      'src/test/java/a/BTest.java',
      'sh ./gradlew --offline --no-daemon test --rerun-tasks --tests a.BTest',
    ],
  };
  for (const framework of FRAMEWORKS)
    it(`runs ${framework.id}`, () => {
      const [testPath, argv] = commands[framework.id] ?? ['', ''];
      const of = facts(json({ scripts: { test: 'x --import tsx' } }), [], ['.venv', 'gradlew']);
      assert.equal(
        framework.invocation({ testPath, facts: of, root: '/r', cache: '/c' }).argv.join(' '),
        argv,
      );
    });
});

describe('features/generateTests: where tests go', () => {
  const cases: readonly (readonly [
    source: string,
    others: readonly string[],
    path: string,
    exists: boolean,
  ])[] = [
    ['src/a.ts', ['src/b.ts', 'src/b.test.ts'], 'src/a.test.ts', false],
    ['src/a.ts', ['src/b.ts', 'src/b.spec.ts', 'src/a.spec.ts'], 'src/a.spec.ts', true],
    ['src/x/a.ts', ['src/x/b.ts', 'src/x/__tests__/b.test.ts'], 'src/x/__tests__/a.test.ts', false],
    ['server/x/a.ts', ['server/y/b.ts', 'test/y/b.test.ts'], 'test/x/a.test.ts', false],
    ['lib/x/a.js', ['lib/y/b.js', 'test/lib/y/b.js'], 'test/lib/x/a.js', false],
    ['lib/a.js', ['lib/b.js', 'test/b.js'], 'test/a.js', false],
    ['lib/a.js', ['test/everything.test.js'], 'test/a.test.js', false],
    ['lib/a.js', [], 'lib/a.test.js', false],
    ['pkg/a.py', ['pkg/b.py', 'tests/test_b.py'], 'tests/test_a.py', false],
    ['src/pkg/sub/a.py', ['src/pkg/sub/b.py', 'tests/sub/test_b.py'], 'tests/sub/test_a.py', false],
    ['pkg/a.py', ['pkg/b.py', 'pkg/b_test.py', 'pkg/a_test.py'], 'pkg/a_test.py', true],
    ['pkg/a.py', [], 'tests/test_a.py', false],
    ['x/a.go', [], 'x/a_test.go', false],
    ['src/a.rs', [], 'src/a.rs', true],
    ['src/main/java/p/A.java', [], 'src/test/java/p/ATest.java', false],
    [
      'src/main/java/p/A.java',
      ['src/main/java/p/B.java', 'src/test/java/p/BTests.java'],
      'src/test/java/p/ATests.java',
      false,
    ],
  ];
  for (const [source, others, path, exists] of cases)
    it(`${source} beside ${others.join(', ') || 'nothing'}`, () => {
      const family = familyOf(source);
      assert(family);
      const home = testHome(source, family, [source, ...others]);
      assert.deepEqual([home.path, home.exists], [path, exists]);
    });
});

describe('features/generateTests: what runners say', () => {
  const cases: readonly (readonly [
    form: ReportForm,
    output: string,
    expected: Readonly<Record<string, string>>,
  ])[] = [
    [
      'tap',
      'TAP version 13\n# Subtest: f\n    # Subtest: adds \\# 1\n    ok 1 - adds \\# 1\n      ---\n      duration_ms: 1\n      ...\n    # Subtest: breaks\n    not ok 2 - breaks\n    1..2\nnot ok 1 - f\n# Subtest: s\nok 2 - s # SKIP\n1..2\n',
      { 'f adds # 1': 'passed', 'f breaks': 'failed', f: 'failed', s: 'skipped' },
    ],
    [
      'mocha',
      'printed\n{ "no": 1 }\n{\n  "stats": { "passes": 1 },\n  "tests": [],\n  "pending": [{ "fullTitle": "f p" }],\n  "failures": [{ "fullTitle": "f b" }],\n  "passes": [{ "fullTitle": "f a" }]\n}\nafter\n',
      { 'f a': 'passed', 'f b': 'failed', 'f p': 'skipped' },
    ],
    [
      'jest',
      '{"numTotalTests":2,"testResults":[{"assertionResults":[{"ancestorTitles":["f"],"title":"a","status":"passed"},{"ancestorTitles":["","f"],"title":"b","status":"failed"},{"ancestorTitles":[],"title":"c","status":"pending"}]}]}\n',
      { 'f a': 'passed', 'f b': 'failed', c: 'skipped' },
    ],
    [
      'pytest',
      '.F\n=== short test summary info ===\nPASSED t/test_a.py::test_a[1]\nFAILED t/test_a.py::test_a[2] - assert 1 == 2\nPASSED t/test_a.py::TestB::test_c\nERROR t/test_a.py::test_d - fixture\nSKIPPED [1] t/test_a.py:3: no\n',
      { test_a: 'failed', 'TestB test_c': 'passed', test_d: 'failed' },
    ],
    [
      'unittest',
      "test_a (test_m.TestB.test_a) ... ok\ntest_b (test_m.TestB)\nSays. ... FAIL\ntest_c (m.TestB.test_c) ... skipped 'no'\ntest_d (m.TestB.test_d) ... printed\nok\n\n======\nFAIL: test_b (test_m.TestB)\nERROR: test_e (m.TestB.test_e)\n",
      {
        'TestB test_a': 'passed',
        'TestB test_b': 'failed',
        'TestB test_c': 'skipped',
        'TestB test_e': 'failed',
      },
    ],
    [
      'go',
      '=== RUN   TestA\n--- PASS: TestA (0.00s)\n=== RUN   TestB\n=== RUN   TestB/sub\n    --- FAIL: TestB/sub (0.00s)\n--- FAIL: TestB (0.00s)\n=== RUN   TestC\npanic: oh\n',
      { TestA: 'passed', TestB: 'failed', TestC: 'failed' },
    ],
    [
      'cargo',
      'running 3 tests\ntest tests::a ... ok\ntest net::tests::b - should panic ... FAILED\ntest c ... ignored\n',
      { 'tests a': 'passed', 'net tests b': 'failed', c: 'skipped' },
    ],
    [
      'junit',
      '<testsuite><testcase name="a()" classname="p.ATest" time="0"/><testcase classname="p.ATest" name="b"><failure message="1 &gt; 2">x</failure></testcase><testcase classname="p.ATest" name="c"><skipped/></testcase></testsuite>',
      { 'ATest a': 'passed', 'ATest b': 'failed', 'ATest c': 'skipped' },
    ],
  ];
  for (const [form, output, expected] of cases)
    it(form, () => assert.deepEqual(Object.fromEntries(readReport(form, output)), expected));

  it('is not guessed where it cannot be read', () => {
    for (const [form] of cases)
      for (const output of [
        '',
        '{',
        'Segmentation fault',
        '{"testResults":[null,{"assertionResults":[null]}]}',
      ])
        assert.equal(readReport(form, output).size, 0);
  });

  it('names a test by its whole name, or by the one that ends in it', () => {
    const report = readReport(
      'cargo',
      'test a::tests::x ... ok\ntest a::tests::y ... ok\ntest b::tests::y ... FAILED\n',
    );
    assert.equal(resultOf(report, 'tests x'), 'passed');
    assert.equal(resultOf(report, 'y'), undefined);
  });
});
