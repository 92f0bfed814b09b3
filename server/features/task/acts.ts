/**
 * What a person does with a task, as rows of the action table: offered by what its document says it is in, and
 * decided by what its journal says when it is done. The work itself is loaded when it is first asked for.
 */
import { findSection, readTask, type Task } from '../../agent/document/task.ts';
import type { Progress } from '../../base/host.ts';
import { plainLine } from '../../guard/sanitise.ts';
import { type Action, type ActionArguments, ActionError, type Place } from '../actions/action.ts';
import { documentKind } from '../documentKinds.ts';
import type { Services } from '../services.ts';

const OURS = { kind: 'quickfix', level: 3, document: 'task' } as const;
const load = () => import('./late.ts');

/** The task that a command without arguments means: the one that was edited last. */
export function latestTask({ documents }: Services): ActionArguments | undefined {
  const found = documents.all().find(({ uri }) => documentKind(uri) === 'task');
  const start = { line: 0, character: 0 };
  return found && { uri: found.uri, range: { start, end: start } };
}

/** Where the task is, for menus and lenses: as far as this session knows, else as its document says. */
export function shownPhase(uri: string, text: string, { tasks }: Pick<Services, 'tasks'>): string {
  const state = tasks.held.get(uri)?.run.state;
  if (state !== undefined) return state.paused ? 'paused' : state.phase;
  return /^---\r?\n(?:[^-].*\r?\n)*?state:[ \t]*([\w-]+)/.exec(text)?.[1] ?? 'new';
}

type Work = (target: ActionArguments, services: Services, progress: Progress) => Promise<void>;

/** Phases in which a row is offered, each with its title. */
type Titles = Readonly<Record<string, string>>;

function row(
  command: Action['command'],
  progress: string,
  titles: Titles,
  apply: Work,
  relevance = 0.6,
): Action {
  return {
    ...OURS,
    command,
    progress,
    relevance,
    withoutPlace: latestTask,
    offers({ document, noModel, range }, services) {
      const title = titles[shownPhase(document.uri, document.getText(), services)];
      if (title === undefined) return [];
      const disabled = NEEDS_MODEL.has(command) ? noModel : undefined;
      return [
        {
          title,
          arguments: { uri: document.uri, range },
          ...(disabled === undefined ? {} : { disabled }),
        },
      ];
    },
    async apply(target, services, running) {
      if (documentKind(target.uri) !== 'task')
        throw new ActionError('This is no task. Make one with codriver.task; its name ends in .task.md.');
      await mayRun(target.uri, services);
      await apply(target, services, running);
    },
  };
}

const NEEDS_MODEL = new Set(['codriver.taskPlan', 'codriver.taskRun', 'codriver.taskRunStep']);

/** Tasks run programs and write files: only where the person trusts the folder. */
async function mayRun(uri: string, { git, places, programs }: Services): Promise<void> {
  const folder = places.folderOf(uri);
  if (folder === undefined)
    throw new ActionError('A task works on a workspace folder. Open one, and save the task into it.');
  if ((await programs.trusted(folder)) || (await git.askTrust(folder))) return;
  throw new ActionError(
    `Tasks run only in folders that you trust, and ${folder} is none. Run the command codriver.trust to change that.`,
  );
}

const go =
  (options: { readonly oneStep?: boolean } = {}): Work =>
  async ({ uri }, services, progress) => {
    const { drive, resuming, waitsFor } = await load();
    await drive(
      uri,
      services,
      progress,
      async run => {
        await resuming(run);
        const waits = waitsFor(run.state);
        if (waits !== undefined) throw new ActionError(`${waits} Approve it, or reject it with a reason.`);
      },
      options,
    );
  };

const pause: Work = async ({ uri }, services, progress) => {
  const { drive } = await load();
  await drive(uri, services, progress, async run => void (await run.post({ type: 'pause' })));
};

const approve: Work = async ({ uri }, services, progress) => {
  const { approving, drive } = await load();
  await drive(uri, services, progress, approving(services));
};

const reject: Work = async ({ uri }, services, progress) => {
  const { drive, rejecting } = await load();
  await drive(uri, services, progress, rejecting(services));
};

const discard: Work = async ({ uri }, services, progress) => {
  const { drive } = await load();
  await drive(uri, services, progress, async run => {
    if (run.state.paused) await run.post({ type: 'resume' });
    await run.post({ type: 'discard' });
  });
  services.host.tell('info', 'Codriver: the task is discarded; what it had changed is kept aside.');
};

const undo: Work = async ({ uri }, services) => {
  const { knownTask } = await load();
  const known = await knownTask(uri, services);
  const change = known?.record.change;
  if (change === undefined)
    throw new ActionError('Nothing of this task is in your files, so there is nothing to undo.');
  const { message, ok } = await services.changes.revert('undo', { id: change });
  if (!ok) throw new ActionError(message);
  services.host.tell('info', `Codriver: ${message}`);
};

const startFresh: Work = async ({ uri }, services, progress) => {
  const { drive, resuming } = await load();
  await drive(
    uri,
    services,
    progress,
    async run => {
      await run.post({ type: 'start-fresh' });
      await resuming(run);
    },
    { again: true },
  );
};

const every = (phases: string, title: string): Titles =>
  Object.fromEntries(phases.split(' ').map(phase => [phase, title]));
const AT_WORK = 'planning awaiting-plan working verifying awaiting-approval applying';

/** On an option below a question: it becomes the answer, as if it was typed. */
const answer: Action = {
  ...OURS,
  command: 'codriver.taskAnswer',
  progress: 'Answering',
  relevance: 0.95,
  offers({ document, range }) {
    const found = questionAt(readTask(document.getText()).task, range.start.line);
    if (found === undefined || found.answer !== undefined) return [];
    return found.options.map(option => ({
      title: `Answer: ${plainLine(option, 80)}`,
      arguments: { uri: document.uri, range, choice: option },
    }));
  },
  async apply({ choice, range, uri }, services, progress) {
    const { answerEdits, drive, editDocument, resuming } = await load();
    await mayRun(uri, services);
    await drive(uri, services, progress, async run => {
      const question = questionAt(run.task(), range.start.line);
      const { id } = question ?? {};
      const said = question?.options.find(option => option.slice(0, 200) === choice);
      if (id === undefined || said === undefined)
        throw new ActionError('This question is not here any more.');
      await editDocument(run.document, text => answerEdits(text, id, said));
      await resuming(run);
    });
  },
};

/** On a finding below "Evidence"; whether it is one is looked at when it is accepted. */
const accept: Action = {
  ...OURS,
  command: 'codriver.taskAccept',
  progress: 'Accepting a finding',
  relevance: 0.7,
  offers({ document, range }) {
    const { line } = range.start;
    if (!document.lineAt(line).startsWith('- ')) return [];
    const { document: parsed } = readTask(document.getText()).task;
    const section = findSection(parsed, 'Evidence');
    if (section === undefined || line <= section.first || line >= section.end) return [];
    const title = 'Accept this finding, with a reason to fill in';
    return [{ title, arguments: { uri: document.uri, range } }];
  },
  async apply({ range, uri }, services, progress) {
    const { accepting, drive } = await load();
    await mayRun(uri, services);
    await drive(uri, services, progress, accepting(range.start.line, services));
  },
};

function questionAt({ questions }: Task, line: number): Task['questions'][number] | undefined {
  return questions.find(({ end, line: first }) => line >= first && line < end);
}

export const TASK_ACTIONS: readonly Action[] = [
  row('codriver.taskPlan', 'Planning', every('new planning', 'Plan this task'), go(), 0.9),
  row(
    'codriver.taskApprove',
    'Going on with the task',
    {
      ...every('awaiting-plan', 'Approve the plan, and begin'),
      ...every('awaiting-approval', 'Approve the result, and apply it'),
    },
    approve,
    0.9,
  ),
  row(
    'codriver.taskReject',
    'Rejecting',
    {
      ...every('awaiting-plan', 'Reject the plan, with a reason to fill in'),
      ...every('awaiting-approval', 'Reject the result, with the reasons given'),
    },
    reject,
    0.8,
  ),
  row(
    'codriver.taskRun',
    'Working on the task',
    every('working verifying', 'Go on with the task'),
    go(),
    0.7,
  ),
  row(
    'codriver.taskRunStep',
    'Working on a step',
    every('working paused', 'Go on for one step'),
    go({ oneStep: true }),
  ),
  row(
    'codriver.taskResume',
    'Going on with the task',
    every('paused blocked', 'Go on with the task'),
    go(),
    0.9,
  ),
  row('codriver.taskPause', 'Pausing', every(AT_WORK, 'Pause the task'), pause),
  answer,
  accept,
  row(
    'codriver.taskStartFresh',
    'Starting fresh',
    {
      ...every('planning working blocked paused', 'Start fresh from the document'),
      ...every('applied archived discarded', 'Begin this task anew'),
    },
    startFresh,
    0.4,
  ),
  row('codriver.taskUndo', 'Undoing', every('applied', 'Undo what this task has changed'), undo, 0.7),
  row(
    'codriver.taskDiscard',
    'Discarding',
    every('awaiting-plan working verifying awaiting-approval blocked paused planning', 'Discard the task'),
    discard,
    0.3,
  ),
];

/** Rows that a lens at the head of the document shows, in this order. */
export function lensesFor(
  place: Pick<Place, 'document'>,
  services: Services,
): readonly { title: string; command: string }[] {
  const { document } = place;
  const asked = { ...place, range: document.getLineRange(0), noModel: undefined } as unknown as Place;
  return TASK_ACTIONS.filter(action => action !== answer && action !== accept).flatMap(action =>
    action.offers(asked, services).map(({ title }) => ({ title, command: action.command })),
  );
}
