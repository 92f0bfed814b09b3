/** A task in the whole server, by a person at an editor: goal, plan, yes, work, result, yes, applied, undone. */
import assert from 'node:assert/strict';
import { byStep } from '../agent/scripts.ts';
import type { Script } from '../agent/world.ts';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { behind, offered, Place } from './support/place.ts';

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

  it('takes a reason with a no: to the plan, and to hunks of the result', async () => {
    let plans = 0;
    const work = byStep([], {
      s2: [{ calls: [edit] }, { calls: [create] }],
      s3: [{ calls: [['edit', { path: 'src/price.js', old: 'net * 1.2', new: 'net * 1.07' }]] }],
    });
    play(question =>
      question.tools.includes('plan')
        ? { calls: [['plan', { steps: [plans++ === 0 ? 'Add a tax' : 'It is 7 %'] }]] }
        : work(question),
    );
    open();
    await planned();
    await act(editor, 'Reject the plan');
    await editor.nextMessage(message => /Write why behind "> reject:"/.test(message));
    await editor.progressEnded();
    editor.claimEdits();
    editor.type(uri, behind(editor.textOf(uri), '> reject: '), 'it must be less');
    await act(editor, 'Reject the plan');
    while (!editor.textOf(uri).includes('It is 7 %')) await editor.nextEdit();
    await rested(editor, 'awaiting-plan');
    assert.match(JSON.stringify(model.requests.at(-1)?.body['messages']), /it must be less/);
    assert.doesNotMatch(editor.textOf(uri), /> reject/);

    const set = await worked();
    editor.open(set, 'diff', editor.textOf(set));
    await editor.choose(
      await offered(editor, set, behind(editor.textOf(set), '+  return net * 1.2'), 'Reject this hunk'),
    );
    await editor.nextEdit();
    await editor.progressEnded();
    editor.type(set, behind(editor.textOf(set), '\n# reject: '), '7 % is what was asked for');
    await act(editor, 'Approve the result');
    await editor.nextMessage(message => /1 hunks? of the result (?:is|are) rejected/.test(message));
    await editor.progressEnded();
    await act(editor, 'Reject the result');
    while (!editor.textOf(uri).includes('Rework: src/price.js: 7 % is what was asked for'))
      await editor.nextEdit();
    await rested(editor, 'awaiting-approval');
    const next = String((await editor.nextShownDocument())['uri']);
    assert.notEqual(next, set);
    assert.match(editor.textOf(next), /\+ {2}return net \* 1\.07;/);
  });

  it('asks in the document, and goes on with the option that was picked', async () => {
    play(
      byStep(['Add the tax'], {
        s1: [
          { calls: [['ask', { question: 'Which rate?', options: ['7 %', '20 %'] }]] },
          { calls: [edit] },
          { calls: [create] },
        ],
      }),
    );
    open();
    await planned();
    await act(editor, 'Approve the plan');
    const asked = await rested(editor, 'blocked');
    await editor.nextMessage(message => /Which rate/.test(message));
    await editor.choose(await offered(editor, uri, behind(asked, '- 20'), 'Answer: 20 %'));
    await rested(editor, 'awaiting-approval');
    await editor.nextShownDocument();
    assert.match(editor.textOf(uri), / {2}> 20 %/);
    assert.match(JSON.stringify(model.requests.at(-1)?.body['messages']), /20 %/);
  });

  it('is paused, also while the model answers, and goes on', async () => {
    let answer = (): void => {};
    const until = new Promise<void>(resolve => {
      answer = resolve;
    });
    play(simple());
    open();
    await planned();
    model.reply({ route: 'chat', text: 'never read', until, times: 1 });
    const before = model.requests.length;
    await act(editor, 'Approve the plan');
    await model.waitFor(request => model.requests.indexOf(request) >= before);
    await act(editor, 'Pause the task');
    await rested(editor, 'paused');
    answer();
    await act(editor, 'Go on with the task');
    await rested(editor, 'awaiting-approval');
    await editor.nextShownDocument();
  });

  it('goes on in another server after a kill, and is held by one at a time', async () => {
    play(simple());
    open();
    await planned();
    const other = await start();
    other.open(uri, 'markdown', editor.textOf(uri));
    await act(other, 'Approve the plan');
    await other.nextMessage(message => /Another editor of yours is at work/.test(message));
    await other.progressEnded();
    let answer = (): void => {};
    const until = new Promise<void>(resolve => {
      answer = resolve;
    });
    model.reply({ route: 'chat', text: 'never read', until, times: 1 });
    const before = model.requests.length;
    await act(editor, 'Approve the plan');
    await model.waitFor(request => model.requests.indexOf(request) >= before);
    const text = editor.textOf(uri);
    assert.match(text, /state: working/);
    editor.kill('SIGKILL');
    await editor.ended;
    answer();
    editor = other;
    other.close(uri);
    other.open(uri, 'markdown', text);
    await act(other, 'Go on with the task');
    await rested(other, 'awaiting-approval');
    const set = String((await other.nextShownDocument())['uri']);
    assert.match(other.textOf(set), /return net \* 1\.2/);
    await act(other, 'Approve the result');
    await rested(other, 'applied');
    assert.equal(other.textOf(place.uri('src/price.js')), TAXED);
  });

  it('is told of when the editor starts again, and goes on from its document', async () => {
    play(simple());
    open();
    await planned();
    const text = editor.textOf(uri);
    await editor.shutdown();
    place.write('.codriver/tasks/tax.task.md', text);
    editor = await start();
    await editor.nextMessage(message =>
      /left a task: .*tax\.task\.md waits for your yes to its plan/.test(message),
    );
    open(text);
    await worked();
  });

  it('needs no yes to its plan at level 4, unless its document wants one', async () => {
    await editor.shutdown();
    place.configure({ autonomy: 4 });
    editor = await start();
    play(simple());
    open(GOAL.replace('kind: change', 'kind: change\nautonomy: 3'));
    await planned();
    await act(editor, 'Discard the task');
    await rested(editor, 'discarded');
    await editor.nextMessage(message => /is discarded/.test(message));
    editor.close(uri);
    open(GOAL);
    await act(editor, 'Plan this task');
    await editor.nextMessage(message => /is discarded already\. Start it fresh/.test(message));
    await editor.execute('codriver.taskStartFresh');
    await rested(editor, 'awaiting-approval');
    await editor.nextShownDocument();
  });

  it('stops after a step where that was asked for', async () => {
    play(byStep(['Add the tax', 'Name it'], { s1: [{ calls: [edit] }], s2: [{ calls: [create] }] }));
    open();
    await planned();
    await act(editor, 'Pause the task');
    await rested(editor, 'paused');
    await act(editor, 'Go on for one step');
    await editor.nextMessage(message => /waits for your yes to its plan/.test(message));
    await editor.progressEnded();
    editor.claimEdits();
    let answer = (): void => {};
    const until = new Promise<void>(resolve => {
      answer = resolve;
    });
    model.reply({ route: 'chat', text: 'never read', until, times: 1 });
    const before = model.requests.length;
    await act(editor, 'Approve the plan');
    await model.waitFor(request => model.requests.indexOf(request) >= before);
    await act(editor, 'Pause the task');
    await rested(editor, 'paused');
    answer();
    await act(editor, 'Go on for one step');
    while (!editor.textOf(uri).includes('s1 done')) await editor.nextEdit();
    await rested(editor, 'paused');
    assert.match(editor.textOf(uri), /- \[x\] \(s1\)[^\n]*\n- \[ \] \(s2\)/);
  });

  it('runs the checks of the project, confined or after a question, and shows what they said', async () => {
    place.write('package.json', '{ "type": "module", "scripts": { "test": "node --test" } }');
    place.write('node_modules/rate/package.json', '{ "name": "rate", "type": "module", "main": "index.js" }');
    place.write('node_modules/rate/index.js', 'export const RATE = 1.2;\n');
    place.write('.gitignore', 'node_modules/\n');
    place.write(
      'test/price.test.js',
      "import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { RATE } from 'rate';\nimport { price } from '../src/price.js';\ntest('tax', () => assert.equal(price(10), 10 * RATE));\n",
    );
    editor.answerMessages(message => (/confines programs/.test(message) ? 'Run it' : undefined));
    let checks = '';
    const script = byStep(['Add the tax'], { s1: [{ calls: [edit] }] });
    play(question => {
      checks = /Checks: ([^\n]*)/.exec(question.prompt)?.[1] ?? checks;
      return script(question);
    });
    open();
    await planned();
    await act(editor, 'Approve the plan');
    while (!/state: (?:awaiting-approval|blocked)/.test(editor.textOf(uri))) await editor.nextEdit();
    await editor.progressEnded();
    editor.claimEdits();
    assert.match(editor.textOf(uri), /\| `passed`, 1 test \| evidence \|/, checks);
    assert.match(editor.textOf(uri), /state: awaiting-approval/);
    await editor.nextShownDocument();
  });

  it('works on a second task side by side, and on no more than the settings allow', async () => {
    await editor.shutdown();
    place.configure({ autonomy: 3, task: { parallel: 1 } });
    editor = await start();
    await trust(editor);
    let answer = (): void => {};
    const until = new Promise<void>(resolve => {
      answer = resolve;
    });
    play(simple());
    model.reply({ route: 'chat', text: 'never read', until, times: 1 });
    open();
    await act(editor, 'Plan this task');
    await model.waitFor(({ route }) => route === 'chat');
    const second = place.uri('.codriver/tasks/second.task.md');
    editor.open(second, 'markdown', GOAL);
    const plan = async () =>
      editor.choose(await offered(editor, second, { line: 0, character: 0 }, 'Plan this task'));
    await plan();
    await editor.nextMessage(message => /task\.parallel allows 1/.test(message));
    place.configure({ autonomy: 3 });
    editor.notify('workspace/didChangeConfiguration', { settings: null });
    await editor.settled();
    await plan();
    await editor.nextMessage(message => /plan of .*second.* is ready/.test(message));
    assert.match(editor.textOf(second), /state: awaiting-plan/);
    editor.cancelProgress();
    answer();
    await rested(editor, 'paused');
  });

  it('is made of an AI!! comment, a selection, or nothing but a goal to be typed', async () => {
    const code = `// AI!! Make prices have taxes.\n${PRICE}`;
    const price = place.open(editor, 'src/price.js', code);
    await editor.choose(
      await offered(editor, price, { line: 0, character: 3 }, 'Make a task of what this comment says'),
    );
    const made = String((await editor.nextShownDocument())['uri']);
    await editor.progressEnded();
    editor.claimEdits();
    assert.match(made, /\/\.codriver\/tasks\/\d{4}-\d\d-\d\d-Make-prices-have-taxes\.task\.md$/);
    assert.match(editor.textOf(made), /## Goal\n\nMake prices have taxes\.\n\n@file:src\/price\.js#L1-L1/);
    await editor.execute('codriver.task');
    const empty = String((await editor.nextShownDocument())['uri']);
    await editor.progressEnded();
    editor.claimEdits();
    assert.match(editor.textOf(empty), /## Goal\n/);
  });

  it('is not offered below level 3, and says how to raise it', async () => {
    await editor.shutdown();
    place.configure({ autonomy: 2 });
    editor = await start();
    open();
    const at = { line: 0, character: 0 };
    for (const action of await editor.codeActions(uri, { start: at, end: at }))
      assert.match(JSON.stringify(action['disabled']), /needs codriver\.autonomy 3/);
    await assert.rejects(editor.execute('codriver.taskPlan'), /needs codriver\.autonomy 3/);
    const [hint] = await editor.diagnosticsUntil(uri, found => found.length > 0);
    assert.match(String(hint?.message), /codriver\.autonomy 3/);
  });

  it('is not begun in a folder that is not trusted', async () => {
    await editor.execute('codriver.untrust');
    await editor.nextMessage();
    editor.answerMessages(() => null);
    await editor.shutdown();
    editor = await start();
    editor.answerMessages(() => null);
    open();
    await act(editor, 'Plan this task');
    await editor.nextMessage(message => /only in folders that you trust/.test(message));
    assert.equal(model.requests.filter(({ route }) => route === 'chat').length, 0);
  });
});
