/** Undo and redo through the whole built server: after typing, across a restart, and with both texts in a conflict. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import type { FakeEditor } from '../support/editor.ts';
import { Place } from './support/place.ts';

const code = 'export function half(n: number): number {\n  return n / 3;\n}\n';
const mended = code.replace('/ 3', '/ 2');
const problem = {
  range: { start: { line: 1, character: 2 }, end: { line: 1, character: 15 } },
  message: 'This is a third.',
  source: 'tests',
};
const block = (path: string, search: string, replace: string) =>
  `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;

describe('the whole server, undo and redo', () => {
  let place: Place;
  let model: ModelServer;
  let editor: FakeEditor;
  let count = 0;
  const start = () =>
    place.start({ env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' } });

  before(async () => {
    place = new Place();
    model = await startModelServer();
    editor = await start();
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

  /** A document that a model has mended. */
  async function fixed(): Promise<string> {
    const path = `src/undo${++count}.ts`;
    const uri = place.uri(path);
    place.write(path, code);
    editor.open(uri, 'typescript', code);
    model.reply({ text: block(path, '  return n / 3;', '  return n / 2;') });
    await editor.execute('codriver.fix', [{ uri, range: problem.range, problems: [problem] }]);
    assert.equal((await editor.nextEdit()).label, 'Codriver: fix');
    assert.equal(editor.textOf(uri), mended);
    return uri;
  }

  it('keeps what was typed since, above and in the text', async () => {
    const uri = await fixed();
    editor.type(uri, { line: 0, character: 0 }, '// mine\n');
    await editor.execute('codriver.undo');
    assert.equal((await editor.nextEdit()).label, 'Undo Codriver: fix');
    assert.match(
      await editor.nextMessage(),
      /Undid “Codriver: fix” in 1 file .*codriver\.redo takes that back/,
    );
    assert.equal(editor.textOf(uri), `// mine\n${code}`);
    await editor.execute('codriver.redo');
    await editor.nextEdit();
    assert.match(await editor.nextMessage(), /Redid/);
    assert.equal(editor.textOf(uri), `// mine\n${mended}`);
  });

  it('changes nothing where the same line was changed, and shows both texts', async () => {
    const uri = await fixed();
    editor.type(uri, { line: 1, character: 14 }, '0');
    await editor.execute('codriver.undo', [{ uri }]);
    assert.match(
      await editor.nextMessage(text => /was not undone/.test(text)),
      /line 2.*Nothing was changed/,
    );
    assert.equal(editor.textOf(uri), mended.replace('/ 2', '/ 20'));
    assert.match(JSON.stringify(await editor.nextShownDocument()), /undo-conflict\.md/);
    const shown = readFileSync(join(place.folder, 'state/codriver/answers/undo-conflict.md'), 'utf8');
    for (const text of ['return n / 20;', 'return n / 2;', 'return n / 3;'])
      assert.ok(shown.includes(text), text);
  });

  it('works after a restart, from a folder that only this user reads', async () => {
    const uri = await fixed();
    const text = `// typed\n${editor.textOf(uri)}`;
    await editor.shutdown();
    const folder = join(place.folder, 'state/codriver/changes');
    assert.ok(existsSync(folder));
    for (const name of readdirSync(folder))
      assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
    editor = await start();
    editor.open(uri, 'typescript', text);
    await editor.execute('codriver.undo', [{ uri }]);
    await editor.nextEdit();
    assert.match(await editor.nextMessage(), /Undid/);
    assert.equal(editor.textOf(uri), `// typed\n${code}`);
  });

  it('lists what there is, with actions on its lines', async () => {
    const uri = await fixed();
    await editor.execute('codriver.history');
    const history = String((await editor.nextShownDocument())['uri']);
    const text = readFileSync(fileURLToPath(history), 'utf8');
    const name = uri.slice(uri.lastIndexOf('/') + 1);
    const line = text.split('\n').findIndex(each => each.includes(name));
    assert.match(
      text.split('\n')[line] ?? '',
      /^- `c\w+` [\d-]+ [\d:]+ · in place · Codriver: fix · src\/undo\d\.ts \+1 −1$/,
    );
    editor.open(history, 'markdown', text);
    const at = { line, character: 0 };
    const actions = await editor.codeActions(history, { start: at, end: at });
    assert.deepEqual(
      actions.map(({ title }) => String(title).split(' ')[0]),
      ['Undo', 'Show'],
    );
    await editor.choose(actions[1] ?? {});
    const shown = String((await editor.nextShownDocument())['uri']);
    assert.match(
      readFileSync(fileURLToPath(shown), 'utf8'),
      /```diff[^]*-  return n \/ 3;\n\+  return n \/ 2;/,
    );
    await editor.choose(actions[0] ?? {});
    await editor.nextEdit();
    assert.match(await editor.nextMessage(), /Undid/);
    assert.equal(editor.textOf(uri), code);
    await editor.execute('codriver.showChange', [{ id: 'c0ffee' }]);
    assert.match(await editor.nextMessage(), /no such change/);
  });

  it('says that there is nothing, and what names nothing', async () => {
    await editor.execute('codriver.redo', [{ id: 'c0ffee' }]);
    assert.match(await editor.nextMessage(), /no change c0ffee/);
  });
});
