/**
 * One session of work with a model: ask, check the calls, make them, show what came back, ask again, until a call
 * ends it, or the budget, the room, or the patience does. It must not know what the session is for.
 */
import { type Redacted, redacted } from '../guard/redacted.ts';
import { CHARACTERS_PER_TOKEN } from '../prompts/budget.ts';
import type { Observation, TaskMessages } from '../prompts/task.ts';
import { overBudget } from './budget.ts';
import type { Ledger } from './ledger.ts';
import { safe } from './material.ts';
import { bounded } from './outputs.ts';
import type { TaskPorts } from './ports.ts';
import { ask } from './request.ts';
import { type CheckedCall, checkCalls } from './tools/table.ts';
import { refused, type Tool, type ToolContext, type ToolEnd, type ToolResult } from './tools/tool.ts';
import type { Limits } from './types.ts';
import { markOf, repeatsOf, stuckReason } from './variant.ts';

export type SessionEnd =
  | ToolEnd
  /** What was seen no longer fits: time for a handoff. */
  | { readonly type: 'full' }
  | { readonly type: 'out-of-budget'; readonly message: string }
  | { readonly type: 'stuck'; readonly message: string }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'aborted' };

/** What a session shows to its prompt. */
export interface Seen {
  readonly observations: readonly Observation[];
  readonly fault: string | undefined;
  readonly tree: string;
}

export interface SessionOptions {
  readonly ports: TaskPorts;
  readonly ledger: Ledger;
  readonly tools: readonly Tool[];
  readonly limits: Limits;
  readonly step: string | undefined;
  readonly planned: ToolContext['planned'];
  /** Sets apart what is remembered as done. */
  readonly scope: string;
  /** Of one request. */
  readonly answerTokens: number;
  /** Most UTF-16 units of one result as it is shown. */
  readonly resultLength: number;
  /** Older results may be forgotten instead of ending the session. */
  readonly slides: boolean;
  readonly prompt: (seen: Seen) => Promise<TaskMessages>;
  /** Open obligations as they are now. */
  readonly open: () => number;
  /** After each answer, before the next question: the account is written. */
  readonly turn: () => Promise<void>;
  readonly explore?: ToolContext['explore'];
  readonly signal: AbortSignal;
}

/** Answers in a row that cannot be used: the first and two more. */
const MOST_UNUSABLE = 3;

export async function runSession(options: SessionOptions): Promise<SessionEnd> {
  const { answerTokens, ledger, limits, open, ports, prompt, signal, slides, tools, turn } = options;
  const observations: Observation[] = [];
  let fault: string | undefined;
  let unusable = 0;
  let tree = await ports.tree.hash();
  for (;;) {
    if (signal.aborted) return { type: 'aborted' };
    const { leftOut, messages } = await prompt({ observations, fault, tree });
    if (leftOut > 0 && !slides) return { type: 'full' };
    const size = messages.reduce((sum, { content }) => sum + content.length, 0);
    const over = overBudget(ledger.spent, limits, Math.ceil(size / CHARACTERS_PER_TOKEN) + answerTokens);
    if (over !== undefined) return { type: 'out-of-budget', message: over };
    const began = ports.clock.now();
    const reply = await ask(ports.engine, messages, tools, answerTokens, signal);
    const account = () => ledger.answered(reply.usage, ports.clock.now() - began, ports.price);
    if (reply.end === 'aborted') {
      account();
      await turn();
      return { type: 'aborted' };
    }
    if (reply.end === 'error') {
      account();
      await turn();
      const full = reply.error.kind === 'context-length' && observations.length > 0;
      return full ? { type: 'full' } : { type: 'failed', message: reply.error.message };
    }
    const checked =
      reply.end === 'unusable' ? { ok: false as const, why: reply.why } : checkCalls(reply.calls, tools);
    const none = checked.ok && checked.calls.length === 0;
    if (!checked.ok || none) {
      fault = checked.ok ? 'No tool was called. Call one; talk alone changes nothing.' : checked.why;
      account();
      ledger.worked(open());
      await turn();
      if (++unusable < MOST_UNUSABLE) continue;
      return {
        type: 'stuck',
        message: `The model answered ${unusable} times in a row with what cannot be used (${fault})`,
      };
    }
    unusable = 0;
    fault = undefined;
    const acted = await act(checked.calls, options, tree, observations);
    tree = acted.tree;
    account();
    ledger.worked(open());
    await turn();
    if (acted.end !== undefined) return acted.end;
    const stuck = acted.stuck ?? stuckReason(ledger.progress);
    if (stuck !== undefined) return { type: 'stuck', message: stuck };
  }
}

interface Acted {
  readonly end?: SessionEnd;
  readonly stuck?: string;
  readonly tree: string;
}

/** The calls of one answer, one after the other; what follows on a failed act is not made. */
async function act(
  calls: readonly CheckedCall[],
  options: SessionOptions,
  before: string,
  observations: Observation[],
): Promise<Acted> {
  const { explore, ledger, planned, ports, scope, signal, step } = options;
  const context: ToolContext = { ports, step, planned, signal, ...(explore ? { explore } : {}) };
  let tree = before;
  for (const [i, { args, tool }] of calls.entries()) {
    if (signal.aborted) return { end: { type: 'aborted' }, tree };
    const { name } = tool.spec;
    const mark = markOf(name, args, tree, scope);
    const repeats = repeatsOf(ledger.progress, mark);
    ledger.acted(mark);
    const result = repeats > 0 ? again(repeats) : await made(tool, args, context);
    if (tool.effect === 'write' || tool.effect === 'run') tree = await ports.tree.hash();
    if (repeats === 0) ledger.found(result, tree);
    observations.push(await observed(options, tool, args, result));
    if (result.end !== undefined) return { end: result.end, tree };
    const stuck = stuckReason(ledger.progress, mark);
    if (stuck !== undefined) return { stuck: `${stuck} (${name})`, tree };
    const left = calls.length - i - 1;
    if (!result.ok && tool.effect !== 'read' && left > 0) {
      const note = safe(ports, `${left} more calls of that answer were not made, since this one failed.`);
      observations.push({ call: safe(ports, 'not made'), text: note });
      return { tree };
    }
  }
  return { tree };
}

function again(repeats: number): ToolResult {
  return refused(
    `This call was made already, ${repeats} times, and the tree is the same: its result would be the same. Do something else, or ask.`,
  );
}

async function made(
  tool: Tool,
  args: Readonly<Record<string, unknown>>,
  context: ToolContext,
): Promise<ToolResult> {
  const ended = context.ports.watcher?.call(tool.spec.name, args);
  let result: ToolResult;
  try {
    result = await tool.run(args, context);
  } catch {
    // A tool of ours that breaks is no reason to end a task; what it says might name places of the machine.
    result = refused('The tool failed. Try another way.');
  }
  ended?.({ ok: result.ok, text: result.text });
  return result;
}

async function observed(
  { ports, resultLength }: SessionOptions,
  { spec }: Tool,
  args: Readonly<Record<string, unknown>>,
  { ok, text }: ToolResult,
): Promise<Observation> {
  const shown = await bounded(text, each => safe(ports, each), resultLength, ports.outputs);
  return { call: callOf(ports, spec.name, args), text: ok ? shown : redacted`FAILED: ${shown}` };
}

/** A call as it is told later: its name and its short arguments. */
function callOf(ports: TaskPorts, name: string, args: Readonly<Record<string, unknown>>): Redacted {
  const parts = Object.entries(args).map(([key, value]) => {
    const text = Array.isArray(value) ? value.join(' ') : String(value);
    const line = text.replace(/[\s"<>]+/g, ' ').trim();
    return `${key}=${line.length > 60 ? `${line.slice(0, 57)}...` : line}`;
  });
  return safe(ports, `${name} ${parts.join(', ')}`.trim());
}
