/** Suggestions as ghost text: what the editors show of an item, and what accepting it whole, by word or by line leaves. */
import assert from 'node:assert/strict';
import type { InlineCompletionItem } from 'vscode-languageserver';
import { Document } from '../../server/base/document.ts';
import type { Suggestion } from '../../server/features/completion/types.ts';
import { inlineItem } from '../../server/lsp/inlineItem.ts';
import { checkParams } from '../../server/lsp/shapes.ts';
import { ShownSuggestions } from '../../server/lsp/shown.ts';

interface Asked {
  readonly document: Document;
  readonly suggestion: Suggestion;
}

/** `$0` is the cursor, `$1` the end of what is replaced. */
function asked(fixture: string, text: string): Asked {
  const [head = '', tail = ''] = fixture.split('$0');
  const [right = '', end = ''] = tail.includes('$1') ? tail.split('$1') : ['', tail];
  const document = new Document('file:///a.ts', 'typescript', 1, head + right + end);
  const start = document.positionAt(head.length);
  const range = { start, end: { line: start.line, character: start.character + right.length } };
  return { document, suggestion: { text, range, engine: 'embedded', confidence: 1 } };
}

const itemOf = ({ document, suggestion }: Asked): InlineCompletionItem =>
  inlineItem(suggestion, document, '1') as InlineCompletionItem;

/** Neovim and lsp-mode: the range gives way to the text. */
function accepted({ document }: Asked, item: InlineCompletionItem, text = item.insertText as string): string {
  const { start, end } = item.range as Suggestion['range'];
  const whole = document.getText();
  return whole.slice(0, document.offsetAt(start)) + text + whole.slice(document.offsetAt(end));
}

/** Whether a text has these characters, in their order. */
function keeps(text: string, characters: string): boolean {
  let at = 0;
  return Array.from(characters).every(character => (at = text.indexOf(character, at) + 1) > 0);
}

/** VS Code: on one line, beginning with what stands before the cursor, and keeping what it would replace after it. */
function shownByVsCode({ document, suggestion }: Asked, item: InlineCompletionItem): boolean {
  const { start, end } = item.range as Suggestion['range'];
  const cursor = suggestion.range.start;
  const before = document.getText({ start, end: cursor });
  const after = document.getText({ start: cursor, end });
  const text = item.insertText as string;
  return (
    start.line === end.line &&
    (item.filterText ?? text).startsWith(before) &&
    keeps(text.slice(before.length), after)
  );
}

const SHAPES: readonly [name: string, fixture: string, text: string, wanted: string][] = [
  ['the rest of a line', 'const sum = addM$0\n', 'oney(net, tax);', 'const sum = addMoney(net, tax);\n'],
  ['a bracket that is there', 'start($0)$1\n', 'now, later)', 'start(now, later)\n'],
  ['a bracket with more behind it', 'start($0)$1\n', 'now);', 'start(now);\n'],
  ['a block', 'if (a) {$0\n', '\n  go();\n}', 'if (a) {\n  go();\n}\n'],
  ['a block in a call', 'on($0)$1;\n', '() => {\n  go();\n})', 'on(() => {\n  go();\n});\n'],
  ['carriage returns', 'f();\r\nif (a) {$0\r\n', '\n  go();\n}', 'f();\r\nif (a) {\r\n  go();\r\n}\r\n'],
];

describe('ghost text', () => {
  for (const [name, fixture, text, wanted] of SHAPES) {
    it(`${name}: shown, plain, on one line, and exact once accepted`, () => {
      const place = asked(fixture, text);
      const item = itemOf(place);
      assert.equal(typeof item.insertText, 'string');
      assert.ok(shownByVsCode(place, item));
      assert.equal(accepted(place, item), wanted);
    });

    for (const [unit, pattern] of [
      ['word', /^\s*(?:[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_])/u],
      ['line', /^\n?[^\n]*/],
    ] as const) {
      it(`${name}: accepted ${unit} by ${unit}, it ends the same`, () => {
        let place = asked(fixture, text);
        for (let steps = 0; place.suggestion.text !== ''; steps++) {
          assert.ok(steps < 60 && shownByVsCode(place, itemOf(place)));
          const part = pattern.exec(place.suggestion.text)?.[0] || place.suggestion.text;
          const rest = place.suggestion.text.slice(part.length);
          const { range } = place.suggestion;
          // The ghost stands around what is kept of the line: a bracket that has been passed is kept already.
          let replaced = place.document.getText(range);
          while (!keeps(rest, replaced)) replaced = replaced.slice(1);
          const before = place.document.getText().slice(0, place.document.offsetAt(range.start)) + part;
          const after = place.document.getText().slice(place.document.offsetAt(range.end));
          // The editor inserts a part and leaves the rest of the range; what is left is suggested there.
          place = asked(rest === '' ? `${before}$0${after}` : `${before}$0${replaced}$1${after}`, rest);
        }
        assert.equal(place.document.getText().replaceAll('\r\n', '\n'), wanted.replaceAll('\r\n', '\n'));
      });
    }
  }

  const SELECTIONS: readonly [
    name: string,
    typed: string,
    selected: string,
    text: string,
    from: number,
    shown: boolean,
  ][] = [
    ['a selected item that goes on from the word', 'con', 'console', 'sole.log()', 3, true],
    ['a selected item that merely resembles the word', 'cnsl', 'console', 'console.log()', 0, true],
    ['a suggestion that contradicts the selected item', 'con', 'console', 'st a = 1;', 3, false],
    ['a suggestion that is shorter than the selected item', 'con', 'console', 'so', 3, false],
  ];
  for (const [name, typed, selected, text, from, shown] of SELECTIONS) {
    it(`${name} is ${shown ? 'extended' : 'not shown'}`, () => {
      const document = new Document('file:///a.ts', 'typescript', 1, `${typed}\n`);
      const position = (character: number) => ({ line: 0, character });
      const range = { start: position(from), end: position(typed.length) };
      const info = { range: { start: position(0), end: position(typed.length) }, text: selected };
      const item = inlineItem({ text, range, engine: 'm', confidence: 1 }, document, '1', info);
      assert.equal(item !== undefined, shown);
      if (!item) return;
      assert.ok((item.insertText as string).startsWith(selected));
      assert.deepEqual(item.range, info.range);
      assert.ok((item.filterText ?? (item.insertText as string)).startsWith(typed));
    });
  }
});

describe('the selected item of a menu, as clients write it', () => {
  const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
  const forms: readonly [name: string, context: unknown, taken: boolean][] = [
    ['nothing', undefined, true],
    ['null for none', { triggerKind: 2, selectedCompletionInfo: null }, true],
    ['a range and a text', { selectedCompletionInfo: { range, text: 'x' } }, true],
    ['no text', { selectedCompletionInfo: { range } }, false],
    ['no range', { selectedCompletionInfo: { text: 'x' } }, false],
    ['a text alone', { selectedCompletionInfo: 'x' }, false],
  ];
  for (const [name, context, taken] of forms) {
    it(`${name} is ${taken ? 'understood' : 'refused'}`, () => {
      const place = { textDocument: { uri: 'file:///a' }, position: range.start };
      const wrong = checkParams('textDocument/inlineCompletion', {
        ...place,
        ...(context ? { context } : {}),
      });
      assert.equal(wrong === undefined, taken);
    });
  }
});

describe('suggestions that were shown', () => {
  const suggestion = (text: string): Suggestion => asked('a$0\n', text).suggestion;

  it('are counted once while they are typed along, and once more when something else is shown', () => {
    const shown = new ShownSuggestions();
    const first = shown.show('file:///a', suggestion('money(net)'));
    assert.equal(shown.show('file:///a', suggestion('oney(net)')), first);
    assert.notEqual(shown.show('file:///a', suggestion('other')), first);
    assert.notEqual(shown.show('file:///b', suggestion('other')), first);
    assert.deepEqual(shown.counts, { shown: 3, accepted: 0 });
  });

  it('are told by their id, once, with what was shown last of them', () => {
    const shown = new ShownSuggestions();
    const id = shown.show('file:///a', suggestion('money(net)'));
    shown.show('file:///a', suggestion('ey(net)'));
    assert.equal(shown.accept(id)?.suggestion.text, 'ey(net)');
    assert.equal(shown.accept(id), undefined);
    assert.equal(shown.accept('unknown'), undefined);
    assert.deepEqual(shown.counts, { shown: 1, accepted: 1 });
    assert.notEqual(shown.show('file:///a', suggestion('net)')), id);
  });

  it('several of one answer have ids of their own', () => {
    const shown = new ShownSuggestions();
    const ids = ['one', 'two'].map((text, place) => shown.show('file:///a', suggestion(text), place));
    assert.equal(new Set(ids).size, 2);
    assert.deepEqual(
      ['ne', 'wo'].map((text, place) => shown.show('file:///a', suggestion(text), place)),
      ids,
    );
  });
});
