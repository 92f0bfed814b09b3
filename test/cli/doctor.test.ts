import { strict as assert } from 'node:assert';
import type { DoctorProbes } from '../../server/cli/context.ts';
import { Usage } from '../../server/features/usage/usage.ts';
import type { EndpointReport, Probe } from '../../server/engines/openai/probe.ts';
import { assertSnapshot, createCli, cwd, home, transcript } from './context.ts';
import type { CliOptions } from './context.ts';

const key = ['sk', 'canary', '0123456789abcdef'].join('-');
const userFile = `${home}/.config/codriver/config.jsonc`;

const goodEndpoint: EndpointReport = {
  origin: 'http://localhost:11434',
  reachable: { state: 'ok', ms: 3.4 },
  models: { state: 'ok', ms: 3.4, names: ['qwen2.5-coder:7b', 'llama3:latest'] },
  modelExists: { state: 'ok' },
  chat: { state: 'ok', ms: 210 },
  tools: { state: 'ok', ms: 250 },
  fillInMiddle: { state: 'ok', ms: 90, strategy: 'suffix' },
};

function failed(message: string): Probe {
  return { state: 'failed', ms: 1, error: { kind: 'network', message } };
}

function endpoint(report: Partial<EndpointReport>): Partial<DoctorProbes> {
  return { endpoint: () => Promise.resolve({ ...goodEndpoint, ...report }) };
}

const git = {
  run: (argv: readonly string[]) => (argv[1] === '--version' ? { stdout: 'git version 2.39.5\n' } : {}),
};
const variables = { PATH: 'relative:/usr/bin', OPENAI_API_KEY: key };
const files = {
  '/usr/bin/git': '',
  // Relative to whatever folder is current: never to be run.
  '/relative/git': '',
  '/usr/bin/nvim': '',
  '/usr/bin/hx': '',
  [userFile]:
    '{ "openai": { "baseURL": "http://localhost:11434/v1", "model": "qwen2.5-coder:7b", "headers": { "X-A": "canary" } } }',
  [`${home}/.config/nvim/lua/plugins/ai.lua`]: 'vim.lsp.enable("codriver_ls")',
  [`${home}/.config/nvim/init.lua`]: '-- nothing here',
};
const fine: CliOptions = { ...git, variables, files, trusted: [cwd], probes: endpoint({}) };

async function findingsOf(
  id: string,
  options: CliOptions,
): Promise<{ status: string; message: string; advice?: string }[]> {
  const { out } = await createCli(options).run('doctor', '--json');
  const report = JSON.parse(out) as { checks: { id: string; findings: never[] }[] };
  return report.checks.find(check => check.id === id)?.findings ?? [];
}

describe('doctor', () => {
  it('finds nothing broken where nothing is', async () => {
    const ran = await createCli(fine).run('doctor');
    assert.equal(ran.code, 0);
    assert.ok(!ran.out.includes('canary'));
    assertSnapshot('doctor-fine.txt', transcript(ran));
  });

  it('is content with a machine that has nothing but Node', async () => {
    const ran = await createCli().run('doctor');
    assert.equal(ran.code, 0);
    assertSnapshot('doctor-bare.txt', transcript(ran));
  });

  it('says everything that is broken at once, with advice', async () => {
    const ran = await createCli({
      files: {
        [userFile]: '{\n  "opnai": {},\n  "completion": { "maxLines": 0 }\n  "openai.fim": "chat"\n}',
      },
      variables: {
        OPENAI_BASE_URL: 'http://localhost:1',
        OPENAI_API_KEY: 'two words',
        CODRIVER_AUTONOMY: 'high',
      },
      nodeVersion: 'v18.20.0',
      probes: {
        ...endpoint({ reachable: failed('connection refused') }),
        localServers: () =>
          Promise.resolve([
            {
              name: 'Ollama',
              baseURL: 'http://localhost:11434/v1',
              origin: 'http://localhost:11434',
              models: ['a', 'b'],
            },
          ]),
        grammars: () =>
          Promise.resolve([{ language: 'python' }, { language: 'go', message: 'file is missing' }]),
        stateDirectory: () =>
          Promise.resolve({
            path: '/s',
            exists: true,
            writable: false,
            mode: 0o40755,
            ownedByUser: false,
          }),
      },
    }).run('doctor');
    assert.equal(ran.code, 1);
    assertSnapshot('doctor-broken.txt', transcript(ran));
  });

  const failures: readonly (readonly [string, CliOptions, string, RegExp])[] = [
    ['an old Node', { ...fine, nodeVersion: 'v20.18.3' }, 'node', /v20\.18\.3 on linux is too old/],
    [
      'a wrong setting',
      { ...fine, variables: { ...variables, CODRIVER_AUTONOMY: '7' } },
      'configuration',
      /CODRIVER_AUTONOMY must be/,
    ],
    [
      'a key that is none',
      { ...fine, variables: { ...variables, OPENAI_API_KEY: 'a b' } },
      'key',
      /does not hold a key/,
    ],
    [
      'an endpoint that is down',
      { ...fine, probes: endpoint({ reachable: failed('refused') }) },
      'endpoint',
      /does not answer: refused/,
    ],
    [
      'a model that is not there',
      { ...fine, probes: endpoint({ models: { state: 'ok', names: ['qwen2.5-coder:1b'] } }) },
      'endpoint',
      /Model qwen2\.5-coder:7b does not exist/,
    ],
    [
      'a chat that fails',
      { ...fine, probes: endpoint({ chat: failed('status 500') }) },
      'endpoint',
      /Chat: does not work: status 500/,
    ],
    [
      'a grammar that is damaged',
      {
        ...fine,
        probes: { ...fine.probes, grammars: () => Promise.resolve([{ language: 'go', message: 'bad' }]) },
      },
      'grammars',
      /go does not load: bad/,
    ],
    [
      'no grammar at all',
      { ...fine, probes: { ...fine.probes, grammars: () => Promise.resolve([]) } },
      'grammars',
      /No grammar is there/,
    ],
    [
      'a check that breaks',
      { ...fine, probes: { ...fine.probes, localServers: () => Promise.reject(new Error('EMFILE')) } },
      'localServers',
      /could not be checked: EMFILE/,
    ],
    [
      'a state folder open to others',
      {
        ...fine,
        probes: {
          ...fine.probes,
          stateDirectory: () =>
            Promise.resolve({
              path: '/s',
              exists: true,
              writable: true,
              mode: 0o700 | 0o044,
              ownedByUser: true,
            }),
        },
      },
      'state',
      /\/s is open to others \(mode 744\)/,
    ],
  ];
  for (const [name, options, id, words] of failures) {
    it(`ends with exit code 1 for ${name}, and only that is marked`, async () => {
      const cli = createCli(options);
      const { code, out } = await cli.run('doctor');
      assert.equal(code, 1);
      assert.equal(out.match(/^ {2}✗/gm)?.length, 1, out);
      const broken = (await findingsOf(id, options)).filter(({ status }) => status === 'fail');
      assert.match(broken.map(({ message }) => message).join('\n'), words);
      assert.equal(cli.machine.pendingTimers(), 0);
    });
  }

  it('warns, without failing, about what only some features need', async () => {
    const options = {
      ...fine,
      probes: endpoint({
        tools: failed('not supported'),
        fillInMiddle: failed('not supported'),
      }),
    };
    assert.equal((await createCli(options).run('doctor')).code, 0);
    const warned = (await findingsOf('endpoint', options)).filter(({ status }) => status === 'warn');
    assert.equal(warned.length, 2);
    for (const { advice } of warned) assert.ok(advice !== undefined);
    const [finding] = await findingsOf('git', { ...fine, files: {} });
    assert.deepEqual([finding?.status, finding?.message], ['warn', 'git is not on PATH.']);
    const old = { ...fine, run: () => ({ stdout: 'git version 1.8.3' }) };
    assert.equal((await findingsOf('git', old))[0]?.status, 'warn');
  });

  it('runs git from home and only from an absolute folder of PATH', async () => {
    const cli = createCli(fine);
    await cli.run('doctor');
    assert.deepEqual(cli.machine.ran, [['/usr/bin/git', '--version']]);
  });

  it('offers a server of this machine without using it', async () => {
    const server = { name: 'Ollama', baseURL: 'http://localhost:11434/v1/', origin: '', models: ['m'] };
    const probes = { localServers: () => Promise.resolve([server]) };
    const [offered] = await findingsOf('localServers', { probes });
    assert.equal(offered?.advice, 'To use it: OPENAI_BASE_URL=http://localhost:11434/v1/');
    const [used] = await findingsOf('localServers', { ...fine, probes: { ...fine.probes, ...probes } });
    assert.equal(used?.status, 'ok');
  });

  it('counts the settings of a project only when its folder is trusted', async () => {
    const project = { [`${cwd}/.codriver/config.jsonc`]: '{ "autonomy": 1 }' };
    const messages = async (trusted: readonly string[]) =>
      (await findingsOf('configuration', { files: project, trusted }))
        .map(({ message }) => message)
        .join('\n');
    assert.match(await messages([cwd]), /autonomy = 1, from the project file/);
    assert.doesNotMatch(await messages([]), /autonomy/);
  });

  it('tells which checkers a folder has, which are missing, and that none is run where nobody trusts it', async () => {
    const files = {
      [`${cwd}/tsconfig.json`]: '{}',
      [`${cwd}/node_modules/.bin/tsc`]: '',
      [`${cwd}/ruff.toml`]: '',
      [`${cwd}/a.sh`]: '',
    };
    const of = async (trusted: readonly string[]) =>
      (await findingsOf('checkers', { files, trusted })).map(({ status, message }) => `${status} ${message}`);
    assert.deepEqual(await of([cwd]), [
      `ok tsc (tsconfig.json): ${cwd}/node_modules/.bin/tsc`,
      'note ruff (ruff.toml): ruff is not installed.',
    ]);
    assert.match((await of([])).at(-1) ?? '', /None of them is run: this folder is not trusted/);
    const [nothing] = await findingsOf('checkers', {});
    assert.match(nothing?.message ?? '', /No configuration/);
  });

  it('never shows what may be a secret', async () => {
    const secret = 'canary-value';
    const options: CliOptions = {
      ...fine,
      files: {
        [userFile]: JSON.stringify({
          openai: {
            apiKeyCommand: ['echo', secret],
            proxy: `http://u:${secret}@proxy.invalid`,
            headers: { A: secret },
          },
        }),
      },
      variables: { OPENAI_API_KEY: secret + secret },
    };
    for (const flags of [[], ['--json']]) {
      const { out, err } = await createCli(options).run('doctor', ...flags);
      assert.ok(!`${out}${err}`.includes(secret));
    }
  });

  it('tells what was sent, by feature, and that the budget is used up', async () => {
    const options = { variables: { CODRIVER_BUDGET_REQUESTS_PER_DAY: '2' } };
    const cli = createCli(options);
    const usage = new Usage({ machine: cli.machine, limits: () => ({ tokensPerDay: 0, requestsPerDay: 0 }) });
    for (const feature of ['chat', 'hover']) {
      usage.requested({ feature, model: 'm' });
      usage.spent({ feature, model: 'm' }, { promptTokens: 3, completionTokens: 1, estimated: false });
    }
    await usage.settled();
    const { out } = await cli.run('doctor');
    assert.match(
      out,
      /Today: 2 requests, 8 tokens\n.*7 days: 2 requests, 8 tokens\n.*chat: 1 request, 4 tokens/,
    );
    assert.match(out, /! Today's budget of 2 requests is used up/);
  });
});
