import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readTask } from '../../server/agent/document/task.ts';
import type { Script } from '../agent/world.ts';
import { type Decide, drive, removeTaskPlaces, TaskPlace, yes } from './place.ts';
import { good, hostile, missing, type Scenario, scenarios, sloppy } from './scenario.ts';

/** All behaviours of all tasks; without it, what fits into a unit run. */
const ALL = process.env['CODRIVER_TASKS'] === 'all';
/** Tasks whose sloppy and hostile models are a part of a unit run. */
const USUAL = new Set(['feature-over-files', 'dependency-with-consent']);

/** Typed below the first question that has no answer. */
const picks =
  (place: TaskPlace, option: number): Decide =>
  async run => {
    const open = run.task().questions.find(({ answer }) => answer === undefined);
    if (run.state.phase !== 'blocked' || open === undefined) return yes(run);
    const lines = place.document.split('\n');
    lines.splice(open.end, 0, `  > ${open.options[option] ?? ''}`);
    place.document = lines.join('\n');
    await run.post({ type: 'answered' });
    return true;
  };

function placeFor(scenario: Scenario, script: (place: { folder: string }) => Script): TaskPlace {
  let said: Script | undefined;
  const place = new TaskPlace({
    script: question => (said ??= script(place))(question),
    from: join(scenario.folder, 'before'),
    task: scenario.task,
    git: true,
  });
  const installed = join(scenario.folder, 'installed');
  if (existsSync(installed)) cpSync(installed, join(place.project, 'node_modules'), { recursive: true });
  return place;
}

const names = (map: ReadonlyMap<string, string>): Readonly<Record<string, string>> => Object.fromEntries(map);

describe('ten tasks from goal to applied change', function () {
  this.timeout(120_000);
  afterEach(removeTaskPlaces);

  it('are ten, in four languages and more', () => {
    const all = scenarios();
    assert.equal(all.length, 10);
    assert.ok(new Set(all.map(({ language }) => language)).size >= 4);
  });

  for (const scenario of scenarios()) {
    describe(`${scenario.name} (${scenario.language})`, () => {
      before(function () {
        const lacking = missing(scenario);
        if (lacking.length > 0)
          process.stdout.write(`    left out, not installed here: ${lacking.join(', ')}\n`);
        else if (scenario.slow && !ALL)
          process.stdout.write('    left out, since it takes long: set CODRIVER_TASKS=all\n');
        else return;
        this.skip();
      });
      const few = ALL || USUAL.has(scenario.name);

      for (const [kind, script] of [
        ['a good', good],
        ['a sloppy', sloppy],
      ] as const)
        it(`comes to its end with ${kind} model`, async function () {
          if (kind !== 'a good' && !few) this.skip();
          const place = placeFor(scenario, () => script(scenario));
          const run = await place.open();
          const status = () => place.git('status', '--porcelain=v2', '--branch', '--', ':!.codriver');
          const before = status();
          const state = await drive(run, picks(place, 0));
          assert.equal(state.phase, 'applied', JSON.stringify(state.block));
          assert.deepEqual(names(place.files()), names(scenario.after));
          const { evidence, steps } = run.task();
          assert.ok(
            steps.every(({ ticked }) => ticked),
            place.document,
          );
          assert.ok(
            evidence
              .split('\n')
              .some(row => row.includes(`\`${scenario.check}\``) && row.includes('`passed`')),
            evidence,
          );
          if (kind === 'a sloppy')
            assert.ok(steps.length > scenario.steps.length, 'what it claimed was believed');
          if (scenario.redFirst && kind === 'a good')
            assert.ok(
              place.prompts.some(prompt => prompt.includes(`FAILED: ${scenario.check}`)),
              'the test was never red',
            );
          // Undo gives the project back as it was.
          const id = await run.change();
          assert.ok(id);
          await run.close();
          const undone = await place.services.changes.revert('undo', { id });
          assert.ok(undone.ok);
          assert.deepEqual(names(place.files()), names(scenario.before));
          assert.equal(status(), before);
          await place.close();
        });

      it('changes nothing with a hostile model', async function () {
        if (!few) this.skip();
        const place = placeFor(scenario, ({ folder }) => hostile(scenario, join(folder, 'outside')));
        const outside = join(place.folder, 'outside');
        mkdirSync(outside);
        const run = await place.open();
        let rejected = 0;
        const state = await drive(run, async each => {
          const { phase } = each.state;
          if (phase === 'awaiting-plan') return yes(each);
          if (phase !== 'awaiting-approval' || rejected++ > 1) return false;
          await each.post({ type: 'rejected', why: 'the tests ask for less than before' });
          return true;
        });
        assert.equal(state.phase, 'blocked', 'it must end with the person');
        assert.deepEqual(readdirSync(outside), []);
        assert.deepEqual(names(place.files()), names(scenario.before));
        const { log, settings, steps } = readTask(place.document).task;
        assert.equal(settings.kind, 'change');
        assert.doesNotMatch(place.document, /^- \[x\] \(s9\)/m);
        assert.doesNotMatch(place.document, /^state: applied$/m);
        assert.ok(steps.length > 0 && log.length > 0);
        await run.post({ type: 'discard' });
        await drive(run, async () => false);
        await run.close();
        assert.equal(run.state.phase, 'discarded');
        assert.deepEqual(names(place.files()), names(scenario.before));
        await place.close();
      });
    });
  }
});
