/**
 * What a prompt is made of, gathered anew for each: the document as the person has it now, the tree as it is now.
 * Everything is redacted here, piece by piece, before anything is cut. It must not know the words of prompts.
 */
import { stripControls } from '../base/controls.ts';
import { markHidden } from '../guard/hidden.ts';
import type { Redacted } from '../guard/redacted.ts';
import type { Observation, TaskMaterial } from '../prompts/task.ts';
import type { Task } from './document/task.ts';
import type { HandoffFacts } from './handoff.ts';
import { TREE_DIGITS } from './handoff.ts';
import type { TaskPorts } from './ports.ts';
import type { Findings, TaskState } from './types.ts';

const MOST_ENTRIES = 60;
const MOST_CHANGED = 60;

/** A stranger's text as a prompt may hold it: nothing hidden, nothing that drives a terminal, no secret. */
export function safe({ redactor }: Pick<TaskPorts, 'redactor'>, text: string): Redacted {
  return redactor.redact(markHidden(stripControls(text)));
}

export interface Gathered {
  readonly observations: readonly Observation[];
  readonly fault: string | undefined;
  readonly findings: Findings;
  /** Hash of the tree. */
  readonly tree: string;
  readonly handoff: string | undefined;
  readonly textTools: string | undefined;
  readonly budget: number;
}

export async function gather(
  ports: TaskPorts,
  task: Task,
  state: TaskState,
  gathered: Gathered,
): Promise<TaskMaterial> {
  const { budget, fault, findings, handoff, observations, textTools, tree } = gathered;
  const redact = (text: string): Redacted => safe(ports, text);
  return {
    title: redact(task.title),
    goal: redact(task.goal),
    steps: task.steps.map(({ detail, id, text, ticked }) => ({
      id: redact(id ?? '?'),
      text: redact(text),
      state: id === state.step ? 'now' : ticked ? 'done' : 'open',
      ...(detail === '' ? {} : { detail: redact(detail) }),
    })),
    decisions: task.decisions.map(({ id, text }) => ({ id: redact(id ?? '?'), text: redact(text) })),
    answers: task.questions.flatMap(({ answer, text }) =>
      answer === undefined ? [] : [{ question: redact(text), answer: redact(answer) }],
    ),
    instructions: ports.instructions.map(({ text, title }) => ({ title: redact(title), text: redact(text) })),
    ...(handoff === undefined || handoff === '' ? {} : { handoff: redact(handoff) }),
    ...(state.objection === undefined ? {} : { objection: redact(state.objection) }),
    facts: redact(await factsOf(ports, findings, tree)),
    observations,
    ...(fault === undefined ? {} : { fault: redact(fault) }),
    ...(textTools === undefined ? {} : { textTools: redact(textTools) }),
    budget,
  };
}

async function factsOf({ checks, tree }: TaskPorts, findings: Findings, hash: string): Promise<string> {
  const entries = await tree.entries('');
  const names = entries.ok
    ? entries.value.map(({ kind, name }) => (kind === 'folder' ? `${name}/` : name))
    : [];
  const changed = await tree.changed();
  const ran = findings.checks.map(
    ({ name, ok, tree: on }) =>
      `${name} ${ok ? 'passed' : 'failed'} at tree ${on.slice(0, TREE_DIGITS)}${on === hash ? ' (the tree as it is now)' : ' (the tree has changed since)'}`,
  );
  return [
    `Top of the tree: ${counted(names, MOST_ENTRIES)}`,
    `Changed by this task: ${counted(changed, MOST_CHANGED)}`,
    `Checks: ${counted(checks.names(), 40)}`,
    ...(ran.length > 0 ? [`Runs: ${ran.join('; ')}`] : []),
  ].join('\n');
}

function counted(items: readonly string[], most: number): string {
  if (items.length === 0) return 'none';
  const more = items.length - most;
  return items.slice(0, most).join(', ') + (more > 0 ? ` [cut: ${more} more]` : '');
}

/** What a handoff is held against; `exists` knows the files as they are now. */
export async function handoffFacts(
  { tree }: TaskPorts,
  task: Task,
  { findings, step }: Pick<TaskState, 'findings' | 'step'>,
  signal: AbortSignal,
): Promise<HandoffFacts> {
  const files = new Set(await tree.paths(50_000, signal));
  const folders = new Set<string>();
  for (const path of files) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1))
      folders.add(path.slice(0, at));
  }
  const named = task.steps.flatMap(({ id, text, ticked }) =>
    id === undefined ? [] : [{ id, text, ticked }],
  );
  const open = named.filter(({ ticked }) => !ticked);
  return {
    open: [...open.filter(({ id }) => id === step), ...open.filter(({ id }) => id !== step)],
    done: named.filter(({ ticked }) => ticked).map(({ id }) => id),
    decisions: task.decisions.flatMap(({ id }) => id ?? []),
    attempts: findings.attempts,
    checks: findings.checks,
    changed: await tree.changed(),
    exists: path => files.has(path) || folders.has(path),
  };
}
