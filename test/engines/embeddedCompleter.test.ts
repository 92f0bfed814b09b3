import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EmbeddedCompleter } from '../../server/engines/embedded/completer.ts';
import { indentUnit } from '../../server/engines/embedded/openFile.ts';
import { fitBetween, repeatsNeighbour } from '../../server/engines/embedded/tidy.ts';
import type { EmbeddedRequest } from '../../server/engines/embedded/types.ts';
import { createCorpus } from '../../server/index/corpus.ts';
import { TokenStore } from '../../server/index/tokenStore.ts';
import { at, breathe, completerOf } from '../support/embedded.ts';
import type { Files } from '../support/embedded.ts';

/** Ten files that do the same thing in the same way. */
const routine: Files = Object.fromEntries(
  ['user', 'order', 'item', 'price', 'stock', 'cart', 'label', 'event', 'place', 'rule'].map(name => [
    `/w/src/${name}.ts`,
    `import { openDatabase } from './database.ts';

export async function load${name}(id: string): Promise<unknown> {
  const database = await openDatabase(settings.path);
  const row = await database.find('${name}', id);
  if (row === undefined) {
    throw new MissingError(id);
  }
  return row.value;
}
`,
  ]),
);

const opening = `import { openDatabase } from './database.ts';

export async function loadcolour(id: string): Promise<unknown> {
`;

interface Scene {
  readonly name: string;
  readonly text: string;
  readonly first: string;
  readonly options?: Partial<EmbeddedRequest>;
}

const scenes: readonly Scene[] = [
  {
    name: 'the rest of a line from the workspace',
    text: `${opening}  const database = $0\n}`,
    first: 'await openDatabase(settings.path);',
  },
  {
    name: 'without the space that is missing',
    text: `${opening}  const database =$0\n}`,
    first: ' await openDatabase(settings.path);',
  },
  {
    name: 'inside a word',
    text: `${opening}  const database = await openDat$0\n}`,
    first: 'abase(settings.path);',
  },
  {
    name: 'at the beginning of a line',
    text: `${opening}  $0\n}`,
    first: 'const database = await openDatabase(settings.path);',
  },
  {
    name: 'before text that stands already',
    text: `${opening}  const database = await openDatabase($0);\n}`,
    first: 'settings.path',
  },
  {
    name: 'unasked when sure',
    text: `${opening}  const database = await $0\n}`,
    first: 'openDatabase(settings.path);',
    options: { trigger: 'automatic' },
  },
];

describe('embedded completer', () => {
  let completer: EmbeddedCompleter;
  before(async () => {
    completer = await completerOf(routine);
  });

  for (const { name, text, first, options } of scenes) {
    it(`completes ${name}`, () => {
      assert.equal(completer.complete(at(text, options)).candidates[0]?.text, first);
    });
  }

  it('continues to a block, and stops where the block ends', () => {
    const text = `${opening}  const database = await openDatabase(settings.path);
  const row = await database.find('colour', id);
  if (row === undefined) $0
`;
    const { candidates } = completer.complete(at(text, { maxLines: 10 }));
    assert.match(candidates[0]?.text ?? '', /^\{\n {4}throw new MissingError\(.*\);\n {2}\}$/);
  });

  it('learns from the open file alone, at once', async () => {
    const cold = await completerOf({});
    const lines = ['a', 'b', 'c', 'd'].map(name => `  registry.register('${name}', new Handler(options));`);
    const { candidates } = cold.complete(at(`${lines.join('\n')}\n  registry.$0`));
    assert.match(candidates[0]?.text ?? '', /^register\('/);
  });

  it('learns from the mirrored document where the request holds only a window of it', async () => {
    const store = new TokenStore();
    const above = Array.from({ length: 30 }, (_, i) => `fooBarService.handleRequest(input${i % 3}, output);`);
    const corpus = createCorpus(store, (uri, line) =>
      uri === 'file:///w/src/new.ts' && line === 30 ? { path: '/w/src/new.ts', above, below: [] } : undefined,
    );
    const mirrored = new EmbeddedCompleter(corpus);
    const request = at('fooBarService.$0');
    assert.match(mirrored.complete({ ...request, line: 30 }).candidates[0]?.text ?? '', /^handleRequest\(/);
    assert.doesNotMatch(mirrored.complete(request).candidates[0]?.text ?? '', /^handleRequest/);
  });

  it('leaves the edited file itself out of what it learned from the workspace', async () => {
    const only = await completerOf({ '/w/src/new.ts': 'zebraCrossing.startEngine(everything);\n'.repeat(5) });
    const { candidates } = only.complete(at('zebraCrossing.$0'));
    assert.ok(candidates.every(each => !each.text.includes('startEngine')));
    const relative = only.complete(at('zebraCrossing.$0', { uri: 'src/new.ts' }));
    assert.ok(relative.candidates.every(each => !each.text.includes('startEngine')));
  });

  it('answers the same whatever it was asked before', async () => {
    const texts = Object.values(routine);
    // From long texts to short ones and back: what is used again is as large as the largest.
    const places = [0, 9, 1, 4, 2, 7].flatMap(count => {
      const above = texts.slice(0, count).join('');
      return ['const row = await $0', '  return r$0', 'throw new $0(id)', '$0'].map(line => above + line);
    });
    const used = await completerOf(routine);
    for (const place of places) {
      const fresh = await completerOf(routine);
      assert.deepEqual(used.complete(at(place)), fresh.complete(at(place)), place.slice(-60));
    }
  });

  it('says nothing inside a word that goes on to the right', () => {
    const answer = completer.complete(at(`${opening}  const data$0base = 1`));
    assert.deepEqual(answer, { candidates: [], silence: 'inside-word' });
  });

  it('says nothing unasked when it is not sure', async () => {
    const cold = await completerOf({});
    const answer = cold.complete(at('const a = $0', { trigger: 'automatic' }));
    assert.deepEqual(answer.candidates, []);
    assert.ok(answer.silence);
  });

  it('never offers the line that follows anyway', () => {
    const next = '  const database = await openDatabase(settings.path);';
    const { candidates } = completer.complete(at(`${opening}  $0\n${next}\n}`));
    assert.ok(candidates.every(each => each.text !== next.trim()));
  });

  it('never learns or offers what looks like a secret', async () => {
    const key = 'x7Kp2mQ9' + 'vR4tY8wZ1q';
    const files = Object.fromEntries(['a', 'b', 'c'].map(name => [`/w/${name}.ts`, `connect('${key}');\n`]));
    const careful = await completerOf(files);
    for (const text of ["connect('$0", 'connect($0', "connect('x7$0"]) {
      const { candidates } = careful.complete(at(text));
      assert.ok(candidates.every(each => !each.text.includes('Kp2mQ9')));
    }
  });

  it('offers keywords in an empty file', async () => {
    const cold = await completerOf({});
    const ranked = cold.rank(at('$0'), 10).map(each => each.text);
    assert.ok(ranked.includes('const'), ranked.join(' '));
  });

  it('uses what was added after the first preparation, and forgets what was removed', async () => {
    const store = new TokenStore();
    const live = new EmbeddedCompleter(createCorpus(store));
    const best = (): string => live.complete(at('quantumLeap.$0')).candidates[0]?.text ?? '';
    store.add(
      '/w/a.ts',
      Array.from({ length: 6 }, () => 'quantumLeap.jumpForward(now);'),
    );
    store.seal();
    await live.prepare(breathe);
    assert.equal(best(), 'jumpForward(now);');
    assert.equal(live.status().current, true);
    store.remove('/w/a.ts');
    store.seal();
    await live.prepare(breathe);
    assert.doesNotMatch(best(), /jumpForward/);
  });

  it('answers any place of any text, within its limits', () => {
    const piece = fc.constantFrom(
      'const ',
      'x',
      '(',
      ')',
      '{',
      '}\n',
      '\n  ',
      "'",
      '"',
      'é',
      '\t',
      '👍',
      ' = ',
      '/*',
      '`',
      '\r\n',
    );
    const text = fc.array(piece, { maxLength: 25 }).map(parts => parts.join(''));
    fc.assert(
      fc.property(text, text, fc.boolean(), (prefix, suffix, automatic) => {
        const request = {
          ...at(''),
          prefix,
          suffix,
          maxLines: 5,
          trigger: automatic ? 'automatic' : 'explicit',
        } as const;
        const { candidates } = completer.complete(request);
        assert.ok(candidates.length <= 5);
        assert.equal(new Set(candidates.map(each => each.text)).size, candidates.length);
        for (const { text: offered, confidence } of candidates) {
          assert.ok(offered.trim().length > 0);
          assert.ok(confidence >= 0 && confidence <= 1.000001);
          assert.ok(offered.split('\n').length <= 5);
        }
      }),
      { seed: 1, numRuns: 80 },
    );
  });
});

describe('embedded completer: fitting', () => {
  const table: readonly (readonly [left: string, text: string, right: string, expected: string])[] = [
    ['f(', 'a, b)', ')', 'a, b'],
    ['f(', 'a, b);', ');', 'a, b'],
    ['f(g(', 'a))', ')', 'a)'],
    ['f(', 'a)', '', 'a)'],
    ['if (x) {', ' return; }', ' }', ' return;'],
    ['x = [', '1]', ', 2]', '1'],
    ['f(', 'g(1), h(2)', ')', 'g(1), h(2)'],
    ['const a', ' = 1;', ';', ' = 1'],
  ];
  for (const [left, text, right, expected] of table) {
    it(`${left}|${text}|${right}`, () => assert.equal(fitBetween(left, text, right), expected));
  }

  it('tells repetition from closing brackets', () => {
    assert.equal(repeatsNeighbour('  foo();', ['foo();']), true);
    assert.equal(repeatsNeighbour('  foo();', ['bar();', 'foo();']), true);
    assert.equal(repeatsNeighbour('}', ['  }']), true);
    assert.equal(repeatsNeighbour('}', ['x', '}']), false);
  });

  it('reads the unit of indentation', () => {
    assert.equal(indentUnit(['a', '\tb', '\t\tc']), '\t');
    assert.equal(indentUnit(['a:', '    b', 'c:', '    d', '      e']), '    ');
    assert.equal(indentUnit([]), '  ');
  });
});
