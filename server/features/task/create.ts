/**
 * A task is made of where the person is: the selection, a diagnostic, an `AI!!` comment, or nothing but an empty goal
 * to be typed. It is a document in the workspace, made by the editor itself; nothing is worked on yet.
 */
import { dirname, join } from 'node:path';
import { plainLine } from '../../guard/sanitise.ts';
import { type Action, type ActionArguments, ActionError, type Offer } from '../actions/action.ts';
import { touchesLines } from '../actions/markers.ts';
import { lastPlace } from '../chat/resolve.ts';
import { writeMention } from '../chat/mentions.ts';
import { freePath } from '../freePath.ts';
import type { Services } from '../services.ts';

/** Where tasks lie below a workspace folder. There the same server serves them, in every editor. */
const FOLDER = '.codriver/tasks';
const ENDING = '.task.md';
const ORIGIN = { line: 0, character: 0 };
const TITLE = 60;

/** `choice` of an offer: what the task is made of. */
const COMMENT = 'comment';
const PROBLEM = 'problem';

export const createTask: Action = {
  command: 'codriver.task',
  kind: 'source.codriver',
  level: 3,
  relevance: 0.3,
  progress: 'Making a task',

  withoutPlace(services) {
    return lastPlace(services) ?? { uri: '', range: { start: ORIGIN, end: ORIGIN } };
  },

  offers({ document, markers, problems, range }) {
    const base = { uri: document.uri, range };
    const comment = markers.find(({ kind, range: at }) => kind === 'task' && touchesLines(at, range));
    const [problem] = problems;
    const offers: Offer[] = [{ title: 'Make a task of this', arguments: base }];
    if (problem !== undefined)
      offers.push({
        title: `Make a task of fixing "${plainLine(problem.message, TITLE)}"`,
        arguments: { ...base, choice: PROBLEM, problems: [problem] },
      });
    if (comment !== undefined)
      offers.unshift({
        title: 'Make a task of what this comment says',
        kind: 'quickfix',
        relevance: 0.95,
        arguments: { uri: document.uri, range: comment.range, choice: COMMENT },
      });
    return offers;
  },

  async apply(target, services, progress) {
    const { newTask } = await import('./late.ts');
    const { about, goal, title } = await startOf(target, services, progress.signal);
    await show(services, target.uri, newTask(title, goal, about), title);
  },
};

interface Start {
  readonly title: string;
  readonly goal: string;
  readonly about: readonly string[];
}

async function startOf(target: ActionArguments, services: Services, signal: AbortSignal): Promise<Start> {
  const about = aboutOf(services, target);
  if (target.choice === COMMENT) {
    const markers = await services.analysis.markers(target.uri, signal);
    const marker = markers.find(({ kind, range }) => kind === 'task' && touchesLines(range, target.range));
    if (marker === undefined) throw new ActionError('There is no AI!! comment here any more.');
    return { title: plainLine(marker.instruction, TITLE), goal: marker.instruction, about };
  }
  const [problem] = target.problems ?? [];
  if (target.choice === PROBLEM && problem !== undefined) {
    const goal = `This is fixed, and can be seen to be: ${plainLine(problem.message, 600)}`;
    return { title: `Fix: ${plainLine(problem.message, TITLE)}`, goal, about };
  }
  return { title: 'Task', goal: '', about };
}

function aboutOf({ documents, places }: Services, { range, uri }: ActionArguments): readonly string[] {
  const document = documents.get(uri);
  if (!document || places.pathOf(uri) === undefined) return [];
  const { end, start } = document.clampRange(range);
  const isEmpty = start.line === end.line && start.character === end.character;
  const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  return [writeMention('file', places.displayPath(uri), isEmpty ? '' : `#L${start.line + 1}-L${last}`)];
}

async function show(services: Services, near: string, text: string, title: string): Promise<void> {
  const { host, places } = services;
  const path = places.pathOf(near);
  const folder = places.folderOf(near);
  const parent = folder === undefined ? path && dirname(path) : join(folder, FOLDER);
  if (parent === undefined)
    throw new ActionError('There is no folder that a task could work in. Open a folder first.');
  const free = await freePath(services, parent, title, ENDING);
  if (free === undefined)
    throw new ActionError('There are 100 tasks of this day and name already. Delete some of them.');
  const uri = places.uriOf(free);
  const edits = [{ range: { start: ORIGIN, end: ORIGIN }, newText: text }];
  const outcome = await host.apply({
    label: 'Codriver: new task',
    documents: [{ uri, version: null, edits, create: true }],
  });
  if (!outcome.applied) throw new ActionError(outcome.message);
  if (!(await host.open(uri)))
    host.tell(
      'info',
      `Codriver: the task is ${places.displayPath(uri)}. Open it, say what it shall reach, and plan it.`,
    );
}
