/**
 * Random change-sets, and random accepting, rejecting, typing and restarting. Every line is one of a kind, so
 * what the file must hold at any time is known: exact, or refused and nothing changed, and nothing typed is ever lost.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type DiffFile, readChangeSet } from '../../../server/edits/changeSet/read.ts';
import { ChangeSetWorld } from './world.ts';

/** Scripts in this run; more with SCRIPTS=10000. */
const runs = Number(process.env['SCRIPTS'] ?? 150);

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('acceptHunk', 'rejectHunk'), at: fc.nat(200) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('acceptFile', 'acceptAll'), at: fc.nat(200) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('insert', 'remove'), at: fc.nat(60) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('restart', 'reconsiderHunk', 'comment'), at: fc.nat(200) }),
  },
);
/** For each line of the base: stays, goes, goes and others come, or others come before it. */
const proposal = fc.array(
  fc.constantFrom('stay', 'stay', 'stay', 'stay', 'stay', 'stay', 'go', 'swap', 'add'),
  {
    minLength: 8,
    maxLength: 50,
  },
);

interface Model {
  readonly path: string;
  /** All lines of base and proposal, in the order of the diff. */
  readonly union: readonly string[];
  readonly base: readonly string[];
  readonly proposed: readonly string[];
  readonly gone: Set<string>;
  readonly come: Set<string>;
}

function modelOf(path: string, ways: readonly string[]): Model {
  const [union, base, proposed]: string[][] = [[], [], []];
  for (const [i, way] of ways.entries()) {
    const [old, fresh] = [`${path} ${i}`, `${path} new ${i}`];
    if (way === 'add') (union as string[]).push(fresh);
    (union as string[]).push(old);
    if (way === 'swap') (union as string[]).push(fresh);
    (base as string[]).push(old);
    if (way === 'add' || way === 'swap') (proposed as string[]).push(fresh);
    if (way === 'stay' || way === 'add') (proposed as string[]).push(old);
  }
  return {
    path,
    union: union as string[],
    base: base as string[],
    proposed: proposed as string[],
    gone: new Set(),
    come: new Set(),
  };
}

const textOf = (lines: readonly string[]) => lines.map(line => `${line}\n`).join('');

describe('random scripts of change-sets', function () {
  this.timeout(600_000);

  it('are exact or refused, and lose nothing that was typed', async () => {
    const outcomes = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(proposal, { minLength: 1, maxLength: 2 }),
        fc.array(step, { minLength: 6, maxLength: 25 }),
        fc.boolean(),
        async (proposals, steps, open) => {
          const models = proposals.map((ways, i) => modelOf(`f${i}.txt`, ways));
          const world = new ChangeSetWorld(
            Object.fromEntries(models.map(({ path, base }) => [path, textOf(base)])),
          );
          const changed = models.filter(({ base, proposed }) => textOf(base) !== textOf(proposed));
          if (changed.length === 0) return;
          if (open) for (const { path, base } of models) world.open(`/w/${path}`, textOf(base));
          await world.show(
            changed.map(({ path, base, proposed }) => ({
              path,
              before: textOf(base),
              after: textOf(proposed),
            })),
          );
          let names = 0;
          const typed = new Map<string, string[]>(models.map(({ path }) => [path, []]));
          const linesOf = (path: string) => (world.textOf(`/w/${path}`) ?? '').split('\n').slice(0, -1);
          const check = () => {
            for (const { path, union, base, gone, come } of models) {
              const lines = linesOf(path);
              const own = typed.get(path) ?? [];
              assert.deepEqual(
                lines.filter(line => !own.includes(line)),
                union.filter(line => (base.includes(line) ? !gone.has(line) : come.has(line))),
              );
              assert.deepEqual(
                lines.filter(line => own.includes(line)),
                own,
              );
            }
          };
          for (const { do: what, at } of steps) {
            const model = models[at % models.length] as Model;
            const path = `/w/${model.path}`;
            const lines = linesOf(model.path);
            if (what === 'insert') {
              const place = at % (lines.length + 1);
              const fresh = `typed ${names++}`;
              world.type(path, textOf(lines.toSpliced(place, 0, fresh)));
              const own = new Set([...(typed.get(model.path) ?? []), fresh]);
              typed.set(
                model.path,
                linesOf(model.path).filter(line => own.has(line)),
              );
            } else if (what === 'remove') {
              const place = at % Math.max(1, lines.length);
              const [old] = lines.slice(place, place + 1);
              if (old === undefined || (typed.get(model.path) ?? []).includes(old)) continue;
              world.type(path, textOf(lines.toSpliced(place, 1)));
              model.gone.add(old);
              model.come.delete(old);
            } else if (what === 'restart') await world.restart();
            else if (what === 'comment')
              world.type(new URL(world.set).pathname, `# a note\n${world.setText}`);
            else {
              const before = readChangeSet(world.setText);
              const line = at % world.setText.split('\n').length;
              const texts = models.map(each => linesOf(each.path));
              const ok = await world.act(what, line);
              const after = readChangeSet(world.setText);
              const left = new Set(after.files.flatMap(keysOf));
              const accepted = before.files.flatMap(file =>
                file.hunks
                  .filter(hunk => !left.has(JSON.stringify(hunk.lines)))
                  .map(hunk => ({ file, hunk })),
              );
              if (what.startsWith('accept')) outcomes[ok ? 'accepted' : 'refused']++;
              if (!ok || !what.startsWith('accept')) {
                assert.deepEqual(
                  models.map(each => linesOf(each.path)),
                  texts,
                );
                assert.deepEqual(accepted, []);
              }
              for (const { file, hunk } of accepted) {
                const of = models.find(each => each.path === file.path) as Model;
                for (const { kind, text } of hunk.lines) {
                  if (kind === '-') of.gone.add(text);
                  if (kind === '+') of.come.add(text);
                }
              }
              assert.deepEqual(after.errors, []);
            }
            check();
          }
        },
      ),
      { numRuns: runs, seed: 3 },
    );
    // Scripts that never accept anything would prove nothing.
    assert.ok(outcomes.accepted > runs / 2 && outcomes.refused > runs / 10, JSON.stringify(outcomes));
  });
});

function keysOf({ hunks }: DiffFile): readonly string[] {
  return hunks.map(({ lines }) => JSON.stringify(lines));
}
