import assert from 'node:assert/strict';
import type { Readable, Writable } from 'node:stream';
import { ErrorAnswer, FakeEditor, profiles } from '../support/editor.ts';
import { plainServerOn } from '../support/plainServer.ts';
import { frame, StrictFrames } from '../support/wire.ts';

const uri = 'untitled:a.txt';
const plain = (input: Readable, output: Writable) => void plainServerOn(input, output);
const at = (line: number, character: number) => ({ line, character });
const range = (a: number, b: number, c: number, d: number) => ({ start: at(a, b), end: at(c, d) });

type Message = Record<string, unknown>;
type Say = (message: object) => void;

/** A server that does what it is told when a document is opened, and answers nothing but what it must. */
function scripted(onOpen: (say: Say) => void, answers: Record<string, unknown> = {}) {
  return (input: Readable, output: Writable) => {
    const say: Say = message => void output.write(frame({ jsonrpc: '2.0', ...message }));
    const frames = new StrictFrames({
      message: message => {
        const { id, method } = message as { id?: number; method?: string };
        if (method === 'textDocument/didOpen') onOpen(say);
        if (method === 'exit') output.end();
        if (id === undefined || method === undefined) return;
        const known = method === 'initialize' ? { capabilities: { textDocumentSync: 2 } } : answers[method];
        say({ id, result: known ?? null });
      },
      stray: text => assert.fail(text),
    });
    input.on('data', (chunk: Buffer) => frames.push(chunk));
  };
}

const progress = (kind: string) => ({
  method: '$/progress',
  params: { token: 't', value: { kind, title: 'a' } },
});
const edit = (newText: string, where = range(0, 0, 0, 0), version = 1) => ({
  id: 9,
  method: 'workspace/applyEdit',
  params: {
    edit: { documentChanges: [{ textDocument: { uri, version }, edits: [{ range: where, newText }] }] },
  },
});

const broken: [name: string, messages: object[], complaint: RegExp][] = [
  ['an answer to nothing', [{ id: 4711, result: null }], /an answer to nothing/],
  ['a second answer', [{ id: 1, result: null }], /or a second one/],
  [
    'an unclaimed message',
    [{ method: 'window/showMessage', params: { type: 1, message: 'hi' } }],
    /unclaimed: window\/showMessage/,
  ],
  ['a custom notification', [{ method: 'codriver/hello', params: {} }], /codriver\/hello is not a message/],
  ['a custom request', [{ id: 1, method: 'codriver/ask', params: {} }], /codriver\/ask is not a message/],
  ['an unclaimed edit', [edit('x')], /unclaimed: workspace\/applyEdit/],
  ['a position that does not exist', [edit('x', range(0, 9, 0, 9))], /has no position 0:9/],
  ['a position inside a pair', [edit('x', range(1, 1, 1, 1))], /inside a surrogate pair/],
  ['a lone surrogate', [edit('\ud800')], /lone surrogate/],
  ['progress that was not created', [progress('begin')], /when it is not created/],
  [
    'progress without end',
    [{ id: 8, method: 'window/workDoneProgress/create', params: { token: 't' } }, progress('begin')],
    /progress t never ended/,
  ],
  [
    'a question nobody answers',
    [
      {
        id: 7,
        method: 'window/showMessageRequest',
        params: { message: 'Sure?', actions: [{ title: 'Yes' }] },
      },
    ],
    /nobody answers "Sure\?"/,
  ],
  [
    'diagnostics out of range',
    [
      {
        method: 'textDocument/publishDiagnostics',
        params: { uri, version: 1, diagnostics: [{ range: range(7, 0, 7, 1), message: 'm' }] },
      },
    ],
    /has no position 7:0/,
  ],
  [
    'an unannounced registration',
    [
      {
        id: 6,
        method: 'client/registerCapability',
        params: { registrations: [{ id: 'r', method: 'textDocument/hover' }] },
      },
    ],
    /dynamic registration of textDocument\/hover/,
  ],
  [
    'an unannounced request',
    [{ id: 5, method: 'workspace/codeLens/refresh' }],
    /needs workspace.codeLens.refreshSupport/,
  ],
];

describe('the strict editor', () => {
  for (const [name, messages, complaint] of broken) {
    it(`complains about ${name}`, async () => {
      const editor = await FakeEditor.start({
        server: scripted(say => messages.forEach(say)),
        profile: 'helix-25.07.1',
      });
      editor.open(uri, 'plaintext', 'ab\n😀');
      await assert.rejects(editor.shutdown(), complaint);
    });
  }

  it('complains about bytes that are no message', async () => {
    const editor = await FakeEditor.start({
      server: (input, output) => {
        scripted(() => output.write('console.log was here\n'))(input, output);
      },
    });
    editor.open(uri, 'plaintext', '');
    await assert.rejects(editor.shutdown(), /stray bytes: console.log/);
  });

  it('complains about answers that it announced no use for', async () => {
    const answers = {
      'textDocument/hover': { contents: { kind: 'markdown', value: '*a*' }, range: range(0, 0, 0, 9) },
    };
    const editor = await FakeEditor.start({
      server: scripted(() => {}, answers),
      profile: 'eglot-emacs30.2',
    });
    editor.open(uri, 'plaintext', 'ab');
    await editor.hover(uri, at(0, 0));
    await assert.rejects(editor.shutdown(), /hover is Markdown/);
  });

  it('tells why a wait is in vain', async () => {
    const editor = await FakeEditor.start({ server: scripted(() => {}), patienceMs: 1 });
    await assert.rejects(
      editor.nextMessage(),
      /waited 1 ms for notification window\/showMessage; unclaimed: nothing/,
    );
    editor.kill();
  });

  for (const profile of profiles) {
    it(`goes through a session as ${profile}`, async () => {
      const editor = await FakeEditor.start({ server: plain, profile });
      editor.open(uri, 'plaintext', 'one\r\ntwo');
      editor.type(uri, at(1, 3), '😀!');
      editor.change(uri, [
        { range: range(0, 0, 0, 3), newText: 'eins' },
        { range: range(1, 0, 1, 3), newText: 'zwei' },
      ]);
      assert.equal(editor.textOf(uri), 'eins\r\nzwei😀!');
      assert.equal(await editor.request('test/text', { uri }), 'eins\r\nzwei😀!');
      assert.deepEqual(await editor.hover(uri, at(1, 0)), { contents: 'zwei😀!' });
      editor.close(uri);
      await editor.shutdown();
    });
  }

  it('takes edits as an editor does, and tells the server before it answers', async () => {
    const editor = await FakeEditor.start({ server: plain, profile: 'helix-25.07.1' });
    editor.open(uri, 'plaintext', 'one two');
    const { edit: change } = edit('ZWEI', range(0, 4, 0, 7)).params;
    assert.deepEqual(await editor.execute('apply', [{ label: 'l', edit: change }]), { applied: true });
    assert.equal((await editor.nextEdit()).label, 'l');
    assert.equal(editor.textOf(uri), 'one ZWEI');
    assert.equal(await editor.request('test/text', { uri }), 'one ZWEI');
    const stale = (await editor.execute('apply', [{ edit: change }])) as Message;
    assert.equal(stale['applied'], false);
    assert.match(String(stale['failureReason']), /version 2, the edit is for 1/);
    await editor.nextEdit();
    editor.refuseEdits('read-only');
    assert.deepEqual(await editor.execute('apply', [{ edit: change }]), {
      applied: false,
      failureReason: 'read-only',
    });
    await editor.nextEdit();
    await editor.shutdown();
  });

  it('makes files where it said that it can, all of an edit or nothing', async () => {
    const editor = await FakeEditor.start({ server: plain, profile: 'neovim-0.12.4' });
    const made = 'untitled:made';
    const create = { kind: 'create', uri: made };
    const fill = {
      textDocument: { uri: made, version: null },
      edits: [{ range: range(0, 0, 0, 0), newText: 'new' }],
    };
    const elsewhere = { textDocument: { uri: 'untitled:none', version: null }, edits: [] };
    const half = (await editor.execute('apply', [
      { edit: { documentChanges: [create, fill, elsewhere] } },
    ])) as Message;
    assert.equal(half['applied'], false);
    assert.equal(editor.documents.get(made), undefined);
    await editor.execute('apply', [{ edit: { documentChanges: [create, fill] } }]);
    assert.equal(editor.textOf(made), 'new');
    await editor.nextEdit();
    await editor.nextEdit();
    await editor.shutdown();
  });

  it('answers what a server asks', async () => {
    const editor = await FakeEditor.start({
      server: plain,
      configuration: section => ({ of: section }),
    });
    editor.answerMessages(message => (message === 'Sure?' ? 'Yes' : undefined));
    const ask = (method: string, params: object) => editor.execute('request', [{ method, params }]);
    assert.deepEqual(await ask('workspace/configuration', { items: [{ section: 'codriver' }] }), [
      { of: 'codriver' },
    ]);
    const actions = [{ title: 'Yes' }, { title: 'No' }];
    assert.deepEqual(await ask('window/showMessageRequest', { type: 3, message: 'Sure?', actions }), {
      title: 'Yes',
    });
    assert.deepEqual(await ask('window/showDocument', { uri: 'file:///x' }), { success: true });
    assert.deepEqual(await editor.nextShownDocument(), { uri: 'file:///x' });
    await ask('window/workDoneProgress/create', { token: 't' });
    await editor.execute('notify', [progress('begin')]);
    await editor.execute('notify', [progress('end')]);
    await editor.progressEnded();
    await editor.execute('notify', [{ method: 'window/showMessage', params: { type: 3, message: 'hello' } }]);
    assert.equal(await editor.nextMessage(), 'hello');
    const request = editor.startRequest('textDocument/completion', {
      textDocument: { uri },
      position: at(0, 0),
    });
    request.cancel();
    await assert.rejects(
      request.result,
      (error: unknown) => error instanceof ErrorAnswer && error.code === -32800,
    );
    await editor.shutdown();
  });
});
