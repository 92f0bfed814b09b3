/**
 * The effects that need a model: making the plan, working on a step, handing over, sending a helper out. Each ends in
 * one event of the machine. It must not know in which order they come.
 */
import { redacted } from '../guard/redacted.ts';
import { handoffPrompt, helperPrompt, planPrompt, stepPrompt, type TaskMaterial } from '../prompts/task.ts';
import { overBudget, shareOf } from './budget.ts';
import { addLog, addQuestion, giveIds, planHash, setHandoff, tickStep } from './document/edits.ts';
import { harmlessText } from './document/harmless.ts';
import { lowerLimits } from './document/settings.ts';
import { readTask, type Task } from './document/task.ts';
import { composeHandoff, lintHandoff } from './handoff.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { gather, handoffFacts, safe } from './material.ts';
import type { TaskPorts } from './ports.ts';
import { ask } from './request.ts';
import { runSession, type Seen, type SessionEnd } from './session.ts';
import { toolsAsText } from './textTools.ts';
import { editDocument } from './tools/steer.ts';
import { HELPER_TOOLS, PLANNER_TOOLS, WORKER_TOOLS } from './tools/table.ts';
import { fine, refused, type Tool, type ToolResult } from './tools/tool.ts';
import type { Findings, Limits, TaskEvent, TaskState } from './types.ts';
import { sharesOf } from './window.ts';

/** What the loop gives to an effect. */
export interface Work {
  readonly ports: TaskPorts;
  readonly state: TaskState;
  /** Writes what was used and found so far. */
  readonly turn: (ledger: Ledger) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Answers of a helper, and UTF-16 units of its report. */
const HELPER_STEPS = 10;
const MOST_REPORT = 2_000;
const MOST_HANDOFFS = 3;

export const taskOf = ({ document }: Pick<TaskPorts, 'document'>): Task => readTask(document.text()).task;

export function limitsOf(ports: TaskPorts): Limits {
  return lowerLimits(ports.limits, taskOf(ports).settings.limits);
}

/** A time of the day, for the log. */
export function timeOf({ clock }: Pick<TaskPorts, 'clock'>): string {
  return new Date(clock.now()).toISOString().slice(11, 16);
}

export async function makePlan(work: Work): Promise<TaskEvent | undefined> {
  const { ports, state } = work;
  const ledger = openLedger(state);
  const end = await session(work, ledger, PLANNER_TOOLS, `plan ${state.session}`, {
    prompt: async material => planPrompt(material),
    slides: true,
  });
  if (end.type !== 'planned') return eventOf(work, end);
  await editDocument(ports.document, giveIds);
  return { type: 'planned', plan: planHash(taskOf(ports)), steps: end.steps };
}

export async function workOnStep(work: Work, step: string): Promise<TaskEvent | undefined> {
  const { ports, signal, state } = work;
  const isOpen = () => taskOf(ports).steps.some(({ id, ticked }) => id === step && !ticked);
  if (!isOpen()) return { type: 'step-gone', step };
  const ledger = openLedger(state);
  const handoff = await trustedHandoff(work, ledger.findings);
  const last: { material?: TaskMaterial } = {};
  const end = await session(work, ledger, WORKER_TOOLS, `${step} ${state.session}`, {
    handoff,
    slides: false,
    prompt: async material => {
      last.material = material;
      return stepPrompt(material);
    },
  });
  if (end.type === 'step-done') {
    if (!isOpen()) return { type: 'step-gone', step };
    await editDocument(ports.document, text => tickStep(text, step, true));
    await editDocument(ports.document, text => addLog(text, timeOf(ports), `${step} done: ${end.summary}`));
    await editDocument(ports.document, text => setHandoff(text, '', ledger.findings.wrote.handoff));
    ledger.wrote('handoff', '');
    await work.turn(ledger);
    return { type: 'step-done', step };
  }
  if (end.type !== 'full') return eventOf(work, end);
  await handOver({ ...work, state: { ...state, findings: ledger.findings } }, ledger, last.material);
  return signal.aborted ? undefined : { type: 'handed-over', session: state.session };
}

interface SessionKind {
  readonly prompt: (material: TaskMaterial) => Promise<ReturnType<typeof planPrompt>>;
  readonly slides: boolean;
  readonly handoff?: string | undefined;
  readonly limits?: Limits;
  readonly helper?: true;
}

function session(
  work: Work,
  ledger: Ledger,
  tools: readonly Tool[],
  scope: string,
  kind: SessionKind,
): Promise<SessionEnd> {
  const { ports, signal, state, turn } = work;
  const shares = sharesOf(ports.engine, tools, taskOf(ports).settings.window);
  const textTools = ports.engine.capabilities.tools ? undefined : toolsAsText(tools.map(({ spec }) => spec));
  return runSession({
    ports,
    ledger,
    tools,
    scope,
    limits: kind.limits ?? limitsOf(ports),
    step: kind.helper === true ? undefined : state.step,
    planned: state.planned,
    answerTokens: shares.answer,
    resultLength: shares.result,
    slides: kind.slides,
    signal,
    open: () => obligations(ports, ledger.findings),
    turn: () => turn(ledger),
    ...(kind.helper === true ? {} : { explore: (question: string) => explore(work, ledger, question) }),
    prompt: async (seen: Seen) => {
      const gathered = {
        ...seen,
        findings: ledger.findings,
        handoff: kind.handoff,
        textTools,
        budget: shares.prompt,
      };
      return kind.prompt(await gather(ports, taskOf(ports), state, gathered));
    },
  });
}

/** Steps that are open and checks that fail: what must fall for a task to end. */
export function obligations(ports: Pick<TaskPorts, 'document'>, { checks }: Findings): number {
  const open = taskOf(ports).steps.filter(({ ticked }) => !ticked).length;
  return open + checks.filter(({ ok }) => !ok).length;
}

/** A helper that can only read, with a few answers of the task's own budget. */
async function explore(work: Work, ledger: Ledger, question: string): Promise<ToolResult> {
  const { ports } = work;
  const limits = limitsOf(ports);
  const steps = shareOf(ledger.spent, limits, HELPER_STEPS);
  if (steps < 1) return refused('The budget leaves no room for a helper. Look yourself.');
  const end = await session(work, ledger, HELPER_TOOLS, `helper ${ledger.spent.steps}`, {
    prompt: async material => helperPrompt(material, safe(ports, question)),
    slides: true,
    helper: true,
    limits: { ...limits, steps: ledger.spent.steps + steps },
  });
  if (end.type === 'reported') {
    const cut = end.text.length > MOST_REPORT ? `${end.text.slice(0, MOST_REPORT)}\n[cut]` : end.text;
    return fine(cut);
  }
  return refused('The helper found nothing in its time. Look yourself, or ask it less.');
}

/** What the document's handoff says, if it is true of the tree as it is now; else what is known without it. */
async function trustedHandoff(work: Work, findings: Findings): Promise<string | undefined> {
  const { ports, signal, state } = work;
  const task = taskOf(ports);
  if (task.handoff === '') return undefined;
  const facts = await handoffFacts(ports, task, { ...state, findings }, signal);
  if (lintHandoff(task.handoff, facts).length === 0) return task.handoff;
  return composeHandoff(facts, facts.open[0]?.text ?? '');
}

/** Writes the handoff: the model's, if it holds against the tree within three tries, else the one made of facts. */
async function handOver(work: Work, ledger: Ledger, material: TaskMaterial | undefined): Promise<void> {
  const { ports, signal, state, turn } = work;
  const task = taskOf(ports);
  const facts = await handoffFacts(ports, task, state, signal);
  const draft = composeHandoff(facts, facts.open[0]?.text ?? '');
  let chosen = draft;
  let faults: readonly string[] = [];
  for (let i = 0; i < MOST_HANDOFFS && material !== undefined && !signal.aborted; i++) {
    const shares = sharesOf(ports.engine, [], task.settings.window);
    const { fault: _fault, textTools: _tools, ...rest } = material;
    const prompt = {
      ...rest,
      draft: safe(ports, draft),
      faults: faults.map(each => redacted`- ${safe(ports, each)}`),
      budget: shares.prompt,
    };
    const { messages } = handoffPrompt(prompt);
    if (overBudget(ledger.spent, limitsOf(ports), shares.prompt + shares.answer) !== undefined) break;
    const began = ports.clock.now();
    const reply = await ask(ports.engine, messages, [], shares.answer, signal);
    ledger.answered(reply.usage, ports.clock.now() - began, ports.price);
    await turn(ledger);
    if (reply.end !== 'whole') break;
    const text = unfenced(reply.text);
    faults = lintHandoff(text, facts);
    if (faults.length > 0) continue;
    chosen = text;
    break;
  }
  const { handoff: was } = ledger.findings.wrote;
  await editDocument(ports.document, text => setHandoff(text, chosen, was));
  ledger.wrote('handoff', harmlessText(chosen));
  await turn(ledger);
  await editDocument(ports.document, text =>
    addLog(
      text,
      timeOf(ports),
      `${state.step ?? 'session'}: session ${state.session} was full and handed over`,
    ),
  );
}

/** Models like to put a document into a fence. */
function unfenced(text: string): string {
  const trimmed = text.trim();
  return /^(`{3,})\w*\n([\s\S]*)\n\1$/.exec(trimmed)?.[2] ?? trimmed;
}

/** The event that a session's end is, where it is the same for all kinds. */
async function eventOf({ ports, signal }: Work, end: SessionEnd): Promise<TaskEvent | undefined> {
  if (signal.aborted) return undefined;
  switch (end.type) {
    case 'asked':
      return { type: 'asked', questions: end.questions, message: end.message };
    case 'stuck': {
      const question = `${end.message}. What should be done differently?`;
      await editDocument(ports.document, text => addQuestion(text, question));
      const asked = taskOf(ports).questions.at(-1)?.id;
      const questions = asked === undefined ? [] : [asked];
      return {
        type: 'stuck',
        questions,
        message: `${question} Answer it in the document, or discard the task.`,
      };
    }
    case 'out-of-budget':
      return { type: 'out-of-budget', message: end.message };
    case 'failed':
      return { type: 'failed', message: end.message };
    case 'full':
    case 'planned':
    case 'reported':
    case 'step-done':
    case 'aborted':
      return undefined;
  }
}
