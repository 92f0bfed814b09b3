/**
 * Random scripts of edits, typing, undo, redo and restarts by two sessions. Each line is unique and belongs to one
 * hand, so that the outcome of every undo is known: exact, or refused with a reason and nothing changed.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TextEdit } from 'vscode-languageserver-textdocument';
import type { RecordedChanges } from '../../../server/features/changes/changes.ts';
import type { ChangeRecord } from '../../../server/features/changes/record.ts';
import type { ChangeStore } from '../../../server/features/changes/store.ts';
import { World } from './world.ts';

/** Scripts in this run; more with SCRIPTS=10000. */
const runs = Number(process.env['SCRIPTS'] ?? 300);

type Step =
  | {
      readonly do: 'edit' | 'type';
      readonly session: number;
      readonly at: number;
      readonly remove: number;
      readonly add: number;
    }
  | { readonly do: 'undo' | 'redo'; readonly session: number; readonly pick: number }
  | { readonly do: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('edit', 'type'),
      session: fc.nat(1),
      at: fc.nat(20),
      remove: fc.nat(2),
      add: fc.nat(2),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('undo', 'redo'), session: fc.nat(1), pick: fc.nat(8) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart') }) },
) as fc.Arbitrary<Step>;

type Pick = Extract<Step, { readonly pick: number }>;

/** What a change did to lines, for the oracle. */
interface Done {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  in: boolean;
}

describe('random scripts of undo', () => {
  it('are exact or refused, and lose nothing that was typed', async () => {
    const outcomes = { exact: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 30 }), async steps => {
        const world = new World();
        const kept: ChangeRecord[] = [];
        const store: ChangeStore = {
          all: () => Promise.resolve(structuredClone(kept)),
          add: record => Promise.resolve(kept.push(structuredClone(record)) > 0),
        };
        const path = '/w/f.txt';
        world.open(path, 'l0\nl1\nl2\nl3\nl4\nl5\n');
        let sessions = [world.session('a', store), world.session('b', store)];
        const done = new Map<string, Done>();
        let names = 0;
        const text = () => world.textOf(path) as string;
        const lines = () => text().split('\n').slice(0, -1);

        for (const next of steps) {
          await world.machine.advance(1);
          const before = lines();
          if (next.do === 'restart') {
            await Promise.all(sessions.map(each => each.settled()));
            sessions = [world.session('c', store), world.session('d', store)];
            // Reopened: nothing of what was typed is known step by step any more.
            world.open(path, text());
          } else if (next.do === 'type' || next.do === 'edit') {
            const at = next.at % (before.length + 1);
            const removed = before.slice(at, at + next.remove);
            const added = Array.from({ length: next.add }, () => `${next.do[0]}${names++}`);
            if (removed.length + added.length === 0) continue;
            const after = before.toSpliced(at, removed.length, ...added);
            if (next.do === 'type') world.type(path, after.map(line => `${line}\n`).join(''));
            else {
              const range = {
                start: { line: at, character: 0 },
                end: { line: at + removed.length, character: 0 },
              };
              const edits: TextEdit[] = [{ range, newText: added.map(line => `${line}\n`).join('') }];
              const version = world.documents.get(world.uri(path))?.version ?? 0;
              const session = sessions[next.session] as RecordedChanges;
              const known = new Set((await session.chains()).map(({ root }) => root));
              assert.ok(
                (await session.apply({ label: 'x', documents: [{ uri: world.uri(path), version, edits }] }))
                  .applied,
              );
              const root = (await session.chains())
                .map(each => each.root)
                .find(each => !known.has(each)) as string;
              done.set(root, { added, removed, in: true });
            }
            assert.deepEqual(lines(), after);
          } else {
            await Promise.all(sessions.map(each => each.settled()));
            const session = sessions[next.session] as RecordedChanges;
            const wanted = [...done].filter(([, each]) => each.in === (next.do === 'undo'));
            const chosen = wanted[(next as Pick).pick % Math.max(1, wanted.length)];
            if (!chosen) continue;
            const [id, change] = chosen;
            const result = await session.revert(next.do, { id });
            const now = lines();
            outcomes[result.ok ? 'exact' : 'refused']++;
            if (!result.ok) {
              assert.deepEqual(now, before, result.message);
              assert.ok(result.message.length > 20);
              continue;
            }
            const undo = next.do === 'undo';
            const [gone, back] = undo ? [change.added, change.removed] : [change.removed, change.added];
            change.in = !undo;
            // Everything else is where it was, and exactly the lines of this change are gone and there, once: also
            // where another change had taken it back already, so that there was nothing to do.
            assert.deepEqual(
              now.filter(line => !back.includes(line)),
              before.filter(line => !gone.includes(line) && !back.includes(line)),
            );
            for (const line of back) assert.equal(now.filter(each => each === line).length, 1, line);
            for (const line of gone) assert.ok(!now.includes(line), line);
          }
        }
      }),
      { numRuns: runs, seed: 11 },
    );
    // A script that never gets as far as an undo would prove nothing.
    assert.ok(outcomes.exact > runs && outcomes.refused > runs / 10, JSON.stringify(outcomes));
  });

  it('reach every earlier state again by a chain of undos and redos', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { maxLength: 30 }),
        fc.integer({ min: 1, max: 6 }),
        async (way, count) => {
          const world = new World();
          const kept: ChangeRecord[] = [];
          const store: ChangeStore = {
            all: () => Promise.resolve(kept),
            add: record => Promise.resolve(kept.push(record) > 0),
          };
          const changes = world.session('a', store);
          world.open('/w/f.txt', 'a\nb\nc\n');
          const states = [world.textOf('/w/f.txt')];
          for (let i = 0; i < count; i++) {
            const uri = world.uri('/w/f.txt');
            const range = { start: { line: i % 3, character: 0 }, end: { line: (i % 3) + 1, character: 0 } };
            const version = world.documents.get(uri)?.version ?? 0;
            await changes.apply({
              label: `${i}`,
              documents: [{ uri, version, edits: [{ range, newText: `${i}\n` }] }],
            });
            states.push(world.textOf('/w/f.txt'));
          }
          let at = count;
          for (const back of way) {
            const { ok } = await changes.revert(back ? 'undo' : 'redo');
            assert.equal(ok, back ? at > 0 : at < count);
            if (ok) at += back ? -1 : 1;
            assert.equal(world.textOf('/w/f.txt'), states[at]);
          }
        },
      ),
      { numRuns: Math.min(1_000, runs) },
    );
  });
});
