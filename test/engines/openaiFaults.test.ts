/**
 * The fault matrix: every fault of the table against chat and completion. Each cell must end as the table says:
 * recovered, or one classified error; never a hang, never a silent success, never a secret in words or logs.
 */
import assert from 'node:assert/strict';
import { createOpenAIEngine } from '../../server/engines/openai/engine.ts';
import { canaryKey, chatRequest, completeRequest, endpoint, gather, never } from '../support/endpoint.ts';
import { faultNames, faultOf } from '../support/hostileModel.ts';
import { closedPort, type ModelServer, startModelServer } from '../support/modelServer.ts';

const promptCanary = 'prompt_canary_ca11ab1e';
const spoken = 'the scripted answer';

describe('endpoint faults', () => {
  let server: ModelServer;
  before(async () => {
    server = await startModelServer();
  });
  after(() => server.close());
  beforeEach(() => server.clear());

  it('has a table of at least 45 faults', () =>
    assert.ok(faultNames.length >= 45, String(faultNames.length)));

  for (const name of faultNames) {
    for (const feature of ['chat', 'complete'] as const) {
      it(`${name} × ${feature}`, async () => {
        const fault = faultOf(name);
        const retries = fault.times === undefined ? 0 : 2;
        const { settings, ports, logged } = endpoint(server.baseURL, { maxRetries: retries });
        server.reply({ text: spoken, fault: name });
        const engine = createOpenAIEngine(settings, ports);
        const got = await gather(
          feature === 'chat'
            ? engine.chat(chatRequest(`Explain ${promptCanary}`), never)
            : engine.complete(completeRequest({ before: `const ${promptCanary} = ` }), never),
        );
        engine.close();
        if (fault.expect === 'recovered') {
          assert.equal(got.end, 'stop', JSON.stringify(got.error));
          assert.equal(got.text.replaceAll('\ufffd', ''), spoken);
        } else {
          assert.equal(got.end, fault.expect, JSON.stringify(got.error ?? got.text.slice(0, 80)));
        }
        assert.ok(got.text.length < 100_000, 'bounded');
        const words = JSON.stringify([got.error, logged]);
        assert.ok(!words.includes(canaryKey) && !words.includes(promptCanary), 'no secret in words');
        if (got.error !== undefined) assert.match(got.error.message, /\. |\.$/, 'a sentence with advice');
      });
    }
  }

  for (const feature of ['chat', 'complete'] as const) {
    it(`refused × ${feature}`, async () => {
      const { settings, ports } = endpoint(`http://127.0.0.1:${await closedPort()}/v1`);
      const engine = createOpenAIEngine(settings, ports);
      const got = await gather(
        feature === 'chat' ? engine.chat(chatRequest(), never) : engine.complete(completeRequest(), never),
      );
      assert.equal(got.end, 'network');
      assert.match(got.error?.message ?? '', /nothing listens there/);
    });
  }

  it('never takes a reply cut at any byte for a whole one', async () => {
    const { normalReply } = await import('../support/modelReplies.ts');
    const { profiles } = await import('../support/modelProfiles.ts');
    const { wire } = await import('../support/hostileModel.ts');
    const shape = { route: 'chat' as const, model: 'm', profile: profiles.generic, wantsUsage: false };
    const toolCalls = [{ name: 'edit', arguments: '{"path":"a.ts","text":"ü😀"}' }];
    const bytes = Buffer.from(wire(normalReply({ text: 'Größe 😀 ok', toolCalls }, shape).frames));
    const finishAt = bytes.indexOf('"finish_reason":"tool_calls"');
    const { readReply } = await import('../../server/engines/openai/stream.ts');
    const { wellFormed } = await import('../../server/engines/openai/text.ts');
    const { ports } = endpoint('http://127.0.0.1:9/v1');
    for (let cut = 0; cut < finishAt; cut++) {
      const response = new Response(bytes.subarray(0, cut), {
        headers: { 'content-type': 'text/event-stream' },
      });
      const reading = {
        origin: 'o',
        model: 'm',
        filter: wellFormed(),
        clock: ports.clock,
        signal: never,
        hangUp: () => undefined,
      };
      const got = await gather(readReply(response, reading));
      assert.equal(got.end, 'incomplete', `cut at ${cut}`);
      assert.deepEqual(got.calls, [], `cut at ${cut}`);
    }
  });
});
