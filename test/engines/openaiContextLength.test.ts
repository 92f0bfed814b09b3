/**
 * Prompts that are longer than the model takes: a refusal is met by half of it, once, and remembered for the
 * session; a server that cuts in silence is noticed.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createOpenAIEngine } from '../../server/engines/openai/engine.ts';
import { fitted, isTruncated, sizeOf } from '../../server/engines/openai/fit.ts';
import { declareRedacted } from '../../server/guard/redacted.ts';
import { completeRequest, endpoint, gather, never } from '../support/endpoint.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';

/** How ten servers say it. */
const dialects: readonly (readonly [server: string, status: number, body: unknown])[] = [
  [
    'OpenAI',
    400,
    {
      error: {
        message:
          "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    },
  ],
  [
    'Azure',
    400,
    {
      error: {
        message: 'This model maximum context length is 8192 tokens, please reduce the length of the prompt.',
        code: 'context_length_exceeded',
      },
    },
  ],
  [
    'OpenRouter',
    400,
    { error: { message: "This endpoint's maximum context length is 8192 tokens.", code: 400 } },
  ],
  [
    'llama.cpp',
    400,
    {
      error: {
        code: 400,
        message:
          'the request exceeds the available context size. try increasing the context size or enable context shift',
        type: 'exceed_context_size_error',
      },
    },
  ],
  [
    'vLLM',
    400,
    {
      object: 'error',
      message: "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
      type: 'BadRequestError',
      code: 400,
    },
  ],
  [
    'TGI',
    422,
    {
      error: 'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 9000',
      error_type: 'validation',
    },
  ],
  [
    'LM Studio',
    400,
    {
      error:
        'Trying to keep the first 9000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens',
    },
  ],
  [
    'DeepSeek',
    400,
    {
      error: {
        message: "This model's maximum context length is 65536 tokens.",
        type: 'invalid_request_error',
      },
    },
  ],
  [
    'Mistral',
    422,
    {
      object: 'error',
      message: 'Prompt contains 9000 tokens, too large for model with 8192 maximum context length',
      type: 'invalid_request_error',
      code: '3051',
    },
  ],
  [
    'Anthropic-compatible',
    400,
    {
      type: 'error',
      error: { type: 'invalid_request_error', message: 'prompt is too long: 209000 tokens > 200000 maximum' },
    },
  ],
];

const long = (): ReturnType<typeof completeRequest> =>
  completeRequest({
    before: 'const a = 1;\n'.repeat(400),
    after: '\nb();'.repeat(100),
    context: [declareRedacted('// a.ts\nexport {};'), declareRedacted('x'.repeat(2000))],
  });

describe('a prompt that is too long', () => {
  let server: ModelServer;
  beforeEach(async () => {
    server = await startModelServer();
  });
  afterEach(() => server.close());

  for (const [name, status, body] of dialects) {
    it(`${name}: half of it is sent once more, and from then on at once`, async () => {
      server.reply({ route: 'completions', text: 'two();' });
      server.reply({ route: 'completions', status, body, times: 1 });
      const { settings, ports } = endpoint(server.baseURL, {
        timeouts: { connectMs: 4000, firstByteMs: 4000, stallMs: 4000, totalMs: 9000 },
      });
      const engine = createOpenAIEngine(settings, ports);
      assert.equal((await gather(engine.complete(long(), never))).text, 'two();');
      assert.equal(server.requests.length, 2);
      const [first = 0, second = 0] = server.requests.map(({ text }) => text.length);
      assert.ok(second < first * 0.6, `${first} → ${second}`);
      assert.equal((await gather(engine.complete(long(), never))).text, 'two();');
      assert.equal(server.requests.length, 3);
      assert.ok((server.requests[2]?.text.length ?? 0) < first * 0.6);
      engine.close();
    });
    it(`${name}: is explained when half is too long as well`, async () => {
      server.reply({ route: 'completions', status, body });
      const { settings, ports } = endpoint(server.baseURL);
      const engine = createOpenAIEngine(settings, ports);
      const got = await gather(engine.complete(long(), never));
      assert.equal(got.error?.kind, 'context-length');
      assert.match(got.error?.message ?? '', /longer than the model can take/);
      assert.equal(server.requests.length, 2);
      engine.close();
    });
  }

  it('is cut so that what is near the cursor stays', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 12_000 }), most => {
        const request = long();
        const cut = fitted(request, most);
        assert.ok(sizeOf(cut) <= Math.max(most, 0));
        assert.ok(request.prefix.text.endsWith(cut.prefix.text));
        assert.ok(request.suffix.text.startsWith(cut.suffix.text));
        const order = cut.context.map(piece => request.context.indexOf(piece));
        assert.deepEqual(
          order,
          order.toSorted((a, b) => a - b),
        );
        if (most >= sizeOf(request)) assert.equal(cut, request);
      }),
    );
  });

  it('that is cut in silence is noticed, and ordinary counts are not taken for it', () => {
    for (let times = 1; times <= 20; times++) assert.ok(isTruncated(4096, 4096 * 4 * 1.7 + times * 5000));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400_000 }),
        fc.double({ min: 1.5, max: 6.5, noNaN: true }),
        (characters, perToken) => {
          assert.ok(!isTruncated(Math.ceil(characters / perToken), characters));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('that llama.cpp has cut in silence is told once, and the next one is shorter', async () => {
    const { settings, ports, noticed } = endpoint(server.baseURL, {
      fim: 'infill',
      timeouts: { connectMs: 4000, firstByteMs: 4000, stallMs: 4000, totalMs: 9000 },
    });
    const engine = createOpenAIEngine(settings, ports);
    const cut = { content: 'two();', stop: true, tokens_evaluated: 1100, tokens_predicted: 3 };
    server.reply({ route: 'infill', body: cut });
    const huge = completeRequest({ before: 'const a = 1;\n'.repeat(2000) });
    for (let i = 0; i < 3; i++) await gather(engine.complete(huge, never));
    engine.close();
    const [first = 0, second = 0] = server.requests.map(({ text }) => text.length);
    assert.equal(noticed.length, 1);
    assert.ok(second < first / 2, `${first} → ${second}`);
  });
});
