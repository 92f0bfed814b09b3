/**
 * What an endpoint can do is found out by at most one wasted request a session, and by none in the next, for the
 * dialects of a dozen servers.
 */
import assert from 'node:assert/strict';
import { createOpenAIEngine } from '../../server/engines/openai/engine.ts';
import { completeRequest, endpoint, gather, never } from '../support/endpoint.ts';
import { type ModelServer, type ProfileName, startModelServer } from '../support/modelServer.ts';
import { profiles } from '../support/modelProfiles.ts';

const models = ['house-model', 'qwen2.5-coder-7b', 'gpt-4o-mini'];

describe('learning what an endpoint can do', () => {
  let server: ModelServer;
  afterEach(() => server.close());

  for (const profile of Object.keys(profiles) as ProfileName[])
    for (const model of models)
      it(`${profile} with ${model}`, async () => {
        server = await startModelServer({ profile, models: [model] });
        server.reply({ text: '<fill>two();</fill>', route: 'chat' });
        server.reply({ text: 'two();', route: 'completions' });
        server.reply({ text: 'two();', route: 'infill' });
        const timeouts = { connectMs: 4000, firstByteMs: 4000, stallMs: 4000, totalMs: 9000 };
        const { settings, ports } = endpoint(server.baseURL, { fim: 'auto', model, timeouts });
        const wasted: number[] = [];
        for (let session = 0; session < 2; session++) {
          const before = server.requests.length;
          const engine = createOpenAIEngine(settings, ports);
          for (let i = 0; i < 3; i++) {
            const got = await gather(engine.complete(completeRequest(), never));
            assert.equal(got.text, 'two();', JSON.stringify(got.error));
          }
          engine.close();
          wasted.push(server.requests.length - before - 3);
        }
        assert.ok((wasted[0] ?? 9) <= 1, `${wasted[0]} in the first session`);
        assert.equal(wasted[1], 0, 'in the second session');
      });
});
