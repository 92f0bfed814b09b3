/** A model's words on hover: kept on disk, had anew, and followed further, from the editor's side. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FakeEditor } from '../support/editor.ts';
import { at } from '../support/editorRules.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { empty, hoverText, Place } from './support/place.ts';

const secret = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
const text = `const token = '${secret}';\nexport function half(n: number): number {\n  return n / 3;\n}\n`;
const name = { line: 1, character: 17 };

describe('the whole server, words on hover', function () {
  this.timeout(30_000);
  let place: Place;
  let model: ModelServer;
  before(async () => {
    place = new Place();
    model = await startModelServer();
    place.configure({ privacy: { automatic: 'allow' } });
  });
  after(async () => {
    place.dispose();
    await model.close();
  });

  const start = async () => {
    const editor = await place.start({
      env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' },
    });
    const uri = place.uri('src/half.ts');
    editor.open(uri, 'typescript', text);
    return { editor, uri };
  };
  const asked = () => model.requests.filter(({ route }) => route === 'chat').length;
  const words = async (editor: FakeEditor, uri: string, wanted: RegExp) => {
    for (let tries = 0; tries < 40; tries++) if (wanted.test(await hoverText(editor, uri, name))) return;
    assert.fail(`no hover with ${wanted}: ${await hoverText(editor, uri, name)}`);
  };
  const act = async (editor: FakeEditor, uri: string, title: string) => {
    const actions = await editor.codeActions(uri, empty(name), [], ['source']);
    const found = actions.find(action => action['title'] === title);
    assert.ok(found, title);
    await editor.choose(found);
    return readFileSync(fileURLToPath(String(at(await editor.nextShownDocument(), 'uri'))), 'utf8');
  };

  it('are there at once when the editor is opened again, and hold no secret on disk', async () => {
    model.reply({ text: `It halves, with ${secret}.`, times: 1 });
    const first = await start();
    await words(first.editor, first.uri, /It halves/);
    await first.editor.shutdown();
    const before = asked();
    const folder = join(place.folder, 'cache', 'codriver', 'explanations');
    const stored = readdirSync(folder).filter(each => each !== '.owner');
    assert.ok(stored.length > 0);
    for (const each of stored) {
      assert.equal(statSync(join(folder, each)).mode & 0o777, 0o600);
      assert.ok(!readFileSync(join(folder, each), 'utf8').includes(secret));
    }
    const next = await start();
    await words(next.editor, next.uri, /It halves/);
    assert.equal(asked(), before);

    model.reply({ text: 'In other words.', times: 1 });
    assert.match(await act(next.editor, next.uri, 'Explain this anew'), /In other words\./);
    await words(next.editor, next.uri, /In other words/);
    model.reply({ text: 'Deep.', times: 1 });
    assert.match(await act(next.editor, next.uri, 'Go deeper into what the hover says'), /Deep\./);
    assert.match(model.requests.at(-1)?.text ?? '', /In other words[\s\S]*go deeper/);
    await next.editor.shutdown();
  });

  it('a problem under the cursor is explained without a model', async () => {
    const { editor, uri } = await start();
    const range = { start: { line: 2, character: 2 }, end: { line: 2, character: 8 } };
    const message = "Cannot find name 'retrun'.";
    await editor.codeActions(uri, range, [{ range, message, source: 'ts', code: 2304, severity: 1 }]);
    const shown = await hoverText(editor, uri, range.start);
    assert.match(shown, /Nothing in scope is called `retrun`/);
    await editor.shutdown();
  });
});
