/**
 * Certificates and proxies: which are accepted, which way a request takes, and that no key leaves before the other
 * side has shown who it is.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenAIEngine } from '../../server/engines/openai/engine.ts';
import { proxyFor, proxyFromEnvironment } from '../../server/engines/openai/proxy.ts';
import type { OpenAISettings } from '../../server/engines/openai/settings.ts';
import { type Certificate, createCertificate } from '../support/certificate.ts';
import { canaryKey, chatRequest, endpoint, type Gathered, gather, never } from '../support/endpoint.ts';
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

describe('openai routes', () => {
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

  describe('TLS', () => {
    let directory: string;
    let authority: Certificate;
    let caFile: string;
    before(() => {
      directory = mkdtempSync(join(tmpdir(), 'codriver-tls-'));
      authority = createCertificate({ name: 'Test Authority', authority: true });
      caFile = join(directory, 'ca.pem');
      writeFileSync(caFile, authority.cert);
      writeFileSync(join(directory, 'not.pem'), 'hello');
    });
    after(() => rmSync(directory, { recursive: true }));
    const leaf = (more: Partial<Parameters<typeof createCertificate>[0]> = {}): Certificate =>
      createCertificate({
        name: 'leaf',
        hosts: ['127.0.0.1', 'models.example.test'],
        issuer: authority,
        ...more,
      });

    it('works with a CA file', async () => {
      const server = await start({ tls: leaf() });
      assert.equal((await ask(server.baseURL, { caFile })).end, 'stop');
    });
    for (const [name, certificate, withCA, words] of [
      ['an unknown authority', () => leaf(), false, /nobody this machine trusts/],
      [
        'a self-signed certificate',
        () => createCertificate({ name: 'self', hosts: ['127.0.0.1'] }),
        false,
        /nobody this machine trusts/,
      ],
      ['an expired certificate', () => leaf({ validFrom: -10, validTo: -1 }), true, /has expired/],
      [
        'a certificate of another host',
        () => leaf({ hosts: ['other.example.test'] }),
        true,
        /another host name/,
      ],
      ['a certificate that is not valid yet', () => leaf({ validFrom: 5 }), true, /No secure connection/],
    ] as const)
      it(`refuses ${name}, and the key is not sent`, async () => {
        const server = await start({ tls: certificate() });
        process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
        try {
          const got = await ask(server.baseURL, withCA ? { caFile } : {});
          assert.equal(got.end, 'tls', got.error?.message);
          assert.match(got.error?.message ?? '', words);
          assert.equal(server.requests.length, 0);
        } finally {
          delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
        }
      });
    it('says so when the other side speaks plain HTTP', async () => {
      const server = await start();
      const got = await ask(server.baseURL.replace('http:', 'https:'));
      assert.equal(got.end, 'tls');
      assert.match(got.error?.message ?? '', /http:\/\/ instead/);
    });
    for (const file of ['missing.pem', 'not.pem'])
      it(`an unusable CA file (${file}) is a configuration error`, async () => {
        const got = await ask('https://127.0.0.1:9/v1', { caFile: join(directory, file) });
        assert.equal(got.end, 'configuration');
        assert.match(got.error?.message ?? '', /CA file setting/);
      });

    describe('through a proxy', () => {
      it('tunnels, checks the certificate of the target, and keeps the tunnel', async () => {
        const server = await start({ tls: leaf() });
        const proxy = await startTestProxy({ targetPort: server.port, login: 'me:pässword' });
        const { settings, ports } = endpoint('https://models.example.test/v1', {
          proxy: proxy.url.replace('//', `//me:${encodeURIComponent('pässword')}@`),
          caFile,
        });
        const engine = createOpenAIEngine(settings, ports);
        for (let i = 0; i < 3; i++)
          assert.equal((await gather(engine.chat(chatRequest(), never))).end, 'stop');
        engine.close();
        assert.deepEqual(
          proxy.seen.map(({ line }) => line),
          ['CONNECT models.example.test:443'],
        );
        assert.ok(!JSON.stringify(proxy.seen).includes(canaryKey));
      });
      it('refuses a wrong certificate there too', async () => {
        const server = await start({ tls: leaf({ hosts: ['other.example.test'] }) });
        const proxy = await startTestProxy({ targetPort: server.port });
        const got = await ask('https://models.example.test/v1', { proxy: proxy.url, caFile });
        assert.equal(got.end, 'tls');
        assert.equal(server.requests.length, 0);
      });
    });
  });

  describe('proxies', () => {
    const far = 'http://models.example.test/v1';
    it('take plain http in absolute form, with their login', async () => {
      const server = await start();
      const proxy = await startTestProxy({ targetPort: server.port, login: 'me:secret' });
      const got = await ask(far, { ...noKey, proxy: proxy.url.replace('//', '//me:secret@') });
      assert.equal(got.end, 'stop');
      assert.deepEqual(
        proxy.seen.map(({ line }) => line),
        ['POST http://models.example.test/v1/chat/completions'],
      );
      assert.equal(server.requests[0]?.headers.host, 'models.example.test');
    });
    for (const url of [far, far.replace('http:', 'https:')])
      it(`without their login are a clear error (${url.slice(0, 5)})`, async () => {
        const proxy = await startTestProxy({ targetPort: 9, login: 'me:secret' });
        const got = await ask(url, { ...noKey, proxy: proxy.url });
        assert.equal(got.end, 'configuration');
        assert.match(got.error?.message ?? '', new RegExp(`proxy ${proxy.host} asks for a user name`));
      });
    it('that refuse the tunnel are named', async () => {
      const proxy = await startTestProxy({ targetPort: 9, connectStatus: 403 });
      const got = await ask(far.replace('http:', 'https:'), { proxy: proxy.url });
      assert.equal(got.end, 'network');
      assert.match(got.error?.message ?? '', /did not open a connection \(status 403\)/);
    });
    it('are not used for loopback', async () => {
      const server = await start();
      const proxy = await startTestProxy({ targetPort: server.port });
      assert.equal((await ask(server.baseURL, { proxy: proxy.url })).end, 'stop');
      assert.equal(proxy.seen.length, 0);
    });
    it('of an unusable kind are a configuration error', async () => {
      const got = await ask(far, { ...noKey, proxy: 'socks5://127.0.0.1:1080' });
      assert.equal(got.end, 'configuration');
    });

    const p = 'http://proxy.example:3128';
    for (const [target, noProxy, direct] of [
      ['https://api.example.com/v1', '', false],
      ['https://api.example.com/v1', '*', true],
      ['https://api.example.com/v1', 'example.com', true],
      ['https://api.example.com/v1', '.example.com', true],
      ['https://api.example.com/v1', '*.example.com', true],
      ['https://api.example.com/v1', 'ample.com', false],
      ['https://example.com/v1', '.example.com', true],
      ['https://api.example.com/v1', 'a.org, API.EXAMPLE.COM', true],
      ['https://api.example.com/v1', 'api.example.com:443', true],
      ['https://api.example.com/v1', 'api.example.com:8443', false],
      ['https://api.example.com:8443/v1', 'api.example.com:8443', true],
      ['http://10.1.2.3:8000/v1', '10.0.0.0/8', true],
      ['http://11.1.2.3:8000/v1', '10.0.0.0/8', false],
      ['http://10.1.2.3:8000/v1', '10.1.2.3', true],
      ['http://[fd00::1]:8000/v1', 'fd00::1', true],
      ['http://[::1]:8000/v1', '', true],
      ['http://127.9.9.9:8000/v1', '', true],
      ['http://localhost:8000/v1', '', true],
      ['http://localhost.evil.example/v1', '', false],
    ] as const)
      it(`${target} with NO_PROXY "${noProxy}" ${direct ? 'goes directly' : 'takes the proxy'}`, () => {
        assert.equal(proxyFor(new URL(target), { proxy: p, noProxy })?.href, direct ? undefined : `${p}/`);
      });
    it('are read from the environment by protocol, lower case first', () => {
      const variables = {
        https_proxy: 'a',
        HTTPS_PROXY: 'b',
        HTTP_PROXY: 'c',
        ALL_PROXY: 'd',
        NO_PROXY: 'e',
      };
      assert.deepEqual(proxyFromEnvironment(variables, 'https://x'), { proxy: 'a', noProxy: 'e' });
      assert.deepEqual(proxyFromEnvironment(variables, 'http://x'), { proxy: 'c', noProxy: 'e' });
      assert.deepEqual(proxyFromEnvironment({ ALL_PROXY: 'd' }, 'http://x'), { proxy: 'd' });
      assert.deepEqual(proxyFromEnvironment({ HTTPS_PROXY: '' }, 'https://x'), {});
    });
  });
});
