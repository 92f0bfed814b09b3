/** Completion by a model: nothing leaves unasked, nothing waits, nothing is asked twice, nothing runs on for nobody. */
import assert from 'node:assert/strict';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, type ScriptedReply, startModelServer } from '../support/modelServer.ts';
import { eventually, ghost, type Ghost, type Item, menu, Place } from './support/place.ts';

const never = new Promise<never>(() => {});

describe('the whole server, completion by a model', () => {
  let place: Place;
  let model: ModelServer;
  let count = 0;

  before(async () => {
    place = new Place();
    model = await startModelServer();
  });
  after(async () => {
    place.dispose();
    await model.close();
  });
  beforeEach(() => model.clear());

  const environment = (more: Record<string, string> = {}) => ({
    OPENAI_BASE_URL: model.baseURL,
    OPENAI_MODEL: 'scripted-model',
    CODRIVER_OPENAI_FIM: 'suffix',
    ...more,
  });
  const completions = (from = 0) =>
    model.requests.slice(from).filter(({ route }) => route === 'completions').length;
  const arrived = (from: number) =>
    model.waitFor(one => one.route === 'completions' && model.requests.indexOf(one) >= from);
  const ended = (request: unknown) => model.waitFor(one => one === request && one.abortedAt !== undefined);

  function write(editor: FakeEditor, line: string, rest = ''): string {
    const uri = place.uri(`src/model${++count}.ts`);
    editor.open(uri, 'typescript', `${line}${rest}\n`);
    return uri;
  }
  const at = (character: number) => ({ line: 0, character });

  describe('consent', () => {
    const kinds = {
      'the menu, by a trigger character': (editor: FakeEditor, uri: string) => list(editor, uri, 2),
      'the menu, as it comes while an identifier is typed': (editor: FakeEditor, uri: string) =>
        list(editor, uri, 1),
      'ghost text that comes by itself': (editor: FakeEditor, uri: string) => ghost(editor, uri, at(12), 2),
    };
    function list(editor: FakeEditor, uri: string, triggerKind: number): Promise<unknown> {
      return editor.request('textDocument/completion', {
        textDocument: { uri },
        position: at(12),
        context: { triggerKind, ...(triggerKind === 2 ? { triggerCharacter: '=' } : {}) },
      });
    }

    it('is asked for once, nothing is sent before, and the answer is kept for the next start', async () => {
      model.reply({ text: 'fromModel();' });
      let questions = 0;
      const from = model.requests.length;
      const editor = await place.start({ env: environment() });
      let answer: (choice: string | null) => string | null = () => null;
      editor.answerMessages((message, choices) => {
        questions++;
        assert.match(message, /while you type/);
        assert.deepEqual(choices, ['Yes', 'No']);
        return answer('Yes');
      });
      // Dismissed: not asked again in this session, and nothing is sent.
      for (const ask of Object.values(kinds)) await ask(editor, write(editor, 'const sum = '));
      assert.equal(questions, 1);
      assert.equal(model.requests.length, from);
      await editor.shutdown();

      answer = choice => choice;
      const second = await place.start({ env: environment() });
      second.answerMessages(() => {
        questions++;
        return answer('Yes');
      });
      await kinds['ghost text that comes by itself'](second, write(second, 'const sum = '));
      const uri = write(second, 'const sum = ');
      await eventually('the model', async () => (await ghost(second, uri, at(12))).find(fromModel));
      assert.equal(questions, 2);
      await second.shutdown();

      const third = await place.start({ env: environment() });
      for (const ask of Object.values(kinds)) {
        const before = model.requests.length;
        await ask(third, write(third, 'const sum = '));
        await arrived(before);
      }
      await third.execute('codriver.denyAutomatic');
      await third.nextMessage();
      const before = model.requests.length;
      for (const ask of Object.values(kinds)) await ask(third, write(third, 'const sum = '));
      assert.equal(model.requests.length, before);
      await third.shutdown();
      assert.equal(questions, 2);
    });

    it('is not needed for ghost text that the person asked for', async () => {
      model.reply({ text: 'fromModel();' });
      const editor = await place.start({
        env: environment({ XDG_STATE_HOME: `${place.folder}/other-state` }),
      });
      editor.answerMessages(() => null);
      const items = await ghost(editor, write(editor, 'const sum = '), at(12), 1);
      assert.equal(items[0]?.insertText, 'fromModel();');
      await editor.shutdown();
    });
  });

  describe('allowed', () => {
    let editor: FakeEditor;
    let patient: FakeEditor;
    before(async () => {
      const env = environment({
        CODRIVER_PRIVACY_AUTOMATIC: 'allow',
        // Requests are counted here.
        CODRIVER_COMPLETION_PREFETCH: 'false',
        XDG_STATE_HOME: `${place.folder}/allowed-state`,
      });
      [editor, patient] = await Promise.all([
        place.start({ env }),
        place.start({ env, profile: 'helix-25.07.1' }),
      ]);
    });
    after(async () => {
      await Promise.all([editor.shutdown(), patient.shutdown()]);
    });

    it('typing along a shown suggestion asks nobody', async () => {
      model.reply({ text: 'alpha + beta;' });
      const uri = write(editor, 'const sum = ');
      const [shown] = await ghost(editor, uri, at(12));
      assert.equal(shown?.insertText, 'alpha + beta;');
      const from = model.requests.length;
      for (const [i, key] of 'alpha + '.split('').entries()) {
        editor.type(uri, at(12 + i), key);
        const [item] = await ghost(editor, uri, at(13 + i));
        assert.equal(item?.insertText, 'alpha + beta;'.slice(i + 1));
      }
      assert.equal(completions(from), 0);
    });

    it('replaces the bracket that the editor closed', async () => {
      model.reply({ text: 'one, two);' });
      const uri = write(editor, 'const sum = add(', ');');
      const [item] = (await ghost(editor, uri, at(16))) as [Ghost];
      assert.deepEqual([item.insertText, item.range], ['one, two);', { start: at(16), end: at(18) }]);
    });

    it('a menu does not wait: what is here, and the late answer next time', async () => {
      let go = () => {};
      model.reply({ text: 'readLate(path);', until: new Promise<void>(resolve => (go = resolve)) });
      const text = `${place.read('src/settings.ts')}\n  const settings = `;
      const uri = place.uri('src/late.ts');
      editor.open(uri, 'typescript', text);
      const line = text.split('\n').length - 1;
      const cursor = { line, character: '  const settings = '.length };
      const from = model.requests.length;
      const first = (await editor.complete(uri, cursor)) as { isIncomplete: boolean; items: Item[] };
      assert.equal(first.isIncomplete, true);
      for (const item of first.items) assert.doesNotMatch(item.textEdit.newText, /Late/);
      await menu(editor, uri, cursor, /^readSettings\(path\);/);
      // Typed on while the model thinks: its answer is for here too.
      editor.type(uri, cursor, 're');
      const next = { line, character: cursor.character + 2 };
      await menu(editor, uri, next, /^readSettings\(path\);/);
      assert.equal(completions(from), 1);
      go();
      await menu(editor, uri, next, /^readLate\(path\);/);
      editor.type(uri, next, 'a');
      await menu(editor, uri, { line, character: next.character + 1 }, /^readLate\(path\);/);
      assert.equal(completions(from), 1);
    });

    it('a menu that merges late answers gets the model at once', async () => {
      model.reply({ text: 'patience();' });
      const uri = write(patient, 'const sum = ');
      const { items } = (await patient.complete(uri, at(12))) as { items: Item[] };
      assert.equal(items[0]?.textEdit.newText, 'patience();');
    });

    it('a newer request while typing along joins the one under way', async () => {
      let go = () => {};
      model.reply({ text: 'alpha;', until: new Promise<void>(resolve => (go = resolve)) });
      const uri = write(editor, 'const sum = ');
      const from = model.requests.length;
      const first = ghost(editor, uri, at(12));
      await arrived(from);
      editor.type(uri, at(12), 'a');
      const second = ghost(editor, uri, at(13));
      assert.deepEqual(await first, []);
      await editor.settled();
      go();
      assert.equal((await second)[0]?.insertText, 'lpha;');
      assert.equal(completions(from), 1);
    });

    const contradictions: readonly [name: string, act: (uri: string, id: number) => void][] = [
      [
        'a deleted character',
        uri => editor.change(uri, [{ range: { start: at(11), end: at(12) }, newText: '' }]),
      ],
      ['a change before it', uri => editor.type(uri, at(0), 'x')],
      ['$/cancelRequest', (_, id) => editor.notify('$/cancelRequest', { id })],
      ['a closed document', uri => editor.close(uri)],
      ['a key that the model contradicts', uri => editor.type(uri, at(12), 'z')],
    ];
    for (const [name, act] of contradictions) {
      it(`${name} ends the request upstream`, async () => {
        // The first piece has arrived, the rest never does.
        model.reply({ chunks: ['alpha', ' + beta'], fault: 'stall-mid-stream' } satisfies ScriptedReply);
        const uri = write(editor, 'const sum = ');
        const from = model.requests.length;
        const params = { textDocument: { uri }, position: at(12), context: { triggerKind: 2 } };
        const { id, result } = editor.startRequest('textDocument/inlineCompletion', params);
        result.catch(() => {});
        const request = await arrived(from);
        await editor.settled();
        act(uri, id);
        await ended(request);
        await result.catch((error: Error) => assert.match(error.message, /-32800/));
      });
    }

    it('a request at another place ends the one under way', async () => {
      model.reply({ text: 'x', until: never });
      const uri = write(editor, 'const sum = ', '\nconst other = ');
      const from = model.requests.length;
      const first = ghost(editor, uri, at(12));
      const request = await arrived(from);
      model.reply({ text: 'second();' });
      const items = await ghost(editor, uri, { line: 1, character: 14 });
      assert.equal(items[0]?.insertText, 'second();');
      assert.deepEqual(await first, []);
      await ended(request);
    });

    it('placeholders of secrets and hidden characters are never shown', async () => {
      model.reply({ text: 'a\u202eb();' });
      assert.deepEqual(await ghost(editor, write(editor, 'const sum = '), at(12)), []);
    });

    it('a long label is not cut within a character', async () => {
      const owls = `"${'🦉'.repeat(100)}";`;
      model.reply({ text: owls });
      const uri = write(patient, 'const owls = ');
      const { items } = (await patient.complete(uri, at(13))) as { items: Item[] };
      assert.equal(items[0]?.textEdit.newText, owls);
      assert.match(items[0]?.label ?? '', /🦉…$/u);
    });
  });

  function fromModel({ insertText }: Ghost): boolean {
    return insertText === 'fromModel();';
  }
});
