import assert from 'node:assert/strict';
import type { Check } from '../../../server/analysis/checks/checks.ts';
import { countTests, didNotBuild, type TestCount } from '../../../server/agent/verify/counts.ts';
import { chooseChecks } from '../../../server/agent/verify/choose.ts';
import { impactedTests, narrowed } from '../../../server/agent/verify/impacted.ts';
import { folderResults } from '../../../server/agent/verify/results.ts';
import { createWorkingChecks } from '../../../server/agent/verify/workingChecks.ts';
import { createWorld, machine, never, PACKAGE, removeWorlds } from './world.ts';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { nodeTreeFiles } from '../../../server/base/node/treeFiles.ts';

const COUNTS: readonly (readonly [name: string, output: string, count: TestCount | undefined])[] = [
  [
    'node',
    '# tests 5\n# suites 0\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0\n',
    { ran: 4, failed: 1, skipped: 1 },
  ],
  [
    'node, spec',
    'ℹ tests 2\nℹ suites 1\nℹ pass 2\nℹ fail 0\nℹ cancelled 0\nℹ skipped 0\n',
    { ran: 2, failed: 0, skipped: 0 },
  ],
  ['mocha', '\n  12 passing (3s)\n  2 pending\n  1 failing\n', { ran: 13, failed: 1, skipped: 2 }],
  ['jest', 'Tests:       1 failed, 2 skipped, 5 passed, 8 total\n', { ran: 6, failed: 1, skipped: 2 }],
  ['vitest', '      Tests  1 failed | 5 passed | 2 skipped (8)\n', { ran: 6, failed: 1, skipped: 2 }],
  ['vitest, all well', '      Tests  5 passed (5)\n', { ran: 5, failed: 0, skipped: 0 }],
  ['pytest', '1 failed, 5 passed, 2 skipped in 0.12s\n', { ran: 6, failed: 1, skipped: 2 }],
  ['pytest, all well', '5 passed in 0.12s\n', { ran: 5, failed: 0, skipped: 0 }],
  [
    'unittest',
    'Ran 5 tests in 0.001s\n\nFAILED (failures=1, skipped=2)\n',
    { ran: 3, failed: 1, skipped: 2 },
  ],
  [
    'cargo',
    'test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured\n\ntest result: ok. 2 passed; 0 failed; 0 ignored; 0 measured\n',
    { ran: 5, failed: 0, skipped: 1 },
  ],
  [
    'maven',
    'Tests run: 2, Failures: 0, Errors: 0, Skipped: 0\n[INFO] Tests run: 7, Failures: 1, Errors: 0, Skipped: 2\n',
    { ran: 5, failed: 1, skipped: 2 },
  ],
  ['rspec', '5 examples, 1 failure, 2 pending\n', { ran: 3, failed: 1, skipped: 2 }],
  ['minitest', '5 runs, 9 assertions, 1 failures, 0 errors, 2 skips\n', { ran: 3, failed: 1, skipped: 2 }],
  ['phpunit', 'OK (5 tests, 9 assertions)\n', { ran: 5, failed: 0, skipped: 0 }],
  [
    'dotnet',
    'Passed!  - Failed:     0, Passed:     5, Skipped:     1, Total:     6\n',
    { ran: 5, failed: 0, skipped: 1 },
  ],
  [
    'go -v',
    '--- PASS: TestA (0.00s)\n    --- PASS: TestA/x (0.00s)\n--- SKIP: TestB (0.00s)\n--- FAIL: TestC (0.00s)\n',
    { ran: 3, failed: 1, skipped: 1 },
  ],
  ['go', 'ok  \tcart\t0.002s\n', undefined],
  ['something else', 'all is well\n', undefined],
];

const check = (part: Partial<Check>): Check => ({
  id: 'x',
  tool: 'x',
  kind: 'tests',
  covers: 'project',
  cost: 'heavy',
  folder: '',
  endings: [],
  program: { name: 'x', local: [] },
  arguments: [],
  evidence: '',
  parse: () => [],
  ...part,
});

describe('what a run says of its tests', () => {
  for (const [name, output, count] of COUNTS)
    it(`is read: ${name}`, () => assert.deepEqual(countTests(output), count));

  it('tells code that does not build from tests that fail', () => {
    assert.ok(didNotBuild('FAIL\tcart [build failed]\n'));
    assert.ok(didNotBuild('error[E0425]: cannot find value\n  --> src/lib.rs:2:5\n'));
    assert.ok(didNotBuild('src/a.ts(1,2): error TS2304: x\n') || didNotBuild('a.ts: error TS2304: x\n'));
    assert.ok(!didNotBuild('AssertionError: 1 !== 2\n'));
  });
});

describe('the checks that judge', () => {
  const texts: Readonly<Record<string, string>> = {
    'package.json': '{ "scripts": { "test": "mocha", "lint": "eslint .", "typecheck": "tsc --noEmit" } }',
    'tsconfig.json': '{}',
    'eslint.config.js': '',
    'package-lock.json': '',
  };
  const project = { paths: Object.keys(texts), text: (path: string) => texts[path] };
  const ids = (names?: readonly string[]) => chooseChecks(project, project, names).checks.map(({ id }) => id);

  it('are run once each, the cheap ones first', () => {
    assert.deepEqual(ids(), ['npm run typecheck', 'npm run lint', 'npm run test']);
  });

  it('are those that the document names, by id, tool or kind', () => {
    assert.deepEqual(ids(['tests']), ['npm run test']);
    assert.deepEqual(ids(['eslint']), ['eslint']);
    assert.deepEqual(chooseChecks(project, project, ['tests', 'bench']).unknown, ['bench']);
  });

  it('are told where the change made one vanish', () => {
    const bare = { paths: ['package.json'], text: () => '{ "scripts": { "test": "mocha" } }' };
    assert.ok(chooseChecks(project, bare, undefined).vanished.includes('npm run lint'));
  });
});

describe('the tests that a change can concern', () => {
  const files: Readonly<Record<string, string>> = {
    'src/price.ts': 'export const price = 1;\n',
    'src/cart.ts': "import { price } from './price.ts';\n",
    'src/other.ts': 'export const other = 1;\n',
    'test/cart.test.ts': "import { cart } from '../src/cart.ts';\n",
    'test/other.test.ts': "import { other } from '../src/other.ts';\n",
    'test/price.test.ts': "import { price } from '../src/price.ts';\n",
  };
  const impacted = (...changed: readonly string[]) =>
    impactedTests(changed, Object.keys(files), path => Promise.resolve(files[path]), never);

  it('are those that import it, also by others', async () => {
    assert.deepEqual([...((await impacted('src/price.ts')) ?? [])].sort(), [
      'test/cart.test.ts',
      'test/price.test.ts',
    ]);
    assert.deepEqual(await impacted('src/other.ts'), ['test/other.test.ts']);
    assert.deepEqual(await impacted('test/other.test.ts'), ['test/other.test.ts']);
  });

  it('are all where nothing is known', async () => assert.equal(await impacted('README.md'), undefined));

  it('are asked for in the words of the runner, and never by a name that is an option', () => {
    assert.deepEqual(
      narrowed(check({ tool: 'pytest', arguments: ['-m', 'pytest'] }), ['tests/test_a.py'], '')?.arguments,
      ['-m', 'pytest', 'tests/test_a.py'],
    );
    assert.deepEqual(narrowed(check({ tool: 'go test' }), ['cart/a_test.go'], '')?.arguments, [
      'test',
      './cart',
    ]);
    const script = check({ tool: 'npm run test', script: true, arguments: ['run', 'test'] });
    assert.deepEqual(narrowed(script, ['test/a.test.ts'], 'vitest run')?.arguments, [
      'run',
      'test',
      '--',
      'test/a.test.ts',
    ]);
    assert.equal(narrowed(script, ['test/a.test.ts'], 'vitest run && echo'), undefined);
    assert.equal(narrowed(check({ tool: 'pytest' }), ['--collect-only.py'], ''), undefined);
  });
});

describe('checks while a task works', () => {
  afterEach(removeWorlds);

  it('run in its own tree, by name', async () => {
    const world = await createWorld({
      'package.json': PACKAGE,
      'src/a.js': 'exports.a = 1;\n',
      'test/a.test.js': "test('a', () => assert.equal(require('../src/a.js').a, 1));\n",
    });
    const all = (folder: string): readonly string[] =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
        statSync(join(folder, name)).isFile(),
      );
    const folder = join(world.tree.root, '../work');
    const checks = await createWorkingChecks(
      {
        tree: world.tree,
        folder,
        checks: undefined,
        paths: () => Promise.resolve(all(world.tree.root).map(path => relative('', path))),
        text: path => Promise.resolve(readFileSync(join(world.tree.root, path), 'utf8')),
      },
      {
        runner: world.runner,
        trees: nodeTreeFiles,
        files: machine.files,
        results: folderResults(machine.files, join(folder, 'results')),
        findProgram: program => Promise.resolve([program.name]),
        confined: true,
      },
    );
    assert.deepEqual(checks.names(), ['npm run test', 'impacted']);
    assert.equal((await checks.run('npm run test', never)).ok, true);
    world.change({ 'src/a.js': 'exports.a = 2;\n' });
    const bad = await checks.run('impacted', never);
    assert.equal(bad.ok, false);
    assert.match(bad.output, /not ok a/);
    assert.deepEqual(world.commands[0]?.confinement?.writable, [world.tree.root, folder]);
    assert.equal((await checks.run('format the disk', never)).ok, false);
  });
});
