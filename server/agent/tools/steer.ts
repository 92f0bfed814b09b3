/** The tools that steer the task: its plan, a decision, a question, the end of a step. They edit its document. */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { addDecision, addQuestion, setPlan } from '../document/edits.ts';
import { harmlessLine } from '../document/harmless.ts';
import { readTask, type Task } from '../document/task.ts';
import type { TaskDocument } from '../ports.ts';
import { defineTool, fine, refused } from './tool.ts';

/** More of them than this no prompt could show. */
const MOST_DECISIONS = 60;
const MOST_STEPS = 40;
/** The person may be typing; then the edit is computed anew. */
const TRIES = 20;

/** Edits the document by what it says now; false if that was not to be had. */
export async function editDocument(
  document: TaskDocument,
  edits: (text: string) => readonly TextEdit[],
): Promise<boolean> {
  for (let i = 0; i < TRIES; i++) {
    const wanted = edits(document.text());
    if (wanted.length === 0 || (await document.edit(wanted))) return true;
  }
  return false;
}

const NOT_EDITED = 'The document of the task could not be edited just now. Try again.';
const line = (description: string) => ({ type: 'text', description, most: 400 }) as const;
const taskOf = (document: TaskDocument): Task => readTask(document.text()).task;

export const plan = defineTool({
  name: 'plan',
  description: 'Gives the plan: steps in order, each a change that can be made and checked by itself.',
  effect: 'control',
  fields: {
    steps: {
      type: 'texts',
      description: 'One line each: what to do, in which files.',
      least: 1,
      mostItems: MOST_STEPS,
      most: 400,
    },
  },
  async run({ steps }, { planned, ports }) {
    if (steps.every(step => step.trim() === '')) return refused('The steps are empty.');
    let before: Task['steps'] = [];
    const edited = await editDocument(ports.document, text => {
      before = readTask(text).task.steps;
      return setPlan(text, steps, planned);
    });
    if (!edited) return refused(NOT_EDITED);
    const words = steps.map(step => harmlessLine(step));
    const added = taskOf(ports.document).steps.flatMap(({ id, text }) =>
      id !== undefined && words.includes(text) && !before.some(each => each.id === id) ? [{ id, text }] : [],
    );
    return fine('The plan is in the document.', { end: { type: 'planned', steps: added } });
  },
});

export const decide = defineTool({
  name: 'note_decision',
  description: 'Notes a decision that later steps must keep to. It is shown in every later prompt.',
  effect: 'control',
  fields: { decision: line('What was decided.'), because: line('Why.') },
  async run({ decision, because }, { ports }) {
    if (taskOf(ports.document).decisions.length >= MOST_DECISIONS) {
      return refused(`There are ${MOST_DECISIONS} decisions already. Note only what later steps must know.`);
    }
    const edited = await editDocument(ports.document, text => addDecision(text, decision, because));
    return edited ? fine('It is noted.') : refused(NOT_EDITED);
  },
});

export const ask = defineTool({
  name: 'ask',
  description:
    'Asks the person, and stops until they answer. Only for what you can neither find out nor decide.',
  effect: 'control',
  fields: {
    question: line('One precise question.'),
    options: {
      type: 'texts',
      description: 'Answers to pick from.',
      least: 0,
      mostItems: 8,
      most: 200,
      optional: true,
    },
  },
  async run({ question, options = [] }, { ports }) {
    const edited = await editDocument(ports.document, text => addQuestion(text, question, options));
    if (!edited) return refused(NOT_EDITED);
    const asked = taskOf(ports.document).questions.at(-1);
    const questions = asked?.id === undefined ? [] : [asked.id];
    return fine('It is asked.', { end: { type: 'asked', questions, message: asked?.text ?? question } });
  },
});

export const finishStep = defineTool({
  name: 'finish_step',
  description: 'Says that the current step is done. Its checks are run again by others.',
  effect: 'control',
  fields: { summary: line('What was done, in one line.') },
  async run({ summary }, { step }) {
    if (step === undefined) return refused('No step is in work.');
    return fine(`Step ${step} is done.`, { end: { type: 'step-done', summary } });
  },
});

export const finish = defineTool({
  name: 'finish',
  description: 'Says that the whole task is done, when the current step was the last.',
  effect: 'control',
  fields: { summary: line('What was done, in one line.') },
  async run({ summary }, { ports, step }) {
    const open = taskOf(ports.document).steps.filter(({ id, ticked }) => !ticked && id !== step);
    if (open.length > 0) {
      const ids = open.map(({ id, text }) => id ?? text.slice(0, 40)).join(', ');
      return refused(`Steps are open: ${ids}. Finish the current one with finish_step, or ask.`);
    }
    return fine('The task goes to its verification.', { end: { type: 'step-done', summary } });
  },
});
