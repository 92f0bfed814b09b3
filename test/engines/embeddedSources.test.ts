import assert from 'node:assert/strict';
import fc from 'fast-check';
import { specialToken, tokenKind } from '../../server/base/tokens.ts';
import type { TokenSegment } from '../../server/base/tokens.ts';
import { Evidence, maxDepth, source } from '../../server/engines/embedded/evidence.ts';
import { FileSource, FileTables } from '../../server/engines/embedded/fileSource.ts';
import { neighboursOf } from '../../server/engines/embedded/neighbours.ts';
import { argumentAt, Occurrences } from '../../server/engines/embedded/occurrences.ts';
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

describe('embedded engine: arguments of other calls', () => {
  const rows: readonly [text: string, commas: number, argument: string | undefined][] = [
    ['a , b , c )', 0, 'a'],
    ['a , b , c )', 2, 'c'],
    ['f ( x , y ) , b )', 1, 'b'],
    ['a )', 1, undefined],
    ['a , b', 3, undefined],
  ];
  for (const [text, commas, argument] of rows) {
    it(`number ${commas} of "${text}"`, () => {
      const tokens = line(text);
      const call = { opener: open, closer: close, callee: word('f'), commas };
      const at = argumentAt(p => (tokens[p] ?? 0) >>> 1, tokens.length, 0, call, word(','));
      assert.equal(at < 0 ? undefined : words.textOf((tokens[at] ?? 0) >>> 1), argument);
    });
  }

  it('are evidence for the same argument of this one, whatever stood before it', () => {
    const stream = Int32Array.from(line('send ( first , quickly ) ; post ( first , slowly )'));
    const evidence = new Evidence();
    const call = { opener: open, closer: close, callee: word('send'), commas: 1 };
    new Occurrences(stream, 1000).collectArguments(call, words, evidence);
    assert.deepEqual([...depths(evidence, source.structure).keys()], ['quickly']);
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
    const heads = { first: -1, next: -1, before: word('let'), beforeNext: word('c'), above: word('drop') };
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
    [...neighboursOf(path, all).tokens].reverse().map(token => words.textOf(token >>> 1));

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
});
