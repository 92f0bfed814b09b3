/**
 * Kills at any point of a task: everything that touches the machine stops for good at the n-th time it is used, as it
 * does for a process that is killed there. What comes after is another process over the same folders.
 * CODRIVER_TASK_KILLS says at how many points (200 for the whole).
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { byStep } from '../agent/scripts.ts';
import type { Script } from '../agent/world.ts';
import { drive, removeTaskPlaces, TaskPlace, yes } from './place.ts';

const POINTS = Number(process.env['CODRIVER_TASK_KILLS'] ?? 8);
const TASK = '---\nkind: change\n---\n\n# Tax\n\n## Goal\n\nPrices have taxes.\n\n## Plan\n';
const FILES = {
  'src/price.js': 'export const price = net => net;\n',
  'src/old.js': 'export const old = 1;\n',
  'README.md': '# Shop\n\nNo taxes.\n',
};
const AFTER = {
  'README.md': '# Shop\n\nPrices have taxes.\n',
  'src/price.js': 'export const price = net => net * 1.2;\n',
  'src/tax.js': 'export const TAX = 0.2;\n',
};

/** Says what is still to be done, by what it is shown: a model that knows nothing of kills. */
const script = (): Script =>
  byStep(['Add the tax', 'Tell of it'], {
    s1: [
      {
        calls: [['note_decision', { decision: 'CANARY-17: the tax is 20 %', because: 'no other is named' }]],
      },
      { calls: [['edit', { path: 'src/price.js', old: 'net => net;', new: 'net => net * 1.2;' }]] },
      { calls: [['create', { path: 'src/tax.js', text: 'export const TAX = 0.2;\n' }]] },
    ],
    s2: [
      { calls: [['delete', { path: 'src/old.js' }]] },
      { calls: [['edit', { path: 'README.md', old: 'No taxes.', new: 'Prices have taxes.' }]] },
    ],
  });

/** Counts every use of every port, and lets none come back from the n-th on. */
class Killer {
  used = 0;
  readonly at: number;
  #dead = (): void => {};
  /** Resolves when the process would be gone. */
  readonly dead = new Promise<void>(resolve => {
    this.#dead = resolve;
  });

  constructor(at: number) {
    this.at = at;
  }

  readonly wrapped = <T extends object>(port: T): T =>
    new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (++this.used < this.at) return Reflect.apply(value, target, args);
          this.#dead();
          return new Promise(() => {});
        };
      },
    });
}

describe('a task that is killed', function () {
  this.timeout(POINTS * 20_000 + 60_000);
  after(removeTaskPlaces);

  async function begin(killer: Killer): Promise<TaskPlace> {
    const place = new TaskPlace({ script: script(), task: TASK, wrapped: killer.wrapped, session: 'first' });
    for (const [path, text] of Object.entries(FILES)) place.write(path, text);
    return place;
  }

  /** The whole of it, until it has ended or the killer strikes. */
  async function work(place: TaskPlace, killer: Killer): Promise<string | undefined> {
    const whole = (async () => {
      const run = await place.open();
      const { phase } = await drive(run, yes);
      await run.close();
      return phase;
    })();
    return Promise.race([whole, killer.dead.then(() => undefined)]);
  }

  it('loses nothing, and goes on to the same end', async () => {
    const never = new Killer(Number.POSITIVE_INFINITY);
    const whole = await begin(never);
    assert.equal(await work(whole, never), 'applied');
    await whole.close();
    assert.deepEqual(Object.fromEntries(whole.files()), AFTER);
    assert.ok(never.used > 200, `only ${never.used} uses of the machine`);
    for (let i = 0; i < POINTS; i++) {
      // Spread over the whole, none at the same place as in a run of another size.
      const killer = new Killer(1 + Math.floor(((i + 0.5) / POINTS) * never.used));
      const killed = await begin(killer);
      const where = `killed at use ${killer.at} of ${never.used}`;
      if ((await work(killed, killer)) !== undefined) continue;
      const left = Object.fromEntries(killed.files());
      assert.ok(
        [FILES, AFTER].some(each => JSON.stringify(sorted(each)) === JSON.stringify(sorted(left))) ||
          existsSync(join(killed.folder, 'state', 'codriver', 'journal')),
        `${where}: half of it is in the project, and no journal says so`,
      );
      const place = new TaskPlace({ script: script(), folder: killed.folder, session: 'second' });
      const run = await place.open().catch((error: unknown) => String(error));
      if (typeof run === 'string') {
        // It had ended already, and only the word of it was lost.
        assert.match(run, /This task is applied already/, where);
        assert.deepEqual(Object.fromEntries(place.files()), AFTER, where);
        await place.close();
        continue;
      }
      const { block, phase } = await drive(run, yes);
      assert.equal(phase, 'applied', `${where}: ${JSON.stringify(block)}`);
      assert.deepEqual(Object.fromEntries(place.files()), AFTER, where);
      assert.equal(place.document.match(/CANARY-17/g)?.length, 1, `${where}\n${place.document}`);
      await run.close();
      await place.close();
      const trees = join(place.folder, 'state', 'codriver', 'tasks', 'trees');
      assert.deepEqual(
        readdirSync(trees).filter(name => name !== 'archive'),
        [],
        `${where}: an orphan`,
      );
    }
  });
});

const sorted = (files: Readonly<Record<string, string>>) =>
  Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1));
