import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { Output } from '../../server/lsp/output.ts';
import { HandClock, plainServerOn } from '../support/plainServer.ts';
import { frame, StrictFrames } from '../support/wire.ts';

type Message = Record<string, unknown>;

const initialize = {
  jsonrpc: '2.0',
  id: 'init',
  method: 'initialize',
  params: { processId: null, rootUri: null, capabilities: {} },
};
const initialized = { jsonrpc: '2.0', method: 'initialized', params: {} };
const place = (uri = 'untitled:a') => ({ textDocument: { uri }, position: { line: 0, character: 0 } });
const hover = (id: number | string, uri?: string) => ({
  jsonrpc: '2.0',
  id,
  method: 'textDocument/hover',
  params: place(uri),
});

/** A server in this process, its bytes in and its messages out. */
class Session {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  readonly messages: Message[] = [];
  readonly answers = new Map<unknown, Message>();
  readonly stray: string[] = [];
  readonly clock = new HandClock();
  readonly log: string[] = [];
  readonly running = plainServerOn(this.input, this.output, {
    clock: this.clock,
    log: { write: (_level, message) => void this.log.push(message) },
    ended: end => void this.ends.push(end.why),
  });
  readonly ends: string[] = [];
  #wake = () => {};

  constructor() {
    const frames = new StrictFrames({
      message: message => {
        if ('method' in message) this.messages.push(message);
        else {
          if (message['id'] !== null && this.answers.has(message['id']))
            this.stray.push(`a second answer to ${JSON.stringify(message['id'])}`);
          this.answers.set(message['id'], message);
        }
      },
      stray: text => this.stray.push(text),
    });
    this.output.on('data', (chunk: Buffer) => {
      frames.push(chunk);
      this.#wake();
    });
  }

  send(...messages: unknown[]): void {
    this.input.write(Buffer.concat(messages.map(frame)));
  }

  async answerTo(id: unknown): Promise<Message> {
    for (;;) {
      const found = this.answers.get(id);
      if (found) return found;
      await new Promise<void>(resolve => (this.#wake = resolve));
    }
  }

  async next(method: string): Promise<Message> {
    for (;;) {
      const index = this.messages.findIndex(message => message['method'] === method);
      if (index !== -1) return this.messages.splice(index, 1)[0] as Message;
      await new Promise<void>(resolve => (this.#wake = resolve));
    }
  }
}

async function startedSession(): Promise<Session> {
  const session = new Session();
  session.send(initialize, initialized);
  await session.answerTo('init');
  return session;
}

describe('channel', () => {
  it('answers what comes in one piece with initialize', async () => {
    const session = new Session();
    session.send(initialize, initialized, hover(1));
    assert.deepEqual((await session.answerTo(1))['result'], null);
  });

  it('answers each of very many requests exactly once, and reads no faster than it works', async () => {
    const session = await startedSession();
    const count = 20_000;
    for (let id = 1; id <= count; id++) session.send(hover(id, `untitled:${id % 50}`));
    session.send({ jsonrpc: '2.0', id: 'last', method: 'test/text', params: { uri: 'untitled:a' } });
    await session.answerTo('last');
    assert.equal(session.answers.size, count + 2);
    assert.deepEqual(session.stray, []);
  });

  it('answers a plain request among completions that never come to an end', async () => {
    const session = await startedSession();
    for (let id = 1; id <= 5000; id++) {
      session.send({ jsonrpc: '2.0', id, method: 'textDocument/completion', params: place() });
    }
    session.send(hover('ping'));
    await session.answerTo('ping');
    assert.equal(session.answers.size, 5000 - 4 + 2, 'all but the newest have an answer');
  });

  it('stops reading while the client does not read, and loses nothing', async () => {
    const session = await startedSession();
    session.output.pause();
    const count = 300;
    const large = 'x'.repeat(100_000);
    for (let id = 1; id <= count; id++) {
      session.send({
        jsonrpc: '2.0',
        id,
        method: 'workspace/executeCommand',
        params: { command: 'echo', arguments: [large] },
      });
    }
    session.send(hover('end'));
    await until(() => session.input.isPaused());
    await turns(50);
    assert.ok(session.output.writableLength < 8 * 1024 * 1024, `${session.output.writableLength} bytes wait`);
    session.output.resume();
    await session.answerTo('end');
    assert.equal(session.answers.size, count + 2);
  });

  it('cancels at once what runs', async () => {
    const session = await startedSession();
    session.send({ jsonrpc: '2.0', id: 1, method: 'textDocument/completion', params: place() });
    session.send({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 1 } });
    assert.equal(((await session.answerTo(1))['error'] as Message)['code'], -32800);
  });

  it('keeps the words of an exception to the log', async () => {
    const session = await startedSession();
    session.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'workspace/executeCommand',
      params: { command: 'throw', arguments: ['/home/me/key'] },
    });
    const { error } = await session.answerTo(1);
    assert.equal((error as Message)['code'], -32603);
    assert.doesNotMatch(JSON.stringify(error), /home/);
    assert.match(session.log.join('\n'), /\/home\/me\/key/);
  });

  it('answers with an error what cannot be written down', async () => {
    const session = await startedSession();
    session.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'workspace/executeCommand',
      params: { command: 'cyclic' },
    });
    assert.equal(((await session.answerTo(1))['error'] as Message)['code'], -32603);
  });

  it('sends no lone surrogate', async () => {
    const session = await startedSession();
    session.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'workspace/executeCommand',
      params: { command: 'echo', arguments: ['a\ud800b 😀 \\ud800'] },
    });
    assert.equal((await session.answerTo(1))['result'], 'a\uFFFDb 😀 \\ud800');
  });

  it('gives up on a client that does not answer its request', async () => {
    const session = await startedSession();
    const params = { method: 'workspace/configuration', params: { items: [] } };
    session.send({
      jsonrpc: '2.0',
      id: 1,
      method: 'workspace/executeCommand',
      params: { command: 'request', arguments: [params] },
    });
    await session.next('workspace/configuration');
    session.clock.advance(31_000);
    assert.match(String((await session.answerTo(1))['result']), /did not answer/);
  });

  it('works for capabilities that are null anywhere', async () => {
    const paths = [
      '',
      'workspace',
      'textDocument',
      'window',
      'general',
      'workspace.configuration',
      'workspace.workspaceFolders',
      'textDocument.completion',
      'workspace.fileOperations',
      'notebookDocument',
    ];
    for (const path of paths) {
      const session = new Session();
      const capabilities = path
        .split('.')
        .reduceRight<unknown>((inner, key) => (key === '' ? inner : { [key]: inner }), null);
      session.send({ ...initialize, params: { capabilities } }, initialized, hover(1));
      assert.equal((await session.answerTo(1))['result'], null, path);
    }
  });

  it('ends with its input, with exit, and with input that is no LSP', async () => {
    const gone = await startedSession();
    gone.input.end();
    await until(() => gone.ends.length > 0);
    const told = await startedSession();
    told.send({ jsonrpc: '2.0', id: 1, method: 'shutdown' }, { jsonrpc: '2.0', method: 'exit' });
    await until(() => told.ends.length > 0);
    assert.ok(told.running.channel.shutdownReceived);
    const noise = await startedSession();
    noise.input.write('noise '.repeat(20_000));
    await until(() => noise.ends.length > 0);
    assert.deepEqual([gone.ends, told.ends, noise.ends], [['gone'], ['exit'], ['fatal']]);
  });

  it('runs the hooks at its end, and waits for them no longer than it may', async () => {
    const session = await startedSession();
    const { channel } = session.running;
    const ran: string[] = [];
    channel.onEnd(() => void ran.push('at once'));
    channel.onEnd(() => Promise.reject(new Error('broken')));
    channel.onEnd(() => new Promise(() => {}));
    const closed = channel.close();
    await turns(3);
    session.clock.advance(1000);
    await closed;
    assert.deepEqual(ran, ['at once']);
    assert.equal(session.clock.waiting, 0);
  });

  it('stands any mutation of a session: answers go on, or it ends', async function () {
    const script = [
      initialize,
      initialized,
      hover(1),
      { jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 1 } },
      hover(2),
    ];
    const bytes = Buffer.concat(script.map(frame));
    const hit = fc.record({
      at: fc.nat(bytes.length - 1),
      remove: fc.nat(8),
      insert: fc.uint8Array({ maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(hit, { minLength: 1, maxLength: 4 }), async hits => {
        const session = new Session();
        let damaged = bytes;
        for (const { at, remove, insert } of hits) {
          damaged = Buffer.concat([damaged.subarray(0, at), insert, damaged.subarray(at + remove)]);
        }
        session.input.write(damaged);
        // The first frame may be needed to see where the damage ends.
        session.send(hover('sacrifice'));
        session.send(hover('probe'));
        await until(() => session.ends.length > 0 || session.answers.has('probe'));
        assert.deepEqual(session.stray, []);
        await session.running.channel.close();
      }),
      { numRuns: 1000, seed: 1 },
    );
  });
});

describe('output', () => {
  it('leaves out log lines and keeps only the newest of what replaces itself', async () => {
    const stream = new PassThrough({ highWaterMark: 1024 });
    const pressure: boolean[] = [];
    const output = new Output(stream, { pressure: high => pressure.push(high), lost: () => {} });
    const filler = { jsonrpc: '2.0', id: 1, result: 'x'.repeat(300_000) };
    output.send(filler);
    output.send(filler);
    for (let index = 0; index < 1000; index++) {
      output.send({ jsonrpc: '2.0', method: 'window/logMessage', params: { message: 'l'.repeat(1000) } });
      output.send({
        jsonrpc: '2.0',
        method: '$/progress',
        params: { token: 1, value: { kind: 'report', message: `${index}` } },
      });
      output.send({
        jsonrpc: '2.0',
        method: 'textDocument/publishDiagnostics',
        params: { uri: `u${index % 2}`, diagnostics: [index] },
      });
    }
    assert.ok(output.pendingBytes < 700_000, `${output.pendingBytes}`);
    const seen: Message[] = [];
    const frames = new StrictFrames({
      message: message => seen.push(message),
      stray: text => assert.fail(text),
    });
    stream.on('data', (chunk: Buffer) => frames.push(chunk));
    await output.written();
    const rest = seen.slice(2).map(message => [message['method'], JSON.stringify(message['params'])]);
    assert.equal(rest.length, 3);
    assert.match(String(rest[0]), /"999"/);
    assert.deepEqual(pressure, []);
  });

  it('gives up on a client that takes nothing at all', () => {
    const lost: string[] = [];
    const output = new Output(new PassThrough({ highWaterMark: 1 }), {
      pressure: () => {},
      lost: reason => lost.push(reason),
    });
    const large = { jsonrpc: '2.0', id: 1, result: 'x'.repeat(50 * 1024 * 1024) };
    for (let index = 0; index < 4; index++) output.send(large);
    assert.deepEqual(lost, ['the client has stopped reading']);
    assert.ok(output.pendingBytes < 60 * 1024 * 1024);
  });
});

/** Resolves when the condition holds; looked at once per turn of the event loop, a bounded number of times. */
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000; turn++) {
    if (condition()) return;
    await turns(1);
  }
  assert.fail('the condition never held');
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise(resolve => setImmediate(resolve));
}
