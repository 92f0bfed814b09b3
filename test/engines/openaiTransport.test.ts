/**
 * The way out: redirects, time limits, cancelling, and where the key goes. Two servers stand in for
 * "ours" and "another origin"; whatever reaches the other one is a failure.
 */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { createOpenAIEngine } from '../../server/engines/openai/engine.ts';
import { createTransport } from '../../server/engines/openai/transport.ts';
import { TransportError } from '../../server/engines/openai/transportError.ts';
import type { OpenAISettings } from '../../server/engines/openai/settings.ts';
import {
  canaryKey,
  chatRequest,
  endpoint,
  type Gathered,
  gather,
  never,
  realClock,
} from '../support/endpoint.ts';
import { type ModelServer, startModelServer } from '../support/modelServer.ts';
import { startProxy, type TestProxy, type TestProxyOptions } from '../support/proxy.ts';

async function ask(baseURL: string, more: Partial<OpenAISettings> = {}, signal = never): Promise<Gathered> {
  const { settings, ports } = endpoint(baseURL, more);
  const engine = createOpenAIEngine(settings, ports);
  try {
    return await gather(engine.chat(chatRequest(), signal));
  } finally {
    engine.close();
  }
}

const noKey = { apiKey: () => Promise.resolve(undefined) };

describe('openai transport', () => {
  const running: { close(): Promise<void> }[] = [];
  const start = async (...args: Parameters<typeof startModelServer>): Promise<ModelServer> => {
    const server = await startModelServer(...args);
    running.push(server);
    return server;
  };
  const startTestProxy = async (options: TestProxyOptions): Promise<TestProxy> => {
    const proxy = await startProxy(options);
    running.push(proxy);
    return proxy;
  };
  afterEach(async () => {
    for (const one of running.splice(0)) await one.close();
  });

  describe('redirects', () => {
    for (const status of [301, 302, 303, 307, 308])
      for (const target of ['/v1/chat/completions', '/v2', '//PLACE/v1', '?x=1']) {
        it(`${status} to ${target} goes nowhere and names the target`, async () => {
          const ours = await start();
          const other = await start();
          const location = target.startsWith('/v1')
            ? `${other.origin}${target}`
            : target.replace('PLACE', `127.0.0.1:${other.port}`);
          ours.reply({ status, headers: { location }, body: 'moved' });
          const got = await ask(ours.baseURL);
          assert.equal(got.end, 'configuration');
          const named = location.includes(String(other.port)) ? other.origin : ours.origin;
          assert.ok(got.error?.message.includes(`redirects to ${named}`), got.error?.message);
          assert.equal(other.connections, 0);
          assert.equal(ours.requests.length, 1);
        });
      }
  });

  it('serves one origin only, by name, port and scheme', async () => {
    const ours = await start();
    const other = await start();
    const { settings } = endpoint(ours.baseURL);
    const transport = createTransport(settings, realClock);
    for (const url of [
      other.baseURL,
      ours.baseURL.replace('127.0.0.1', 'localhost'),
      ours.baseURL.replace('http:', 'https:'),
    ])
      await assert.rejects(transport.fetch(`${url}/models`), (error: unknown) => {
        assert.ok(error instanceof TransportError);
        return error.facts.kind === 'configuration' && error.facts.told.includes(ours.origin);
      });
    assert.equal((await transport.fetch(`${ours.baseURL}/models`)).status, 200);
    transport.close();
    assert.equal(other.connections, 0);
  });

  describe('the key', () => {
    it('goes to the configured origin as a bearer token', async () => {
      const server = await start({ apiKey: canaryKey });
      assert.equal((await ask(server.baseURL)).end, 'stop');
      assert.equal(server.requests[0]?.headers.authorization, `Bearer ${canaryKey}`);
    });
    it('is left out when there is none', async () => {
      const server = await start();
      assert.equal((await ask(server.baseURL, noKey)).end, 'stop');
      assert.equal(server.requests[0]?.headers.authorization, undefined);
    });
    it('that was not sent is named as such when the endpoint wants one', async () => {
      const server = await start({ apiKey: canaryKey });
      const got = await ask(server.baseURL, { apiKeyOrigin: 'https://api.openai.com' });
      assert.equal(got.end, 'authentication');
      assert.match(got.error?.message ?? '', /none was sent/);
    });
    it('and its headers are not sent to an origin they were not entered for', async () => {
      const server = await start();
      const more = { apiKeyOrigin: 'https://api.openai.com', headers: { 'X-Team': canaryKey } };
      assert.equal((await ask(server.baseURL, more)).end, 'stop');
      assert.ok(!JSON.stringify(server.requests[0]?.headers).includes(canaryKey));
    });
    it('is never sent over http:// beyond this machine, nor is a header with a key', async () => {
      for (const more of [{}, { ...noKey, headers: { 'X-Api-Key': canaryKey } }]) {
        const got = await ask('http://models.example.test/v1', more);
        assert.equal(got.end, 'configuration');
        assert.match(got.error?.message ?? '', /http:\/\/ would show it/);
      }
    });
    it('that cannot be read is a clear error, without its words', async () => {
      const server = await start();
      const got = await ask(server.baseURL, { apiKey: () => Promise.reject(new Error(canaryKey)) });
      assert.equal(got.end, 'configuration');
      assert.ok(!JSON.stringify(got.error).includes(canaryKey));
      assert.equal(server.requests.length, 0);
    });
    it('in a URL is refused', async () => {
      const got = await ask(`http://user:${canaryKey}@127.0.0.1:9/v1`);
      assert.equal(got.end, 'configuration');
      assert.ok(!JSON.stringify(got.error).includes(canaryKey));
    });
  });

  describe('requests', () => {
    it('carry what was configured and nothing about this machine', async () => {
      const server = await start();
      process.env['OPENAI_CUSTOM_HEADERS'] = 'X-Planted: 1';
      process.env['OPENAI_ORG_ID'] = 'org-planted';
      process.env['OPENAI_ADMIN_KEY'] = canaryKey;
      try {
        await ask(`${server.baseURL}?api-version=2024-10-21`, { ...noKey, headers: { 'X-Team': 'blue' } });
      } finally {
        for (const name of ['OPENAI_CUSTOM_HEADERS', 'OPENAI_ORG_ID', 'OPENAI_ADMIN_KEY'])
          delete process.env[name];
      }
      const [request] = server.requests;
      assert.equal(request?.path, '/v1/chat/completions?api-version=2024-10-21');
      assert.deepEqual(Object.keys(request?.headers ?? {}).toSorted(), [
        'accept',
        'accept-encoding',
        'connection',
        'content-length',
        'content-type',
        'host',
        'user-agent',
        'x-team',
      ]);
    });
    it('share one connection', async () => {
      const server = await start();
      const { settings, ports } = endpoint(server.baseURL);
      const engine = createOpenAIEngine(settings, ports);
      for (let i = 0; i < 5; i++) assert.equal((await gather(engine.chat(chatRequest(), never))).end, 'stop');
      engine.close();
      assert.equal(server.connections, 1);
    });
    it('print nothing, whatever OPENAI_LOG says', async () => {
      const server = await start();
      const printed: string[] = [];
      const spies = (['debug', 'info', 'log', 'warn', 'error'] as const).map(name => {
        const before = console[name];
        console[name] = (...words: unknown[]): void => void printed.push(`${name} ${words.join(' ')}`);
        return () => {
          console[name] = before;
        };
      });
      process.env['OPENAI_LOG'] = 'debug';
      try {
        await ask(server.baseURL);
        server.reply({ fault: 'bad-json' });
        await ask(server.baseURL);
        server.reply({ fault: 'status-500' });
        await ask(server.baseURL);
      } finally {
        delete process.env['OPENAI_LOG'];
        for (const restore of spies) restore();
      }
      assert.deepEqual(printed, []);
    });
  });

  describe('time limits', () => {
    const limits = { connectMs: 2000, firstByteMs: 2000, stallMs: 2000, totalMs: 2000 };
    let mute: Server;
    beforeEach(async () => {
      mute = createServer(socket => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
      await once(mute, 'listening');
    });
    afterEach(() => void mute.close());

    it('connect: a TLS handshake that never ends', async () => {
      const { port } = mute.address() as { port: number };
      const got = await ask(`https://127.0.0.1:${port}/v1`, { timeouts: { ...limits, connectMs: 40 } });
      assert.equal(got.end, 'timeout');
      assert.match(got.error?.message ?? '', /no connection within 0\.04 s/);
    });
    it('connect: a proxy that never opens the tunnel', async () => {
      const proxy = await startTestProxy({ targetPort: 9, connectStatus: 'silent' });
      const got = await ask('https://models.example.test/v1', {
        proxy: proxy.url,
        timeouts: { ...limits, connectMs: 40 },
      });
      assert.equal(got.end, 'timeout');
      assert.match(got.error?.message ?? '', /no connection/);
    });
    for (const [limit, fault, words] of [
      ['firstByteMs', 'hang-before-headers', /sent nothing/],
      ['firstByteMs', 'hang-after-headers', /sent nothing/],
      ['stallMs', 'stall-mid-stream', /stopped for/],
      ['totalMs', 'stall-mid-stream', /longer than/],
    ] as const)
      it(`${limit}: ${fault}`, async () => {
        const server = await start({ replies: [{ text: 'something', fault }] });
        const got = await ask(server.baseURL, { timeouts: { ...limits, [limit]: 40 } });
        assert.equal(got.end, 'timeout');
        assert.match(got.error?.message ?? '', words);
        await server.waitFor(request => request.abortedAt !== undefined);
      });
    it('total: a stream that is slow but never silent', async () => {
      const server = await start({
        replies: [{ chunks: Array.from({ length: 200 }, () => 'x '), chunkDelayMs: 5 }],
      });
      const got = await ask(server.baseURL, { timeouts: { ...limits, totalMs: 60 } });
      assert.equal(got.end, 'timeout');
      assert.match(got.error?.message ?? '', /longer than/);
    });
  });

  describe('cancelling', () => {
    for (const [name, fault] of [
      ['before the headers', 'hang-before-headers'],
      ['in mid-stream', 'stall-mid-stream'],
    ] as const)
      it(`closes the connection ${name}`, async () => {
        const server = await start({ replies: [{ text: 'something long enough', fault }] });
        const abort = new AbortController();
        const asked = ask(
          server.baseURL,
          { timeouts: { connectMs: 9000, firstByteMs: 9000, stallMs: 9000, totalMs: 9000 } },
          abort.signal,
        );
        await server.waitFor(() => true);
        abort.abort();
        assert.equal((await asked).end, 'aborted');
        await server.waitFor(request => request.abortedAt !== undefined);
      });
    it('sends nothing when it is cancelled already', async () => {
      const server = await start();
      assert.equal((await ask(server.baseURL, {}, AbortSignal.abort())).end, 'aborted');
      assert.equal(server.requests.length, 0);
    });
    it('closes the connection when the reader has had enough', async () => {
      const server = await start({ replies: [{ text: 'something long enough', fault: 'stall-mid-stream' }] });
      const { settings, ports } = endpoint(server.baseURL, {
        timeouts: { connectMs: 9000, firstByteMs: 9000, stallMs: 9000, totalMs: 9000 },
      });
      const engine = createOpenAIEngine(settings, ports);
      for await (const event of engine.chat(chatRequest(), never)) if (event.type === 'text') break;
      await server.waitFor(request => request.abortedAt !== undefined);
      engine.close();
    });
  });
});
