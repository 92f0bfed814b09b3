/** Reviews as a client sees them: diagnostics, what can be done about each, what a model may say, and a change. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostic, FakeEditor } from '../support/editor.ts';
import { at } from '../support/editorRules.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { empty, eventually, Place } from './support/place.ts';

type Action = Readonly<Record<string, unknown>>;

const source =
  'export function f(a: number, b: number) {\n  if (a === a) return b;\n  return a - b * 2;\n}\n';
const claim = {
  code: '  return a - b * 2;',
  category: 'bug',
  severity: 'medium',
  confidence: 85,
  message: 'The sign is the wrong way round.',
};

describe('the whole server, reviews', function () {
  this.timeout(30_000);
  let place: Place;
  let model: ModelServer;
  let count = 0;
  const environment = () => ({ OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' });
  before(async () => {
    place = new Place();
    model = await startModelServer();
  });
  after(async () => {
    place.dispose();
    await model.close();
  });
  beforeEach(() => model.clear());

  function write(editor: FakeEditor, text = source): string {
    const uri = place.uri(`src/review${++count}.ts`);
    editor.open(uri, 'typescript', text);
    return uri;
  }
  const reviewed = (all: readonly Diagnostic[]) =>
    all.filter(({ code }) => ['bug', 'security', 'simplicity', 'performance'].includes(String(code)));
  const found = (editor: FakeEditor, uri: string, lines: readonly number[]) =>
    editor.diagnosticsUntil(
      uri,
      all => JSON.stringify(reviewed(all).map(({ range }) => range.start.line)) === JSON.stringify(lines),
    );
  const offeredAt = (editor: FakeEditor, uri: string, line: number, title: RegExp): Promise<Action> =>
    eventually(String(title), async () => {
      const actions = await editor.codeActions(
        uri,
        empty({ line, character: 4 }),
        editor.diagnosticsOf(uri),
        ['quickfix', 'source'],
      );
      return actions.find(action => title.test(String(action['title'])));
    });
  const act = async (editor: FakeEditor, uri: string, line: number, title: RegExp) =>
    editor.choose(await offeredAt(editor, uri, line, title));
  const said = (editor: FakeEditor) => editor.nextMessage(message => /reviewed/.test(message));

  it('without a model, finds patterns by itself, says so, moves them, and ends them with their line', async () => {
    const editor = await place.start();
    const uri = write(editor);
    await act(editor, uri, 0, /^Review this file$/);
    const [finding] = reviewed(await found(editor, uri, [1]));
    assert.equal(finding?.source, 'codriver');
    assert.equal(finding?.code, 'bug');
    assert.equal(finding?.severity, 2);
    assert.match(String(finding?.message), /static check self-comparison, confidence 90 %/);
    assert.match(await said(editor), /one finding\. Only static checks were made/);
    editor.type(uri, { line: 0, character: 0 }, '// a line\n');
    await found(editor, uri, [2]);
    editor.type(uri, { line: 2, character: 8 }, 'b');
    await found(editor, uri, []);
    await editor.shutdown();
  });

  it('with a model, shows what it quotes, drops what it makes up, and asks once more before that', async () => {
    const editor = await place.start({ env: environment() });
    const uri = write(editor);
    const asked = model.requests.length;
    const invented = { ...claim, code: 'return somethingElse();' };
    model.reply({ text: JSON.stringify([claim, invented]), times: 2 });
    await act(editor, uri, 0, /^Review this file$/);
    await found(editor, uri, [1, 2]);
    assert.match(await said(editor), /2 findings\. one finding of .* stood for no place/i);
    const requests = model.requests.slice(asked).filter(({ route }) => route === 'chat');
    assert.equal(requests.length, 2);
    assert.match(requests[1]?.text ?? '', /does not stand in what is reviewed/);
    await editor.shutdown();
  });

  it('a finding is explained, and dismissed for good, also by the next server', async () => {
    const editor = await place.start({ env: environment() });
    const uri = write(editor);
    model.reply({ text: JSON.stringify([claim]), times: 1 });
    await act(editor, uri, 0, /^Review this file$/);
    await found(editor, uri, [1, 2]);
    await said(editor);
    model.reply({ text: 'Because.', times: 1 });
    await act(editor, uri, 2, /^Explain the finding "The sign/);
    const shown = await editor.nextShownDocument();
    const text = readFileSync(fileURLToPath(String(at(shown, 'uri'))), 'utf8');
    assert.match(text, /The sign is the wrong way round\.[\s\S]*Because\./);
    assert.ok(await offeredAt(editor, uri, 2, /^Fix with /));
    await act(editor, uri, 2, /^Dismiss the finding "The sign.*not a problem$/);
    await found(editor, uri, [1]);
    await editor.shutdown();
    const folder = join(place.folder, 'state', 'codriver', 'dismissals');
    for (const name of readdirSync(folder))
      assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
    const next = await place.start({ env: environment() });
    next.open(uri, 'typescript', `\n${source}`);
    model.reply({ text: JSON.stringify([{ ...claim, message: 'In other words, wrong.' }]), times: 1 });
    await act(next, uri, 0, /^Review this file$/);
    await found(next, uri, [2]);
    assert.match(await said(next), /one finding/);
    await next.shutdown();
  });

  it('on save only where it is set, and nothing is sent by it unasked', async () => {
    const asked = model.requests.length;
    const editor = await place.start({
      env: environment(),
      initializationOptions: { review: { onSave: 'model' } },
    });
    const uri = write(editor);
    // Settings are in force once a request is answered.
    await offeredAt(editor, uri, 0, /^Review this file$/);
    editor.save(uri);
    await found(editor, uri, [1]);
    assert.deepEqual(
      model.requests.slice(asked).filter(({ route }) => route === 'chat'),
      [],
    );
    await editor.shutdown();
    const off = await place.start();
    const other = write(off);
    off.save(other);
    assert.ok(await offeredAt(off, other, 1, /^Review this file$/));
    assert.deepEqual(reviewed(off.diagnosticsOf(other)), []);
    await off.shutdown();
  });

  describe('of a change', () => {
    const git = (...args: string[]) => {
      const env = { PATH: process.env['PATH'] ?? '', HOME: place.folder, GIT_CONFIG_NOSYSTEM: '1' };
      const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.com'];
      const ran = spawnSync('git', [...identity, ...args], { cwd: place.project, env, encoding: 'utf8' });
      assert.equal(ran.status, 0, ran.stderr);
    };
    const report = async (editor: FakeEditor) => {
      const shown = await editor.nextShownDocument();
      return readFileSync(fileURLToPath(String(at(shown, 'uri'))), 'utf8');
    };
    before(() => {
      git('init', '-q', '-b', 'main');
      place.write('src/changed.ts', 'export const x = 1;\nif (x === x) old();\n\n\n\n\n\n');
      git('add', '.');
      git('commit', '-qm', 'first');
    });

    it('needs trust, and then tells about changed lines only, with places to go to', async () => {
      const uri = place.uri('src/changed.ts');
      const editor = await place.start({ env: environment() });
      const text = 'export const x = 1;\nif (x === x) old();\n\n\n\n\n\nif (x >= x) fresh();\n';
      place.write('src/changed.ts', text);
      git('add', '.');
      editor.open(uri, 'typescript', text);
      const range = empty({ line: 0, character: 0 });
      editor.answerMessages(message => (message.startsWith('Trust ') ? 'No' : undefined));
      await editor.execute('codriver.reviewChanges', [{ uri, range, choice: 'staged' }]);
      assert.match(await editor.nextMessage(), /Git is run only in folders that you trust/);
      await editor.shutdown();

      const trusting = await place.start({ env: environment() });
      trusting.answerMessages((message, choices) =>
        message.startsWith('Trust ') ? (choices[0] ?? null) : undefined,
      );
      trusting.open(uri, 'typescript', text);
      const wrong = { ...claim, code: 'if (x >= x) fresh();', category: 'performance', severity: 'low' };
      const elsewhere = { ...claim, code: 'export const x = 1;' };
      model.reply({ text: JSON.stringify([wrong, elsewhere]), times: 2 });
      await trusting.execute('codriver.reviewChanges', [{ uri, range }]);
      const said = await report(trusting);
      assert.match(said, /^# Review of what is staged\n\n2 findings in one file/);
      assert.match(said, /`src\/changed\.ts:8` \*\*bug\*\*: Both sides of `>=`/);
      assert.match(said, /`src\/changed\.ts:8` \*\*performance\*\*: The sign .*scripted-model/);
      assert.doesNotMatch(said, /changed\.ts:[12]`/);
      await found(trusting, uri, [7, 7]);
      await trusting.nextMessage(message => /is trusted now/.test(message));

      git('commit', '-qam', 'second');
      await trusting.execute('codriver.reviewChanges', [{ uri, range, choice: 'branch' }]);
      assert.match(await trusting.nextMessage(), /holds nothing that .* do not/);
      git('checkout', '-q', '-b', 'work');
      place.write('src/changed.ts', text.replace('fresh()', 'newer()'));
      git('commit', '-qam', 'third');
      model.reply({ text: '[]', times: 1 });
      await trusting.execute('codriver.reviewChanges', [{ uri, range, choice: 'branch' }]);
      const branch = await report(trusting);
      assert.match(branch, /^# Review of this branch since main\n\nOne finding in one file/);
      await trusting.shutdown();
    });
  });
});
