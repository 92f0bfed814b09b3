/** Every shape of suggestion in every editor's menu: still there while the person types along, and exact once accepted. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { CompletionItem, InitializeParams } from 'vscode-languageserver';
import { Document } from '../../server/base/document.ts';
import type { Suggestion } from '../../server/features/completion/types.ts';
import { type ClientFeatures, readClientFeatures } from '../../server/lsp/clientFeatures.ts';
import { completionItems, withDocumentation } from '../../server/lsp/completionItem.ts';
import { profileParams, profiles } from '../support/editorRules.ts';
import { MENUS, type Menu, type Scene } from './menus.ts';

/** `$0` is the cursor, `$1` the end of what the suggestion replaces right of it. */
type Shape = readonly [name: string, languageId: string, fixture: string, text: string];

const SHAPES: readonly Shape[] = [
  ['the rest of a word', 'typescript', 'const sum = addM$0\n', 'oney(net, tax);'],
  ['a whole expression', 'typescript', 'const sum = $0\n', 'addMoney(net, tax);'],
  ['a member', 'typescript', 'return basket.$0\n', 'net()'],
  ['a space first', 'python', 'total =$0\n', ' net + tax'],
  ['an indented statement', 'python', 'def f():\n    $0\n', 'return total'],
  ['a block', 'typescript', 'if (ready) {$0\n', '\n  start();\n}'],
  ['a block with its first line', 'typescript', '  if (re$0\n', 'ady) {\n    start();\n  }'],
  ['a block with an empty line', 'typescript', 'const a$0\n', ' = 1;\n\nconst b = 2;'],
  ['a block that ends further left', 'typescript', '    start($0\n', 'now);\n  }'],
  ['a closing bracket that is there', 'typescript', 'start($0)$1\n', 'now, later)'],
  ['a closing bracket with more behind it', 'typescript', 'start($0)$1\n', 'now);'],
  ['closing brackets over lines', 'typescript', 'start($0)$1;\n', 'now, () => {\n  stop();\n})'],
  ['a Lisp name', 'clojure', '(add-mo$0)\n', 'ney net tax'],
  ['a Lisp name in Emacs', 'emacs-lisp', '(buffer-sub$0)\n', 'string beg end'],
  ['a CSS property', 'css', 'a {\n  background-co$0\n}\n', 'lor: red;'],
  ['letters beyond ASCII', 'typescript', 'const größ$0\n', 'e = länge;'],
  ['beyond the basic plane', 'typescript', 'const 𝒳y$0\n', "z = '👍🏽';"],
  ['dollars, braces and backslashes', 'typescript', 'const t = `$0\n', '${a} \\ $b }`;'],
  ['a snippet of dollars and lines', 'typescript', 'const t$0\n', ' = `${a}\n$b \\} }`;'],
  ['carriage returns', 'typescript', 'f();\r\nif (re$0\r\n', 'ady) {\n  go();\n}'],
  ['a long line', 'typescript', 'const l$0\n', `ist = [${'12345, '.repeat(40)}];`],
  ['tabs', 'go', 'func f() {\n\tif re$0\n}\n', 'ady {\n\t\tgo()\n\t}'],
];

interface Prepared {
  readonly document: Document;
  readonly scene: Scene;
  readonly suggestion: Suggestion;
  /** The whole text as the suggestion means it. */
  readonly wanted: string;
}

/** The state after `typed` characters of the text have been written and the menu has asked. */
function prepare([, languageId, fixture, text]: Shape, typed = 0): Prepared {
  const [head = '', tail = ''] = fixture.split('$0');
  const [right = '', end = ''] = tail.includes('$1') ? tail.split('$1') : ['', tail];
  const written = head + text.slice(0, typed);
  const document = new Document('file:///a', languageId, 1, written + right + end);
  const start = document.positionAt(written.length);
  const line = document.lineAt(start.line).replace(/[\r\n]+$/, '');
  const lineStart = written.length - start.character;
  const newline = fixture.includes('\r\n') ? '\r\n' : '\n';
  return {
    document,
    suggestion: {
      text: text.slice(typed),
      range: { start, end: { line: start.line, character: start.character + right.length } },
      engine: 'embedded',
      confidence: 1,
    },
    wanted: head + text.replaceAll('\n', newline) + end,
    scene: {
      above: written.slice(0, lineStart),
      before: line.slice(0, start.character),
      after: line.slice(start.character),
      below: document.getText().slice(lineStart + line.length),
      typed: '',
      symbol: /lisp|clojure|css/.test(languageId) ? '-' : '$',
    },
  };
}

function clientOf(profile: string): ClientFeatures {
  return readClientFeatures(profileParams(profile) as unknown as InitializeParams);
}

function itemFor(menu: Menu, { suggestion, document }: Prepared): CompletionItem | undefined {
  const items = completionItems([suggestion], document, clientOf(menu.profile));
  // What the wire would make of it.
  return JSON.parse(JSON.stringify(items))[0] as CompletionItem | undefined;
}

/** By their own way of inserting, or because they cannot be told from a client that is one of them. */
const TAKE_LESS = ['Neovim 0.12', 'Vim (ALE)', 'Emacs 28 (eglot 1.9)'];

/** Neovim takes the first line, and nothing of it if what it would replace is not in it. */
function insertsNothing(menu: Menu, { suggestion, document }: Prepared): boolean {
  const replaced = document.getText(suggestion.range);
  const inserted =
    replaced === '' ? suggestion.text : suggestion.text.slice(0, suggestion.text.lastIndexOf(replaced));
  const first = inserted.split('\n', 1)[0] as string;
  return (
    TAKE_LESS.includes(menu.name) &&
    (inserted === '' || (menu.name.startsWith('Neovim') && first.trim() === ''))
  );
}

/** Editors that take less than the edit may insert a beginning of what was suggested, and nothing else. */
function assertAccepted(
  menu: Menu,
  item: CompletionItem,
  prepared: Prepared,
  scene: Scene,
  text: string,
): void {
  const got = menu.accept(item, scene).replaceAll('\r\n', '\n');
  const wanted = prepared.wanted.replaceAll('\r\n', '\n');
  if (got === wanted) return;
  const short = TAKE_LESS.includes(menu.name);
  assert.ok(short, `${menu.name} leaves ${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`);
  const before = scene.above + scene.before;
  const after = (scene.after + scene.below).replaceAll('\r\n', '\n');
  // Neovim gets an item only where something comes of it.
  if (menu.name.startsWith('Neovim')) assert.notEqual(got, before.replaceAll('\r\n', '\n') + after);
  const replaced = prepared.document.getText(prepared.suggestion.range);
  const beginnings = Array.from({ length: text.length + 1 }, (_, i) => text.slice(0, i))
    .filter(beginning => replaced === '' || beginning.length <= text.lastIndexOf(replaced))
    .map(beginning => before.replaceAll('\r\n', '\n') + beginning + after);
  assert.ok(
    beginnings.includes(got),
    `${menu.name} leaves ${JSON.stringify(got)}, no beginning of the suggestion`,
  );
}

describe('completion items', () => {
  for (const menu of MENUS) {
    for (const shape of SHAPES) {
      const [name, , , text] = shape;
      it(`${menu.name}: ${name}`, () => {
        const firstLine = text.split('\n', 1)[0] as string;
        for (let typed = 0; typed < Math.min(firstLine.length || 1, 14); typed++) {
          const asked = prepare(shape, typed);
          if (menu.fits?.(asked.scene) === false || /^[\udc00-\udfff]/.test(text.slice(typed))) continue;
          const item = itemFor(menu, asked);
          if (!item) {
            assert.ok(insertsNothing(menu, asked), 'there is an item');
            continue;
          }
          assert.ok(menu.shows(item, asked.scene), `asked after ${typed}: ${JSON.stringify(item)}`);
          assertAccepted(menu, item, asked, asked.scene, text.slice(typed));
          // The same item while the word goes on: nothing is asked anew.
          const more = /^[\p{L}\p{N}_]*/u.exec(firstLine.slice(typed))?.[0].slice(0, 6) ?? '';
          for (let further = 1; further <= more.length; further++) {
            const scene = { ...asked.scene, typed: more.slice(0, further) };
            assert.ok(menu.shows(item, scene), `asked after ${typed}, typed "${scene.typed}"`);
            assertAccepted(menu, item, asked, scene, text.slice(typed));
          }
        }
      });
    }
  }

  it('Neovim inserts all lines of a block, though its menu takes one line of an edit', () => {
    const [menu] = MENUS as [Menu];
    for (const shape of SHAPES.filter(([name]) => /first line|dollars and lines|tabs|carriage/.test(name))) {
      const prepared = prepare(shape);
      const item = itemFor(menu, prepared);
      assert.ok(item);
      const got = menu.accept(item, prepared.scene).replaceAll('\r\n', '\n');
      assert.equal(got, prepared.wanted.replaceAll('\r\n', '\n'));
    }
  });

  it('whatever is suggested, every menu shows it and leaves no other text', () => {
    const token = fc.constantFrom(
      'a',
      'foo',
      'Bar',
      '_x1',
      ' ',
      '.',
      '(',
      ')',
      '{',
      '}',
      '$',
      '\\',
      "'",
      'ß',
      '👍',
      '-',
      ', ',
    );
    const line = fc.array(token, { maxLength: 8 }).map(parts => parts.join(''));
    const languages = fc.constantFrom('typescript', 'python', 'clojure', 'css', 'lua', 'plaintext');
    fc.assert(
      fc.property(
        languages,
        line,
        fc.array(line, { minLength: 1, maxLength: 3 }),
        (languageId, before, lines) => {
          // An engine's text is never blank, and it never begins in the middle of a character.
          const text = lines.join('\n').trimEnd();
          fc.pre(text.trim() !== '' && !/[$][01]/.test(before));
          const prepared = prepare(['', languageId, `${before}$0\n`, text]);
          for (const menu of MENUS) {
            if (menu.fits?.(prepared.scene) === false) continue;
            const item = itemFor(menu, prepared);
            if (!item) {
              assert.ok(insertsNothing(menu, prepared));
              continue;
            }
            assert.ok(menu.shows(item, prepared.scene), `${menu.name} ${JSON.stringify(item)}`);
            assertAccepted(menu, item, prepared, prepared.scene, text);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('completion items and the menu around them', () => {
  const twice = (profile: string): CompletionItem[] => {
    const { document, suggestion } = prepare(['', 'typescript', 'if (re$0\n', 'ady) {\n  go();\n}']);
    const other = { ...suggestion, text: 'ady) {\n  stop();\n}' };
    return completionItems([suggestion, other], document, clientOf(profile));
  };

  for (const profile of profiles) {
    it(`${profile}: stand last, claim nothing, differ, and show all of the text`, () => {
      const client = clientOf(profile);
      const items = twice(profile);
      assert.equal(new Set(items.map(({ label }) => label)).size, 2);
      for (const item of items) {
        for (const own of ['zzz', '11', 'ZZ', '~', '\u{10ffff}'].filter(each => each < '\uffff'))
          assert.ok((item.sortText as string) > own);
        assert.equal(item.preselect, undefined);
        assert.equal(item.commitCharacters, undefined);
        assert.equal(item.labelDetails !== undefined, client.labelDetails);
        assert.equal(item.insertTextFormat === 2, profile === 'neovim-0.12.4');
        assert.equal(item.documentation === undefined, client.lazyDocumentation);
        const resolved = withDocumentation(JSON.parse(JSON.stringify(item)) as CompletionItem);
        const { kind, value } = resolved.documentation as { kind: string; value: string };
        assert.equal(kind, client.completionMarkdown ? 'markdown' : 'plaintext');
        if (profile !== 'neovim-0.10.4') assert.match(value, /ready\) \{\n {2}(?:go|stop)\(\);\n\}/);
        assert.deepEqual(withDocumentation(resolved), resolved);
      }
    });
  }

  it('previews are clean of what drives a terminal or hides, lazily or not', () => {
    const evil = `x\u202e\u001b[31m\u200b;\n${'```'}\nout of the fence`;
    const { document, suggestion } = prepare(['', 'typescript', 'const $0\n', evil]);
    for (const profile of profiles) {
      for (const item of completionItems([suggestion], document, clientOf(profile))) {
        const { documentation, label } = withDocumentation(item);
        const shown = label + (documentation as { value: string }).value;
        assert.doesNotMatch(shown, /[\u202e\u001b\u200b]/);
        const { kind, value } = documentation as { kind: string; value: string };
        if (kind === 'markdown' && value.includes('out of'))
          assert.match(value, /^````typescript\n[\s\S]*\n````$/);
      }
    }
  });

  const odd: readonly [string, Partial<CompletionItem>][] = [
    ['of another server', { data: 17 }],
    ['with a list for data', { data: [] }],
    ['with odd data', { data: { codriver: { languageId: 3, markdown: 'yes' } } }],
    ['with null for data', { data: { codriver: null } }],
    ['without an edit', { data: { codriver: { languageId: 'go', markdown: true } } }],
    [
      'that has a documentation',
      { documentation: 'own', data: { codriver: { languageId: 'go', markdown: true } } },
    ],
  ];
  for (const [name, parts] of odd) {
    it(`an item ${name} is resolved to itself`, () => {
      const item = { label: 'x', ...parts };
      assert.equal(withDocumentation(item), item);
    });
  }
});
