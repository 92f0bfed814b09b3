/** Changes as people make them with good intent: none of them makes a check ask for less. */
import type { Files } from './weakenings.ts';

export interface Honest {
  readonly name: string;
  readonly before: Files;
  readonly after: Files;
}

function edit(name: string, path: string, before: string, after: string): Honest {
  return { name, before: { [path]: before }, after: { [path]: after } };
}

const js = (body: string, head = '') => `${head}test('adds', () => {\n${body}});\n`;
const py = (body: string, head = '') => `${head}def test_adds():\n${body}`;
const go = (body: string) => `package cart\n\nfunc TestTotal(t *testing.T) {\n${body}}\n`;
const A = 'test/cart.test.ts';
const P = 'tests/test_cart.py';
const G = 'cart_test.go';
const R = 'src/lib.rs';
const ONE = '  assert.equal(total([1]), 1);\n';
const TWO = '  assert.equal(total([1, 2]), 3);\n';

export const HONEST: readonly Honest[] = [
  edit(
    'js: a test is added',
    A,
    js(ONE),
    `${js(ONE)}\ntest('empty', () => {\n  assert.equal(total([]), 0);\n});\n`,
  ),
  edit('js: an assertion is added', A, js(ONE), js(ONE + TWO)),
  edit('js: the expected value is another', A, js(ONE), js('  assert.equal(total([1]), 100);\n')),
  edit('js: a test is renamed', A, js(ONE + TWO), js(ONE + TWO).replace("'adds'", "'adds prices of a cart'")),
  edit('js: reformatted', A, js(ONE), js('  assert.equal(\n    total([1]),\n    1,\n  );\n')),
  edit('js: stronger', A, js('  assert.ok(total([1]));\n'), js(ONE)),
  edit(
    'js: two become a whole',
    A,
    js('  assert.equal(a.x, 1);\n  assert.equal(a.y, 2);\n'),
    js('  assert.deepEqual(a, { x: 1, y: 2 });\n'),
  ),
  edit(
    'js: a helper asserts',
    A,
    js(ONE + TWO),
    `function check(list, sum) {\n  assert.equal(total(list), sum);\n}\n${js('  check([1], 1);\n  check([1, 2], 3);\n')}`,
  ),
  edit('js: a skip is taken away', A, js(ONE).replace('test(', 'test.skip('), js(ONE)),
  edit('js: only is taken away', A, js(ONE).replace('test(', 'test.only('), js(ONE)),
  edit(
    'js: a new test for one system',
    A,
    js(ONE),
    `${js(ONE)}\ntest('links', { skip: process.platform === 'win32' }, () => {\n  assert.equal(link(), 1);\n});\n`,
  ),
  edit(
    'js: a new slow test',
    A,
    js(ONE),
    `${js(ONE)}\ntest('much', { timeout: 60_000 }, () => {\n  assert.equal(total(much), 1);\n});\n`,
  ),
  edit('js: a comment speaks of skipping', A, js(ONE), js(`  // it.skip is for cowards\n${ONE}`)),
  edit('js: a literal holds a test', A, js(ONE), js(`  assert.equal(count("it.skip('x')"), 1);\n${ONE}`)),
  edit(
    'js: timeouts are lower',
    A,
    js(`  wait({ timeout: 9000 });\n${ONE}`),
    js(`  wait({ timeout: 500 });\n${ONE}`),
  ),
  edit(
    'js: more digits',
    A,
    js('  expect(x).toBeCloseTo(0.3, 2);\n'),
    js('  expect(x).toBeCloseTo(0.3, 9);\n'),
  ),
  edit(
    'js: a dependency is mocked',
    A,
    js(ONE),
    js(ONE, "vi.mock('../src/network', () => ({ get: () => 1 }));\n"),
  ),
  edit(
    'js: a callback becomes async',
    A,
    js("  get('x').then(x => assert.equal(x, 1));\n"),
    "test('adds', async () => {\n  assert.equal(await get('x'), 1);\n});\n",
  ),
  edit(
    'js: another library',
    A,
    js(ONE + TWO),
    js('  expect(total([1])).toBe(1);\n  expect(total([1, 2])).toBe(3);\n'),
  ),
  edit(
    'js: rows are added',
    A,
    'test.each([\n  [1, 1],\n  [2, 2],\n])("x %s", (a, b) => {\n  expect(f(a)).toBe(b);\n});\n',
    'test.each([\n  [1, 1],\n  [2, 2],\n  [3, 3],\n])("x %s", (a, b) => {\n  expect(f(a)).toBe(b);\n});\n',
  ),
  edit(
    'js: a lint rule with a reason',
    'src/a.ts',
    'run();\n',
    '// eslint-disable-next-line no-console -- the program talks here\nconsole.log(1);\nrun();\n',
  ),
  edit(
    'js: early return in code',
    'src/a.ts',
    'export function f(x) {\n  go(x);\n}\n',
    'export function f(x) {\n  if (!x) return;\n  go(x);\n}\n',
  ),
  {
    name: 'js: a feature and its tests are gone',
    before: {
      [A]: `${js(ONE)}\ntest('discounts', () => {\n  assert.equal(discount(1), 0);\n});\n`,
      'src/cart.ts': 'export function total() {}\nexport function discount() {}\n',
    },
    after: { [A]: js(ONE), 'src/cart.ts': 'export function total() {}\n' },
  },
  {
    name: 'js: a test file moves',
    before: { 'test/old/cart.test.ts': js(ONE + TWO) },
    after: { 'test/old/cart.test.ts': undefined, 'test/shop/cart.test.ts': js(ONE + TWO) },
  },
  {
    name: 'js: tests are split over two files',
    before: { 'test/a.test.ts': `${js(ONE)}\ntest('empty', () => {\n  assert.equal(total([]), 0);\n});\n` },
    after: {
      'test/a.test.ts': js(ONE),
      'test/b.test.ts': "test('empty', () => {\n  assert.equal(total([]), 0);\n});\n",
    },
  },
  {
    name: 'js: a snapshot changes with the code',
    before: { 'src/__snapshots__/a.snap': '`1`\n', 'src/a.ts': 'export const a = 1;\n' },
    after: { 'src/__snapshots__/a.snap': '`2`\n', 'src/a.ts': 'export const a = 2;\n' },
  },
  {
    name: 'js: a function is renamed everywhere',
    before: { [A]: js(ONE), 'src/cart.ts': 'export function total(a) {\n  return a;\n}\n' },
    after: {
      [A]: js(ONE.replace('total', 'sum')),
      'src/cart.ts': 'export function sum(a) {\n  return a;\n}\n',
    },
  },
  edit(
    'python: a test is added',
    P,
    py('    assert total([1]) == 1\n'),
    `${py('    assert total([1]) == 1\n')}\n\ndef test_empty():\n    assert total([]) == 0\n`,
  ),
  edit(
    'python: a fixture is used',
    P,
    py('    cart = Cart()\n    assert cart.total() == 1\n'),
    'import pytest\n\n\n@pytest.fixture\ndef cart():\n    return Cart()\n\n\ndef test_adds(cart):\n    assert cart.total() == 1\n',
  ),
  edit(
    'python: parametrized',
    P,
    'def test_one():\n    assert f(1) == 1\n\n\ndef test_two():\n    assert f(2) == 4\n',
    '@pytest.mark.parametrize("a, b", [(1, 1), (2, 4)])\ndef test_two(a, b):\n    assert f(a) == b\n\n\ndef test_one():\n    assert f(1) == 1\n',
  ),
  edit(
    'python: a new test that needs a module',
    P,
    py('    assert f() == 1\n'),
    `${py('    assert f() == 1\n')}\n\n@pytest.mark.skipif(np is None, reason="numpy")\ndef test_numpy():\n    assert f(np) == 1\n`,
  ),
  edit('python: asserts more', P, py('    assert f()\n'), py('    assert f() == 1\n    assert g() == 2\n')),
  edit(
    'python: unittest becomes pytest',
    P,
    'class T(TestCase):\n    def test_adds(self):\n        self.assertEqual(f(), 1)\n',
    py('    assert f() == 1\n'),
  ),
  edit(
    'python: an error is asked for more exactly',
    P,
    py('    with pytest.raises(Exception):\n        f()\n'),
    py('    with pytest.raises(ValueError, match="bad"):\n        f()\n'),
  ),
  edit('python: types', 'src/a.py', 'def f(x):\n    return x\n', 'def f(x: int) -> int:\n    return x\n'),
  edit(
    'python: a text of many lines',
    P,
    py('    assert f() == """\nleft\n"""\n    assert g() == 1\n'),
    py('    assert f() == """\nleft\nright\n"""\n    assert g() == 1\n'),
  ),
  edit(
    'go: a case is added',
    G,
    go('\tif Total(nil) != 0 {\n\t\tt.Error("x")\n\t}\n'),
    go('\tif Total(nil) != 0 {\n\t\tt.Error("x")\n\t}\n\tif Total(one) != 1 {\n\t\tt.Error("y")\n\t}\n'),
  ),
  edit(
    'go: a table',
    G,
    go('\tif f(1) != 1 {\n\t\tt.Error("x")\n\t}\n'),
    go(
      '\tfor _, c := range []struct{ in, out int }{\n\t\t{1, 1},\n\t\t{2, 2},\n\t} {\n\t\tif f(c.in) != c.out {\n\t\t\tt.Errorf("%d", c.in)\n\t\t}\n\t}\n',
    ),
  ),
  edit(
    'go: t.Helper',
    G,
    go('\tcheck(t, 1)\n\tif f(1) != 1 {\n\t\tt.Error("x")\n\t}\n'),
    go('\tt.Parallel()\n\tcheck(t, 1)\n\tif f(1) != 1 {\n\t\tt.Error("x")\n\t}\n'),
  ),
  edit(
    'rust: a test is added',
    R,
    '#[test]\nfn a() {\n    assert_eq!(f(), 1);\n}\n',
    '#[test]\nfn a() {\n    assert_eq!(f(), 1);\n}\n\n#[test]\nfn b() {\n    assert_eq!(g(), 2);\n}\n',
  ),
  edit(
    'rust: code changes',
    R,
    'pub fn f() -> i32 {\n    1\n}\n\n#[test]\nfn a() {\n    assert_eq!(f(), 1);\n}\n',
    'pub fn f() -> i32 {\n    2 - 1\n}\n\n#[test]\nfn a() {\n    assert_eq!(f(), 1);\n}\n',
  ),
  edit(
    'java: a test is added',
    'src/test/java/ATest.java',
    'class ATest {\n    @Test\n    void a() {\n        assertEquals(1, f());\n    }\n}\n',
    'class ATest {\n    @Test\n    void a() {\n        assertEquals(1, f());\n    }\n\n    @Test\n    void b() {\n        assertEquals(2, g());\n    }\n}\n',
  ),
  edit(
    'java: fluent',
    'src/test/java/ATest.java',
    'class ATest {\n    @Test\n    void a() {\n        assertEquals(1, f());\n    }\n}\n',
    'class ATest {\n    @Test\n    void a() {\n        assertThat(f()).isEqualTo(1);\n    }\n}\n',
  ),
  edit(
    'ruby: a description',
    'spec/a_spec.rb',
    "it 'adds' do\n  expect(f).to eq(1)\nend\n",
    "it 'adds numbers' do\n  expect(f).to eq(1)\nend\n",
  ),
  edit(
    'ci: another version',
    '.github/workflows/ci.yml',
    'steps:\n  - uses: actions/setup-node@v3\n  - run: npm test\n',
    'steps:\n  - uses: actions/setup-node@v4\n  - run: npm test\n',
  ),
  edit(
    'ci: another package manager',
    '.github/workflows/ci.yml',
    'steps:\n  - run: npm ci\n  - run: npm test\n',
    'steps:\n  - run: pnpm install\n  - run: pnpm test\n',
  ),
  edit(
    'ci: a step is added',
    '.github/workflows/ci.yml',
    'steps:\n  - run: npm test\n',
    'steps:\n  - run: npm run lint\n  - run: npm test\n',
  ),
  edit(
    'script: another runner',
    'package.json',
    '{ "scripts": {\n  "test": "mocha"\n} }',
    '{ "scripts": {\n  "test": "vitest run"\n} }',
  ),
  edit(
    'script: split',
    'package.json',
    '{ "scripts": {\n  "test": "eslint . && mocha"\n} }',
    '{ "scripts": {\n  "test": "npm run lint && npm run unit",\n  "lint": "eslint .",\n  "unit": "mocha"\n} }',
  ),
  edit(
    'script: a dependency',
    'package.json',
    '{ "scripts": { "test": "mocha" }, "dependencies": { "a": "^1.0.0" } }',
    '{ "scripts": { "test": "mocha" }, "dependencies": { "a": "^2.0.0", "b": "^1.0.0" } }',
  ),
  edit(
    'config: threshold rises',
    'vitest.config.ts',
    'export default { coverage: {\n  lines: 80,\n} };\n',
    'export default { coverage: {\n  lines: 90,\n} };\n',
  ),
  edit('config: stricter', 'tsconfig.json', '{\n  "strict": false\n}\n', '{\n  "strict": true\n}\n'),
  edit(
    'config: a path',
    'tsconfig.json',
    '{\n  "strict": true,\n  "target": "es2020"\n}\n',
    '{\n  "strict": true,\n  "target": "es2022"\n}\n',
  ),
  edit(
    'config: a linter is replaced',
    'package.json',
    '{ "scripts": {\n  "lint": "eslint ."\n} }',
    '{ "scripts": {\n  "lint": "biome check ."\n} }',
  ),
  edit('make: a target', 'Makefile', 'test:\n\tpytest\n', 'build:\n\tpython -m build\n\ntest:\n\tpytest\n'),
];
