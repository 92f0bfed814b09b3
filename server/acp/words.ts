/** What a session says at the end of a turn, and how an earlier one is told again. It must not ask anything. */
import type { DeskTask } from '../agent/desk.ts';
import { readTask, type Task, unanswered } from '../agent/document/task.ts';
import type { TaskState } from '../agent/types.ts';
import { markdown } from '../guard/sanitise.ts';
import type { SessionUpdate } from './protocol.ts';

const text = (sessionUpdate: 'user_message_chunk' | 'agent_message_chunk', words: string): SessionUpdate => ({
  sessionUpdate,
  content: { type: 'text', text: `${markdown(words)}\n\n` },
});

/** A task as its document tells it. */
export function history({ decisions, evidence, goal, log, steps }: Task): readonly SessionUpdate[] {
  const said: SessionUpdate[] = [text('user_message_chunk', goal)];
  const lines = [
    ...steps.map(({ text: step, ticked }) => `- [${ticked ? 'x' : ' '}] ${step}`),
    ...decisions.map(({ text: decision }) => `- ${decision}`),
    ...log.map(line => `- ${line}`),
  ];
  if (lines.length > 0) said.push(text('agent_message_chunk', lines.join('\n')));
  if (evidence !== '') said.push(text('agent_message_chunk', evidence));
  return said;
}

/** Where the task is now, and what the person can do. */
export async function closing({ document, files }: DeskTask, state: TaskState): Promise<string> {
  const { task } = readTask(document.text());
  const { block } = state;
  switch (state.phase) {
    case 'applied':
      return `The result is applied: ${names(await files())}`;
    case 'archived':
      return `The experiment has ended, its code is kept aside.\n\n${task.evidence}`;
    case 'discarded':
      return 'The task is discarded; its difference is kept aside.';
    case 'awaiting-plan':
      return 'The plan waits. Say what should be different, `/resume` to be asked again, or `/discard`.';
    case 'awaiting-approval':
      return 'The result waits. Say what should be different, `/resume` to be asked again, or `/discard`.';
    case 'blocked': {
      const asked = unanswered(task, block?.questions ?? []);
      if (asked.length === 0)
        return `${block?.message ?? ''}\n\nSay what to do, \`/resume\`, or \`/discard\`.`;
      return asked
        .map(({ options, text: question }) =>
          [question, ...options.map((option, i) => `${i + 1}. ${option}`)].join('\n'),
        )
        .join('\n\n');
    }
    case 'planning':
    case 'working':
    case 'verifying':
    case 'applying':
    case 'discarding':
      return 'The task is paused. Say `/resume` to go on.';
  }
}

function names(files: readonly { readonly path: string }[]): string {
  return files.length === 0 ? 'nothing had to change.' : files.map(({ path }) => `\`${path}\``).join(', ');
}
