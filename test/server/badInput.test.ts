/** Wrong keys, dead endpoints, files that must not be read, settings that make no sense: one clear message each. */
import assert from 'node:assert/strict';
import type { FakeEditor } from '../support/editor.ts';
import { closedPort, type FaultName, type ModelServer, startModelServer } from '../support/modelServer.ts';
import { behind, empty, ghost, hoverText, menu, offered, Place } from './support/place.ts';

const code = 'export function half(n: number): number {\n  return n / 3;\n}\n';
const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 15 } };
const problem = { range, message: 'This is a third.' };

describe('the whole server, bad input', () => {
  let place: Place;
  let model: ModelServer;
  let count = 0;

  before(async () => {
    place = new Place();
    model = await startModelServer({ apiKey: 'right', models: ['scripted-model'] });
  });
  after(async () => {
    place.dispose();
    await model.close();
  });
  beforeEach(() => model.clear());

  const environment = (more: Record<string, string> = {}) => ({
    OPENAI_BASE_URL: model.baseURL,
    OPENAI_MODEL: 'scripted-model',
    OPENAI_API_KEY: 'right',
    CODRIVER_OPENAI_FIM: 'suffix',
    CODRIVER_PRIVACY_AUTOMATIC: 'allow',
    ...more,
  });

  function write(editor: FakeEditor, text = code): string {
    const uri = place.uri(`src/bad${++count}.ts`);
    editor.open(uri, 'typescript', text);
    return uri;
  }
  const fix = (editor: FakeEditor, uri: string) =>
    editor.execute('codriver.fix', [{ uri, range, problems: [problem] }]);

  describe('endpoints', () => {
    it('a wrong key: one message, and a pause until the settings change', async () => {
      const editor = await place.start({ env: environment({ OPENAI_API_KEY: 'wrong' }) });
      const from = model.requests.length;
      const uri = write(editor, 'const sum = \n');
      for (let i = 0; i < 50; i++) {
        editor.type(uri, { line: 0, character: 12 + i }, 'x');
        await ghost(editor, uri, { line: 0, character: 13 + i });
      }
      assert.match(await editor.nextMessage(), /key/i);
      assert.ok(model.requests.length - from <= 3, `${model.requests.length - from} requests`);
      assert.ok(model.requests.length > from);
      const before = model.requests.length;
      editor.notify('workspace/didChangeConfiguration', { settings: null });
      for (let i = 50; i < 60; i++) {
        editor.type(uri, { line: 0, character: 12 + i }, 'x');
        await ghost(editor, uri, { line: 0, character: 13 + i });
      }
      // Asked once more, since somebody may have mended it; the words are known by now.
      assert.ok(model.requests.length > before && model.requests.length - before <= 3);
      await editor.shutdown();
    });

    const rows: readonly {
      readonly name: string;
      /** None: nobody listens at all. */
      readonly fault?: FaultName;
      readonly says: RegExp;
    }[] = [
      { name: 'an unknown model', fault: 'status-404-model', says: /model/ },
      { name: 'nobody listens', says: /127\.0\.0\.1/ },
      { name: 'HTML instead of JSON', fault: 'html-200', says: /web page instead/ },
      { name: 'a cut stream', fault: 'cut-mid-frame', says: /./ },
      { name: 'a full account', fault: 'status-402', says: /./ },
      { name: 'a prompt that is too long', fault: 'context-openai', says: /./ },
    ];
    it('each failure of an action is told once, in words, and changes nothing', async () => {
      const editor = await place.start({ env: environment() });
      const deaf = await place.start({
        env: environment({ OPENAI_BASE_URL: `http://127.0.0.1:${await closedPort()}/v1` }),
      });
      for (const { name, fault, says } of rows) {
        const client = fault ? editor : deaf;
        // Reading the settings again ends every pause.
        client.notify('workspace/didChangeConfiguration', { settings: null });
        model.clear();
        if (fault) model.reply({ fault });
        const uri = write(client);
        await fix(client, uri);
        const message = await client.nextMessage();
        assert.match(message, says, `${name}: ${message}`);
        assert.doesNotMatch(message, /fault of its own|undefined|\[object/, name);
        await client.progressEnded();
        assert.equal(client.textOf(uri), code, name);
      }
      await Promise.all([editor.shutdown(), deaf.shutdown()]);
    });

    it('an endpoint that editor settings name is not contacted before a yes', async () => {
      const editor = await place.start({
        initializationOptions: { openai: { baseURL: model.baseURL, model: 'scripted-model' } },
      });
      let questions = 0;
      editor.answerMessages(message => {
        questions++;
        assert.match(message, /editor settings name http:\/\/127\.0\.0\.1/);
        return 'No';
      });
      const from = model.requests.length;
      const uri = write(editor);
      await ghost(editor, uri, { line: 1, character: 9 }, 1);
      await fix(editor, uri);
      assert.match(await editor.nextMessage(), /have not agreed to/);
      assert.equal(model.requests.length, from);
      assert.equal(questions, 1);
      await editor.shutdown();
    });
  });

  describe('files', () => {
    let editor: FakeEditor;
    // Built from parts, so that no scanner takes it for a real one.
    const secret = ['correct', 'horse', 'battery'].join('-');
    before(async () => {
      editor = await place.start({ env: environment() });
    });
    after(() => editor.shutdown());

    it('.env gives nothing to anybody, and says why when asked', async () => {
      const from = model.requests.length;
      place.write('.env', `API_PASSWORD=${secret}\nOTHER_PASSWORD=${secret}\n`);
      const uri = place.uri('.env');
      editor.open(uri, 'shellscript', `${place.read('.env')}API_PASSWORD=`);
      assert.deepEqual(await ghost(editor, uri, { line: 2, character: 13 }, 1), []);
      const list = (await editor.complete(uri, { line: 2, character: 13 })) as { items: unknown[] };
      assert.deepEqual(list.items, []);
      await editor.execute('codriver.explain', [{ uri, range: empty({ line: 0, character: 0 }) }]);
      assert.match(await editor.nextMessage(), /\.env is left out because .*never sent/);
      // Nothing of it turns up in other documents either.
      const other = write(editor, 'const API_PASSWORD = API_PASSWORD=');
      await ghost(editor, other, { line: 0, character: 34 });
      for (const request of model.requests.slice(from)) assert.ok(!request.text.includes(secret));
    });

    it('a file outside the workspace is used for what the person asks, and no other', async () => {
      const uri = 'file:///somewhere/else/outside.ts';
      editor.open(uri, 'typescript', code);
      const from = model.requests.length;
      model.reply({
        text: `outside.ts\n<<<<<<< SEARCH\n  return n / 3;\n=======\n  return n / 2;\n>>>>>>> REPLACE\n`,
        route: 'chat',
      });
      await fix(editor, uri);
      await editor.nextEdit();
      assert.equal(editor.textOf(uri), code.replace('3', '2'));
      const body = model.requests.slice(from).find(({ route }) => route === 'chat')?.text ?? '';
      assert.ok(!body.includes('/somewhere/else'), 'the model saw an absolute path');
    });

    it('binary content is answered like any other text', async () => {
      const uri = place.uri('picture.bin');
      editor.open(uri, 'plaintext', '\0\u0001\u0002PNG\r\n\ufffd\ufffd\n\0\0');
      await editor.hover(uri, { line: 0, character: 2 });
      await editor.codeActions(uri, { start: { line: 0, character: 0 }, end: { line: 2, character: 0 } });
      await editor.complete(uri, { line: 1, character: 1 });
    });

    it('50 MB: one notice, no features, and editing stays in step', async () => {
      const uri = place.uri('huge.js');
      const line = `const second = secnd; //${' filler'.repeat(200)}\n`;
      editor.open(uri, 'javascript', line.repeat(Math.ceil((50 * 1024 * 1024 + 1) / line.length)));
      assert.match(await editor.nextMessage(), /huge\.js is larger than 50 MB/);
      const from = model.requests.length;
      const cursor = { line: 3, character: 17 };
      assert.equal(await editor.hover(uri, cursor), null);
      const offers = await editor.codeActions(uri, empty(cursor));
      assert.match(
        JSON.stringify(offers.map(each => each['disabled'])),
        /^\[\{"reason":"[^"]*larger than 50 MB[^"]*"\}\]$/,
      );
      assert.deepEqual(((await editor.complete(uri, cursor)) as { items: unknown[] }).items, []);
      await editor.execute('codriver.explain', [{ uri, range: empty(cursor) }]);
      assert.match(await editor.nextMessage(), /larger than 50 MB/);
      assert.equal(model.requests.length, from);
      // Made small again, it is a document like others.
      const end = { line: editor.textOf(uri).split('\n').length - 1, character: 0 };
      editor.change(uri, [{ range: { start: { line: 2, character: 0 }, end }, newText: '' }]);
      await offered(editor, uri, { line: 1, character: 17 }, 'Fix: ');
    }).timeout(20_000);
  });

  describe('settings', () => {
    it('wrong ones: a readable message each, and the rest is used', async () => {
      const own = new Place();
      own.configure('{\n  "autonomy": 9,\n  "hover": { "enabled": false },\n}\n');
      const editor = await own.start({
        initializationOptions: { completion: { enabeld: true }, openai: { apiKeyCommand: ['x'] } },
      });
      const uri = own.open(editor, 'src/money.ts');
      assert.equal(await editor.hover(uri, { line: 7, character: 18 }), null);
      const messages = [await editor.nextMessage(), await editor.nextMessage(), await editor.nextMessage()];
      for (const says of [/autonomy.*from 0 to 5/, /enabeld.*Did you mean/s, /apiKeyCommand.*cannot be set/])
        assert.ok(
          messages.some(message => says.test(message)),
          `${says} in ${messages.join('\n')}`,
        );
      await editor.shutdown();
      own.dispose();
    });

    const off = { completion: { enabled: false }, hover: { enabled: false } };
    const ways: readonly [name: string, options: Parameters<Place['start']>[0], push?: unknown][] = [
      ['initializationOptions', { initializationOptions: off }],
      ['initializationOptions under codriver', { initializationOptions: { codriver: off } }],
      ['workspace/configuration', { configuration: section => (section === 'codriver' ? off : null) }],
      ['didChangeConfiguration', withoutConfiguration(), { codriver: off }],
    ];
    for (const [name, options, push] of ways) {
      it(`by ${name}`, async () => {
        const editor = await place.start(options);
        if (push) editor.notify('workspace/didChangeConfiguration', { settings: push });
        const uri = place.open(editor, 'src/settings.ts');
        const cursor = behind(editor.textOf(uri), 'const settings = read');
        const quiet = async () => {
          assert.equal(await editor.hover(uri, behind(editor.textOf(uri), 'function ena')), null);
          assert.deepEqual(await ghost(editor, uri, cursor, 1), []);
        };
        if (push) await editor.settled();
        await quiet();
        // What was pushed once still counts when the settings are read again.
        editor.notify('workspace/didChangeWorkspaceFolders', {
          event: { added: [{ uri: place.uri('tools'), name: 'tools' }], removed: [] },
        });
        await editor.settled();
        await quiet();
        await editor.shutdown();
      });
    }

    it('taken back while running', async () => {
      let settings: unknown = off;
      const editor = await place.start({ configuration: () => settings });
      const uri = place.open(editor, 'src/settings.ts');
      const name = behind(editor.textOf(uri), 'function ena');
      assert.equal(await editor.hover(uri, name), null);
      settings = {};
      editor.notify('workspace/didChangeConfiguration', { settings: {} });
      await hoverText(editor, uri, name);
      editor.type(uri, { line: 13, character: 0 }, '  const settings = readSet');
      await menu(editor, uri, { line: 13, character: 26 });
      await editor.shutdown();
    });

    function withoutConfiguration() {
      return {
        capabilities: (capabilities: Record<string, unknown>) => {
          (capabilities['workspace'] as Record<string, unknown>)['configuration'] = false;
        },
      };
    }
  });
});
