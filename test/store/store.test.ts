import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeMachine } from '../../server/base/node.ts';
import type { Machine } from '../../server/base/ports.ts';
import { createCache } from '../../server/store/cache.ts';
import { createConsents } from '../../server/store/consents.ts';
import { storeDirectories } from '../../server/store/directories.ts';
import { createMemoryMachine, type MemoryMachine } from '../support/memoryMachine.ts';

const directory = '/home/dev/.local/state/codriver/consents';

function consentFiles(machine: MemoryMachine): string[] {
  return machine.pathsUnder(directory).filter(path => path.endsWith('.json'));
}

describe('store directories', () => {
  const environment = createMemoryMachine().environment;
  it('follow XDG and ignore relative values', () => {
    assert.deepEqual(storeDirectories(environment), {
      state: '/home/dev/.local/state/codriver',
      cache: '/home/dev/.cache/codriver',
    });
    const variables = { XDG_STATE_HOME: '/s', XDG_CACHE_HOME: './here' };
    assert.deepEqual(storeDirectories({ ...environment, variables }), {
      state: '/s/codriver',
      cache: '/home/dev/.cache/codriver',
    });
  });
});

describe('consents', () => {
  it('outlive the session, and can be forgotten and purged', async () => {
    const machine = createMemoryMachine();
    const consents = createConsents(machine);
    assert.equal(await consents.get('folder', '/w'), undefined);
    assert.deepEqual(machine.pathsUnder('/home'), [], 'asking writes nothing');
    await consents.set('folder', '/w', 'granted');
    await consents.set('endpoint', '/w', 'denied');
    const later = createConsents(machine);
    assert.equal(await later.get('folder', '/w'), 'granted');
    assert.equal(await later.get('endpoint', '/w'), 'denied');
    assert.deepEqual(await later.list('folder'), [{ key: '/w', answer: 'granted' }]);
    await later.forget('folder', '/w');
    assert.equal(await consents.get('folder', '/w'), undefined);
    await later.purge();
    assert.deepEqual(machine.pathsUnder('/home'), []);
    assert.equal(await consents.get('endpoint', '/w'), undefined);
  });

  it('of two servers writing at once are all kept', async () => {
    const machine = createMemoryMachine();
    const servers = Array.from({ length: 10 }, () => createConsents(machine));
    await Promise.all(
      servers.flatMap((server, s) =>
        Array.from({ length: 50 }, (_, i) => server.set('folder', `/w/${s}/${i}`, 'granted')),
      ),
    );
    assert.equal((await createConsents(machine).list('folder')).length, 500);
  });

  const damages: readonly (readonly [string, (text: string) => string | Uint8Array])[] = [
    ['empty', () => ''],
    ['cut', text => text.slice(0, -12)],
    ['another answer', text => text.replace('denied', 'granted')],
    ['another key', text => text.replace('/w/0', '/w/1')],
    ['no checksum', text => text.replace(/"checksum":"\w+",/, '')],
    ['an array', () => '[]'],
    ['null', () => 'null'],
    ['binary', () => Uint8Array.from([0, 1, 2, 255])],
    ['huge', text => text + ' '.repeat(2 ** 20)],
  ];
  for (const [name, damage] of damages) {
    it(`damaged (${name}): noticed, said once, kept aside, the others hold`, async () => {
      const machine = createMemoryMachine();
      await createConsents(machine).set('folder', '/w/0', 'denied');
      const [path = ''] = consentFiles(machine);
      await createConsents(machine).set('folder', '/other', 'granted');
      machine.plant(path, damage(machine.textOf(path) ?? ''));
      const consents = createConsents(machine);
      assert.equal(await consents.get('folder', '/w/0'), undefined);
      assert.equal(await consents.get('folder', '/w/1'), undefined);
      assert.deepEqual(await consents.list('folder'), [{ key: '/other', answer: 'granted' }]);
      assert.equal(machine.logged.filter(({ level }) => level === 'warn').length, 1);
      assert.match(machine.logged[0]?.message ?? '', /is not used/);
      if (name !== 'huge') assert.ok(machine.pathsUnder(directory).includes(`${path}.damaged`));
      await consents.set('folder', '/w/0', 'granted');
      assert.equal(await consents.get('folder', '/w/0'), 'granted');
    });
  }

  it('copied under the name of another are not believed', async () => {
    const machine = createMemoryMachine();
    await createConsents(machine).set('folder', '/mine', 'granted');
    const text = machine.textOf(consentFiles(machine)[0] ?? '') ?? '';
    machine.plant(`${directory}/${'0'.repeat(32)}.json`, text);
    assert.equal((await createConsents(machine).list('folder')).length, 1);
    assert.match(machine.logged[0]?.message ?? '', /name of another/);
  });

  it('of a newer version are left in place and not used', async () => {
    const machine = createMemoryMachine();
    await createConsents(machine).set('folder', '/w', 'granted');
    const [path = ''] = consentFiles(machine);
    machine.plant(path, (machine.textOf(path) ?? '').replace('"version":1', '"version":2'));
    assert.equal(await createConsents(machine).get('folder', '/w'), undefined);
    assert.ok(machine.textOf(path)?.includes('"version":2'));
  });

  it('hold for the session where the directory is not to be trusted, and say so', async () => {
    const machine = createMemoryMachine({
      files: { '/elsewhere/x': 'x', [directory]: { link: '/elsewhere' } },
    });
    const consents = createConsents(machine);
    assert.equal(await consents.persistent(), false);
    await consents.set('folder', '/w', 'granted');
    assert.equal(await consents.get('folder', '/w'), 'granted');
    assert.deepEqual(await consents.list('folder'), [{ key: '/w', answer: 'granted' }]);
    assert.equal(await createConsents(machine).get('folder', '/w'), undefined);
    assert.match(machine.logged[0]?.message ?? '', /this session only/);
    assert.deepEqual(machine.pathsUnder('/elsewhere'), ['/elsewhere/x']);
  });

  it('planted in a directory behind a link are not read', async () => {
    const honest = createMemoryMachine();
    await createConsents(honest).set('folder', '/w', 'granted');
    const planted = Object.fromEntries(
      consentFiles(honest).map(path => [path.replace(directory, '/evil'), honest.textOf(path) ?? '']),
    );
    const machine = createMemoryMachine({ files: { ...planted, [directory]: { link: '/evil' } } });
    assert.equal(await createConsents(machine).get('folder', '/w'), undefined);
  });
});

describe('cache', () => {
  it('remembers, forgets by age, and purges', async () => {
    const machine = createMemoryMachine();
    const cache = createCache(machine, { name: 'probes', maxAgeMs: 1000 });
    await cache.set('a', { fim: 'suffix' });
    assert.deepEqual(await createCache(machine, { name: 'probes' }).get('a'), { fim: 'suffix' });
    await machine.advance(1001);
    assert.equal(await cache.get('a'), undefined);
    await cache.set('canary', 'canary');
    await cache.remove('a');
    await cache.purge();
    assert.deepEqual(machine.pathsUnder('/home'), []);
    assert.throws(() => createCache(machine, { name: '../x' }));
  });

  it('keeps its cap, dropping the oldest', async () => {
    const machine = createMemoryMachine();
    const maxBytes = 40_000;
    const cache = createCache(machine, { name: 'hovers', maxBytes });
    for (let i = 0; i < 400; i++) {
      await cache.set(`key ${i}`, 'x'.repeat(500));
      await machine.advance(1);
    }
    const sizes = machine.pathsUnder('/home').map(path => machine.textOf(path)?.length ?? 0);
    const total = sizes.reduce((a, b) => a + b, 0);
    assert.ok(total <= maxBytes, `${total}`);
    assert.ok(total > maxBytes / 3, 'it does not throw everything away');
    assert.equal(await cache.get('key 399'), 'x'.repeat(500));
    assert.equal(await cache.get('key 0'), undefined);
  });

  it('refuses what would fill it alone, and survives values that are no JSON', async () => {
    const machine = createMemoryMachine();
    const cache = createCache(machine, { name: 'hovers', maxBytes: 1000 });
    await cache.set('big', 'x'.repeat(900));
    await cache.set('nothing', undefined);
    assert.equal(await cache.get('big'), undefined);
    assert.equal(await cache.get('nothing'), undefined);
  });

  it('sweeps temporary files that a killed server left', async () => {
    const machine = createMemoryMachine({
      files: { '/home/dev/.cache/codriver/p/.a.json.1.ff.tmp': 'half' },
    });
    const cache = createCache(machine, { name: 'p' });
    await machine.advance(2 * 60 * 60 * 1000);
    await cache.set('a', 1);
    assert.ok(machine.pathsUnder('/home').every(path => !path.endsWith('.tmp')));
  });

  it('is off, not broken, where nothing can be written', async () => {
    const machine = createMemoryMachine({ files: { '/home/dev/.cache/codriver/p': { link: '/x' } } });
    const cache = createCache(machine, { name: 'p' });
    await cache.set('a', 1);
    assert.equal(await cache.get('a'), undefined);
    assert.equal(machine.logged.length, 1);
  });
});

describe('store on the real machine', () => {
  it('is private whatever the umask, and shared by two servers', async function () {
    if (process.platform === 'win32') this.skip();
    const home = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'codriver-store-')));
    const umask = process.umask(0);
    try {
      const real = createNodeMachine({ level: 'error' });
      const machine: Machine = { ...real, environment: { ...real.environment, home, variables: {} } };
      const [one, two] = [createConsents(machine), createConsents(machine)];
      await Promise.all([
        ...Array.from({ length: 20 }, (_, i) => one.set('folder', `/one/${i}`, 'granted')),
        ...Array.from({ length: 20 }, (_, i) => two.set('folder', `/two/${i}`, 'granted')),
        ...Array.from({ length: 20 }, () => two.set('folder', '/both', 'granted')),
      ]);
      assert.equal((await two.list('folder')).length, 41);
      const state = join(home, '.local/state/codriver/consents');
      assert.equal(fs.statSync(state).mode & 0o777, 0o700);
      for (const name of fs.readdirSync(state)) {
        assert.equal(fs.statSync(join(state, name)).mode & 0o777, 0o600, name);
      }
    } finally {
      process.umask(umask);
      fs.rmSync(home, { recursive: true });
    }
  });
});
