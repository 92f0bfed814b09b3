/** Every recorded client from `initialize` to `exit`, and the odd sessions that real clients make of it. */
import assert from 'node:assert/strict';
import { type FakeEditor, profiles } from '../support/editor.ts';
import { at, profileParams } from '../support/editorRules.ts';
import { behind, empty, ghost, hoverText, menu, offered, Place } from './support/place.ts';

const misspelt = 'totalPrci';

describe('the whole server, with every recorded client', () => {
  let place: Place;
  before(() => (place = new Place()));
  after(() => place.dispose());

  for (const profile of profiles) {
    it(`${profile}: opens, completes, hovers, fixes and leaves`, async () => {
      const { capabilities } = profileParams(profile);
      const text = at(capabilities, 'textDocument') as Record<string, unknown>;
      const editor = await place.start({ profile });
      const settings = place.open(editor, 'src/settings.ts');
      const { line } = behind(editor.textOf(settings), 'function allNames');
      editor.type(settings, { line: line + 1, character: 0 }, '  const settings = readSet');
      const cursor = { line: line + 1, character: '  const settings = readSet'.length };
      await menu(editor, settings, cursor, /^readSettings\(path\);$/);
      const announced = 'inlineCompletion' in text;
      assert.equal(at(editor.serverCapabilities, 'inlineCompletionProvider') === true, announced);
      if (announced) assert.equal((await ghost(editor, settings, cursor, 1))[0]?.insertText, 'tings(path);');

      const uri = place.open(editor, 'src/cart.ts');
      const source = editor.textOf(uri);
      // The format is checked by the editor itself.
      assert.match(await hoverText(editor, uri, behind(source, 'function total')), /A function/);

      const action = await offered(editor, uri, behind(source, misspelt), 'Fix: ');
      await editor.choose(action);
      if (at(capabilities, 'workspace.applyEdit') === true) await editor.nextEdit();
      assert.equal(editor.textOf(uri), source.replace('totalPrcie', 'totalPrice'));
      await editor.shutdown();
    });
  }
});

describe('the whole server, in odd sessions', () => {
  let place: Place;
  before(() => (place = new Place()));
  after(() => place.dispose());

  const sessions: readonly [name: string, options: Parameters<Place['start']>[0]][] = [
    ['no folder and no name', { rootUri: null, params: { clientInfo: undefined } }],
    ['null for everything that may be null', { rootUri: null, params: { clientInfo: null, trace: null } }],
    [
      'several workspace folders',
      {
        params: {
          workspaceFolders: [
            { uri: 'file:///nowhere/at/all', name: 'gone' },
            { uri: 'PROJECT', name: 'project' },
          ],
        },
      },
    ],
  ];
  for (const [name, options] of sessions) {
    it(`${name}: repairs and completes`, async () => {
      const said = JSON.stringify(options).replace('"PROJECT"', JSON.stringify(place.rootUri));
      const editor = await place.start(name.startsWith('several') ? JSON.parse(said) : options);
      const uri = place.open(editor, 'src/cart.ts');
      await editor.choose(await offered(editor, uri, behind(editor.textOf(uri), misspelt), 'Fix: '));
      await editor.nextEdit();
      assert.match(editor.textOf(uri), /totalPrice\(items\);/);
      await editor.shutdown();
    });
  }

  it('capabilities {}: answers everything and sends nothing that was not announced', async () => {
    const editor = await place.start({ params: { capabilities: {} }, capabilities: clear });
    const uri = place.open(editor, 'src/cart.ts');
    assert.match(await hoverText(editor, uri, behind(editor.textOf(uri), 'function total')), /A function/);
    const command = await offered(editor, uri, behind(editor.textOf(uri), misspelt), 'Fix: ');
    assert.equal(command['command'], 'codriver.fix');
    await editor.choose(command);
    assert.match(await editor.nextMessage(), /does not accept edits/);
    await editor.shutdown();
  });

  describe('one session with many documents', () => {
    let editor: FakeEditor;
    before(async () => (editor = await place.start()));
    after(() => editor.shutdown());

    it('an untitled document', async () => {
      const uri = 'untitled:Untitled-1';
      const text = 'function currentTotal() {}\ncurentTotal();\n';
      editor.open(uri, 'javascript', text);
      await editor.choose(await offered(editor, uri, { line: 1, character: 3 }, 'Fix: '));
      await editor.nextEdit();
      assert.equal(editor.textOf(uri), text.replace('curent', 'current'));
    });

    it('a document with CRLF', async () => {
      const text = place.read('src/cart.ts').replaceAll('\n', '\r\n').replace('items.reduce', 'itms.reduce');
      const uri = place.uri('src/crlf.ts');
      editor.open(uri, 'typescript', text);
      const cursor = behind(text, 'return itm');
      await editor.choose(await offered(editor, uri, cursor, 'Fix: '));
      await editor.nextEdit();
      assert.equal(editor.textOf(uri), text.replace('itms.reduce', 'items.reduce'));
      await editor.choose(await offered(editor, uri, behind(text, 'function total'), 'Document '));
      await editor.nextEdit();
      assert.match(editor.textOf(uri), /\/\*\*\r\n/);
      assert.doesNotMatch(editor.textOf(uri), /[^\r]\n/);
    });

    it('two documents, each with its own repairs', async () => {
      const cart = place.open(editor, 'src/cart.ts');
      const wrong = place.read('tools/stats.py').replace('max(amounts)', 'max(amonts)');
      const stats = place.open(editor, 'tools/stats.py', wrong);
      for (const [uri, found] of [
        [stats, 'amont'],
        [cart, misspelt],
      ] as const) {
        await editor.choose(await offered(editor, uri, behind(editor.textOf(uri), found), 'Fix: '));
        await editor.nextEdit();
      }
      assert.match(editor.textOf(stats), /max\(amounts\)/);
      assert.match(editor.textOf(cart), /= totalPrice\(items\)/);
    });

    it('opened twice: the second text counts', async () => {
      const uri = place.uri('src/twice.js');
      editor.open(uri, 'javascript', 'const first = 1;\n');
      const text = 'const second = 2;\nconsole.log(secnd);\n';
      editor.documents.remove(uri);
      editor.open(uri, 'javascript', text, 7);
      await editor.choose(await offered(editor, uri, { line: 1, character: 14 }, 'Fix: '));
      await editor.nextEdit();
      assert.equal(editor.textOf(uri), text.replace('secnd', 'second'));
    });

    it('a stale change: no edit from a text that may not be the buffer, and words that say why', async () => {
      const uri = place.uri('src/stale.js');
      editor.open(uri, 'javascript', 'const second = 2;\nsecnd;\n', 5);
      const cursor = { line: 1, character: 3 };
      const fix = await offered(editor, uri, cursor, 'Fix: ');
      editor.notify('textDocument/didChange', {
        textDocument: { uri, version: 4 },
        contentChanges: [{ range: empty({ line: 0, character: 0 }), text: 'x' }],
      });
      const left = await editor.codeActions(uri, empty(cursor));
      assert.deepEqual(
        left.map(action => action['disabled'] === undefined),
        [false],
      );
      assert.match(await editor.nextMessage(), /stale\.js came out of order.*reopen/s);
      await editor.choose(fix);
      assert.match(await editor.nextMessage(), /came out of order.*reopen/s);
      editor.close(uri);
      editor.open(uri, 'javascript', 'const second = 2;\nsecnd;\n', 9);
      await editor.choose(await offered(editor, uri, cursor, 'Fix: '));
      await editor.nextEdit();
      assert.match(editor.textOf(uri), /\nsecond;/);
    });
  });
});

/** Leaves a client that can do nothing. */
function clear(capabilities: Record<string, unknown>): void {
  for (const name of Object.keys(capabilities)) Reflect.deleteProperty(capabilities, name);
}
