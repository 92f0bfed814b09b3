/** When the index is stored and loaded: not too often, never under other rules. */
import assert from 'node:assert/strict';
import { IndexKeeper } from '../server/indexKeeper.ts';
import type { KeeperRules } from '../server/indexKeeper.ts';
import type { IndexImage } from '../server/index/image.ts';
import { createSnapshots } from '../server/store/snapshots.ts';
import { createMemoryMachine } from './support/memoryMachine.ts';

const rules: KeeperRules = { roots: ['/w'], neverSend: [], maxFiles: 100, maxFileBytes: 1000 };
const minutes = 60_000;

function setup(files = 1000) {
  const machine = createMemoryMachine({ files: { '/w/a.ts': '', '/linked': { link: '/w' } } });
  const state = { changes: 0, complete: true, images: 0, beforeImage: () => {} };
  const keeperOf = (version = '1') =>
    new IndexKeeper({
      index: {
        get changes() {
          return state.changes;
        },
        status: () => ({ files, complete: state.complete }),
        image: async (): Promise<IndexImage> => {
          state.images++;
          state.beforeImage();
          state.changes = 0;
          return { meta: state.images, arrays: [] };
        },
      },
      snapshots: each =>
        createSnapshots(machine, {
          name: 'index',
          version: each,
          maxBytes: 1e6,
          maxTotalBytes: 1e6,
          breathe: async () => {},
        }),
      files: machine.files,
      clock: machine.clock,
      log: machine.log,
      version,
    });
  const keeper = keeperOf();
  const change = async (count: number, wait = 2 * minutes): Promise<number> => {
    state.changes += count;
    keeper.changed();
    await machine.advance(wait);
    return state.images;
  };
  return { machine, state, keeper, keeperOf, change };
}

describe('the stored index', () => {
  it('is written when things are quiet, first at once and then when much has changed', async () => {
    const { keeper, change } = setup();
    keeper.configure(rules);
    assert.equal(await change(1, 1000), 0, 'not while changes come');
    assert.equal(await change(0, 5000), 1);
    assert.equal(await change(15), 1, 'a few files are read again just as fast');
    assert.equal(await change(10), 2, 'changes add up');
    assert.equal(await change(Infinity), 3, 'what may not be read any more does not stay');
    assert.equal(await change(0), 3);
  });

  it('is not written twice within a minute', async () => {
    const { keeper, change } = setup();
    keeper.configure(rules);
    assert.equal(await change(100, 5000), 1);
    assert.equal(await change(100, 5000), 1);
    assert.equal(await change(0, minutes), 2);
  });

  it('is not written while the workspace is being read, nor without one', async () => {
    const { state, keeper, change } = setup();
    assert.equal(await change(100), 0);
    keeper.configure(rules);
    state.complete = false;
    assert.equal(await change(100), 0);
  });

  it('is not written under rules that changed meanwhile', async () => {
    const { machine, state, keeper, change } = setup();
    keeper.configure(rules);
    state.beforeImage = () => keeper.configure({ ...rules, neverSend: ['secret/'] });
    assert.equal(await change(1), 1);
    assert.deepEqual(
      machine.pathsUnder('/home/dev/.cache').filter(path => path.endsWith('.snapshot')),
      [],
    );
  });

  const others: readonly (readonly [what: string, rules: KeeperRules, version: string, expected: boolean])[] =
    [
      ['the same', rules, '1', true],
      ['the same in other words', { ...rules, roots: ['/linked'] }, '1', true],
      ['another folder', { ...rules, roots: ['/v'] }, '1', false],
      ['one more folder', { ...rules, roots: ['/w', '/v'] }, '1', false],
      ['other never-send patterns', { ...rules, neverSend: ['*.ts'] }, '1', false],
      ['another limit of files', { ...rules, maxFiles: 5 }, '1', false],
      ['another limit of size', { ...rules, maxFileBytes: 5 }, '1', false],
      ['another version', rules, '2', false],
    ];
  for (const [what, asked, version, expected] of others) {
    it(`is ${expected ? '' : 'not '}loaded for ${what}`, async () => {
      const { keeper, keeperOf, change } = setup();
      keeper.configure(rules);
      await change(1);
      const later = keeperOf(version);
      later.configure(asked);
      assert.equal((await later.load()) !== undefined, expected);
    });
  }

  it('is not loaded without a workspace', async () => {
    const { keeperOf } = setup();
    assert.equal(await keeperOf().load(), undefined);
  });

  it('that was loaded is written again only when much has changed', async () => {
    const { machine, state, keeper, keeperOf, change } = setup();
    keeper.configure(rules);
    await change(1);
    const later = keeperOf();
    later.configure(rules);
    await later.load();
    state.changes = 3;
    later.changed();
    await machine.advance(2 * minutes);
    assert.equal(state.images, 1);
  });
});
