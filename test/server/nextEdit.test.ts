/** The next edit as a client sees it: a hint, quick fixes, an item of inline completion, a jump, and silence. */
import assert from 'node:assert/strict';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { empty, eventually, ghost, Place } from './support/place.ts';

type Action = Readonly<Record<string, unknown>>;

const original = 'const limit = 3;\nexport const a = limit + 1;\n\nexport const b = [\n  limit,\n];\n';
/** Renames the declaration. */
const renamed = { start: { line: 0, character: 6 }, end: { line: 0, character: 11 } };

describe('the whole server, next edits', () => {
  let place: Place;
  let count = 0;
  before(() => {
    place = new Place();
  });
  after(() => place.dispose());

  function write(editor: FakeEditor, text = original): string {
    const uri = place.uri(`src/next${++count}.ts`);
    editor.open(uri, 'typescript', text);
    return uri;
  }
  const rename = (editor: FakeEditor, uri: string) =>
    editor.change(uri, [{ range: renamed, newText: 'maximum' }]);
  const hints = (editor: FakeEditor, uri: string) =>
    editor.diagnosticsOf(uri).filter(({ code }) => code === 'next-edit');
  const hinted = (editor: FakeEditor, uri: string, lines: readonly number[]) =>
    editor.diagnosticsUntil(
      uri,
      all =>
        JSON.stringify(
          all.filter(({ code }) => code === 'next-edit').map(({ range }) => range.start.line),
        ) === JSON.stringify(lines),
    );
  const offered = async (editor: FakeEditor, uri: string, line: number): Promise<Action[]> => {
    const actions = await editor.codeActions(uri, empty({ line, character: 0 }), hints(editor, uri));
    return actions.filter(({ title }) => /next edit|remaining/.test(String(title)));
  };

  it('is hinted at, offered, applied, and followed by the one after it', async () => {
    const editor = await place.start();
    const uri = write(editor);
    rename(editor, uri);
    const [hint] = (await hinted(editor, uri, [1, 4])).filter(({ code }) => code === 'next-edit');
    assert.equal(hint?.severity, 4);
    assert.equal(hint?.source, 'codriver');
    assert.equal(hint?.message, 'next edit: rename `limit` to `maximum` here');
    const actions = await offered(editor, uri, 1);
    assert.deepEqual(
      actions.map(({ title, kind, isPreferred }) => [title, kind, isPreferred]),
      [
        ['Apply next edit: rename `limit` to `maximum` here', 'quickfix', true],
        ['Apply all 2 remaining: rename `limit` to `maximum` here', 'quickfix', undefined],
      ],
    );
    await editor.choose(actions[0] as Action);
    assert.equal(editor.textOf(uri).split('\n')[1], 'export const a = maximum + 1;');
    await hinted(editor, uri, [4]);
    await editor.shutdown();
  });

  it('all that go together are applied at once', async () => {
    const editor = await place.start();
    const uri = write(editor);
    rename(editor, uri);
    await hinted(editor, uri, [1, 4]);
    const [, all] = await offered(editor, uri, 4);
    await editor.choose(all as Action);
    assert.equal(editor.textOf(uri), original.replaceAll('limit', 'maximum'));
    await hinted(editor, uri, []);
    await editor.shutdown();
  });

  it('is an item of inline completion on its line, which covers the cursor', async () => {
    const editor = await place.start({ profile: 'vscode-1.139.1' });
    const uri = write(editor);
    rename(editor, uri);
    const cursor = { line: 1, character: 27 };
    const item = await eventually('the next edit as ghost text', async () => {
      const [found] = await ghost(editor, uri, cursor);
      return found?.insertText.includes('maximum') ? found : undefined;
    });
    assert.equal(item.range.start.line, 1);
    assert.equal(item.range.end.line, 1);
    assert.ok(item.range.start.character <= cursor.character && item.range.end.character >= cursor.character);
    editor.change(uri, [{ range: item.range, newText: item.insertText }]);
    assert.equal(editor.textOf(uri).split('\n')[1], 'export const a = maximum + 1;');
    await editor.shutdown();
  });

  it('is jumped to, one after the other', async () => {
    const editor = await place.start();
    const uri = write(editor);
    rename(editor, uri);
    await hinted(editor, uri, [1, 4]);
    for (const line of [1, 4, 1]) {
      await editor.execute('codriver.nextEdit');
      const shown = (await editor.nextShownDocument()) as unknown as {
        uri: string;
        selection: { start: { line: number } };
      };
      assert.equal(shown.uri, uri);
      assert.equal(shown.selection.start.line, line);
    }
    await editor.shutdown();
  });

  it('is told with its line where the client shows no documents', async () => {
    const editor = await place.start({
      capabilities: capabilities => {
        delete (capabilities['window'] as Record<string, unknown>)['showDocument'];
      },
    });
    const uri = write(editor);
    rename(editor, uri);
    await hinted(editor, uri, [1, 4]);
    await editor.execute('codriver.nextEdit');
    assert.match(await editor.nextMessage(), /src\/next\d+\.ts:2: rename/);
    await editor.shutdown();
  });

  it('once dismissed it does not come back', async () => {
    const editor = await place.start();
    const uri = write(editor);
    rename(editor, uri);
    await hinted(editor, uri, [1, 4]);
    await editor.execute('codriver.dismissNextEdit');
    await hinted(editor, uri, []);
    editor.type(uri, { line: 2, character: 0 }, '// a note');
    await editor.execute('codriver.nextEdit');
    assert.match(await editor.nextMessage(), /knows no next edit/);
    assert.deepEqual(hints(editor, uri), []);
    await editor.shutdown();
  });

  it('what no longer stands is gone, and an undone one is not offered again', async () => {
    const editor = await place.start();
    const uri = write(editor);
    rename(editor, uri);
    await hinted(editor, uri, [1, 4]);
    const [one] = await offered(editor, uri, 1);
    await editor.choose(one as Action);
    await hinted(editor, uri, [4]);
    editor.change(uri, [
      {
        range: { start: { line: 1, character: 17 }, end: { line: 1, character: 24 } },
        newText: 'limit',
      },
    ]);
    await hinted(editor, uri, [4]);
    assert.equal((await offered(editor, uri, 1)).length, 0);
    await editor.shutdown();
  });

  for (const [what, settings] of [
    ['switched off', { nextEdit: { enabled: false } }],
    ['at level 0', { autonomy: 0 }],
  ] as const) {
    it(`nothing is offered ${what}`, async () => {
      const editor = await place.start({ initializationOptions: { codriver: settings } });
      const uri = write(editor);
      rename(editor, uri);
      await editor.execute('codriver.nextEdit');
      assert.match(await editor.nextMessage(), /knows no next edit/);
      assert.deepEqual(hints(editor, uri), []);
      assert.deepEqual(await offered(editor, uri, 1), []);
      await editor.shutdown();
    });
  }

  describe('with a model', () => {
    let model: ModelServer;
    before(async () => {
      model = await startModelServer();
    });
    after(() => model.close());
    beforeEach(() => model.clear());
    const text = 'export function area(width: number) {\n  return width;\n}\n';
    const start = () =>
      place.start({ env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' } });
    const edit = (editor: FakeEditor, uri: string) =>
      editor.change(uri, [{ range: empty({ line: 0, character: 34 }), newText: ', height: number' }]);

    it('is asked by the command, and its answer is an edit like any other', async () => {
      const editor = await start();
      const uri = write(editor, text);
      edit(editor, uri);
      model.reply({
        text: '<region>\nexport function area(width: number, height: number) {\n  return width * height;\n}\n\n</region>',
      });
      await editor.execute('codriver.nextEdit');
      const shown = (await editor.nextShownDocument()) as unknown as {
        selection: { start: { line: number } };
      };
      assert.equal(shown.selection.start.line, 1);
      const [request] = model.requests.filter(({ route }) => route === 'chat');
      assert.match(request?.text ?? '', /\+export function area\(width: number, height: number\)/);
      const [action] = await offered(editor, uri, 1);
      await editor.choose(action as Action);
      assert.match(editor.textOf(uri), /return width \* height;/);
      await editor.shutdown();
    });

    for (const [what, reply] of Object.entries({
      chatter: { text: 'Sure! <region>\nreturn 1\n</region>' },
      'the same region': { text: `<region>\n${text.replace(')', ', height: number)')}\n</region>` },
      'what would not parse': {
        text: '<region>\nexport function area(width: number, height: number) {\n  return width * (;\n}\n\n</region>',
      },
      'an answer that was cut': { text: '<region>\nexport function', finishReason: 'length' },
    })) {
      it(`nothing is made of ${what}`, async () => {
        const editor = await start();
        const uri = write(editor, text);
        edit(editor, uri);
        model.reply(reply);
        await editor.execute('codriver.nextEdit');
        assert.match(await editor.nextMessage(), /knows no next edit/);
        await editor.shutdown();
      });
    }

    describe('that is trained for it', () => {
      const zeta = () => place.start({ env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'zeta' } });
      let before = 0;
      beforeEach(() => {
        before = model.requests.length;
      });
      const asked = () =>
        model.requests.slice(before).filter(({ route }) => route === 'completions' || route === 'chat');
      const region = (body: string) =>
        `<|editable_region_start|>\nexport function area(width: number, height: number) {\n  return ${body};\n}\n\n<|editable_region_end|>`;

      it('gets its own prompt by plain completion, and its answer is an edit like any other', async () => {
        const editor = await zeta();
        const uri = write(editor, text);
        edit(editor, uri);
        model.reply({ route: 'completions', text: region('width * height') });
        await editor.execute('codriver.nextEdit');
        await editor.nextShownDocument();
        const [request, ...others] = asked();
        assert.deepEqual([request?.route, others], ['completions', []]);
        assert.match(String(request?.body['prompt']), /### User Edits:\n\nUser edited "src\/next\d+\.ts"/);
        const [action] = await offered(editor, uri, 1);
        await editor.choose(action as Action);
        assert.match(editor.textOf(uri), /return width \* height;/);
        await editor.shutdown();
      });

      it('gets nothing of a file that holds its marks', async () => {
        const editor = await zeta();
        const uri = write(editor, `${text}// <|editable_region_end|>\n`);
        edit(editor, uri);
        model.reply({ route: 'completions', text: region('width * height') });
        await editor.execute('codriver.nextEdit');
        assert.match(await editor.nextMessage(), /knows no next edit/);
        assert.deepEqual(asked(), []);
        await editor.shutdown();
      });

      it('nothing is made of an answer that is cut, open, hostile or a rewrite', async () => {
        const editor = await zeta();
        const uri = write(editor, text);
        edit(editor, uri);
        const good = region('width * height');
        for (const reply of [
          { text: good.slice(0, -30), finishReason: 'length' },
          { text: good.slice(0, -30) },
          { text: region('width /* \u202e */ * height') },
          { text: region(`1;\n${'  again();\n'.repeat(40)}  return 2`) },
          { text: good.replace('export', '<|start_of_file|>export') },
          { text: 'I would multiply the two.' },
        ]) {
          model.reply({ route: 'completions', times: 1, ...reply });
          await editor.execute('codriver.nextEdit');
          assert.match(await editor.nextMessage(), /knows no next edit/, reply.text);
        }
        assert.equal(asked().length, 6);
        await editor.shutdown();
      });
    });

    it('an answer that comes after the person typed on is not used', async () => {
      const editor = await start();
      const uri = write(editor, text);
      edit(editor, uri);
      let release = () => {};
      const held = new Promise<void>(resolve => {
        release = resolve;
      });
      model.reply({
        until: held,
        text: '<region>\nexport function area(width: number, height: number) {\n  return width * height;\n}\n\n</region>',
      });
      await editor.execute('codriver.nextEdit');
      await model.waitFor(({ route }) => route === 'chat');
      editor.type(uri, { line: 1, character: 0 }, ' ');
      release();
      assert.match(await editor.nextMessage(), /knows no next edit/);
      assert.deepEqual(await offered(editor, uri, 1), []);
      await editor.shutdown();
    });
  });
});
