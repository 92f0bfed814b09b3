/** What a model gets to see of a person's text: never a secret, and unasked only what was allowed. */
import assert from 'node:assert/strict';
import type { FakeEditor } from '../support/editor.ts';
import { at } from '../support/editorRules.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { Place } from './support/place.ts';

/** An edit as a model writes it. */
const block = (path: string, search: string, replace: string) =>
  `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;

const code = 'export function half(n: number): number {\n  return n / 3;\n}\n';

describe('the whole server, what a model sees', () => {
  let place: Place;
  let model: ModelServer;
  let editor: FakeEditor;
  let count = 0;

  const environment = () => ({ OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' });
  before(async () => {
    place = new Place();
    model = await startModelServer();
    editor = await place.start({ env: environment() });
  });
  after(async () => {
    try {
      await editor.shutdown();
    } finally {
      place.dispose();
      await model.close();
    }
  });
  beforeEach(() => model.clear());

  function write(client: FakeEditor, text = code): { uri: string; path: string } {
    const path = `src/seen${++count}.ts`;
    const uri = place.uri(path);
    client.open(uri, 'typescript', text);
    return { uri, path };
  }
  function fix(client: FakeEditor, uri: string): Promise<unknown> {
    const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 15 } };
    return client.execute('codriver.fix', [{ uri, range, problems: [{ range, message: 'A third.' }] }]);
  }
  const asked = (from: number) => model.requests.slice(from).filter(({ route }) => route === 'chat').length;

  describe('secrets', () => {
    // Built from parts, so that no scanner takes it for a real one.
    const secret = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
    const text = `const token = '${secret}';\nexport function half(n: number): number {\n  return n / 3;\n}\n`;

    it('never reach the model, and come back where an edit keeps their placeholder', async () => {
      const { uri, path } = write(editor, text);
      model.reply({ text: 'no edit', times: 1 });
      await fix(editor, uri);
      await editor.nextMessage();
      const sent = model.requests.at(-1)?.text ?? '';
      const shown = /const token = '([^']+)'/.exec(sent)?.[1];
      assert.ok(shown && shown !== secret);
      const old = `const token = '${shown}';\nexport function half(n: number): number {`;
      model.reply({ text: block(path, old, old.replace('token', 'key')) });
      await fix(editor, uri);
      await editor.nextEdit();
      assert.equal(editor.textOf(uri), text.replace('token', 'key'));
      assert.ok(model.requests.every(request => !request.text.includes(secret)));
    });

    it('an invented placeholder is refused', async () => {
      const { uri, path } = write(editor, text);
      model.reply({ text: 'no edit', times: 1 });
      await fix(editor, uri);
      await editor.nextMessage();
      const shown = /const token = '([^']+)'/.exec(model.requests.at(-1)?.text ?? '')?.[1] as string;
      model.reply({ text: block(path, '  return n / 3;', `  return '${shown.replace(/\d+/, '77')}';`) });
      await fix(editor, uri);
      assert.match(await editor.nextMessage(), /does not fit/);
      assert.equal(editor.textOf(uri), text);
    });
  });

  describe('hover', () => {
    it('brings the words of the model once it may send by itself, and asks once for the same code', async () => {
      const client = await place.start({ env: { ...environment(), CODRIVER_PRIVACY_AUTOMATIC: 'allow' } });
      model.reply({ text: 'It halves a number.', route: 'chat' });
      for (const [hovering, words] of [
        [client, true],
        [editor, false],
      ] as const) {
        const { uri } = write(hovering);
        const from = model.requests.length;
        const said = async () => {
          const hover = await hovering.hover(uri, { line: 0, character: 18 });
          return String(at(hover, 'contents.value')).includes('It halves a number.');
        };
        // A hover waits for the words only so long; on a slow machine they are there for a later one.
        for (let tries = 0; words && tries < 5 && !(await said()); tries++) continue;
        assert.equal(await said(), words);
        assert.equal(await said(), words);
        assert.equal(asked(from), words ? 1 : 0);
      }
      await client.shutdown();
    });
  });
});
