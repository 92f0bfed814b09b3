/**
 * A task at work: looks what is to be done, does it, writes down what happened, looks again. Every event is in the
 * journal before anything follows from it, so a task goes on where it was after any kill. It must not know how a plan
 * is made, a step is worked on, or a result is verified.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { errorText } from '../base/errors.ts';
import type { Log } from '../base/ports.ts';
import { addLog, addSteps, giveIds, setEvidence, setState } from './document/edits.ts';
import { harmlessText } from './document/harmless.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { advance, isTerminal, newState, sameWork, workOf } from './machine.ts';
import type { TaskPorts } from './ports.ts';
import { editDocument } from './tools/steer.ts';
import type { Effect, TaskEvent, TaskState } from './types.ts';
import { makePlan, obligations, taskOf, timeOf, workOnStep } from './work.ts';

export interface RunningTask {
  readonly state: TaskState;
  /**
   * What a person decided. Work that no longer fits is stopped; `run` goes on with the rest. Rejects if the journal
   * cannot be written: then it was not decided.
   */
  post(event: TaskEvent): Promise<TaskState>;
  /** Works until a person is needed, it has ended, the signal aborts or the journal fails. Never throws. One at a time. */
  run(signal: AbortSignal): Promise<TaskState>;
}

/** Takes a task up where its journal left it, or begins it. */
export async function openTask(ports: TaskPorts, log: Log): Promise<RunningTask> {
  const { clock, document, journal } = ports;
  const kept = await journal.last();
  // What an earlier process had seen is gone: a fresh session, which may look at the same things again.
  const begun = kept ? { ...kept.state, session: kept.state.session + 1 } : undefined;
  let state = begun ?? newState(ports.id, taskOf(ports).settings.kind);
  if (kept === undefined || !isTerminal(state)) {
    await journal.append({ at: clock.now(), event: { type: 'begun' }, state });
  }
  let current: AbortController | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const edit = (edits: (text: string) => readonly TextEdit[]) => editDocument(document, edits);

  /** Events come one after the other, whoever they are from. */
  function record(event: TaskEvent): Promise<TaskState> {
    const recorded = queue.then(async () => {
      const before = state;
      const { state: next } = advance(before, event);
      if (next === before) return before;
      await journal.append({ at: clock.now(), event, state: next });
      state = next;
      if (!sameWork(before, next)) current?.abort();
      if (shownPhase(before) !== shownPhase(next)) {
        await edit(text => setState(text, shownPhase(next)));
        await edit(text => addLog(text, timeOf(ports), wordsFor(next)));
      }
      return next;
    });
    queue = recorded.catch(() => undefined);
    return recorded;
  }

  const turn = async (ledger: Ledger): Promise<void> => {
    const { findings, progress, spent } = ledger;
    await record({ type: 'turn', findings, progress, spent });
  };

  /** What came of it; undefined where the person is waited for, or the work was stopped. */
  async function perform(effect: Effect, signal: AbortSignal): Promise<TaskEvent | undefined> {
    const work = { ports, state, turn, signal };
    switch (effect.type) {
      case 'plan':
        return makePlan(work);
      case 'show-plan':
        await ports.person.showPlan(effect.plan);
        return undefined;
      case 'choose-step':
        return chooseStep();
      case 'work':
        return workOnStep(work, effect.step);
      case 'verify':
        return verify(signal);
      case 'show-result':
        await ports.person.showResult(effect.result);
        return undefined;
      case 'apply':
      case 'archive': {
        const { approval, type } = effect;
        const answer = await ports.delivery[type](approval);
        return answer.ok ? { type: 'delivered' } : { type: 'not-delivered', message: answer.why };
      }
      case 'discard':
        await ports.delivery.discard();
        return { type: 'was-discarded' };
      case 'show-block':
        await ports.person.showBlock(effect.block);
        return undefined;
    }
  }

  async function chooseStep(): Promise<TaskEvent> {
    await edit(giveIds);
    const { objection } = state;
    if (objection !== undefined) await edit(text => addSteps(text, [`Rework: ${objection}`]));
    const { steps } = taskOf(ports);
    const next = steps.find(({ id, ticked }) => !ticked && id !== undefined);
    if (next?.id === undefined) {
      if (steps.length > 0) return { type: 'no-step-left' };
      const message = 'The plan has no steps. Write some below "## Plan", or start fresh for a new plan.';
      return { type: 'failed', message };
    }
    const ledger = openLedger(state);
    ledger.replanned(obligations(ports, state.findings));
    await turn(ledger);
    return { type: 'step-chosen', step: next.id };
  }

  async function verify(signal: AbortSignal): Promise<TaskEvent | undefined> {
    const verdict = await ports.verifier.verify(signal);
    if (signal.aborted) return undefined;
    const ledger = openLedger(state);
    await edit(text => setEvidence(text, verdict.evidence, ledger.findings.wrote.evidence));
    ledger.wrote('evidence', harmlessText(verdict.evidence));
    await turn(ledger);
    if (verdict.ok) return { type: 'verified', result: verdict.result };
    await edit(text => addSteps(text, verdict.work.length > 0 ? verdict.work : [verdict.why]));
    return { type: 'not-verified', why: verdict.why };
  }

  async function performed(effect: Effect, signal: AbortSignal): Promise<TaskEvent | undefined> {
    try {
      return await perform(effect, signal);
    } catch (error) {
      log.write('error', `task: ${effect.type} failed: ${errorText(error)}`);
      if (signal.aborted) return undefined;
      const message = `The task stopped at "${effect.type}" by a fault of Codriver's; its log says more. Resume it, or discard it.`;
      return effect.type === 'apply' || effect.type === 'archive'
        ? { type: 'not-delivered', message }
        : { type: 'failed', message };
    }
  }

  /** False where the journal cannot be written: then nothing may follow from the event. */
  async function recorded(event: TaskEvent): Promise<boolean> {
    try {
      await record(event);
      return true;
    } catch (error) {
      log.write('error', `task: the journal could not be written: ${errorText(error)}`);
      return false;
    }
  }

  return {
    get state() {
      return state;
    },
    post: record,
    async run(signal) {
      while (!signal.aborted && !isTerminal(state)) {
        const before = state;
        const [effect] = workOf(before);
        if (effect === undefined) break;
        const controller = new AbortController();
        current = controller;
        const event = await performed(effect, AbortSignal.any([signal, controller.signal]));
        current = undefined;
        if (event !== undefined && !(await recorded(event))) break;
        await queue;
        if (sameWork(before, state)) break;
      }
      return state;
    },
  };
}

function shownPhase({ paused, phase }: TaskState): TaskState['phase'] | 'paused' {
  return paused ? 'paused' : phase;
}

function wordsFor(state: TaskState): string {
  return state.block === undefined ? shownPhase(state) : `blocked: ${state.block.message}`;
}
