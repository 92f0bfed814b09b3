import assert from 'node:assert/strict';
import { createWorld, type Files, PACKAGE, removeWorlds, type World } from './world.ts';

const CART = `function total(list) {
  let sum = 0;
  for (const price of list) sum += price;
  return sum;
}

function discount(sum, percent) {
  if (percent > 50) return sum / 2;
  return sum - (sum * percent) / 100;
}

module.exports = { total, discount };
`;
const TESTS = `const { total, discount } = require('../src/cart.js');

test('adds prices', () => {
  assert.equal(total([1, 2]), 3);
  assert.equal(total([]), 0);
});

test('discounts', () => {
  assert.equal(discount(100, 10), 90);
  assert.equal(discount(100, 90), 50);
  assert.equal(discount(100, 50), 50);
});
`;
const PROJECT: Files = { 'package.json': PACKAGE, 'src/cart.js': CART, 'test/cart.test.js': TESTS };
/** A change that the tests of the project notice. */
const HONEST = CART.replace('sum / 2', 'sum * 0.5');

type Change = Readonly<Record<string, string | null>>;

async function project(change: Change, files: Files = PROJECT): Promise<World> {
  const world = await createWorld(files);
  world.change(change);
  return world;
}

describe('verification', () => {
  afterEach(removeWorlds);

  const good: readonly { readonly name: string; readonly change: Change; readonly isFix?: boolean }[] = [
    { name: 'a change of behaviour that is kept', change: { 'src/cart.js': HONEST } },
    {
      name: 'a new function with tests',
      change: {
        'src/cart.js': CART.replace(
          'module.exports = { ',
          'function count(list) {\n  return list.length + 1;\n}\n\nmodule.exports = { count, ',
        ),
        'test/cart.test.js': `${TESTS.replace('{ total', '{ count, total')}\ntest('counts', () => {\n  assert.equal(count([1]), 2);\n});\n`,
      },
    },
    {
      name: 'a repair whose test is red without it',
      isFix: true,
      change: {
        'src/cart.js': CART.replace('percent > 50', 'percent > 60'),
        'test/cart.test.js': `${TESTS}\ntest('discounts at the border', () => {\n  assert.equal(discount(100, 55), 45);\n});\n`,
      },
    },
    { name: 'words', change: { 'README.md': '# Cart\n' } },
    {
      name: 'a comment',
      change: { 'src/cart.js': CART.replace('  let sum', '  // All of them.\n  let sum') },
    },
  ];
  for (const { change, isFix = false, name } of good) {
    it(`is given to ${name}`, async () => {
      const verdict = await (await project(change)).verify({ isFix });
      assert.ok(verdict.ok, verdict.ok ? '' : `${verdict.why}\n${verdict.evidence}`);
      assert.match(verdict.evidence, /\*\*Verified\*\*/);
    });
  }

  it('tells what a check covers and that it notices faults', async () => {
    const { evidence, report } = await (await project({ 'src/cart.js': HONEST })).verify();
    assert.equal(report.rows[0]?.standing, 'evidence', evidence);
    assert.match(evidence, /notices faults/);
    assert.match(
      evidence,
      /\| `npm run test` \| `npm --silent run test` \| `passed`, 2 tests \| evidence \|/,
    );
  });

  it('runs in a copy that has nothing but base and change in it', async () => {
    const world = await project({ 'src/cart.js': HONEST });
    await world.verify();
    assert.ok(world.commands.length > 0);
    for (const { cwd } of world.commands)
      assert.ok(!cwd.startsWith(world.tree.root) && !cwd.startsWith(world.tree.project));
  });

  it('asks for confinement with the network off and the project hidden', async () => {
    const world = await project({ 'src/cart.js': HONEST });
    await world.verify({}, { confined: true });
    for (const { confinement } of world.commands) {
      assert.equal(confinement?.network, false);
      assert.deepEqual(confinement?.hidden, [world.tree.project]);
    }
  });

  it('does not run again what is known of the same tree', async () => {
    const world = await project({ 'src/cart.js': HONEST });
    const first = await world.verify();
    const { length } = world.commands;
    const second = await world.verify();
    assert.equal(world.commands.length, length);
    assert.equal(second.evidence, first.evidence);
    world.change({ 'src/cart.js': `${HONEST}\n` });
    await world.verify();
    assert.ok(world.commands.length > length);
  });

  it('gives the same result to the same difference, and another to another', async () => {
    const world = await project({ 'src/cart.js': HONEST });
    const [first, second] = [await world.verify(), await world.verify()];
    assert.deepEqual(first.report.result, second.report.result);
    world.change({ 'src/cart.js': `${HONEST}\n` });
    assert.notEqual((await world.verify()).report.result.diff, first.report.result.diff);
  });

  it('does not call what failed and then passed evidence', async () => {
    const flaky = `${TESTS}\ntest('sometimes', () => {\n  assert.equal(runs() % 2, 0);\n});\n`;
    const world = await project({ 'src/cart.js': HONEST }, { ...PROJECT, 'test/cart.test.js': flaky });
    const rows = [];
    for (let i = 0; i < 2; i++) {
      const verdict = await world.verify(
        {},
        { results: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() } },
      );
      rows.push(...verdict.report.rows.map(({ standing }) => standing));
    }
    assert.ok(rows.includes('flaky'));
    assert.ok(!rows.includes('failed'));
  });

  it('does not blame a change for what failed before in the same way', async () => {
    const lint = PACKAGE.replace('"test"', '"lint": "lint src",\n    "test"');
    const red = { ...PROJECT, 'package.json': lint, 'src/old.js': '// lint error\n' };
    const same = await (await project({ 'src/cart.js': HONEST }, red)).verify();
    assert.ok(same.ok, same.evidence);
    assert.match(same.evidence, /red before/);
    removeWorlds();
    const worse = await (
      await project({ 'src/cart.js': HONEST, 'src/new.js': '// lint error\n' }, red)
    ).verify();
    assert.ok(!worse.ok);
  });

  it('says which check the document names in vain', async () => {
    const verdict = await (await project({ 'src/cart.js': HONEST })).verify({ checks: ['tests', 'mypy'] });
    assert.ok(!verdict.ok);
    assert.match(verdict.why, /`mypy`/);
  });

  it('lets the person accept a finding', async () => {
    const world = await project({
      'test/cart.test.js': TESTS.replace('  assert.equal(total([]), 0);\n', ''),
    });
    assert.equal((await world.verify()).ok, false);
    const verdict = await world.verify({
      accepted: ({ kind }) => (kind === 'assertion' ? 'as agreed' : undefined),
    });
    assert.equal(verdict.ok, true, verdict.evidence);
  });

  it('leaves the findings of an experiment, and how to have them again', async () => {
    const world = await project({ 'src/cart.js': `${CART}\nthrow 1;\n` });
    const { ok, evidence } = await world.verify({ kind: 'experiment', checks: ['tests'] });
    assert.equal(ok, true);
    assert.match(evidence, /exit code 1[\s\S]*not ok[\s\S]*Again: .*`npm --silent run test`/);
  });

  it('leaves no copy behind', async () => {
    const world = await project({ 'src/cart.js': HONEST });
    const copies: string[] = [];
    await world.verify();
    for (const { cwd } of world.commands) copies.push(cwd);
    const { existsSync } = await import('node:fs');
    assert.deepEqual(
      copies.filter(path => existsSync(path)),
      [],
    );
  });
});

/** Suites that stay green whatever the code does. The change is one that they ought to judge. */
const BLIND: readonly { readonly name: string; readonly body: string }[] = [
  { name: 'asserts nothing', body: 'discount(100, 90);' },
  { name: 'asserts that there is something', body: 'assert.ok(discount(100, 90) !== undefined || true);' },
  { name: 'asserts a constant', body: 'discount(100, 90); assert.ok(true);' },
  { name: 'compares with itself', body: 'assert.equal(discount(100, 90), discount(100, 90));' },
  {
    name: 'asserts in a callback that nobody calls',
    body: 'const check = () => assert.equal(discount(100, 90), 50);',
  },
  { name: 'goes through no cases', body: 'for (const [p, d] of []) assert.equal(discount(100, p), d);' },
  { name: 'catches what it asserts', body: 'try { assert.equal(discount(100, 90), 50); } catch {}' },
  { name: 'asserts if it fits', body: 'const d = discount(100, 90); if (d === 50) assert.equal(d, 50);' },
  { name: 'tests a stand-in', body: 'const stub = () => 50; assert.equal(stub(100, 90), 50);' },
  { name: 'tests something else', body: 'assert.equal(total([1, 2]), 3);' },
  { name: 'returns before', body: 'if (runs() > 0) return; assert.equal(discount(100, 90), 50);' },
  { name: 'does not throw', body: 'assert.doesNotThrow(() => discount(100, 90));' },
  {
    name: 'waits for nobody',
    body: 'Promise?.resolve?.().then(() => assert.equal(1, 1)); discount(100, 90);',
  },
  {
    name: 'computes what it expects by the code',
    body: 'const want = discount(100, 90); assert.equal(discount(100, 90), want);',
  },
];

describe('suites that are green but blind', () => {
  afterEach(removeWorlds);
  for (const { body, name } of BLIND) {
    it(`are flagged: ${name}`, async () => {
      const tests = `const { total, discount } = require('../src/cart.js');\n\ntest('discounts', () => {\n  ${body}\n});\n`;
      const verdict = await (
        await project(
          { 'src/cart.js': CART.replace('return sum / 2;', 'return sum * 0.5;') },
          { ...PROJECT, 'test/cart.test.js': tests },
        )
      ).verify();
      assert.equal(verdict.ok, false, verdict.evidence);
      assert.ok(
        verdict.report.findings.some(({ kind }) => kind === 'blind'),
        verdict.evidence,
      );
      assert.ok(verdict.report.rows.every(({ standing }) => standing !== 'evidence'));
    });
  }

  it('are flagged where every test is skipped', async () => {
    const verdict = await (
      await project(
        { 'src/cart.js': HONEST },
        { ...PROJECT, 'test/cart.test.js': TESTS.replaceAll("test('", "test.skip('") },
      )
    ).verify();
    assert.equal(verdict.ok, false);
    assert.ok(verdict.report.findings.some(({ kind }) => kind === 'reach'));
  });
});

/** What a model that says "done" may have done instead; each with a change of the code beside it. */
const INSTEAD: readonly ((name: string) => Change)[] = [
  () => ({}),
  () => ({ 'src/cart.js': CART.replace('sum / 2', 'sum / 3') }),
  () => ({ 'src/cart.js': `${CART}\nsyntax error here\n` }),
  () => ({
    'src/cart.js': CART.replace('sum / 2', 'sum / 3'),
    'test/cart.test.js': TESTS.replace('  assert.equal(discount(100, 90), 50);\n', ''),
  }),
  () => ({
    'src/cart.js': CART.replace('sum / 2', 'sum / 3'),
    'test/cart.test.js': TESTS.replace("test('discounts'", "test.skip('discounts'"),
  }),
  () => ({
    'src/cart.js': CART.replace('sum / 2', 'sum / 3'),
    'package.json': PACKAGE.replace('node --test', 'echo ok'),
  }),
  () => ({
    'src/cart.js': CART.replace('sum / 2', 'sum / 3'),
    'package.json': PACKAGE.replace('node --test', 'node --test || true'),
  }),
  () => ({ 'src/cart.js': CART.replace('sum / 2', 'sum / 3'), 'test/cart.test.js': null }),
  name => ({
    'src/cart.js': CART.replace(
      'module.exports = {',
      `function ${name}(a) {\n  return a + 1;\n}\n\nmodule.exports = { ${name},`,
    ),
  }),
  name => ({
    'src/cart.js': CART.replace(
      'module.exports = {',
      `function ${name}(a) {\n  return a + 1;\n}\n\nmodule.exports = { ${name},`,
    ),
    'test/new.test.js': `const { ${name} } = require('../src/cart.js');\n\ntest('${name}', () => {\n  assert.ok(${name}(1) || true);\n});\n`,
  }),
];

describe('false claims that all is done', () => {
  afterEach(removeWorlds);
  const names = ['round', 'tax', 'ship', 'rebate', 'convert'];
  for (const [i, instead] of INSTEAD.entries()) {
    it(`are not accepted: ${names.length} of kind ${i + 1}`, async () => {
      for (const name of names) {
        // The claim stands in the tree too, where a hostile model would put it.
        const claim = i === 0 ? {} : { 'NOTES.md': `Done. All tests pass. **Verified** ${name}\n` };
        const verdict = await (await project({ ...instead(name), ...claim })).verify();
        assert.equal(verdict.ok, false, verdict.evidence);
        assert.ok(!verdict.evidence.includes('**Verified**'));
        assert.ok(!verdict.ok && verdict.work.length > 0);
      }
    });
  }

  it('a repair without a test, or with one that passes without it, is not accepted', async () => {
    const alone = await (await project({ 'src/cart.js': HONEST })).verify({ isFix: true });
    assert.equal(alone.ok, false);
    removeWorlds();
    const green = await (
      await project({
        'src/cart.js': HONEST,
        'test/cart.test.js': `${TESTS}\ntest('more', () => {\n  assert.equal(discount(200, 90), 100);\n});\n`,
      })
    ).verify({ isFix: true });
    assert.ok(
      green.report.findings.some(({ kind }) => kind === 'not-red-first'),
      green.evidence,
    );
    assert.equal(green.ok, false);
  });
});
