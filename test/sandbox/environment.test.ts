import assert from 'node:assert/strict';
import { createNodeMachine } from '../../server/base/node.ts';
import { environmentFor } from '../../server/sandbox/environment.ts';
import { createRunner } from '../../server/sandbox/runner.ts';

/** Names under which secrets, or words that make a program run something else, are found in real environments. */
const PLANTED =
  `OPENAI_API_KEY ANTHROPIC_API_KEY CODRIVER_API_KEY AZURE_OPENAI_KEY GEMINI_API_KEY MISTRAL_API_KEY
  GITHUB_TOKEN GH_TOKEN GITLAB_TOKEN NPM_TOKEN NODE_AUTH_TOKEN PYPI_TOKEN CARGO_REGISTRY_TOKEN HF_TOKEN SLACK_TOKEN
  AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_PROFILE GOOGLE_APPLICATION_CREDENTIALS
  AZURE_CLIENT_SECRET DIGITALOCEAN_TOKEN CLOUDFLARE_API_TOKEN HEROKU_API_KEY STRIPE_SECRET_KEY DATABASE_URL
  REDIS_URL PGPASSWORD MYSQL_PWD SENTRY_AUTH_TOKEN SSH_AUTH_SOCK SSH_AGENT_PID SSH_ASKPASS GPG_AGENT_INFO
  DBUS_SESSION_BUS_ADDRESS XAUTHORITY XDG_RUNTIME_DIR DISPLAY WAYLAND_DISPLAY DOCKER_HOST KUBECONFIG VAULT_TOKEN
  HTTP_PROXY HTTPS_PROXY http_proxy NODE_OPTIONS NODE_PATH NODE_EXTRA_CA_CERTS LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT
  DYLD_INSERT_LIBRARIES PYTHONPATH PYTHONSTARTUP PERL5OPT RUBYOPT JAVA_TOOL_OPTIONS BASH_ENV ENV GIT_DIR
  GIT_SSH_COMMAND GIT_CONFIG_COUNT GIT_EXTERNAL_DIFF PAGER EDITOR LC_SECRET npm_config__auth`
    .split(/\s+/)
    .filter(Boolean);

const NEEDED: Readonly<Record<string, string>> = {
  HOME: '/home/me',
  USER: 'me',
  LOGNAME: 'me',
  LANG: 'C.UTF-8',
  LC_CTYPE: 'C.UTF-8',
  LC_ALL: 'C',
  TMPDIR: '/tmp',
  TZ: 'UTC',
  SHELL: '/bin/sh',
  GOPATH: '/home/me/go',
  CARGO_HOME: '/home/me/.cargo',
  JAVA_HOME: '/opt/java',
};

const canary = ['canary', 'of', 'a', 'secret'].join('-');
const variables = {
  ...Object.fromEntries(PLANTED.map(name => [name, canary])),
  ...NEEDED,
  PATH: '/usr/bin:/bin',
};

describe('the environment of a program that is not ours', () => {
  it('holds what it needs and nothing else, as the program itself sees it', async function () {
    if (process.platform === 'win32') this.skip();
    assert.ok(PLANTED.length >= 60);
    const machine = createNodeMachine({ level: 'error' });
    const runner = createRunner({
      ...machine,
      environment: { ...machine.environment, platform: 'linux', variables },
    });
    const ran = await runner.run(
      {
        argv: [process.execPath, '-e', 'console.log(JSON.stringify(process.env))'],
        cwd: '/',
        environment: { ADDED: '1' },
        limits: { timeMs: 20_000, outputBytes: 100_000 },
      },
      new AbortController().signal,
    );
    const { CODRIVER_RUN: mark, ...seen } = JSON.parse(ran.stdout) as Record<string, string>;
    assert.match(mark ?? '', /^[0-9a-f]{32}$/);
    assert.deepEqual(seen, { ...NEEDED, PATH: '/usr/bin:/bin', TERM: 'dumb', ADDED: '1' });
  });

  it('knows on Windows that case says nothing', () => {
    const kept = environmentFor({
      platform: 'win32',
      variables: { Path: 'C:\\bin;.;sub', systemroot: 'C:\\Windows', Home: 'C:\\me', OpenAI_API_Key: canary },
    });
    assert.deepEqual(kept, { PATH: 'C:\\bin', systemroot: 'C:\\Windows', Home: 'C:\\me', TERM: 'dumb' });
  });

  it('lets an explicit addition win', () => {
    const kept = environmentFor(
      { platform: 'linux', variables: { HOME: '/a' } },
      { HOME: '/b', TERM: 'xterm' },
    );
    assert.deepEqual(kept, { HOME: '/b', TERM: 'xterm' });
  });
});
