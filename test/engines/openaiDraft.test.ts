/** A draft of the answer goes to endpoints that can use it, and to no others. */
import assert from 'node:assert/strict';
import { adapt, writeAdaptations } from '../../server/engines/openai/adapt.ts';
import { ask, takesDraft } from '../../server/engines/openai/complete.ts';
import { type FimStrategy, memoryKey } from '../../server/engines/openai/settings.ts';
import { declareRedacted } from '../../server/guard/redacted.ts';
import { completeRequest, endpoint } from '../support/endpoint.ts';

const draft = declareRedacted('two();');

describe('a draft of a completion', () => {
  for (const [baseURL, strategy, goes] of [
    ['https://api.openai.com/v1', 'chat', true],
    ['https://house.openai.azure.com/openai/v1', 'chat', true],
    ['https://api.openai.com/v1', 'suffix', false],
    ['https://openai.com.example.test/v1', 'chat', false],
    ['http://127.0.0.1:8000/v1', 'chat', false],
    ['https://openrouter.ai/api/v1', 'chat', false],
  ] as const)
    it(`${goes ? 'goes' : 'does not go'} to ${baseURL} by ${strategy}`, () => {
      const { settings } = endpoint(baseURL);
      const bodyOf = (way: FimStrategy, request = completeRequest({ draft })) =>
        ask(way, request, settings, 'gpt-4o').call.body ?? {};
      const expected = goes ? { type: 'content', content: '<fill>two();</fill>' } : undefined;
      assert.deepEqual(bodyOf(strategy)['prediction'], expected);
      assert.ok(!('prediction' in bodyOf(strategy, completeRequest())));
    });

  it('is asked for where it is of use, until it is refused', () => {
    for (const [baseURL, fim, wanted] of [
      ['https://api.openai.com/v1', 'auto', true],
      ['https://api.openai.com/v1', 'suffix', false],
      ['http://127.0.0.1:8000/v1', 'chat', false],
    ] as const) {
      const { settings, ports } = endpoint(baseURL, { fim, model: 'gpt-4o' });
      assert.equal(takesDraft({ settings, ports }), wanted, `${baseURL} ${fim}`);
      ports.memory.set(
        memoryKey('parameters', settings, 'gpt-4o'),
        writeAdaptations([{ from: 'prediction' }]),
      );
      assert.equal(takesDraft({ settings, ports }), false);
    }
  });

  it('is left out for a model that refuses it', () => {
    const refusal = {
      status: 400,
      words: "unsupported parameter: 'prediction' is not supported with this model.",
      error: { kind: 'unsupported' as const, message: '' },
    };
    assert.deepEqual(adapt(refusal, { prediction: {}, max_tokens: 1 }, []), [{ from: 'prediction' }]);
  });
});
