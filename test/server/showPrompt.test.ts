/** codriver.showPrompt: to the letter what is sent afterwards, without a secret, and nothing sent by showing it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { secretOf } from './support/chat.ts';
import { ghost, Place } from './support/place.ts';

const start = { line: 0, character: 0 };

describe('the whole server, showing a prompt', function () {
  this.timeout(30_000);
  let place: Place;
  let model: ModelServer;
  let editor: FakeEditor;
  let uri: string;
  const code = `const token = '${secretOf()}';\nexport function half(n: number): number {\n  return n / 3;\n}\n`;

  before(async () => {
    place = new Place();
    model = await startModelServer();
    editor = await place.start({
      profile: 'vscode-1.139.1',
      env: {
        OPENAI_BASE_URL: model.baseURL,
        OPENAI_MODEL: 'scripted-model',
        CODRIVER_OPENAI_FIM: 'suffix',
        CODRIVER_PRIVACY_AUTOMATIC: 'deny',
        CODRIVER_EDITS_REPAIRS: '0',
        CODRIVER_COMPLETION_PREFETCH: 'false',
      },
    });
    uri = place.uri('src/shown.ts');
    editor.open(uri, 'typescript', code);
  });
  after(async () => {
    try {
      await editor.shutdown();
    } finally {
      place.dispose();
      await model.close();
    }
  });

  const show = async (...args: unknown[]) => {
    const from = model.requests.length;
    await editor.execute('codriver.showPrompt', args);
    const shown = await editor.nextShownDocument();
    await editor.progressEnded();
    assert.equal(model.requests.length, from, 'nothing is sent');
    const text = readFileSync(fileURLToPath(String(shown['uri'])), 'utf8');
    assert.ok(!text.includes(secretOf()));
    assert.ok(
      text.includes(`- to \`${new URL(model.baseURL).origin}\`, openai scripted-model\n`),
      text.slice(0, 400),
    );
    assert.match(text, /about \d+ tokens/);
    return text;
  };
  /** The texts in fences, in order. */
  const fenced = (markdown: string) =>
    [...markdown.matchAll(/^(`{3,})text\n(.*?)\n?\1$/gms)].map(([, , text]) => text ?? '');
  const trimmed = (text: unknown) => String(text).replace(/\n+$/, '');

  const range = { start: { line: 2, character: 2 }, end: { line: 2, character: 15 } };
  const actions: readonly { command: string; more?: object; claim: () => Promise<unknown> }[] = [
    {
      command: 'codriver.fix',
      more: { problems: [{ range, message: 'A third.' }] },
      claim: () => editor.nextMessage(),
    },
    { command: 'codriver.explain', claim: () => editor.nextShownDocument() },
  ];
  for (const { command, more, claim } of actions) {
    it(`is what ${command} sends afterwards`, async () => {
      const target = { uri, range, ...more };
      const shown = await show(command, target);
      assert.match(shown, /secrets are replaced by placeholders: CODRIVER_SECRET_1/);
      model.reply({ text: 'It halves.', route: 'chat' });
      const from = model.requests.length;
      await editor.execute(command, [target]);
      await claim();
      const sent = model.requests.slice(from).find(({ route }) => route === 'chat');
      const messages = sent?.body['messages'] as { content: string }[];
      assert.ok(messages.length > 0);
      assert.deepEqual(
        fenced(shown),
        messages.map(({ content }) => trimmed(content)),
      );
      assert.equal(editor.textOf(uri), code, 'and the document is as it was');
      model.clear();
    });
  }

  it('is what a completion sends afterwards, at the place that was asked about last', async () => {
    const position = { line: 2, character: 2 };
    model.reply({ text: 'fromModel();', route: 'completions' });
    await editor.hover(uri, position);
    const shown = await show();
    const from = model.requests.length;
    await ghost(editor, uri, position, 1);
    const { body } = await model.waitFor(
      one => one.route === 'completions' && model.requests.indexOf(one) >= from,
    );
    const [before = '?', after] = fenced(shown).slice(-2);
    assert.ok(before.endsWith('number {\n  '));
    assert.ok(String(body['prompt']).endsWith(before));
    assert.equal(trimmed(body['suffix']), after);
    for (const part of fenced(shown).slice(1, -2)) assert.ok(String(body['prompt']).includes(part));
  });

  it('is what the next edit sends afterwards', async () => {
    const edited = place.uri('src/edited.ts');
    editor.open(edited, 'typescript', 'export const width = 1;\nexport const height = 2;\n');
    editor.type(edited, { line: 0, character: 13 }, 'er');
    const shown = await show('codriver.nextEdit');
    model.reply({ text: 'nothing', route: 'chat' });
    const from = model.requests.length;
    await editor.execute('codriver.nextEdit');
    const { body } = await model.waitFor(one => one.route === 'chat' && model.requests.indexOf(one) >= from);
    assert.deepEqual(
      fenced(shown),
      (body['messages'] as { content: string }[]).map(({ content }) => trimmed(content)),
    );
    await editor.nextMessage();
    await editor.progressEnded();
    model.clear();
  });

  it('is what a hover would send, or why a hover sends nothing by itself', async () => {
    const position = { line: 1, character: 18 };
    await editor.execute('codriver.showPrompt', ['hover', { uri, position }]);
    const refused = String((await editor.nextShownDocument())['uri']);
    assert.match(readFileSync(fileURLToPath(refused), 'utf8'), /# What a hover would send\n\nNothing\. /);
    await editor.progressEnded();
    const open = await place.start({
      env: {
        OPENAI_BASE_URL: model.baseURL,
        OPENAI_MODEL: 'scripted-model',
        CODRIVER_PRIVACY_AUTOMATIC: 'allow',
        CODRIVER_COMPLETION_ENGINE: 'embedded',
      },
    });
    open.open(uri, 'typescript', code);
    const asked = () => model.requests.filter(({ route }) => route === 'chat').length;
    const [from, before] = [model.requests.length, asked()];
    await open.execute('codriver.showPrompt', ['hover', { uri, position: { line: 1, character: 18 } }]);
    const file = String((await open.nextShownDocument())['uri']);
    await open.progressEnded();
    assert.equal(asked(), before, 'nothing is sent');
    const shown = readFileSync(fileURLToPath(file), 'utf8');
    model.reply({ text: 'It halves.', route: 'chat' });
    await open.hover(uri, { line: 1, character: 18 });
    const { body } = await model.waitFor(one => one.route === 'chat' && model.requests.indexOf(one) >= from);
    assert.deepEqual(
      fenced(shown),
      (body['messages'] as { content: string }[]).map(({ content }) => trimmed(content)),
    );
    await open.shutdown();
  });

  it('says what is wrong with what it is asked for', async () => {
    for (const [args, wanted] of [
      [['codriver.no'], /"codriver\.no" is no action.*codriver\.fix/],
      [['codriver.fix', { uri: 'file:///nowhere', range }], /codriver\.fix: the document is not open/],
      [['codriver.chatSend', { uri, position: start }], /codriver\.chatSent shows/],
    ] as const) {
      await editor.execute('codriver.showPrompt', [...args]);
      assert.match(await editor.nextMessage(), wanted);
    }
  });
});
