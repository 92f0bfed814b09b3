import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Document } from '../../server/base/document.ts';
import { Anchors } from '../../server/context/anchors.ts';
import type { Item } from '../../server/context/choose.ts';
import { Chunks } from '../../server/context/chunks.ts';
import { type CompletionContext, CompletionContexts } from '../../server/context/completionContext.ts';
import type { CodeSnippet } from '../../server/index/codeSearch.ts';
import { opened, testWorld, uriOf } from '../support/contextWorld.ts';

const never = new AbortController().signal;
const textOf = ({ context, prefix }: CompletionContext) =>
  [...context, prefix].map(each => each.text).join('\n');
const lines = (count: number, word: string) =>
  Array.from({ length: count }, (_, i) => `const ${word}${i} = ${word}(${i % 7});`).join('\n');

/** A workspace in which every source has something to say. */
const world = () =>
  testWorld({
    files: { 'src/util.ts': lines(80, 'util'), 'src/more.ts': lines(200, 'more') },
    symbols: ['util1 function src/util.ts 1', 'more3 function src/more.ts 3', 'alpha9 class src/more.ts 9'],
    similar: [
      ['src/more.ts', 20, 50],
      ['src/util.ts', 0, 20],
    ],
    edited: [['src/b.ts', 3]],
    viewed: [['src/b.ts', 30]],
    problems: ['a problem'],
  });

describe('context: what a prefix cache can keep', () => {
  it('the prompt only grows at its end while a person types', async () => {
    const key = fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom('a', 'x', ' ', '(', 'u', 't', 'i', 'l', '1', '漢') },
      { weight: 1, arbitrary: fc.constantFrom('\n', '\n    ') },
      { weight: 1, arbitrary: fc.constant('\b') },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 900 }),
        fc.nat(),
        fc.array(key, { minLength: 20, maxLength: 150 }),
        fc.boolean(),
        async (count, place, keys, suffixFirst) => {
          const { ports } = world();
          const contexts = new CompletionContexts();
          const text = `import { util1, more3 } from './util';\n${lines(count, 'alpha')}\n`;
          const { document } = opened('src/a.ts', text);
          const other = opened('src/b.ts', lines(90, 'beta')).document;
          let offset = document.offsetAt({ line: place % document.lineCount, character: 0 });
          let last: CompletionContext | undefined;
          let broken = 0;
          for (const each of keys) {
            const position = document.positionAt(offset);
            const removed = each === '\b' && position.character > 0 ? 1 : 0;
            const range = { start: document.positionAt(offset - removed), end: position };
            const added = each === '\b' ? '' : each;
            document.update([{ range, text: added }], document.version + 1);
            offset += added.length - removed;
            const made = await contexts.contextFor(
              {
                document,
                position: document.positionAt(offset),
                budgetTokens: 4_000,
                openDocuments: [document, other],
                suffixFirst,
              },
              ports,
              never,
            );
            assert('context' in made);
            const before =
              last === undefined ? '' : textOf(last).slice(0, removed === 0 ? undefined : -removed);
            if (!textOf(made).startsWith(before)) broken++;
            if (suffixFirst && last !== undefined) assert.equal(made.suffix.text, last.suffix.text);
            last = made;
          }
          // Once in sixty for chunks, and once for a window that is full.
          assert(broken <= Math.floor(keys.length / 60) + 1, `${broken} of ${keys.length}`);
        },
      ),
      { numRuns: 25, seed: 11 },
    );
  });

  it('never takes more than its budget, wherever the cursor jumps', async () => {
    const jump = fc.record({
      own: fc.boolean(),
      line: fc.nat(1_200),
      budgetTokens: fc.constantFrom(0, 50, 300, 2_000, 4_000, 8_000),
      suffixFirst: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(jump, { minLength: 1, maxLength: 12 }), async jumps => {
        const { ports } = world();
        const contexts = new CompletionContexts();
        const own = opened('src/a.ts', `import { util1 } from './util';\n${lines(1_000, 'alpha')}`).document;
        const other = opened('src/b.ts', `${lines(60, 'beta')}\n${'long '.repeat(9_000)}`).document;
        for (const { own: first, line, budgetTokens, suffixFirst } of jumps) {
          const document = first ? own : other;
          const at = Math.min(line, document.lineCount - 1);
          const position = { line: at, character: document.lineAt(at).length };
          const made = await contexts.contextFor(
            { document, position, budgetTokens, openDocuments: [own, other], suffixFirst },
            ports,
            never,
          );
          assert('context' in made);
          const length = [...made.context, made.prefix, made.suffix].reduce(
            (sum, text) => sum + text.length,
            0,
          );
          assert(length <= budgetTokens * 4, `${length} of ${budgetTokens * 4}`);
          assert(
            document.getText({ start: { line: 0, character: 0 }, end: position }).endsWith(made.prefix.text),
          );
        }
      }),
      { numRuns: 25, seed: 12 },
    );
  });

  it('keeps within what the endpoint reads before the cursor', async () => {
    const { ports } = world();
    const { document } = opened('src/a.ts', lines(1_000, 'alpha'));
    const prefixFor = async (more: { readonly prefixTokens?: number }) => {
      const position = { line: 700, character: 0 };
      const made = await new CompletionContexts().contextFor(
        { document, position, budgetTokens: 8_000, openDocuments: [document], ...more },
        ports,
        never,
      );
      assert('prefix' in made);
      return made.prefix.length;
    };
    assert((await prefixFor({})) > 3_000);
    assert((await prefixFor({ prefixTokens: 1_000 })) < 3_000);
  });

  it('comes back to a file with the chunks that it left, at the same places', async () => {
    const { ports } = world();
    const contexts = new CompletionContexts();
    const a = opened('src/a.ts', `util1\n${lines(40, 'alpha')}`).document;
    const b = opened('src/b.ts', `more3\n${lines(40, 'beta')}`).document;
    const ask = async (document: Document) => {
      const made = await contexts.contextFor(
        { document, position: { line: 1, character: 0 }, budgetTokens: 8_000, openDocuments: [a, b] },
        ports,
        never,
      );
      assert('context' in made);
      return made.context.map(piece => piece.text);
    };
    for (const document of [a, b]) await ask(document);
    const [first, second] = [await ask(a), await ask(b)];
    assert(first.length > 3);
    const shared = first.findIndex((text, i) => text !== second[i]);
    assert(shared >= 3, `only ${shared} of ${first.length} stand still`);
  });

  it('does not wait for a source that is slow, and shows what it says at the next key', async () => {
    let tell: ((found: readonly CodeSnippet[]) => void) | undefined;
    const late = new Promise<readonly CodeSnippet[]>(resolve => (tell = resolve));
    const { ports, impatient } = testWorld({
      files: { 'src/c.ts': 'lateAnswer();\n' },
      codeSearch: { search: () => late },
    });
    const contexts = new CompletionContexts();
    const { document, position } = opened('src/a.ts', 'const a = $0');
    const ask = () =>
      contexts.contextFor(
        { document, position, budgetTokens: 2_000, openDocuments: [document] },
        ports,
        never,
      );
    const waiting = ask();
    await new Promise(resolve => setImmediate(resolve));
    impatient();
    const first = await waiting;
    assert('context' in first);
    assert.deepEqual(first.context, []);
    tell?.([{ path: '/w/src/c.ts', startLine: 0, endLine: 0, text: 'lateAnswer();', score: 1 }]);
    await new Promise(resolve => setImmediate(resolve));
    const second = await ask();
    assert('context' in second);
    assert.deepEqual(
      second.context.map(piece => piece.text),
      ['// src/c.ts\nlateAnswer();'],
    );
  });

  it('asks again soon while there is nothing to show, and seldom afterwards', async () => {
    let asked = 0;
    let found: readonly CodeSnippet[] = [];
    const { ports } = testWorld({
      files: { 'src/c.ts': 'other();\n' },
      codeSearch: {
        search: async ({ text }) => {
          asked++;
          assert.match(text, /^src\/a\.ts\n/);
          return found;
        },
      },
    });
    const contexts = new CompletionContexts();
    const { document, position } = opened('src/a.ts', '$0');
    const ask = async (times: number) => {
      asked = 0;
      const input = { document, position, budgetTokens: 2_000, openDocuments: [document] };
      for (let i = 0; i < times; i++) await contexts.contextFor(input, ports, never);
      return asked;
    };
    assert.equal(await ask(17), 3);
    found = [{ path: '/w/src/c.ts', startLine: 0, endLine: 0, text: 'other();', score: 1 }];
    assert.equal(await ask(8), 1);
    assert.equal(await ask(59), 0);
    assert.equal(await ask(1), 1);
  });

  it('waits for nothing at a place that it knows', async () => {
    let asked = 0;
    let answer: (found: readonly CodeSnippet[]) => void = () => {};
    const { ports } = testWorld({
      files: { 'src/c.ts': 'other();\n' },
      codeSearch: {
        search: () =>
          ++asked === 1 ? Promise.resolve([]) : new Promise<readonly CodeSnippet[]>(to => (answer = to)),
      },
    });
    // No patience ends here: who waited for the second answer would wait for ever.
    const still = { ...ports, clock: { after: () => ({ cancel() {} }) } };
    const contexts = new CompletionContexts();
    const { document, position } = opened('src/a.ts', '$0');
    const input = { document, position, budgetTokens: 2_000, openDocuments: [document] };
    const ask = async () => {
      const made = await contexts.contextFor(input, still, never);
      assert('context' in made);
      return made.context.map(piece => piece.text);
    };
    for (let key = 0; key < 12; key++) assert.deepEqual(await ask(), []);
    assert.equal(asked, 2);
    answer([{ path: '/w/src/c.ts', startLine: 0, endLine: 0, text: 'other();', score: 1 }]);
    await new Promise(resolve => setImmediate(resolve));
    assert.deepEqual(await ask(), ['// src/c.ts\nother();']);
  });

  it('counts a source that fails as empty', async () => {
    const { ports } = testWorld({
      codeSearch: { search: () => Promise.reject(new Error('the worker ended')) },
    });
    const { document, position } = opened('src/a.ts', 'const a = $0');
    const made = await new CompletionContexts().contextFor(
      { document, position, budgetTokens: 2_000, openDocuments: [document] },
      ports,
      never,
    );
    assert('context' in made);
  });
});

describe('context: where windows start', () => {
  const document = () => opened('a.ts', lines(600, 'line')).document;
  const lineOf = (text: Document, offset: number) => text.positionAt(offset).line;

  const moves: [what: string, from: number, to: number, moved: boolean, sameStart: boolean][] = [
    ['the next line', 300, 301, false, true],
    ['a jump within its reach', 300, 330, true, true],
    ['a jump far up', 300, 20, true, false],
    ['a jump far down', 300, 580, true, false],
  ];
  for (const [what, from, to, moved, sameStart] of moves) {
    it(`${sameStart ? 'keeps' : 'moves'} the start on ${what}`, () => {
      const [anchors, text] = [new Anchors(), document()];
      const first = anchors.startFor(text, text.offsetAt({ line: from, character: 0 }), 6_000);
      const second = anchors.startFor(text, text.offsetAt({ line: to, character: 0 }), 6_000);
      assert.equal(first.moved, true);
      assert.equal(second.moved, moved);
      assert.equal(second.offset === first.offset, sameStart);
      assert.equal(lineOf(text, second.offset) % 16, 0);
    });
  }

  it('finds its start again after edits above it', () => {
    const [anchors, text] = [new Anchors(), document()];
    const cursor = () => text.offsetAt({ line: 300, character: 0 });
    const before = lineOf(text, anchors.startFor(text, cursor(), 6_000).offset);
    const top = { line: 0, character: 0 };
    text.update([{ range: { start: top, end: top }, text: 'one\ntwo\nthree\n' }], 2);
    const after = anchors.startFor(text, text.offsetAt({ line: 303, character: 0 }), 6_000);
    assert.equal(lineOf(text, after.offset), before + 3);
    assert.equal(after.moved, false);
  });
});

describe('context: chunks', () => {
  const ports = () => testWorld({}).ports;
  const file = (name: string, count = 10) =>
    new Document(uriOf(name), 'typescript', 1, lines(count, name[0] ?? 'x'));
  const item = (document: Document, first = 0, end = document.lineCount): Item => ({
    document,
    lines: Array.from({ length: end - first }, (_, i) => first + i),
    cap: 2_000,
  });
  const window = { uri: uriOf('own.ts'), shown: { first: 0, end: 10 } };
  const names = (chunks: Chunks) => chunks.all.map(chunk => chunk.text.text.split('\n')[0]?.slice(3));
  const files = ['a.ts', 'b.ts', 'c.ts', 'd.ts'].map(name => file(name));
  const [a, b, c, d] = files as [Document, Document, Document, Document];

  const rounds: [
    what: string,
    rounds: readonly (readonly Item[])[],
    room: number,
    left: readonly string[],
  ][] = [
    ['appends what is new', [[item(b)], [item(a), item(b)]], 9_000, ['b.ts', 'a.ts']],
    ['keeps what is not asked for while there is room', [[item(b)], [item(a)]], 9_000, ['b.ts', 'a.ts']],
    ['lets the oldest go when there is none', [[item(a)], [item(b)], [item(c)]], 500, ['b.ts', 'c.ts']],
    ['keeps what is in use', [[item(a)], [item(b)], [item(a), item(c)]], 500, ['a.ts', 'c.ts']],
    ['takes the best where not all fit', [[item(d), item(c), item(b)]], 500, ['d.ts', 'c.ts']],
    ['adds only the lines it lacks', [[item(a, 0, 4)], [item(a)]], 9_000, ['a.ts', 'a.ts']],
    ['does not repeat what it has', [[item(a)], [item(a, 1, 9)]], 9_000, ['a.ts']],
  ];
  for (const [what, each, room, left] of rounds) {
    it(what, () => {
      const chunks = new Chunks();
      for (const items of each) chunks.update(items, window, room, false, ports(), files);
      assert.deepEqual(names(chunks), left);
      assert(chunks.all.reduce((sum, chunk) => sum + chunk.text.length, 0) <= room);
    });
  }

  it('drops a chunk whose text was changed, and follows one that moved', () => {
    const [text, chunks] = [file('a.ts', 30), new Chunks()];
    const update = (items: readonly Item[]) => chunks.update(items, window, 9_000, false, ports(), [text]);
    update([item(text, 10, 20)]);
    const top = { line: 0, character: 0 };
    text.update([{ range: { start: top, end: top }, text: 'new\n' }], 2);
    assert.equal(update([item(text, 11, 21)]), false);
    const inside = { line: 15, character: 0 };
    text.update([{ range: { start: inside, end: inside }, text: 'x' }], 3);
    assert.equal(update([]), true);
    assert.deepEqual(chunks.all, []);
  });

  it('drops what the window shows by now', () => {
    const [text, chunks] = [file('own.ts', 30), new Chunks()];
    const update = (end: number) =>
      chunks.update([], { uri: text.uri, shown: { first: 0, end } }, 9_000, false, ports(), [text]);
    chunks.update([item(text, 20, 30)], window, 9_000, false, ports(), [text]);
    assert.equal(update(22), false);
    assert.equal(update(26), true);
  });

  it('forgets after a while what nobody asks for, but only when the place changes', () => {
    const chunks = new Chunks();
    const update = (moved: boolean) => chunks.update([], window, 9_000, moved, ports(), files);
    chunks.update([item(a)], window, 9_000, true, ports(), files);
    for (let i = 0; i < 20; i++) assert.equal(update(false), false);
    assert.equal(update(true), true);
  });
});
