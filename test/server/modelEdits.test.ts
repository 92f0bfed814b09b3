/** Edits by a model, from the chosen action to the changed buffer, with everything that can go wrong between. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FakeEditor } from '../support/editor.ts';
import { at } from '../support/editorRules.ts';
import {
  type ModelServer,
  type RecordedRequest,
  type ScriptedReply,
  startModelServer,
} from '../support/modelServer.ts';
import { behind, offered, Place } from './support/place.ts';

/** An edit as a model writes it. */
const block = (path: string, search: string, replace: string) =>
  `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;

const code = 'export function half(n: number): number {\n  return n / 3;\n}\n';
const good = (path: string) => block(path, '  return n / 3;', '  return n / 2;');
const wrong = (path: string) => block(path, '  return n / 4;', '  return n / 2;');
const mended = code.replace('/ 3', '/ 2');

describe('the whole server, edits by a model', () => {
  let place: Place;
  let model: ModelServer;
  let editor: FakeEditor;
  let count = 0;

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

  function environment(): Record<string, string> {
    return { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' };
  }

  /** A document of its own for each test. */
  function write(client: FakeEditor, text = code, extension = 'ts'): { uri: string; path: string } {
    const path = `src/edit${++count}.${extension}`;
    const uri = place.uri(path);
    client.open(uri, extension === 'ts' ? 'typescript' : 'python', text);
    return { uri, path };
  }

  const problem = {
    range: { start: { line: 1, character: 2 }, end: { line: 1, character: 15 } },
    message: 'This is a third.',
    source: 'tests',
  };
  function fix(client: FakeEditor, uri: string): Promise<unknown> {
    return client.execute('codriver.fix', [{ uri, range: problem.range, problems: [problem] }]);
  }
  const asked = (from: number) => model.requests.slice(from).filter(({ route }) => route === 'chat').length;

  it('explicit actions are there at once, and the first one works', async () => {
    const fresh = await place.start({ env: environment() });
    const { uri, path } = write(fresh);
    model.reply({ text: good(path) });
    // The very first request: nobody is told that there is no model while the settings are being read.
    const early = write(fresh);
    // Once: a file like the one that is mended may stand in a later prompt as similar code.
    model.reply({ text: good(early.path), when: early.path, times: 1 });
    await fix(fresh, early.uri);
    await fresh.nextEdit();
    const action = await offered(fresh, uri, { line: 1, character: 4 }, 'Fix with ', [problem]);
    assert.match(String(action['title']), /scripted-model/);
    await fresh.choose(action);
    const { label } = await fresh.nextEdit();
    assert.equal(label, 'Codriver: fix');
    assert.equal(fresh.textOf(uri), mended);
    await fresh.progressEnded();
    const kinds = fresh.progressSeen.map(({ kind }) => kind);
    assert.equal(kinds[0], 'begin');
    assert.ok(kinds.includes('report'));
    assert.equal(kinds.at(-1), 'end');
    assert.equal(at(fresh.progressSeen[0], 'cancellable'), true);
    await fresh.shutdown();
  });

  const cases: readonly {
    readonly name: string;
    /** First, second … answer; the last one stands for all later ones. */
    readonly replies: (path: string) => readonly ScriptedReply[];
    /** The message, or nothing where the edit is applied. */
    readonly says?: RegExp;
    readonly requests: number;
  }[] = [
    { name: 'a good reply', replies: path => [{ text: good(path) }], requests: 1 },
    {
      name: 'a wrong anchor, then a good one',
      replies: path => [{ text: wrong(path) }, { text: good(path) }],
      requests: 2,
    },
    {
      name: 'a wrong anchor twice',
      replies: path => [{ text: wrong(path) }],
      says: /does not fit.*not in the file.*Nothing was changed/s,
      requests: 2,
    },
    {
      name: 'an edit that breaks the file, then a good one',
      replies: path => [{ text: block(path, '  return n / 3;', '  return n / (2;') }, { text: good(path) }],
      requests: 2,
    },
    {
      name: 'cut by the token limit',
      replies: path => [{ text: good(path), finish: 'length' }],
      says: /ran out of room/,
      requests: 1,
    },
    {
      name: 'a stream that just ends',
      replies: path => [{ text: good(path), fault: 'no-finish-no-done' }],
      says: /./,
      requests: 1,
    },
    {
      name: 'a connection that breaks in the middle',
      replies: path => [{ text: good(path), fault: 'reset-mid-stream' }],
      says: /./,
      requests: 1,
    },
    {
      name: 'prose instead of an edit',
      replies: () => [{ text: 'You should divide by two.' }],
      says: /does not fit/,
      requests: 2,
    },
    { name: 'a refusal', replies: () => [{ text: '', refusal: 'No.' }], says: /refused/, requests: 1 },
    { name: 'nothing at all', replies: () => [{ text: '' }], says: /empty answer/, requests: 1 },
  ];
  for (const { name, replies, says, requests } of cases) {
    it(`fix: ${name}`, async () => {
      const { uri, path } = write(editor);
      const rules = replies(path);
      rules
        .map((rule, i): ScriptedReply => (i < rules.length - 1 ? { ...rule, times: 1 } : rule))
        .toReversed()
        .forEach(rule => model.reply(rule));
      const before = model.requests.length;
      assert.equal(await fix(editor, uri), null);
      if (says) assert.match(await editor.nextMessage(), says);
      else await editor.nextEdit();
      assert.equal(editor.textOf(uri), says ? code : mended);
      assert.equal(asked(before), requests);
    });
  }

  describe('in every form', () => {
    const call = (path: string, old: string) => ({
      name: 'edit_file',
      arguments: JSON.stringify({ path, old, new: '  return n / 2;' }),
    });
    const bad = (args: string): ScriptedReply => ({
      text: '',
      toolCalls: [{ name: 'edit_file', arguments: args }],
      times: 1,
    });
    const forms: readonly {
      readonly name: string;
      readonly format: string;
      readonly says: RegExp;
      readonly reply: (path: string) => ScriptedReply;
    }[] = [
      {
        name: 'a unified diff',
        format: 'diff',
        says: /unified diff/,
        reply: path => ({
          text: `--- a/${path}\n+++ b/${path}\n@@ -9 +9 @@\n-  return n / 3;\n+  return n / 2;\n`,
        }),
      },
      {
        name: 'a whole file',
        format: 'whole',
        says: /complete new text of the file/,
        reply: path => ({ text: `${path}\n\`\`\`ts\n${mended}\`\`\`\n` }),
      },
      {
        name: 'calls of tools',
        format: 'tools',
        says: /calling tools/,
        reply: path => ({ text: '', toolCalls: [call(path, '  return n / 3;')] }),
      },
    ];
    for (const { name, format, says, reply } of forms) {
      it(name, async () => {
        const client = await place.start({ env: { ...environment(), CODRIVER_EDITS_FORMAT: format } });
        const { uri, path } = write(client);
        model.reply(reply(path));
        await fix(client, uri);
        await client.nextEdit();
        assert.equal(client.textOf(uri), mended);
        const { body } = model.requests.at(-1) as RecordedRequest;
        const sent = body as { messages: { content: string }[]; tools?: unknown[] };
        assert.match(sent.messages[0]?.content ?? '', says);
        assert.equal(sent.tools?.length, format === 'tools' ? 2 : undefined);
        await client.shutdown();
      });
    }

    it('malformed calls are never carried out, and asked for anew twice at most', async () => {
      const client = await place.start({ env: { ...environment(), CODRIVER_EDITS_FORMAT: 'tools' } });
      const { uri, path } = write(client);
      model.reply({ text: '', toolCalls: [call(path, '  return n / 3;')] });
      for (const args of ['{"path":', '{"path":1}', '[]']) model.reply(bad(args));
      const before = model.requests.length;
      await fix(client, uri);
      assert.match(await client.nextMessage(), /malformed.*Nothing was changed/s);
      assert.equal(client.textOf(uri), code);
      assert.equal(asked(before), 3);
      await client.shutdown();
    });

    it('the declaration alone is written anew where the file is long', async () => {
      const client = await place.start({ env: { ...environment(), CODRIVER_EDITS_FORMAT: 'whole' } });
      const more = Array.from({ length: 400 }, (_, i) => `export const value${i} = ${i} * ${i};\n`).join('');
      const { uri } = write(client, code + more);
      model.reply({ text: `\`\`\`ts\n${mended}\`\`\`\n` });
      await fix(client, uri);
      await client.nextEdit();
      assert.equal(client.textOf(uri), mended + more);
      await client.shutdown();
    });
  });

  it('the re-ask says what was wrong and shows the lines that are there', async () => {
    const { uri, path } = write(editor);
    model.reply({ text: good(path) });
    model.reply({ text: wrong(path), times: 1 });
    await fix(editor, uri);
    await editor.nextEdit();
    const { messages } = (model.requests.at(-1) as RecordedRequest).body as {
      messages: { role: string; content: string }[];
    };
    assert.equal(messages.at(-2)?.role, 'assistant');
    assert.match(messages.at(-1)?.content ?? '', /return n \/ 3;/);
  });

  it('implements a body', async () => {
    const text = 'export function one(): number {\n  throw new Error("TODO");\n}\n';
    const { uri } = write(editor, text);
    model.reply({ text: '```ts\nexport function one(): number {\n  return 1;\n}\n```' });
    await editor.choose(await offered(editor, uri, { line: 0, character: 18 }, 'Implement '));
    await editor.nextEdit();
    assert.equal(editor.textOf(uri), 'export function one(): number {\n  return 1;\n}\n');
  });

  it('documents a function', async () => {
    const { uri, path } = write(editor);
    const line = 'export function half(n: number): number {';
    model.reply({ text: block(path, line, `/** Half of n. */\n${line}`) });
    await editor.choose(await offered(editor, uri, { line: 0, character: 18 }, 'Document '));
    await editor.nextEdit();
    assert.equal(editor.textOf(uri), `/** Half of n. */\n${code}`);
  });

  describe('comments', () => {
    const source = () => place.read('tools/stats.py');
    const done = (text: string) =>
      text
        .replace('    # AI! return 0 for an empty list\n', '')
        .replace('return sum', 'return 0 if not amounts else sum');
    const line = '    return sum(amounts) / len(amounts)';
    const better = '    return 0 if not amounts else sum(amounts) / len(amounts)';
    const comment = '    # AI! return 0 for an empty list';
    const rows: readonly [name: string, search: string, replace: string][] = [
      ['which the model takes away', `${comment}\n${line}`, better],
      ['which the model forgets', line, better],
      ['which the model repeats', `${comment}\n${line}`, `${comment}\n${better}`],
    ];
    for (const [name, search, replace] of rows) {
      it(`does what an AI! comment says, ${name}`, async () => {
        const { uri, path } = write(editor, source(), 'py');
        model.reply({ text: block(path, search, replace) });
        await editor.choose(await offered(editor, uri, behind(source(), '# AI!'), 'Do what'));
        await editor.nextEdit();
        assert.equal(editor.textOf(uri), done(source()));
      });
    }

    it('answers an AI? comment in a document, or in a message', async () => {
      const older = await place.start({ profile: 'helix-25.01.1', env: environment() });
      model.reply({ text: `Because **it is**. ${'🦉'.repeat(600)}` });
      for (const client of [editor, older]) {
        const { uri } = write(client, '# Why is this? AI?\nx = 1\n', 'py');
        await client.choose(await offered(client, uri, { line: 0, character: 4 }, 'Answer'));
        if (client === editor) {
          const shown = String((await client.nextShownDocument())['uri']);
          assert.match(readFileSync(fileURLToPath(shown), 'utf8'), /Because/);
        } else {
          const message = await client.nextMessage();
          assert.match(message, /Because.*whole text: .*answer\.md/s);
          assert.doesNotMatch(message, /\ufffd/);
          // The end of progress wipes it from Helix's screen, so it is said again.
          assert.equal(await client.nextMessage(), message);
        }
        assert.equal(client.textOf(uri), '# Why is this? AI?\nx = 1\n');
      }
      await older.shutdown();
    });
  });

  describe('new files', () => {
    const text = 'export const two = 2;';
    const made = (path: string) => `${path}\n<<<<<<< SEARCH\n=======\n${text}\n>>>>>>> REPLACE\n`;

    for (const profile of ['neovim-0.12.4', 'eglot-emacs30.2', 'vscode-1.139.1']) {
      it(`${profile}: are made by an edit of the editor`, async () => {
        const client = profile.startsWith('neovim')
          ? editor
          : await place.start({ profile, env: environment() });
        const { uri } = write(client);
        const name = `src/new/two-${profile}.ts`;
        model.reply({ text: made(name) });
        // Emacs visits a file that does not exist as an empty buffer.
        if (profile.startsWith('eglot'))
          client.documents.add({ uri: place.uri(name), languageId: '', version: 0, text: '', open: false });
        await fix(client, uri);
        const { applied, failureReason } = await client.nextEdit();
        assert.ok(applied, failureReason);
        assert.equal(client.textOf(place.uri(name)), `${text}\n`);
        assert.ok(!existsSync(fileURLToPath(place.uri(name))), 'the server wrote the file itself');
        if (client !== editor) await client.shutdown();
      });
    }

    const refused: readonly [name: string, path: string, says: RegExp][] = [
      ['outside the workspace', '../outside.ts', /not given|does not fit/],
      ['at an absolute path', '/tmp/outside.ts', /not given|does not fit/],
      ['that is never sent', '.ssh/id_rsa', /may not make|not given|does not fit/],
      ['that is ignored', 'ignored/a.ts', /may not make.*ignore/],
      ['that exists', 'src/money.ts', /exists/],
    ];
    for (const [name, path, says] of refused) {
      it(`are refused ${name}`, async () => {
        place.write('.gitignore', 'ignored/\n');
        editor.notify('workspace/didChangeWatchedFiles', {
          changes: [{ uri: place.uri('.gitignore'), type: 1 }],
        });
        const { uri } = write(editor);
        model.reply({ text: made(path) });
        await fix(editor, uri);
        assert.match(await editor.nextMessage(), says);
        assert.equal(editor.textOf(uri), code);
      });
    }
  });

  describe('meanwhile', () => {
    /** A reply that comes when it is let go. */
    function held(text: string): () => void {
      let go = () => {};
      const until = new Promise<void>(resolve => (go = resolve));
      model.reply({ text, until });
      return go;
    }
    const started = (from: number) =>
      model.waitFor(request => request.route === 'chat' && model.requests.indexOf(request) >= from);

    it('typing elsewhere is kept, and the edit moves with its lines', async () => {
      const { uri, path } = write(editor);
      const go = held(good(path));
      const from = model.requests.length;
      await fix(editor, uri);
      await started(from);
      editor.type(uri, { line: 0, character: 0 }, '// mine\n');
      await editor.settled();
      go();
      await editor.nextEdit();
      assert.equal(editor.textOf(uri), `// mine\n${mended}`);
    });

    it('typing in the same lines wins, with words about it', async () => {
      const { uri, path } = write(editor);
      const go = held(good(path));
      const from = model.requests.length;
      await fix(editor, uri);
      await started(from);
      editor.type(uri, { line: 1, character: 14 }, '3');
      await editor.settled();
      go();
      assert.match(await editor.nextMessage(), /same lines meanwhile/);
      assert.equal(editor.textOf(uri), code.replace('/ 3', '/ 33'));
    });

    it('a closed document is left alone', async () => {
      const { uri, path } = write(editor);
      const go = held(good(path));
      const from = model.requests.length;
      await fix(editor, uri);
      await started(from);
      editor.close(uri);
      await editor.settled();
      go();
      assert.match(await editor.nextMessage(), /not open any more|closed/);
    });

    it('a read-only buffer stays as it is, with words about it', async () => {
      const { uri, path } = write(editor);
      model.reply({ text: good(path) });
      editor.refuseEdits('the buffer is read-only');
      await fix(editor, uri);
      const taken = await editor.nextEdit();
      assert.equal(taken.applied, false);
      assert.match(await editor.nextMessage(), /did not apply the edit: the buffer is read-only/);
      editor.refuseEdits(undefined);
      assert.equal(editor.textOf(uri), code);
    });

    it('cancelling the progress ends the request upstream and changes nothing', async () => {
      const { uri, path } = write(editor);
      const go = held(good(path));
      const from = model.requests.length;
      const seen = editor.progressSeen.length;
      await fix(editor, uri);
      const request = await started(from);
      await editor.until('progress', () => (editor.progressSeen.length > seen ? true : undefined));
      editor.cancelProgress();
      await model.waitFor(one => one === request && one.abortedAt !== undefined);
      await editor.progressEnded();
      go();
      await editor.settled();
      assert.equal(editor.textOf(uri), code);
    });

    it('shutdown ends what is running', async () => {
      const client = await place.start({ env: environment() });
      const { uri, path } = write(client);
      const go = held(good(path));
      const from = model.requests.length;
      await fix(client, uri);
      const request = await started(from);
      await client.request('shutdown');
      client.notify('exit');
      assert.equal((await client.ended).code, 0);
      await model.waitFor(one => one === request && one.abortedAt !== undefined);
      go();
    });
  });
});
