/**
 * The life of a task as a pure state machine: planning → awaiting the plan's approval → working → verifying →
 * awaiting approval → applied, with blocks and pauses on the way. What is to be done is a function of the state alone
 * (`workOf`), so a task that was killed goes on from its last state. It must not know how anything is done.
 */
import type { Approval, Block, Effect, Phase, Result, TaskEvent, TaskKind, TaskState } from './types.ts';

/** Verifications that may fail one after the other before the person is asked. */
export const MOST_FAILURES = 3;

export interface Advanced {
  readonly state: TaskState;
  /** At most one; none where the work is the same as before, is paused, or has ended. */
  readonly effects: readonly Effect[];
}

/** A task that nobody has worked on. */
export function newState(task: string, kind: TaskKind): TaskState {
  return {
    task,
    kind,
    phase: 'planning',
    paused: false,
    session: 1,
    failures: 0,
    spent: { steps: 0, tokens: 0, ms: 0, cost: 0 },
    progress: { fewest: Number.MAX_SAFE_INTEGER, since: 0, done: [] },
    findings: { checks: [], attempts: [], wrote: { handoff: '', evidence: '' } },
  };
}

export function isTerminal({ phase }: TaskState): boolean {
  return phase === 'applied' || phase === 'archived' || phase === 'discarded';
}

/**
 * The state after an event, and what is to be done because of it. Defined for every state and every event: what
 * makes no sense in a state (a second approval, a late answer) changes nothing.
 */
export function advance(state: TaskState, event: TaskEvent): Advanced {
  const next = isTerminal(state) ? state : after(state, event);
  return { state: next, effects: sameWork(state, next) ? [] : workOf(next) };
}

/** What is to be done in a state; asked for after a restart. */
export function workOf(state: TaskState): readonly Effect[] {
  if (state.paused) return [];
  const { approval, block, kind, phase, plan, result, session, step } = state;
  switch (phase) {
    case 'planning':
      return [{ type: 'plan', session }];
    case 'awaiting-plan':
      return plan === undefined ? [] : [{ type: 'show-plan', plan }];
    case 'working':
      return step === undefined ? [{ type: 'choose-step' }] : [{ type: 'work', step, session }];
    case 'verifying':
      return [{ type: 'verify' }];
    case 'awaiting-approval':
      return result === undefined ? [] : [{ type: 'show-result', result }];
    case 'applying':
      if (approval === undefined) return [];
      return [kind === 'experiment' ? { type: 'archive', approval } : { type: 'apply', approval }];
    case 'discarding':
      return [{ type: 'discard' }];
    case 'blocked':
      return block === undefined ? [] : [{ type: 'show-block', block }];
    case 'applied':
    case 'archived':
    case 'discarded':
      return [];
  }
}

/** Whether two states have the same to do, so that work that runs may go on. */
export function sameWork(a: TaskState, b: TaskState): boolean {
  return a === b || JSON.stringify([a.paused, workOf(a)]) === JSON.stringify([b.paused, workOf(b)]);
}

function after(state: TaskState, event: TaskEvent): TaskState {
  const { phase } = state;
  switch (event.type) {
    case 'pause':
      return { ...state, paused: true };
    case 'resume':
      if (state.paused) return { ...state, paused: false };
      return phase === 'blocked' ? unblocked(state) : state;
    case 'answered':
      return phase === 'blocked' && state.block?.kind !== 'budget' ? unblocked(state) : state;
    case 'start-fresh':
      return startedFresh(state);
    case 'discard':
      // What is being applied is applied or not; there is no half way to leave it at.
      return phase === 'applying' ? state : at(state, 'discarding');
    case 'was-discarded':
      return phase === 'discarding' ? at(state, 'discarded') : state;
    case 'turn':
      return { ...state, spent: event.spent, progress: event.progress, findings: event.findings };
    case 'asked':
      return blocked(state, 'question', event.message, event.questions);
    case 'stuck':
      return blocked(state, 'stuck', event.message, event.questions);
    case 'out-of-budget':
      return blocked(state, 'budget', event.message);
    case 'failed':
      return blocked(state, 'failure', event.message);
    case 'planned':
    case 'plan-approved':
    case 'plan-rejected':
    case 'plan-edited':
      return afterPlan(state, event);
    case 'step-chosen':
    case 'no-step-left':
    case 'step-done':
    case 'step-gone':
    case 'handed-over':
      return phase === 'working' ? afterStep(state, event) : state;
    case 'verified':
    case 'not-verified':
    case 'result-changed':
    case 'approved':
    case 'rejected':
    case 'delivered':
    case 'not-delivered':
      return afterResult(state, event);
  }
}

type Of<T extends TaskEvent['type']> = Extract<TaskEvent, { type: T }>;

function afterPlan(
  state: TaskState,
  event: Of<'planned' | 'plan-approved' | 'plan-rejected' | 'plan-edited'>,
): TaskState {
  if (event.type === 'planned') {
    if (state.phase !== 'planning') return state;
    const planned = [...(state.planned ?? []), ...(event.steps ?? [])];
    return { ...at(state, 'awaiting-plan'), plan: event.plan, ...(planned.length > 0 ? { planned } : {}) };
  }
  if (state.phase !== 'awaiting-plan') return state;
  if (event.type === 'plan-edited') return { ...state, plan: event.plan };
  if (event.type === 'plan-rejected') {
    // A fresh session: what was done for the rejected plan may be done again, and the same plan may be given again.
    return { ...at(state, 'planning'), objection: event.why, session: state.session + 1 };
  }
  return event.plan === state.plan ? { ...at(state, 'working'), plan: event.plan } : state;
}

function afterStep(
  state: TaskState,
  event: Of<'step-chosen' | 'no-step-left' | 'step-done' | 'step-gone' | 'handed-over'>,
): TaskState {
  const { step, ...between } = state;
  switch (event.type) {
    case 'step-chosen':
      // An objection has become a step of the plan by now.
      return step === undefined ? { ...without(state, 'objection'), step: event.step } : state;
    case 'no-step-left':
      return step === undefined ? at(state, 'verifying') : state;
    case 'handed-over':
      return event.session === state.session ? { ...state, session: state.session + 1 } : state;
    case 'step-done':
    case 'step-gone':
      // The next step begins fresh: from the documents, not from what this one saw.
      if (event.step !== step) return state;
      return { ...between, session: state.session + 1, findings: { ...state.findings, attempts: [] } };
  }
}

function afterResult(
  state: TaskState,
  event: Of<
    'verified' | 'not-verified' | 'result-changed' | 'approved' | 'rejected' | 'delivered' | 'not-delivered'
  >,
): TaskState {
  const { phase } = state;
  switch (event.type) {
    case 'verified':
      return phase === 'verifying' ? { ...at(state, 'awaiting-approval'), result: event.result } : state;
    case 'not-verified': {
      if (phase !== 'verifying') return state;
      const failures = state.failures + 1;
      const next = { ...state, failures };
      if (failures < MOST_FAILURES) return at(next, 'working');
      return blocked(next, 'failure', event.why, [], 'working');
    }
    case 'result-changed':
      return phase === 'awaiting-approval' ? at(state, 'verifying') : state;
    case 'approved': {
      if (phase !== 'awaiting-approval' || !covers(event.approval, state.task, state.result)) return state;
      return { ...at(state, 'applying'), approval: event.approval };
    }
    case 'rejected':
      return phase === 'awaiting-approval'
        ? { ...at(state, 'working'), objection: event.why, failures: 0 }
        : state;
    case 'delivered':
      if (phase !== 'applying') return state;
      return at(state, state.kind === 'experiment' ? 'archived' : 'applied');
    case 'not-delivered':
      return phase === 'applying' ? blocked(state, 'failure', event.message, [], 'verifying') : state;
  }
}

/** Whether an approval is one of exactly this result of this task. */
export function covers(approval: Approval, task: string, result: Result | undefined): boolean {
  return (
    result !== undefined &&
    approval.task === task &&
    approval.base === result.base &&
    approval.diff === result.diff
  );
}

/** Another phase; what belonged to the one that is left does not follow. */
function at(state: TaskState, phase: Phase): TaskState {
  const { approval: _approval, block: _block, objection, result: _result, step: _step, ...rest } = state;
  const keeps = objection !== undefined && (phase === 'planning' || phase === 'working');
  return { ...rest, phase, ...(keeps ? { objection } : {}) };
}

function without<K extends keyof TaskState>(state: TaskState, key: K): Omit<TaskState, K> {
  const { [key]: _left, ...rest } = state;
  return rest;
}

function blocked(
  state: TaskState,
  kind: Block['kind'],
  message: string,
  questions: readonly string[] = [],
  back?: Block['back'],
): TaskState {
  const { phase } = state;
  const from = phase === 'planning' || phase === 'working' || phase === 'verifying' ? phase : undefined;
  const where = back ?? from;
  // Nothing but work can be stopped; who waits for a person waits already.
  if (where === undefined) return state;
  const kept = state.step === undefined ? {} : { step: state.step };
  return { ...at(state, 'blocked'), ...kept, block: { kind, message, questions, back: where } };
}

/** Goes on where it was, with a fresh session: an answer may change what was thought. */
function unblocked(state: TaskState): TaskState {
  if (state.block === undefined) return state;
  const { back } = state.block;
  const step = back === 'working' && state.step !== undefined ? { step: state.step } : {};
  return {
    ...at(state, back),
    ...step,
    session: state.session + 1,
    failures: 0,
    progress: { ...state.progress, since: 0, done: [] },
  };
}

function startedFresh(state: TaskState): TaskState {
  if (state.phase === 'blocked') return { ...unblocked(state), paused: false };
  const works = state.phase === 'planning' || state.phase === 'working';
  return works ? { ...state, paused: false, session: state.session + 1 } : state;
}
