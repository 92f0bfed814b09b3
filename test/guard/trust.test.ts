import assert from 'node:assert/strict';
import { createTrust, inProcess, isLoopback, originOf, type Trust } from '../../server/guard/trust.ts';
import { createConsents } from '../../server/store/consents.ts';
import { createMemoryMachine, type MemoryMachine } from '../support/memoryMachine.ts';

interface Given {
  readonly userEndpoints?: readonly string[];
  readonly automatic?: 'ask' | 'allow' | 'deny';
  readonly machine?: MemoryMachine;
}

function given({ userEndpoints = [], automatic = 'ask', machine = createMemoryMachine() }: Given = {}): {
  trust: Trust;
  machine: MemoryMachine;
} {
  const trust = createTrust({
    grants: createConsents(machine),
    files: machine.files,
    platform: 'linux',
    userEndpoints: () => userEndpoints,
    automaticSetting: () => automatic,
  });
  return { trust, machine };
}

const files = {
  '/home/dev/work/a/x.ts': 'x',
  '/home/dev/work/a/vendor/y.ts': 'y',
  '/home/dev/work-evil/z.ts': 'z',
  '/link': { link: '/home/dev/work/a' },
};

describe('trusted folders', () => {
  it('needs the person’s word, and remembers it across sessions', async () => {
    const { trust, machine } = given({ machine: createMemoryMachine({ files }) });
    assert.equal(await trust.folderTrusted('/home/dev/work/a'), false);
    await trust.trustFolder('/home/dev/work/a');
    const later = given({ machine }).trust;
    for (const path of ['/home/dev/work/a', '/home/dev/work/a/vendor', '/link', '/link/vendor/y.ts']) {
      assert.equal(await later.folderTrusted(path), true, path);
    }
    for (const path of ['/home/dev/work', '/home/dev/work-evil', '/home/dev/work/ab', '/']) {
      assert.equal(await later.folderTrusted(path), false, path);
    }
  });

  it('goes by the real folder, not by the name it was opened under', async () => {
    const { trust, machine } = given({ machine: createMemoryMachine({ files }) });
    await trust.trustFolder('/link');
    assert.equal(await trust.folderTrusted('/home/dev/work/a'), true);
    machine.plant('/link', { link: '/home/dev/work-evil' });
    assert.equal(await trust.folderTrusted('/link'), false);
  });

  it('can be taken back, also for one folder inside a trusted one', async () => {
    const { trust } = given({ machine: createMemoryMachine({ files }) });
    await trust.trustFolder('/home/dev/work/a');
    await trust.distrustFolder('/home/dev/work/a/vendor');
    assert.equal(await trust.folderTrusted('/home/dev/work/a/vendor/y.ts'), false);
    assert.equal(await trust.folderTrusted('/home/dev/work/a/x.ts'), true);
    await trust.trustFolder('/home/dev/work/a/vendor');
    assert.equal(await trust.folderTrusted('/home/dev/work/a/vendor'), true);
    await trust.distrustFolder('/home/dev/work/a');
    assert.equal(await trust.folderTrusted('/home/dev/work/a'), false);
  });

  it('takes nothing from the repository', async () => {
    const planted = {
      ...files,
      '/home/dev/work/a/.codriver/consents/x.json': '{"granted":true}',
      '/home/dev/work/a/.local/state/codriver/consents/x.json': '{"granted":true}',
    };
    const { trust } = given({ machine: createMemoryMachine({ files: planted }) });
    assert.equal(await trust.folderTrusted('/home/dev/work/a'), false);
  });
});

describe('endpoints', () => {
  it('accepts what the user’s own sources name, for explicit actions', async () => {
    const { trust } = given({ userEndpoints: ['https://api.example.org/v1'] });
    assert.equal(await trust.endpointAccepted('https://api.example.org/v1/chat'), 'yes');
    assert.equal(await trust.endpointAccepted('https://api.example.org:443'), 'yes');
    assert.equal(await trust.automaticAllowed('https://api.example.org/v1'), 'ask');
  });

  const strangers = [
    'http://api.example.org/v1',
    'https://api.example.org:8443/v1',
    'https://api.example.org.evil.example/v1',
    'https://evil.example/api.example.org',
    'https://api.example.org@evil.example/',
    'https://api.example.orɡ/v1',
    'https://API.example.org./v1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not a URL',
    '',
  ];
  for (const url of strangers) {
    it(`does not mistake ${JSON.stringify(url)} for an accepted origin`, async () => {
      const { trust } = given({ userEndpoints: ['https://api.example.org/v1'], automatic: 'allow' });
      assert.notEqual(await trust.endpointAccepted(url), 'yes');
      assert.notEqual(await trust.automaticAllowed(url), 'yes');
    });
  }

  it('sends automatically only after its own answer, per origin, and never without the endpoint accepted', async () => {
    const { trust, machine } = given();
    const url = 'http://localhost:11434/v1';
    await trust.answerAutomatic(url, true);
    assert.equal(await trust.automaticAllowed(url), 'ask');
    await trust.answerEndpoint(url, true);
    assert.equal(await trust.automaticAllowed(url), 'yes');
    assert.equal(await trust.automaticAllowed('http://localhost:8080'), 'ask');
    assert.equal(await given({ machine }).trust.automaticAllowed(url), 'yes');
    await trust.answerEndpoint(url, false);
    assert.equal(await trust.automaticAllowed(url), 'no');
  });

  it('lets the user’s setting decide instead of the question', async () => {
    const userEndpoints = ['https://a.example'];
    assert.equal(
      await given({ userEndpoints, automatic: 'allow' }).trust.automaticAllowed('https://a.example'),
      'yes',
    );
    const denied = given({ userEndpoints, automatic: 'deny' }).trust;
    await denied.answerAutomatic('https://a.example', true);
    assert.equal(await denied.automaticAllowed('https://a.example'), 'no');
    assert.equal(await denied.automaticAllowed(inProcess), 'yes');
  });

  it('refuses to bind an answer to something that is no origin', async () => {
    await assert.rejects(given().trust.answerEndpoint('https://u:p@a.example', true), /no http/);
  });

  it('knows origins and loopback', () => {
    assert.equal(originOf('HTTPS://Api.Example.org:443/v1?x#y'), 'https://api.example.org');
    assert.equal(originOf('https://bücher.example'), 'https://xn--bcher-kva.example');
    for (const url of ['http://localhost:1', 'http://127.0.0.1', 'http://127.9.9.9:8', 'http://[::1]:3']) {
      assert.equal(isLoopback(url), true, url);
    }
    for (const url of [
      'http://localhost.evil.example',
      'http://127.0.0.1.evil.example',
      'http://0.0.0.0',
      'http://10.0.0.1',
      'x',
    ]) {
      assert.equal(isLoopback(url), false, url);
    }
  });
});
