import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Range } from 'vscode-languageserver-textdocument';
import { Document } from '../../server/base/document.ts';
import { RecordedHistory } from '../../server/edits/editHistory.ts';

const uri = 'file:///a.ts';

/** An editor with one document and a clock that the test sets. */
class Desk {
  now = 0;
  readonly history = new RecordedHistory({ now: () => this.now });
  document: Document;

  constructor(text: string) {
    this.document = new Document(uri, 'typescript', 1, text);
  }

  change(...changes: ({ range: Range; text: string } | { text: string })[]): this {
    const version = this.document.version + 1;
    this.document.update(changes, version, this.history.follow(this.document, version));
    return this;
  }

  /** Replaces `length` units at a place. */
  put(line: number, character: number, length: number, text: string): this {
    return this.change({ range: range(line, character, line, character + length), text });
  }

  /** Key by key. */
  type(line: number, character: number, text: string): this {
    text.split('').forEach((key, index) => {
      this.now += 100;
      this.put(line, character + index, 0, key);
    });
    return this;
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  told(): string[] {
    return this.history
      .edits(99)
      .map(
        ({ line, before, after, beforeLines, afterLines }) =>
          `${line}: ${beforeLines ? before : '∅'} → ${afterLines ? after : '∅'}`,
      );
  }
}

function range(startLine: number, start: number, endLine: number, end: number): Range {
  return { start: { line: startLine, character: start }, end: { line: endLine, character: end } };
}

const cases: Record<string, { text: string; act: (desk: Desk) => unknown; told: string[] }> = {
  'keystrokes are one edit': { text: 'a\nb', act: desk => desk.type(1, 1, 'cd'), told: ['1: b → bcd'] },
  'a pause begins another one': {
    text: 'a',
    act: desk => desk.type(0, 1, 'b').wait(10_000).type(0, 2, 'c'),
    told: ['0: ab → abc', '0: a → ab'],
  },
  'another line is another edit': {
    text: 'a\nb',
    act: desk => desk.type(0, 1, 'x').type(1, 1, 'y'),
    told: ['1: b → by', '0: a → ax'],
  },
  'a new line and what is typed on it are one edit': {
    text: 'a\nb',
    act: desk => desk.put(0, 1, 0, '\n').type(1, 0, 'xy').put(1, 2, 0, '\n').type(2, 0, 'z'),
    told: ['1: ∅ → xy\nz'],
  },
  'lines deleted one after the other are one edit': {
    text: 'a\nb\nc\nd',
    act: desk =>
      desk.change({ range: range(1, 0, 2, 0), text: '' }).change({ range: range(1, 0, 2, 0), text: '' }),
    told: ['1: b\nc → ∅'],
  },
  'what is typed and taken back disappears': {
    text: 'a',
    act: desk => desk.type(0, 1, 'xy').put(0, 1, 2, ''),
    told: [],
  },
  'undo after a pause takes the edit away': {
    text: 'foo\nb',
    act: desk => desk.put(0, 0, 3, 'bar').wait(60_000).put(0, 0, 3, 'foo'),
    told: [],
  },
  'undo key by key after a pause and an edit elsewhere': {
    text: 'a\nb\nc',
    act: desk =>
      desk.type(0, 1, 'xy').wait(60_000).put(2, 0, 0, '\n').wait(60_000).put(0, 2, 1, '').put(0, 1, 1, ''),
    told: ['2: ∅ → '],
  },
  'an undone insertion moves the edits below it': {
    text: 'a\nb\nc',
    act: desk => desk.put(0, 1, 0, '\nnew').put(3, 0, 1, 'C').put(1, 0, 3, '').put(0, 1, 0, ''),
    told: ['3: c → C', '1: ∅ → '],
  },
  'several cursors are several edits, each one whole': {
    text: 'a\nb\nc',
    act: desk => {
      for (const at of [1, 2])
        desk.change(
          ...[0, 1, 2].map(line => ({ range: range(line, at, line, at), text: at === 1 ? 'x' : 'y' })),
        );
    },
    told: ['2: c → cxy', '1: b → bxy', '0: a → axy'],
  },
  'keystrokes that come together are one edit': {
    text: 'a\nb',
    act: desk =>
      desk.change(
        ...'a line of more than twenty keys'
          .split('')
          .map((text, index) => ({ range: range(1, 1 + index, 1, 1 + index), text })),
      ),
    told: ['1: b → ba line of more than twenty keys'],
  },
  'many places at once are a tool at work, of which some are kept': {
    text: 'x\n'.repeat(200),
    act: desk =>
      desk.change(
        ...Array.from({ length: 90 }, (_, at) => ({ range: range(2 * at, 0, 2 * at, 1), text: 'y' })),
      ),
    told: Array.from({ length: 20 }, (_, at) => `${2 * (19 - at)}: x → y`),
  },
  'a whole text is the lines it changes': {
    text: 'a\nb\nc\nd\ne',
    act: desk => desk.change({ text: 'a\nB\nc\nd\nE\nf' }),
    told: ['4: e → E\nf', '1: b → B'],
  },
  'the same whole text is no edit': {
    text: 'a\r\nb',
    act: desk => desk.change({ text: 'a\r\nb' }),
    told: [],
  },
  'an empty line tells itself from no line': {
    text: 'a\nb',
    act: desk => desk.put(0, 1, 0, '\n'),
    told: ['1: ∅ → '],
  },
  'a huge paste is not kept, and nothing joins across it': {
    text: 'a\nb',
    act: desk => desk.type(0, 1, 'x').put(1, 0, 0, 'long '.repeat(10_000)).type(0, 2, 'y'),
    told: ['0: ax → axy', '0: a → ax'],
  },
};

describe('edit history', () => {
  for (const [name, { text, act, told }] of Object.entries(cases)) {
    it(name, () => {
      const desk = new Desk(text);
      act(desk);
      assert.deepEqual(desk.told(), told);
    });
  }

  it('replaying the edits gives the text, and undoing them the old one', () => {
    const change = fc.record({
      line: fc.nat(6),
      character: fc.nat(4),
      lines: fc.nat(2),
      end: fc.nat(4),
      text: fc.constantFrom('', 'x', 'yz', '\n', 'x\n', '\ny', 'p\nq\n'),
      wait: fc.constantFrom(0, 100, 20_000),
      whole: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), changes => {
        const start = 'a\nbb\n\nccc\nd\n';
        const desk = new Desk(start);
        for (const { line, character, lines, end, text, wait, whole } of changes) {
          desk.wait(wait);
          if (whole === 0) desk.change({ text: `${text}${desk.document.getText()}\n${text}` });
          else desk.change({ range: range(line, character, line + lines, end), text });
        }
        const edits = desk.history.edits(99);
        const now = start.split('\n');
        for (const { line, before, after, beforeLines, afterLines } of [...edits].reverse()) {
          const removed = now.splice(line, beforeLines, ...(afterLines ? after.split('\n') : []));
          assert.equal(removed.join('\n'), before);
        }
        assert.equal(now.join('\n'), desk.document.getText());
      }),
      { numRuns: 300 },
    );
  });

  it('is bounded in number and in size', () => {
    const desk = new Desk('\n'.repeat(2000));
    for (let at = 0; at < 300; at++) desk.put(at * 2, 0, 0, `n${at}`);
    assert.equal(desk.history.edits(999).length, 50);
    assert.equal(desk.history.edits(2)[0]?.after, 'n299');
    for (let at = 300; at < 340; at++) desk.put(at * 2, 0, 0, 'x'.repeat(10_000));
    const size = desk.history
      .edits(99)
      .reduce((sum, { before, after }) => sum + before.length + after.length, 0);
    assert.ok(size > 60_000 && size <= 128 * 1024, `${size} characters`);
  });

  it('keeps the edits of a closed document, and joins nothing to them', () => {
    const desk = new Desk('a').type(0, 1, 'b');
    desk.history.restart(uri);
    desk.document = new Document(uri, 'typescript', 1, 'ab');
    desk.put(0, 1, 1, '');
    assert.deepEqual(desk.told(), ['0: ab → a', '0: a → ab']);
  });

  it('knows what was looked at, one place per region, moved by edits above', () => {
    const desk = new Desk('\n'.repeat(200));
    const { history } = desk;
    history.look(uri, range(100, 0, 100, 3));
    history.look(uri, range(5, 0, 5, 0));
    history.look(uri, range(110, 0, 110, 3));
    assert.deepEqual(
      history.viewed(9).map(view => view.range.start.line),
      [110, 5],
    );
    desk.put(50, 0, 0, '\n\n\n');
    assert.deepEqual(
      history.viewed(9).map(view => view.range.start.line),
      [51, 113, 5],
    );
    assert.equal(history.viewed(1).length, 1);
  });
});
