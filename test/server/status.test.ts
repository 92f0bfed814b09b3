/** codriver/status in the whole server: told to clients that asked for it, and to no other. */
import assert from 'node:assert/strict';
import { at, type Json } from '../support/editorRules.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { Place } from './support/place.ts';

const code = 'export function half(n: number): number {\n  return n / 3;\n}\n';
const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 15 } };

describe('the whole server, status', function () {
  this.timeout(30_000);
  let place: Place;
  let model: ModelServer;

  before(async () => {
    place = new Place();
    model = await startModelServer();
  });
  after(async () => {
    place.dispose();
    await model.close();
  });

  const start = (env: Record<string, string>, status = true) =>
    place.start({
      env,
      ...(status
        ? { initializationOptions: { clientFeatures: { status: true } }, optIn: ['codriver/status'] }
        : {}),
    });
  const endpoint = () => ({
    OPENAI_BASE_URL: model.baseURL,
    OPENAI_MODEL: 'scripted-model',
    CODRIVER_PRIVACY_AUTOMATIC: 'deny',
  });
  const is = (state: string) => (params: Json) => params['state'] === state;

  it('goes from idle to busy and back, and says what was spent', async () => {
    const editor = await start(endpoint());
    const first = await editor.nextNotification('codriver/status', is('idle'));
    assert.equal(first['engine'], 'openai scripted-model');
    assert.deepEqual(first['today'], { requests: 0, tokens: 0 });
    const uri = place.uri('src/status.ts');
    editor.open(uri, 'typescript', code);
    let answer = () => {};
    const until = new Promise<void>(resolve => (answer = resolve));
    model.reply({ text: 'It halves.', route: 'chat', until });
    await editor.execute('codriver.explain', [{ uri, range }]);
    await editor.nextNotification('codriver/status', is('busy'));
    answer();
    await editor.nextShownDocument();
    await editor.progressEnded();
    const last = await editor.nextNotification(
      'codriver/status',
      params => params['state'] === 'idle' && at(params, 'today.requests') === 1,
    );
    assert.ok(Number(at(last, 'today.tokens')) > 0);
    // What came between may have been told more finely.
    await editor.settled();
    editor.claimAll('codriver/status');
    await editor.shutdown();
  });

  it('says that everything is off, and why it is paused', async () => {
    const off = await start({ CODRIVER_AUTONOMY: '0' });
    assert.equal((await off.nextNotification('codriver/status'))['state'], 'off');
    await off.shutdown();
    const paused = await start({ ...endpoint(), CODRIVER_BUDGET_REQUESTS_PER_DAY: '1' });
    const status = await paused.nextNotification('codriver/status', is('paused'));
    assert.match(String(status['why']), /budget of 1 requests is used up/);
    // Said once, as to everybody.
    assert.match(await paused.nextMessage(), /budget/);
    await paused.shutdown();
  });

  it('is not sent to who did not ask for it', async () => {
    const editor = await start(endpoint(), false);
    const uri = place.uri('src/silent.ts');
    editor.open(uri, 'typescript', code);
    model.reply({ text: 'It halves.', route: 'chat' });
    await editor.execute('codriver.explain', [{ uri, range }]);
    await editor.nextShownDocument();
    await editor.progressEnded();
    // Whatever was not claimed fails here.
    await editor.shutdown();
  });
});
