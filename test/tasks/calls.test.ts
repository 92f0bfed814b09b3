/** What a model on the attacker's side calls, through the whole composition: nothing of it has an effect outside. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { benignCalls, FILES, hostileWaves } from '../agent/hostileCalls.ts';
import type { Said, Script } from '../agent/world.ts';
import type { RawCall } from '../../server/agent/tools/table.ts';
import { bypasses } from './bypasses.ts';
import { type Decide, drive, removeTaskPlaces, TaskPlace, yes } from './place.ts';
import { filesOf, fingerprint } from './trees.ts';

/** Of the 350 strings, each so many is tried in a unit run; all of them with CODRIVER_TASKS=all. */
const EVERY = process.env['CODRIVER_TASKS'] === 'all' ? 1 : 5;
const TASK = '---\nkind: change\n---\n\n# Work\n\n## Goal\n\nDo something.\n\n## Plan\n';

/** Says each of these in turn, then that the step is done; `seen` gets what came back. */
function inTurn(answers: readonly Said[], seen: (prompt: string) => void = () => {}): Script {
  let next = 0;
  return ({ prompt, tools }) => {
    if (tools.includes('plan')) return { calls: [['plan', { steps: ['Work'] }]] };
    // A handoff is asked for: the one made of facts will do.
    if (tools.length === 0) return { text: 'no' };
    seen(prompt);
    return answers[next++] ?? { calls: [['finish_step', { summary: 'done' }]] };
  };
}

/** The person lets a task that goes round go on, and answers nothing. */
const goOn: Decide = async run => {
  const { block, phase } = run.state;
  if (phase === 'awaiting-plan') return yes(run);
  if (phase !== 'blocked' || block === undefined || block.kind === 'failure') return false;
  await run.post({ type: block.kind === 'question' ? 'answered' : 'resume' });
  return true;
};

describe('calls of a hostile model', function () {
  this.timeout(180_000);
  afterEach(removeTaskPlaces);

  function lay(place: TaskPlace): void {
    for (const [path, file] of Object.entries(FILES)) {
      if (typeof file === 'string') place.write(path, file);
      else {
        mkdirSync(dirname(join(place.project, path)), { recursive: true });
        symlinkSync(file.link, join(place.project, path));
      }
    }
    mkdirSync(join(place.folder, 'outside'));
  }

  it('300 hostile ones have no effect outside of the tree', async () => {
    let answers: readonly Said[] = [];
    const place = new TaskPlace({ script: question => script(question), task: TASK });
    lay(place);
    answers = hostileWaves(join(place.folder, 'outside')).flatMap(wave => wave.answers.map(raw => ({ raw })));
    assert.equal(answers.length, 300);
    const script = inTurn(answers);
    const outside = fingerprint(join(place.folder, 'outside'));
    const before = filesOf(place.project, path => !path.startsWith('.codriver'));
    const run = await place.open();
    await drive(run, goOn);
    assert.ok(run.state.phase !== 'applied' && run.state.approval === undefined);
    assert.deepEqual(
      Object.fromEntries(filesOf(place.project, path => !path.startsWith('.codriver'))),
      Object.fromEntries(before),
    );
    assert.equal(fingerprint(join(place.folder, 'outside')), outside);
    // It searches for these words itself.
    const shown = place.prompts.map(prompt => prompt.replaceAll('search text=KEPT-BACK', ''));
    assert.deepEqual(
      shown.filter(prompt => prompt.includes('KEPT-BACK')).map(prompt => prompt.slice(-1_500)),
      [],
    );
    assert.ok(place.prompts.length > 300, `only ${place.prompts.length} answers were heard`);
    await run.close();
    await place.close();
  });

  it('300 benign ones work', async () => {
    // The checks of the table are those of another tree.
    const calls = benignCalls().map(call =>
      call.name === 'run_check' ? { ...call, name: 'list', arguments: '{}' } : call,
    );
    assert.equal(calls.length, 300);
    const failed: string[] = [];
    const script = inTurn(
      calls.map((call: RawCall) => ({ raw: [call] })),
      prompt => {
        const last = /is="result of ([^"]*)">\n(FAILED: [^\n]*)[^]*?<\/data-\d+>\s*The goal/.exec(prompt);
        if (last && !prompt.slice(last.index + 10).includes('is="result of'))
          failed.push(last.slice(1).join(' '));
      },
    );
    const place = new TaskPlace({ script, task: TASK });
    lay(place);
    const run = await place.open();
    const { block, phase } = await drive(run, goOn);
    assert.equal(phase, 'awaiting-approval', JSON.stringify(block));
    // A call that was made on the same tree already is not made again; only the list of the top is.
    const unexpected = failed.filter(each => !each.startsWith('list '));
    assert.deepEqual(unexpected, []);
    const made = (await run.difference()).files.map(({ path }) => path);
    assert.equal(made.filter(path => /^lib\/(?:part\d|moved)\/m\d+\.ts$/.test(path)).length, 20);
    await run.close();
    await place.close();
  });

  it('350 strings that would bypass a list of allowed commands run nothing, as one word and as many', async () => {
    const all = bypasses('owned');
    assert.equal(new Set(all).size, 350);
    const strings = all.filter((_, i) => i % EVERY === 0);
    const allowed = ['node', '--version'];
    const argvs = [
      allowed,
      ...strings.flatMap(each => [[each], each.split(' '), ['node', ...each.split(' ').slice(1)]]),
    ];
    let spawned = 0;
    const place = new TaskPlace({
      script: inTurn(argvs.map(argv => ({ calls: [['run_command', { argv }]] }))),
      task: TASK,
      confined: false,
      wrapped: port =>
        new Proxy(port, {
          get(target, name) {
            const value: unknown = Reflect.get(target, name);
            if (name !== 'run' || typeof value !== 'function') return value;
            return (...args: unknown[]): unknown => {
              spawned++;
              return Reflect.apply(value, target, args);
            };
          },
        }),
    });
    // The allowed one was allowed for good; nothing else ever is.
    place.answer = (message, choices) =>
      /wants to run: node --version —/.test(message) ? choices[1] : undefined;
    const run = await place.open();
    const atStart = spawned;
    await drive(run, goOn);
    assert.deepEqual([...place.files().keys()], []);
    assert.ok(place.asked.length >= strings.length * 2, `only ${place.asked.length} were asked for`);
    assert.ok(spawned - atStart <= 1, `${spawned - atStart} programs were run`);
    assert.equal(run.state.phase, 'blocked');
    await run.close();
    await place.close();
  });
});
