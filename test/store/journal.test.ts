/** Files on disk are changed all or not at all: killed at any operation, failing at any operation, two at once. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createJournal, type DiskChange, type Journal } from '../../server/store/journal.ts';
import { createFakeClock } from '../support/memoryMachine.ts';
import { FaultyDisk } from './faultyDisk.ts';

const state = '/state/journal';
const bytes = (text: string) => Buffer.from(text);
const quiet = { write: () => {} };

function journalOn(disk: FaultyDisk, clock = createFakeClock().clock): Journal {
  return createJournal({ disk, clock, log: quiet, directory: state });
}

interface Scene {
  readonly disk: FaultyDisk;
  readonly changes: readonly DiskChange[];
}

/** Files that stay, change, are made and are deleted; with line ends, byte order marks and modes. */
function scene(kinds: readonly ('edit' | 'make' | 'delete')[]): Scene {
  const disk = new FaultyDisk();
  disk.put('/w/other.txt', 'not ours\n');
  const changes = kinds.map((kind, i): DiskChange => {
    const path = `/w/d${i % 3}/f${i}.txt`;
    const old = `\uFEFFold ${i}\r\n`;
    if (kind !== 'make') disk.put(path, old, i % 2 === 0 ? 0o755 : 0o640);
    return {
      path,
      before: kind === 'make' ? undefined : bytes(old),
      after: kind === 'delete' ? undefined : bytes(`\uFEFFnew ${i}\r\n`),
    };
  });
  return { disk, changes };
}

const sets: readonly (readonly ('edit' | 'make' | 'delete')[])[] = [
  ['edit'],
  ['make'],
  ['delete'],
  ['edit', 'make', 'delete'],
  ['edit', 'edit', 'edit', 'make', 'make', 'delete', 'edit', 'delete'],
];

/** The files before and after, and how many operations lie between. */
async function ends(kinds: (typeof sets)[number]) {
  const { disk, changes } = scene(kinds);
  const old = disk.snapshot('/state');
  assert.deepEqual(await journalOn(disk).apply(changes), { ok: true });
  return { old, now: disk.snapshot('/state'), operations: disk.operations };
}

/** How the first process is killed, and at which operation of its recovery the second one is. */
const kills = (['killed before', 'killed half', 'killed after'] as const).flatMap(kind =>
  [0, 2, 5, 9, 14, 20].map(again => [kind, again] as const),
);

function assertEither(disk: FaultyDisk, { old, now }: { old: object; now: object }, where: string): void {
  const found = disk.snapshot('/state');
  const isOne = [old, now].some(each => JSON.stringify(each) === JSON.stringify(found));
  assert.ok(isOne, `${where}: ${JSON.stringify(found)}`);
}

describe('the journal of changes on disk', () => {
  it('changes, makes and deletes, keeps modes and bytes, and leaves nothing of its own', async () => {
    const { disk, changes } = scene(['edit', 'make', 'delete']);
    assert.deepEqual(await journalOn(disk).apply(changes), { ok: true });
    assert.deepEqual(disk.snapshot('/nothing'), {
      '/w/d0/f0.txt': `755 ${bytes('\uFEFFnew 0\r\n').toString('latin1')}`,
      '/w/d1/f1.txt': `644 ${bytes('\uFEFFnew 1\r\n').toString('latin1')}`,
      '/w/other.txt': '644 not ours\n',
    });
  });

  it('is all or nothing after a kill at every operation, also of the recovery', async () => {
    let points = 0;
    for (const kinds of sets) {
      const both = await ends(kinds);
      for (let at = 0; at < both.operations; at++) {
        for (const [kind, again] of kills) {
          const { disk, changes } = scene(kinds);
          disk.fault = { at, kind };
          await journalOn(disk).apply(changes);
          points++;
          // The next process is killed as well, at some operation of its recovery; the one after it is not.
          const second = new FaultyDisk(2, disk);
          second.fault = { at: again, kind };
          await journalOn(second).recover();
          const third = new FaultyDisk(3, disk);
          third.alive.delete(2);
          const { problems } = await journalOn(third).recover();
          assert.deepEqual(problems, []);
          assertEither(disk, both, `${kinds.join()} ${kind} ${at} ${disk.names[at]}`);
          // And the journal works again.
          const found = third.files.get('/w/other.txt')?.bytes;
          assert.ok(
            (await journalOn(third).apply([{ path: '/w/other.txt', before: found, after: bytes('x') }])).ok,
          );
          assert.deepEqual(
            [...third.files.keys()].filter(path => path.startsWith('/state')),
            [],
          );
        }
      }
    }
    assert.ok(points >= 2_000, `${points} points`);
  });

  it('is all or nothing, and says so, when an operation fails', async () => {
    let points = 0;
    for (const kinds of sets) {
      const both = await ends(kinds);
      for (let at = 0; at < both.operations; at++) {
        for (const code of ['ENOSPC', 'EACCES', 'EROFS', 'EMFILE', 'EIO', 'EXDEV']) {
          for (const kind of ['once', 'for ever'] as const) {
            const { disk, changes } = scene(kinds);
            disk.fault = { at, kind, code };
            const outcome = await journalOn(disk).apply(changes);
            points++;
            const where = `${kinds.join()} ${code} ${kind} at ${at} ${disk.names[at]}`;
            const isNew = JSON.stringify(disk.snapshot('/state')) === JSON.stringify(both.now);
            if (outcome.ok) assert.ok(isNew, where);
            else {
              assert.match(outcome.message, /Nothing was changed|nothing was changed|next start/, where);
              if (!outcome.pending && kind === 'once')
                assert.deepEqual(disk.snapshot('/state'), both.old, where);
              const next = new FaultyDisk(2, disk);
              next.alive.delete(1);
              await journalOn(next).recover();
              assert.deepEqual(next.snapshot('/state'), both.old, where);
            }
          }
        }
      }
    }
    assert.ok(points > 1_000, `${points} points`);
  });

  it('refuses what is not as it was looked at, and changes nothing', async () => {
    const { disk, changes } = scene(['edit', 'make']);
    disk.put('/w/d1/f1.txt', 'somebody made it');
    const old = disk.snapshot('/nothing');
    const outcome = await journalOn(disk).apply(changes);
    assert.ok(!outcome.ok && outcome.why === 'stale');
    assert.deepEqual(disk.snapshot('/nothing'), old);
  });

  it('leaves a file that somebody changed after the crash, and says so', async () => {
    const { disk, changes } = scene(['edit', 'edit']);
    const at = (await ends(['edit', 'edit'])).operations - 6;
    disk.fault = { at, kind: 'killed before' };
    await journalOn(disk).apply(changes);
    disk.put('/w/d0/f0.txt', 'mine');
    const { problems } = await journalOn(new FaultyDisk(2, disk)).recover();
    assert.match(problems.join(), /f0\.txt was changed by somebody else since/);
    assert.equal(disk.files.get('/w/d0/f0.txt')?.bytes.toString(), 'mine');
    assert.match(String(disk.files.get('/w/d1/f1.txt')?.bytes), /old 1/);
  });

  it('believes no damaged journal', async () => {
    const { operations } = await ends(['edit', 'edit']);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(operations),
        fc.nat(),
        fc.nat(255),
        fc.boolean(),
        async (at, where, byte, cut) => {
          const { disk, changes } = scene(['edit', 'edit']);
          disk.fault = { at, kind: 'killed before' };
          await journalOn(disk).apply(changes);
          const [path, inode] = [...disk.files].find(([name]) => name.endsWith('.journal')) ?? [];
          const before = disk.snapshot('/state');
          if (!path || !inode) return;
          const damaged = cut ? inode.bytes.slice(0, where % inode.bytes.length) : inode.bytes.slice();
          if (!cut)
            damaged[where % damaged.length] =
              ((damaged[where % damaged.length] ?? 0) + 1 + (byte % 255)) & 255;
          inode.bytes = damaged;
          const { problems } = await journalOn(new FaultyDisk(2, disk)).recover();
          assert.match(problems.join(), /damaged and was put aside/);
          assert.deepEqual(disk.snapshot('/state'), before);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('lets two at once wait for each other', async () => {
    const time = createFakeClock();
    const disk = new FaultyDisk(1);
    const other = new FaultyDisk(2, disk);
    disk.put('/w/a.txt', '0');
    const change = (before: string, after: string): DiskChange[] => [
      { path: '/w/a.txt', before: bytes(before), after: bytes(after) },
    ];
    const both = Promise.all([
      journalOn(disk, time.clock).apply(change('0', '1')),
      journalOn(other, time.clock).apply(change('0', '2')),
    ]);
    let outcomes: Awaited<typeof both> | undefined;
    void both.then(ended => (outcomes = ended));
    while (!outcomes) await time.advance(25);
    // One of them; the other sees that the file is not what it looked at.
    assert.equal(outcomes.filter(({ ok }) => ok).length, 1);
    const winner = outcomes[0].ok ? '1' : '2';
    assert.equal(String(disk.files.get('/w/a.txt')?.bytes), winner);
  });

  it('does not wait for ever for one that lives and does not come to an end', async () => {
    const time = createFakeClock();
    const { disk, changes } = scene(['edit']);
    const holder = JSON.stringify({ pid: 9, at: time.clock.now(), token: 't' });
    disk.alive.add(9);
    disk.put(`${state}/lock`, holder);
    let outcome: Awaited<ReturnType<Journal['apply']>> | undefined;
    void journalOn(disk, time.clock)
      .apply(changes)
      .then(ended => (outcome = ended));
    while (!outcome) await time.advance(1_000);
    assert.ok(!outcome.ok && outcome.why === 'busy');
    assert.equal(String(disk.files.get(`${state}/lock`)?.bytes), holder);
  });
});
