import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Position,
  TextDocument,
  type TextDocumentContentChangeEvent,
  type TextEdit,
} from 'vscode-languageserver-textdocument';
import { replaceLines } from '../../server/edits/locate.ts';
import { rebase } from '../../server/edits/rebase.ts';

const base = ['one', 'two', 'three', 'four', 'five', 'six', ''].join('\n');

function edit(start: number, end: number, ...lines: string[]): readonly TextEdit[] {
  return replaceLines(base, start, end, lines);
}

function result(edits: readonly TextEdit[], current: string, from = base): string | undefined {
  const rebased = rebase(from, edits, current);
  return rebased.ok
    ? TextDocument.applyEdits(TextDocument.create('a:b', 'x', 1, current), [...rebased.edits])
    : undefined;
}

describe('edits: rebase', () => {
  const cases: { name: string; edits: readonly TextEdit[]; current: string; result?: string }[] = [
    { name: 'nothing changed', edits: edit(1, 2, 'TWO'), current: base, result: base.replace('two', 'TWO') },
    {
      name: 'lines added above',
      edits: edit(3, 4, 'FOUR'),
      current: `zero\nhalf\n${base}`,
      result: `zero\nhalf\n${base.replace('four', 'FOUR')}`,
    },
    {
      name: 'lines removed above',
      edits: edit(3, 4, 'FOUR'),
      current: base.replace('one\ntwo\n', ''),
      result: 'three\nFOUR\nfive\nsix\n',
    },
    {
      name: 'the neighbouring lines changed',
      edits: edit(2, 3, 'THREE'),
      current: base.replace('two', 'two!').replace('four', 'four!'),
      result: 'one\ntwo!\nTHREE\nfour!\nfive\nsix\n',
    },
    { name: 'the same line changed', edits: edit(2, 3, 'THREE'), current: base.replace('three', 'three!') },
    { name: 'the line was removed', edits: edit(2, 3, 'THREE'), current: base.replace('three\n', '') },
    { name: 'typed inside the range', edits: edit(1, 4, 'x'), current: base.replace('three', 'three\nnew') },
    { name: 'typed where lines are added', edits: edit(2, 2, 'x'), current: base.replace('two', 'two\nnew') },
    {
      name: 'added lines between changed lines elsewhere',
      edits: edit(2, 2, 'x'),
      current: base.replace('one', 'ONE').replace('six', 'SIX\nseven'),
      result: 'ONE\ntwo\nx\nthree\nfour\nfive\nSIX\nseven\n',
    },
    { name: 'line ends were converted', edits: edit(2, 3, 'THREE'), current: base.replaceAll('\n', '\r\n') },
    { name: 'everything was removed', edits: edit(2, 3, 'THREE'), current: '' },
  ];
  for (const each of cases) {
    it(each.name, () => assert.equal(result(each.edits, each.current), each.result));
  }

  it('says in words where it clashed', () => {
    const rebased = rebase(base, edit(2, 3, 'THREE'), base.replace('three', 'three!'));
    assert(!rebased.ok);
    assert.match(rebased.reason, /line 3\).*nothing was applied/);
    assert.deepEqual(rebased.lines, [2]);
  });

  it('does not guess among equal lines', () => {
    const same = 'a\nx\nx\nx\nb\n';
    const edits = replaceLines(same, 2, 3, ['X']);
    assert.equal(result(edits, 'A\na\nx\nx\nx\nx\nb\nB\n', same), undefined);
  });

  it('knows the place among equal lines from the reported changes', () => {
    const same = 'a\nx\nx\nx\nb\n';
    const edits = replaceLines(same, 2, 3, ['X']);
    const at = (line: number): Position => ({ line, character: 0 });
    const changes: TextDocumentContentChangeEvent[] = [
      { range: { start: at(1), end: at(1) }, text: 'x\n' },
      { range: { start: at(5), end: at(5) }, text: 'B\n' },
    ];
    const rebased = rebase(same, edits, 'a\nx\nx\nx\nx\nB\nb\n', changes);
    assert(rebased.ok);
    assert.equal(rebased.edits[0]?.range.start.line, 3);
  });
});

/** A document of distinct-enough lines, an edit of some lines, and somebody typing. */
const word = fc.constantFrom('let', 'x', '}', '', 'foo()', '  return', '// c', 'if (a) {', '漢字', '😀');
const lineText = fc.array(word, { maxLength: 3 }).map(words => words.join(' '));
const end = fc.constantFrom('\n', '\r\n');
const scenario = fc.record({
  lines: fc.array(lineText, { minLength: 1, maxLength: 30 }),
  end,
  finalEnd: fc.boolean(),
  from: fc.nat(29),
  count: fc.nat(4),
  fresh: fc.array(lineText, { maxLength: 4 }),
  typing: fc.array(
    fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), remove: fc.nat(12), kind: fc.nat(9) }),
    { maxLength: 12 },
  ),
});

describe('edits: rebase, random typing', () => {
  for (const reported of [true, false]) {
    it(`loses no keystroke and applies what does not overlap (${reported ? 'reported changes' : 'texts only'})`, () => {
      let apart = 0;
      let applied = 0;
      fc.assert(
        fc.property(scenario, run => {
          const count = run.lines.length;
          const from = Math.min(run.from, count);
          const to = Math.min(from + run.count, count);
          const text =
            run.lines.map((line, i) => `${line}~${i % 7}`).join(run.end) + (run.finalEnd ? run.end : '');
          const fresh = run.fresh.map((line, i) => `«${line}${i}»`);
          const edits = replaceLines(text, from, to, fresh);
          if (edits.length === 0) return;

          // Somebody types: every character put in is unique, so that a lost one is seen.
          const document = TextDocument.create('a:b', 'x', 1, text);
          const changes: TextDocumentContentChangeEvent[] = [];
          const touched = new Set<number>();
          let mark = 0x4e00 + 0x1000;
          let lineOf = run.lines.map((_, i) => i);
          for (const stroke of run.typing) {
            const now = document.getText();
            const start = document.positionAt(Math.floor(stroke.at * now.length));
            const removes = stroke.kind > 7;
            const stop = removes ? document.positionAt(document.offsetAt(start) + stroke.remove) : start;
            const typed = removes ? '' : (stroke.kind === 0 ? run.end : '') + String.fromCharCode(mark++);
            const change = { range: { start, end: stop }, text: typed };
            for (let line = start.line; line <= stop.line; line++) touched.add(lineOf[line] ?? count);
            const added = typed.includes('\n') ? 1 : 0;
            lineOf = [
              ...lineOf.slice(0, start.line + 1),
              ...Array<number>(added).fill(lineOf[start.line] ?? count),
              ...lineOf.slice(stop.line + 1),
            ];
            TextDocument.update(document, [change], document.version + 1);
            changes.push(change);
          }
          const current = document.getText();
          const rebased = rebase(text, edits, current, reported ? changes : undefined);
          const near = [...touched].some(line => line >= from - 1 && line <= to);
          if (!near) apart++;
          if (!rebased.ok) return;
          if (!near) applied++;
          const final = TextDocument.applyEdits(document, [...rebased.edits]);
          const typedMarks = current.match(/[\u5e00-\u5eff]/g);
          const kept = final.match(/[\u5e00-\u5eff]/g);
          assert.deepEqual(kept, typedMarks, 'every typed character is still there, in order');
          // What an edit replaces is exactly what it was made against.
          rebased.edits.forEach((each, i) => {
            const original = edits[i];
            assert(original);
            const before = TextDocument.create('file:///a', '', 0, text).getText(original.range);
            assert.equal(document.getText(each.range), before);
          });
          for (const line of fresh) assert(final.includes(line), 'the edit is there');
        }),
        { numRuns: 1500, seed: 7 },
      );
      assert(apart > 100, `only ${apart} runs did not overlap`);
      assert(applied >= apart * 0.95, `${applied} of ${apart} non-overlapping runs were applied`);
    });
  }
});
