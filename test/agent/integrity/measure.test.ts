import assert from 'node:assert/strict';
import { loosenedLimit } from '../../../server/agent/integrity/limits.ts';
import { goLines, mergeCovered, pythonLines, v8Lines } from '../../../server/agent/integrity/coverage.ts';
import { executedOf } from '../../../server/agent/integrity/executes.ts';
import { roleOf, subjectOf } from '../../../server/agent/integrity/files.ts';
import { testBlocksOf } from '../../../server/agent/integrity/testBlocks.ts';
import { changedUnits, takenBack, textFaults } from '../../../server/agent/integrity/units.ts';
import { isRepair } from '../../../server/agent/verify/isFix.ts';

const lines = (covered: ReadonlyMap<string, ReadonlySet<number>>, path: string) => [
  ...(covered.get(path) ?? []),
];

describe('lines that ran', () => {
  const source = 'function a() {\n  one();\n}\nfunction b() {\n  two();\n}\na();\n';
  const script = (url: string, map?: unknown) =>
    JSON.stringify({
      result: [
        {
          url,
          functions: [
            { ranges: [{ startOffset: 0, endOffset: source.length, count: 1 }] },
            { ranges: [{ startOffset: 0, endOffset: 25, count: 2 }] },
            {
              ranges: [
                {
                  startOffset: source.indexOf('function b'),
                  endOffset: source.indexOf('a();\n', 40),
                  count: 0,
                },
              ],
            },
          ],
        },
      ],
      ...(map === undefined ? {} : { 'source-map-cache': { [url]: map } }),
    });
  const pathOf = (url: string) => (url === 'file:///t/a.js' ? 'a.js' : undefined);

  it('are read from V8, the innermost range decides', () => {
    assert.deepEqual(
      lines(
        v8Lines(script('file:///t/a.js'), pathOf, () => source),
        'a.js',
      ),
      [1, 2, 3, 7],
    );
  });

  it('are found by the source map where what ran is not what was written', () => {
    // Each line of the output stands for one of the source, two further down.
    const map = {
      lineLengths: source.split('\n').map(line => line.length),
      data: { mappings: 'AAEA;AACA;AACA;AACA;AACA;AACA;AACA' },
    };
    assert.deepEqual(
      lines(
        v8Lines(script('file:///t/a.js', map), pathOf, () => source),
        'a.js',
      ),
      [3, 4, 5, 9],
    );
  });

  it('are none of files elsewhere, nor of what is no report', () => {
    assert.equal(v8Lines(script('file:///other.js'), pathOf, () => source).size, 0);
    for (const broken of [
      '',
      '{',
      'null',
      '[]',
      '{"result":5}',
      '{"result":[{"url":"file:///t/a.js","functions":[]}]}',
    ])
      assert.doesNotThrow(() => v8Lines(broken, pathOf, () => source));
  });

  it('are read from a profile of Go', () => {
    const profile =
      'mode: set\nexample.com/m/cart/cart.go:3.20,5.2 1 1\nexample.com/m/cart/cart.go:7.20,8.2 1 0\n';
    assert.deepEqual(lines(goLines(profile, ['cart/cart.go']), 'cart/cart.go'), [3, 4, 5]);
  });

  it('are read from the tracer of Python, with all lines of a statement', () => {
    const text = 'def f():\n    return g(\n        1,\n    )\n\nx = 1\n';
    assert.deepEqual(
      lines(
        pythonLines('{"a.py": [2]}', () => text),
        'a.py',
      ),
      [2, 3, 4],
    );
    assert.equal(pythonLines('{', () => text).size, 0);
  });

  it('of several runs are those of any', () => {
    const merged = mergeCovered([new Map([['a', new Set([1])]]), new Map([['a', new Set([2])]])]);
    assert.deepEqual(lines(merged, 'a'), [1, 2]);
  });
});

describe('changed functions', () => {
  const before =
    'export function a() {\n  return 1;\n}\n\nexport const b = (x: number) => {\n  return x;\n};\n';
  const after = before.replace('return 1', 'return 2').replace('return x', 'return x + 1');
  const units = changedUnits([{ path: 'src/a.ts', before, after }]);

  it('are found with their lines', () => {
    assert.deepEqual(
      units.map(({ head, lines: all, name }) => [name, head, all]),
      [
        ['a', 1, [2]],
        ['b', 5, [6]],
      ],
    );
  });

  it('can be taken back one by one', () => {
    const [first] = units;
    assert.ok(first);
    assert.equal(takenBack(after, first), after.replace('return 2', 'return 1'));
  });

  it('have faults by text where no grammar is known', () => {
    const [unit] = changedUnits([
      { path: 'a.rb', before: 'def f(x)\n  x\nend\n', after: 'def f(x)\n  x + 1\nend\n' },
    ]);
    assert.ok(unit);
    assert.deepEqual(textFaults('def f(x)\n  x + 1\nend\n', unit), ['def f(x)\n  x - 1\nend\n']);
  });

  it('are none where only comments, imports, types or tests changed', () => {
    for (const [path, text] of [
      ['src/a.ts', `// new\n${before}`],
      ['src/a.ts', `import { x } from './x.ts';\n${before}`],
      ['src/a.ts', `type A = 1;\n${before}`],
      ['lib/__init__.py', `__all__ = ["a"]\n${before}`],
      ['test/a.test.ts', after],
      ['README.md', after],
    ] as const)
      assert.deepEqual(changedUnits([{ path, before, after: text }]), [], path);
  });

  it('are missed where no line of the body ran, also if the head did', () => {
    const covered = new Map([['src/a.ts', new Set([1, 2, 5])]]);
    assert.deepEqual(
      executedOf(units, covered).missed.map(({ name }) => name),
      ['b'],
    );
    assert.equal(executedOf(units, covered).lines, 1);
    assert.equal(executedOf(units, undefined).unmeasured.length, 2);
  });
});

describe('files and tests by name', () => {
  const ROLES: readonly (readonly [string, string])[] = [
    ['src/a.ts', 'code'],
    ['src/a.test.ts', 'test'],
    ['test/helper.ts', 'test'],
    ['tests/test_a.py', 'test'],
    ['a_test.go', 'test'],
    ['src/test/java/ATest.java', 'test'],
    ['spec/a_spec.rb', 'test'],
    ['src/contest.ts', 'code'],
    ['src/__snapshots__/a.snap', 'snapshot'],
    ['.github/workflows/ci.yml', 'ci'],
    ['package.json', 'config'],
    ['pyproject.toml', 'config'],
    ['README.md', 'other'],
    ['latest.py', 'code'],
  ];
  for (const [path, role] of ROLES) it(`${path} is ${role}`, () => assert.equal(roleOf(path), role));

  it('are about what they are called after', () => {
    for (const path of ['cart.test.ts', 'test_cart.py', 'cart_test.go', 'CartTest.java', 'src/cart.ts'])
      assert.equal(subjectOf(path), 'cart');
  });

  it('have their blocks found to the last line', () => {
    const text =
      "describe('x', () => {\n  it('a', () => {\n    f();\n  });\n\n  it(\n    'b',\n    async () => {\n      g();\n    },\n  );\n});\n";
    assert.deepEqual(
      testBlocksOf('a.test.ts', text).map(({ end, name, start }) => [name, start, end]),
      [
        ['a', 2, 4],
        ['b', 6, 11],
      ],
    );
  });
});

describe('limits', () => {
  const LOOSER: readonly (readonly [string, string, boolean])[] = [
    ['timeout: 100', 'timeout: 1_000', true],
    ['timeout: 1_000', 'timeout: 100', false],
    ['places=7', 'places=1', true],
    ['places=1', 'places=7', false],
    ['fail_under = 90', 'fail_under = 80', true],
    ['abs=1e-9', 'abs=1e-3', true],
    ['numRuns: 1000', 'numRuns: 10', true],
    ['port: 80', 'port: 8080', false],
    ['expect(x).toBe(5)', 'expect(x).toBe(6)', false],
    ['timeout: 5, port: 1', 'timeout: 6, port: 2', false],
  ];
  for (const [before, after, is] of LOOSER)
    it(`${before} → ${after}: ${is ? 'asks for less' : 'does not'}`, () =>
      assert.equal(loosenedLimit(before, after) !== undefined, is));
});

describe('goals', () => {
  it('of repairs are told from others', () => {
    for (const goal of ['Fix the total of empty carts', 'It crashes on null', 'The price is wrong'])
      assert.ok(isRepair(goal), goal);
    for (const goal of ['Add a cart', 'Rename `fix` to `mend`', 'Write tests for the cart'])
      assert.ok(!isRepair(goal), goal);
    assert.ok(isRepair('Add a cart', true));
  });
});
