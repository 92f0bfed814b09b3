/** Stored snapshots: what is damaged, cut, foreign or another's is never used, and two writers do no harm. */
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createNodeMachine } from '../../server/base/node.ts';
import { createSnapshots } from '../../server/store/snapshots.ts';
import type { Snapshot, SnapshotOptions } from '../../server/store/snapshots.ts';
import { createMemoryMachine } from '../support/memoryMachine.ts';
import type { MemoryMachine } from '../support/memoryMachine.ts';

const options: SnapshotOptions = {
  name: 'index',
  version: '1',
  maxBytes: 100_000,
  maxTotalBytes: 300_000,
  breathe: async () => {},
};
const folder = '/home/dev/.cache/codriver/index';
const sample: Snapshot = {
  meta: { files: ['/w/a.ts'], note: 'grüße' },
  arrays: [
    Uint8Array.of(1, 2, 3),
    Uint16Array.of(1, 65_535),
    Uint32Array.of(0xffffffff, 7, 8),
    Float64Array.of(1.5, -2),
    new Uint8Array(0),
  ],
};

const storeOn = (machine: MemoryMachine, changed: Partial<SnapshotOptions> = {}) =>
  createSnapshots(machine, { ...options, ...changed });
const fileOn = (machine: MemoryMachine): string => {
  const [path = ''] = machine.pathsUnder(folder).filter(each => each.endsWith('.snapshot'));
  return path;
};
const bytesOn = async (machine: MemoryMachine): Promise<Uint8Array> =>
  Uint8Array.from((await machine.files.readBytes(fileOn(machine), 1e6)) ?? []);

describe('snapshots', () => {
  it('come back as they were', async () => {
    const machine = createMemoryMachine();
    assert.equal(await storeOn(machine).load('k'), undefined);
    assert.equal(await storeOn(machine).save('k', sample), true);
    assert.deepEqual(await storeOn(machine).load('k'), sample);
    assert.equal(await storeOn(machine).load('other'), undefined);
  });

  it('come back whatever they hold', async () => {
    const array = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.uint16Array({ maxLength: 40 }),
      fc.uint32Array({ maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.array(array, { maxLength: 6 }),
        fc.jsonValue(),
        async (key, arrays, meta) => {
          const machine = createMemoryMachine();
          const plain: unknown = JSON.parse(JSON.stringify(meta));
          await storeOn(machine).save(key, { meta: plain, arrays });
          const found = await storeOn(machine).load(key);
          assert.deepEqual(found?.meta, plain);
          assert.deepEqual(
            found?.arrays.map(each => [...each]),
            arrays.map(each => [...each]),
          );
        },
      ),
      { seed: 1, numRuns: 60 },
    );
  });

  describe('that are damaged are not used', () => {
    /** Every way in which a file goes bad that we could think of, by name. */
    const damage: Record<string, (bytes: Uint8Array) => Uint8Array> = {
      'is empty': () => new Uint8Array(0),
      'is text': () => new TextEncoder().encode('{}'),
      'is zeros': bytes => new Uint8Array(bytes.length),
      'is ones': bytes => new Uint8Array(bytes.length).fill(255),
      'is another format': bytes => bytes.with(8, 2),
      'is the format of the far future': bytes => bytes.with(11, 9),
      'has no magic': bytes => bytes.with(0, 0),
      'has a long head': bytes => bytes.with(13, 255),
      'has an endless head': bytes => bytes.with(15, 255),
      'has a short head': bytes => bytes.with(12, 2),
      'lost its first byte': bytes => bytes.slice(1),
      'got a byte more': bytes => Uint8Array.of(...bytes, 0),
      'is there twice': bytes => Uint8Array.of(...bytes, ...bytes),
      'has its halves swapped': bytes =>
        Uint8Array.of(...bytes.slice(bytes.length >> 1), ...bytes.slice(0, bytes.length >> 1)),
      'has a block of zeros': bytes => bytes.map((byte, i) => (i >= 64 && i < 80 ? 0 : byte)),
      'has a lost block': bytes => Uint8Array.of(...bytes.slice(0, 64), ...bytes.slice(80)),
      ...Object.fromEntries(
        [16, 17, 30, 46, 47, 48, 49, 60, 90, 100, 110, 120, 130, 140, 150, 160].map(at => [
          `has another byte ${at}`,
          (bytes: Uint8Array) => bytes.with(at, (bytes[at] ?? 0) ^ 0x55),
        ]),
      ),
      'has another last byte': bytes => bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1),
    };
    assert.ok(Object.keys(damage).length >= 30);
    for (const [what, hurt] of Object.entries(damage)) {
      it(what, async () => {
        const machine = createMemoryMachine();
        await storeOn(machine).save('k', sample);
        machine.plant(fileOn(machine), hurt(await bytesOn(machine)));
        assert.equal(await storeOn(machine).load('k'), undefined);
        assert.match(
          machine.logged.map(each => each.message).join('\n'),
          /is not used; what it held is made anew/,
        );
        // And nothing is in the way of a new one.
        assert.equal(await storeOn(machine).save('k', sample), true);
        assert.deepEqual(await storeOn(machine).load('k'), sample);
      });
    }

    it('is cut anywhere', async () => {
      const machine = createMemoryMachine();
      await storeOn(machine).save('k', sample);
      const bytes = await bytesOn(machine);
      const path = fileOn(machine);
      for (let length = 0; length < bytes.length; length++) {
        machine.plant(path, bytes.slice(0, length));
        assert.equal(await storeOn(machine).load('k'), undefined, `${length} bytes`);
      }
    });

    it('has any byte changed', async () => {
      const machine = createMemoryMachine();
      await storeOn(machine).save('k', sample);
      const bytes = await bytesOn(machine);
      const path = fileOn(machine);
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
          machine.plant(path, bytes.with(at, (bytes[at] ?? 0) ^ change));
          assert.equal(await storeOn(machine).load('k'), undefined);
        }),
        { seed: 1, numRuns: 200 },
      );
    });
  });

  it('of another version are left alone and replaced by the next save', async () => {
    const machine = createMemoryMachine();
    await storeOn(machine, { version: '2' }).save('k', sample);
    assert.equal(await storeOn(machine).load('k'), undefined);
    assert.match(machine.logged[0]?.message ?? '', /is from another version/);
    assert.deepEqual(
      await storeOn(machine, { version: '2' }).load('k'),
      sample,
      'it is still there for the other',
    );
    await storeOn(machine).save('k', sample);
    assert.deepEqual(await storeOn(machine).load('k'), sample);
    assert.equal(machine.pathsUnder(folder).filter(each => each.endsWith('.snapshot')).length, 1);
  });

  it('under the name of another are not used', async () => {
    const machine = createMemoryMachine();
    await storeOn(machine).save('a', sample);
    const bytes = await bytesOn(machine);
    machine.uproot(fileOn(machine));
    await storeOn(machine).save('b', sample);
    machine.plant(fileOn(machine), bytes);
    assert.equal(await storeOn(machine).load('b'), undefined);
  });

  it('are bounded each, and those written longest ago go when all are too many', async () => {
    const machine = createMemoryMachine();
    const large: Snapshot = { meta: null, arrays: [new Uint8Array(90_000)] };
    assert.equal(
      await storeOn(machine).save('huge', { meta: null, arrays: [new Uint8Array(100_000)] }),
      false,
    );
    for (const key of ['a', 'b', 'c']) {
      await storeOn(machine).save(key, large);
      await machine.advance(1000);
    }
    await storeOn(machine).save('a', large);
    await machine.advance(1000);
    await storeOn(machine).save('d', large);
    const there = async (key: string): Promise<boolean> => (await storeOn(machine).load(key)) !== undefined;
    assert.deepEqual(await Promise.all(['a', 'b', 'c', 'd', 'huge'].map(there)), [
      true,
      false,
      true,
      true,
      false,
    ]);
  });

  it('abandoned half-way leave nothing for long', async () => {
    const machine = createMemoryMachine();
    machine.plant(`${folder}/.x.snapshot.1.tmp`, 'half');
    await storeOn(machine).save('k', sample);
    assert.equal(machine.textOf(`${folder}/.x.snapshot.1.tmp`), 'half', 'somebody may be writing it now');
    await machine.advance(2 * 60 * 60 * 1000);
    await storeOn(machine).save('k', sample);
    assert.equal(machine.textOf(`${folder}/.x.snapshot.1.tmp`), undefined);
  });

  it('that cannot be written are not an error', async () => {
    const machine = createMemoryMachine({ files: { '/home/dev/.cache/codriver/index': 'in the way' } });
    assert.equal(await storeOn(machine).save('k', sample), false);
    assert.equal(await storeOn(machine).load('k'), undefined);
    assert.match(machine.logged[0]?.message ?? '', /Nothing is kept/);
  });

  it('are private, and survive two writers at once', async function () {
    if (process.platform === 'win32') this.skip();
    const home = fs.mkdtempSync(join(tmpdir(), 'codriver-snapshots-'));
    try {
      const { files, clock, log, environment } = createNodeMachine({ level: 'error' });
      const machine = {
        files,
        clock,
        log,
        environment: { ...environment, variables: { XDG_CACHE_HOME: home } },
      };
      const of = (value: number): Snapshot => ({ meta: value, arrays: [new Uint32Array(2000).fill(value)] });
      const stores = [createSnapshots(machine, options), createSnapshots(machine, options)];
      for (let round = 0; round < 5; round++) {
        const saved = await Promise.all(stores.map((store, i) => store.save('k', of(2 * round + i))));
        assert.deepEqual(saved, [true, true]);
        const found = await createSnapshots(machine, options).load('k');
        assert.ok(found?.meta === 2 * round || found?.meta === 2 * round + 1);
        assert.deepEqual(found, of(found.meta));
      }
      const directory = join(home, 'codriver', 'index');
      assert.equal(fs.statSync(directory).mode & 0o777, 0o700);
      const [name = ''] = fs.readdirSync(directory).filter(each => each.endsWith('.snapshot'));
      assert.equal(fs.statSync(join(directory, name)).mode & 0o777, 0o600);
      assert.deepEqual(fs.readdirSync(directory).sort(), ['.owner', name].sort());
    } finally {
      fs.rmSync(home, { recursive: true });
    }
  });
});
