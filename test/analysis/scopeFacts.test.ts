/** The facts of names that are joined from parts are those of the whole file, and an edit walks one part only. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { factsOf } from '../../server/analysis/scopes/facts.ts';
import { visibleAt } from '../../server/analysis/scopes/model.ts';
import type { ScopeFacts, ScopeModel } from '../../server/analysis/scopes/model.ts';
import { scopeFacts, scopeModel } from '../../server/analysis/scopes.ts';
import { Document } from '../../server/base/document.ts';
import { SyntaxTrees } from '../../server/syntax/trees.ts';
import { loadWasm } from './bench.ts';

const TYPESCRIPT = [
  "import one, { two as deux, type Three } from 'm';",
  "import * as everything from './aVeryLongModuleNameThatIsNotCopied';",
  "const { read, write: put } = require('fs');",
  "import { two as deux } from 'again';",
  'export function first(rows: Three[], count = one) { let inner = rows; return inner.map(x => x.name + count); }',
  'function lazy() { const late = require("late"); return everything.of(put, unknownName); }',
  'class Box<T> extends Base { field = deux; method(other: T) { this.field = other; } }',
  'total = first(total);',
  'let total2 = read + total;',
  'declare global { var fromGlobal: string; }',
  'namespace Inner { export const a = 1; }',
  'namespace Inner { export const b = a; }',
  '/** Uses {@link somethingMentioned}. */',
  'if (typeof guarded === "x") { var hoisted = fromGlobal; }',
  'type Cond<T> = T extends Array<infer U> ? U : never;',
  'export { hoisted, missing };',
  'label: for (const i of []) { i; }',
  'const jsx = 1; const first = 2;',
];
const PYTHON = [
  'from typing import cast, Sequence as Seq',
  'import os.path, sys as system',
  'from .near import *',
  'import sys as system',
  'def first(rows: "Quoted", count=1):\n    global total\n    total = rows\n    return [x for x in rows if x]',
  'def outer():\n    a = 1\n    def inner():\n        nonlocal a\n        a = unknown_name\n    return inner',
  'class Box(Base):\n    field: Seq = 1\n    def method(self):\n        return field + self.field',
  'total = first(system)',
  'try:\n    import quick\nexcept ImportError:\n    quick = None',
  '__all__ = ["first", "mentioned_in_all"]',
  'print(os, total, cast("Late", 1))',
  'match total:\n    case [a, *rest]:\n        print(rest)',
  'total += 1',
];

function seen(
  facts: ScopeFacts,
  text: string,
  visible: (offset: number) => readonly { name: string; kind: string }[],
) {
  const words = [...new Set(text.match(/\w+/g))];
  const offsets = Array.from({ length: text.length + 1 }, (_, at) => at).filter(at => at % 5 === 0);
  return {
    unresolved: facts.unresolved.map(({ name, start, end, role, guarded }) => ({
      name,
      start,
      end,
      role,
      guarded,
    })),
    importBindings: facts.importBindings.map(each => ({ ...each, imported: plain(each.imported) })),
    imports: facts.imports.map(each => ({ ...each, names: each.names.map(plain) })),
    members: facts.members,
    declaredMembers: [...facts.declaredMembers],
    mentioned: [...facts.mentioned],
    open: facts.open,
    jsx: facts.jsx,
    times: words.map(word => facts.timesUsed(word)),
    parameters: words.map(word => facts.hasParameter(word)),
    uses: offsets.map(at => facts.useAt(at)).map(use => use && [use.name, use.role, use.start]),
    visible: offsets.map(at =>
      visible(at)
        .filter(({ kind }) => kind !== 'implicit')
        .map(({ name, kind }) => `${name} ${kind}`),
    ),
  };
}

function plain({
  statement,
  ...name
}: {
  readonly statement: { readonly module: string; readonly start: number };
}) {
  return { ...name, module: statement.module, at: statement.start };
}

/** Opens a document whose text can be set, and gives what is asked of its tree. */
function opened(name: string) {
  let document = new Document(`file:///${name}`, '', 1, '');
  const trees = new SyntaxTrees({
    documents: { get: () => document },
    loadWasm,
    log: { write: () => {} },
  });
  return {
    trees,
    async read<T>(
      text: string,
      use: (walked: number, facts: ScopeFacts, model: ScopeModel) => T,
    ): Promise<T> {
      document = new Document(document.uri, '', document.version + 1, text);
      let result: { value: T } | undefined;
      await trees.read(document.uri, ({ tree, grammar }) => {
        let walked = 0;
        const facts = scopeFacts(tree, grammar, () => walked++);
        const model = scopeModel(tree, grammar);
        assert(facts && model);
        result = { value: use(walked, facts, model) };
      });
      assert(result);
      return result.value;
    },
  };
}

const same = (text: string) => (_: number, facts: ScopeFacts, model: ScopeModel) =>
  assert.deepEqual(
    seen(facts, text, at => facts.visibleAt(at)),
    seen(factsOf(model), text, at => visibleAt(model, at)),
  );

describe('analysis/scopes: facts', () => {
  for (const [name, lines] of [
    ['a.ts', TYPESCRIPT],
    ['a.py', PYTHON],
  ] as const) {
    it(`are those of the whole ${name}, whatever its parts and the edits before`, async () => {
      const file = opened(name);
      const steps = fc.array(fc.shuffledSubarray([...lines]), { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(steps, async all => {
          for (const some of all) {
            const text = `${some.join('\n')}\n`;
            await file.read(text, same(text));
          }
        }),
        { numRuns: 60, seed: 7 },
      );
      file.trees.release();
    }).timeout(10_000);
  }

  it('walk one part after an edit within it, and none after an edit between parts', async () => {
    const file = opened('a.ts');
    const functions = Array.from(
      { length: 50 },
      (_, i) => `// The next of ${i}.\nfunction f${i}() { return f${i + 1}; }\n`,
    );
    assert.equal(await file.read(functions.join(''), walked => walked), 100);
    functions[20] = 'function f20() { return slip; }\n';
    const [walked, unresolved] = await file.read(functions.join(''), (count, facts) => [
      count,
      facts.unresolved.map(({ name, start }) => ({ name, start })),
    ]);
    assert.ok(walked <= 2, `${walked} parts`);
    const text = functions.join('');
    assert.deepEqual(unresolved, [
      { name: 'slip', start: text.indexOf('slip') },
      { name: 'f50', start: text.indexOf('f50;') },
    ]);
    assert.ok((await file.read(`\n\n${text}`, count => count)) <= 1);
    file.trees.release();
  });
});
