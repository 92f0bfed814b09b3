/**
 * Which tools there are, and which a planner, a worker and a helper have; and the one way from a model's calls to
 * calls that may be made. One bad call refuses the whole answer, so nothing of a malformed one is ever carried out.
 */
import { create, edit, move, remove } from './change.ts';
import { definition, explore, references, report, search } from './find.ts';
import { list, outline, read } from './look.ts';
import { runCheck, runCommand } from './run.ts';
import { ask, decide, finish, finishStep, plan } from './steer.ts';
import { readArguments, type Tool } from './tool.ts';

const looking: readonly Tool[] = [list, search, read, outline, definition, references];

/** For the work on a step. */
export const WORKER_TOOLS: readonly Tool[] = [
  ...looking,
  explore,
  edit,
  create,
  move,
  remove,
  runCheck,
  runCommand,
  ask,
  decide,
  finishStep,
  finish,
];
/** For making the plan: nothing that changes files. */
export const PLANNER_TOOLS: readonly Tool[] = [...looking, explore, ask, decide, plan];
/** For a helper: looking alone, and no helpers of its own. */
export const HELPER_TOOLS: readonly Tool[] = [...looking, report];

/** As the engine's stream gave it. */
export interface RawCall {
  readonly id: string;
  readonly name: string;
  /** JSON, as the model wrote it. */
  readonly arguments: string;
}

export interface CheckedCall {
  readonly tool: Tool;
  readonly args: Readonly<Record<string, unknown>>;
}

export type CheckedCalls =
  | { readonly ok: true; readonly calls: readonly CheckedCall[] }
  /** For the model. Quotes nothing of its own call back. */
  | { readonly ok: false; readonly why: string };

/** Calls of one answer that are carried out. */
export const MOST_CALLS = 12;

export function checkCalls(raw: readonly RawCall[], tools: readonly Tool[]): CheckedCalls {
  if (raw.length > MOST_CALLS) {
    return {
      ok: false,
      why: `There are ${raw.length} calls in one answer; at most ${MOST_CALLS} are taken.`,
    };
  }
  const ids = new Set<string>();
  const calls: CheckedCall[] = [];
  for (const [i, call] of raw.entries()) {
    const label = `Call ${i + 1}`;
    if (call.id !== '' && ids.has(call.id)) {
      return { ok: false, why: `${label} has the id of an earlier call. Send every call once.` };
    }
    ids.add(call.id);
    const tool = tools.find(({ spec }) => spec.name === call.name);
    if (tool === undefined) {
      const names = tools.map(({ spec }) => spec.name).join(', ');
      return { ok: false, why: `${label}: there is no such tool here. There are ${names}.` };
    }
    const args = readArguments(tool.fields, call.arguments);
    if (!args.ok) return { ok: false, why: `${label} of ${tool.spec.name}: ${args.why}` };
    calls.push({ tool, args: args.value });
  }
  return { ok: true, calls };
}
