/**
 * What the engine asks, in every dialect and by every strategy, and that a strategy is found with at most one
 * wasted request.
 */
import assert from 'node:assert/strict';
import type { CompleteRequest } from '../../server/engines/engine.ts';
import { createOpenAIEngine } from '../../server/engines/openai/engine.ts';
import { declareRedacted } from '../../server/guard/redacted.ts';
import { chatRequest, completeRequest, endpoint, gather, never } from '../support/endpoint.ts';
import { profiles } from '../support/modelProfiles.ts';
import {
  type ModelServer,
  type ProfileName,
  type ScriptedReply,
  startModelServer,
} from '../support/modelServer.ts';

const profileNames = Object.keys(profiles) as ProfileName[];

describe('openai engine', () => {
  let server: ModelServer;
  beforeEach(async () => {
    server = await startModelServer();
  });
  afterEach(() => server.close());

  describe('dialects', () => {
    for (const profile of profileNames)
      it(`${profile}: chat, tools and completion, with at most one wasted request each`, async () => {
        server.use(profile);
        const toolCalls = [
          { name: 'read', arguments: '{"path":"a b.ts"}' },
          { name: 'list', arguments: '{}' },
        ];
        server.reply({ route: 'chat', text: '<fill>answer()</fill>', when: 'cursor' });
        server.reply({ route: 'chat', text: 'Hällo 😀 wörld', when: 'Say hello' });
        server.reply({ route: 'chat', toolCalls, when: 'Use the tools' });
        for (const route of ['completions', 'infill', 'fim'] as const)
          server.reply({ route, text: 'answer()' });
        const { settings, ports } = endpoint(server.baseURL, { fim: 'auto', model: 'house-model' });
        const engine = createOpenAIEngine(settings, ports);
        const said = await gather(engine.chat(chatRequest('Say hello'), never));
        assert.deepEqual([said.text, said.end], ['Hällo 😀 wörld', 'stop']);
        const tools = ['read', 'list'].map(name => ({
          name,
          description: name,
          parameters: { type: 'object' },
        }));
        const used = await gather(engine.chat(chatRequest('Use the tools', { tools }), never));
        assert.deepEqual([used.calls, used.end], [toolCalls, 'tool-calls']);
        assert.ok(server.requests.length <= 3);
        const before = server.requests.length;
        const completed = await gather(engine.complete(completeRequest(), never));
        assert.deepEqual([completed.text, completed.error], ['answer()', undefined]);
        assert.ok(server.requests.length - before <= 2, 'one wasted at most');
        engine.close();
        const again = createOpenAIEngine(settings, ports);
        assert.equal((await gather(again.complete(completeRequest(), never))).text, 'answer()');
        assert.ok(server.requests.length - before <= 3, 'remembered');
        again.close();
      });
  });

  describe('fill in the middle', () => {
    const ask = async (
      strategy: 'suffix' | 'template' | 'infill' | 'mistral' | 'chat',
      more: Partial<CompleteRequest> = {},
      reply: ScriptedReply = { text: 'x' },
      settingsMore = {},
    ) => {
      server.reply(reply);
      const { settings, ports } = endpoint(server.baseURL, { fim: strategy, ...settingsMore });
      const engine = createOpenAIEngine(settings, ports);
      const got = await gather(
        engine.complete(completeRequest({ before: 'BEFORE', after: 'AFTER', ...more }), never),
      );
      engine.close();
      const request = server.requests.at(-1);
      assert.ok(request);
      return { got, request, body: request.body };
    };
    const context = [declareRedacted('OTHER one'), declareRedacted('OTHER two')];

    it('suffix', async () => {
      const { request, body } = await ask('suffix', { context });
      assert.equal(request.path, '/v1/completions');
      assert.deepEqual([body['prompt'], body['suffix']], ['OTHER one\nOTHER two\nBEFORE', 'AFTER']);
      assert.equal('stop' in body, false);
    });
    it('template, with the format of the model', async () => {
      const { request, body } = await ask('template', { context }, undefined, { model: 'qwen2.5-coder-7b' });
      assert.equal(request.path, '/v1/completions');
      assert.equal(
        body['prompt'],
        '<|repo_name|>workspace\n<|file_sep|>OTHER one\n<|file_sep|>OTHER two\n<|file_sep|>src/answer.ts\n<|fim_prefix|>BEFORE<|fim_suffix|>AFTER<|fim_middle|>',
      );
      assert.equal((body['stop'] as string[]).length, 4);
    });
    it('template of one’s own', async () => {
      const { body } = await ask('template', {}, undefined, { fimTemplate: '<A>{prefix}<B>{suffix}<C>' });
      assert.equal(body['prompt'], '<A>BEFORE<B>AFTER<C>');
    });
    it('infill, beside /v1', async () => {
      const { request, body } = await ask('infill', { context });
      assert.equal(request.path, '/infill');
      assert.deepEqual(
        [body['input_prefix'], body['input_suffix'], body['n_predict']],
        ['BEFORE', 'AFTER', 64],
      );
      assert.deepEqual(
        (body['input_extra'] as { text: string }[]).map(({ text }) => text),
        ['OTHER one', 'OTHER two'],
      );
    });
    it('mistral', async () => {
      const { request, body } = await ask('mistral');
      assert.equal(request.path, '/v1/fim/completions');
      assert.deepEqual([body['prompt'], body['suffix']], ['BEFORE', 'AFTER']);
    });
    it('chat, stopped as soon as the answer is complete', async () => {
      const chunks = ['Sure:\n<fi', 'll>a + ', 'b</fill>', ' and much more'];
      const { request, got } = await ask('chat', {}, { chunks });
      assert.equal(request.path, '/v1/chat/completions');
      assert.deepEqual([got.text, got.end], ['a + b', 'stopped-early']);
    });
    it('the model for completion is another one', async () => {
      const { body } = await ask('suffix', {}, undefined, { completionModel: 'small' });
      assert.equal(body['model'], 'small');
    });
    for (const strategy of ['suffix', 'template', 'infill', 'mistral'] as const) {
      it(`${strategy}: one line asks the server to stop there, and stops by itself`, async () => {
        const { got, body } = await ask(strategy, { maxLines: 1 }, { text: 'first\nsecond\nthird' });
        assert.ok((body['stop'] as string[]).includes('\n'));
        assert.deepEqual([got.text, got.end], ['first', 'stopped-early']);
      });
      it(`${strategy}: control tokens do not leak`, async () => {
        const { got } = await ask(
          strategy,
          {},
          { chunks: ['good<|fim', '_middle|>bad', ' worse'] },
          { model: 'qwen2.5-coder' },
        );
        assert.deepEqual([got.text, got.end], ['good', 'stop']);
      });
    }
    it('stops early and closes the connection', async () => {
      const { got } = await ask(
        'suffix',
        { maxLines: 2 },
        { chunks: ['a\nb\n', 'c', 'd'], fault: 'stall-mid-stream' },
      );
      assert.deepEqual([got.text, got.end], ['a\nb', 'stopped-early']);
      await server.waitFor(request => request.abortedAt !== undefined);
    });

    for (const [name, reply, path, end] of [
      ['404 on the route', { status: 404, body: 'not found' }, '/v1/chat/completions', 'stop'],
      ['405', { status: 405, body: '' }, '/v1/chat/completions', 'stop'],
      [
        'a chat-only model',
        {
          status: 404,
          body: {
            error: { message: 'This is a chat model and not supported in the v1/completions endpoint.' },
          },
        },
        '/v1/chat/completions',
        'stop',
      ],
      [
        'Ollama without insert',
        { status: 400, body: { error: { message: '"llama3" does not support insert' } } },
        '/v1/chat/completions',
        'stop',
      ],
      [
        'an unknown model is no reason to try another way',
        { status: 404, body: { error: { message: 'model "x" not found, try pulling it first' } } },
        '/v1/completions',
        'not-found',
      ],
      ['a wrong key is none either', { status: 401, body: {} }, '/v1/completions', 'authentication'],
      [
        'nor is too long a prompt',
        {
          status: 400,
          body: {
            error: { message: 'maximum context length is 10 tokens', code: 'context_length_exceeded' },
          },
        },
        '/v1/completions',
        'context-length',
      ],
      ['nor a server that is ill', { status: 503, body: {} }, '/v1/completions', 'server'],
    ] as const)
      it(`auto: ${name}`, async () => {
        server.reply({ route: 'chat', text: '<fill>ok</fill>' });
        server.reply({ route: 'completions', ...reply });
        const { settings, ports } = endpoint(server.baseURL, { fim: 'auto', model: 'house-model' });
        const engine = createOpenAIEngine(settings, ports);
        const got = await gather(engine.complete(completeRequest(), never));
        engine.close();
        assert.equal(server.requests.at(-1)?.path, path);
        assert.equal(got.end === 'stopped-early' ? 'stop' : got.end, end);
      });
    it('auto: requests at the same time waste one together, and can be cancelled while they wait', async () => {
      server.reply({ route: 'chat', text: '<fill>ok</fill>' });
      server.reply({
        route: 'completions',
        status: 400,
        body: { error: 'Unsupported param: suffix' },
        delayMs: 20,
      });
      const { settings, ports } = endpoint(server.baseURL, { fim: 'auto', model: 'house-model' });
      const engine = createOpenAIEngine(settings, ports);
      const abort = new AbortController();
      const all = [never, never, abort.signal].map(signal =>
        gather(engine.complete(completeRequest(), signal)),
      );
      abort.abort();
      const got = await Promise.all(all);
      assert.deepEqual(
        got.map(({ text, end }) => text || end),
        ['ok', 'ok', 'aborted'],
      );
      assert.equal(server.requests.filter(({ route }) => route === 'completions').length, 1);
      engine.close();
    });
  });

  describe('a model that is not named', () => {
    it('is the first that can write, asked for once', async () => {
      const own = await startModelServer({ models: ['nomic-embed-text', 'house-model', 'other'] });
      const { settings, ports } = endpoint(own.baseURL, { model: '' });
      const engine = createOpenAIEngine(settings, ports);
      for (let i = 0; i < 2; i++) assert.equal((await gather(engine.chat(chatRequest(), never))).end, 'stop');
      engine.close();
      assert.deepEqual(
        own.requests.map(({ path }) => path),
        ['/v1/models', '/v1/chat/completions', '/v1/chat/completions'],
      );
      assert.equal(own.requests[1]?.body['model'], 'house-model');
      await own.close();
    });
    it('is a clear error when none is there', async () => {
      const own = await startModelServer({ models: [] });
      const { settings, ports } = endpoint(own.baseURL, { model: '' });
      const engine = createOpenAIEngine(settings, ports);
      const got = await gather(engine.chat(chatRequest(), never));
      engine.close();
      assert.equal(got.end, 'configuration');
      assert.match(got.error?.message ?? '', /Set the model name/);
      await own.close();
    });
  });

  describe('Azure', () => {
    it('gets its own key header', async () => {
      const { settings, ports } = endpoint(
        'https://res.openai.azure.com/openai/deployments/d?api-version=2024-10-21',
        {
          timeouts: { connectMs: 1, firstByteMs: 1, stallMs: 1, totalMs: 1 },
          proxy: `http://127.0.0.1:${server.port}`,
        },
      );
      const engine = createOpenAIEngine(settings, ports);
      const got = await gather(engine.chat(chatRequest(), never));
      engine.close();
      // The scripted server is no proxy: what matters here is that nothing but CONNECT went there.
      assert.ok(['timeout', 'network'].includes(got.end));
      assert.ok(server.requests.every(({ method }) => method === 'CONNECT'));
    });
  });
});
