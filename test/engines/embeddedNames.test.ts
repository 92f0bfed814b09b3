import assert from 'node:assert/strict';
import fc from 'fast-check';
import { tokenKind } from '../../server/base/tokens.ts';
import { createCorpus } from '../../server/index/corpus.ts';
import { TokenStore } from '../../server/index/tokenStore.ts';
import { EmbeddedCompleter } from '../../server/engines/embedded/completer.ts';
import { Coinage, replaceParts } from '../../server/engines/embedded/coinage.ts';
import { inCommon, Names, shape, splitName } from '../../server/engines/embedded/names.ts';
import { WordTable } from '../../server/index/vocabulary.ts';

describe('embedded engine: parts of names', () => {
  const rows: readonly [name: string, parts: readonly string[]][] = [
    ['getUserName', ['get', 'User', 'Name']],
    ['HTTPServer', ['HTTP', 'Server']],
    ['MAX_LINE2', ['MAX', 'LINE2']],
    ['__init__', ['init']],
    ['utf8Decode', ['utf8', 'Decode']],
    ['read-line', ['read', 'line']],
    ['Über_größe', ['Über', 'größe']],
    ['x', ['x']],
    ['_', []],
  ];
  for (const [name, parts] of rows) {
    it(name, () =>
      assert.deepEqual(
        splitName(name).map(part => part.text),
        parts,
      ),
    );
  }

  it('stand where they say, in order, and hold all letters', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z_$][a-zA-Z0-9_$]{0,20}$/), name => {
        const parts = splitName(name);
        for (const { text, start, end } of parts) assert.equal(name.slice(start, end), text);
        assert.equal(parts.map(part => part.text).join(''), name.replace(/[_$]/g, ''));
      }),
    );
  });

  it('are shared across the ways to write them', () => {
    const words = new WordTable();
    const names = new Names(words);
    const of = (text: string) => names.of(words.intern(text, tokenKind.word));
    assert.equal(inCommon(of('getUserName').parts, of('USER_NAME').parts), 2);
    assert.deepEqual(
      ['plain', 'isJoined', 'snake_case', 'Capital', 'CONSTANT_ONE'].map(text => of(text).shape),
      [shape.plain, shape.joined, shape.joined, shape.capital, shape.constant],
    );
    assert.equal(names.of(words.intern('(', tokenKind.operator)).shape, -1);
  });
});

describe('embedded engine: names that nobody has written yet', () => {
  const rows: readonly [name: string, from: string, to: string, made: string | undefined][] = [
    ['getUserName', 'user', 'order_item', 'getOrderItemName'],
    ['test_read_file_empty', 'read_file', 'write_file', 'test_write_file_empty'],
    ['USER_LIST', 'user', 'group', 'GROUP_LIST'],
    ['get_user', 'User', 'OrderItem', 'get_order_item'],
    ['getHTTPBody', 'http', 'ftp', 'getFTPBody'],
    ['User', 'user', 'group', 'Group'],
    ['userIds', 'user', 'Group', 'groupIds'],
    ['setReader', 'readX', 'writeX', undefined],
    ['list', 'user', 'group', undefined],
    ['userList', 'user', 'user', undefined],
    ['userList', 'user', 'u'.repeat(64), undefined],
  ];
  for (const [name, from, to, made] of rows) {
    it(`${name}, with ${to.slice(0, 12)} for ${from}`, () =>
      assert.equal(replaceParts(name, from, to), made));
  }

  it('have ids of their own beside the vocabulary, which does not grow', () => {
    const words = new WordTable();
    const id = (text: string): number => words.intern(text, tokenKind.word);
    const [name, from, to] = [id('getUser'), id('user'), id('group')];
    const coinage = new Coinage(words);
    const size = words.size;
    const coined = coinage.analogue(name, from, to);
    assert.equal(coinage.textOf(coined), 'getGroup');
    assert.equal(coinage.analogue(name, from, to), coined);
    assert.deepEqual(
      [coinage.kindOf(coined), coinage.countOf(coined), coinage.lengthOf(coined)],
      [tokenKind.word, 0, 8],
    );
    assert.equal(words.size, size);
    // Once somebody has written it, it is the vocabulary's.
    assert.equal(new Coinage(words).analogue(name, from, to), coined);
    const written = id('getGroup');
    assert.equal(new Coinage(words).analogue(name, from, to), written);
  });

  it('are forgotten when they are many', () => {
    const words = new WordTable();
    const coinage = new Coinage(words);
    const name = words.intern('getUser', tokenKind.word);
    const from = words.intern('user', tokenKind.word);
    assert.equal(coinage.tidy(), false);
    for (let i = 0; i < 4100; i++) coinage.analogue(name, from, words.intern(`thing${i}x`, tokenKind.word));
    assert.equal(coinage.tidy(), true);
    assert.equal(coinage.textOf(coinage.idFor('first_again')), 'first_again');
  });

  it('may be what the file is named', () => {
    const coinage = new Coinage(new WordTable());
    const named = (path: string): string[] => coinage.namesOf(path).map(id => coinage.textOf(id));
    assert.deepEqual(named('/w/read-file.test.ts'), ['ReadFile', 'readFile', 'read_file']);
    assert.deepEqual(named('/w/UserList.java'), ['UserList', 'userList', 'user_list']);
    assert.deepEqual(named('/w/2026.ts'), []);
    assert.deepEqual(named(''), []);
  });

  it('are known where the lines above say so, and finished once they are begun', () => {
    const completer = new EmbeddedCompleter(createCorpus(new TokenStore()));
    const prefix = [
      'this.minWidth = readWidth(options.minWidth);',
      'this.maxWidth = readWidth(options.maxWidth);',
      'this.stride = readStride(options.stride);',
      'this.depth = ',
    ].join('\n');
    const request = {
      uri: 'file:///w/box.ts',
      languageId: 'typescript',
      prefix,
      suffix: '',
      maxLines: 1,
      trigger: 'explicit',
    } as const;
    const ranked = completer.rank(request, 6).map(each => each.text);
    assert.ok(ranked.includes('readDepth'), ranked.join(' '));
    const begun = completer.complete({ ...request, prefix: `${prefix}readD` }).candidates;
    assert.ok(begun[0]?.text.startsWith('epth('), begun[0]?.text);
  });
});
