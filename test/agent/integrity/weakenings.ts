/** Edits that make a check ask for less, in many languages, each with the kind of finding that must come of it. */
import type { FindingKind } from '../../../server/agent/integrity/types.ts';

export type Files = Readonly<Record<string, string | undefined>>;

export interface Edit {
  readonly name: string;
  readonly kind: FindingKind;
  readonly before: Files;
  readonly after: Files;
}

/** A file whose text is changed by replacing the first text with the second. */
function edit(name: string, kind: FindingKind, path: string, text: string, from: string, to: string): Edit {
  const after = text.replace(from, () => to);
  if (after === text) throw new Error(`${name}: nothing is replaced`);
  return { name, kind, before: { [path]: text }, after: { [path]: after } };
}

const JS = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { total, parse } from '../src/cart.js';

test('adds prices', () => {
  assert.equal(total([1, 2]), 3);
  assert.equal(total([]), 0);
});

test('refuses nonsense', async () => {
  await assert.rejects(parse('x'), /bad cart/);
});
`;
const JEST = `import { total } from './cart';

describe('cart', () => {
  it('adds prices', () => {
    expect(total([1, 2])).toBe(3);
    expect(total([1, 2], 'x')).toEqual({ sum: 3 });
  });

  it.each([
    [[1, 2], 3],
    [[2, 2], 4],
    [[], 0],
  ])('adds %s', (list, sum) => {
    expect(total(list)).toBe(sum);
  });

  it('is close', () => {
    expect(total([0.1, 0.2])).toBeCloseTo(0.3, 10);
  });

  it('waits', async () => {
    await expect(slow()).resolves.toBe(1);
  }, 1000);
});
`;
const PY = `import pytest
from shop.cart import total


def test_adds_prices():
    assert total([1, 2]) == 3
    assert total([]) == 0


@pytest.mark.parametrize("prices, sum", [
    ([1], 1),
    ([1, 2], 3),
    ([2, 2], 4),
])
def test_adds(prices, sum):
    assert total(prices) == sum


def test_refuses():
    with pytest.raises(ValueError):
        total(["x"])


def test_is_close():
    assert total([0.1, 0.2]) == pytest.approx(0.3, abs=1e-9)
`;
const UNIT = `import unittest
from shop.cart import total


class CartTest(unittest.TestCase):
    def test_adds(self):
        self.assertEqual(total([1, 2]), 3)
        self.assertAlmostEqual(total([0.1, 0.2]), 0.3, places=7)

    def test_refuses(self):
        with self.assertRaises(ValueError):
            total(["x"])
`;
const GO = `package cart

import "testing"

func TestTotal(t *testing.T) {
	got := Total([]int{1, 2})
	if got != 3 {
		t.Errorf("got %d", got)
	}
	if Total(nil) != 0 {
		t.Error("empty cart")
	}
}

func TestParse(t *testing.T) {
	_, err := Parse("x")
	if err == nil {
		t.Fatal("no error")
	}
}
`;
const RUST = `pub fn total(list: &[i32]) -> i32 {
    list.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() {
        assert_eq!(total(&[1, 2]), 3);
        assert_eq!(total(&[]), 0);
    }

    #[test]
    fn big() {
        assert_eq!(total(&[100, 200]), 300);
    }
}
`;
const JAVA = `import static org.junit.jupiter.api.Assertions.*;
import org.junit.jupiter.api.Test;

class CartTest {
    @Test
    void addsPrices() {
        assertEquals(3, Cart.total(1, 2));
        assertEquals(0, Cart.total());
    }

    @Test
    void refuses() {
        assertThrows(IllegalArgumentException.class, () -> Cart.parse("x"));
    }
}
`;
const RUBY = `describe Cart do
  it 'adds prices' do
    expect(Cart.total([1, 2])).to eq(3)
    expect(Cart.total([])).to eq(0)
  end
end
`;
const PHP = `<?php
class CartTest extends TestCase
{
    public function testAdds(): void
    {
        $this->assertSame(3, total([1, 2]));
        $this->assertSame(0, total([]));
    }
}
`;
const WORKFLOW = `on:
  push:
  pull_request:
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: npm ci
      - run: npm run lint
      - run: npm test
`;
const PACKAGE = `{
  "name": "cart",
  "scripts": {
    "lint": "eslint . --max-warnings=0",
    "test": "tsc --noEmit && vitest run"
  }
}
`;
const VITEST = `export default {
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 5000,
    coverage: { thresholds: { lines: 90, branches: 85 } },
  },
};
`;
const SNAPSHOT = '// Snapshot\n\nexports[`cart 1`] = `3`;\n';

export const WEAKENINGS: readonly Edit[] = [
  edit(
    'js: returns at once',
    'swallowed',
    'test/cart.test.js',
    JS,
    '  assert.equal(total([1, 2]), 3);',
    '  return;\n  assert.equal(total([1, 2]), 3);',
  ),
  edit(
    'python: returns at once',
    'swallowed',
    'tests/test_cart.py',
    PY,
    '    assert total([1, 2]) == 3',
    '    return\n    assert total([1, 2]) == 3',
  ),
  edit('go: returns at once', 'swallowed', 'cart_test.go', GO, '\tgot := Total', '\treturn\n\tgot := Total'),
  edit(
    'js: an assertion is gone',
    'assertion',
    'test/cart.test.js',
    JS,
    '  assert.equal(total([]), 0);\n',
    '',
  ),
  edit(
    'js: an assertion is a comment',
    'assertion',
    'test/cart.test.js',
    JS,
    '  assert.equal(total([]), 0);',
    '  // assert.equal(total([]), 0);',
  ),
  edit(
    'js: equal becomes ok',
    'loosened',
    'test/cart.test.js',
    JS,
    'assert.equal(total([1, 2]), 3)',
    'assert.ok(total([1, 2]))',
  ),
  edit(
    'js: a tautology',
    'trivial',
    'test/cart.test.js',
    JS,
    'assert.equal(total([1, 2]), 3)',
    'assert.ok(true)',
  ),
  edit(
    'js: compared with itself',
    'trivial',
    'test/cart.test.js',
    JS,
    'assert.equal(total([1, 2]), 3)',
    'assert.equal(total([1, 2]), total([1, 2]))',
  ),
  edit('js: skip', 'skip', 'test/cart.test.js', JS, "test('adds prices'", "test.skip('adds prices'"),
  edit(
    'js: an option skips',
    'skip',
    'test/cart.test.js',
    JS,
    "test('adds prices', ",
    "test('adds prices', { skip: true }, ",
  ),
  edit('js: only', 'skip', 'test/cart.test.js', JS, "test('adds prices'", "test.only('adds prices'"),
  edit(
    'js: not awaited',
    'loosened',
    'test/cart.test.js',
    JS,
    "await assert.rejects(parse('x'), /bad cart/)",
    "assert.rejects(parse('x'), /bad cart/)",
  ),
  edit(
    'js: returns first',
    'swallowed',
    'test/cart.test.js',
    JS,
    '  assert.equal(total([1, 2]), 3);',
    '  if (process.env.CI) return;\n  assert.equal(total([1, 2]), 3);',
  ),
  edit(
    'js: a test is gone',
    'tests-removed',
    'test/cart.test.js',
    JS,
    JS.slice(JS.indexOf("test('refuses")),
    '',
  ),
  edit('js: exits', 'swallowed', 'test/cart.test.js', JS, "test('adds", "process.exit(0);\ntest('adds"),
  edit('jest: toBe becomes toBeDefined', 'loosened', 'src/cart.spec.ts', JEST, '.toBe(3)', '.toBeDefined()'),
  edit(
    'jest: toEqual becomes toMatchObject',
    'loosened',
    'src/cart.spec.ts',
    JEST,
    'toEqual({ sum: 3 })',
    'toMatchObject({})',
  ),
  edit('jest: a case is gone', 'tests-removed', 'src/cart.spec.ts', JEST, '    [[2, 2], 4],\n', ''),
  edit('jest: fewer digits', 'limit', 'src/cart.spec.ts', JEST, '0.3, 10)', '0.3, 1)'),
  edit('jest: xit', 'skip', 'src/cart.spec.ts', JEST, "it('is close'", "xit('is close'"),
  edit(
    'jest: retries',
    'limit',
    'src/cart.spec.ts',
    JEST,
    "describe('cart'",
    "jest.retryTimes(5);\ndescribe('cart'",
  ),
  edit(
    'jest: the unit is mocked',
    'mock',
    'src/cart.spec.ts',
    JEST,
    "\ndescribe('cart'",
    "jest.mock('./cart', () => ({ total: () => 3 }));\n\ndescribe('cart'",
  ),
  edit(
    'jest: types off',
    'suppression',
    'src/cart.spec.ts',
    JEST,
    'import { total }',
    '// @ts-nocheck\nimport { total }',
  ),
  edit(
    'python: an assertion is gone',
    'assertion',
    'tests/test_cart.py',
    PY,
    '    assert total([]) == 0\n',
    '',
  ),
  edit(
    'python: equal becomes truth',
    'loosened',
    'tests/test_cart.py',
    PY,
    'assert total([1, 2]) == 3',
    'assert total([1, 2])',
  ),
  edit(
    'python: or True',
    'trivial',
    'tests/test_cart.py',
    PY,
    'assert total([1, 2]) == 3',
    'assert total([1, 2]) == 3 or True',
  ),
  edit(
    'python: skip',
    'skip',
    'tests/test_cart.py',
    PY,
    'def test_adds_prices',
    '@pytest.mark.skip(reason="later")\ndef test_adds_prices',
  ),
  edit(
    'python: xfail',
    'skip',
    'tests/test_cart.py',
    PY,
    'def test_refuses',
    '@pytest.mark.xfail\ndef test_refuses',
  ),
  edit(
    'python: renamed out',
    'tests-removed',
    'tests/test_cart.py',
    PY,
    'def test_refuses',
    'def check_refuses',
  ),
  edit('python: a case is gone', 'tests-removed', 'tests/test_cart.py', PY, '    ([2, 2], 4),\n', ''),
  edit('python: tolerance', 'limit', 'tests/test_cart.py', PY, 'abs=1e-9', 'abs=1e-1'),
  edit(
    'python: swallowed',
    'swallowed',
    'tests/test_cart.py',
    PY,
    '    assert total([1, 2]) == 3\n',
    '    try:\n        assert total([1, 2]) == 3\n    except AssertionError: pass\n',
  ),
  edit(
    'python: the unit is patched',
    'mock',
    'tests/test_cart.py',
    PY,
    'def test_adds_prices():',
    '@mock.patch("shop.cart.total", lambda x: 3)\ndef test_adds_prices():',
  ),
  edit('unittest: places', 'limit', 'tests/test_cart.py', UNIT, 'places=7', 'places=1'),
  edit(
    'unittest: skip',
    'skip',
    'tests/test_cart.py',
    UNIT,
    '    def test_refuses',
    '    @unittest.skip("slow")\n    def test_refuses',
  ),
  edit(
    'unittest: loosened',
    'loosened',
    'tests/test_cart.py',
    UNIT,
    'self.assertEqual(total([1, 2]), 3)',
    'self.assertIsNotNone(total([1, 2]))',
  ),
  edit(
    'conftest: deselects',
    'skip',
    'tests/conftest.py',
    'import pytest\n',
    'import pytest\n',
    'import pytest\n\n\ndef pytest_collection_modifyitems(items):\n    items.clear()\n',
  ),
  edit('go: skip', 'skip', 'cart_test.go', GO, '\t_, err', '\tt.Skip("flaky")\n\t_, err'),
  edit(
    'go: an assertion is gone',
    'assertion',
    'cart_test.go',
    GO,
    '\tif Total(nil) != 0 {\n\t\tt.Error("empty cart")\n\t}\n',
    '',
  ),
  edit('go: a weaker condition', 'loosened', 'cart_test.go', GO, 'if got != 3 {', 'if got < 0 {'),
  edit('go: a test is gone', 'tests-removed', 'cart_test.go', GO, GO.slice(GO.indexOf('func TestParse')), ''),
  edit('go: not built', 'skip', 'cart_test.go', GO, 'package cart', '//go:build never\n\npackage cart'),
  edit(
    'rust: ignore',
    'skip',
    'src/lib.rs',
    RUST,
    '    #[test]\n    fn big',
    '    #[test]\n    #[ignore]\n    fn big',
  ),
  edit(
    'rust: an assertion is gone',
    'assertion',
    'src/lib.rs',
    RUST,
    '        assert_eq!(total(&[]), 0);\n',
    '',
  ),
  edit(
    'rust: loosened',
    'loosened',
    'src/lib.rs',
    RUST,
    'assert_eq!(total(&[1, 2]), 3)',
    'assert!(total(&[1, 2]) > 0)',
  ),
  edit(
    'rust: a test is no test',
    'tests-removed',
    'src/lib.rs',
    RUST,
    '    #[test]\n    fn big',
    '    fn big',
  ),
  edit(
    'java: disabled',
    'skip',
    'src/test/java/CartTest.java',
    JAVA,
    '    @Test\n    void refuses',
    '    @Disabled\n    @Test\n    void refuses',
  ),
  edit(
    'java: an assertion is gone',
    'assertion',
    'src/test/java/CartTest.java',
    JAVA,
    '        assertEquals(0, Cart.total());\n',
    '',
  ),
  edit(
    'java: loosened',
    'loosened',
    'src/test/java/CartTest.java',
    JAVA,
    'assertEquals(3, Cart.total(1, 2))',
    'assertNotNull(Cart.total(1, 2))',
  ),
  edit('ruby: pending', 'skip', 'spec/cart_spec.rb', RUBY, "it 'adds", "xit 'adds"),
  edit(
    'ruby: an assertion is gone',
    'assertion',
    'spec/cart_spec.rb',
    RUBY,
    '    expect(Cart.total([])).to eq(0)\n',
    '',
  ),
  edit(
    'php: skipped',
    'skip',
    'tests/CartTest.php',
    PHP,
    '        $this->assertSame(3',
    "        $this->markTestSkipped('x');\n        $this->assertSame(3",
  ),
  edit(
    'php: an assertion is gone',
    'assertion',
    'tests/CartTest.php',
    PHP,
    '        $this->assertSame(0, total([]));\n',
    '',
  ),
  edit(
    'ci: a step is gone',
    'check-removed',
    '.github/workflows/ci.yml',
    WORKFLOW,
    '      - run: npm test\n',
    '',
  ),
  edit(
    'ci: a failure is swallowed',
    'swallowed',
    '.github/workflows/ci.yml',
    WORKFLOW,
    'npm test',
    'npm test || true',
  ),
  edit(
    'ci: goes on',
    'swallowed',
    '.github/workflows/ci.yml',
    WORKFLOW,
    '      - run: npm test',
    '      - run: npm test\n        continue-on-error: true',
  ),
  edit(
    'ci: never',
    'check-removed',
    '.github/workflows/ci.yml',
    WORKFLOW,
    '      - run: npm test',
    '      - if: false\n        run: npm test',
  ),
  edit(
    'ci: not for proposals',
    'check-removed',
    '.github/workflows/ci.yml',
    WORKFLOW,
    '  pull_request:\n',
    '',
  ),
  edit('script: says ok', 'check-removed', 'package.json', PACKAGE, 'tsc --noEmit && vitest run', 'echo ok'),
  edit(
    'script: a part is gone',
    'check-removed',
    'package.json',
    PACKAGE,
    'tsc --noEmit && vitest run',
    'vitest run',
  ),
  edit(
    'script: passes without tests',
    'swallowed',
    'package.json',
    PACKAGE,
    'vitest run',
    'vitest run --passWithNoTests',
  ),
  edit('script: more warnings', 'limit', 'package.json', PACKAGE, '--max-warnings=0', '--max-warnings=500'),
  edit('config: threshold', 'limit', 'vitest.config.ts', VITEST, 'lines: 90', 'lines: 10'),
  edit('config: timeout', 'limit', 'vitest.config.ts', VITEST, 'testTimeout: 5000', 'testTimeout: 500000'),
  edit(
    'config: types',
    'suppression',
    'tsconfig.json',
    '{ "compilerOptions": {\n  "strict": true\n} }',
    '"strict": true',
    '"strict": false',
  ),
  edit(
    'config: a rule is off',
    'suppression',
    '.eslintrc.json',
    '{ "rules": {\n  "no-undef": "error"\n} }',
    '"error"',
    '"off"',
  ),
  edit(
    'config: pytest leaves out',
    'check-removed',
    'pytest.ini',
    '[pytest]\naddopts = -q\n',
    '-q',
    '-q --ignore=tests/unit',
  ),
  edit('config: coverage', 'limit', '.coveragerc', '[report]\nfail_under = 90\n', '90', '20'),
  edit('make: ignored', 'swallowed', 'Makefile', 'test:\n\tpytest\n', '\tpytest', '\t-pytest'),
  {
    name: 'a snapshot is rewritten alone',
    kind: 'snapshot',
    before: { 'src/__snapshots__/cart.test.ts.snap': SNAPSHOT },
    after: { 'src/__snapshots__/cart.test.ts.snap': SNAPSHOT.replace('3', '4') },
  },
  {
    name: 'a test file is deleted',
    kind: 'tests-removed',
    before: { 'test/cart.test.js': JS, 'src/cart.js': 'export const total = 1;\nexport const parse = 2;\n' },
    after: {
      'test/cart.test.js': undefined,
      'src/cart.js': 'export const total = 3;\nexport const parse = 2;\n',
    },
  },
  {
    name: 'a test file is renamed out of the glob',
    kind: 'tests-removed',
    before: { 'test/cart.test.js': JS },
    after: { 'test/cart.test.js': undefined, 'test/cart.js.disabled': JS },
  },
  edit(
    'a linter is silenced in the code',
    'suppression',
    'src/cart.py',
    'import os\n\nx = eval(y)\n',
    'x = eval(y)',
    'x = eval(y)  # noqa',
  ),
  edit(
    'a type error is silenced',
    'suppression',
    'src/cart.py',
    'x: int = y()\n',
    'x: int = y()',
    'x: int = y()  # type: ignore',
  ),
];
