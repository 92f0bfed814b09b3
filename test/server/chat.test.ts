/** Chats in the whole server: opened, sent, written while the person types, stopped, and never more than was meant. */
import assert from 'node:assert/strict';
import { at } from '../support/editorRules.ts';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { secretOf } from './support/chat.ts';
import { empty, eventually, offered, Place } from './support/place.ts';

const start = { line: 0, character: 0 };

describe('the whole server, chats', function () {
  this.timeout(30_000);
  let place: Place;
  let model: ModelServer;
  let editor: FakeEditor;
  let count = 0;

  before(async () => {
    place = new Place();
    model = await startModelServer();
    place.write('.aiignore', 'private/\n');
    place.write('private/plan.md', 'the hidden plan\n');
    place.write('src/key.ts', `const key = '${secretOf()}';\nconst other = 1;\n`);
    editor = await place.start({ env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' } });
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

  function chat(question: string, client = editor): string {
    const uri = place.uri(`talk${++count}.chat.md`);
    client.open(uri, 'markdown', `## You\n\n${question}\n`);
    return uri;
  }
  /** Waits until the chat says this, claiming every edit on the way. */
  async function said(uri: string, what: RegExp, client = editor): Promise<string> {
    while (!what.test(client.textOf(uri))) await client.nextEdit();
    return client.textOf(uri);
  }
  const send = (uri: string) => editor.execute('codriver.chatSend', [{ uri, position: start }]);
  const lastRequest = () => {
    const request = model.requests.findLast(({ route }) => route === 'chat');
    assert.ok(request);
    return JSON.stringify(request.body['messages']);
  };

  it('opens beside the code with what was selected, and shows itself', async () => {
    const uri = place.open(editor, 'src/cart.ts');
    const range = { start: { line: 1, character: 0 }, end: { line: 3, character: 0 } };
    const actions = await editor.codeActions(uri, range);
    const action = actions.find(({ title }) => title === 'Chat about this');
    assert.ok(action);
    await editor.choose(action);
    await editor.nextEdit();
    const shown = String((await editor.nextShownDocument())['uri']);
    assert.match(shown, /\/project\/\.codriver\/chats\/\d{4}-\d\d-\d\d-cart\.chat\.md$/);
    assert.match(editor.textOf(shown), /## You\n\n@selection:src\/cart\.ts#L2-L3 @file:src\/cart\.ts\n\n$/);
    // In the chat, only what belongs there is offered.
    editor.close(uri);
  });

  it('opens by command alone, about the file that is open', async () => {
    const uri = place.open(editor, 'src/money.ts');
    await editor.execute('codriver.chat');
    await editor.nextEdit();
    const shown = String((await editor.nextShownDocument())['uri']);
    assert.match(editor.textOf(shown), /@file:src\/\w+\.ts/);
    editor.close(uri);
  });

  it('sends by code action, with what is mentioned, and leaves room for the next question', async () => {
    model.reply({ text: 'It adds.\n\n```ts src/cart.ts\nconst a = 1;\n```\n' });
    const uri = chat('What does @file:src/cart.ts do, and @symbol:totalPrice?');
    await editor.choose(await offered(editor, uri, start, 'Send to '));
    const text = await said(uri, /```\n\n## You\n\n$/);
    assert.match(
      text,
      /## Codriver\n\n> sent: about \d+ tokens to openai scripted-model; with @file:src\/cart\.ts/,
    );
    assert.match(text, /It adds\.\n\n`src\/cart\.ts`\n\n```ts\nconst a = 1;\n```\n/);
    assert.match(lastRequest(), /<data-\d+ is=\\\\?"file\\\\?" path=\\\\?"src\/cart\.ts/);
    await editor.progressEnded();
    // The second question goes with the first one and its answer, without the line about what was sent.
    const end = { line: text.split('\n').length - 1, character: 0 };
    editor.type(uri, end, 'And then?\n');
    model.reply({ text: 'Then it ends.' });
    await editor.execute('codriver.chatSend');
    await said(uri, /Then it ends\.\n\n## You/);
    assert.match(lastRequest(), /What does @file.*It adds\..*And then\?/);
    assert.doesNotMatch(lastRequest(), /> sent/);
    await editor.progressEnded();
  });

  it('sends nothing that is excluded or secret, and says what is missing', async () => {
    model.reply({ text: 'Fine.' });
    const uri = chat(
      `@file:private/plan.md @file:../../etc/hosts @file:nowhere.ts @file:src/key.ts my key: ${secretOf()}`,
    );
    await send(uri);
    const text = await said(uri, /Fine\./);
    assert.match(text, /without @file:private\/plan\.md \(private\/plan\.md is left out because/);
    assert.match(text, /no path below a folder of the workspace/);
    assert.match(text, /there is no nowhere\.ts/);
    assert.match(text, /with @file:src\/key\.ts/);
    assert.match(lastRequest(), /const other = 1/);
    assert.doesNotMatch(lastRequest(), new RegExp(`hidden plan|${secretOf()}`));
    await editor.progressEnded();
    await editor.execute('codriver.chatSent', [{ uri, position: start }]);
    await editor.nextShownDocument();
    await editor.progressEnded();
  });

  it('streams around what is typed in the chat and in the code, and stops when cancelled', async () => {
    model.reply({ text: 'The first part. '.repeat(20), fault: 'stall-mid-stream' });
    const code = place.open(editor, 'src/cart.ts');
    const uri = chat('Go on.');
    await send(uri);
    await said(uri, /The first part/);
    editor.type(uri, { line: 2, character: 6 }, ' Please.');
    const lines = editor.textOf(uri).split('\n');
    editor.type(uri, { line: lines.length - 1, character: 0 }, 'my next question');
    editor.type(code, start, '// typed\n');
    editor.cancelProgress();
    const text = await said(uri, /\*\*\[stopped\]\*\*/);
    assert.match(text, /^## You\n\nGo on\. Please\.\n\n## Codriver\n/);
    assert.match(
      text,
      /The first part[^]*\*\*\[stopped\]\*\* you stopped this answer[^]*\n\n## You\n\nmy next question$/,
    );
    assert.match(editor.textOf(code), /^\/\/ typed\n/);
    await editor.progressEnded();
    editor.close(code);
  });

  it('stops where the person edits the answer, and says so', async () => {
    model.reply({ text: 'The first part. '.repeat(20), fault: 'stall-mid-stream' });
    const uri = chat('Go on.');
    await send(uri);
    const before = await said(uri, /The first part/);
    const line = before.split('\n').findIndex(each => each.startsWith('The first'));
    editor.type(uri, { line, character: 0 }, 'MINE ');
    await editor.execute('codriver.chatStop', [{ uri, position: start }]);
    assert.match(await editor.nextMessage(), /You edited the answer/);
    await editor.progressEnded();
    assert.match(editor.textOf(uri), /\nMINE The first/);
  });

  it('answers two chats at once, each in its own document, and one question of a chat at a time', async () => {
    model.reply({
      text: 'Half an answer, no more. '.repeat(9),
      fault: 'stall-mid-stream',
      when: 'slow one',
      times: 1,
    });
    model.reply({ text: 'Quick.', when: 'quick one' });
    const slow = chat('slow one');
    const quick = chat('quick one');
    await send(slow);
    await said(slow, /Half an/);
    await send(quick);
    await said(quick, /Quick\.\n\n## You/);
    await send(slow);
    assert.match(await editor.nextMessage(), /still being answered/);
    editor.close(slow);
    // Closing ends it: told once, and whatever else is open goes on.
    assert.match(await editor.nextMessage(), /was closed/);
    await editor.progressEnded();
    assert.doesNotMatch(editor.textOf(quick), /Half/);
  });

  it('completes, explains, follows and checks what is mentioned', async () => {
    const full = await place.start({ profile: 'vscode-1.139.1' });
    const uri = chat('@file:src/cart.ts and @file:nowhere.ts and @file:sr', full);
    const diagnostics = await full.diagnosticsUntil(uri, found => found.length > 0);
    assert.match(String(diagnostics[0]?.message), /nowhere\.ts/);
    const here = { line: 2, character: 8 };
    const hover = await full.hover(uri, here);
    assert.match(JSON.stringify(hover), /characters, about [\d,]+ tokens.*import/s);
    const params = { textDocument: { uri }, position: here };
    assert.equal(at(await full.request('textDocument/definition', params), 'uri'), place.uri('src/cart.ts'));
    const links = (await full.request('textDocument/documentLink', { textDocument: { uri } })) as unknown[];
    assert.deepEqual(
      links.map(link => at(link, 'target')),
      [place.uri('src/cart.ts')],
    );
    const menuOf = async (character: number) => {
      const items = at(await full.complete(uri, { line: 2, character }), 'items') as { label: string }[];
      return items.map(({ label }) => label);
    };
    assert.deepEqual(await menuOf(51), ['src/']);
    full.change(uri, [
      { range: { start: { line: 2, character: 51 }, end: { line: 2, character: 51 } }, newText: 'c/ca' },
    ]);
    assert.deepEqual(await menuOf(55), ['src/cart.ts']);
    full.type(uri, { line: 3, character: 0 }, '@di');
    const kinds = at(await full.complete(uri, { line: 3, character: 3 }), 'items') as { label: string }[];
    assert.deepEqual(
      kinds.map(({ label }) => label),
      ['@diagnostics', '@diff'],
    );
    full.change(uri, [
      {
        range: { start: { line: 3, character: 0 }, end: { line: 3, character: 3 } },
        newText: '@symbol:totalP',
      },
    ]);
    const names = await eventually('names of the workspace', async () => {
      const menu = await full.complete(uri, { line: 3, character: 14 });
      const items = at(menu, 'items') as { label: string; detail?: string }[];
      return items.length > 0 ? items : undefined;
    });
    assert.ok(names.some(({ label }) => label === 'totalPrice'));
    full.change(uri, [
      { range: { start: { line: 3, character: 0 }, end: { line: 3, character: 14 } }, newText: '@di' },
    ]);
    full.type(uri, { line: 3, character: 3 }, '\n@file:private/');
    const hidden = at(await full.complete(uri, { line: 4, character: 14 }), 'items');
    assert.deepEqual(hidden, []);
    await full.shutdown();
  });

  it('has a lens to send where there is a model, and nothing of the kind in the code of others', async () => {
    const env = { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' };
    const full = await place.start({ profile: 'vscode-1.139.1', env });
    const uri = chat('Why?', full);
    model.reply({ text: 'Therefore.' });
    const lenses = (await full.request('textDocument/codeLens', { textDocument: { uri } })) as {
      command: { command: string; arguments: unknown[] };
    }[];
    const [lens] = lenses;
    assert.ok(lens);
    await full.execute(lens.command.command, lens.command.arguments);
    await said(uri, /Therefore/, full);
    await full.progressEnded();
    const code = place.open(full, 'src/cart.ts');
    for (const method of ['codeLens', 'documentLink'])
      assert.equal(await full.request(`textDocument/${method}`, { textDocument: { uri: code } }), null);
    const params = { textDocument: { uri: code }, position: { line: 0, character: 10 } };
    assert.equal(await full.request('textDocument/definition', params), null);
    await full.shutdown();
  });

  it('applies code of an answer where the person was, to the file it names, or as a new file', async () => {
    const code = place.open(editor, 'src/cart.ts');
    const before = editor.textOf(code);
    const blocks = [
      ['', 'const here = 1;'],
      [
        '`src/cart.ts`',
        'export function cheapest(items: readonly Item[]): Item | undefined {\n  return items[0];\n}',
      ],
      ['**src/fresh.ts**', 'export const fresh = 1;'],
      ['`src/cart.ts`', 'export function unknown(): void {}'],
      ['`../outside.ts`', 'const x = 1;'],
      ['`src/key.ts`', 'const other = 2;'],
      [
        '`src/cart.ts`',
        'export function totalPrice(items: readonly Item[]): number {\n  // ... existing code ...\n}',
      ],
    ];
    const uri = chat(blocks.map(([path, text]) => `${path}\n\n\`\`\`ts\n${text}\n\`\`\`\n`).join('\n'));
    const lines = () => editor.textOf(uri).split('\n');
    const use = async (found: string, title: string) => {
      const line = lines().findIndex(text => text.startsWith(found));
      const actions = await editor.codeActions(uri, empty({ line, character: 0 }));
      const action = actions.find(each => String(each['title']).startsWith(title));
      assert.ok(action, `${title}: ${actions.map(each => String(each['title'])).join(', ')}`);
      await editor.choose(action);
    };
    await editor.codeActions(code, empty({ line: 1, character: 0 }));
    await use('const here', 'Apply here: src/cart.ts, line 2');
    await editor.nextEdit();
    assert.equal(editor.textOf(code), before.replace('\n\nexport', '\nconst here = 1;\nexport'));
    await use('export function cheapest', 'Apply to src/cart.ts');
    await editor.nextEdit();
    assert.match(editor.textOf(code), /cheapest\(.*\{\n {2}return items\[0\];\n\}/);
    assert.doesNotMatch(editor.textOf(code), /not implemented/);
    await use('export const fresh', 'Copy into the new file src/fresh.ts');
    await editor.nextEdit();
    assert.equal(editor.textOf(place.uri('src/fresh.ts')), 'export const fresh = 1;\n');
    await use('export function unknown', 'Apply to src/cart.ts');
    assert.match(await editor.nextMessage(), /is not clear.*Apply here/);
    await use('const x', 'Apply to ../outside.ts');
    assert.match(await editor.nextMessage(), /no path below a folder/);
    await use('const other', 'Apply to src/key.ts');
    assert.match(await editor.nextMessage(), /is not open\. Open it/);
    await use('export function totalPrice', 'Apply to src/cart.ts');
    assert.match(await editor.nextMessage(), /not applied/);
    await editor.progressEnded();
    editor.close(code);
  });

  it('starts fresh from a handoff, with a model and without one, and leaves the old chat alone', async () => {
    model.reply({ text: '## You\n\n- Prices stay in cents.\n' });
    const alone = await place.start();
    for (const [client, decided] of [
      [editor, true],
      [alone, false],
    ] as const) {
      const uri = chat(
        'See @file:src/cart.ts and @file:gone.ts\n\n## Codriver\n\n> sent: x\n\nCents.\n\n## You\n\nWhat next?',
        client,
      );
      const before = client.textOf(uri);
      await client.choose(await offered(client, uri, start, 'Start fresh with a handoff'));
      await client.nextEdit();
      const fresh = client.textOf(String((await client.nextShownDocument())['uri']));
      assert.match(
        fresh,
        /^---\nkind: chat\n---\n\n## Handoff\n\nFrom talk\d+\.chat\.md\.\n\n### Files\n\n- @file:src\/cart\.ts\n\n### Asked/,
      );
      assert.match(fresh, /### Open\n\n- What next\?\n\n## You\n\n$/);
      assert.equal(/### Decided\n\n\*\*You\*\*\n\n- Prices stay in cents\./.test(fresh), decided);
      assert.equal(client.textOf(uri), before);
      await client.progressEnded();
    }
    await alone.shutdown();
    // The handoff goes with the first question.
    const uri = chat('');
    const text = '## Handoff\n\nCents everywhere.\n\n## You\n\nGo on.\n';
    editor.change(uri, [{ range: { start, end: { line: 3, character: 0 } }, newText: text }]);
    model.reply({ text: 'Going.' });
    await send(uri);
    await said(uri, /Going\./);
    assert.match(lastRequest(), /is=\\"handoff\\">\\nCents everywhere/);
    await editor.progressEnded();
  });

  const failures: readonly [
    fault: 'status-402' | 'finish-length' | 'cut-mid-frame',
    mark: RegExp,
    told: boolean,
  ][] = [
    ['status-402', /\*\*\[failed\]\*\* \S/, true],
    ['cut-mid-frame', /\*\*\[failed\]\*\* \S/, true],
    ['finish-length', /\*\*\[cut\]\*\* the model ran out of room/, false],
  ];
  for (const [fault, mark, told] of failures) {
    it(`marks an answer that ended by ${fault}`, async () => {
      const env = { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' };
      const client = await place.start({ env });
      model.reply({ text: 'A beginning of many words that is long enough to be seen.', fault });
      const uri = chat('Go on.', client);
      await client.execute('codriver.chatSend', [{ uri, position: start }]);
      await said(uri, mark, client);
      if (told) await client.nextMessage();
      await client.progressEnded();
      await client.shutdown();
    });
  }

  it('without a model says what to do, and changes nothing', async () => {
    const alone = await place.start();
    const uri = chat('Anybody?', alone);
    const actions = await alone.codeActions(uri, empty(start));
    const found = actions.find(({ title }) => String(title).startsWith('Send'));
    if (found) assert.ok(at(found, 'disabled.reason'));
    await alone.execute('codriver.chatSend', [{ uri, position: start }]);
    assert.match(await alone.nextMessage(), /OPENAI|endpoint|model/i);
    await alone.progressEnded();
    assert.equal(alone.textOf(uri), '## You\n\nAnybody?\n');
    await alone.shutdown();
  });
});
