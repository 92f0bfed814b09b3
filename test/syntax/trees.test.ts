import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Document } from '../../server/base/document.ts';
import { describeProblem, isWorse } from '../../server/syntax/errors.ts';
import { grammarOf } from '../../server/syntax/grammars.ts';
import type { SyntaxNode } from '../../server/syntax/tree.ts';
import { MAX_TREE_LENGTH, SyntaxTrees } from '../../server/syntax/trees.ts';
import { loadWasm } from '../analysis/bench.ts';

function setUp(texts: Record<string, string>, load = loadWasm) {
  const documents = new Map(
    Object.entries(texts).map(([name, text]) => [
      `file:///${name}`,
      new Document(`file:///${name}`, '', 1, text),
    ]),
  );
  const log: string[] = [];
  const trees = new SyntaxTrees({ documents, loadWasm: load, log: { write: (_, line) => log.push(line) } });
  return { documents, trees, log };
}

/** Types and places of all nodes: equal shapes are equal trees. */
function shape(node: SyntaxNode): string {
  const inner = node.children.map(shape).join(' ');
  return `(${node.field ?? ''}:${node.type} ${node.start}-${node.end} ${inner})`;
}

describe('syntax/grammars', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['typescript', '/a.ts', 'typescript'],
    ['typescript', '/a.tsx', 'tsx'],
    ['typescriptreact', '/a', 'tsx'],
    ['', '/a.jsx', 'javascript'],
    ['c', '/a.h', 'cpp'],
    ['sh', '/a', 'bash'],
    ['plaintext', '/a.py', 'python'],
    ['lua', '/a.lua', undefined],
  ];
  for (const [id, path, grammar] of cases)
    it(`reads ${id || 'no id'} ${path} with ${grammar ?? 'nothing'}`, () =>
      assert.equal(grammarOf(id, path), grammar));
});

describe('syntax/trees', () => {
  describe('with a part of the file that is as good as all of it', () => {
    const part = (i: number): string =>
      `  it('does ${i}', () => {\n    const a = [${i}, f(${i}), { b: ${i} }];\n${'    expect(a.map(x => x + 1)).toEqual([1, 2]);\n'.repeat(3)}  });\n`;
    const all = (parts: readonly string[]): string => `describe('all', () => {\n${parts.join('')}});\n`;
    const uri = 'file:///a.ts';
    const walk = async (trees: SyntaxTrees) => {
      const seen = await trees.read(uri, ({ tree }) => ({
        shape: shape(tree.root),
        read: tree.nodesRead,
        hasError: tree.hasError,
      }));
      assert(seen);
      return seen;
    };
    const forty = (): string[] => Array.from({ length: 40 }, (_, i) => part(i));

    it('reads little more than what was edited', async () => {
      const parts = forty();
      const { documents, trees } = setUp({ 'a.ts': all(parts) });
      const first = await walk(trees);
      parts[20] = part(1000);
      documents.get(uri)?.update([{ text: all(parts) }], 2);
      const second = await walk(trees);
      assert.ok(second.read < first.read / 5, `${second.read} of ${first.read} nodes`);
      // What was taken over is taken over again.
      parts[3] = part(2000);
      documents.get(uri)?.update([{ text: all(parts) }], 3);
      const third = await walk(trees);
      assert.ok(third.read < first.read / 5, `${third.read} of ${first.read} nodes`);
      trees.release();
    });

    it('gets the tree that a fresh parse gets', async () => {
      const parts = forty();
      const { documents, trees } = setUp({ 'a.ts': all(parts) });
      const edits: Readonly<Record<string, (old: string, at: number) => string>> = {
        new: (_, at) => part(at + 1000),
        gone: () => '',
        slip: old => old.replace('const', 'let '),
        nested: old => old.replace('[1, 2]', '[() => { return [1, 2]; }]'),
        broken: old => old.replace('toEqual', 'to('),
      };
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(fc.nat(39), fc.constantFrom(...Object.keys(edits)), async (at, how) => {
          parts[at] = edits[how]?.(parts[at] as string, at) ?? '';
          documents.get(uri)?.update([{ text: all(parts) }], 2);
          const seen = await walk(trees);
          const fresh = setUp({ 'a.ts': all(parts) });
          const wanted = await walk(fresh.trees);
          fresh.trees.release();
          if (how === 'broken') parts[at] = part(at);
          // Recovery from errors may differ between a tree that was edited and a fresh one.
          if (wanted.hasError) return;
          compared++;
          assert.equal(seen.shape, wanted.shape);
        }),
        { numRuns: 25, seed: 3 },
      );
      assert.ok(compared > 10, `${compared} compared`);
      trees.release();
    });
  });

  it('keeps a tree in step with any edits', async () => {
    const { documents, trees } = setUp({ 'a.ts': '' });
    const fragments = [
      'const a = 1;\n',
      'function f(x) {\n  return x;\n}\n',
      'class C { m() {} }\n',
      'let s = "😀";\n',
      'f();\n',
    ];
    const uri = 'file:///a.ts';
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(8), fc.nat(2), fc.constantFrom(...fragments), fc.boolean()), {
          minLength: 1,
          maxLength: 12,
        }),
        async edits => {
          let parts: string[] = [];
          documents.set(uri, new Document(uri, 'typescript', 1, ''));
          for (const [at, remove, text, looked] of edits) {
            parts = [...parts.slice(0, at), text, ...parts.slice(at + remove)];
            const whole = parts.join('');
            documents.set(uri, new Document(uri, 'typescript', 1, whole));
            // Some states nobody looks into: only what stands at a place is asked.
            if (!looked) {
              const around = await trees.read(uri, view => view.around(whole.length - 1).at(-1));
              assert.equal(around?.type, 'program');
              continue;
            }
            const fresh = setUp({ 'a.ts': whole });
            const incremental = await trees.read(uri, view => shape(view.tree.root));
            const again = await fresh.trees.read(uri, view => shape(view.tree.root));
            fresh.trees.release();
            assert.equal(incremental, again);
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('finds the smallest node at a place', async () => {
    const { trees } = setUp({ 'a.py': 'def f(abc):\n    return abc\n' });
    const types = await trees.read('file:///a.py', ({ tree }) => {
      const leaf = tree.nodeAt(7, 8);
      return [
        leaf.type,
        leaf.text,
        leaf.parent?.type,
        leaf.closest(node => node.type === 'function_definition')?.child('name')?.text,
      ];
    });
    assert.deepEqual(types, ['identifier', 'abc', 'parameters', 'f']);
  });

  it('tells the nodes around a character, the smallest first', async () => {
    const { trees } = setUp({ 'a.ts': 'f("one");\n' });
    const around = await trees.read('file:///a.ts', view => view.around(4));
    assert.deepEqual(around?.map(({ type, start, end }) => [type, start, end]).slice(0, 3), [
      ['string_fragment', 3, 6],
      ['string', 2, 7],
      ['arguments', 1, 8],
    ]);
  });

  it('gives up on texts that are too long, and takes them back when they shrink', async () => {
    const { documents, trees } = setUp({ 'a.js': 'a;' });
    assert.equal(await trees.read('file:///a.js', () => 'read'), 'read');
    documents.set('file:///a.js', new Document('file:///a.js', '', 2, ' '.repeat(MAX_TREE_LENGTH + 1)));
    assert.equal(await trees.read('file:///a.js', () => 'read'), undefined);
    assert.equal(trees.size, 0);
    documents.set('file:///a.js', new Document('file:///a.js', '', 3, 'b;'));
    assert.equal(await trees.read('file:///a.js', view => view.tree.root.text), 'b;');
  });

  it('keeps a bounded number of trees', async () => {
    const texts = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`${at}.js`, `x${at};`]));
    const { trees } = setUp(texts);
    for (const name of Object.keys(texts)) await trees.read(`file:///${name}`, () => undefined);
    assert.ok(trees.size <= 12);
    trees.release();
    assert.equal(trees.size, 0);
  });

  it('says once that a grammar cannot be loaded and goes on without it', async () => {
    const { trees, log } = setUp({ 'a.py': 'x', 'b.py': 'y' }, async name => {
      if (name.includes('python')) throw new Error('no such file');
      return loadWasm(name);
    });
    assert.equal(await trees.read('file:///a.py', () => 1), undefined);
    assert.equal(await trees.read('file:///b.py', () => 1), undefined);
    assert.equal(log.length, 1);
    assert.match(log[0] ?? '', /python.*no such file/);
  });

  it('tells damage in words and whether it got worse', async () => {
    const { trees } = setUp({ 'a.ts': 'function f() {\n  return (1 + 2;\n}\n' });
    await trees.read('file:///a.ts', view => {
      assert.equal(view.damage.problems.length, 1);
      const [problem] = view.damage.problems;
      assert.ok(problem);
      assert.match(describeProblem(problem, view.tree.text), /^Line 2: /);
      const mended = view.overlay('function f() {\n  return (1 + 2);\n}\n');
      const broken = view.overlay('function f( {\n  return (1 + 2;\n');
      assert.ok(mended && broken);
      assert.equal(isWorse(view.damage, mended.damage), false);
      assert.equal(isWorse(mended.damage, view.damage), true);
      assert.equal(isWorse(view.damage, broken.damage), true);
      mended.release();
      broken.release();
    });
  });
});
