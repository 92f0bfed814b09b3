/**
 * What a task does, as the updates that a client draws: its plan, each call of a tool with the differences it made,
 * its checks. It must not know how decisions are asked for.
 */
import { join } from 'node:path';
import type { ResultFile } from '../agent/desk.ts';
import type { Task } from '../agent/document/task.ts';
import type { Watcher } from '../agent/ports.ts';
import type { TaskState } from '../agent/types.ts';
import { markdown, markHidden, plainLine } from '../guard/sanitise.ts';
import type { SessionClient } from './client.ts';
import type { PlanEntry, ToolContent, ToolFields, ToolKind } from './protocol.ts';

/** By the name of the tool; what is missing here shows in the plan or in words, and not as a call. */
const KINDS: Readonly<
  Record<string, { readonly kind: ToolKind; readonly verb: string; readonly of: string }>
> = {
  list: { kind: 'read', verb: 'List', of: 'folder' },
  read: { kind: 'read', verb: 'Read', of: 'path' },
  outline: { kind: 'read', verb: 'Outline of', of: 'path' },
  search: { kind: 'search', verb: 'Search', of: 'text' },
  definition: { kind: 'search', verb: 'Definition of', of: 'name' },
  references: { kind: 'search', verb: 'References to', of: 'name' },
  explore: { kind: 'search', verb: 'Explore', of: 'question' },
  edit: { kind: 'edit', verb: 'Edit', of: 'path' },
  create: { kind: 'edit', verb: 'Create', of: 'path' },
  move: { kind: 'move', verb: 'Move', of: 'from' },
  delete: { kind: 'delete', verb: 'Delete', of: 'path' },
  run_check: { kind: 'execute', verb: 'Check', of: 'name' },
  run_command: { kind: 'execute', verb: 'Run', of: 'argv' },
  note_decision: { kind: 'think', verb: 'Decide', of: 'decision' },
};

/** UTF-16 units of a tool's answer, and of each side of a difference, that are shown. */
const MOST_TEXT = 4_000;
const MOST_DIFF = 200_000;

export interface Activity extends Watcher {
  /** Shows the plan as it stands, where it stands otherwise than shown last. */
  plan(task: Task, state: TaskState | undefined): void;
  /** Where the task is read whose plan is shown from now on after every event. */
  of(task: () => Task): void;
}

export function showActivity(client: SessionClient, root: string): Activity {
  let current: (() => Task) | undefined;
  let calls = 0;
  let shownPlan = '';
  let verifying: string | undefined;
  /** Calls that run, the innermost last: a helper's are within the call that sent it out. */
  const open: { readonly diffs: ToolContent[] }[] = [];

  return {
    call(name, args) {
      const known = Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
      const running = { diffs: [] as ToolContent[] };
      open.push(running);
      const toolCallId = `call-${++calls}`;
      if (known !== undefined) {
        const title = plainLine(`${known.verb} ${wordOf(args[known.of])}`, 120);
        const { kind } = known;
        const locations = locationsOf(root, args);
        client.update({
          sessionUpdate: 'tool_call',
          toolCallId,
          title,
          kind,
          status: 'in_progress',
          locations,
        });
      }
      return ({ ok, text }) => {
        const at = open.indexOf(running);
        if (at >= 0) open.splice(at, 1);
        if (known === undefined) return;
        const words = text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT)}\n[cut]` : text;
        const content = running.diffs.length > 0 ? running.diffs : [contentOf(words)];
        const status = ok ? 'completed' : 'failed';
        client.update({ sessionUpdate: 'tool_call_update', toolCallId, status, content });
      };
    },
    changed(path, before, after) {
      open.at(-1)?.diffs.push(diffOf(root, path, before ?? null, after ?? null));
    },
    recorded({ event, state }) {
      if (state.phase === 'verifying' && !state.paused && verifying === undefined) {
        verifying = `verify-${++calls}`;
        const fields: ToolFields = { kind: 'execute', status: 'in_progress' };
        const title = 'Verify the result in a clean copy';
        client.update({ sessionUpdate: 'tool_call', toolCallId: verifying, title, ...fields });
      } else if (verifying !== undefined && (state.phase !== 'verifying' || state.paused)) {
        const status = event.type === 'verified' ? 'completed' : 'failed';
        const why = event.type === 'not-verified' ? { content: [contentOf(event.why)] } : {};
        client.update({ sessionUpdate: 'tool_call_update', toolCallId: verifying, status, ...why });
        verifying = undefined;
      }
      if (current !== undefined) show(current(), state);
    },
    plan: show,
    of(task) {
      current = task;
    },
  };

  function show({ steps }: Task, state: TaskState | undefined): void {
    const entries: readonly PlanEntry[] = steps.map(({ id, text, ticked }) => ({
      content: plainLine(text, 400),
      priority: 'medium',
      status: ticked ? 'completed' : id !== undefined && id === state?.step ? 'in_progress' : 'pending',
    }));
    const told = JSON.stringify(entries);
    if (told === shownPlan || (entries.length === 0 && shownPlan === '')) return;
    shownPlan = told;
    client.update({ sessionUpdate: 'plan', entries });
  }
}

/** What a result changes, file by file, for the person who approves it. */
export function resultContent(root: string, files: readonly ResultFile[]): readonly ToolContent[] {
  return files.map(({ after, before, path }) => diffOf(root, path, before, after));
}

/** Shells show it as Markdown, and part of it may be a model's. */
export function contentOf(text: string): ToolContent {
  return { type: 'content', content: { type: 'text', text: markdown(text) } };
}

/** To be looked at, not to be applied: what hides or steers a terminal is written out, what is huge is told. */
function diffOf(root: string, path: string, before: string | null, after: string | null): ToolContent {
  if ((before?.length ?? 0) + (after?.length ?? 0) > MOST_DIFF)
    return contentOf(`${path} is too large to be shown here.`);
  const old = before === null ? {} : { oldText: visible(before) };
  return { type: 'diff', path: join(root, path), ...old, newText: visible(after ?? '') };
}

const visible = (text: string): string =>
  markHidden(text).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g, unit => {
    const code = unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return `‹U+${code}›`;
  });

function locationsOf(root: string, args: Readonly<Record<string, unknown>>) {
  return ['path', 'from', 'to'].flatMap(key => {
    const path = args[key];
    if (typeof path !== 'string' || path === '') return [];
    // Of a tool that reads, `from` is a line.
    const line = args['from'];
    return [{ path: join(root, path), ...(typeof line === 'number' && line >= 1 ? { line } : {}) }];
  });
}

function wordOf(value: unknown): string {
  return Array.isArray(value) ? value.join(' ') : typeof value === 'string' ? value : '';
}
