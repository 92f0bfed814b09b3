/**
 * Second tries: how many, how long the wait, and when there is none. Waits pass at once and are looked at.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Clock } from '../../server/base/ports.ts';
import { adapt, readAdaptations, writeAdaptations } from '../../server/engines/openai/adapt.ts';
import { createOpenAIEngine } from '../../server/engines/openai/engine.ts';
import { nextWait, retryAfterMs, retryCap } from '../../server/engines/openai/retry.ts';
import { chatRequest, completeRequest, endpoint, gather, never, realClock } from '../support/endpoint.ts';
import { type FaultName, type ModelServer, startModelServer } from '../support/modelServer.ts';

/** Waits of up to a second that are not among the time limits are retries here, and pass at once. */
function watchedClock(waits: number[]): Clock {
  return {
    now: () => realClock.now(),
    after: (ms, run) => {
      if (ms === 9999) return realClock.after(ms, run);
      if (ms !== 250) waits.push(ms);
      return realClock.after(ms === 250 ? 250 : 0, run);
    },
  };
}

const limits = { connectMs: 9999, firstByteMs: 9999, stallMs: 9999, totalMs: 9999 };

describe('openai retries', () => {
  let server: ModelServer;
  before(async () => {
    server = await startModelServer();
  });
  after(() => server.close());

  const now = Date.UTC(2026, 0, 1);
  for (const [headers, wait] of [
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '' }, undefined],
    [{ 'retry-after': '3600' }, 3_600_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:03 GMT' }, 3000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 23:59:00 GMT' }, 0],
    [{ 'retry-after-ms': '120' }, 120],
    [{ 'retry-after-ms': '120', 'retry-after': '9' }, 120],
    [{ 'retry-after-ms': 'x', 'retry-after': '9' }, 9000],
    [{ 'retry-after': 'NaN' }, undefined],
    [{}, undefined],
  ] as const)
    it(`reads ${JSON.stringify(headers)} as ${wait}`, () => {
      assert.equal(retryAfterMs(new Headers({ ...headers }), now), wait);
    });

  it('waits no longer than the cap, and grows with jitter otherwise', () => {
    assert.equal(nextWait(retryCap + 1, 1, 0.5), undefined);
    assert.equal(nextWait(retryCap, 1, 0.5), retryCap);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, random) => {
          const wait = nextWait(undefined, failures, random) ?? -1;
          assert.ok(wait >= 187 && wait <= 5000);
        },
      ),
    );
  });

  const cases: readonly [FaultName, number, string, number, number?][] = [
    // fault, maxRetries, end, requests, first wait
    ['status-500', 2, 'server', 3, 249],
    ['status-500', 9, 'server', 3],
    ['status-500', 0, 'server', 1],
    ['status-503-loading', 2, 'server', 3, 1000],
    ['status-429-seconds', 1, 'rate-limit', 2, 1000],
    ['status-429-hour', 2, 'rate-limit', 1],
    ['status-429-quota', 2, 'payment', 1],
    ['reset-before-bytes', 2, 'network', 3],
    ['status-401', 2, 'authentication', 1],
    ['status-402', 2, 'payment', 1],
    ['status-403', 2, 'authentication', 1],
    ['status-404-model', 2, 'not-found', 1],
    ['status-400', 2, 'unsupported', 1],
    ['context-openai', 2, 'context-length', 1],
    ['status-307', 2, 'configuration', 1],
    ['error-mid-stream', 2, 'server', 1],
    ['reset-mid-stream', 2, 'incomplete', 1],
    ['cut-mid-frame', 2, 'incomplete', 1],
  ];
  for (const [fault, maxRetries, end, requests, firstWait] of cases)
    it(`${fault} with ${maxRetries} retries: ${requests} requests`, async () => {
      server.clear();
      server.reply({ text: 'a longer answer than one piece', fault });
      const before = server.requests.length;
      const waits: number[] = [];
      const { settings, ports } = endpoint(
        server.baseURL,
        { maxRetries, timeouts: limits },
        { clock: watchedClock(waits), random: () => 0.498 },
      );
      const engine = createOpenAIEngine(settings, ports);
      assert.equal((await gather(engine.chat(chatRequest(), never))).end, end);
      engine.close();
      assert.equal(server.requests.length - before, requests);
      if (firstWait !== undefined) assert.equal(Math.floor(waits[0] ?? -1), firstWait);
    });

  it('never repeats an automatic completion', async () => {
    server.clear();
    server.reply({ fault: 'status-503-loading' });
    const before = server.requests.length;
    const { settings, ports } = endpoint(server.baseURL, { maxRetries: 2 });
    const engine = createOpenAIEngine(settings, ports);
    const got = await gather(engine.complete(completeRequest({ trigger: 'automatic' }), never));
    engine.close();
    assert.equal(got.end, 'server');
    assert.equal(got.error?.retryAfterMs, 1000);
    assert.equal(server.requests.length - before, 1);
  });

  it('passes on a kept connection that the server has closed, even for automatic completions', async () => {
    const own = await startModelServer();
    const { settings, ports } = endpoint(own.baseURL);
    const engine = createOpenAIEngine(settings, ports);
    const complete = () => gather(engine.complete(completeRequest({ trigger: 'automatic' }), never));
    assert.equal((await complete()).end, 'stop');
    own.reply({ fault: 'reset-once' });
    assert.equal((await complete()).end, 'stop');
    assert.equal(own.requests.length, 3);
    engine.close();
    await own.close();
  });

  it('can be cancelled while it waits', async () => {
    server.clear();
    server.reply({ fault: 'status-503-loading' });
    const abort = new AbortController();
    const clock: Clock = {
      now: () => realClock.now(),
      after: (ms, run) => {
        if (ms === 1000) setImmediate(() => abort.abort());
        return realClock.after(ms === 1000 ? 60_000 : ms, run);
      },
    };
    const { settings, ports } = endpoint(server.baseURL, { maxRetries: 2, timeouts: limits }, { clock });
    const engine = createOpenAIEngine(settings, ports);
    assert.equal((await gather(engine.chat(chatRequest(), abort.signal))).end, 'aborted');
    engine.close();
  });

  describe('parameters that are refused', () => {
    for (const [profile, gone, requests] of [
      ['openai', 'max_tokens', 2],
      ['mistral', 'stream_options', 2],
      ['ollama', undefined, 1],
    ] as const)
      it(`${profile}: one wasted request, then remembered`, async () => {
        const own = await startModelServer({ profile });
        const { settings, ports } = endpoint(own.baseURL);
        for (const round of [requests, 1]) {
          const engine = createOpenAIEngine(settings, ports);
          const before = own.requests.length;
          assert.equal((await gather(engine.chat(chatRequest(), never))).end, 'stop');
          assert.equal(own.requests.length - before, round);
          engine.close();
        }
        if (gone !== undefined) assert.ok(!(gone in (own.requests.at(-1)?.body ?? {})));
        if (gone === 'max_tokens') assert.equal(own.requests.at(-1)?.body['max_completion_tokens'], 256);
        await own.close();
      });
    it('are not asked for for ever', () => {
      const refusal = {
        status: 400,
        words: 'unsupported: max_tokens and max_completion_tokens',
        error: { kind: 'unsupported' as const, message: '' },
      };
      const first = adapt(refusal, { max_tokens: 1 }, []);
      assert.deepEqual(first, [{ from: 'max_tokens', to: 'max_completion_tokens' }]);
      assert.equal(adapt(refusal, { max_tokens: 1 }, first ?? []), undefined);
      assert.deepEqual(readAdaptations(writeAdaptations(first ?? [])), first);
      assert.deepEqual(readAdaptations('nonsense>,,x'), []);
    });
  });
});
