/**
 * A task taken up: its lock, its journal, its tree and its ports put together around the loop, for whichever front
 * door the person sits at. It must not know which one that is, nor how a plan or a result is shown.
 */
import { approve, resultOf } from '../../agent/approval.ts';
import { readTask, type Task, unanswered } from '../../agent/document/task.ts';
import { planHash } from '../../agent/document/edits.ts';
import { codeByText } from '../../agent/code.ts';
import { findInstructions } from '../../agent/instructions.ts';
import { openTask } from '../../agent/loop.ts';
import { isTerminal } from '../../agent/machine.ts';
import { folderOutputs } from '../../agent/outputs.ts';
import type { Checks, Person, TaskDocument, TaskPorts, Verifier, Watcher } from '../../agent/ports.ts';
import type { Result, Spent, TaskEvent, TaskState } from '../../agent/types.ts';
import { watched } from '../../agent/watched.ts';
import type { TaskTree, TreeDiff } from '../../sandbox/taskTree.ts';
import { ActionError } from '../actions/action.ts';
import type { Services } from '../services.ts';
import { treeChecks } from './checks.ts';
import { type TreeCommands, treeCommands } from './commands.ts';
import { delivery } from './delivery.ts';
import { hashOfDiff } from './difference.ts';
import { taskDocument } from './document.ts';
import { taskEngine } from './engine.ts';
import { takeHold } from './hold.ts';
import type { AcceptedFinding, KeptFinding } from './findings.ts';
import { fileJournal, lastRecord } from './journal.ts';
import { soundVerifier } from './soundVerifier.ts';
import { keyOf, placesOf, readRecord, type RunRecord, type TaskStore, writeRecord } from './store.ts';
import { tidyChecks } from './tidyChecks.ts';
import { linkDependencies, modelsTree, treeOfTask } from './tree.ts';

/** What a verification has to work with. */
export interface VerifierParts {
  readonly id: string;
  readonly services: Services;
  readonly store: TaskStore;
  readonly tree: TaskTree;
  readonly checks: Checks;
  readonly commands: TreeCommands;
  /** The document as it is now. */
  readonly task: () => Task;
  /** All sessions together, as far as it is written down. */
  readonly spent: () => Spent | undefined;
  /** What the person has accepted of the findings so far. */
  readonly accepted: () => Promise<readonly AcceptedFinding[]>;
  /** Keeps what was found, for the person to see and to accept. */
  readonly found: (findings: readonly KeptFinding[]) => Promise<void>;
}

export interface TaskRunParts {
  readonly services: Services;
  readonly store: TaskStore;
  /** The task's document; its file names the task, so it must have one in a workspace folder. */
  readonly uri: string;
  readonly person: Person;
  /** Instead of the document that the services' host edits. */
  readonly document?: TaskDocument;
  /** Instead of the sound one. */
  readonly verifier?: (parts: VerifierParts) => Verifier;
  /** Sees what the task does. */
  readonly watcher?: Watcher;
  /** Told after every event, when it is in the journal. */
  readonly changed?: (state: TaskState) => void;
}

export interface TaskRun {
  /** Names the task in approvals. */
  readonly id: string;
  readonly uri: string;
  readonly tree: TaskTree;
  readonly state: TaskState;
  readonly document: TaskDocument;
  task(): Task;
  /** What a person decided. Rejects if it cannot be written down: then it was not decided. */
  post(event: TaskEvent): Promise<TaskState>;
  /** What the person did in the document, or to what waits, since it was shown: as events, posted. */
  notice(): Promise<TaskState>;
  /**
   * The person's yes to a result as they saw it, kept and as the event to post; where it is another by now, the event
   * says that. Rejects with an `ActionError` if it cannot be kept.
   */
  approve(shown: Result): Promise<TaskEvent>;
  /** Works until a person is needed or it has ended. Never throws. One at a time. */
  run(signal: AbortSignal): Promise<TaskState>;
  difference(): Promise<TreeDiff>;
  /** The change by which the result came into the project, once it has. */
  change(): Promise<string | undefined>;
  /** Lets other servers have it. */
  close(): Promise<void>;
}

/** `why` is a sentence for the person. */
export type OpenedRun =
  | { readonly ok: true; readonly run: TaskRun }
  | { readonly ok: false; readonly why: string };

/** `again`: one that has ended is begun anew. */
export async function openTaskRun(
  parts: TaskRunParts,
  signal: AbortSignal,
  again = false,
): Promise<OpenedRun> {
  const { services, store, uri } = parts;
  const { clock, files, places, programs } = services;
  const path = places.pathOf(uri);
  const project = places.folderOf(uri);
  if (path === undefined || project === undefined || !path.startsWith(`${project}/`))
    return no(
      'A task works on a workspace folder. Save its document into one, for example in .codriver/tasks.',
    );
  if (!(await programs.trusted(project)))
    return no(
      `Tasks run only in folders that you trust, and ${project} is none. Run the command codriver.trust.`,
    );
  const document = parts.document ?? (await taskDocument(uri, services));
  if (document === undefined) return no('The document of the task cannot be read.');
  const real = await files.realPath(path);
  const at = placesOf(store, keyOf(real));
  const hold = await takeHold(at.folder, { ...store, clock });
  if (hold === undefined)
    return no('Another editor of yours is at work on this task. Go on there, or end that one first.');
  try {
    const record = await recordFor(parts, at, real, project, again);
    const ended = (await lastRecord(store, at.journal(record.number)))?.state;
    if (ended !== undefined && isTerminal(ended)) {
      await hold.release();
      return no(`This task is ${ended.phase} already. Start it fresh to work on it once more.`);
    }
    const id = at.id(record.number);
    const copied = await treeOfTask(id, project, services, store, signal);
    if (!copied.ok) {
      await hold.release();
      return no(copied.message);
    }
    const { tree } = copied;
    const ports = await portsOf({ parts, at, record, tree, document, hold, id });
    // One that no delivery is under way for was never posted, or has been used.
    if (ended?.phase !== 'applying') await store.approvals.forget(id);
    const { watcher } = parts;
    const running = await openTask(watcher === undefined ? ports : watched(ports, watcher), services.log);
    return { ok: true, run: runOver({ parts, at, running, tree, document, hold, id, ports }) };
  } catch (error) {
    await hold.release();
    throw error;
  }
}

type At = ReturnType<typeof placesOf>;
type HoldOf = NonNullable<Awaited<ReturnType<typeof takeHold>>>;

/** The record of a task's document; the number goes up where an ended task is begun again. */
async function recordFor(
  { services, store }: TaskRunParts,
  at: At,
  document: string,
  project: string,
  again: boolean,
): Promise<RunRecord> {
  const known = await readRecord(services.files, at);
  const last = known && (await lastRecord(store, at.journal(known.number)));
  const ended = last !== undefined && isTerminal(last.state);
  if (known !== undefined && known.project === project && !(ended && again)) return known;
  const record: RunRecord = { version: 1, document, project, number: (known?.number ?? 0) + 1 };
  await writeRecord(services.files, at, record);
  return record;
}

interface Inside {
  readonly parts: TaskRunParts;
  readonly at: At;
  readonly tree: TaskTree;
  readonly document: TaskDocument;
  readonly hold: HoldOf;
  readonly id: string;
}

async function portsOf({
  parts,
  at,
  record,
  tree,
  document,
  hold,
  id,
}: Inside & { readonly record: RunRecord }): Promise<TaskPorts> {
  const { changed, person, services, store, uri, verifier } = parts;
  const { clock, files, host, programs, redactor, router, settings } = services;
  const task = () => readTask(document.text()).task;
  const title = () => task().title || 'task';
  const commands = treeCommands({ runner: programs.runner, host, files, tree, title, list: at.commands });
  const isolation = await programs.runner.isolation();
  await linkDependencies(tree, isolation, store);
  const found = await treeChecks({
    files,
    tree,
    store,
    commands,
    confined: isolation !== 'none',
    wanted: () => task().settings.checks,
  });
  const checks = tidyChecks(found, tree, store.trees);
  const own = modelsTree(tree, at.scratch, services, store);
  const journal = fileJournal(store, at.journal(record.number), hold);
  const { instructions, problems } = await findInstructions({
    files,
    trusted: tree.project,
    mayRead: async path => (await services.gateFor(tree.project).check(path)).allowed,
    userSkills: store.skills,
  });
  for (const problem of problems) host.tell('warning', `Codriver: ${problem}`);
  const { completionPrice, cost, minutes, promptPrice, steps, tokens } = settings().task;
  const bounded = Object.entries({ steps, tokens, minutes, cost }).filter(([, value]) => value > 0);
  let spent = (await lastRecord(store, at.journal(record.number)))?.state.spent;
  const note = async (what: Partial<RunRecord>): Promise<void> =>
    writeRecord(files, at, { ...((await readRecord(files, at)) ?? record), ...what });
  const verifying: VerifierParts = {
    id,
    services,
    store,
    tree,
    checks,
    commands,
    task,
    spent: () => spent,
    accepted: async () => (await readRecord(files, at))?.accepted ?? [],
    found: findings => note({ findings }),
  };
  return {
    id,
    document,
    tree: own,
    checks,
    commands,
    code: codeByText(own),
    outputs: folderOutputs(files, at.outputs(record.number)),
    journal: {
      last: () => journal.last(),
      async append(each) {
        await journal.append(each);
        ({ spent } = each.state);
        if (each.event.type === 'delivered' || each.event.type === 'not-delivered')
          await store.approvals.forget(id);
        changed?.(each.state);
      },
    },
    verifier: verifier?.(verifying) ?? soundVerifier(verifying),
    delivery: delivery({
      services,
      id,
      approvals: store.approvals,
      tree,
      uri,
      title,
      applied: change => note({ change }),
    }),
    person,
    engine: taskEngine(router),
    redactor,
    clock,
    instructions,
    limits: Object.fromEntries(bounded),
    ...(promptPrice > 0 || completionPrice > 0
      ? { price: { prompt: promptPrice, completion: completionPrice } }
      : {}),
  };
}

function runOver({
  parts,
  at,
  running,
  tree,
  document,
  hold,
  id,
}: Inside & { readonly running: Awaited<ReturnType<typeof openTask>>; readonly ports: TaskPorts }): TaskRun {
  const { services, uri } = parts;
  const task = () => readTask(document.text()).task;
  return {
    id,
    uri,
    tree,
    document,
    get state() {
      return running.state;
    },
    task,
    post: event => running.post(event),
    async notice() {
      const { phase, result } = running.state;
      const event = heard(running.state, task());
      if (event !== undefined) return running.post(event);
      if (phase !== 'awaiting-approval' || hashOfDiff(await tree.diff()) === result?.diff)
        return running.state;
      return running.post({ type: 'result-changed' });
    },
    async approve(shown) {
      const now = resultOf(tree, await tree.diff());
      if (shown.base !== now.base || shown.diff !== now.diff) return { type: 'result-changed' };
      const approved = await approve(id, shown, now, parts.store.approvals);
      if (!approved.ok) throw new ActionError(approved.why);
      return { type: 'approved', approval: approved.value };
    },
    async run(signal) {
      const state = await running.run(signal);
      // Stored as a difference first; what was applied can be undone without it.
      if (state.phase === 'applied') await tree.dispose().catch(() => undefined);
      return state;
    },
    difference: () => tree.diff(),
    change: async () => (await readRecord(services.files, at))?.change,
    close: () => hold.release(),
  };
}

/** What the document says that a waiting task does not know yet. Pure. */
export function heard(state: TaskState, task: Task): TaskEvent | undefined {
  const { block, phase, plan } = state;
  if (phase === 'blocked' && block !== undefined && block.questions.length > 0)
    return unanswered(task, block.questions).length === 0 ? { type: 'answered' } : undefined;
  if (phase !== 'awaiting-plan') return undefined;
  const now = planHash(task);
  return now === plan ? undefined : { type: 'plan-edited', plan: now };
}

function no(why: string): { readonly ok: false; readonly why: string } {
  return { ok: false, why };
}
