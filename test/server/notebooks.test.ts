/** Notebooks as VS Code sends them: cells are documents, and the code cells around one are read with it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FakeEditor } from '../support/editor.ts';
import { at } from '../support/editorRules.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { eventually, type Item, Place } from './support/place.ts';

const NOTEBOOK = 'file:///w/prices.ipynb';
const cell = (name: string) => `vscode-notebook-cell:/w/prices.ipynb#${name}`;
const MARKDOWN = 1;
const CODE = 2;

describe('the whole server, notebooks', function () {
  this.timeout(30_000);
  let place: Place;
  let editor: FakeEditor;
  let model: ModelServer;

  beforeEach(async () => {
    place = new Place();
    model = await startModelServer();
  });
  afterEach(async () => {
    try {
      await editor.shutdown();
    } finally {
      place.dispose();
      await model.close();
    }
  });

  const text = (name: string, content: string, languageId = 'python') => ({
    uri: cell(name),
    languageId,
    version: 1,
    text: content,
  });
  const listed = (name: string, kind = CODE) => ({ kind, document: cell(name) });

  function open(): void {
    editor.notify('notebookDocument/didOpen', {
      notebookDocument: {
        uri: NOTEBOOK,
        notebookType: 'jupyter-notebook',
        version: 1,
        cells: [listed('a', MARKDOWN), listed('b'), listed('c')],
      },
      cellTextDocuments: [
        text('a', '# frobnicate_words are no code\n', 'markdown'),
        text('b', 'prices = load_table(folder_of_prices, header=None)\n'),
        text('c', 'others = load_t'),
      ],
    });
  }

  async function items(name: string, line: number, character: number): Promise<string[]> {
    const list = (await editor.request('textDocument/completion', {
      textDocument: { uri: cell(name) },
      position: { line, character },
      context: { triggerKind: 1 },
    })) as { items: Item[] };
    return list.items.map(({ textEdit }) => textEdit.newText);
  }
  const until = (name: string, line: number, character: number, expected: RegExp) =>
    eventually(`${expected}`, async () => {
      const found = await items(name, line, character);
      return found.some(each => expected.test(each)) ? found : undefined;
    });

  it('are served to clients that announce them, and to no others', async () => {
    editor = await place.start({ profile: 'vscode-1.139.1' });
    const sync = at(editor.initializeResult, 'capabilities.notebookDocumentSync');
    assert.deepEqual(sync, { notebookSelector: [{ notebook: '*' }], save: true });
    const plain = await place.start();
    assert.equal(at(plain.initializeResult, 'capabilities.notebookDocumentSync'), undefined);
    // There cells come as plain documents.
    plain.open(cell('z'), 'python', 'rates = load_rates(folder_of_rates)\nothers = load_r');
    await eventually('a completion', async () => {
      const list = (await plain.complete(cell('z'), { line: 1, character: 15 })) as { items: Item[] };
      return list.items.find(({ textEdit }) => textEdit.newText.startsWith('load_rates'));
    });
    await plain.shutdown();
  });

  it('are completed from the cells above, as these change, come and go', async () => {
    editor = await place.start({ profile: 'vscode-1.139.1' });
    open();
    await until('c', 0, 15, /^load_table/);
    const change = (cells: unknown) =>
      editor.notify('notebookDocument/didChange', {
        notebookDocument: { uri: NOTEBOOK, version: 2 },
        change: { cells },
      });
    change({
      textContent: [
        {
          document: { uri: cell('b'), version: 2 },
          changes: [{ text: 'prices = load_texts(folder_of_texts, header=None)\n' }],
        },
      ],
    });
    await until('c', 0, 15, /^load_texts/);
    change({
      structure: {
        array: { start: 1, deleteCount: 1, cells: [listed('d')] },
        didOpen: [text('d', 'rows = load_turns(folder_of_turns, header=None)\n')],
        didClose: [{ uri: cell('b') }],
      },
    });
    const found = await until('c', 0, 15, /^load_turns/);
    assert.ok(!found.some(each => /load_texts/.test(each)), found.join());
    // Refused for its shape: the cells' texts may not be the editor's any more, and the server lives on.
    change({ structure: { array: { start: -1, deleteCount: 0 } } });
    change({ textContent: [{ document: { uri: cell('c') }, changes: 'x' }] });
    assert.ok((await items('c', 0, 15)).length > 0);
    editor.notify('notebookDocument/didClose', {
      notebookDocument: { uri: NOTEBOOK },
      cellTextDocuments: [{ uri: cell('a') }],
    });
    assert.deepEqual(await items('c', 0, 15), []);
  });

  it('show a model the code above and below, in order, and no other text', async () => {
    place.configure({ privacy: { automatic: 'allow' } });
    editor = await place.start({
      profile: 'vscode-1.139.1',
      env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' },
    });
    open();
    model.reply({ text: 'able(folder_of_others)' });
    const result = (await editor.request('textDocument/inlineCompletion', {
      textDocument: { uri: cell('c') },
      position: { line: 0, character: 15 },
      context: { triggerKind: 1 },
    })) as { items: { insertText: string }[] };
    assert.equal(result.items[0]?.insertText, 'able(folder_of_others)');
    const sent = JSON.stringify(model.requests.at(-1)?.body);
    assert.match(sent, /prices = load_table\(folder_of_prices, header=None\)\\{1,3}nothers = load_t/);
    assert.equal(sent.split('folder_of_prices').length, 2, 'once');
  });

  it('opened raw teach nothing, unlike other files', async () => {
    editor = await place.start();
    const learned = () =>
      eventually('the index', async () => {
        await editor.execute('codriver.status');
        const { uri } = await editor.nextShownDocument();
        const text = readFileSync(fileURLToPath(String(uri)), 'utf8');
        return /still reading|not running/.test(text)
          ? undefined
          : Number(/index: (\d+) files/.exec(text)?.[1]);
      });
    const before = await learned();
    editor.open(
      place.uri('raw.ipynb'),
      'json',
      '{"cells": [{"source": [], "outputs": {"image/png": "iVBORw0"}}]}',
    );
    for (const name of ['one.json', 'two.json'])
      editor.open(place.uri(name), 'json', '{"cells": [{"source": []}]}');
    // Learned in the order in which they were opened.
    const after = await eventually('the other files', async () => {
      const count = await learned();
      return count >= before + 2 ? count : undefined;
    });
    assert.equal(after, before + 2);
  });
});
