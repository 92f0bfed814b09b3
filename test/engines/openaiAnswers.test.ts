/**
 * What the engine makes of good answers: tool calls put together, thoughts left out, finish reasons told apart,
 * odd but valid frames tolerated.
 */
import assert from 'node:assert/strict';
import { createOpenAIEngine } from '../../server/engines/openai/engine.ts';
import { readReply } from '../../server/engines/openai/stream.ts';
import { wellFormed } from '../../server/engines/openai/text.ts';
import { chatRequest, endpoint, gather, type Gathered, never } from '../support/endpoint.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';

/** Reads frames as a reply, without a server. */
function read(...frames: unknown[]): Promise<Gathered> {
  const text = frames
    .map(frame => `data: ${typeof frame === 'string' ? frame : JSON.stringify(frame)}\n\n`)
    .join('');
  const response = new Response(text, { headers: { 'content-type': 'text/event-stream' } });
  const { ports } = endpoint('http://127.0.0.1:9/v1');
  return gather(
    readReply(response, {
      origin: 'http://x',
      model: 'm',
      filter: wellFormed(),
      clock: ports.clock,
      signal: never,
      hangUp: () => undefined,
    }),
  );
}

const delta = (fields: object, finish: string | null = null): object => ({
  choices: [{ index: 0, delta: fields, finish_reason: finish }],
});
const call = (...pieces: object[]): object => delta({ tool_calls: pieces });

describe('openai answers', () => {
  let server: ModelServer;
  beforeEach(async () => {
    server = await startModelServer();
  });
  afterEach(() => server.close());

  describe('tool calls', () => {
    const done = delta({}, 'tool_calls');
    const piece = (
      index: number | undefined,
      id: string | undefined,
      name: string | undefined,
      args: unknown,
    ): object => ({
      ...(index === undefined ? {} : { index }),
      ...(id === undefined ? {} : { id }),
      function: { ...(name === undefined ? {} : { name }), arguments: args },
    });
    const cases: readonly [string, object[], readonly { name: string; arguments: string }[]][] = [
      ['whole at once', [call(piece(0, 'a', 'f', '{"x":1}')), done], [{ name: 'f', arguments: '{"x":1}' }]],
      [
        'in pieces',
        [call(piece(0, 'a', 'f', '{"x"')), call(piece(0, undefined, undefined, ':1}')), done],
        [{ name: 'f', arguments: '{"x":1}' }],
      ],
      [
        'two, interleaved',
        [
          call(piece(0, 'a', 'f', '{"x"'), piece(1, 'b', 'g', '{')),
          call(piece(0, undefined, undefined, ':1}')),
          call(piece(1, undefined, undefined, '}')),
          done,
        ],
        [
          { name: 'f', arguments: '{"x":1}' },
          { name: 'g', arguments: '{}' },
        ],
      ],
      [
        'gaps in the index',
        [call(piece(3, 'a', 'f', '{}')), call(piece(7, 'b', 'g', '{}')), done],
        [
          { name: 'f', arguments: '{}' },
          { name: 'g', arguments: '{}' },
        ],
      ],
      [
        'no index',
        [call(piece(undefined, 'a', 'f', '{}')), call(piece(undefined, 'b', 'g', '{}')), done],
        [
          { name: 'f', arguments: '{}' },
          { name: 'g', arguments: '{}' },
        ],
      ],
      [
        'no index and no id',
        [
          call(piece(undefined, undefined, 'f', '{"x"')),
          call(piece(undefined, undefined, undefined, ':1}')),
          done,
        ],
        [{ name: 'f', arguments: '{"x":1}' }],
      ],
      [
        'the same index, another id',
        [call(piece(0, 'a', 'f', '{}')), call(piece(0, 'b', 'g', '{}')), done],
        [
          { name: 'f', arguments: '{}' },
          { name: 'g', arguments: '{}' },
        ],
      ],
      [
        'the id in each piece',
        [call(piece(0, 'a', 'f', '{"x"')), call(piece(0, 'a', undefined, ':1}')), done],
        [{ name: 'f', arguments: '{"x":1}' }],
      ],
      [
        'arguments as an object',
        [call(piece(0, 'a', 'f', { x: 1 })), done],
        [{ name: 'f', arguments: '{"x":1}' }],
      ],
      ['no arguments', [call(piece(0, 'a', 'f', '')), done], [{ name: 'f', arguments: '{}' }]],
      [
        'finish reason stop',
        [call(piece(0, 'a', 'f', '{}')), delta({}, 'stop')],
        [{ name: 'f', arguments: '{}' }],
      ],
    ];
    for (const [name, frames, calls] of cases)
      it(name, async () => {
        const got = await read(...frames, '[DONE]');
        assert.deepEqual([got.calls, got.end], [calls, 'tool-calls']);
      });
    it('are not handed on when the answer was cut', async () => {
      const got = await read(call(piece(0, 'a', 'f', '{"x":1}')), delta({}, 'length'));
      assert.deepEqual([got.calls, got.end], [[], 'length']);
    });
    it('without a name are an error', async () => {
      const got = await read(call(piece(0, 'a', undefined, '{}')), done);
      assert.deepEqual([got.calls, got.end], [[], 'incomplete']);
    });
    it('that were announced but did not come are no tool calls', async () =>
      assert.equal((await read(done)).end, 'stop'));
  });

  describe('answers', () => {
    for (const [finish, end] of [
      ['stop', 'stop'],
      ['eos_token', 'stop'],
      ['end_turn', 'stop'],
      ['STOP', 'stop'],
      ['length', 'length'],
      ['max_tokens', 'length'],
      ['model_length', 'length'],
      ['content_filter', 'content-filter'],
      ['SAFETY', 'content-filter'],
      ['error', 'server'],
      ['insufficient_system_resource', 'server'],
      ['moonrise', 'incomplete'],
      ['', 'incomplete'],
      ['__proto__', 'incomplete'],
      ['constructor', 'incomplete'],
    ] as const)
      it(`finish reason ${JSON.stringify(finish)} is ${end}`, async () => {
        assert.equal((await read(delta({ content: 'x' }), delta({}, finish), '[DONE]')).end, end);
      });
    it('a refusal is one', async () => {
      const got = await read(delta({ refusal: 'I can not do that' }), delta({}, 'stop'));
      assert.deepEqual([got.text, got.end], ['', 'refusal']);
    });
    it('content in parts, thoughts in parts and fields', async () => {
      const got = await read(
        delta({ reasoning_content: 'hm', content: null }),
        delta({ reasoning: 'hm', content: '' }),
        delta({
          content: [
            { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
            { type: 'text', text: 'yes' },
          ],
        }),
        delta({ content: '!' }, 'stop'),
      );
      assert.deepEqual([got.text, got.end], ['yes!', 'stop']);
    });
    it('thoughts in the text are left out of chat', async () => {
      server.reply({
        chunks: ['<thi', 'nk>secret plan</th', 'ink>\n\n', 'The answer.'],
        reasoning: 'more plans',
      });
      const { settings, ports } = endpoint(server.baseURL);
      const engine = createOpenAIEngine(settings, ports);
      assert.equal((await gather(engine.chat(chatRequest(), never))).text, 'The answer.');
      engine.close();
    });
    it('usage is passed on, whole or not', async () => {
      const usage = { prompt_tokens: 5, completion_tokens: 2 };
      for (const frames of [[delta({}, 'stop'), { choices: [], usage }], [{ ...delta({}, 'stop'), usage }]]) {
        const got = await read(...frames, '[DONE]');
        assert.deepEqual(
          got.events.find(event => event.type === 'usage'),
          { type: 'usage', usage: { promptTokens: 5, completionTokens: 2 } },
        );
      }
    });
    it('silent cutting of the prompt is noticed once, and less is sent from then on', async () => {
      const { settings, ports, noticed } = endpoint(server.baseURL, { contextTokens: 32_768 });
      const engine = createOpenAIEngine(settings, ports);
      const long = 'word '.repeat(8000);
      for (const [counted, window, notices] of [
        [9500, 32_768, 0],
        [4095, 4095, 1],
        [4095, 4095, 1],
      ] as const) {
        server.reply({ text: 'ok', usage: { prompt_tokens: counted, completion_tokens: 1 } });
        await gather(engine.chat(chatRequest(long), never));
        assert.equal(engine.capabilities.contextTokens, window);
        assert.equal(noticed.length, notices);
      }
      engine.close();
    });
  });
});
