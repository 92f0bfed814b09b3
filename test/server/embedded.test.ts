/** What a person gets with no key and no network: completion, hover, quiet diagnostics and repairs. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ErrorAnswer, type FakeEditor } from '../support/editor.ts';
import { at } from '../support/editorRules.ts';
import { behind, empty, everything, ghost, hoverText, menu, offered, Place } from './support/place.ts';

type Action = Readonly<Record<string, unknown>>;

describe('the whole server, embedded', () => {
  let place: Place;
  let editor: FakeEditor;
  before(async () => {
    place = new Place();
    editor = await place.start();
  });
  after(async () => {
    try {
      await editor.shutdown();
    } finally {
      place.dispose();
    }
  });

  /** A new document that says this, and the place behind it. */
  function write(name: string, text: string, rest = '') {
    const uri = place.uri(name);
    editor.open(uri, 'typescript', rest);
    editor.type(uri, { line: 0, character: 0 }, text);
    const lines = text.split('\n');
    return { uri, cursor: { line: lines.length - 1, character: (lines.at(-1) as string).length } };
  }

  describe('completes', () => {
    const source = () => place.read('src/settings.ts');

    it('from the file itself, as an item that survives filtering and stands last', async () => {
      const { uri, cursor } = write('src/a.ts', `${source()}\n  const settings = readSet`);
      // While the folder is being read, a part of the line may be all that is sure.
      const [item, ...others] = await menu(editor, uri, cursor, /^readSettings\(path\);$/);
      assert.ok(item && others.length === 0);
      assert.ok(item.filterText.startsWith('readSet'), item.filterText);
      assert.deepEqual(item.textEdit.range, {
        start: { line: cursor.line, character: cursor.character - 'readSet'.length },
        end: cursor,
      });
      assert.ok(item.sortText > 'zzzz');
      assert.doesNotMatch(item.label, /\n/);
      const list = (await editor.complete(uri, cursor)) as { isIncomplete: boolean };
      assert.equal(list.isIncomplete, true);
      // Neovim fetches the preview when the person looks at the item.
      assert.equal(item.documentation, undefined);
      const resolved = (await editor.request('completionItem/resolve', item)) as typeof item;
      assert.match(resolved.documentation.value, /readSettings\(path\);/);
      assert.deepEqual({ ...resolved, documentation: undefined }, { ...item, documentation: undefined });
      assert.deepEqual(await editor.request('completionItem/resolve', resolved), resolved);
    });

    it('from another file of the folder', async () => {
      const { uri, cursor } = write('src/b.ts', 'const lines = items.m');
      await menu(
        editor,
        uri,
        cursor,
        /^map\(item => `\$\{item\.name\}: \$\{formatPrice\(item\.price\)\}`\);$/,
      );
    });

    it('as ghost text on one line', async () => {
      const { uri, cursor } = write('src/c.ts', 'const lines = items.m');
      await menu(editor, uri, cursor, /^map\(/);
      const [item] = await ghost(editor, uri, cursor, 1);
      assert.match(item?.insertText ?? '', /^ap\(item/);
      assert.deepEqual(item?.range, empty(cursor));
    });

    it('in a position behind the end of the document', async () => {
      const { uri } = write('src/e.ts', 'const lines = items.m');
      await editor.complete(uri, { line: 900, character: 900 });
    });
  });

  it('hovers by structure', async () => {
    const uri = place.open(editor, 'src/money.ts');
    const text = await hoverText(editor, uri, behind(editor.textOf(uri), 'function format'));
    assert.match(text, /formatPrice\(cents: number\): string/);
  });

  describe('publishes its own hints', () => {
    it('quietly, and takes them back when they are mended', async () => {
      const uri = place.uri('src/hint.ts');
      editor.open(uri, 'typescript', 'export const total = 1;\nconsole.log(totl);\n');
      const [hint, ...others] = await editor.diagnosticsUntil(uri, all => all.length > 0);
      assert.deepEqual(others, []);
      assert.deepEqual([hint?.severity, hint?.source], [4, 'codriver']);
      editor.type(uri, { line: 1, character: 15 }, 'a');
      await editor.diagnosticsUntil(uri, all => all.length === 0);
    });

    const cursor = { line: 1, character: 13 };
    const theirs = (line: number) => ({
      range: { start: { line, character: 12 }, end: { line, character: 18 } },
      message: "Cannot find name 'amonut'.",
      source: 'ts',
      code: 2304,
    });

    it('not where a menu shows that another server reports, until that line has changed', async () => {
      const uri = place.uri('src/menu.ts');
      editor.open(uri, 'typescript', 'export const amount = 1;\nconsole.log(amonut);\n');
      await editor.diagnosticsUntil(uri, all => all.length === 1);
      const fix = await offered(editor, uri, cursor, 'Fix: ', [theirs(1)]);
      assert.equal((fix['diagnostics'] as unknown[]).length, 1);
      await editor.diagnosticsUntil(uri, all => all.length === 0);
      editor.type(uri, { line: 1, character: 0 }, 'void ');
      await editor.diagnosticsUntil(uri, all => all.length === 1);
      const moved = {
        ...theirs(1),
        range: { start: { line: 1, character: 17 }, end: { line: 1, character: 23 } },
      };
      await editor.codeActions(uri, moved.range, [moved]);
      await editor.diagnosticsUntil(uri, all => all.length === 0);
      // The other server has nothing to say here any more.
      await editor.codeActions(uri, moved.range, []);
      await editor.diagnosticsUntil(uri, all => all.length === 1);
    });

    it('not where the client forwards another report, if it opted in', async () => {
      const forwarding = await place.start({
        initializationOptions: { codriver: { clientFeatures: { otherDiagnostics: true } } },
      });
      const uri = place.uri('src/forwarded.ts');
      forwarding.open(uri, 'typescript', 'export const amount = 1;\nconsole.log(amonut);\n');
      await forwarding.diagnosticsUntil(uri, all => all.length === 1);
      forwarding.notify('codriver/otherDiagnostics', { uri, diagnostics: [theirs(1), { broken: true }] });
      await forwarding.diagnosticsUntil(uri, all => all.length === 0);
      const fix = await offered(forwarding, uri, cursor, 'Fix: ');
      assert.match(JSON.stringify(fix), /Cannot find name/);
      forwarding.notify('codriver/otherDiagnostics', { uri, diagnostics: [] });
      await forwarding.diagnosticsUntil(uri, all => all.length === 1);
      await forwarding.shutdown();
    });
  });

  describe('acts', () => {
    it('fix all in file: one step, by a kind of its own', async () => {
      const uri = place.uri('src/all.ts');
      const text = 'export const balance = 1;\nconsole.log(balnce, balence);\n';
      editor.open(uri, 'typescript', text);
      await editor.diagnosticsUntil(uri, all => all.length === 2);
      const [action] = await editor.codeActions(uri, everything, [], ['source.fixAll']);
      await editor.choose(action as Action);
      await editor.nextEdit();
      assert.equal(editor.textOf(uri), 'export const balance = 1;\nconsole.log(balance, balance);\n');
      await editor.choose(action as Action);
      assert.match(await editor.nextMessage(), /found nothing/);
      await editor.choose(action as Action);
      assert.match(await editor.nextMessage(), /found nothing/);
    });

    it('documents from the signature', async () => {
      const uri = place.open(editor, 'tools/stats.py');
      await editor.choose(await offered(editor, uri, behind(editor.textOf(uri), 'def larg'), 'Document '));
      await editor.nextEdit();
      assert.match(editor.textOf(uri), /def largest\(amounts\):\n    """/);
    });

    it('explains as a document of the person alone', async () => {
      const uri = place.open(editor, 'src/report.ts');
      await editor.choose(await offered(editor, uri, behind(editor.textOf(uri), 'function rep'), 'Explain '));
      const shown = await editor.nextShownDocument();
      assert.match(readFileSync(fileURLToPath(String(shown['uri'])), 'utf8'), /report/);
    });

    it('says its state', async () => {
      await editor.execute('codriver.status');
      const shown = await editor.nextShownDocument();
      const text = readFileSync(fileURLToPath(String(shown['uri'])), 'utf8');
      assert.match(text, /client Neovim/);
      assert.match(text, /completion while typing: embedded/);
    });

    it('counts a suggestion that was accepted, once, and minds no old one', async () => {
      const text = `${place.read('src/settings.ts')}\n  const settings = readSet`;
      const { uri, cursor } = write('src/accepted.ts', text);
      await menu(editor, uri, cursor, /^readSettings/);
      const [item] = await ghost(editor, uri, cursor, 1);
      const { command } = item as unknown as { command: { command: string; arguments: unknown[] } };
      assert.equal(command.command, 'codriver.accepted');
      for (const args of [command.arguments, command.arguments, [{ id: 'of another session' }]])
        assert.equal(await editor.execute(command.command, args), null);
      await editor.execute('codriver.status');
      const shown = await editor.nextShownDocument();
      assert.match(readFileSync(fileURLToPath(String(shown['uri'])), 'utf8'), /ghost text.*, 1 accepted/);
    });

    const unasked: readonly [surface: string, triggerKind: number, name: string][] = [
      ['inlineCompletion', 2, 'src/why.ts'],
      // The menu is open and is asked again with a key.
      ['completion', 3, 'src/menuWhy.ts'],
    ];
    for (const [surface, triggerKind, name] of unasked) {
      it(`says why there was no ${surface} that came unasked`, async () => {
        const uri = place.open(editor, name, 'const something = 1;\n');
        const position = { line: 0, character: 8 };
        const params = { textDocument: { uri }, position, context: { triggerKind } };
        await editor.request(`textDocument/${surface}`, params);
        await editor.execute('codriver.why', [uri]);
        const message = await editor.nextMessage(text => text.includes(name));
        assert.match(message, /line 1: nothing, because the cursor is inside a word\. Go to its end\./);
      });
    }

    it('resolves an action to itself', async () => {
      const uri = place.open(editor, 'src/cart.ts');
      const action = await offered(editor, uri, behind(editor.textOf(uri), 'totalPrci'), 'Fix: ');
      assert.deepEqual(await editor.request('codeAction/resolve', action), action);
    });

    const only: readonly [filter: string[], kinds: RegExp][] = [
      [['quickfix'], /^quickfix$/],
      [['refactor'], /^refactor\.rewrite$/],
      [['source'], /^source\./],
      [['source.fixAll'], /^source\.fixAll\.codriver$/],
      [['source.fixAll.codriver'], /^source\.fixAll\.codriver$/],
      [['quickfix', 'source.codriver'], /^(quickfix|source\.codriver)$/],
    ];
    for (const [filter, kinds] of only) {
      it(`keeps to only ${filter.join(' and ')}`, async () => {
        const uri = place.uri('src/cart.ts');
        const cursor = behind(editor.textOf(uri), 'totalPrci');
        const range = { start: { line: 6, character: 0 }, end: cursor };
        const actions = await editor.codeActions(uri, range, [], filter);
        assert.ok(actions.length > 0);
        for (const { kind } of actions) assert.match(String(kind), kinds);
      });
    }
    it('offers nothing for kinds that are not its own', async () => {
      const uri = place.uri('src/cart.ts');
      assert.deepEqual(
        await editor.codeActions(uri, everything, [], ['source.organizeImports', 'quick']),
        [],
      );
    });

    it('says why a model is missing where the client can show that, and is silent elsewhere', async () => {
      const older = await place.start({ profile: 'neovim-0.10.4' });
      for (const [client, shows] of [
        [editor, true],
        [older, false],
      ] as const) {
        const uri = place.uri('src/unfinished.ts');
        client.open(uri, 'typescript', 'export function later(): number {\n  throw new Error("TODO");\n}\n');
        await hoverText(client, uri, { line: 0, character: 18 });
        const actions = await client.codeActions(uri, empty({ line: 0, character: 18 }));
        const implement = actions.find(({ title }) => String(title).startsWith('Implement'));
        assert.equal(implement !== undefined, shows);
        if (implement) assert.match(String(at(implement, 'disabled.reason')), /No model endpoint/);
        if (implement) assert.equal(implement['command'], undefined);
      }
      await older.shutdown();
    });

    const uri = 'file:///x.ts';
    const refused: readonly [name: string, command: string, args: unknown[] | undefined, says: RegExp][] = [
      ['an unknown command', 'codriver.dance', [], /codriver\.fix, /],
      ['an acceptance without an id', 'codriver.accepted', [{}], /needs the id/],
      ['an acceptance of null', 'codriver.accepted', [null], /needs the id/],
      ['no arguments', 'codriver.fix', undefined, /must be \{uri, range\}/],
      ['a text', 'codriver.fix', ['x'], /must be \{uri, range\}/],
      ['a number as URI', 'codriver.explain', [{ uri: 1 }], /uri must be a string/],
      ['a document that is not open', 'codriver.explain', [{ uri, range: everything }], /not open/],
    ];
    for (const [name, command, args, says] of refused) {
      it(`refuses ${name}`, async () => {
        const params = { command, ...(args ? { arguments: args } : {}) };
        await assert.rejects(editor.request('workspace/executeCommand', params), error => {
          assert.ok(error instanceof ErrorAnswer);
          assert.equal(error.code, -32602);
          assert.match(error.message, says);
          return true;
        });
      });
    }
    it('refuses a range that is none', async () => {
      const params = [{ uri: place.uri('src/cart.ts'), range: { start: { line: -1 } } }];
      await assert.rejects(editor.execute('codriver.fix', params), /range must be an LSP range.*-32602/);
    });
  });
});
