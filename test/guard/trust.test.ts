import assert from 'node:assert/strict';
import { createTrust, mayBeTrusted, originOf, type Trust } from '../../server/guard/trust.ts';
import { createConsents } from '../../server/store/consents.ts';
import { createMemoryMachine, type MemoryMachine } from '../support/memoryMachine.ts';

function given({ machine = createMemoryMachine() }: { readonly machine?: MemoryMachine } = {}): {
  trust: Trust;
  machine: MemoryMachine;
} {
  const trust = createTrust({ grants: createConsents(machine), files: machine.files, platform: 'linux' });
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

describe('answers about endpoints', () => {
  it('are kept by origin and kind, across sessions, the last one counting', async () => {
    const { trust, machine } = given();
    await trust.answer('endpoint', 'http://localhost:11434/v1', true);
    await trust.answer('automatic', 'http://localhost:11434', true);
    await trust.answer('automatic', 'https://api.example.org:443/v1', true);
    await trust.answer('automatic', 'https://API.example.org', false);
    const later = given({ machine }).trust;
    assert.deepEqual(await later.answers('endpoint'), [{ origin: 'http://localhost:11434', yes: true }]);
    assert.deepEqual(
      [...(await later.answers('automatic'))].sort((a, b) => (a.origin < b.origin ? -1 : 1)),
      [
        { origin: 'http://localhost:11434', yes: true },
        { origin: 'https://api.example.org', yes: false },
      ],
    );
  });

  for (const url of ['https://u:p@a.example', 'file:///etc/passwd', 'javascript:alert(1)', 'not a URL', '']) {
    it(`cannot be bound to ${JSON.stringify(url)}`, async () => {
      await assert.rejects(given().trust.answer('endpoint', url, true), /no http/);
    });
  }

  it('go by the origin alone', () => {
    assert.equal(originOf('HTTPS://Api.Example.org:443/v1?x#y'), 'https://api.example.org');
    assert.equal(originOf('https://bücher.example'), 'https://xn--bcher-kva.example');
    assert.notEqual(originOf('https://api.example.orɡ/v1'), 'https://api.example.org');
    assert.notEqual(originOf('https://api.example.org.evil.example/v1'), 'https://api.example.org');
  });
});

describe('folders that may be trusted', () => {
  for (const [path, platform, may] of [
    ['/home/dev/work', 'linux', true],
    ['/home/dev/.dotfiles', 'linux', true],
    ['/home/developer', 'linux', true],
    ['/srv/project', 'linux', true],
    ['/HOME/dev', 'linux', true],
    ['/home/dev', 'linux', false],
    ['/home/dev/', 'linux', false],
    ['/home/dev/work/..', 'linux', false],
    ['/home', 'linux', false],
    ['/', 'linux', false],
    ['//', 'linux', false],
    ['relative', 'linux', false],
    ['', 'linux', false],
    ['/HOME/Dev', 'darwin', false],
  ] as const) {
    it(`${may ? 'take in' : 'leave out'} ${JSON.stringify(path)} on ${platform}`, () =>
      assert.equal(mayBeTrusted(path, '/home/dev', platform), may));
  }

  it('are those of Windows too', () => {
    const home = 'C:\\Users\\dev';
    for (const path of ['C:\\Users\\dev', 'c:/users/DEV', 'C:\\Users', 'C:\\', 'D:\\'])
      assert.equal(mayBeTrusted(path, home, 'win32'), false, path);
    for (const path of ['C:\\Users\\dev\\a', 'C:\\Users\\developer', 'D:\\a'])
      assert.equal(mayBeTrusted(path, home, 'win32'), true, path);
  });

  it('never hold a file system, whatever home is', () => {
    for (const home of ['', '/', 'relative']) assert.equal(mayBeTrusted('/', home, 'linux'), false, home);
    assert.equal(mayBeTrusted('/work/a', '', 'linux'), true);
  });
});
