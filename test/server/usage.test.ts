/** Every request of every feature is counted, by itself or asked for, and none leaves once the budget is used up. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { eventually, ghost, offered, Place } from './support/place.ts';

const start = { line: 0, character: 0 };
const code = 'export function half(n: number): number {\n  return n / 3;\n}\n';
const COMMIT = [
  '',
  '# Changes to be committed:',
  '#\tmodified:   src/money.ts',
  '# ------------------------ >8 ------------------------',
  '# Do not touch.',
  'diff --git a/src/money.ts b/src/money.ts',
  '--- a/src/money.ts',
  '+++ b/src/money.ts',
  '@@ -1 +1,2 @@',
  ' export const a = 1;',
  '+export const b = 2;',
  '',
].join('\n');

/** Feature → requests, as the table of today says. */
function today(text: string): Record<string, number> {
  const [table = ''] = text.slice(text.indexOf('## Today')).split('\n## ');
  const rows = [...`${table}`.matchAll(/^\| (\w+) \| [^|]+ \| (\d+) \|/gm)];
  return Object.fromEntries(rows.map(([, feature, requests]) => [feature, Number(requests)]));
}

describe('the whole server, usage', function () {
  this.timeout(30_000);
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

  const open = (editor: FakeEditor, text = code) => {
    const uri = place.uri(`src/usage${++count}.ts`);
    editor.open(uri, 'typescript', text);
    return uri;
  };
  const begin = (more: Record<string, string> = {}) =>
    place.start({
      env: {
        OPENAI_BASE_URL: model.baseURL,
        OPENAI_MODEL: 'scripted-model',
        CODRIVER_OPENAI_COMPLETION_MODEL: 'scripted-model',
        CODRIVER_OPENAI_FIM: 'suffix',
        CODRIVER_PRIVACY_AUTOMATIC: 'allow',
        XDG_STATE_HOME: join(place.folder, `state${++count}`),
        ...more,
      },
      profile: 'vscode-1.139.1',
    });
  const usage = async (editor: FakeEditor) => {
    await editor.execute('codriver.usage');
    const { uri } = await editor.nextShownDocument();
    return readFileSync(fileURLToPath(String(uri)), 'utf8');
  };
  /** Requests that carry text; the list of models does not. */
  const asked = () =>
    model.requests.filter(({ route }) => route === 'chat' || route === 'completions').length;
  const fix = (editor: FakeEditor, uri: string) => {
    const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 15 } };
    return editor.execute('codriver.fix', [{ uri, range, problems: [{ range, message: 'A third.' }] }]);
  };

  it('counts each feature, and exactly what the endpoint was asked', async () => {
    const editor = await begin();
    const features: Record<string, (uri: string) => Promise<unknown>> = {
      completion: async uri => {
        model.reply({ text: 'fromModel(1);', route: 'completions' });
        const position = { line: 1, character: 2 };
        editor.change(uri, [{ range: { start: position, end: { line: 1, character: 15 } }, newText: '' }]);
        const shown = await eventually('ghost text', async () => (await ghost(editor, uri, position))[0]);
        assert.match(shown.insertText, /fromModel/);
        // What follows is asked for while that is looked at.
        await model.waitFor(one => one.route === 'completions' && one.text.includes('fromModel'));
      },
      hover: async uri => {
        model.reply({ text: 'It halves.', route: 'chat' });
        await editor.hover(uri, { line: 0, character: 18 });
        await model.waitFor(one => one.route === 'chat');
      },
      action: async uri => {
        model.reply({ text: 'no edit', route: 'chat' });
        await fix(editor, uri);
        await editor.nextMessage();
      },
      chat: async () => {
        model.reply({ text: 'Yes.', route: 'chat' });
        const uri = place.uri('talk.chat.md');
        editor.open(uri, 'markdown', '## You\n\nIs it?\n');
        await editor.execute('codriver.chatSend', [{ uri, position: start }]);
        while (!/Yes\./.test(editor.textOf(uri))) await editor.nextEdit();
      },
      nextEdit: async uri => {
        model.reply({ text: 'nothing', route: 'chat' });
        editor.change(uri, [
          { range: { start: { line: 1, character: 9 }, end: { line: 1, character: 14 } }, newText: '7' },
        ]);
        await editor.execute('codriver.nextEdit');
        await editor.nextMessage();
      },
      commitMessage: async () => {
        model.reply({ text: 'Add b', route: 'chat' });
        const uri = place.uri('.git/COMMIT_EDITMSG');
        editor.open(uri, 'gitcommit', COMMIT);
        await editor.choose(await offered(editor, uri, start, 'Write the commit message'));
        await editor.nextEdit();
      },
    };
    for (const [feature, run] of Object.entries(features)) {
      const [before, from] = [today(await usage(editor)), asked()];
      await run(open(editor));
      await editor.progressEnded();
      const more = await eventually(`a count of ${feature}`, async () => {
        const now = today(await usage(editor));
        const grown = Object.keys(now).filter(name => now[name] !== before[name]);
        const by = (now[feature] ?? 0) - (before[feature] ?? 0);
        return grown.length > 0 && by === asked() - from ? { grown, by } : undefined;
      });
      assert.deepEqual(more.grown, [feature]);
      assert.ok(more.by >= (feature === 'completion' ? 2 : 1));
      model.clear();
    }
    await editor.shutdown();
  });

  it('is kept for the next start in files of the person alone, without a word of text', async () => {
    const state = join(place.folder, 'kept');
    const from = asked();
    for (const wanted of [1, 2]) {
      const editor = await begin({ XDG_STATE_HOME: state });
      model.reply({ text: 'no edit', route: 'chat' });
      await fix(editor, open(editor));
      await editor.nextMessage();
      await editor.progressEnded();
      await eventually('the count', async () =>
        today(await usage(editor))['action'] === asked() - from ? true : undefined,
      );
      assert.ok(asked() - from >= wanted);
      await editor.shutdown();
      const folder = join(state, 'codriver', 'usage');
      const files = readdirSync(folder);
      assert.equal(files.length, wanted);
      for (const file of files) {
        if (process.platform !== 'win32') assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600);
        assert.doesNotMatch(readFileSync(join(folder, file), 'utf8'), /half|usage\d|no edit/);
      }
    }
  });

  it('ends at the budget: by itself nothing is sent and one thing is said, asked for it is refused with the way out', async () => {
    const from = asked();
    const editor = await begin({ CODRIVER_BUDGET_REQUESTS_PER_DAY: '1', CODRIVER_EDITS_REPAIRS: '0' });
    model.reply({ text: 'no edit', route: 'chat' });
    await fix(editor, open(editor));
    const said = [await editor.nextMessage(), await editor.nextMessage()];
    assert.equal(said.filter(message => /budget of 1 requests is used up/.test(message)).length, 1);
    const uri = open(editor);
    await editor.hover(uri, { line: 0, character: 18 });
    await ghost(editor, uri, { line: 1, character: 2 });
    await fix(editor, uri);
    assert.match(await editor.nextMessage(), /budget of 1 requests.*raise budget\.requestsPerDay/);
    assert.match(await usage(editor), /Used of today's budget: 1 of 1 requests/);
    assert.equal(asked() - from, 1);
    await editor.shutdown();
  });
});
