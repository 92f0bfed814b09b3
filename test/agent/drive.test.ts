/** A task with a person at hand: only what was shown is approved, and nothing is asked for ever. */
import assert from 'node:assert/strict';
import { type Decider, drive, takeUp } from '../../server/agent/drive.ts';
import { feature, shop } from './scripts.ts';
import { createWorld, removeWorlds, type Script, type World } from './world.ts';

const never = new AbortController().signal;

async function driven(world: World, decider: Partial<Decider>) {
  const running = await world.open();
  const task = {
    running,
    document: world.ports.document,
    approve: async (result: { base: string; diff: string }) => ({
      type: 'approved' as const,
      approval: { task: running.state.task, ...result },
    }),
  };
  const all: Decider = {
    plan: async () => ({ type: 'approve' }),
    result: async () => undefined,
    answer: async () => undefined,
    ...decider,
  };
  return { task, go: () => drive(task, all, never) };
}

describe('driving a task', () => {
  after(removeWorlds);

  it('takes a yes for the plan that was shown, and shows one that was edited meanwhile again', async () => {
    const world = createWorld({ files: shop, script: feature() });
    const shown: string[][] = [];
    const { go } = await driven(world, {
      async plan({ steps }) {
        shown.push(steps.map(({ text }) => text));
        if (shown.length === 1)
          world.write(world.text().replace(/^- \[ \] \(s3\).*$/m, '$&\n- [ ] Delete everything'));
        return shown.length === 1 ? { type: 'approve' } : undefined;
      },
    });
    const state = await go();
    assert.equal(state.phase, 'awaiting-plan');
    assert.equal(shown.length, 2);
    assert.equal(shown[1]?.at(-1), 'Delete everything');
    assert.ok(!world.records.some(({ event }) => event.type === 'plan-approved'));
  });

  it('asks each open question once and goes on with the answers', async () => {
    const script: Script = ({ prompt, tools }) => {
      if (tools.includes('plan')) return { calls: [['plan', { steps: ['Add the tax'] }]] };
      return prompt.includes('nineteen')
        ? { calls: [['finish_step', { summary: 'done' }]] }
        : { calls: [['ask', { question: 'Which rate?' }]] };
    };
    const world = createWorld({ script });
    const asked: string[] = [];
    const { go } = await driven(world, {
      async answer({ text }) {
        asked.push(text);
        return 'nineteen';
      },
    });
    assert.equal((await go()).phase, 'awaiting-approval');
    assert.deepEqual(asked, ['Which rate?']);
  });

  it('stops at a question without an answer, and is taken up only once it has one', async () => {
    const world = createWorld({
      script: ({ prompt, tools }) =>
        tools.includes('plan')
          ? { calls: [['plan', { steps: ['x'] }]] }
          : prompt.includes('> ten')
            ? { calls: [['finish_step', { summary: 'done' }]] }
            : { calls: [['ask', { question: 'Which rate?' }]] },
    });
    const { go, task } = await driven(world, {});
    assert.equal((await go()).phase, 'blocked');
    assert.equal((await takeUp(task)).phase, 'blocked');
    world.write(world.text().replace(/^ {2}>$/m, '  > ten'));
    assert.equal((await takeUp(task)).phase, 'working');
  });
});
