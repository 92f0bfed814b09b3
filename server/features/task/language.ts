/**
 * A task in the editor: its head, its mentions and its ids are completed, explained, followed and checked; what it
 * is in is told on hover; lenses at its head do what its code actions do.
 */
import type { Position, Range } from 'vscode-languageserver-textdocument';
import { KEYS } from '../../agent/document/settings.ts';
import { type Item, readTask, type Task } from '../../agent/document/task.ts';
import type { Document } from '../../base/document.ts';
import { readFrontMatter } from '../../documents/frontMatter.ts';
import { plainLine } from '../../guard/sanitise.ts';
import { mentionPaths } from '../chat/language.ts';
import { mentionsIn } from '../chat/mentions.ts';
import type { HoverText } from '../hover.ts';
import type { OwnItem, OwnLanguage, OwnLink, OwnProblem } from '../ownDocuments.ts';
import type { Services } from '../services.ts';
import { lensesFor } from './acts.ts';
import { findingLines } from './findings.ts';
import { knownTask, phaseWords } from './phase.ts';

/** Longer ones are served as plain documents. In UTF-16 units. */
const MAX_LENGTH = 1_000_000;
const MAX_MENTIONS = 100;
const MAX_LOG = 12;
const ID = /\(([sdq]\d{1,6})\)/g;

const taskOf = (document: Document): Task =>
  readTask(document.length > MAX_LENGTH ? '' : document.getText()).task;

export const taskLanguage: OwnLanguage = {
  async hover(document, position, services) {
    const task = taskOf(document);
    const key = keyAt(task, position.line);
    if (key !== undefined) {
      const what = Object.hasOwn(KEYS, key) ? KEYS[key]?.what : undefined;
      const range = document.getLineRange(position.line);
      return what === undefined ? undefined : { range, markdown: `**${key}**: ${what}` };
    }
    const step = task.steps.find(({ end, line }) => position.line >= line && position.line < end);
    const known = await knownTask(document.uri, services);
    if (step !== undefined) return stepHover(document, task, step, known?.state.step === step.id);
    const line = document.lineAt(position.line);
    if (!/^#{1,2} /.test(line)) return undefined;
    const range = document.getLineRange(position.line);
    if (known === undefined) return { range, markdown: 'Nobody has begun this task: "Plan this task" does.' };
    const { spent } = known.state;
    const used = `${spent.steps} answers of the model, ${spent.tokens.toLocaleString('en')} tokens, ${Math.round(spent.ms / 60_000)} minutes`;
    const cost = spent.cost > 0 ? `, a cost of ${spent.cost.toFixed(2)}` : '';
    return {
      range,
      markdown: `The task ${plainLine(phaseWords(known.state), 1_000)}\n\nUsed so far: ${used}${cost}, in ${known.state.session} sessions.`,
    };
  },

  async definition(document, position, services) {
    return linksIn(document, services).find(
      ({ range: { end, start } }) =>
        start.line === position.line &&
        start.character <= position.character &&
        position.character <= end.character,
    );
  },

  async links(document, services) {
    return linksIn(document, services).filter(({ target }) => target.uri !== document.uri);
  },

  lenses(document, services) {
    if (services.settings().autonomy < 3 || document.length > MAX_LENGTH) return [];
    return lensesFor({ document }, services).map(lens => ({ ...lens, range: document.getLineRange(0) }));
  },

  async problems(document, services) {
    const { problems, task } = readTask(document.length > MAX_LENGTH ? '' : document.getText());
    const found: OwnProblem[] = problems.map(({ message, range, severity }) => ({
      range,
      message,
      ...(severity === 'hint' ? { hint: true } : {}),
    }));
    const { autonomy } = services.settings();
    if (autonomy < 3)
      found.push({
        range: document.getLineRange(0),
        message: `Tasks need codriver.autonomy 3 (delegate) or higher; it is ${autonomy}. Set it in the user file or in your editor's settings.`,
        hint: true,
      });
    return [
      ...found,
      ...otherModel(task, services),
      ...danglingIds(document, task),
      ...(await missingFiles(document, services)),
      ...(await claims(document, task, services)),
    ];
  },

  complete(document, position, services) {
    const before = document.lineAt(position.line).slice(0, position.character);
    const path = /(?<![\w@/.])@file:"?([^\s"'`,;()<>#]*)$/.exec(before);
    if (path) return mentionPaths(services, position, 'file', path[1] ?? '', path[0].length);
    if (/(?<![\w@/.])@[a-z]*$/.test(before)) return Promise.resolve([fileMention(before, position)]);
    const task = taskOf(document);
    const [matter] = task.document.blocks;
    if (matter?.kind === 'frontMatter' && position.line > 0 && position.line < matter.end - 1)
      return Promise.resolve(matterItems(task, before, position));
    const id = /\(([sdq]?\d*)$/.exec(before);
    return id ? Promise.resolve(idItems(task, id[0].length, position)) : undefined;
  },
};

function keyAt({ document }: Task, line: number): string | undefined {
  return readFrontMatter(document).entries.find(entry => entry.line === line)?.key;
}

function stepHover(
  document: Document,
  task: Task,
  { id, line, ticked }: Task['steps'][number],
  now: boolean,
): HoverText {
  const about = new RegExp(String.raw`\b${id ?? '-'}\b`);
  const log = task.log.filter(each => about.test(each)).slice(-MAX_LOG);
  const state = now ? 'in work' : ticked ? 'done' : 'open';
  const lines = log.map(each => `- ${plainLine(each, 300)}`);
  return {
    range: document.getLineRange(line),
    markdown: [`Step ${id ?? '(it gets an id with the next start)'} is ${state}.`, ...lines].join('\n\n'),
  };
}

/** What mentions and ids lead to. */
function linksIn(document: Document, { places }: Pick<Services, 'places'>): readonly OwnLink[] {
  if (document.length > MAX_LENGTH) return [];
  const task = taskOf(document);
  const folder = places.folderOf(document.uri);
  const files = mentionsIn(task.document).flatMap(({ kind, lines, name, range }) => {
    if (kind !== 'file' || name === '' || folder === undefined || outside(name)) return [];
    const start = { line: lines?.first ?? 0, character: 0 };
    return [{ range, target: { uri: places.uriOf(`${folder}/${name}`), range: { start, end: start } } }];
  });
  const items = new Map(allItems(task).flatMap(item => (item.id === undefined ? [] : [[item.id, item]])));
  const ids = idsIn(document).flatMap(({ id, range }) => {
    const item = items.get(id);
    if (item === undefined || item.line === range.start.line) return [];
    return [{ range, target: { uri: document.uri, range: document.getLineRange(item.line) } }];
  });
  return [...files, ...ids];
}

const outside = (path: string): boolean => path.startsWith('/') || path.split('/').includes('..');
const allItems = ({ decisions, questions, steps }: Task): readonly Item[] => [
  ...steps,
  ...decisions,
  ...questions,
];

function idsIn(document: Document): readonly { readonly id: string; readonly range: Range }[] {
  const found: { id: string; range: Range }[] = [];
  for (let line = 0; line < document.lineCount; line++) {
    for (const match of document.lineAt(line).matchAll(ID)) {
      const start = { line, character: match.index };
      const end = { line, character: match.index + match[0].length };
      found.push({ id: match[1] ?? '', range: { start, end } });
    }
  }
  return found;
}

/** A document chooses no model: that would send code where the person's settings do not say. */
function otherModel(task: Task, { router }: Pick<Services, 'router'>): readonly OwnProblem[] {
  const { model } = task.settings;
  const line = readFrontMatter(task.document).entries.find(({ key }) => key === 'model')?.line;
  if (model === undefined || line === undefined) return [];
  const { engine } = router.choose('task', 'explicit');
  if (engine !== undefined && engine.name.split(/[\s:]+/).includes(model)) return [];
  const works = engine === undefined ? 'none is there now' : `now that is ${plainLine(engine.name, 80)}`;
  const start = { line, character: 0 };
  const end = { line, character: (task.document.lines[line] ?? '').trimEnd().length };
  return [
    {
      range: { start, end },
      message: `This line chooses no model: your settings do (${works}).`,
      hint: true,
    },
  ];
}

/** What Codriver wrote into log, handoff and evidence may well name what is gone by now. */
function danglingIds(document: Document, task: Task): readonly OwnProblem[] {
  const known = new Set(allItems(task).map(({ id }) => id));
  const written = task.document.blocks.findIndex(
    block => block.kind === 'heading' && block.level === 2 && /^(?:log|handoff|evidence)$/i.test(block.title),
  );
  const end = task.document.blocks[written]?.first ?? document.lineCount;
  return idsIn(document).flatMap(({ id, range }) =>
    known.has(id) || range.start.line >= end
      ? []
      : [{ range, message: `There is no (${id}) in this task. Name one that there is.`, hint: true }],
  );
}

async function missingFiles(document: Document, { files, places }: Services): Promise<readonly OwnProblem[]> {
  const folder = places.folderOf(document.uri);
  const found: OwnProblem[] = [];
  for (const { kind, name, range } of mentionsIn(taskOf(document).document).slice(0, MAX_MENTIONS)) {
    if (kind !== 'file' || name === '' || folder === undefined) continue;
    if (outside(name)) found.push({ range, message: `"${name}" is no path below the workspace folder.` });
    else if ((await files.stat(`${folder}/${name}`)) === undefined)
      found.push({ range, message: `There is no file "${name}" in the workspace folder.`, hint: true });
  }
  return found;
}

/** What the document says of itself and the journal does not: a document is only a request. */
async function claims(document: Document, task: Task, services: Services): Promise<readonly OwnProblem[]> {
  const known = await knownTask(document.uri, services);
  const found: OwnProblem[] = [];
  const logged = task.log.join('\n');
  for (const { id, line, ticked } of task.steps) {
    if (!ticked || (known !== undefined && new RegExp(String.raw`\b${id ?? '-'} done\b`).test(logged)))
      continue;
    found.push({
      range: document.getLineRange(line),
      message:
        "This tick is not Codriver's: the step is taken to be done and is left out. Clear it to have it worked on.",
      hint: true,
    });
  }
  const state = readFrontMatter(task.document).entries.find(({ key }) => key === 'state');
  const actual = known === undefined ? undefined : known.state.paused ? 'paused' : known.state.phase;
  if (state !== undefined && state.value !== actual)
    found.push({
      range: document.getLineRange(state.line),
      message:
        actual === undefined
          ? 'Nobody has begun this task here, whatever this line says.'
          : `The task is ${actual}; what counts is kept outside of the document.`,
      hint: true,
    });
  for (const [line, { message }] of findingLines(document.getText(), known?.record.findings ?? []))
    found.push({
      range: document.getLineRange(line),
      message: `${plainLine(message, 600)} Nothing is called verified with it, unless you accept it with a reason.`,
    });
  if (known?.state.block !== undefined)
    found.push({
      range: document.getLineRange(headingLine(task)),
      message: plainLine(known.state.block.message, 1_000),
    });
  return found;
}

function headingLine({ document }: Task): number {
  return document.blocks.find(block => block.kind === 'heading')?.first ?? 0;
}

function fileMention(before: string, position: Position): OwnItem {
  const start = { line: position.line, character: before.lastIndexOf('@') };
  return {
    label: '@file:',
    detail: 'a file of the workspace, or some of its lines: @file:path#L1-L9',
    range: { start, end: position },
    newText: '@file:',
    opens: true,
  };
}

const VALUES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  kind: [
    ['change', 'its result is applied'],
    ['experiment', 'its findings are kept, its code is put aside'],
  ],
  autonomy: [
    ['3', 'you approve plan and result'],
    ['4', 'you approve the result alone'],
  ],
};

function matterItems(task: Task, before: string, position: Position): OwnItem[] {
  const value = /^([a-z]+):[ \t]*([\w-]*)$/.exec(before);
  if (value) {
    const start = { line: position.line, character: position.character - (value[2] ?? '').length };
    return (VALUES[value[1] ?? ''] ?? []).map(([newText, detail]) => ({
      label: newText,
      detail,
      range: { start, end: position },
      newText,
      opens: false,
    }));
  }
  const typed = /^[a-z]*$/.exec(before);
  if (!typed) return [];
  const taken = new Set(readFrontMatter(task.document).entries.map(({ key }) => key));
  const start = { line: position.line, character: 0 };
  return Object.entries(KEYS)
    .filter(([key]) => key !== 'state' && !taken.has(key))
    .map(([key, { what }]) => ({
      label: key,
      detail: what,
      range: { start, end: position },
      newText: `${key}: `,
      opens: false,
    }));
}

function idItems(task: Task, typed: number, position: Position): OwnItem[] {
  const start = { line: position.line, character: position.character - typed };
  return allItems(task).flatMap(({ id, text }) =>
    id === undefined
      ? []
      : [
          {
            label: `(${id})`,
            detail: plainLine(text, 80),
            range: { start, end: position },
            newText: `(${id})`,
            opens: false,
          },
        ],
  );
}
