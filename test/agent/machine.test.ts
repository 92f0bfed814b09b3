/** The life of a task: every event in every state, nothing after the end, nothing applied without its approval. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { afterAnswer, overBudget, shareOf } from '../../server/agent/budget.ts';
import {
  advance,
  isTerminal,
  MOST_FAILURES,
  newState,
  sameWork,
  workOf,
} from '../../server/agent/machine.ts';
import type { Phase, TaskEvent, TaskState } from '../../server/agent/types.ts';
import {
  afterAct,
  afterAnswering,
  markOf,
  MOST_ANSWERS,
  MOST_REPEATS,
  repeatsOf,
  stuckReason,
} from '../../server/agent/variant.ts';

const spent = { steps: 1, tokens: 10, ms: 5, cost: 0 };
const progress = { fewest: 3, since: 0, done: [] };
const findings = { checks: [], attempts: [], wrote: { handoff: '', evidence: '' } };
const small = fc.constantFrom('a', 'b', 'c');
const result = fc.record({ base: small, diff: small });
const event: fc.Arbitrary<TaskEvent> = fc.oneof(
  fc.record({ type: fc.constantFrom('planned', 'plan-approved', 'plan-edited'), plan: small }),
  fc.record({ type: fc.constantFrom('step-chosen', 'step-done', 'step-gone'), step: small }),
  fc.record({ type: fc.constantFrom('plan-rejected', 'not-verified', 'rejected'), why: small }),
  fc.record({ type: fc.constantFrom('out-of-budget', 'failed', 'not-delivered'), message: small }),
  fc.record({ type: fc.constantFrom('asked', 'stuck'), message: small, questions: fc.array(small) }),
  fc.record({
    type: fc.constantFrom(
      'no-step-left',
      'result-changed',
      'answered',
      'discard',
      'pause',
      'resume',
      'start-fresh',
      'delivered',
      'was-discarded',
    ),
  }),
  fc.record({ type: fc.constant('handed-over'), session: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constant('verified'), result }),
  fc.record({
    type: fc.constant('approved'),
    approval: fc.record({ task: fc.constantFrom('t', 'other'), base: small, diff: small }),
  }),
  fc.record({
    type: fc.constant('turn'),
    spent: fc.constant(spent),
    progress: fc.constant(progress),
    findings: fc.constant(findings),
  }),
) as fc.Arbitrary<TaskEvent>;

const walk = (events: readonly TaskEvent[], from = newState('t', 'change')): TaskState =>
  events.reduce((state, each) => advance(state, each).state, from);

const toApproval: readonly TaskEvent[] = [
  { type: 'planned', plan: 'p' },
  { type: 'plan-approved', plan: 'p' },
  { type: 'step-chosen', step: 's1' },
  { type: 'step-done', step: 's1' },
  { type: 'no-step-left' },
  { type: 'verified', result: { base: 'b', diff: 'd' } },
];
const approved: TaskEvent = { type: 'approved', approval: { task: 't', base: 'b', diff: 'd' } };

describe('task machine', () => {
  it('goes from a plan to an applied change', () => {
    const seen: Phase[] = [];
    let state = newState('t', 'change');
    for (const each of [...toApproval, approved, { type: 'delivered' } as const]) {
      state = advance(state, each).state;
      seen.push(state.phase);
    }
    assert.deepEqual(seen, [
      'awaiting-plan',
      'working',
      'working',
      'working',
      'verifying',
      'awaiting-approval',
      'applying',
      'applied',
    ]);
  });

  it('archives an experiment and never applies it', () => {
    const state = walk([...toApproval, approved], newState('t', 'experiment'));
    assert.deepEqual(
      workOf(state).map(({ type }) => type),
      ['archive'],
    );
    assert.equal(walk([{ type: 'delivered' }], state).phase, 'archived');
  });

  const refused: readonly [name: string, approval: { task: string; base: string; diff: string }][] = [
    ['another difference', { task: 't', base: 'b', diff: 'x' }],
    ['another base', { task: 't', base: 'x', diff: 'd' }],
    ['another task', { task: 'x', base: 'b', diff: 'd' }],
  ];
  for (const [name, approval] of refused) {
    it(`does not take an approval of ${name}`, () => {
      const state = walk(toApproval);
      assert.deepEqual(advance(state, { type: 'approved', approval }), { state, effects: [] });
    });
  }

  it('starts work on no plan but the one that the person saw', () => {
    const shown = walk([
      { type: 'planned', plan: 'p' },
      { type: 'plan-edited', plan: 'q' },
    ]);
    assert.equal(advance(shown, { type: 'plan-approved', plan: 'p' }).state, shown);
    assert.equal(walk([{ type: 'plan-approved', plan: 'q' }], shown).phase, 'working');
  });

  it('leaves an application that has begun at no half way', () => {
    const applying = walk([...toApproval, approved]);
    for (const each of [{ type: 'discard' }, { type: 'failed', message: 'x' }, approved] as const)
      assert.equal(advance(applying, each).state, applying);
  });

  const ends: readonly (readonly [Phase, TaskState])[] = [
    ['applied', walk([...toApproval, approved, { type: 'delivered' }])],
    ['archived', walk([...toApproval, approved, { type: 'delivered' }], newState('t', 'experiment'))],
    ['discarded', walk([{ type: 'discard' }, { type: 'was-discarded' }])],
  ];
  for (const [phase, state] of ends) {
    it(`changes nothing any more once ${phase}`, () => {
      assert.equal(state.phase, phase);
      fc.assert(fc.property(event, each => assert.deepEqual(advance(state, each), { state, effects: [] })));
    });
  }

  it('asks the person after so many failed verifications, and counts anew when they answer', () => {
    let state = walk(toApproval.slice(0, 5));
    for (let i = 1; i < MOST_FAILURES; i++) {
      state = walk([{ type: 'not-verified', why: 'red' }], state);
      assert.equal(state.phase, 'working');
      state = walk([{ type: 'no-step-left' }], state);
    }
    state = walk([{ type: 'not-verified', why: 'red' }], state);
    assert.equal(state.phase, 'blocked');
    assert.equal(state.block?.message, 'red');
    state = walk([{ type: 'answered' }], state);
    assert.deepEqual([state.phase, state.failures], ['working', 0]);
  });

  it('keeps an objection until it has become a step', () => {
    const state = walk([...toApproval, { type: 'rejected', why: 'too slow' }]);
    assert.deepEqual([state.phase, state.objection], ['working', 'too slow']);
    assert.equal(walk([{ type: 'step-chosen', step: 's2' }], state).objection, undefined);
  });

  it('goes on with the same step after a question, in a fresh session', () => {
    const asked = walk([...toApproval.slice(0, 3), { type: 'asked', questions: ['q1'], message: 'Which?' }]);
    assert.equal(asked.phase, 'blocked');
    const { state, effects } = advance(asked, { type: 'answered' });
    assert.deepEqual(effects, [{ type: 'work', step: 's1', session: state.session }]);
    assert.ok(state.session > asked.session);
  });

  it('remembers through a pause what the person decided', () => {
    const paused = walk([...toApproval, { type: 'pause' }]);
    const decided = advance(paused, approved);
    assert.deepEqual(decided.effects, []);
    assert.deepEqual(
      advance(decided.state, { type: 'resume' }).effects.map(({ type }) => type),
      ['apply'],
    );
  });

  it('knows every event in every state, ends for good, and applies nothing but what was approved', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('change', 'experiment'),
        fc.array(event, { maxLength: 40 }),
        (kind, events) => {
          let state = newState('t', kind);
          for (const each of events) {
            const before = structuredClone(state);
            const next = advance(state, each);
            assert.deepEqual(state, before, 'the old state was changed');
            if (isTerminal(state)) {
              assert.equal(next.state, state);
              assert.deepEqual(next.effects, []);
            }
            if (next.state.paused) assert.deepEqual(next.effects, []);
            // What is to be done now is what a restart would do, so a kill loses nothing.
            if (next.effects.length > 0) assert.deepEqual(next.effects, workOf(next.state));
            else assert.ok(sameWork(state, next.state) || workOf(next.state).length === 0);
            for (const effect of next.effects) {
              if (effect.type !== 'apply' && effect.type !== 'archive') continue;
              assert.equal(effect.type === 'archive', kind === 'experiment');
              const { base, diff, task } = effect.approval;
              assert.equal(task, 't');
              const entered = each.type === 'approved' ? state.result : undefined;
              if (entered !== undefined) assert.deepEqual(entered, { base, diff });
              else assert.equal(each.type, 'resume');
            }
            // Only a person's yes leads to applying, and only applying to the end.
            if (next.state.phase === 'applying' && state.phase !== 'applying')
              assert.equal(each.type, 'approved');
            if (next.state.phase === 'applied' && state.phase !== 'applied')
              assert.equal(state.phase, 'applying');
            assert.equal(next.state.phase === 'blocked', next.state.block !== undefined);
            assert.deepEqual(JSON.parse(JSON.stringify(next.state)), next.state);
            state = next.state;
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('always has something to do or somebody to wait for', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), events => {
        const state = walk(events);
        assert.ok(state.paused || isTerminal(state) || workOf(state).length === 1, JSON.stringify(state));
      }),
      { numRuns: 500 },
    );
  });
});

describe('task budget', () => {
  const rows: readonly [string, Parameters<typeof overBudget>, RegExp | undefined][] = [
    ['steps', [{ ...spent, steps: 4 }, { steps: 4 }], /4 answers.*steps: 4/],
    ['steps left', [{ ...spent, steps: 3 }, { steps: 4 }], undefined],
    ['tokens with the next answer', [{ ...spent, tokens: 900 }, { tokens: 1000 }, 200], /900 tokens/],
    ['tokens left', [{ ...spent, tokens: 700 }, { tokens: 1000 }, 200], undefined],
    ['time', [{ ...spent, ms: 120_000 }, { minutes: 2 }], /2 minutes/],
    ['cost', [{ ...spent, cost: 1.5 }, { cost: 1.5 }], /1\.50/],
    ['no limit', [{ steps: 1e6, tokens: 1e9, ms: 1e12, cost: 1e6 }, {}], undefined],
  ];
  for (const [name, args, words] of rows) {
    it(`is held: ${name}`, () => {
      const said = overBudget(...args);
      if (words === undefined) assert.equal(said, undefined);
      else assert.match(said ?? '', words);
    });
  }
  it('counts answers, tokens, time and cost', () => {
    const usage = { promptTokens: 1_000, completionTokens: 500 };
    const after = afterAnswer(spent, usage, 7, { prompt: 2, completion: 4 });
    assert.deepEqual(after, { steps: 2, tokens: 1510, ms: 12, cost: 0.004 });
    assert.equal(shareOf({ ...spent, steps: 10 }, { steps: 20 }, 8), 5);
    assert.equal(shareOf(spent, {}, 8), 8);
  });
});

describe('task variant', () => {
  it('is told by call and tree, whatever the order of arguments', () => {
    assert.equal(markOf('read', { a: 1, b: 2 }, 't', ''), markOf('read', { b: 2, a: 1 }, 't', ''));
    assert.notEqual(markOf('read', { a: 1 }, 't', ''), markOf('read', { a: 1 }, 'u', ''));
    assert.notEqual(markOf('read', { a: 1 }, 't', '1'), markOf('read', { a: 1 }, 't', '2'));
  });
  it('stops what is repeated without effect', () => {
    let now = progress as Parameters<typeof afterAct>[0];
    for (let i = 0; i < MOST_REPEATS; i++) now = afterAct(now, 'm');
    assert.equal(stuckReason(now, 'm'), undefined);
    now = afterAct(now, 'm');
    assert.equal(repeatsOf(now, 'm'), MOST_REPEATS + 1);
    assert.match(stuckReason(now, 'm') ?? '', /same thing 4 times/);
  });
  it('stops what does not come nearer to its end, and goes on with what does', () => {
    let now = progress as Parameters<typeof afterAct>[0];
    for (let i = 0; i < MOST_ANSWERS; i++) now = afterAnswering(now, 3);
    assert.match(stuckReason(now) ?? '', /no step and no check/);
    now = afterAnswering(now, 2);
    assert.equal(stuckReason(now), undefined);
  });
});
