/**
 * A session of an agent shell: its prompts become a task's document, its answers the decisions about it. What is said
 * when a task waits is an answer to what it waits for. It must not know how messages travel.
 */
import { basename } from 'node:path';
import { isTerminal } from '../agent/machine.ts';
import type { Desk, DeskTask } from '../agent/desk.ts';
import { addSteps, answer, newTask } from '../agent/document/edits.ts';
import { readTask, type Task, unanswered } from '../agent/document/task.ts';
import { drive, takeUp } from '../agent/drive.ts';
import { editDocument } from '../agent/tools/steer.ts';
import type { TaskState } from '../agent/types.ts';
import { codeFence, plainLine } from '../guard/sanitise.ts';
import type { Activity } from './activity.ts';
import type { SessionClient } from './client.ts';
import { allowLevel, allowTrust, permissionDecider, shownOf } from './decisions.ts';
import { type Mode, MODES } from './modes.ts';
import type { Prompt, StopReason } from './protocol.ts';
import { RpcCode, RpcError } from './rpc.ts';
import { closing, history } from './words.ts';

export interface SessionParts {
  /** Names the session, and its task's document. */
  readonly id: string;
  readonly desk: Desk;
  readonly client: SessionClient;
  readonly activity: Activity;
  /** Absolute path of a file that a URI names; undefined for anything else. */
  readonly pathOf: (uri: string) => string | undefined;
}

export const COMMANDS = [
  { name: 'resume', description: 'Go on with the task, or ask again for what it waits for' },
  { name: 'discard', description: 'End the task; its difference is kept aside' },
] as const;

export class Session {
  readonly #parts: SessionParts;
  #mode: Mode;
  #task: DeskTask | undefined;
  /** Tasks of this session so far, the first without a number in its name. */
  #tasks = 0;
  #allowed = 0;
  #running: { readonly cancel: AbortController; readonly ended: Promise<unknown> } | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    const [least] = MODES;
    this.#mode = MODES.findLast(({ level }) => level <= parts.desk.level()) ?? least;
  }

  get modes() {
    const availableModes = MODES.map(({ description, id, name }) => ({ id, name, description }));
    return { currentModeId: this.#mode.id, availableModes };
  }

  setMode(id: string): void {
    const mode = MODES.find(each => each.id === id);
    if (mode === undefined)
      throw new RpcError(RpcCode.invalidParams, `There is no mode "${plainLine(id, 40)}" here.`);
    this.#mode = mode;
  }

  /** Takes an earlier session up and tells what happened in it; false where there is none of this name. */
  async load(): Promise<boolean> {
    const { activity, client, desk, id } = this.#parts;
    let last: string | undefined;
    for (;;) {
      const found = await desk.find(this.#name(this.#tasks + 1));
      if (found === undefined) break;
      this.#tasks++;
      last = found.text;
      const { task } = readTask(found.text);
      for (const update of history(task)) client.update(update);
    }
    if (last === undefined) return false;
    activity.plan(readTask(last).task, undefined);
    client.say(
      `This is the session ${id}. Say \`/resume\` to go on with its task, or what should be done next.`,
    );
    return true;
  }

  async prompt(prompt: Prompt, signal: AbortSignal): Promise<StopReason> {
    if (this.#running !== undefined)
      throw new RpcError(
        RpcCode.invalidRequest,
        'A prompt of this session is being worked on. Cancel it first.',
      );
    const cancel = new AbortController();
    const both = AbortSignal.any([signal, cancel.signal]);
    const work = this.#work(prompt, both);
    this.#running = { cancel, ended: work.catch(() => undefined) };
    try {
      return await work;
    } finally {
      this.#running = undefined;
    }
  }

  cancel(): void {
    this.#running?.cancel.abort();
  }

  async close(): Promise<void> {
    this.cancel();
    await this.#running?.ended;
    await this.#task?.close();
    this.#task = undefined;
    await this.#parts.desk.close();
  }

  async #work(prompt: Prompt, signal: AbortSignal): Promise<StopReason> {
    const { activity, client, desk } = this.#parts;
    if (prompt.text === '' && prompt.files.length === 0) {
      client.say('Say what shall be true when the task is done.');
      return 'end_turn';
    }
    if (!(await allowTrust(desk, client, signal))) return signal.aborted ? 'cancelled' : 'end_turn';
    const wanted = this.#mode.level;
    if (wanted > Math.max(desk.level(), this.#allowed)) {
      if (!(await allowLevel(this.#mode, desk, client, signal)))
        return signal.aborted ? 'cancelled' : 'end_turn';
      this.#allowed = wanted;
    }
    const task = await this.#taskFor(prompt, signal);
    if (task === undefined || signal.aborted) return signal.aborted ? 'cancelled' : 'end_turn';
    if (task === 'ended') return 'end_turn';
    const decider = permissionDecider({
      client,
      desk,
      task,
      skipsPlan: ({ settings }: Task) => this.#mode.level >= 4 && (settings.autonomy ?? 4) >= 4,
    });
    const state = await drive(task, decider, signal);
    // A cancelled task is a paused one: what it has done is kept, and it goes on when it is told to.
    if (signal.aborted && !isTerminal(task.running.state)) await task.running.post({ type: 'pause' });
    activity.plan(readTask(task.document.text()).task, task.running.state);
    if (signal.aborted) return 'cancelled';
    client.say(await closing(task, state));
    if (isTerminal(state)) await this.#give(task);
    return state.block?.kind === 'budget' ? 'max_turn_requests' : 'end_turn';
  }

  /** The task that a prompt is about, with what it says passed on; `ended`: there is nothing left to work on. */
  async #taskFor(prompt: Prompt, signal: AbortSignal): Promise<DeskTask | 'ended' | undefined> {
    const { client } = this.#parts;
    const text = withFiles(prompt, this.#parts);
    const command = COMMANDS.find(({ name }) => prompt.text.toLowerCase() === `/${name}`)?.name;
    const known = this.#task ?? (await this.#again(signal));
    if (known === undefined) {
      if (command === undefined) return this.#begin(prompt, text, signal);
      client.say('There is no task to go on with. Say what shall be done.');
      return 'ended';
    }
    if (command === 'discard') {
      await known.running.post({ type: 'discard' });
      return known;
    }
    if (command === undefined) await say(known, text);
    await takeUp(known);
    return known;
  }

  /** The last task of a session that was loaded, if it has not ended. */
  async #again(signal: AbortSignal): Promise<DeskTask | undefined> {
    if (this.#tasks === 0) return undefined;
    const found = await this.#parts.desk.find(this.#name(this.#tasks));
    const task = found === undefined ? undefined : await this.#open(found.file, signal);
    if (task === undefined || !isTerminal(task.running.state)) return task;
    await this.#give(task);
    return undefined;
  }

  async #begin(prompt: Prompt, text: string, signal: AbortSignal): Promise<DeskTask | undefined> {
    const { client, desk, pathOf } = this.#parts;
    const paths = prompt.files.flatMap(({ uri }) => pathOf(uri) ?? []);
    desk.shown(await shownOf(client, paths));
    const title = plainLine(prompt.text === '' ? text : prompt.text, 60);
    const made = await desk.create(this.#name(this.#tasks + 1), newTask(title, text));
    if (!made.ok) {
      client.say(made.why);
      return undefined;
    }
    this.#tasks++;
    client.say(`The task is written down in ${made.value}`);
    return this.#open(made.value, signal);
  }

  async #open(file: string, signal: AbortSignal): Promise<DeskTask | undefined> {
    const { activity, client, desk } = this.#parts;
    const opened = await desk.open(file, signal, this.#mode.level);
    if (!opened.ok) {
      client.say(opened.message);
      return undefined;
    }
    this.#task = opened;
    activity.of(() => readTask(opened.document.text()).task);
    return opened;
  }

  async #give(task: DeskTask): Promise<void> {
    this.#task = undefined;
    await task.close();
  }

  #name(number: number): string {
    return number === 1 ? this.#parts.id : `${this.#parts.id}-${number}`;
  }
}

/** The prompt as a goal: its words, and the files it points at by the names that they have in the project. */
function withFiles({ files, text }: Prompt, { desk, pathOf }: SessionParts): string {
  const names = files.flatMap(({ uri, text: quoted }) => {
    const path = pathOf(uri);
    // A selection, or what lies nowhere: its text is all there is of it.
    if (path === undefined) return quoted === undefined ? [] : [`\n\n${codeFence(quoted)}\n\n`];
    const inside = path.startsWith(`${desk.root}/`);
    return [`@${inside ? path.slice(desk.root.length + 1) : basename(path)}`];
  });
  return [text, ...new Set(names)].filter(part => part !== '').join(' ');
}

/** What the person says to a task that they did not begin with these words. */
async function say({ document, running }: DeskTask, text: string): Promise<TaskState> {
  const { block, phase } = running.state;
  if (phase === 'awaiting-plan') return running.post({ type: 'plan-rejected', why: text });
  if (phase === 'awaiting-approval') return running.post({ type: 'rejected', why: text });
  const [question] = unanswered(readTask(document.text()).task, block?.questions ?? []);
  const id = question?.id;
  if (question !== undefined && id !== undefined) {
    const picked = question.options[Number(text) - 1] ?? text;
    await editDocument(document, now => answer(now, id, picked));
  } else await editDocument(document, now => addSteps(now, [text]));
  return running.state;
}
