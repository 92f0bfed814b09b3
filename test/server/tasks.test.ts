/** A task in the whole server, by a person at an editor: goal, plan, yes, work, result, yes, applied, undone. */
import assert from 'node:assert/strict';
import { byStep } from '../agent/scripts.ts';
import type { Script } from '../agent/world.ts';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { offered, Place } from './support/place.ts';

const PRICE = 'export function price(net) {\n  return net;\n}\n';
const TAXED = PRICE.replace('return net;', 'return net * 1.2;');
const GOAL = '---\nkind: change\n---\n\n# Tax\n\n## Goal\n\nPrices have taxes.\n\n## Plan\n';
const edit = ['edit', { path: 'src/price.js', old: '  return net;', new: '  return net * 1.2;' }] as const;
const create = ['create', { path: 'src/tax.js', text: 'export const TAX = 0.2;\n' }] as const;
const simple = (): Script => byStep(['Add the tax'], { s1: [{ calls: [edit] }, { calls: [create] }] });

describe('the whole server, tasks', function () {
  this.timeout(60_000);
  let place: Place;
  let model: ModelServer;
  let editor: FakeEditor;
  let uri = '';

  before(function () {
    if (process.platform === 'win32') this.skip();
  });
  beforeEach(async () => {
    place = new Place();
    place.configure({ autonomy: 3 });
    place.write('src/price.js', PRICE);
    uri = place.uri('.codriver/tasks/tax.task.md');
    model = await startModelServer();
    editor = await start();
    await trust(editor);
  });
  afterEach(async () => {
    try {
      await editor.progressEnded();
      editor.claimEdits();
      await editor.shutdown();
    } finally {
      place.dispose();
      await model.close();
    }
  });

  const start = () =>
    place.start({
      patienceMs: 30_000,
      env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' },
    });
  async function trust(client: FakeEditor): Promise<void> {
    client.answerMessages((message, choices) => (/trust/i.test(message) ? (choices[0] ?? null) : undefined));
    await client.execute('codriver.trust');
    await client.nextMessage(message => /trusted/.test(message));
  }
  /** The model does what a script says. */
  function play(script: Script): void {
    let number = 0;
    model.reply({
      route: 'chat',
      say: ({ body }) => {
        const messages = body['messages'] as readonly { content: string }[];
        const tools = (body['tools'] ?? []) as readonly { function: { name: string } }[];
        const prompt = messages.map(({ content }) => content).join('\n');
        const said = script({
          prompt,
          system: '',
          tools: tools.map(each => each.function.name),
          number: number++,
        });
        return {
          text: said.text ?? '',
          toolCalls: (said.calls ?? []).map(([name, args]) => ({ name, arguments: JSON.stringify(args) })),
        };
      },
    });
  }
  const open = (text = GOAL) => editor.open(uri, 'markdown', text);
  const act = async (client: FakeEditor, title: string) =>
    client.choose(await offered(client, uri, { line: 0, character: 0 }, title));
  /** The task has gone on until the person is needed. */
  async function rested(client: FakeEditor, state: string): Promise<string> {
    while (!client.textOf(uri).includes(`state: ${state}\n`)) await client.nextEdit();
    await client.progressEnded();
    client.claimEdits();
    return client.textOf(uri);
  }
  async function planned(): Promise<void> {
    await act(editor, 'Plan this task');
    await rested(editor, 'awaiting-plan');
    await editor.nextMessage(message => /plan of .* is ready/.test(message));
  }
  async function worked(client = editor): Promise<string> {
    await act(client, 'Approve the plan, and begin');
    await rested(client, 'awaiting-approval');
    return String((await client.nextShownDocument())['uri']);
  }

  it('goes from the goal to the applied change, and back by undo', async () => {
    play(simple());
    open();
    const price = place.open(editor, 'src/price.js', PRICE);
    await planned();
    assert.match(editor.textOf(uri), /- \[ \] \(s1\) Add the tax/);
    const set = await worked();
    assert.match(editor.textOf(set), /\+ {2}return net \* 1\.2;[\s\S]*b\/src\/tax\.js/);
    assert.equal(editor.textOf(price), PRICE, 'nothing is changed before the yes');
    assert.match(editor.textOf(uri), /- \[x\] \(s1\) Add the tax[\s\S]*## Evidence/);
    // What is typed meanwhile stays.
    editor.type(price, { line: 0, character: 0 }, '// mine\n');
    await act(editor, 'Approve the result, and apply it');
    await rested(editor, 'applied');
    assert.equal(editor.textOf(price), `// mine\n${TAXED}`);
    assert.equal(editor.textOf(place.uri('src/tax.js')), 'export const TAX = 0.2;\n');
    await act(editor, 'Undo what this task has changed');
    await editor.nextMessage();
    await editor.progressEnded();
    assert.equal(editor.textOf(price), `// mine\n${PRICE}`);
  });
});
