/**
 * The Host port over a session of an agent shell: files are changed through the editor where it can do so, so that
 * its buffers stay in step, else on disk. It must not know what the work is about.
 */
import type { ApplyOutcome, Change, Host, Progress } from '../base/host.ts';
import { type FileChange, fileChanges } from '../features/changes/onDisk.ts';
import { TASK_ENDING } from '../agent/document/task.ts';
import { plain, plainLine } from '../guard/sanitise.ts';
import type { SessionClient } from './client.ts';
import { contentOf } from './activity.ts';
import type { PermissionOption } from './protocol.ts';

export interface AcpHostPorts {
  readonly client: SessionClient;
  readonly pathOf: (uri: string) => string | undefined;
  /** A file's text as the change was made against it; undefined: there is none. Rejects where it is no text. */
  readonly read: (path: string) => Promise<string | undefined>;
  /** Changes files on disk as one; answers why not. */
  readonly changeFiles: (changes: readonly FileChange[]) => Promise<string | undefined>;
}

const REFUSING = /^(no|not|never|don.t|do not|cancel|deny|reject|refuse)\b/i;

export function acpHost(ports: AcpHostPorts): Host {
  const { client } = ports;
  let questions = 0;
  return {
    apply: change => applyThroughClient(change, ports),
    async showText(_name, markdown) {
      client.say(markdown);
    },
    open: async () => false,
    tell(_level, message) {
      client.update({
        sessionUpdate: 'agent_thought_chunk',
        content: { type: 'text', text: `${plain(message)}\n` },
      });
    },
    async ask(message, choices) {
      const options: (PermissionOption & { readonly choice: string })[] = choices.map((choice, i) => ({
        optionId: `choice-${i}`,
        name: plainLine(choice, 80),
        kind: REFUSING.test(choice) ? 'reject_once' : 'allow_once',
        choice,
      }));
      const call = {
        toolCallId: `question-${++questions}`,
        title: plainLine(message, 120),
        kind: 'other',
        status: 'pending',
        content: [contentOf(message)],
      } as const;
      client.update({ sessionUpdate: 'tool_call', ...call });
      const chosen = await client.permit(
        call,
        options.map(({ choice: _choice, ...option }) => option),
      );
      const status = chosen === undefined || chosen.kind === 'reject_once' ? 'failed' : 'completed';
      client.update({ sessionUpdate: 'tool_call_update', toolCallId: call.toolCallId, status });
      return options.find(({ optionId }) => optionId === chosen?.optionId)?.choice;
    },
    progress: (): Progress => ({
      signal: new AbortController().signal,
      report: () => undefined,
      done: () => undefined,
    }),
  };
}

/**
 * All or nothing: what the editor has taken is given back if it does not take the rest. Nothing is overwritten that
 * is not saved, since the change was made against what is on disk.
 */
async function applyThroughClient(change: Change, ports: AcpHostPorts): Promise<ApplyOutcome> {
  const { changeFiles, client } = ports;
  const found = await fileChanges(change, ports);
  if (!found.ok) return { applied: false, why: 'stale', message: found.why };
  // A task's own document changes all the time, and editors read it again by themselves.
  if (found.changes.every(({ path }) => path.endsWith(TASK_ENDING)))
    return onDisk(found.changes, changeFiles);
  for (const { before, path } of found.changes) {
    const shown = before === undefined ? undefined : await client.read(path);
    if (shown !== undefined && unlike(shown, before)) {
      const message = `${path} has edits in your editor that the result does not know. Save it, then say /resume.`;
      return { applied: false, why: 'refused', message };
    }
  }
  if (!client.can.writeFiles) return onDisk(found.changes, changeFiles);
  const written: FileChange[] = [];
  for (const each of found.changes) {
    if (each.after === undefined) continue;
    if (!(await client.write(each.path, each.after))) {
      await giveBack(written, ports);
      return {
        applied: false,
        why: 'refused',
        message: `Your editor did not take the change of ${each.path}.`,
      };
    }
    written.push(each);
  }
  const removed = found.changes.filter(({ after }) => after === undefined);
  const outcome = await onDisk(removed, changeFiles);
  if (!outcome.applied) await giveBack(written, ports);
  return outcome;
}

/** What was new is removed on disk; the rest goes back the way it came. */
async function giveBack(
  written: readonly FileChange[],
  { changeFiles, client }: AcpHostPorts,
): Promise<void> {
  for (const { before, path } of written) if (before !== undefined) await client.write(path, before);
  const made = written.filter(({ before }) => before === undefined);
  await onDisk(
    made.map(({ after, path }) => ({ path, before: after, after: undefined })),
    changeFiles,
  );
}

async function onDisk(
  changes: readonly FileChange[],
  changeFiles: AcpHostPorts['changeFiles'],
): Promise<ApplyOutcome> {
  if (changes.length === 0) return { applied: true };
  const why = await changeFiles(changes);
  return why === undefined ? { applied: true } : { applied: false, why: 'stale', message: why };
}

/** Editors show line ends in their own way, and the last one not at all. */
function unlike(a: string, b: string | undefined): boolean {
  const tidy = (text: string | undefined) => text?.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  return tidy(a) !== tidy(b);
}
