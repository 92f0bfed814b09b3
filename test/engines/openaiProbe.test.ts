/**
 * What the doctor learns about an endpoint, and which servers are found on this machine.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discoverLoopback } from '../../server/engines/openai/discover.ts';
import { createOpenAIEngine } from '../../server/engines/openai/engine.ts';
import { chooseModel, readModels } from '../../server/engines/openai/models.ts';
import { type EndpointReport, probeEndpoint } from '../../server/engines/openai/probe.ts';
import { canaryKey, completeRequest, endpoint, gather, never } from '../support/endpoint.ts';
import { closedPort, type ModelServer, type ProfileName, startModelServer } from '../support/modelServer.ts';

const states = (report: EndpointReport): string =>
  [report.reachable, report.models, report.modelExists, report.chat, report.tools, report.fillInMiddle]
    .map(({ state }) => state)
    .join(' ');

describe('endpoint probes', () => {
  let server: ModelServer;
  const start = async (profile: ProfileName, more = {}): Promise<void> => {
    server = await startModelServer({ profile, ...more });
    server.reply({
      route: 'chat',
      toolCalls: [{ name: 'report', arguments: '{"value":"ready"}' }],
      when: 'Call the tool',
    });
    server.reply({ route: 'chat', text: '<fill>+ second</fill>', when: 'probe.js' });
  };
  afterEach(() => server.close());

  for (const [profile, strategy] of [
    ['generic', 'suffix'],
    ['llamacpp', 'chat'],
    ['openai', 'chat'],
    ['vllm', 'chat'],
    ['ollama', 'suffix'],
    ['mistral', 'chat'],
  ] as const)
    it(`${profile}: everything works, completes by ${strategy}`, async () => {
      await start(profile);
      const { settings, ports } = endpoint(server.baseURL, { fim: 'auto' });
      const report = await probeEndpoint(settings, never, ports);
      assert.equal(states(report), 'ok ok ok ok ok ok', JSON.stringify(report));
      assert.equal(report.fillInMiddle.strategy, strategy);
      // What was found out is used from then on.
      const before = server.requests.length;
      const engine = createOpenAIEngine(settings, ports);
      await gather(engine.complete(completeRequest(), never));
      engine.close();
      assert.equal(server.requests.length, before + 1);
    });

  it('a model that is not there, with those that are', async () => {
    await start('generic', { models: ['one', 'two:latest'] });
    const { settings, ports } = endpoint(server.baseURL, { model: 'two', completionModel: 'three' });
    const report = await probeEndpoint(settings, never, ports);
    assert.equal(report.modelExists.state, 'failed');
    assert.match(report.modelExists.advice ?? '', /does not list three\. It lists: one, two:latest/);
  });

  it('a model without tools', async () => {
    await start('generic');
    server.reply({ route: 'chat', text: 'I can not do that.', when: 'Call the tool' });
    const { settings, ports } = endpoint(server.baseURL);
    const report = await probeEndpoint(settings, never, ports);
    assert.equal(report.tools.state, 'failed');
    assert.match(report.tools.advice ?? '', /does not call tools/);
  });

  it('a wrong key: one request, the rest is skipped', async () => {
    await start('generic', { apiKey: 'another' });
    const { settings, ports } = endpoint(server.baseURL);
    const report = await probeEndpoint(settings, never, ports);
    assert.equal(states(report), 'failed failed skipped skipped skipped skipped');
    assert.equal(report.reachable.error?.kind, 'authentication');
    assert.ok(!JSON.stringify(report).includes(canaryKey));
    assert.equal(server.requests.length, 1);
  });

  it('nobody there', async () => {
    await start('generic');
    const { settings, ports } = endpoint(`http://127.0.0.1:${await closedPort()}/v1`);
    const report = await probeEndpoint(settings, never, ports);
    assert.equal(states(report), 'failed failed skipped skipped skipped skipped');
    assert.match(report.reachable.advice ?? '', /nothing listens there/);
  });
});

describe('servers on this machine', () => {
  it('count when they list models, and get nothing but that question', async () => {
    const good = await startModelServer({ models: ['qwen2.5-coder:7b'] });
    const web = await startModelServer({ replies: [{ route: 'models', fault: 'html-200' }] });
    const empty = await startModelServer({ models: [] });
    const { ports } = endpoint('http://x/v1');
    const candidates = [
      { name: 'Good', port: good.port },
      { name: 'Web', port: web.port },
      { name: 'Empty', port: empty.port },
      { name: 'Closed', port: await closedPort() },
    ];
    const found = await discoverLoopback(ports, never, candidates);
    assert.deepEqual(found, [
      { name: 'Good', baseURL: good.baseURL, origin: good.origin, models: ['qwen2.5-coder:7b'] },
    ]);
    for (const server of [good, web, empty]) {
      assert.deepEqual(
        server.requests.map(({ method, path, text }) => `${method} ${path} ${text}`),
        ['GET /v1/models '],
      );
      assert.equal(server.requests[0]?.headers.authorization, undefined);
      await server.close();
    }
  });

  it('reads lists of models in several forms', () => {
    assert.deepEqual(readModels('{"data":[{"id":"a"},{"id":"b"}]}'), ['a', 'b']);
    assert.deepEqual(readModels('{"models":[{"name":"a"}]}'), ['a']);
    assert.deepEqual(readModels('[{"id":"a"},"b",null,7]'), ['a', 'b']);
    for (const wrong of ['', '<html>', '{}', '{"data":7}', 'null'])
      assert.equal(readModels(wrong), undefined);
    assert.equal(chooseModel(['text-embedding-3', 'whisper-1', 'writer']), 'writer');
  });
});

describe('the scripted model server as a program', () => {
  it('tells its address and ends with its input', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'codriver-script-'));
    const script = join(directory, 'script.json');
    writeFileSync(
      script,
      JSON.stringify({
        profile: 'ollama',
        models: ['m'],
        replies: [{ route: 'chat', text: 'from the file' }],
      }),
    );
    const program = new URL('../support/modelServer.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, ['--import', 'tsx', program, '--script', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { baseURL } = JSON.parse(line.toString()) as { baseURL: string };
    const { settings, ports } = endpoint(baseURL, { fim: 'chat' });
    const engine = createOpenAIEngine(settings, ports);
    assert.equal((await gather(engine.complete(completeRequest(), never))).text, 'from the file');
    engine.close();
    child.stdin.end();
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 0);
    rmSync(directory, { recursive: true });
  });
});
