import assert from 'node:assert/strict';
import fc from 'fast-check';
import { specialToken, tokenKind } from '../../server/base/tokens.ts';
import type { TokenSegment } from '../../server/base/tokens.ts';
import { OtherCalls } from '../../server/engines/embedded/calls.ts';
import { Evidence, maxDepth, source } from '../../server/engines/embedded/evidence.ts';
import { FileSource, FileTables } from '../../server/engines/embedded/fileSource.ts';
import { neighboursOf } from '../../server/engines/embedded/neighbours.ts';
import { Names } from '../../server/engines/embedded/names.ts';
import { Occurrences } from '../../server/engines/embedded/occurrences.ts';
import { WordTable } from '../../server/index/vocabulary.ts';
import { packed } from '../support/steps.ts';

const words = new WordTable();
const word = (text: string): number =>
  words.intern(text, /^\w/.test(text) ? tokenKind.word : tokenKind.operator);
const line = (text: string): number[] => text.split(' ').map(part => word(part) << 1);
const [open, close] = [word('('), word(')')];

/** What evidence says of a source, by text: the deepest context that knows the candidate. */
function depths(evidence: Evidence, from: number): Map<string, number> {
  evidence.blend(() => 1e-6);
  const found = new Map<string, number>();
  for (let slot = 0; slot < evidence.size; slot++) {
    if ((evidence.deepWeight[from]?.[slot] ?? 0) === 0) continue;
    found.set(words.textOf(evidence.ids[slot] ?? 0), evidence.depth[from]?.[slot] ?? 0);
  }
  return found;
}

describe('embedded engine: what followed a context', () => {
  it('is found wherever it stands, with the length that agrees', () => {
    const letter = fc.constantFrom('a', 'b', 'c', 'd').map(text => word(text) << 1);
    fc.assert(
      fc.property(
        fc.array(letter, { minLength: 1, maxLength: 70 }),
        fc.array(letter, { minLength: 1, maxLength: 10 }),
        (stream, before) => {
          const context = before.map(token => token >>> 1);
          const evidence = new Evidence();
          new Occurrences(Int32Array.from(stream), 1000).collect(
            context,
            context.length,
            evidence,
            source.near,
          );
          const expected = new Map<string, number>();
          for (let p = 0; p + 1 < stream.length; p++) {
            let depth = 0;
            while (depth < Math.min(maxDepth, context.length, p + 1)) {
              if ((stream[p - depth] ?? 0) >>> 1 !== context[context.length - 1 - depth]) break;
              depth++;
            }
            const next = words.textOf((stream[p + 1] ?? 0) >>> 1);
            if (depth > 0) expected.set(next, Math.max(depth, expected.get(next) ?? 0));
          }
          assert.deepEqual(depths(evidence, source.near), expected);
        },
      ),
    );
  });

  it('counts more where the tokens before roughly agree', () => {
    const stream = Int32Array.from([...line('now set x of big red box to one'), ...line('of box to two')]);
    const context = line('now set y of big red box to').map(token => token >>> 1);
    const evidence = new Evidence();
    new Occurrences(stream, 1000).collect(context, context.length, evidence, source.file);
    assert.deepEqual([...depths(evidence, source.aligned).keys()], ['one']);
  });
});

describe('embedded engine: what is written here in the names of there', () => {
  const rows: readonly [what: string, before: string, here: string, expected: readonly string[]][] = [
    [
      'the name that stands for another',
      'this . width = width ; this . height =',
      'this . height =',
      ['height'],
    ],
    [
      'a name made of parts',
      'for one if item { put item_list ; for one if user {',
      'for one if user { put',
      ['user_list'],
    ],
    ['nothing where no name differs', 'if item { put item_list ; if item {', 'if item { put', []],
  ];
  for (const [what, before, here, expected] of rows) {
    it(what, () => {
      const names = new Names(words);
      const context = line(here).map(token => token >>> 1);
      const evidence = new Evidence();
      const stream = Int32Array.from(line(`${before} ;`));
      new Occurrences(stream, 1000).collect(context, context.length, evidence, source.file, names);
      evidence.blend(() => 1e-6);
      const found: string[] = [];
      for (let slot = 0; slot < evidence.size; slot++) {
        if ((evidence.deepWeight[source.analogy]?.[slot] ?? 0) > 0)
          found.push(names.coinage.textOf(evidence.ids[slot] ?? 0));
      }
      assert.deepEqual(found, expected);
    });
  }

  it('lines that have names in common say more than those that have none', () => {
    const newline = specialToken.newlineSame << 1;
    const lines = ['red and large', 'cup = to two', 'red and large : box = to three', 'cup'];
    const stream = Int32Array.from(lines.flatMap(text => [newline, ...line(text)]));
    const context = line('large box with red = to').map(token => token >>> 1);
    const evidence = new Evidence();
    new Occurrences(stream, 1000).collect(context, context.length, evidence, source.file, new Names(words));
    assert.deepEqual([...depths(evidence, source.kin).keys()], ['three']);
  });
});

describe('embedded engine: other calls of a function', () => {
  const rows: readonly [
    text: string,
    commas: number,
    same: string,
    calls: { longer: number; ended: number },
  ][] = [
    ['a , b , c )', 0, 'a', { longer: 1, ended: 0 }],
    ['a , b , c )', 2, 'c', { longer: 0, ended: 1 }],
    ['f ( x , y ) , b )', 1, 'b', { longer: 0, ended: 1 }],
    ['a )', 1, '', { longer: 0, ended: 0 }],
    [')', 0, '', { longer: 0, ended: 1 }],
    ['a , b', 3, '', { longer: 0, ended: 0 }],
    ['a , b', 1, 'b', { longer: 0, ended: 0 }],
  ];
  for (const [text, commas, same, counts] of rows) {
    it(`at argument ${commas} of "${text}"`, () => {
      const tokens = line(text);
      const open_ = { opener: open, closer: close, callee: word('f'), commas };
      const calls = new OtherCalls(open_, word(','));
      calls.walk(p => tokens[p] ?? 0, 0, tokens.length, 1);
      const evidence = new Evidence();
      calls.tell(evidence, true);
      assert.deepEqual({ ...evidence.calls }, counts);
      const most = [...depths(evidence, source.structure)].filter(([, depth]) => depth === 6);
      assert.deepEqual(most.map(([text_]) => text_).join(), same);
    });
  }

  it('are found by its name, whatever stood before it', () => {
    const stream = Int32Array.from(line('send ( first , quickly ) ; post ( first , slowly )'));
    const evidence = new Evidence();
    const calls = new OtherCalls({ opener: open, closer: close, callee: word('send'), commas: 1 }, word(','));
    new Occurrences(stream, 1000).collectCalls(calls);
    calls.tell(evidence, true);
    assert.deepEqual([...depths(evidence, source.structure).keys()], ['first', 'quickly']);
    assert.ok(evidence.calls.ended > 0 && evidence.calls.longer === 0);
  });

  it('say nothing about candidates where none may begin', () => {
    const calls = new OtherCalls({ opener: open, closer: close, callee: word('f'), commas: 0 }, word(','));
    const tokens = line('a , b )');
    calls.walk(p => tokens[p] ?? 0, 0, tokens.length, 1);
    const evidence = new Evidence();
    calls.tell(evidence, false);
    assert.equal(evidence.size, 0);
    assert.equal(evidence.calls.longer, 1);
  });
});

describe('embedded engine: the open file', () => {
  const newline = specialToken.newlineSame << 1;
  const stream = ['begin', 'let a', 'use x', 'let b', 'drop y', 'let c'].flatMap(text => [
    newline,
    ...line(text),
  ]);

  it('knows how lines begin that follow lines like the one above', () => {
    const evidence = new Evidence();
    const heads = {
      first: -1,
      next: -1,
      before: word('let'),
      beforeNext: word('c'),
      above: word('drop'),
      newline: specialToken.newlineSame,
      beforeNewline: specialToken.newlineSame,
    };
    new FileSource(stream, [], words.size).collectHeads(heads, specialToken.newlineSame, evidence);
    assert.deepEqual([...depths(evidence, source.structure).keys()].sort(), ['drop', 'use']);
  });

  it('forgets what it held when its tables are used again', () => {
    const tables = new FileTables();
    const before = new FileSource(stream, line('below'), words.size, tables);
    assert.equal(before.countOf(word('let')), 3);
    const after = new FileSource(line('drop drop'), [], words.size, tables);
    assert.deepEqual(
      ['let', 'drop', 'below'].map(text => after.countOf(word(text))),
      [0, 2, 0],
    );
    assert.equal(after.distanceOf(word('let')), Infinity);
    assert.equal(after.occursBelow(word('below')), false);
  });
});

describe('embedded engine: neighbours of a file', () => {
  const segment = (paths: readonly string[]): TokenSegment => ({
    paths,
    tokens: packed(Uint32Array.from(paths, path => word(path.replace(/\W/g, '')) << 1)),
    starts: Uint32Array.from(paths.keys()),
    alive: new Uint8Array(paths.length).fill(1),
  });
  const nearest = (path: string, all: readonly TokenSegment[]): string[] =>
    [...neighboursOf(path, all).all.tokens].reverse().map(token => words.textOf(token >>> 1));

  it('has the one of the same name nearest, then its folder, then the folders beside', () => {
    const one = segment(['/w/src/b/far.ts', '/w/src/a/list.ts', '/w/other/deep/thing.ts']);
    const two = segment(['/w/test/item.test.ts', '/w/src/a/item.ts', '/w/src/a/notes.md']);
    assert.deepEqual(nearest('/w/src/a/item.ts', [one, two]), [
      'wtestitemtestts',
      'wsrcalistts',
      'wsrcbfarts',
    ]);
  });

  it('has no files that are gone', () => {
    const one = segment(['/w/a/x.ts', '/w/a/y.ts']);
    one.alive[0] = 0;
    assert.deepEqual(nearest('/w/a/z.ts', [one]), ['wayts']);
  });

  it('tell how lines begin', () => {
    const newline = specialToken.newlineIn << 1;
    const tokens = [newline, ...line('if x'), newline, ...line('return y'), newline];
    const file: TokenSegment = {
      paths: ['/w/a/x.ts'],
      tokens: packed(Uint32Array.from(tokens)),
      starts: Uint32Array.of(0),
      alive: Uint8Array.of(1),
    };
    const evidence = new Evidence();
    const context = [word('if'), specialToken.newlineIn];
    neighboursOf('/w/a/y.ts', [file]).heads.collect(context, 2, evidence, source.structure);
    const found = depths(evidence, source.structure);
    assert.ok((found.get('return') ?? 0) > (found.get('if') ?? 0));
  });
});
