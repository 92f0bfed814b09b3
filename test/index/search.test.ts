import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EmbeddedCompleter } from '../../server/engines/embedded/completer.ts';
import { createCorpus } from '../../server/index/corpus.ts';
import { Chunker } from '../../server/index/chunks.ts';
import { Ranking } from '../../server/index/search.ts';
import { TokenStore } from '../../server/index/tokenStore.ts';
import { partsOf, WordParts } from '../../server/index/wordParts.ts';
import { tokenKind } from '../../server/base/tokens.ts';
import { WordTable } from '../../server/index/vocabulary.ts';
import { WorkspaceIndex } from '../../server/index/workspaceIndex.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';
import type { Planted } from '../support/memoryMachine.ts';

const never = new AbortController().signal;
const breathe = async (): Promise<void> => {};

async function rankingOf(files: Readonly<Record<string, string>>): Promise<Ranking> {
  const store = new TokenStore();
  for (const [path, text] of Object.entries(files)) store.add(path, text.split('\n'));
  store.seal();
  await new EmbeddedCompleter(createCorpus(store)).prepare(breathe);
  const ranking = new Ranking(store);
  for (const _ of ranking.prepare()) continue;
  return ranking;
}

const padding = (word: string): string => `function ${word}() {\n  return ${word}Value + 1;\n}\n`;

describe('parts of names', () => {
  const table: readonly (readonly [name: string, parts: readonly string[]])[] = [
    ['parseHTTPBody', ['parse', 'http', 'body']],
    ['snake_case_name', ['snake', 'case', 'name']],
    ['CONSTANT_NAME', ['constant', 'name']],
    ['utf8Decoder', ['utf8', 'decoder']],
    ['_private', ['private']],
    ['x', []],
    ['aB', []],
    ['größe', ['größe']],
    ['IO', ['io']],
    ['kebab-case', ['kebab', 'case']],
    ['$element', ['element']],
    ['', []],
  ];
  for (const [name, parts] of table) it(name || 'nothing', () => assert.deepEqual(partsOf(name), parts));

  it('find exactly the words that hold them, however the vocabulary grew', () => {
    const word = fc.stringMatching(/^[a-cA-C_]{2,8}$/);
    fc.assert(
      fc.property(
        fc.array(fc.array(word, { maxLength: 8 }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 4 }),
        (batches, limit) => {
          const words = new WordTable();
          const parts = new WordParts(words);
          for (const batch of batches) {
            for (const each of batch) words.intern(each, tokenKind.word);
            while (parts.follow(limit)) continue;
          }
          const all = [...new Set(batches.flat())];
          for (const part of new Set(all.flatMap(partsOf))) {
            const found = parts
              .wordsWith(parts.find(part))
              .map(id => words.textOf(id))
              .sort();
            assert.deepEqual(found, all.filter(each => partsOf(each).includes(part)).sort(), part);
          }
        },
      ),
      { seed: 1 },
    );
  });
});

describe('pieces of a file', () => {
  const cut = (text: string): number[] => {
    const chunker = new Chunker();
    return text.split('\n').flatMap((line, number) => {
      if (line.trim() === '' || line.startsWith('//')) chunker.skip(number, line.trim() === '');
      else return chunker.code(number, line.length - line.trimStart().length) ?? [];
      return [];
    });
  };
  const body = (lines: number): string => `function f() {\n${'  call();\n'.repeat(lines)}}\n`;

  it('begin at a function with the comment above it', () => {
    assert.deepEqual(cut(`${body(15)}\n// What it does.\n// And more.\nfunction g() {\n  call();\n}`), [18]);
  });
  it('hold several short functions', () => {
    assert.deepEqual(cut(`${body(3)}\n${body(3)}\n${body(10)}\n${body(3)}`), [12, 25]);
  });
  it('are bounded without an empty line', () => {
    assert.deepEqual(cut('  call();\n'.repeat(120)), [50, 100]);
    assert.deepEqual(cut('call();\n'.repeat(80)), [36, 72]);
  });
});

describe('searching for similar code', () => {
  const files = {
    '/w/src/http/request.ts': `export function parseRequestBody(request) {\n  const contentType = request.headers.contentType;\n  return decodeBody(contentType, request.body);\n}\n`,
    '/w/src/http/other.ts': padding('retryPolicy'),
    '/w/src/geometry/area.ts': `export function triangleArea(base, height) {\n  return base * height / 2;\n}\n`,
    '/w/src/geometry/volume.ts': `export function pyramidVolume(base, height) {\n  return triangleArea(base, height) * height;\n}\n`,
    '/w/tools/geometry.py': `def triangle_area(base, height):\n    return base * height / 2\n`,
    '/w/data/geometry.json': `{"triangleArea": {"base": 1, "height": 2}}\n`,
    '/w/src/filler.ts': Array.from({ length: 30 }, (_, i) => padding(`filler${i}Name`)).join('\n'),
  };
  const table: readonly (readonly [
    what: string,
    text: string,
    path: string,
    languageId: string,
    expected: readonly string[],
  ])[] = [
    ['whole names', 'parseRequestBody(', '/w/x.ts', 'typescript', ['request.ts']],
    ['parts of names', 'const bodyParser =', '/w/x.ts', 'typescript', ['request.ts']],
    [
      'the nearest folder first',
      'triangleArea(base, height)',
      '/w/src/geometry/new.ts',
      'typescript',
      ['volume.ts'],
    ],
    [
      'the same language first',
      'triangleArea(base, height)',
      '/w/src/geometry/area.ts',
      'typescript',
      ['volume.ts', 'geometry.py', 'geometry.json'],
    ],
    [
      'the same language first, Python',
      'triangleArea(base, height)',
      '/w/tools/x.py',
      'python',
      ['geometry.py'],
    ],
    ['not the document that asks', 'retryPolicy()', '/w/src/http/other.ts', 'typescript', []],
    ['nothing for unknown names', 'zzyzx(qwerty)', '/w/x.ts', 'typescript', []],
    ['nothing for no names', '1 + 2;', '/w/x.ts', 'typescript', []],
    ['nothing for keywords', 'return const function', '/w/x.ts', 'typescript', []],
  ];
  for (const [what, text, path, languageId, expected] of table) {
    it(what, async () => {
      const ranking = await rankingOf(files);
      const found = ranking.rank({ text, path, languageId, limit: 5 });
      const names = found.map(each => each.path.slice(each.path.lastIndexOf('/') + 1));
      assert.deepEqual(names.slice(0, expected.length || 1), expected);
    });
  }

  it('the name nearest to the cursor counts most', async () => {
    const ranking = await rankingOf({
      '/w/a.ts': padding('alphaThing'),
      '/w/b.ts': padding('betaThing'),
    });
    const first = (text: string): string | undefined =>
      ranking.rank({ text, path: '/w/x.ts', languageId: 'typescript', limit: 1 })[0]?.path;
    assert.equal(first('alpha; beta;'), '/w/b.ts');
    assert.equal(first('beta; alpha;'), '/w/a.ts');
  });

  it('rare names count more than common ones', async () => {
    const common = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`/w/c${i}.ts`, 'useShared(); useShared(); useShared();']),
    );
    const ranking = await rankingOf({ ...common, '/w/rare.ts': 'useShared(); seldomSeen();' });
    const found = ranking.rank({
      text: 'seldomSeen useShared',
      path: '/w/x.ts',
      languageId: 'typescript',
      limit: 1,
    });
    assert.equal(found[0]?.path, '/w/rare.ts');
  });

  it('says the lines of a piece, and few pieces of one file', async () => {
    const many = Array.from(
      { length: 12 },
      (_, i) => `function wanted${i}() {\n${'  wantedCall();\n'.repeat(14)}}\n`,
    );
    const ranking = await rankingOf({ '/w/many.ts': many.join('\n'), '/w/one.ts': padding('wantedCall') });
    const found = ranking.rank({
      text: 'wantedCall()',
      path: '/w/x.ts',
      languageId: 'typescript',
      limit: 10,
    });
    assert.equal(found.filter(each => each.path === '/w/many.ts').length, 3);
    assert.equal(found.length, 4);
    for (const { path, startLine, endLine } of found) {
      if (path !== '/w/many.ts') continue;
      assert.equal(startLine % 17, 0);
      assert.ok(endLine - startLine >= 15, `${startLine} to ${endLine}`);
    }
  });
});

describe('the index searches', () => {
  const setup = async (planted: Readonly<Record<string, Planted>>) => {
    const machine = createMemoryMachine({ files: planted });
    const refused = new Set<string>();
    let prepared: Promise<void> = Promise.resolve();
    const index: WorkspaceIndex = new WorkspaceIndex({
      files: machine.files,
      clock: machine.clock,
      gate: { allows: path => !refused.has(path), allowedEntries: async (_, entries) => entries },
      scrub: text => text,
      breathe,
      onChange: () => {
        prepared = completer.prepare(breathe).then(() => index.prepareSearch());
      },
    });
    const completer = new EmbeddedCompleter(createCorpus(index.store));
    await index.crawl(['/w']);
    await prepared;
    const search = async (text: string, limit = 5) => {
      await prepared;
      return index.search({ text, languageId: 'typescript', uri: 'file:///w/x.ts', limit }, '/w/x.ts', never);
    };
    return { machine, index, refused, search };
  };
  const alpha = '\n\n// Alpha.\nexport function alphaThing() {\n  return 1;\n}\n\n';

  it('gives the text without the empty lines around it', async () => {
    const { search } = await setup({ '/w/a.ts': alpha });
    const [found] = await search('alphaThing');
    assert.deepEqual(
      { ...found, score: 0 },
      { path: '/w/a.ts', startLine: 2, endLine: 5, text: alpha.trim(), score: 0 },
    );
  });

  it('takes the text from the open document', async () => {
    const { index, search } = await setup({ '/w/a.ts': alpha });
    await index.opened('/w/a.ts', 'typescript', () => 'function betaThing() {}');
    assert.deepEqual(await search('alphaThing betaThing').then(found => found.map(each => each.text)), [
      'function betaThing() {}',
    ]);
  });

  it('never gives what may not be read any more, or is gone', async () => {
    const { machine, refused, search } = await setup({
      '/w/a.ts': alpha,
      '/w/b.ts': alpha,
      '/w/c.ts': alpha,
    });
    refused.add('/w/a.ts');
    machine.uproot('/w/b.ts');
    assert.deepEqual(await search('alphaThing').then(found => found.map(each => each.path)), ['/w/c.ts']);
  });

  it('follows changes', async () => {
    const { machine, index, search } = await setup({ '/w/a.ts': alpha, '/w/b.ts': padding('otherThing') });
    machine.plant('/w/b.ts', padding('gammaThing'));
    await index.filesChanged(['/w/b.ts']);
    assert.deepEqual(await search('gamma').then(found => found.map(each => each.path)), ['/w/b.ts']);
    assert.deepEqual(await search('other').then(found => found.map(each => each.path)), []);
  });
});
