/** Change-sets in the whole server: shown instead of applied, decided about in the editor, tried again with reasons. */
import assert from 'node:assert/strict';
import { at } from '../support/editorRules.ts';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { behind, offered, Place } from './support/place.ts';

const code = `${Array.from({ length: 30 }, (_, i) => `export const a${i} = ${i};`).join('\n')}\n`;
const block = (path: string, search: string, replace: string) =>
  `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;

describe('the whole server, change-sets', function () {
  this.timeout(30_000);
  let place: Place;
  let model: ModelServer;
  let editor: FakeEditor;
  let count = 0;

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

  const start = (options = {}) =>
    place.start({ env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' }, ...options });
  const problem = {
    range: { start: { line: 3, character: 0 }, end: { line: 3, character: 5 } },
    message: 'Too small.',
    source: 'tests',
  };
  /** Asks for an edit of two places and a new file, and waits for the document. */
  async function shown(
    client: FakeEditor,
  ): Promise<{ uri: string; set: string; path: string; made: string }> {
    const path = `src/set${++count}.ts`;
    const made = `src/made${count}.ts`;
    const uri = place.uri(path);
    client.open(uri, 'typescript', code);
    model.reply({
      text: [
        block(path, 'export const a3 = 3;', 'export const a3 = 300;'),
        block(path, 'export const a25 = 25;', 'export const a25 = 2500;'),
        block(made, '', 'export const fresh = 1;'),
      ].join('\n'),
      times: 1,
    });
    await client.execute('codriver.fix', [{ uri, range: problem.range, problems: [problem] }]);
    await client.nextEdit();
    const set = String((await client.nextShownDocument())['uri']);
    await client.progressEnded();
    client.open(set, 'diff', client.textOf(set));
    return { uri, set, path, made };
  }
  const choose = async (client: FakeEditor, set: string, line: string, title: string) =>
    client.choose(await offered(client, set, behind(client.textOf(set), line), title));
  const lastRequest = () =>
    JSON.stringify(model.requests.findLast(({ route }) => route === 'chat')?.body['messages']);

  it('an edit of several files is shown, and nothing is changed before it is accepted', async () => {
    const { uri, set, path, made } = await shown(editor);
    assert.match(set, /\/project\/\.codriver\/changes\/\d{4}-\d\d-\d\d-fix(?:-\d+)?\.changes\.diff$/);
    const text = editor.textOf(set);
    assert.match(text, /^# Change-set by Codriver: fix\n# by: openai scripted-model\n/);
    assert.match(text, new RegExp(`\\n\\+\\+\\+ b/${made}\\n`));
    assert.doesNotMatch(text, new RegExp(place.project));
    assert.equal(editor.textOf(uri), code);
    await choose(editor, set, '+export const a3 = 300', 'Accept this hunk');
    assert.match(String((await editor.nextEdit()).label), /accept fix/);
    await editor.nextEdit();
    await editor.progressEnded();
    assert.equal(editor.textOf(uri), code.replace('= 3;', '= 300;'));
    assert.match(editor.textOf(set), new RegExp(`# accepted: ${path} \\+1 -1 \\(c\\w+\\)`));
    // Typing above moves what is left with its place.
    editor.type(uri, { line: 0, character: 0 }, '// mine\n');
    await choose(editor, set, 'a25 = 2500', 'Accept all (2 in 2 files)');
    await editor.nextEdit();
    await editor.nextEdit();
    await editor.progressEnded();
    assert.equal(
      editor.textOf(uri),
      `// mine\n${code.replace('= 3;', '= 300;').replace('= 25;', '= 2500;')}`,
    );
    assert.equal(editor.textOf(place.uri(made)), 'export const fresh = 1;\n');
    assert.doesNotMatch(editor.textOf(set), /^@@/m);
    await editor.execute('codriver.undo');
    await editor.nextEdit();
    await editor.nextMessage();
    await editor.progressEnded();
    assert.equal(editor.textOf(uri), `// mine\n${code.replace('= 3;', '= 300;')}`);
  });

  it('what was rejected goes back with the reasons, and what was accepted stays', async () => {
    const { uri, set, path, made } = await shown(editor);
    await choose(editor, set, '+export const a3 = 300', 'Accept this hunk');
    await editor.nextEdit();
    await editor.nextEdit();
    await editor.progressEnded();
    await choose(editor, set, 'a25 = 2500', 'Reject this hunk');
    await editor.nextEdit();
    await editor.progressEnded();
    editor.type(set, behind(editor.textOf(set), '\n# reject: '), 'that is far too much');
    model.reply({ text: block(path, 'export const a25 = 25;', 'export const a25 = 26;'), times: 1 });
    await choose(editor, set, 'far too much', 'Try again with the reasons');
    await editor.nextEdit();
    await editor.nextShownDocument();
    await editor.progressEnded();
    assert.match(lastRequest(), /a25 = 2500/);
    assert.match(lastRequest(), new RegExp(`- ${path}: that is far too much`));
    assert.match(lastRequest(), /a3 = 300/);
    const text = editor.textOf(set);
    assert.doesNotMatch(text, /2500/);
    assert.match(text, /\n\+export const a25 = 26;\n/);
    assert.match(text, new RegExp(`b/${made}\\n`));
    assert.match(text, new RegExp(`# rejected earlier: ${path}: that is far too much\n`));
    assert.equal(editor.textOf(uri), code.replace('= 3;', '= 300;'));
    await choose(editor, set, 'a25 = 26', 'Accept this hunk');
    await editor.nextEdit();
    await editor.nextEdit();
    await editor.progressEnded();
    assert.equal(editor.textOf(uri), code.replace('= 3;', '= 300;').replace('= 25;', '= 26;'));
  });

  it('is a document with a server: hover, definition, links, lenses, diagnostics', async () => {
    const full = await start({ profile: 'vscode-1.139.1' });
    const { uri, set } = await shown(full);
    const here = behind(full.textOf(set), '-export const a3');
    const params = { textDocument: { uri: set }, position: here };
    assert.match(JSON.stringify(await full.hover(set, here)), /1 lines? added, 1 removed.*can be accepted/);
    const target = await full.request('textDocument/definition', params);
    assert.deepEqual([at(target, 'uri'), at(at(at(target, 'range'), 'start'), 'line')], [uri, 3]);
    const links = (await full.request('textDocument/documentLink', params)) as unknown[];
    assert.deepEqual(
      links.map(link => String(at(link, 'target')).replace(/#.*/, '')),
      [uri],
    );
    const lenses = (await full.request('textDocument/codeLens', params)) as {
      command: { command: string };
    }[];
    const commands = lenses.map(({ command }) => command.command);
    assert.deepEqual(commands.slice(0, 4), [
      'codriver.acceptAll',
      'codriver.rejectAll',
      'codriver.acceptHunk',
      'codriver.rejectHunk',
    ]);
    full.change(uri, [
      { range: { start: { line: 3, character: 0 }, end: { line: 3, character: 6 } }, newText: 'import' },
    ]);
    const moved = await full.diagnosticsUntil(set, found => found.length > 0);
    assert.match(String(moved[0]?.message), /cannot be accepted/);
    assert.match(JSON.stringify(await full.hover(set, here)), /cannot be accepted/);
    await full.execute('codriver.acceptAll');
    assert.match(await full.nextMessage(), /The hunk at line \d+ .* was not accepted: .*Nothing was changed/);
    await full.progressEnded();
    await full.shutdown();
  });

  it('works after a restart, by the document alone', async () => {
    const first = await start();
    const { set, path } = await shown(first);
    const text = first.textOf(set);
    await first.shutdown();
    const second = await start();
    const uri = place.uri(path);
    second.open(uri, 'typescript', `// mine\n${code}`);
    second.open(set, 'diff', text);
    await second.execute('codriver.acceptFile', [{ uri: set, position: behind(text, 'a3 = 300') }]);
    await second.nextEdit();
    await second.nextEdit();
    await second.progressEnded();
    assert.equal(
      second.textOf(uri),
      `// mine\n${code.replace('= 3;', '= 300;').replace('= 25;', '= 2500;')}`,
    );
    await second.shutdown();
  });

  it('tells of hunks that apply no more also where diagnostics are pushed', async () => {
    const client = await start({ profile: 'kate-26.08.2' });
    const uri = place.uri('src/pushed.ts');
    client.open(uri, 'typescript', code);
    const set = place.uri('.codriver/changes/pushed.changes.diff');
    const header = 'diff --git a/src/pushed.ts b/src/pushed.ts\n--- a/src/pushed.ts\n+++ b/src/pushed.ts\n';
    const lines = code.split('\n');
    client.open(set, 'diff', `${header}@@ -1,3 +1,3 @@\n ${lines[0]}\n-${lines[1]}\n+mine\n ${lines[2]}\n`);
    client.change(uri, [
      { range: { start: { line: 1, character: 0 }, end: { line: 2, character: 0 } }, newText: '' },
    ]);
    const found = await client.diagnosticsUntil(set, each => each.length > 0);
    assert.deepEqual([found[0]?.range.start.line, found[0]?.severity], [3, 2]);
    await client.shutdown();
  });

  it('shows each of several comments that are to be done, where everything is to be shown', async () => {
    place.configure({ edits: { changeSets: 'always' } });
    const client = await start();
    const uri = place.uri('src/todo.ts');
    const text = '// make it 2 AI!\nexport const a = 1;\n\n// make it 3 AI!\nexport const b = 2;\n';
    client.open(uri, 'typescript', text);
    // The newest reply is given first.
    model.reply({ text: block('src/todo.ts', 'export const a = 1;', 'export const a = 2;'), times: 1 });
    model.reply({ text: block('src/todo.ts', 'export const b = 2;', 'export const b = 3;'), times: 1 });
    await client.execute('codriver.followAll', [{ uri, position: { line: 0, character: 0 } }]);
    const sets: string[] = [];
    for (let i = 0; i < 2; i++) {
      await client.nextEdit();
      const set = String((await client.nextShownDocument())['uri']);
      client.open(set, 'diff', client.textOf(set));
      sets.push(client.textOf(set));
    }
    await client.progressEnded();
    assert.equal(client.textOf(uri), text);
    assert.match(sets[0] ?? '', /\n\+export const b = 3;\n/);
    assert.match(sets[1] ?? '', /\n\+export const a = 2;\n/);
    // The comment goes with its hunk.
    assert.match(sets[0] ?? '', /\n-\/\/ make it 3 AI!\n/);
    await client.shutdown();
    place.configure({});
  });

  it('where nothing is shown first, an editor that can asks before it changes several files', async () => {
    const client = await start({
      profile: 'vscode-1.139.1',
      env: {
        OPENAI_BASE_URL: model.baseURL,
        OPENAI_MODEL: 'scripted-model',
        CODRIVER_EDITS_CHANGE_SETS: 'never',
      },
    });
    const path = `src/set${++count}.ts`;
    const uri = place.uri(path);
    client.open(uri, 'typescript', code);
    const one = block(path, 'export const a3 = 3;', 'export const a3 = 300;');
    const fixed = async (text: string) => {
      model.reply({ text, times: 1 });
      await client.execute('codriver.fix', [{ uri, range: problem.range, problems: [problem] }]);
      const { edit } = await client.nextEdit();
      await client.progressEnded();
      return at(edit, 'changeAnnotations.codriver.needsConfirmation');
    };
    assert.equal(await fixed(`${one}\n${block('src/beside.ts', '', 'export const fresh = 1;')}`), true);
    assert.equal(await fixed(block(path, 'export const a3 = 300;', 'export const a3 = 3;')), undefined);
    await client.shutdown();
  });
});
