/** What is kept of changes: nothing damaged is believed, nothing grows without end, nothing is said about contents. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ChangeRecord } from '../../../server/features/changes/record.ts';
import { createChangeStore } from '../../../server/features/changes/store.ts';
import { createMemoryMachine } from '../../support/memoryMachine.ts';

const folder = '/home/dev/.local/state/codriver/changes';

function record(n: number, before = `private ${n}\n`): ChangeRecord {
  const start = { line: 0, character: 0 };
  const edits = [{ range: { start, end: start }, newText: 'added\n' }];
  const id = `c${n}`;
  const files = [{ uri: 'file:///w/a.txt', before, edits }];
  return { id, root: id, session: 's', at: n, order: n, label: 'edit', undone: false, files };
}

describe('the store of changes', () => {
  it('gives back what it was given, to another session', async () => {
    const machine = createMemoryMachine();
    assert.ok(await createChangeStore(machine).add(record(1, 'ö𝒳\r\n\uFEFF')));
    assert.deepEqual(await createChangeStore(machine).all(), [record(1, 'ö𝒳\r\n\uFEFF')]);
  });

  it('believes no damaged record, keeps the others, and logs no contents', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        fc.constantFrom('flip', 'cut', 'empty', 'foreign'),
        async (where, by, how) => {
          const machine = createMemoryMachine();
          await createChangeStore(machine).add(record(1));
          const [path = ''] = machine.pathsUnder(folder).filter(name => name.endsWith('.json'));
          const bytes = Buffer.from(machine.textOf(path) ?? '');
          const at = where % bytes.length;
          if (how === 'flip') bytes[at] = ((bytes[at] ?? 0) + by) & 255;
          const damaged = {
            flip: bytes,
            cut: bytes.subarray(0, at),
            empty: Buffer.alloc(0),
            foreign: Buffer.from('{"key":"c1"}'),
          };
          machine.plant(path, damaged[how]);
          const store = createChangeStore(machine);
          await store.add(record(2));
          const all = await store.all();
          // A flip in blanks or between equal spellings leaves the record what it was; nothing else may come out.
          for (const each of all) assert.deepEqual(each, record(each.at));
          assert.ok(all.some(({ id }) => id === 'c2'));
          assert.ok(!machine.logged.some(({ message }) => message.includes('private')));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('believes no record of the wrong shape under a right checksum', async () => {
    const machine = createMemoryMachine();
    const odd = [
      { ...record(1), files: 'none' },
      { ...record(2), undone: 1 },
      { ...record(3), files: [{ uri: 1 }] },
    ];
    const store = createChangeStore(machine);
    for (const each of odd)
      await store.add({ ...(each as unknown as ChangeRecord), files: each.files as never }).catch(() => {});
    await store.add(record(4));
    assert.deepEqual(
      (await store.all()).map(({ id }) => id),
      ['c4'],
    );
  });

  it('keeps the newest when there are too many or too large ones', async () => {
    const machine = createMemoryMachine();
    const store = createChangeStore(machine, { mostRecords: 10, mostCharacters: 1_000 });
    for (let n = 1; n <= 25; n++) assert.ok(await store.add(record(n)));
    const kept = (await store.all()).map(({ at }) => at).sort((a, b) => a - b);
    assert.ok(kept.length >= 8 && kept.length <= 10, kept.join());
    assert.equal(kept.at(-1), 25);
    assert.equal(await store.add(record(26, 'x'.repeat(2_000))), false);
  });
});
