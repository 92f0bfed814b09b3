/** Whatever goes to an endpoint is counted on its way, whoever asks; and nothing goes where the budget is used up. */
import assert from 'node:assert/strict';
import type { EngineEvent } from '../../server/engines/engine.ts';
import type { CheckedEngine } from '../../server/engines/guarded.ts';
import type { Meter, Spender, Spent } from '../../server/engines/meter.ts';
import { type RoutedFeature, Router, type Trigger } from '../../server/engines/router.ts';
import { declareRedacted } from '../../server/guard/redacted.ts';
import { failing, fake, origin } from '../support/fakeEndpoint.ts';

const text = declareRedacted('x'.repeat(40));
const chat = { messages: [{ role: 'user' as const, content: text }], maxTokens: 10 };
const complete = {
  languageId: 'python',
  path: declareRedacted('a.py'),
  prefix: text,
  suffix: declareRedacted(''),
  context: [declareRedacted('yyyy')],
  maxTokens: 10,
  maxLines: 1,
  trigger: 'automatic' as const,
};
const done: EngineEvent = { type: 'done', reason: 'stop' };

function metered(answer: readonly EngineEvent[] | 'hang', model?: CheckedEngine['model']) {
  const requested: Spender[] = [];
  const spent: (Spender & Spent)[] = [];
  const state: { refusal: string | undefined } = { refusal: undefined };
  const meter: Meter = {
    refusal: () => state.refusal,
    requested: spender => void requested.push(spender),
    spent: (spender, all) => void spent.push({ ...spender, ...all }),
  };
  const engine = fake('openai m', origin);
  engine.answer = answer;
  const router = new Router(fake('embedded', 'process'), {
    clock: { now: () => 0, after: () => ({ cancel: () => undefined }) },
    tell: () => undefined,
    meter,
    consents: { automaticAllowed: () => true, endpointAccepted: () => true },
  });
  router.configure(
    { userOrigins: [origin], completionEngine: 'auto', automatic: 'allow' },
    { engine: model ? { ...engine, model } : engine, source: 'user' },
  );
  return { router, engine, requested, spent, state };
}

async function ask(
  router: Router,
  feature: RoutedFeature,
  trigger: Trigger = 'explicit',
  signal = new AbortController().signal,
): Promise<EngineEvent | undefined> {
  const { engine } = router.choose(feature, trigger);
  assert.ok(engine);
  let last: EngineEvent | undefined;
  const events = feature === 'completion' ? engine.complete(complete, signal) : engine.chat(chat, signal);
  for await (const event of events) last = event;
  return last;
}

describe('the meter', () => {
  const answers: readonly { name: string; answer: readonly EngineEvent[]; spent: Spent }[] = [
    {
      name: 'what the endpoint reports',
      answer: [
        { type: 'text', text: 'abcdefgh' },
        { type: 'usage', usage: { promptTokens: 7, completionTokens: 3 } },
        done,
      ],
      spent: { promptTokens: 7, completionTokens: 3, estimated: false },
    },
    {
      name: 'an estimate where it reports nothing',
      answer: [
        { type: 'text', text: 'abcdefgh' },
        { type: 'tool-call', id: '1', name: 'edit', arguments: '{}xx' },
        done,
      ],
      spent: { promptTokens: 10, completionTokens: 4, estimated: true },
    },
    {
      name: 'the request alone where it was refused',
      answer: failing('rate-limit'),
      spent: { promptTokens: 0, completionTokens: 0, estimated: false },
    },
    {
      name: 'what came before the answer broke off',
      answer: [{ type: 'text', text: 'abcd' }, ...failing('incomplete')],
      spent: { promptTokens: 10, completionTokens: 1, estimated: true },
    },
  ];
  for (const { name, answer, spent: wanted } of answers) {
    it(`counts ${name}`, async () => {
      const { router, requested, spent } = metered(answer);
      await ask(router, 'action');
      assert.deepEqual(requested, [{ feature: 'action', model: 'openai m' }]);
      assert.deepEqual(spent, [{ feature: 'action', model: 'openai m', ...wanted }]);
    });
  }

  it('counts a request that is left or cancelled by what was sent', async () => {
    const { router, spent } = metered('hang');
    const abort = new AbortController();
    const asked = ask(router, 'completion', 'automatic', abort.signal);
    await Promise.resolve();
    abort.abort();
    assert.deepEqual(await asked, { type: 'aborted' });
    const left = metered([{ type: 'text', text: 'abcdefgh' }, done]);
    const { engine } = left.router.choose('completion', 'automatic');
    for await (const event of engine?.complete(complete, new AbortController().signal) ?? [])
      if (event.type === 'text') break;
    const sent = { feature: 'completion', model: 'openai m', promptTokens: 12, estimated: true };
    assert.deepEqual(
      [...spent, ...left.spent],
      [
        { ...sent, completionTokens: 0 },
        { ...sent, completionTokens: 2 },
      ],
    );
  });

  it('counts for the feature that asked, and for the model that answered', async () => {
    const { router, requested } = metered([done], of => (of === 'chat' ? 'large' : 'small'));
    const features: readonly RoutedFeature[] = [
      'completion',
      'hover',
      'action',
      'chat',
      'nextEdit',
      'commitMessage',
    ];
    for (const feature of features) await ask(router, feature);
    assert.deepEqual(
      requested,
      features.map(feature => ({ feature, model: feature === 'completion' ? 'small' : 'large' })),
    );
    assert.equal(router.choose('hover', 'explicit').engine, router.choose('hover', 'explicit').engine);
  });

  it('lets nothing through once it is enough, also for who has the engine already', async () => {
    const { router, engine, requested, state } = metered([done]);
    const held = router.choose('action', 'explicit').engine;
    state.refusal = 'Enough for today.';
    const { origin: where } = router.choose('completion', 'automatic').engine ?? {};
    assert.equal(where, 'process', 'completion goes on in this process');
    for (const trigger of ['automatic', 'explicit'] as const)
      assert.deepEqual(router.choose('action', trigger), { reason: 'budget', why: 'Enough for today.' });
    const events: EngineEvent[] = [];
    for await (const event of held?.chat(chat, new AbortController().signal) ?? []) events.push(event);
    assert.deepEqual(events, [{ type: 'error', error: { kind: 'budget', message: 'Enough for today.' } }]);
    assert.deepEqual([engine.asked, requested.length], [0, 0]);
    state.refusal = undefined;
    await ask(router, 'action');
    assert.equal(engine.asked, 1, 'and no outage came of it');
  });
});
