/** What a task survives: kills at any point, and a transcript far longer than the model's window. */
import assert from 'node:assert/strict';
import { feature, shop } from './scripts.ts';
import { approve, createWorld, removeWorlds, type Script, type World } from './world.ts';

describe('task survival', () => {
  after(removeWorlds);

  it('goes on after a kill at any point to the same end', async () => {
    const whole = createWorld({ files: shop, script: feature(), checks: { tests: () => ({}) } });
    const first = await whole.run();
    await approve(first);
    await whole.run(first);
    const wanted = whole.snapshot(whole.root);
    for (let kill = 2; kill < whole.records.length; kill += 4) {
      let left = kill;
      let dead = false;
      const onAppend = () => {
        dead ||= left-- === 0;
        if (dead) throw new Error('killed');
      };
      const world = createWorld({ files: shop, script: feature(), checks: { tests: () => ({}) }, onAppend });
      for (let life = 0; life < 6; life++) {
        dead = false;
        const task = await world.open().catch(() => undefined);
        await task?.run(new AbortController().signal);
        if (task?.state.phase === 'awaiting-approval') break;
        if (task) await approve(task).catch(() => undefined);
      }
      assert.equal(
        world.records.at(-1)?.state.phase,
        'awaiting-approval',
        `killed at ${kill}: ${JSON.stringify(world.records.at(-1)?.state.block)}`,
      );
      assert.deepEqual(world.snapshot(world.root), wanted, `killed at ${kill}`);
    }
  });

  /** Length of all that was sent, in characters. */
  const sent = ({ questions }: World): number =>
    questions.reduce((sum, { prompt }) => sum + prompt.length, 0);

  it('finishes with a small window a task whose transcript is twenty windows long, and loses no decision', async () => {
    const window = 8_000;
    const plan = Array.from({ length: 12 }, (_, i) => `Change src/m${i}.ts`);
    const files = Object.fromEntries(
      plan.map((_, i) => [
        `src/m${i}.ts`,
        `${`// module ${i}, a line of some length about nothing at all\n`.repeat(300)}export const v${i} = 0;\n`,
      ]),
    );
    const canary = (i: number) => `CANARY${i}X`;
    const read = new Map<string, number>();
    const script: Script = ({ prompt, system, tools }) => {
      if (tools.includes('plan')) return { calls: [['plan', { steps: plan }]] };
      if (system.includes('is handed over'))
        return { text: /<data-\d+ is="draft of the handoff">\n([\s\S]*?)\n<\/data-/.exec(prompt)?.[1] ?? '' };
      const i = Number(/Do step s(\d+):/.exec(prompt)?.[1]) - 1;
      const key = `m${i}`;
      const times = read.get(key) ?? 0;
      read.set(key, times + 1);
      // Seven long looks do not fit into the window: a handoff comes in between.
      if (times < 9)
        return { calls: [['read', { path: `src/m${i}.ts`, from: 1 + times * 30, to: 250 + times * 5 }]] };
      if (times === 9)
        return {
          calls: [
            [
              'edit',
              { path: `src/m${i}.ts`, old: `export const v${i} = 0;`, new: `export const v${i} = 1;` },
            ],
          ],
        };
      if (times === 10)
        return {
          calls: [['note_decision', { decision: `Keep ${canary(i)}`, because: 'later steps need it' }]],
        };
      return { calls: [['finish_step', { summary: `m${i}` }]] };
    };
    const world = createWorld({ script, files, window });
    const task = await world.run();
    await approve(task);
    await world.run(task);
    assert.equal(task.state.phase, 'awaiting-approval', JSON.stringify(task.state.block));
    for (let i = 0; i < plan.length; i++)
      assert.match(world.file(`src/m${i}.ts`) ?? '', new RegExp(`v${i} = 1`));
    assert.ok(sent(world) > 20 * window * 4, `only ${sent(world)} characters`);
    const handovers = world.records.filter(({ event }) => event.type === 'handed-over').length;
    assert.ok(handovers >= 10, `only ${handovers} fresh starts`);
    for (const { prompt } of world.questions) assert.ok(prompt.length <= window * 4, `${prompt.length}`);
    // Every question about a later step shows all decisions made before it.
    for (const { prompt } of world.questions) {
      const step = Number(/Do step s(\d+):/.exec(prompt)?.[1] ?? 1);
      for (let i = 0; i < step - 1; i++)
        assert.ok(prompt.includes(canary(i)), `step ${step} does not know ${canary(i)}`);
    }
  }).timeout(20_000);
});
