/** The same with real programs: Node's own test runner and Python's, each where it is installed. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createWorld, type Files, PACKAGE, removeWorlds } from './world.ts';

const NODE: Files = {
  'package.json': PACKAGE,
  'src/cart.js': 'exports.total = list => {\n  return list.length;\n};\n',
  'test/cart.test.js': `const { test } = require('node:test');
const assert = require('node:assert');
const { total } = require('../src/cart.js');

test('total', () => assert.equal(total([1]), 1));
`,
};
const PYTHON: Files = {
  'shop.py': 'def total(prices):\n    return len(prices)\n',
  'test_shop.py': `import unittest
from shop import total


class ShopTest(unittest.TestCase):
    def test_total(self):
        self.assertEqual(total([1]), 1)
`,
};

describe('verification with real programs', function () {
  this.timeout(60_000);
  afterEach(removeWorlds);

  it('measures the lines that Node goes through, and misses none of two functions', async () => {
    const world = await createWorld(NODE, 'real');
    world.change({
      'src/cart.js': `exports.total = list => {
  return list.length + 0;
};

exports.unused = list => {
  return list.length - 1;
};
`,
    });
    const { evidence, ok, report } = await world.verify({ faultsMs: 0 });
    assert.equal(ok, false);
    const missed = report.findings.filter(({ kind }) => kind === 'not-executed');
    assert.deepEqual(
      missed.map(({ line }) => line),
      [5],
      evidence,
    );
    assert.equal(report.rows[0]?.run.tests?.ran, 1);
    assert.match(evidence, /\d of \d changed lines/);
  });

  it('measures the lines that Python goes through, and notices faults there', async function () {
    if (spawnSync('python3', ['--version']).status !== 0) {
      console.log('      python3 is not installed here');
      this.skip();
    }
    const world = await createWorld(PYTHON, 'real');
    world.change({
      'shop.py': `def total(prices):\n    count = len(prices)\n    return count + 0\n\n\ndef unused(prices):\n    return len(prices) - 1\n`,
    });
    const { evidence, report } = await world.verify();
    const kinds = report.findings.map(({ kind, line }) => `${kind} ${line}`);
    assert.deepEqual(kinds, ['not-executed 6'], evidence);
    assert.equal(report.rows[0]?.run.tests?.ran, 1);
    assert.match(evidence, /notices faults/);
  });

  it('runs confined, with the dependencies of the project and without the project', async function () {
    const world = await createWorld(
      {
        ...NODE,
        'node_modules/dep/index.js': 'module.exports = 1;\n',
        'test/dep.test.js': `const { test } = require('node:test');
const assert = require('node:assert');
const { writeFileSync } = require('node:fs');

test('sees its dependencies', () => assert.equal(require('dep'), 1));
test('cannot write to them', () => assert.throws(() => writeFileSync(require.resolve('dep'), '')));
`,
      },
      'confined',
    );
    const isolation = await world.runner.isolation();
    if (isolation !== 'bubblewrap' && isolation !== 'namespaces') {
      console.log(`      programs can be confined by ${isolation} here`);
      this.skip();
    }
    world.change({ 'src/cart.js': 'exports.total = list => {\n  return list.length + 0;\n};\n' });
    const verdict = await world.verify({ faultsMs: 20_000 });
    assert.equal(verdict.ok, true, verdict.evidence);
    assert.deepEqual([...new Set(verdict.report.rows.map(({ run }) => run.isolation))], [isolation]);
  });
});
