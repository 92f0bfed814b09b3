import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeHold } from '../../../server/features/task/hold.ts';
import { fileJournal, lastRecord } from '../../../server/features/task/journal.ts';
import { tasksLeft } from '../../../server/features/task/orphans.ts';
import type { JournalRecord } from '../../../server/agent/ports.ts';
import { newState } from '../../../server/agent/machine.ts';
import { byStep, shop } from '../../agent/scripts.ts';
import { approve, removeTaskWorlds, TaskWorld } from './world.ts';

const script = () =>
  byStep(['Add the tax'], {
    s1: [{ calls: [['create', { path: 'src/tax.ts', text: 'export const TAX = 1;\n' }]] }],
  });

describe('what sessions leave of tasks', function () {
  this.timeout(20_000);
  after(removeTaskWorlds);
  const archives = (at: TaskWorld): string[] => {
    const folder = join(at.store().folder, 'trees', 'archive');
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  /** A task with a result that waits, and nobody who holds it. */
  async function waiting(): Promise<TaskWorld> {
    const at = new TaskWorld({ files: shop, script: script() });
    const run = await at.run();
    await approve(run);
    await at.run(run);
    await run.close();
    return at;
  }

  it('a task that waits is told, and its tree stays', async () => {
    const at = await waiting();
    const left = await tasksLeft(at.services);
    assert.deepEqual(
      left.waiting.map(({ words }) => words),
      ['waits for your yes to its result'],
    );
    assert.deepEqual([left.archived, archives(at)], [[], []]);
    const run = await at.open();
    assert.equal(run.state.phase, 'awaiting-approval');
    await run.close();
  });

  it('one that somebody holds is none of our business', async () => {
    const at = await waiting();
    const run = await at.open();
    assert.deepEqual(await tasksLeft(at.services), { waiting: [], missing: [], archived: [] });
    await run.close();
  });

  it('one whose document is not there is told once, and goes on when it is back', async () => {
    const at = await waiting();
    const { document } = at;
    const path = join(at.project, '.codriver/tasks/tax.task.md');
    rmSync(path);
    const left = await tasksLeft(at.services);
    const words = 'waits for your yes to its result';
    assert.deepEqual(left, { waiting: [], missing: [{ document: path, words }], archived: [] });
    assert.deepEqual(await tasksLeft(at.services), { waiting: [], missing: [], archived: [] });
    at.document = document;
    assert.deepEqual((await tasksLeft(at.services)).waiting, [{ document: path, words }]);
    const run = await at.open();
    assert.equal(run.state.phase, 'awaiting-approval');
    assert.ok(existsSync(join(run.tree.root, 'src/tax.ts')), 'its work is there');
    await run.close();
  });

  it('a tree that was being made when the server ended is removed with its task going on', async () => {
    const at = await waiting();
    const trees = join(at.store().folder, 'trees');
    const [id = ''] = readdirSync(trees);
    const older = join(trees, id.replace(/-1$/, '-0'), 'tree');
    mkdirSync(older, { recursive: true });
    writeFileSync(join(older, 'half'), '');
    const left = await tasksLeft(at.services);
    assert.equal(left.waiting.length, 1);
    assert.deepEqual(readdirSync(trees), [id]);
  });

  const damages: Readonly<Record<string, (record: string) => string>> = {
    'is torn': record => record.slice(0, record.length / 2),
    'is of another version': record => JSON.stringify({ ...(JSON.parse(record) as object), version: 2 }),
  };
  for (const [how, damage] of Object.entries(damages)) {
    it(`a tree whose record ${how} is never removed, but kept aside when the task goes on`, async () => {
      const at = await waiting();
      const trees = join(at.store().folder, 'trees');
      const [id = ''] = readdirSync(trees);
      const record = join(trees, id, 'task.json');
      writeFileSync(record, damage(readFileSync(record, 'utf8')));
      await tasksLeft(at.services);
      const run = await at.open();
      const aside = readdirSync(trees).filter(name => name.startsWith(`${id}.`));
      assert.deepEqual(aside, [`${id}.damaged-1`]);
      assert.ok(existsSync(join(trees, `${id}.damaged-1`, 'tree', 'src/tax.ts')), 'the work is there');
      assert.ok(
        at.told.some(words => words.includes(`${id}.damaged-1`)),
        at.told.join('\n'),
      );
      await run.close();
      await tasksLeft(at.services);
      assert.ok(existsSync(join(trees, `${id}.damaged-1`, 'tree', 'src/tax.ts')), 'by nobody');
    });
  }
});

describe('who holds a task', () => {
  after(removeTaskWorlds);
  const world = () => new TaskWorld({ script: () => ({}) });
  const ports = (at: TaskWorld, now: number, pid: number, session = 'a', alive = true) => ({
    ...at.store(),
    session,
    clock: { ...at.machine.clock, now: () => now, after: () => ({ cancel: () => undefined }) },
    disk: { ...at.store().disk, pid, isAlive: () => alive },
  });

  it('is one server, unless it is dead, silent, or had our number', async () => {
    const at = world();
    const folder = join(at.folder, 'held');
    const first = await takeHold(folder, ports(at, 0, 10));
    assert.ok(first);
    assert.equal(await takeHold(folder, ports(at, 1_000, 11)), undefined);
    assert.equal(await takeHold(folder, ports(at, 1_000, 10)), undefined, 'the same process');
    const dead = await takeHold(folder, ports(at, 1_000, 11, 'b', false));
    assert.ok(dead);
    assert.equal(await first.valid(), false);
    assert.equal(await dead.valid(), true);
    await first.release();
    assert.equal(await dead.valid(), true, 'what is not ours is not given back');
    const reused = await takeHold(folder, ports(at, 1_000, 11, 'c'));
    assert.ok(reused, 'a number that is ours now is no longer theirs');
    assert.equal(await takeHold(folder, ports(at, 601_000, 12)), undefined);
    assert.ok(await takeHold(folder, ports(at, 601_001, 12)), 'no sign of life for ten minutes');
  });

  it('alone may write the journal', async () => {
    const at = world();
    const path = join(at.folder, 'journal.jsonl');
    const record: JournalRecord = { at: 1, event: { type: 'begun' }, state: newState('t', 'change') };
    await fileJournal(at.store(), path, { valid: async () => true }).append(record);
    await assert.rejects(
      fileJournal(at.store(), path, { valid: async () => false }).append(record),
      /another server/,
    );
  });

  it('finds the last whole record behind whatever a kill has torn', async () => {
    const at = world();
    const path = join(at.folder, 'journal.jsonl');
    const journal = fileJournal(at.store(), path, { valid: async () => true });
    const record = (session: number): JournalRecord => ({
      at: session,
      event: { type: 'begun' },
      state: { ...newState('t', 'change'), session },
    });
    assert.equal(await lastRecord(at.store(), path), undefined);
    await journal.append(record(1));
    const whole = JSON.stringify(record(2));
    for (let cut = 0; cut < whole.length; cut += 7) {
      const text = `\n${JSON.stringify(record(1))}\n\n${whole.slice(0, cut)}`;
      writeFileSync(path, text);
      assert.equal((await journal.last())?.state.session, 1, `cut at ${cut}`);
    }
    await journal.append(record(3));
    assert.equal((await journal.last())?.state.session, 3);
  });
});
