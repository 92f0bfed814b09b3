import assert from 'node:assert/strict';
import { EmbeddedEngine } from '../../server/engines/embedded/engine.ts';
import type { EmbeddedAnswer, EmbeddedRequest } from '../../server/engines/embedded/types.ts';
import type { CompleteRequest, EngineEvent } from '../../server/engines/engine.ts';
import { declareRedacted } from '../../server/guard/redacted.ts';

const request: CompleteRequest = {
  languageId: 'typescript',
  path: declareRedacted('src/a.ts'),
  prefix: declareRedacted('const a = '),
  suffix: declareRedacted('\n'),
  context: [],
  maxTokens: 64,
  maxLines: 1,
  trigger: 'automatic',
};

async function eventsOf(stream: AsyncIterable<EngineEvent>): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  for await (const event of stream) events.push(event);
  return events;
}

const two: EmbeddedAnswer = {
  candidates: [
    { text: 'b;', confidence: 0.6 },
    { text: 'c;', confidence: 0.2 },
  ],
};

describe('embedded engine', () => {
  it('asks the worker and gives its best answer with the confidence', async () => {
    const asked: EmbeddedRequest[] = [];
    const engine = new EmbeddedEngine(async each => {
      asked.push(each);
      return two;
    });
    const events = await eventsOf(engine.complete(request, new AbortController().signal));
    assert.deepEqual(events, [
      { type: 'text', text: 'b;' },
      { type: 'done', reason: 'stop', confidence: 0.6 },
    ]);
    assert.deepEqual(asked, [
      {
        uri: 'src/a.ts',
        languageId: 'typescript',
        prefix: 'const a = ',
        suffix: '\n',
        maxLines: 1,
        trigger: 'automatic',
      },
    ]);
  });

  it('says nothing when there is nothing to say', async () => {
    const engine = new EmbeddedEngine(async () => ({ candidates: [], silence: 'unsure' }));
    const events = await eventsOf(engine.complete(request, new AbortController().signal));
    assert.deepEqual(events, [{ type: 'done', reason: 'stop', confidence: 0 }]);
  });

  it('ends in aborted when it is cancelled before, while and after the worker answers', async () => {
    const before = AbortSignal.abort();
    const idle = new EmbeddedEngine(async () => two);
    assert.deepEqual(await eventsOf(idle.complete(request, before)), [{ type: 'aborted' }]);
    for (const outcome of ['answers', 'rejects'] as const) {
      const controller = new AbortController();
      const engine = new EmbeddedEngine(async () => {
        controller.abort();
        if (outcome === 'rejects') throw new Error('cancelled');
        return two;
      });
      assert.deepEqual(await eventsOf(engine.complete(request, controller.signal)), [{ type: 'aborted' }]);
    }
  });

  it('turns a failure of the worker into an error event', async () => {
    const engine = new EmbeddedEngine(async () => {
      throw new Error('worker gone');
    });
    const [event, ...rest] = await eventsOf(engine.complete(request, new AbortController().signal));
    assert.ok(event?.type === 'error' && event.error.kind === 'server');
    assert.deepEqual(rest, []);
  });

  it('says plainly that it does not chat', async () => {
    const engine = new EmbeddedEngine(async () => two);
    const [event, ...rest] = await eventsOf(engine.chat());
    assert.ok(event?.type === 'error' && event.error.kind === 'unsupported');
    assert.match(event.error.message, /only completes code/);
    assert.match(event.error.message, /OPENAI_BASE_URL \(or openai\.baseURL in the settings\)/);
    assert.deepEqual(rest, []);
  });

  it('does not ask the worker once closed', async () => {
    const engine = new EmbeddedEngine(() => assert.fail('asked'));
    engine.close();
    engine.close();
    assert.deepEqual(await eventsOf(engine.complete(request, new AbortController().signal)), [
      { type: 'aborted' },
    ]);
  });
});
