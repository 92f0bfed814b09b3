/**
 * `run`: a task from the terminal or from a script, with exit codes and a report. A result is applied only by a
 * person's word: typed here, or `--apply` with its hash. It must not know how a task works.
 */
import * as path from 'node:path';
import type { Desk, DeskDoor, DeskTask } from '../agent/desk.ts';
import { TASK_ENDING } from '../agent/document/task.ts';
import { drive, takeUp } from '../agent/drive.ts';
import type { TaskState } from '../agent/types.ts';
import { fileChanges } from '../features/changes/onDisk.ts';
import type { Host } from '../base/host.ts';
import { fileURLToPath } from 'node:url';
import { plain, plainLine } from '../guard/sanitise.ts';
import type { Command } from './command.ts';
import type { CliContext } from './context.ts';
import { projectFolderOf } from './places.ts';
import { choose, terminalDecider } from './runDecider.ts';
import { eventLines } from './runEvents.ts';
import { EXIT, refusedReport, type RunReport, reportOf } from './runReport.ts';

type RunCommand = Extract<Command, { mode: 'run' }>;

/** Runs until the task needs the person, has ended, or is interrupted; the exit code says which. */
export async function runTask(command: RunCommand, context: CliContext): Promise<number> {
  const { cwd, machine, output } = context;
  const file = await machine.files.realPath(path.resolve(cwd, command.file));
  const stop = new AbortController();
  const release = context.onInterrupt(() => stop.abort());
  const root = await machine.files.realPath(await projectOf(file, context));
  const desk = await context.openDesk(root, doorTo(context, stop.signal));
  try {
    const opened = await desk.open(file, stop.signal);
    if (!opened.ok) {
      output.err(`${opened.message}\n`);
      const code = opened.why === 'failed' ? EXIT.failed : EXIT.notAllowed;
      await report(command, refusedReport(command.file, code, opened.message), context);
      return code;
    }
    try {
      return await worked(command, opened, desk, context, stop.signal, file);
    } finally {
      await opened.close();
    }
  } finally {
    release();
    await desk.close();
  }
}

async function worked(
  command: RunCommand,
  task: DeskTask,
  desk: Desk,
  context: CliContext,
  signal: AbortSignal,
  file: string,
): Promise<number> {
  const { output, terminal } = context;
  const refused = command.apply === undefined ? undefined : await approveResult(command.apply, task, signal);
  if (refused !== undefined) {
    output.err(`${refused}\n`);
    await report(command, refusedReport(command.file, EXIT.failed, refused), context);
    return EXIT.failed;
  }
  if (command.apply === undefined) {
    await takeUp(task);
    const decider = terminalDecider({ yesToPlan: command.yesToPlan, desk, output, task, terminal });
    await drive(task, decider, signal);
  }
  // What an interrupt has stopped goes on with the next run.
  if (signal.aborted) await task.running.post({ type: 'pause' });
  const { state } = task.running;
  const changeSet = await writeResult(state, task, context, file);
  const made = reportOf({ task, file: command.file, state, files: await task.files(), changeSet });
  output.err(`${closing(made)}\n`);
  await report(command, made, context);
  return made.exitCode;
}

/** A document where tasks lie belongs to the folder above, whatever that is. */
function projectOf(file: string, context: CliContext): Promise<string> | string {
  const folder = path.dirname(file);
  const tasks = path.join('.codriver', 'tasks');
  return folder.endsWith(`${path.sep}${tasks}`)
    ? folder.slice(0, -tasks.length - 1)
    : projectFolderOf(file, context);
}

/** The person's yes by a hash, to exactly the result that has it; a sentence says why it does not count. */
async function approveResult(hash: string, task: DeskTask, signal: AbortSignal): Promise<string | undefined> {
  const { phase, result } = task.running.state;
  if (phase === 'applied') return undefined;
  if (task.running.state.paused) await task.running.post({ type: 'resume' });
  if (phase !== 'awaiting-approval' || result === undefined)
    return 'There is no result that waits for an approval. Run the task first.';
  if (!result.diff.startsWith(hash))
    return `The result that waits is ${result.diff}, not the one that you approve. Look at it, then approve it by its own hash.`;
  const event = await task.approve(result);
  await task.running.post(event);
  await task.running.run(signal);
  return event.type === 'approved'
    ? undefined
    : 'What you approve is no longer what the task came to. Look at it again, then approve it by its new hash.';
}

/** The change-set of a result that waits, beside the task's document; where it is, or undefined. */
async function writeResult(
  { phase, result }: TaskState,
  task: DeskTask,
  context: CliContext,
  file: string,
): Promise<string | undefined> {
  if (phase !== 'awaiting-approval' || result === undefined) return undefined;
  const text = await task.changeSet(result);
  if (!text.ok) {
    context.output.err(`The result cannot be written as a change-set: ${plain(text.why)}.\n`);
    return undefined;
  }
  const target = `${file.slice(0, -TASK_ENDING.length)}.diff`;
  const there = await context.machine.files.readText(target);
  const before = there.ok ? there.text : undefined;
  if (before === text.value) return target;
  const why = await context.changeFiles([{ path: target, before, after: text.value }]);
  if (why !== undefined) context.output.err(`${why}\n`);
  return why === undefined ? target : undefined;
}

function closing({ exitCode, message, result }: RunReport): string {
  const apply =
    exitCode === EXIT.fine && result !== null && result.changeSet !== null
      ? `\nResult: ${result.changeSet}\nApply it with: --apply ${result.diff}`
      : '';
  return `${plain(message)}${apply}`;
}

async function report({ report: target }: RunCommand, made: RunReport, context: CliContext): Promise<void> {
  if (target === undefined) return;
  const text = `${JSON.stringify(made, null, 2)}\n`;
  if (target === '-') context.output.out(text);
  else await context.writeUserFile(path.resolve(context.cwd, target), text);
}

/** What a task wants of its host: files on disk, and a person where there is a terminal. */
function doorTo(context: CliContext, signal: AbortSignal): DeskDoor {
  const { output, terminal } = context;
  const host = (read: (path: string) => Promise<string | undefined>): Host => ({
    async apply(change) {
      const found = await fileChanges(change, { pathOf, read });
      if (!found.ok) return { applied: false, why: 'stale', message: found.why };
      const why = await context.changeFiles(found.changes);
      return why === undefined ? { applied: true } : { applied: false, why: 'stale', message: why };
    },
    open: async () => false,
    showText: async (_name, markdown) => output.err(`${plain(markdown)}\n`),
    tell: (_level, message) => output.err(`${plain(message)}\n`),
    ask: async (message, choices) => (terminal ? choose(terminal, message, choices, signal) : undefined),
    progress: () => ({ signal, report: () => undefined, done: () => undefined }),
  });
  return { host, watcher: eventLines(line => output.err(`${plainLine(line, 300)}\n`)) };
}

function pathOf(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}
