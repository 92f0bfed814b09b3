/** The project's own checkers in the whole server: from a trusted folder to diagnostics, a fix, and an edit they object to. */
import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { empty, eventually, offered, Place } from './support/place.ts';

const NAME = 'src/checked.ts';
const CODE = 'export const count: number = "one";\n\nexport const  kept = 2;\n';
const edit = (replace: string) =>
  `${NAME}\n<<<<<<< SEARCH\nexport const count: number = "one";\n=======\n${replace}\n>>>>>>> REPLACE\n`;
/** The client is Neovim without the thin client: it tells of no other server's diagnostics. */
const LINE = { line: 0, character: 14 };

describe('the whole server, checkers of the project', function () {
  this.timeout(60_000);
  let place: Place;
  let model: ModelServer;
  let editor: FakeEditor;
  let uri: string;
  let trusting = 1;

  before(async () => {
    place = new Place();
    model = await startModelServer();
    symlinkSync(join(import.meta.dirname, '..', '..', 'node_modules'), join(place.project, 'node_modules'));
    place.write(
      'tsconfig.json',
      '{"compilerOptions":{"strict":true,"types":[],"lib":["es5"]},"files":["src/checked.ts"]}',
    );
    place.write('biome.json', '{"linter":{"rules":{"style":{"useConst":"error"}}}}');
    place.write(NAME, CODE);
    editor = await place.start({
      env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' },
      patienceMs: 30_000,
    });
    uri = place.open(editor, NAME);
    editor.answerMessages((message, choices) =>
      message.startsWith('Trust ') ? (choices[trusting] ?? null) : undefined,
    );
  });
  after(async () => {
    try {
      await editor.shutdown();
    } finally {
      place.dispose();
      await model.close();
    }
  });

  const titles = async () =>
    (await editor.codeActions(uri, empty(LINE))).map(action => String(action['title']));
  const shown = () =>
    editor.diagnosticsOf(uri).map(({ source, code }) => `${String(source)} ${String(code)}`);

  it('run nothing before the person trusts the folder', async () => {
    await editor.execute('codriver.check', [{ uri, range: empty(LINE) }]);
    assert.match(await editor.nextMessage(), /only in folders that you trust.*codriver\.trust/);
    assert.ok(!(await titles()).some(title => /^Check with|^Fix with/.test(title)));
    assert.deepEqual(shown(), []);
  });

  it('publish what they say, and have it fixed, in a client that tells of no other server', async () => {
    trusting = 0;
    await editor.execute('codriver.trust');
    assert.match(await editor.nextMessage(), /is trusted now/);
    await editor.choose(await offered(editor, uri, LINE, 'Check with tsc, biome'));
    assert.match(
      await editor.nextMessage(message => message.includes('tsc')),
      /biome: nothing to say; tsc: 1 error/,
    );
    await eventually('the diagnostic', async () => {
      await titles();
      return shown().includes('codriver (tsc) TS2322') || undefined;
    });
    const [diagnostic] = editor.diagnosticsOf(uri);
    // As it comes back with the menu, it is ours and known already.
    await offered(editor, uri, LINE, 'Fix with ', diagnostic ? [diagnostic] : []);
  });

  it('object to an edit, which goes back to the model, and format what it writes then', async () => {
    model.clear();
    model.reply({ text: edit('export const   count: number   =   1') });
    model.reply({ text: edit('export const count: number = 1;\ndebugger;'), times: 1 });
    await editor.choose(await offered(editor, uri, LINE, 'Fix with '));
    await editor.nextEdit();
    assert.equal(editor.textOf(uri), CODE.replace('"one"', '1'));
    const asked = model.requests
      .filter(({ route }) => route === 'chat')
      .map(({ body }) => JSON.stringify(body));
    assert.equal(asked.length, 2);
    assert.match(asked[0] ?? '', /Type 'string' is not assignable/);
    assert.match(asked[1] ?? '', /checkers report errors.*noDebugger/s);
    // Its line is another one, so what was said of it is gone.
    await eventually('no diagnostic', async () => {
      await titles();
      return shown().length === 0 || undefined;
    });
  });

  it('check the whole project without a place', async () => {
    await editor.execute('codriver.check');
    assert.match(await editor.nextMessage(message => message.includes('tsc')), /tsc: /);
  });
});
