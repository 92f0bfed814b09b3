/**
 * An ailing endpoint is left in peace, the person hears of it once, and it is used again as soon as it is well.
 * The clock only moves when told.
 */
import assert from 'node:assert/strict';
import { createOpenAIEngine } from '../../server/engines/openai/engine.ts';
import { Router } from '../../server/engines/router.ts';
import { chatRequest, completeRequest, endpoint, gather, never, realClock } from '../support/endpoint.ts';
import { type Bench, bench, failing, fake, fine, origin } from '../support/fakeEndpoint.ts';
import { startModelServer } from '../support/modelServer.ts';

describe('router: an ailing endpoint', () => {
  const type = async ({ router }: Bench, keys: number, cancelled = false): Promise<void> => {
    for (let i = 0; i < keys; i++) {
      const choice = router.choose('completion', 'automatic');
      const abort = new AbortController();
      const stream = choice.engine?.complete(completeRequest({ trigger: 'automatic' }), abort.signal);
      if (stream === undefined) continue;
      const end = gather(stream);
      if (cancelled) setImmediate(() => abort.abort());
      await end;
    }
  };

  for (const kind of ['authentication', 'payment', 'not-found', 'configuration'] as const)
    it(`${kind}: 1,000 keys make one request and one message, until the settings change`, async () => {
      const b = bench({ automatic: true });
      b.engine.answer = failing(kind);
      await type(b, 1000);
      assert.equal(b.engine.asked, 1);
      assert.equal(b.told.length, 1);
      assert.match(b.told[0] ?? '', /Do something/);
      b.advance(3_600_000);
      await type(b, 10);
      assert.equal(b.engine.asked, 1, 'time does not help');
      b.router.configure(
        { userOrigins: [origin], completionEngine: 'auto', automatic: 'ask' },
        { engine: b.engine, source: 'user' },
      );
      b.engine.answer = fine;
      await type(b, 1);
      assert.equal(b.engine.asked, 2);
    });

  it('a wrong key behind fast typing: three requests and one message for 1,000 keys', async () => {
    const b = bench({ automatic: true });
    b.engine.answer = 'hang';
    b.engine.checked = { kind: 'authentication', message: 'Wrong key. Do something.' };
    await type(b, 1000, true);
    assert.ok(b.engine.asked + b.engine.checks <= 3, `${b.engine.asked} + ${b.engine.checks}`);
    assert.equal(b.told.length, 1);
  });

  it('a good key behind fast typing is checked once and then trusted', async () => {
    const b = bench({ automatic: true });
    b.engine.answer = 'hang';
    await type(b, 50, true);
    assert.equal(b.engine.asked, 50);
    assert.equal(b.engine.checks, 1);
    assert.deepEqual(b.told, []);
  });

  it('what the person asks for may be tried by hand now and then, and ends the pause', async () => {
    const b = bench({ automatic: true });
    b.engine.answer = failing('authentication');
    await type(b, 1);
    const byHand = (): string => {
      const choice = b.router.choose('action', 'explicit');
      return choice.engine === undefined ? choice.why : 'engine';
    };
    assert.match(byHand(), /It is authentication/);
    b.advance(5001);
    assert.equal(byHand(), 'engine');
    b.engine.answer = fine;
    const choice = b.router.choose('action', 'explicit');
    assert.ok(choice.engine);
    assert.equal((await gather(choice.engine.chat(chatRequest(), never))).end, 'stop');
    await type(b, 1);
    assert.equal(b.engine.asked, 3);
  });

  for (const kind of ['network', 'timeout', 'server', 'tls', 'not-a-model-endpoint', 'incomplete'] as const)
    it(`${kind}: opens after three, tries again by itself, is well within 10 s`, async () => {
      const b = bench({ automatic: true });
      b.engine.answer = failing(kind);
      await type(b, 100);
      assert.equal(b.engine.asked, 3);
      assert.equal(b.told.length, 1);
      // Half an hour of typing through the outage: few requests, no further message.
      for (let second = 0; second < 1800; second++) {
        b.advance(1000);
        await type(b, 2);
      }
      assert.ok(b.engine.asked <= 3 + 1800 / 8 + 4, String(b.engine.asked));
      assert.equal(b.told.length, 1);
      b.engine.answer = fine;
      b.advance(9000);
      const before = b.engine.asked;
      await type(b, 3);
      assert.equal(b.engine.asked, before + 3);
    });

  it('embedded completion goes on meanwhile', async () => {
    const b = bench({ automatic: true });
    b.engine.answer = failing('network');
    await type(b, 3);
    const choice = b.router.choose('completion', 'automatic');
    assert.equal(choice.engine?.origin, 'process');
  });

  it('one trial at a time while half open, given back when it is cancelled', async () => {
    const b = bench({ automatic: true });
    b.engine.answer = failing('network');
    await type(b, 3);
    b.advance(1500);
    b.engine.answer = 'hang';
    const abort = new AbortController();
    const trial = b.router.choose('completion', 'automatic').engine;
    assert.equal(trial?.origin, origin);
    const stream = gather(trial.complete(completeRequest({ trigger: 'automatic' }), abort.signal));
    await new Promise(resolve => setImmediate(resolve));
    assert.equal(b.router.choose('completion', 'automatic').engine?.origin, 'process');
    abort.abort();
    assert.equal((await stream).end, 'aborted');
    assert.equal(b.router.choose('completion', 'automatic').engine?.origin, origin);
  });

  for (const [retryAfter, pause, messages] of [
    [undefined, 2000, 0],
    [5000, 5000, 0],
    [60_000, 60_000, 1],
  ] as const)
    it(`rate limit with ${retryAfter}: quiet for ${pause} ms, ${messages} messages`, async () => {
      const b = bench({ automatic: true });
      b.engine.answer = failing('rate-limit', retryAfter);
      await type(b, 20);
      assert.equal(b.engine.asked, 1);
      assert.equal(b.told.length, messages);
      b.advance(pause - 1);
      await type(b, 1);
      assert.equal(b.engine.asked, 1);
      b.advance(2);
      b.engine.answer = fine;
      await type(b, 2);
      assert.equal(b.engine.asked, 3);
    });

  it('the reader’s failures say nothing about the endpoint', async () => {
    const b = bench({ automatic: true });
    for (const kind of ['context-length', 'unsupported', 'too-large'] as const) {
      b.engine.answer = failing(kind);
      await type(b, 10);
    }
    assert.equal(b.engine.asked, 30);
    assert.deepEqual(b.told, []);
  });
});

describe('router over HTTP', () => {
  for (const status of [401, 402, 403, 404])
    it(`${status}: at most three requests and one message for 1,000 keys`, async () => {
      const server = await startModelServer({
        replies: [
          { status, body: {} },
          { route: 'models', status, body: {} },
        ],
      });
      const told: string[] = [];
      const { settings, ports } = endpoint(server.baseURL, { fim: 'auto', model: 'house-model' });
      const engine = createOpenAIEngine(settings, ports);
      const router = new Router(fake('embedded', 'process'), {
        clock: realClock,
        tell: error => void told.push(error.message),
        consents: { automaticAllowed: () => true, endpointAccepted: () => undefined },
      });
      router.configure(
        { userOrigins: [server.origin], completionEngine: 'auto', automatic: 'ask' },
        { engine, source: 'user' },
      );
      let last: AbortController | undefined;
      const ends: Promise<unknown>[] = [];
      for (let key = 0; key < 1000; key++) {
        last?.abort();
        last = new AbortController();
        const stream = router
          .choose('completion', 'automatic')
          .engine?.complete(completeRequest({ trigger: 'automatic' }), last.signal);
        if (stream !== undefined) ends.push(gather(stream));
        if (key % 10 === 0) await new Promise(resolve => setImmediate(resolve));
      }
      await Promise.all(ends);
      router.close();
      await server.close();
      assert.ok(server.requests.length <= 3, `${server.requests.length} requests`);
      assert.equal(told.length, 1);
      assert.match(told[0] ?? '', new RegExp(`status ${status}`));
    });
});
