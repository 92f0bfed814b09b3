/** Tests by the model, from the menu to the test file: run in a trusted folder, shown and not run elsewhere. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FakeEditor } from '../support/editor.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { offered, Place } from './support/place.ts';

const CLAMP =
  'export function clamp(n, low, high) {\n  if (n < low) return low;\n  return n > high ? high : n;\n}\n';
const HEAD =
  "import test from 'node:test';\nimport assert from 'node:assert/strict';\nimport { clamp } from '../lib/clamp.js';\n\n";
const GOOD = "test('raises to the low end', () => assert.equal(clamp(0, 1, 3), 1));\n";
const EMPTY = "test('asserts nothing', () => clamp(0, 1, 3));\n";
const reply = (code: string) => `Here they are:\n\n\`\`\`js\n${code}\`\`\`\n`;

describe('the whole server, generated tests', function () {
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
    place.write('package.json', '{ "type": "module", "scripts": { "test": "node --test" } }');
    place.write('lib/other.js', 'export const other = 1;\n');
    place.write('test/other.test.js', "import test from 'node:test';\ntest('other', () => {});\n");
    uri = place.write('lib/clamp.js', CLAMP);
    model = await startModelServer();
    editor = await place.start({
      patienceMs: 30_000,
      env: { OPENAI_BASE_URL: model.baseURL, OPENAI_MODEL: 'scripted-model' },
    });
    editor.open(uri, 'javascript', CLAMP);
  });
  afterEach(async () => {
    try {
      await editor.progressEnded();
      await editor.shutdown();
    } finally {
      place.dispose();
      await model.close();
    }
  });

  const generate = async () =>
    editor.choose(await offered(editor, uri, { line: 0, character: 18 }, "Generate tests for 'clamp'"));

  const shown = async () => {
    const { uri: document } = await editor.nextShownDocument();
    return readFileSync(fileURLToPath(String(document)), 'utf8');
  };

  const trust = async () => {
    editor.answerMessages((message, choices) =>
      /confines programs/.test(message)
        ? 'Run them'
        : /trust/i.test(message)
          ? (choices[0] ?? null)
          : undefined,
    );
    await editor.execute('codriver.trust');
    assert.match(await editor.nextMessage(), /is trusted now/);
  };

  it('are run in a trusted folder, and only what proved itself comes into a new file', async () => {
    await trust();
    model.reply({ text: reply(`${HEAD}${GOOD}${EMPTY}`) });
    await generate();
    await editor.nextEdit();
    assert.equal(editor.textOf(place.uri('test/clamp.test.js')), `${HEAD}${GOOD}`);
    assert.match(
      await editor.nextMessage(),
      /1 test kept in test\/clamp\.test\.js; 1 test dropped\. They notice \d+ of \d+ faults/,
    );
    assert.match(await shown(), /asserts nothing`: it passes with every fault that was tried/);
    const sent = JSON.stringify(model.requests[0]?.body);
    assert.match(sent, /node:test/);
    assert.match(sent, /test\/clamp\.test\.js/);
    // Asked once more, with what the runs said of the test that was dropped.
    assert.equal(model.requests.length, 2);
    assert.match(JSON.stringify(model.requests[1]?.body), /asserts nothing: it passes with every fault/);
  });

  it('are not run in a folder that is not trusted, and nothing is written', async () => {
    editor.answerMessages((_message, choices) => choices.at(-1) ?? null);
    const marker = join(place.folder, 'ran');
    const code = `import { writeFileSync } from 'node:fs';\nwriteFileSync(${JSON.stringify(marker)}, '');\n${HEAD}${GOOD}`;
    model.reply({ text: reply(code) });
    await generate();
    const text = await shown();
    assert.match(text, /: not run/);
    assert.match(text, /raises to the low end/);
    assert.ok(!existsSync(marker));
    assert.ok(!existsSync(fileURLToPath(place.uri('test/clamp.test.js'))));
  });

  it('can be shown before anything is sent, and nothing is run for it', async () => {
    await trust();
    const position = { line: 0, character: 18 };
    await editor.execute('codriver.showPrompt', ['codriver.generateTests', { uri, position }]);
    assert.match(await shown(), /Write tests for `clamp` of the [\s\S]*test\/clamp\.test\.js/);
    assert.equal(model.requests.length, 0);
  });

  it('say why when none is good enough, after one more try', async () => {
    await trust();
    model.reply({ text: reply(`${HEAD}${EMPTY}`) });
    await generate();
    assert.match(await shown(), /No test was kept[\s\S]*it passes with every fault that was tried/);
    assert.match(await editor.nextMessage(), /No generated test was good enough, so nothing was changed/);
    assert.equal(model.requests.length, 2);
    assert.throws(() => editor.textOf(place.uri('test/clamp.test.js')), /there is no/);
  });
});
