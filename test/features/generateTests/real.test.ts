/** Generated tests are judged by running them in real frameworks, where they are present. Few runs each: they cost. */
import assert from 'node:assert/strict';
import { needs, outcome, World } from './world.ts';

const CLAMP =
  'export function clamp(n, low, high) {\n  if (n < low) return low;\n  return n > high ? high : n;\n}\n';
const NODE = {
  'package.json': '{ "type": "module", "scripts": { "test": "node --test" } }',
  'src/clamp.js': CLAMP,
  'src/other.js': 'export const other = 1;\n',
  'src/other.test.js': "import test from 'node:test';\ntest('other', () => {});\n",
};
const HEAD = `import test from 'node:test';
import assert from 'node:assert/strict';
import { clamp } from './clamp.js';
`;

describe('features/generateTests: judged by running', function () {
  this.timeout(60_000);
  let world: World;
  afterEach(() => world.remove());

  it('runs node:test, and leaves the project as it was', async () => {
    world = new World(NODE);
    const before = world.files();
    const code = `${HEAD}
test('raises to the low end', () => assert.equal(clamp(0, 1, 3), 1));
test('is wrong', () => assert.equal(clamp(0, 1, 3), 0));
`;
    const verdict = await world.judge('src/clamp.js', code, { runs: 5 });
    assert.deepEqual(outcome(verdict), { 'raises to the low end': 'kept', 'is wrong': 'fails' });
    assert.match(verdict.output, /1 !== 0/);
    assert.deepEqual(world.files(), before);
    assert.equal(world.leftOver, false);
    assert.ok(world.commands.every(({ cwd }) => !cwd.startsWith(world.folder)));
  });

  it('runs mocha; what hangs or does not load is found by running each alone', async () => {
    world = new World({
      ...NODE,
      'package.json': '{ "type": "module", "scripts": { "test": "mocha" } }',
      'src/other.test.js': "describe('other', () => it('x', () => {}));\n",
    });
    world.linkPackages();
    const code = `import assert from 'node:assert/strict';
import { clamp } from './clamp.js';

describe('clamp', () => {
  it('raises', () => assert.equal(clamp(0, 1, 3), 1));
  it('hangs', () => {
    for (;;) clamp(1, 1, 1);
  });
});
describe('broken', () => {
  nothing();
  it('never', () => {});
});
`;
    const verdict = await world.judge('src/clamp.js', code, { timeMs: 2_500, runs: 8 });
    assert.deepEqual(outcome(verdict), {
      'clamp raises': 'kept',
      'clamp hangs': 'hangs',
      'broken never': 'does not build',
    });
    assert.doesNotMatch(verdict.text ?? '', /broken|hangs/);
  });

  it('runs unittest', async function () {
    needs(this, 'python3', '--version');
    const source = 'def clamp(n, low, high):\n    if n < low:\n        return low\n    return min(n, high)\n';
    world = new World({
      'setup.py': '',
      'clamp.py': source,
      'other.py': '',
      'test_other.py': 'import unittest\n',
    });
    const code =
      'import unittest\nfrom clamp import clamp\n\n\nclass TestClamp(unittest.TestCase):\n    def test_low(self):\n        self.assertEqual(clamp(0, 1, 3), 1)\n\n    def test_wrong(self):\n        self.assertEqual(clamp(0, 1, 3), 0)\n\n\nclass TestNothing(unittest.TestCase):\n    def test_none(self):\n        raise E\n';
    const verdict = await world.judge('clamp.py', code, { runs: 5 });
    assert.deepEqual(outcome(verdict), {
      'TestClamp test_low': 'kept',
      'TestClamp test_wrong': 'fails',
      'TestNothing test_none': 'fails',
    });
    assert.doesNotMatch(verdict.text ?? '', /TestNothing|test_wrong/);
  });

  it('runs pytest', async function () {
    needs(this, 'python3', '-m', 'pytest', '--version');
    const source = 'def clamp(n, low, high):\n    if n < low:\n        return low\n    return min(n, high)\n';
    world = new World({
      'pyproject.toml': '[tool.pytest.ini_options]\n',
      'pkg/__init__.py': '',
      'pkg/clamp.py': source,
    });
    const code =
      'import pytest\nfrom pkg.clamp import clamp\n\n\n@pytest.mark.parametrize("n", [0, 1])\ndef test_low(n):\n    assert clamp(n, 1, 3) == 1\n\n\ndef test_wrong():\n    assert clamp(0, 1, 3) == 0\n';
    const verdict = await world.judge('pkg/clamp.py', code, { runs: 5 });
    assert.deepEqual(outcome(verdict), {
      test_low: 'kept',
      test_wrong: 'fails',
    });
  });
});

// Each builds a standard library or a crate from nothing, so they run where they are asked for.
const slow = process.env['CODRIVER_SLOW_TESTS'] ? describe : describe.skip;
slow('features/generateTests: judged by running compiled tests (CODRIVER_SLOW_TESTS)', function () {
  this.timeout(300_000);
  let world: World;
  afterEach(() => world.remove());

  it('runs go test', async function () {
    needs(this, 'go', 'version');
    world = new World({
      'go.mod': 'module example.org/m\n\ngo 1.20\n',
      'clamp.go':
        'package m\n\nfunc Clamp(n, low int) int {\n\tif n < low {\n\t\treturn low\n\t}\n\treturn n\n}\n',
    });
    const code =
      'package m\n\nimport (\n\t"fmt"\n\t"testing"\n)\n\nfunc TestLow(t *testing.T) {\n\tif Clamp(0, 2) != 2 {\n\t\tt.Fatal("low")\n\t}\n}\n\nfunc TestNothing(t *testing.T) {\n\tfmt.Sprint(Clamp(0, 2))\n}\n\nfunc TestWrong(t *testing.T) {\n\tt.Fatal("x")\n}\n\nfunc TestBroken(t *testing.T) {\n\tmissing()\n}\n';
    const verdict = await world.judge('clamp.go', code, { runs: 14 });
    assert.deepEqual(outcome(verdict), {
      TestLow: 'kept',
      TestNothing: 'notices nothing',
      TestWrong: 'fails',
      TestBroken: 'does not build',
    });
  });

  it('runs cargo test', async function () {
    needs(this, 'cargo', '--version');
    world = new World({
      'Cargo.toml': '[package]\nname = "m"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/lib.rs':
        'pub fn clamp(n: i32, low: i32) -> i32 {\n    if n < low {\n        return low;\n    }\n    n\n}\n',
    });
    const code =
      '#[test]\nfn low() {\n    assert_eq!(clamp(0, 2), 2);\n}\n\n#[test]\nfn nothing() {\n    clamp(0, 2);\n}\n\n#[test]\nfn wrong() {\n    panic!();\n}\n';
    const verdict = await world.judge('src/lib.rs', code, { runs: 14 });
    assert.deepEqual(outcome(verdict), { low: 'kept', nothing: 'notices nothing', wrong: 'fails' });
  });
});
