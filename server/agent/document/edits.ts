/**
 * Edits of a task's document: each is a pure function of its text, touches only what it is about, and never takes
 * away what a person wrote. A model's words pass `harmless.ts` on their way in. It must not know who applies them.
 */
import { createHash } from 'node:crypto';
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { lineEndOf } from '../../base/text.ts';
import { append, replaceLines, tick } from '../../documents/edit.ts';
import { setMatter } from '../../documents/frontMatter.ts';
import { type MarkdownDocument, parseMarkdown, printLines, startOf } from '../../documents/markdown.ts';
import type { Phase, PlannedStep } from '../types.ts';
import { harmlessLine, harmlessText } from './harmless.ts';
import {
  findSection,
  freeId,
  idEdit,
  readTask,
  type SectionName,
  SECTIONS,
  type Task,
  tidy,
} from './task.ts';

type Edits = readonly TextEdit[];

/** The text of a new task; `about` are mentions of where the person was. */
export function newTask(title: string, goal: string, about: readonly string[] = []): string {
  const head = ['---', 'kind: change', '---', '', `# ${harmlessLine(title, 120) || 'Task'}`, ''];
  const first = [
    '## Goal',
    '',
    [tidy(goal), ...(about.length > 0 ? [about.join(' ')] : [])].join('\n\n').trim(),
    '',
  ];
  return `${[...head, ...first, '## Plan', ''].join('\n')}\n`;
}

/** Adds text to a section, which is made in its place among the others where it is missing. */
function addTo(document: MarkdownDocument, name: SectionName, text: string): TextEdit {
  const section = findSection(document, name);
  if (section !== undefined) return append(document, text, section);
  const rank = SECTIONS.indexOf(name);
  const before = SECTIONS.slice(0, rank).findLast(each => findSection(document, each) !== undefined);
  const above = before === undefined ? undefined : findSection(document, before);
  return append(document, `## ${name}\n\n${text}`, above);
}

/** Adds lines right below the last item of a list, so that the list stays one. */
function addItems(
  document: MarkdownDocument,
  name: SectionName,
  last: number | undefined,
  lines: string,
): TextEdit {
  if (last === undefined) return addTo(document, name, lines);
  const end = lineEndOf(printLines(document));
  const body = lines.replace(/\n/g, end);
  const at = startOf(document, last);
  const open = last >= document.lines.length && !/[\r\n]$/.test(document.lines.at(-1) ?? '\n') ? end : '';
  return {
    range: { start: at, end: at },
    newText: `${open}${body}${last >= document.lines.length && open ? '' : end}`,
  };
}

/** One line of the log, newest last. `time` as it shall stand there, such as `14:02`. */
export function addLog(text: string, time: string, entry: string): Edits {
  const document = parseMarkdown(text);
  const section = findSection(document, 'Log');
  const line = `- ${harmlessLine(`${time} ${entry}`)}`;
  if (section === undefined) return [addTo(document, 'Log', line)];
  let last: number | undefined;
  for (let at = section.first + 1; at < section.end; at++)
    if (document.lines[at]?.startsWith('- ') === true) last = at;
  const open = document.blocks.some(
    block => block.kind === 'fence' && !block.closed && block.first < section.end,
  );
  return [addItems(document, 'Log', open || last === undefined ? undefined : last + 1, line)];
}

/** Ticks a step, or clears its box; nothing where there is no such step, or it is so already. */
export function tickStep(text: string, id: string, done: boolean): Edits {
  const { steps } = readTask(text).task;
  const step = steps.find(each => each.id === id);
  if (step === undefined || step.ticked === done) return [];
  return [
    tick(
      { kind: 'task', first: step.line, end: step.line + 1, ticked: step.ticked, text: '', box: step.box },
      done,
    ),
  ];
}

/** Gives every step, decision and question without an id one of its own. */
export function giveIds(text: string): Edits {
  const { task } = readTask(text);
  const lists = [
    ['s', task.steps],
    ['d', task.decisions],
    ['q', task.questions],
  ] as const;
  return lists.flatMap(([letter, items]) => {
    const taken: string[] = [];
    return items.flatMap(item => {
      if (item.id !== undefined || item.text === '') return [];
      const id = freeId(letter, items, taken);
      taken.push(id);
      return [idEdit(task.document, item, id)];
    });
  });
}

/**
 * The model's plan: steps that are new are added at the end, in order. A step of an earlier plan (`planned`) that is
 * not in it goes, unless it is ticked, was changed, or has notes below it; everything else is the person's and stays.
 */
export function setPlan(text: string, steps: readonly string[], planned: readonly PlannedStep[] = []): Edits {
  const { task } = readTask(text);
  const { document } = task;
  const wanted = [...new Set(steps.map(step => harmlessLine(step)).filter(step => step !== ''))];
  const gone = task.steps.filter(
    step =>
      !step.ticked &&
      step.detail === '' &&
      !wanted.includes(step.text) &&
      planned.some(({ id, text: words }) => id === step.id && words === step.text),
  );
  const edits: TextEdit[] = gone.map(({ line }) => ({
    range: { start: startOf(document, line), end: startOf(document, line + 1) },
    newText: '',
  }));
  return [...edits, ...withSteps(task, steps, task.steps, planned)];
}

/** New lines at the end of the plan for what is not among `there`; ids that were used once are not used again. */
function withSteps(
  task: Task,
  steps: readonly string[],
  there: readonly { readonly text: string }[],
  planned: readonly PlannedStep[] = [],
): Edits {
  const words = [...new Set(steps.map(step => harmlessLine(step)))];
  const fresh = words.filter(step => step !== '' && !there.some(({ text }) => text === step));
  if (fresh.length === 0) return [];
  const taken = planned.map(({ id }) => id);
  const lines = fresh.map(step => {
    const id = freeId('s', task.steps, taken);
    taken.push(id);
    return `- [ ] (${id}) ${step}`;
  });
  return [addItems(task.document, 'Plan', task.steps.at(-1)?.end, lines.join('\n'))];
}

/** Adds steps behind those that are there; one whose words are those of an open step is not added. */
export function addSteps(text: string, steps: readonly string[]): Edits {
  const { task } = readTask(text);
  return withSteps(
    task,
    steps,
    task.steps.filter(({ ticked }) => !ticked),
  );
}

export function addDecision(text: string, decision: string, because: string): Edits {
  const { task } = readTask(text);
  const words = `${harmlessLine(decision)} because ${harmlessLine(because)}`;
  // A kill behind the edit makes the model note it again.
  if (task.decisions.some(each => each.text === words)) return [];
  const line = `- (${freeId('d', task.decisions)}) ${words}`;
  return [addItems(task.document, 'Decisions', task.decisions.at(-1)?.end, line)];
}

/** A question with an empty answer to type into, and options to pick from. */
export function addQuestion(text: string, question: string, options: readonly string[] = []): Edits {
  const { task } = readTask(text);
  const id = freeId('q', task.questions);
  const picks = options.map(option => harmlessLine(option, 200)).filter(option => option !== '');
  const lines = [`- (${id}) ${harmlessLine(question)}`, ...picks.map(option => `  - ${option}`), '  >'];
  return [addItems(task.document, 'Questions', task.questions.at(-1)?.end, lines.join('\n'))];
}

/** Types an answer below a question, as the person would; nothing where it has one. */
export function answer(text: string, id: string, said: string): Edits {
  const { task } = readTask(text);
  const question = task.questions.find(each => each.id === id);
  if (question === undefined || question.answer !== undefined || said.trim() === '') return [];
  const { document } = task;
  const end = lineEndOf(text);
  const quoted = tidy(said)
    .split('\n')
    .map(line => `  > ${line.trim()}`.trimEnd())
    .join(end);
  for (let line = question.line + 1; line < question.end; line++) {
    const found = document.lines[line] ?? '';
    if (!/^\s*>[ \t]*[\r\n]*$/.test(found)) continue;
    const stop = found.replace(/[\r\n]+$/, '').length;
    return [{ range: { start: { line, character: 0 }, end: { line, character: stop } }, newText: quoted }];
  }
  return [addItems(document, 'Questions', question.end, quoted.replaceAll(end, '\n'))];
}

/** Where the task is, for people who look at the document; what counts is kept elsewhere. */
export function setState(text: string, phase: Phase | 'paused'): Edits {
  return [setMatter(parseMarkdown(text), 'state', phase)];
}

/** A section that Codriver writes. `was` is what it wrote there last; lines that are not of it are kept below. */
function setOwn(text: string, name: 'Handoff' | 'Evidence', body: string, was: string): Edits {
  const document = parseMarkdown(text);
  const section = findSection(document, name);
  if (section === undefined) return body === '' ? [] : [addTo(document, name, body)];
  const span = { first: section.first + 1, end: section.end };
  const ownLines = new Set(tidy(was).split('\n'));
  const newLines = new Set(body.split('\n'));
  const kept = tidy(printLines(document, span))
    .split('\n')
    .filter(line => line.trim() !== '' && !ownLines.has(line) && !newLines.has(line));
  const whole = [body, kept.join('\n')].filter(part => part !== '').join('\n\n');
  return [replaceLines(document, span, whole)];
}

/** `body` may be a model's. */
export function setHandoff(text: string, body: string, was = ''): Edits {
  return setOwn(text, 'Handoff', harmlessText(body), was);
}

/** `body` is Markdown of trusted parts. */
export function setEvidence(text: string, body: string, was = ''): Edits {
  return setOwn(text, 'Evidence', harmlessText(body), was);
}

/** Stands for a plan's steps in their order: what the person approves. Ticks and notes do not change it. */
export function planHash({ steps }: Pick<Task, 'steps'>): string {
  const words = steps.map(({ id, text }) => [id ?? '', text]);
  return createHash('sha256').update(JSON.stringify(words)).digest('hex');
}
