/**
 * A task in the hands of its person: taken up once in a session, told what they decided, and worked on until they are
 * needed again. It must not know commands or menus.
 */
import { planHash } from '../../agent/document/edits.ts';
import { isTerminal } from '../../agent/machine.ts';
import { editDocument } from '../../agent/tools/steer.ts';
import type { Block, Result, TaskState } from '../../agent/types.ts';
import type { Progress } from '../../base/host.ts';
import { isUndecided } from '../../edits/changeSet/read.ts';
import { changeSetOf } from '../changeSet/files.ts';
import { allTargets } from '../changeSet/accept.ts';
import { showChangeSet } from '../changeSet/show.ts';
import { ActionError } from '../actions/action.ts';
import type { Services } from '../services.ts';
import { differenceOf, unfitNote } from './difference.ts';
import type { HeldTask } from './memory.ts';
import { phaseWords } from './phase.ts';
import { markRejection, rejectionIn, unmarkRejection } from './rejection.ts';
import { openTaskRun, type TaskRun } from './run.ts';
import { keyOf, placesOf, readRecord, writeRecord } from './store.ts';

/** From this level on a plan needs nobody's yes. */
const LEVEL_OF_UNSEEN_PLANS = 4;

export type Decide = (run: TaskRun) => Promise<void>;

/**
 * Takes the task up, lets the person's decision count, and works until they are needed; where it is at work already,
 * the decision alone. Throws an `ActionError` with words for the person.
 */
export async function drive(
  uri: string,
  services: Services,
  progress: Progress,
  decide: Decide,
  options: { readonly again?: boolean; readonly oneStep?: boolean } = {},
): Promise<void> {
  const { tasks } = services;
  const held = tasks.held.get(uri) ?? (await take(uri, services, progress.signal, options.again ?? false));
  await decide(held.run);
  if (held.stop !== undefined) return;
  const { parallel } = services.settings().task;
  if (tasks.busy >= parallel)
    throw new ActionError(
      `${tasks.busy} tasks are at work already, and task.parallel allows ${parallel}. Pause one, or wait for it.`,
    );
  const stop = new AbortController();
  held.stop = stop;
  let ended = (): void => {};
  held.working = new Promise(resolve => {
    ended = resolve;
  });
  try {
    await work(held, services, progress, AbortSignal.any([stop.signal, progress.signal]), options);
    // Cancelling the progress is a person's act; the end of the session is not.
    if (progress.signal.aborted && !stop.signal.aborted) await held.run.post({ type: 'pause' });
  } finally {
    held.stop = undefined;
    ended();
    if (isTerminal(held.run.state) && tasks.held.delete(uri)) await held.run.close();
    tasks.changed(uri);
  }
}

async function take(uri: string, services: Services, signal: AbortSignal, again: boolean): Promise<HeldTask> {
  const { store } = services.tasks;
  const person = {
    showPlan: async () => {
      const run = services.tasks.held.get(uri)?.run;
      if (run === undefined || !needsNoYes(run, services)) tellOfPlan(uri, services);
    },
    showResult: async (result: Result) => showResult(uri, services, result),
    showBlock: async ({ message }: Block) => services.host.tell('warning', `Codriver: ${message}`),
  };
  const changed = (): void => {
    services.tasks.held.get(uri)?.look?.();
    services.tasks.changed(uri);
  };
  const opened = await openTaskRun({ services, store, uri, person, changed }, signal, again);
  if (!opened.ok) throw new ActionError(opened.why);
  const held: HeldTask = {
    run: opened.run,
    stop: undefined,
    working: Promise.resolve(),
    look: undefined,
  };
  services.tasks.held.set(uri, held);
  return held;
}

async function work(
  held: HeldTask,
  services: Services,
  progress: Progress,
  signal: AbortSignal,
  { oneStep = false }: { readonly oneStep?: boolean },
): Promise<void> {
  const { run } = held;
  let step = run.state.step;
  let told = '';
  held.look = () => {
    const words = phaseWords(run.state);
    if (words !== told) progress.report((told = words));
    const done = step !== undefined && run.state.step !== step;
    step = run.state.step ?? step;
    if (oneStep && done) void run.post({ type: 'pause' }).catch(() => undefined);
  };
  try {
    held.look();
    await run.run(signal);
    const { plan } = run.state;
    const waits = run.state.phase === 'awaiting-plan' && !run.state.paused && plan !== undefined;
    if (waits && needsNoYes(run, services) && !signal.aborted) {
      await run.post({ type: 'plan-approved', plan });
      await run.run(signal);
    }
  } finally {
    held.look = undefined;
  }
}

/** A document can only ask for more of the person's word than the settings do. */
function needsNoYes(run: TaskRun, { settings }: Pick<Services, 'settings'>): boolean {
  const { autonomy } = settings();
  return Math.min(autonomy, run.task().settings.autonomy ?? autonomy) >= LEVEL_OF_UNSEEN_PLANS;
}

function tellOfPlan(uri: string, { host, places }: Services): void {
  host.tell(
    'info',
    `Codriver: the plan of ${places.displayPath(uri)} is ready. Edit it as you like, then approve it, or reject it with a reason.`,
  );
}

/** A change-set document, once for each result, also after a restart. */
async function showResult(uri: string, services: Services, result: Result): Promise<void> {
  const { documents, files, host, places, router, tasks } = services;
  const run = tasks.held.get(uri)?.run;
  if (run === undefined) return;
  const at = placesOf(tasks.store, keyOf(await files.realPath(places.pathOf(uri) ?? '')));
  const record = await readRecord(files, at);
  const shown = record?.shown;
  const known = shown?.diff === result.diff ? places.pathOf(shown.uri) : undefined;
  if (shown !== undefined && known !== undefined && (documents.get(shown.uri) || (await files.stat(known)))) {
    await host.open(shown.uri);
    return;
  }
  const difference = differenceOf(await run.difference());
  const made = await showChangeSet(services, {
    title: run.task().title || 'task',
    origin: router.choose('task', 'explicit').engine?.name ?? 'a model',
    base: `the project as it was when the task began`,
    files: difference.files,
    near: uri,
    extras: { task: places.displayPath(uri), result: result.diff, ...unfitNote(difference) },
  });
  if (!made.ok)
    host.tell('warning', `Codriver: the result of the task cannot be shown as a document: ${made.why}.`);
  else if (record !== undefined)
    await writeRecord(files, at, { ...record, shown: { diff: result.diff, uri: made.uri } });
}

/** The person's yes to what waits: to the plan as they have it now, or to exactly the result that is shown. */
export function approving(services: Services): Decide {
  return async run => {
    const state = await run.notice();
    const { phase, plan, result } = state;
    if (phase === 'awaiting-plan' && plan !== undefined) {
      await run.post({ type: 'plan-approved', plan: planHash(run.task()) });
    } else if (phase === 'awaiting-approval' && result !== undefined) {
      const reasons = await rejectedHunks(run, services);
      if (reasons.length > 0)
        throw new ActionError(
          `${reasons.length} ${reasons.length === 1 ? 'hunk of the result is' : 'hunks of the result are'} rejected. Reject the result with these reasons, or take the marks back, then approve it.`,
        );
      await run.post(await run.approve(result));
    } else throw new ActionError(`There is nothing to approve: the task ${phaseWords(state)}.`);
  };
}

/** The person's no, with the reason that they typed in place; the first time a place for it is made. */
export function rejecting(services: Services): Decide {
  return async run => {
    const state = await run.notice();
    const { phase } = state;
    if (phase !== 'awaiting-plan' && phase !== 'awaiting-approval')
      throw new ActionError(`There is nothing to reject: the task ${phaseWords(state)}.`);
    const section = phase === 'awaiting-plan' ? 'Plan' : 'Evidence';
    const typed = rejectionIn(run.document.text(), section);
    const hunks = phase === 'awaiting-plan' ? [] : await rejectedHunks(run, services);
    const why = [typed?.reason ?? '', ...hunks].filter(each => each !== '').join('; ');
    if (why === '') {
      if (typed === undefined) await editDocument(run.document, text => markRejection(text, section));
      throw new ActionError(
        `Write why behind "> reject:" below "## ${section}", then reject it once more: the reason goes to the model.`,
      );
    }
    if (typed !== undefined)
      await editDocument(run.document, text => {
        const now = rejectionIn(text, section);
        return now === undefined ? [] : unmarkRejection(text, now);
      });
    await run.post(phase === 'awaiting-plan' ? { type: 'plan-rejected', why } : { type: 'rejected', why });
  };
}

/** Reasons of the hunks that the person has rejected in the change-set of this result. */
async function rejectedHunks(run: TaskRun, services: Services): Promise<readonly string[]> {
  const { documents, files, places, tasks } = services;
  const at = placesOf(tasks.store, keyOf(await files.realPath(places.pathOf(run.uri) ?? '')));
  const uri = (await readRecord(files, at))?.shown?.uri;
  const document = uri === undefined ? undefined : documents.get(uri);
  if (document === undefined) return [];
  return allTargets(changeSetOf(document)).flatMap(({ file, hunk }) => {
    const reason = hunk?.rejected ?? file.rejected;
    if (reason === undefined || (hunk !== undefined && isUndecided({ file, hunk }))) return [];
    return [`${file.path}: ${reason === '' ? 'this was rejected without a reason' : reason}`];
  });
}

/** Goes on where it waits for nobody but the person's word. */
export const resuming: Decide = async run => {
  const state = await run.notice();
  if (state.paused || state.phase === 'blocked') await run.post({ type: 'resume' });
};

/** What the person sees who asks for work that waits for their yes. */
export function waitsFor(state: TaskState): string | undefined {
  if (state.paused) return undefined;
  return state.phase === 'awaiting-plan' || state.phase === 'awaiting-approval'
    ? `The task ${phaseWords(state)}.`
    : undefined;
}
