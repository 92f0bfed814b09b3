import assert from 'node:assert/strict';
import fc from 'fast-check';
import { firstWordId, tokenKind } from '../../server/base/tokens.ts';
import { TokenStore } from '../../server/index/tokenStore.ts';
import { looksSecret, WordTable } from '../../server/index/vocabulary.ts';

describe('word table', () => {
  it('gives back what was put in, once each', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 15 }), { minLength: 1 }), list => {
        const words = new WordTable();
        const ids = list.map(word => words.intern(word, tokenKind.word));
        for (const [i, word] of list.entries()) {
          assert.equal(words.textOf(ids[i] ?? 0), word);
          assert.equal(words.find(word, tokenKind.word), ids[i]);
        }
        assert.equal(words.size - firstWordId, new Set(list).size);
      }),
      { seed: 1 },
    );
  });

  it('stays right while it grows', () => {
    const words = new WordTable();
    const ids = Array.from({ length: 20_000 }, (_, i) => words.intern(`w${i}`, tokenKind.word));
    assert.ok(
      ids.every((id, i) => words.textOf(id) === `w${i}` && words.find(`w${i}`, tokenKind.word) === id),
    );
  });

  it('finds words by their beginning, most frequent first', () => {
    const words = new WordTable();
    for (const [word, count] of [
      ['render', 2],
      ['rendered', 5],
      ['red', 9],
      ['blue', 9],
    ] as const) {
      words.count(words.intern(word, tokenKind.word), count);
    }
    const found = words.startingWith('rend', 9).map(id => words.textOf(id));
    assert.deepEqual(found, ['rendered', 'render']);
  });

  const secrets: readonly (readonly [word: string, expected: boolean])[] = [
    ['getElementsByClassName', false],
    ['test_that_the_server_answers_every_request_once', false],
    ['CODRIVER_MAX_FILE_BYTES', false],
    ['useLayoutEffect2', false],
    ['Utf8StringConverterForWindows1252', false],
    ['9f86d081884c7d659a2feaa0c55ad015', true],
    ['AK' + 'IA3X7Q9ZL2M8B4T6W1', true],
    ['gh' + 'p_a8Bd93kLmN27xYzQ41rTv0Wc6Ef5Gh', true],
    ['x7Kp2mQ9vR4tY8wZ1', true],
  ];
  for (const [word, expected] of secrets) {
    it(`${word.slice(0, 8)}… (${word.length}) ${expected ? 'looks like a secret' : 'is a name'}`, () => {
      assert.equal(looksSecret(word), expected);
      assert.equal(new WordTable().intern(word, tokenKind.word) < firstWordId, expected);
    });
  }
});

describe('token store', () => {
  const file = fc.array(
    fc.constantFrom('a = b', 'if x {', '  call(y, 1)', '}', '', '// note', 'let z = "s t"'),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  const change = fc.oneof(
    fc.record({ path: fc.constantFrom('/w/a.ts', '/w/b.ts', '/w/c/d.ts'), lines: file }),
    fc.record({ path: fc.constantFrom('/w/a.ts', '/w/b.ts', '/w/c/d.ts') }),
    fc.constant('seal' as const),
  );

  it('after any changes holds what a fresh store holds', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), changes => {
        const store = new TokenStore();
        const model = new Map<string, readonly string[]>();
        for (const each of changes) {
          if (each === 'seal') store.seal();
          else if ('lines' in each) {
            store.add(each.path, each.lines);
            model.set(each.path, each.lines);
          } else {
            store.remove(each.path);
            model.delete(each.path);
          }
        }
        store.seal();
        assert.equal(store.files, model.size);
        const text = (from: TokenStore, path: string): string =>
          Array.from(
            from.tokensOf(path) ?? [],
            t => `${t & 1} ${from.words.textOf(t >>> 1) || t >>> 1}`,
          ).join();
        const fresh = new TokenStore();
        for (const [path, lines] of model) fresh.add(path, lines);
        fresh.seal();
        for (const path of model.keys()) assert.equal(text(store, path), text(fresh, path));
        for (const word of ['a', 'call', 'z', 's', 'note']) {
          const count = (from: TokenStore): number => {
            const id = from.words.find(word, tokenKind.word);
            return id < 0 ? 0 : from.words.countOf(id);
          };
          assert.equal(count(store), count(fresh), word);
        }
      }),
      { seed: 1 },
    );
  });

  it('joins large segments in many steps, and readers see every file once at each', () => {
    const store = new TokenStore();
    const lines = Array.from({ length: 3000 }, (_, i) => `call(name${i % 500}, ${i}, a + b * c)`);
    const known: string[] = [];
    const look = (): void => {
      const seen = store.segments().flatMap(({ paths, alive }) => paths.filter((_, i) => alive[i] === 1));
      for (const path of known) assert.equal(seen.filter(each => each === path).length, 1, path);
      for (const path of known)
        assert.equal(store.tokensOf(path)?.length, store.tokensOf(known[0] ?? '')?.length);
    };
    let steps = 0;
    for (let i = 0; i < 5; i++) {
      store.add(`/w/${i}.ts`, lines);
      steps = 0;
      for (const _ of store.sealInSlices()) {
        steps++;
        look();
      }
      known.push(`/w/${i}.ts`);
      look();
    }
    assert.equal(store.segments().length, 1);
    // Five times 40,000 tokens, of which one step touches some 60,000 at most.
    assert.ok(steps >= 10, `${steps} steps`);
  });

  it('keeps few segments however often a file changes', () => {
    const store = new TokenStore();
    for (let i = 0; i < 100; i++) {
      store.add('/w/a.ts', [`const x${i} = 1`]);
      store.add(`/w/f${i}.ts`, ['const y = 2']);
      store.seal();
      assert.ok(store.segments().length <= 12, `${store.segments().length} segments after ${i} changes`);
    }
    assert.equal(store.files, 101);
  });
});
