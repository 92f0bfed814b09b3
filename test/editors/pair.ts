/**
 * Pairing in an editor: change-sets, undo, chat, review and generated tests, once for every editor. What an editor
 * cannot do stands in its row (`cannot`), with the reason. It must not know any one editor.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import type { Deed, EditorKind } from './support/editor.ts';
import { KEY, MODEL, answer, bothFiles, modelReplies } from './support/replies.ts';
import { Session, find, programOf } from './support/session.ts';
import type { WorkspaceOptions } from './support/workspace.ts';

/** A step that not every editor can do: where it cannot, it is pending and says why. */
function deed(kind: EditorKind, needs: Deed, title: string, step: () => Promise<void>): void {
  const reason = kind.cannot?.[needs];
  if (reason === undefined) it(title, step);
  else it(`${title} (not here: ${reason})`);
}

/** A session with the person's own endpoint, which says what replies.ts has. */
function withModel(kind: EditorKind, options: WorkspaceOptions = {}): Session {
  const session = new Session();
  let server: ModelServer | undefined;
  before(async function () {
    const program = programOf(kind, this);
    server = await startModelServer({ models: [MODEL], apiKey: KEY, replies: modelReplies });
    const endpoint = { baseUrl: server.baseURL, key: KEY, model: MODEL };
    await session.start(kind, program, { ...options, endpoint });
  });
  after(async () => {
    await session.remove();
    await server?.close();
  });
  return session;
}

/** Edits of several files, and a chat about them. */
export function pair(kind: EditorKind): void {
  describe(`${kind.name}, pairing`, () => {
    const session = withModel(kind);
    const read = async (file: string): Promise<string> => {
      await session.editor.open(file);
      return await session.editor.text();
    };

    it('shows an edit of several places and files as a change-set', async () => {
      await session.editor.open('src/receipt.ts');
      const [line] = find(await session.editor.text(), 'import { addMoney');
      await session.editor.write(line, '// AI! greet and thank, with the words in src/greeting.ts');
      await session.act('// AI! greet', /^Do what this comment says/);
      await session.front(/\.changes\.diff$/);
      await session.buffer('the change-set is written', text => text.includes('+export const greeting'));
    });

    it('takes of it what is accepted, and not what is rejected', async () => {
      await session.act('+import { greeting }', /^Accept this hunk/);
      await session.buffer('one hunk is accepted', text => /^# accepted: src\/receipt\.ts/m.test(text));
      await session.act('+  return `${greeting}', /^Reject this hunk/);
      await session.buffer('one hunk is rejected', text => text.includes('\n# reject: \n'));
      await session.act('+export const greeting', /^Accept the new file/);
      await session.buffer('the file is accepted', text => /^# accepted: src\/greeting\.ts/m.test(text));
      const receipt = await read('src/receipt.ts');
      assert.ok(receipt.includes("import { greeting } from './greeting.ts';"), receipt);
      assert.ok(!receipt.includes('${greeting}'), receipt);
      assert.match(await read('src/greeting.ts'), /^export const greeting = 'Thank you for your visit';/);
    });

    deed(kind, 'delete files', 'takes a new file back', async () => {
      await session.editor.command('codriver.undo');
      await session.said(/Undid “Codriver: accept do what the comment says” in 1 file/);
      assert.ok(!existsSync(session.editor.workspace.path('src/greeting.ts')), 'the file is gone');
    });

    it('undoes a change of two files and keeps the line that was typed since', async () => {
      session.editor.workspace.write('both.changes.diff', bothFiles);
      await session.editor.open('both.changes.diff');
      await session.act('--- a/src/money.ts', /^Accept all \(2 in 2 files\)/);
      await session.buffer('all is accepted', text => text.split('# accepted:').length === 3);
      const changed = await read('src/basket.ts');
      assert.ok(changed.startsWith('/** All prices are net. */\n'), changed);
      const [line] = find(await read('src/money.ts'), 'All amounts');
      await session.editor.write(line, '// typed since');

      await session.editor.command('codriver.undo');
      const undone = await session.buffer('the file is as before', text => !text.includes('All amounts'));
      assert.equal(undone, `// typed since\n${session.editor.workspace.read('src/money.ts')}`);
      await session.editor.open('src/basket.ts');
      const basket = session.editor.workspace.read('src/basket.ts');
      await session.buffer('the other file is as before', text => text === basket);

      await session.editor.command('codriver.redo');
      await session.buffer('the other file is changed again', text => text === changed);
      const redone = await read('src/money.ts');
      assert.ok(redone.startsWith('/** All amounts are exact. */\n// typed since\n'), redone);
    });

    it('opens a chat beside the code', async () => {
      await session.editor.open('src/receipt.ts');
      await session.act('percentOf(net', /^Chat about this/);
      await session.front(/\.chat\.md$/);
      await session.buffer('it is about the place', text => text.includes('@file:src/receipt.ts'));
    });

    it('completes a file that the question is about', async () => {
      const line = await session.complete('@file:src/receipt', 'See @file:src/mon', /money\.ts/, 'menu');
      assert.equal(line, 'See @file:src/money.ts');
    });

    it('answers in the document', async () => {
      const [line] = find(await session.editor.text(), 'See @file');
      await session.editor.write(line, 'How is the tax reckoned?');
      await session.act('How is', /^Send to /);
      const text = await session.buffer('the answer is whole', now => now.includes(answer));
      assert.match(text, /How is the tax reckoned\?\n+## Codriver\n\n> sent: [^\n]*money\.ts/);
      await session.buffer('there is room for the next question', now => now.split('## You').length === 3);
    });

    it('leaves nothing behind', () => session.end());
  });
}

/** Tests by the model, in a folder that the person trusts: they are run before they are shown. */
export function generatedTests(kind: EditorKind): void {
  describe(`${kind.name}, generated tests`, () => {
    const session = withModel(kind, { project: 'tested', trusted: true });

    it('keeps the test that passes and notices a fault', async () => {
      await session.editor.open('lib/clamp.js');
      await session.act('clamp(n', /^Generate tests for 'clamp'/);
      await session.said(/1 test kept in test\/clamp\.test\.js; 1 test dropped/, 90_000);
      await session.editor.open('test/clamp.test.js');
      const text = await session.buffer('the test is there', now => now.includes('raises to the low end'));
      assert.ok(!text.includes('asserts nothing'), text);
    });

    it('leaves nothing behind', () => session.end());
  });
}
