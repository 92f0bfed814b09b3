/** What a person decides in an agent shell, as requests for permission. It must not know how a task goes on. */
import { join } from 'node:path';
import type { Desk, DeskTask } from '../agent/desk.ts';
import type { Task } from '../agent/document/task.ts';
import type { Decider, Decision } from '../agent/drive.ts';
import { contentOf, resultContent } from './activity.ts';
import type { SessionClient } from './client.ts';
import type { Mode } from './modes.ts';
import type { PermissionOption, ToolFields } from './protocol.ts';

const PLAN: readonly PermissionOption[] = [
  { optionId: 'approve', name: 'Approve the plan', kind: 'allow_once' },
  { optionId: 'reject', name: 'Change it', kind: 'reject_once' },
];
const RESULT: readonly PermissionOption[] = [
  { optionId: 'approve', name: 'Apply the result', kind: 'allow_once' },
  { optionId: 'reject', name: 'Not like this', kind: 'reject_once' },
];
const TRUST: readonly PermissionOption[] = [
  { optionId: 'trust', name: 'Trust this folder', kind: 'allow_always' },
  { optionId: 'no', name: 'Not now', kind: 'reject_once' },
];

let asked = 0;

/** Asks and shows how it was answered. Undefined: no word. */
async function permitted(
  client: SessionClient,
  fields: ToolFields & { readonly title: string },
  options: readonly PermissionOption[],
  signal: AbortSignal,
): Promise<PermissionOption | undefined> {
  const call = { toolCallId: `decision-${++asked}`, status: 'pending', ...fields } as const;
  client.update({ sessionUpdate: 'tool_call', ...call });
  const chosen = await client.permit(call, options, signal);
  const yes = chosen?.kind === 'allow_once' || chosen?.kind === 'allow_always';
  const status = yes ? 'completed' : 'failed';
  client.update({ sessionUpdate: 'tool_call_update', toolCallId: call.toolCallId, status });
  return signal.aborted ? undefined : chosen;
}

export async function allowTrust(desk: Desk, client: SessionClient, signal: AbortSignal): Promise<boolean> {
  if (await desk.trusted()) return true;
  const words = `A task runs the project's own checks and writes into it, so Codriver works only in folders that you trust. This one is ${desk.root}`;
  const chosen = await permitted(
    client,
    { title: `Trust ${desk.root}?`, kind: 'other', content: [contentOf(words)] },
    TRUST,
    signal,
  );
  if (chosen?.kind === 'allow_always') {
    await desk.trust();
    return true;
  }
  if (!signal.aborted)
    client.say(`Nothing was done. To trust the folder later, run: codriver trust ${desk.root}`);
  return false;
}

/** More than the person's settings allow is asked for, once a session. */
export async function allowLevel(
  { level, name }: Mode,
  desk: Desk,
  client: SessionClient,
  signal: AbortSignal,
): Promise<boolean> {
  const words = `Your setting codriver.autonomy is ${desk.level()}; this mode is level ${level}. Nothing comes into your files before you approve it.`;
  const options: readonly PermissionOption[] = [
    { optionId: 'allow', name: `${name} in this session`, kind: 'allow_once' },
    { optionId: 'no', name: 'Not now', kind: 'reject_once' },
  ];
  const fields = { title: `Work at level ${level}?`, kind: 'other', content: [contentOf(words)] } as const;
  const chosen = await permitted(client, fields, options, signal);
  if (chosen?.kind === 'allow_once') return true;
  if (!signal.aborted)
    client.say(`Nothing was done. To allow it for good, set codriver.autonomy to ${level} in your settings.`);
  return false;
}

/** What the editor shows of files, as far as it says so. */
export async function shownOf(
  client: SessionClient,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const path of paths) {
    const text = await client.read(path);
    if (text !== undefined) texts.set(path, text);
  }
  return texts;
}

export interface DeciderParts {
  readonly client: SessionClient;
  readonly desk: Pick<Desk, 'root' | 'shown'>;
  readonly task: DeskTask;
  /** Whether the person has said, by the level they work at, that a plan is carried out at once. */
  readonly skipsPlan: (task: Task) => boolean;
}

export function permissionDecider({ client, desk, skipsPlan, task }: DeciderParts): Decider {
  /** A no is told apart from silence by the words that follow it in the next prompt. */
  const decision = (chosen: PermissionOption | undefined): Decision | undefined =>
    chosen?.optionId === 'approve' ? { type: 'approve' } : undefined;
  return {
    async plan(now, signal) {
      if (skipsPlan(now)) return { type: 'approve' };
      const steps = now.steps.map(({ text }, i) => `${i + 1}. ${text}`).join('\n');
      const fields = { title: 'Approve the plan', kind: 'think', content: [contentOf(steps)] } as const;
      return decision(await permitted(client, fields, PLAN, signal));
    },
    async result(_result, now, signal) {
      const files = await task.files();
      const content = [
        ...resultContent(desk.root, files),
        ...(now.evidence === '' ? [] : [contentOf(now.evidence)]),
      ];
      const locations = files.map(({ path }) => ({ path: join(desk.root, path) }));
      const title = `Apply the result: ${files.length} ${files.length === 1 ? 'file' : 'files'}`;
      const said = decision(
        await permitted(client, { title, kind: 'edit', content, locations }, RESULT, signal),
      );
      // What is not saved is merged with, where the editor takes the result; on disk it would be overwritten later.
      if (said !== undefined && client.can.writeFiles)
        desk.shown(
          await shownOf(
            client,
            files.map(({ path }) => join(desk.root, path)),
          ),
        );
      return said;
    },
    // A shell has a prompt for words: the question is said at the end of the turn.
    answer: async () => undefined,
  };
}
