/** A prompt that a model is trained on as a whole: sent to the letter by plain completion, or not at all. */
import assert from 'node:assert/strict';
import { createOpenAIEngine } from '../../server/engines/openai/engine.ts';
import { completeRequest, endpoint, gather, never } from '../support/endpoint.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';

const stops = ['<|file_sep|>', '<|endoftext|>'];
const prompt = '<|file_sep|>a.ts\n<|fim_prefix|>one();\n'.repeat(50);

describe('a whole prompt', () => {
  let server: ModelServer;
  beforeEach(async () => {
    server = await startModelServer();
  });
  afterEach(() => server.close());

  const ask = async (fim: 'auto' | 'chat' | 'suffix') => {
    const { settings, ports } = endpoint(server.baseURL, { fim, completionModel: 'another-model' });
    const engine = createOpenAIEngine(settings, ports);
    const request = {
      ...completeRequest({ before: prompt, after: '' }),
      maxLines: 50,
      maxTokens: 100,
      stops,
    };
    const got = await gather(engine.complete(request, never));
    engine.close();
    return got;
  };

  for (const fim of ['auto', 'chat', 'suffix'] as const)
    it(`is sent as it is to the model that it is for, where completions go by ${fim}`, async () => {
      server.reply({ route: 'completions', text: 'two();\nthree();<|file_sep|>b.ts' });
      const got = await ask(fim);
      assert.equal(got.text, 'two();\nthree();');
      assert.equal(got.reason, 'stop');
      const [request, ...others] = server.requests.filter(({ route }) => route !== 'models');
      assert.deepEqual(others, []);
      const { body } = request as { body: Readonly<Record<string, unknown>> };
      assert.deepEqual(
        [body['model'], body['prompt'], body['suffix'], body['stop']],
        ['scripted-model', prompt, undefined, stops],
      );
    });

  it('is not cut where it is too long, and not asked otherwise', async () => {
    server.reply({
      route: 'completions',
      status: 400,
      body: {
        error: {
          message: "This model's maximum context length is 8192 tokens.",
          code: 'context_length_exceeded',
        },
      },
    });
    const got = await ask('auto');
    assert.equal(got.error?.kind, 'context-length');
    assert.equal(server.requests.filter(({ route }) => route !== 'models').length, 1);
  });
});
