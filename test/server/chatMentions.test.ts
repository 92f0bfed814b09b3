/** What a chat's mentions send: a spec, what is staged, and what other servers say; and why one sends nothing. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { secretOf } from './support/chat.ts';
import { Place } from './support/place.ts';

describe('the whole server, mentions of a chat', function () {
  this.timeout(30_000);
  let place: Place;
  let model: ModelServer;
  let count = 0;

  before(async () => {
    place = new Place();
    model = await startModelServer();
    const git = (...args: string[]) => {
      const env = { PATH: process.env['PATH'] ?? '', HOME: place.folder, GIT_CONFIG_NOSYSTEM: '1' };
      const identity = ['-c', 'user.name=T', '-c', 'user.email=t@example.com'];
      const ran = spawnSync('git', [...identity, ...args], { cwd: place.project, env, encoding: 'utf8' });
      assert.equal(ran.status, 0, ran.stderr);
    };
    git('init', '-q', '-b', 'main');
    place.write('.aiignore', 'private/\n');
    git('add', '.');
    git('commit', '-qm', 'first');
    place.write('src/fresh.ts', `export const fresh = 1;\nconst key = '${secretOf()}';\n`);
    place.write('private/plan.md', 'the hidden plan\n');
    git('add', '.');
  });
  after(async () => {
    place.dispose();
    await model.close();
  });
  beforeEach(() => model.clear());

  /** The chat after the answer, and what was sent for it. */
  async function asked(editor: FakeEditor, question: string): Promise<{ text: string; sent: string }> {
    const uri = place.uri(`mentions${++count}.chat.md`);
    editor.open(uri, 'markdown', `## You\n\n${question}\n`);
    model.reply({ text: 'Fine.' });
    await editor.execute('codriver.chatSend', [{ uri, position: { line: 0, character: 0 } }]);
    while (!/Fine\./.test(editor.textOf(uri))) await editor.nextEdit();
    await editor.progressEnded();
    const sent = model.requests.findLast(({ route }) => route === 'chat')?.body['messages'];
    return { text: editor.textOf(uri), sent: JSON.stringify(sent) };
  }
  async function start(trust: boolean): Promise<FakeEditor> {
    const editor = await place.start({
      env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' },
    });
    editor.answerMessages((message, choices) =>
      message.startsWith('Trust ') ? ((trust ? choices[0] : choices.at(-1)) ?? null) : undefined,
    );
    return editor;
  }

  it('a spec that is open, and problems that another server told of', async () => {
    const editor = await start(false);
    editor.open(place.uri('shop.spec.md'), 'markdown', '# Shop\n\n- R1: prices are never negative\n');
    const code = place.open(editor, 'src/cart.ts');
    const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 6 } };
    await editor.codeActions(code, range, [{ range, message: 'A price may be negative.', source: 'tests' }]);
    const { text, sent } = await asked(
      editor,
      'Why? @spec @diagnostics:src/cart.ts @diagnostics:src/report.ts',
    );
    assert.match(text, /with @spec, @diagnostics:src\/cart\.ts/);
    assert.match(sent, /R1: prices are never negative/);
    assert.match(sent, /line 3: A price may be negative\. \[tests\]/);
    assert.match(text, /without @diagnostics:src\/report\.ts \(no server has told/);
    await editor.shutdown();
  });

  it('what is staged, in a folder that is trusted, without what is kept back', async () => {
    const wary = await start(false);
    const { text: refused, sent: less } = await asked(wary, 'Review @diff');
    assert.match(refused, /without @diff \(.*trust/);
    assert.ok(!less.includes('fresh = 1'));
    await wary.shutdown();

    const editor = await start(true);
    await editor.execute('codriver.trust');
    await editor.nextMessage(message => /is trusted now/.test(message));
    const { text, sent } = await asked(editor, 'Review @diff and @diff:nowhere..HEAD');
    assert.match(text, /with @diff/);
    assert.match(sent, /\+export const fresh = 1;/);
    assert.ok(!sent.includes(secretOf()));
    assert.match(sent, /private\/plan\.md: added, contents left out/);
    assert.ok(!sent.includes('the hidden plan'));
    assert.match(text, /without @diff:nowhere\.\.HEAD \(/);
    await editor.shutdown();
  });
});
