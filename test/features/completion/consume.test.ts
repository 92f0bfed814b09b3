/** A model is left as soon as there is enough, which ends its request; the engine in this process is heard out. */
import assert from 'node:assert/strict';
import type { Engine, EngineEvent } from '../../../server/engines/engine.ts';
import { createOpenAIEngine } from '../../../server/engines/openai/engine.ts';
import { consume } from '../../../server/features/completion/consume.ts';
import { completeRequest, endpoint, never } from '../../support/endpoint.ts';
import { startModelServer } from '../../support/modelServer.ts';

const request = completeRequest({ before: 'function two() {\n  ', after: '\n}\n\nthree();\n', maxLines: 20 });

describe('reading an engine for a completion', () => {
  for (const [why, text, kept] of [
    ['the block is over', `return 2;\n}\n\nfunction more() {\n`, 'return 2;'],
    ['a loop begins', 'again();\n  again();\n  again();\n  again();\n', 'again();'],
    ['an explanation begins', 'return 2;\nThis code returns the number two.\n', 'return 2;'],
  ] as const)
    it(`ends the request upstream when ${why}`, async () => {
      const server = await startModelServer();
      const { settings, ports } = endpoint(server.baseURL, {
        timeouts: { connectMs: 4000, firstByteMs: 4000, stallMs: 4000, totalMs: 60_000 },
      });
      const engine = createOpenAIEngine(settings, ports);
      // Ten thousand frames, one every 5 ms: nobody waits for their end here.
      server.reply({ route: 'completions', text: text + 'more();\n'.repeat(10_000), chunkDelayMs: 5 });
      const landed = await consume(engine, request, never);
      assert.equal(landed.failure, undefined);
      assert.equal(landed.text.trimEnd().split('\n')[0], kept);
      assert.ok(!landed.text.includes('more'));
      await server.waitFor(({ abortedAt }) => abortedAt !== undefined);
      engine.close();
      await server.close();
    });

  const speaking = (origin: string, events: readonly EngineEvent[]): Engine => ({
    name: 'x',
    origin,
    capabilities: { completes: true, chats: false, tools: false, contextTokens: 1 },
    async *complete() {
      yield* events;
    },
    async *chat() {},
    close: () => undefined,
  });
  const block: readonly EngineEvent[] = [
    { type: 'text', text: 'return 2;\n}\n' },
    { type: 'done', reason: 'stop', confidence: 0.4 },
  ];

  it('hears the engine in this process to its end, which says how sure it is', async () => {
    assert.deepEqual(await consume(speaking('process', block), request, never), {
      text: 'return 2;\n}\n',
      confidence: 0.4,
    });
  });
  it('keeps whole lines of an answer that was cut', async () => {
    const cut: readonly EngineEvent[] = [
      { type: 'text', text: 'one();\n  tw' },
      { type: 'done', reason: 'length' },
    ];
    assert.equal((await consume(speaking('https://x.test', cut), request, never)).text, 'one();');
  });
  for (const [end, failure] of [
    [{ type: 'aborted' }, 'aborted'],
    [{ type: 'error', error: { kind: 'incomplete', message: 'It was cut.' } }, 'It was cut.'],
  ] as const)
    it(`gives no text when the stream ends by ${end.type}`, async () => {
      const landed = await consume(
        speaking('https://x.test', [{ type: 'text', text: 'one' }, end]),
        request,
        never,
      );
      assert.deepEqual([landed.text, landed.failure], ['', failure]);
    });
});
