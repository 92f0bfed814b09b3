/**
 * A task with a person at hand: it works until something is to be decided, asks, and goes on. For front doors that
 * ask directly, such as a terminal or an agent shell. It must not know how a person is asked.
 */
import { answer, planHash } from './document/edits.ts';
import { type Question, readTask, type Task, unanswered } from './document/task.ts';
import type { RunningTask } from './loop.ts';
import { isTerminal } from './machine.ts';
import type { TaskDocument } from './ports.ts';
import { editDocument } from './tools/steer.ts';
import type { Result, TaskEvent, TaskState } from './types.ts';

/** A person's word about a plan or a result. */
export type Decision =
  | { readonly type: 'approve' }
  | { readonly type: 'reject'; readonly why: string }
  | { readonly type: 'discard' };

/** Asks the person. Undefined: no word now, and the task waits for one as long as it takes. */
export interface Decider {
  plan(task: Task, signal: AbortSignal): Promise<Decision | undefined>;
  result(result: Result, task: Task, signal: AbortSignal): Promise<Decision | undefined>;
  /** What shall stand below a question. */
  answer(question: Question, signal: AbortSignal): Promise<string | undefined>;
}

export interface DrivenTask {
  readonly running: RunningTask;
  readonly document: TaskDocument;
  /** Keeps a person's yes to exactly this result, as the event to post: `result-changed` where it is another by now. */
  readonly approve: (result: Result) => Promise<TaskEvent>;
}

/** Works and asks until the task has ended, nobody has a word, or the signal aborts. Rejects only with the journal. */
export async function drive(driven: DrivenTask, decider: Decider, signal: AbortSignal): Promise<TaskState> {
  const { running } = driven;
  for (;;) {
    const state = await running.run(signal);
    if (signal.aborted || state.paused || isTerminal(state)) return state;
    const event = await decided(driven, decider, state, signal);
    if (event === undefined || signal.aborted) return running.state;
    // What changes nothing would be asked for ever.
    if ((await running.post(event)) === state) return state;
  }
}

/** What taking a task up again says to it, where a person does so by that very act. */
export async function takeUp({ document, running }: DrivenTask): Promise<TaskState> {
  const { state } = running;
  if (state.paused) return running.post({ type: 'resume' });
  if (state.phase !== 'blocked' || state.block === undefined) return state;
  const asked = unanswered(readTask(document.text()).task, state.block.questions);
  // Who is asked something has to answer it: only then does it go on.
  if (asked.length > 0) return state;
  return running.post({ type: state.block.questions.length > 0 ? 'answered' : 'resume' });
}

async function decided(
  { approve, document }: DrivenTask,
  decider: Decider,
  state: TaskState,
  signal: AbortSignal,
): Promise<TaskEvent | undefined> {
  const { block, phase, plan, result } = state;
  const { task } = readTask(document.text());
  if (phase === 'awaiting-plan' && plan !== undefined) {
    const edited = planHash(task);
    if (edited !== plan) return { type: 'plan-edited', plan: edited };
    const decision = await decider.plan(task, signal);
    if (decision?.type === 'reject') return { type: 'plan-rejected', why: decision.why };
    if (decision?.type === 'approve') {
      // Only what was shown is approved.
      const now = planHash(readTask(document.text()).task);
      return now === plan ? { type: 'plan-approved', plan } : { type: 'plan-edited', plan: now };
    }
    return decision;
  }
  if (phase === 'awaiting-approval' && result !== undefined) {
    const decision = await decider.result(result, task, signal);
    if (decision?.type === 'reject') return { type: 'rejected', why: decision.why };
    if (decision?.type === 'approve') return approve(result);
    return decision;
  }
  if (phase !== 'blocked' || block === undefined) return undefined;
  const open = unanswered(task, block.questions);
  for (const question of open) {
    const said = await decider.answer(question, signal);
    const { id } = question;
    if (said === undefined || said.trim() === '' || id === undefined || signal.aborted) return undefined;
    await editDocument(document, text => answer(text, id, said));
  }
  // One that stopped for another reason waits for the person to take it up again.
  return open.length > 0 ? { type: 'answered' } : undefined;
}
