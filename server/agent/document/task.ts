/**
 * Reads a `*.task.md`: front matter with kind, budgets and checks, and the sections Goal, Plan, Decisions, Questions,
 * Log, Handoff and Evidence. Tolerant and lossless: what is not understood stays and is reported. It must not know
 * models, trees or editors.
 */
import type { Range, TextEdit } from 'vscode-languageserver-textdocument';
import { contentLength } from '../../base/text.ts';
import {
  type MarkdownDocument,
  parseMarkdown,
  printLines,
  type Section,
  sectionsOf,
} from '../../documents/markdown.ts';
import { readSettings, type TaskSettings } from './settings.ts';

export const TASK_ENDING = '.task.md';

/** In the order in which a new document has them. */
export const SECTIONS = ['Goal', 'Plan', 'Decisions', 'Questions', 'Log', 'Handoff', 'Evidence'] as const;
export type SectionName = (typeof SECTIONS)[number];

/** A line that has an id, `- [ ] (s1) text` or `- (d1) text`. */
export interface Item {
  /** Undefined where the person has written none yet. */
  readonly id: string | undefined;
  /** One line, without mark and id. */
  readonly text: string;
  /** Zero-based, in the document. */
  readonly line: number;
  /** Lines below that are indented or blank belong to it; where they end. */
  readonly end: number;
}

export interface Step extends Item {
  readonly ticked: boolean;
  /** Column of the character in the box. */
  readonly box: number;
  /** What is written below it, in the person's words. */
  readonly detail: string;
}

export interface Question extends Item {
  readonly options: readonly string[];
  /** What is typed behind `>` below it; several lines are joined. */
  readonly answer: string | undefined;
}

export interface Task {
  readonly document: MarkdownDocument;
  readonly settings: TaskSettings;
  /** The first-level heading, or ''. */
  readonly title: string;
  readonly goal: string;
  readonly steps: readonly Step[];
  readonly decisions: readonly Item[];
  readonly questions: readonly Question[];
  /** Oldest first. */
  readonly log: readonly string[];
  readonly handoff: string;
  readonly evidence: string;
}

/** Something that the person should know or mend. `message` says what, why, and what to do. */
export interface TaskProblem {
  readonly range: Range;
  readonly severity: 'error' | 'warning' | 'hint';
  readonly message: string;
  readonly fix?: { readonly title: string; readonly edits: readonly TextEdit[] };
}

export interface ReadTask {
  readonly task: Task;
  readonly problems: readonly TaskProblem[];
}

/** At the margin; what is indented belongs to the item above. */
const LIST = /^ ?(?:[-*+]|\d{1,9}[.)])[ \t]+/;
const BOX = /^\[([ xX])\](?:[ \t]+|$)/;
const ID = /^\(([a-z]\d{1,6})\)(?:[ \t]+|$)/;
const QUOTE = /^\s*(?:[-*+][ \t]+)?>[ \t]?(.*)$/;
const OPTION = /^\s+(?:[-*+]|\d{1,9}[.)])[ \t]+(.*)$/;

/** Never fails: a document that is no task at all reads as one without steps. */
export function readTask(text: string): ReadTask {
  const document = parseMarkdown(text);
  const { settings, problems } = readSettings(document);
  const found = [...problems];
  const task: Task = {
    document,
    settings,
    title: document.blocks.find(
      block => block.kind === 'heading' && block.level === 1 && ours(document, block.first),
    )
      ? titleOf(document)
      : '',
    goal: textOf(document, 'Goal'),
    steps: stepsOf(document),
    decisions: itemsOf(document, 'Decisions'),
    questions: itemsOf(document, 'Questions').map(item => withAnswer(document, item)),
    log: linesIn(document, 'Log').flatMap(({ text: line }) => /^- (.+)$/.exec(line)?.[1] ?? []),
    handoff: textOf(document, 'Handoff'),
    evidence: textOf(document, 'Evidence'),
  };
  found.push(...sectionProblems(task), ...idProblems(task));
  return { task, problems: found };
}

function titleOf(document: MarkdownDocument): string {
  const heading = document.blocks.find(block => block.kind === 'heading' && block.level === 1);
  return heading?.kind === 'heading' ? heading.title : '';
}

/** Indented headings may belong to a list; ours stand at the margin. */
function ours({ lines }: MarkdownDocument, line: number): boolean {
  return lines[line]?.startsWith('#') === true;
}

/** The section of this name: the first second-level heading at the margin that is called so, whatever its case. */
export function findSection(document: MarkdownDocument, name: SectionName): Section | undefined {
  return sectionsOf(document).find(section => isNamed(document, section, name));
}

function isNamed(document: MarkdownDocument, section: Section, name: SectionName): boolean {
  const same = section.title.toLowerCase() === name.toLowerCase();
  return same && section.level === 2 && ours(document, section.first);
}

interface Line {
  readonly number: number;
  readonly text: string;
  /** Within a fence nothing is a list or a quote. */
  readonly code: boolean;
}

/** The lines of a section up to the next heading of its level, deeper headings included, line ends left out. */
function linesIn(document: MarkdownDocument, name: SectionName): readonly Line[] {
  const section = findSection(document, name);
  if (section === undefined) return [];
  const fences = document.blocks.filter(block => block.kind === 'fence');
  const lines: Line[] = [];
  for (let number = section.first + 1; number < section.end; number++) {
    const line = document.lines[number] ?? '';
    const code = fences.some(({ first, end }) => number >= first && number < end);
    lines.push({ number, text: line.slice(0, contentLength(line)), code });
  }
  return lines;
}

function textOf(document: MarkdownDocument, name: SectionName): string {
  const section = findSection(document, name);
  return section === undefined
    ? ''
    : tidy(printLines(document, { first: section.first + 1, end: section.end }));
}

/** LF, without blank lines around it. */
export function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
}

/** List items at the margin of a section, each with the indented lines below it. */
function itemsOf(document: MarkdownDocument, name: SectionName): readonly Item[] {
  const lines = linesIn(document, name);
  return lines.flatMap(({ number, text, code }, i) => {
    const mark = code ? null : LIST.exec(text);
    if (mark === null) return [];
    let last = i;
    for (let at = i + 1; at < lines.length; at++) {
      const line = lines[at] as Line;
      if (line.text.trim() === '') continue;
      const inside =
        line.code || /^(?:\s{2,}|\t)/.test(line.text) || (name === 'Questions' && QUOTE.test(line.text));
      if (!inside) break;
      last = at;
    }
    const rest = text.slice(mark[0].length);
    const id = ID.exec(rest);
    return [
      {
        id: id?.[1],
        text: rest.slice(id?.[0].length ?? 0).trim(),
        line: number,
        end: (lines[last]?.number ?? number) + 1,
      },
    ];
  });
}

function stepsOf(document: MarkdownDocument): readonly Step[] {
  return itemsOf(document, 'Plan').flatMap(item => {
    const line = document.lines[item.line] ?? '';
    const before = LIST.exec(line)?.[0].length ?? 0;
    const box = BOX.exec(line.slice(before, contentLength(line)));
    if (box === null) return [];
    const rest = line.slice(before + box[0].length, contentLength(line));
    const id = ID.exec(rest);
    const detail = tidy(printLines(document, { first: item.line + 1, end: item.end }));
    return [
      {
        ...item,
        id: id?.[1],
        text: rest.slice(id?.[0].length ?? 0).trim(),
        ticked: box[1] !== ' ',
        box: before + 1,
        detail,
      },
    ];
  });
}

function withAnswer(document: MarkdownDocument, item: Item): Question {
  const options: string[] = [];
  const answer: string[] = [];
  for (let at = item.line + 1; at < item.end; at++) {
    const line = document.lines[at] ?? '';
    const text = line.slice(0, contentLength(line));
    const quoted = QUOTE.exec(text);
    const option = OPTION.exec(text);
    if (quoted) answer.push((quoted[1] ?? '').trim());
    else if (option) options.push((option[1] ?? '').trim());
  }
  const said = answer.join('\n').trim();
  return { ...item, options, answer: said === '' ? undefined : said };
}

/** Questions of these ids that have no answer yet; one that is gone needs none. */
export function unanswered({ questions }: Task, ids: readonly string[]): readonly Question[] {
  return questions.filter(({ answer, id }) => id !== undefined && ids.includes(id) && answer === undefined);
}

function lineRange({ lines }: MarkdownDocument, line: number): Range {
  const end = contentLength(lines[line] ?? '');
  return { start: { line, character: 0 }, end: { line, character: end } };
}

function sectionProblems({ document, goal }: Task): readonly TaskProblem[] {
  const problems: TaskProblem[] = [];
  const sections = sectionsOf(document);
  for (const name of SECTIONS) {
    const [, ...more] = sections.filter(section => isNamed(document, section, name));
    for (const { first } of more) {
      problems.push({
        range: lineRange(document, first),
        severity: 'warning',
        message: `There is a section "${name}" above already; only that one counts. Rename this one, or put its text there.`,
      });
    }
  }
  if (goal === '') {
    const line = findSection(document, 'Goal')?.first ?? 0;
    problems.push({
      range: lineRange(document, line),
      severity: 'error',
      message: 'The task has no goal. Write below "## Goal" what shall be true when it is done.',
    });
  }
  return problems;
}

/** Where an item's id goes: behind its mark and box. */
export function idEdit({ lines }: MarkdownDocument, item: Item, id: string): TextEdit {
  const line = lines[item.line] ?? '';
  const mark = LIST.exec(line)?.[0].length ?? 0;
  const box = BOX.exec(line.slice(mark, contentLength(line)));
  const before = mark + (box?.[0].length ?? 0);
  const old = ID.exec(line.slice(before, contentLength(line)))?.[0] ?? '';
  const gap = box !== null && !/\s$/.test(line.slice(0, before)) ? ' ' : '';
  const start = { line: item.line, character: before };
  return {
    range: { start, end: { line: item.line, character: before + old.length } },
    newText: `${gap}(${id}) `,
  };
}

/** The first id of a letter that no item has, `taken` included. */
export function freeId(letter: string, items: readonly Item[], taken: readonly string[] = []): string {
  const numbers = [...items.map(({ id }) => id), ...taken].map(id => Number(id?.slice(1) ?? 0));
  return `${letter}${Math.max(0, ...numbers.filter(Number.isFinite)) + 1}`;
}

function idProblems(task: Task): readonly TaskProblem[] {
  const lists = [
    ['s', task.steps],
    ['d', task.decisions],
    ['q', task.questions],
  ] as const;
  return lists.flatMap(([letter, items]) => {
    const seen = new Set<string>();
    return items.flatMap(item => {
      if (item.id === undefined) return [];
      const twice = seen.has(item.id);
      seen.add(item.id);
      if (!twice) return [];
      const id = freeId(letter, items);
      const message = `The id (${item.id}) stands here a second time, so it is not clear which is meant. Give this one another.`;
      const fix = { title: `Change it to (${id})`, edits: [idEdit(task.document, item, id)] };
      return [{ range: lineRange(task.document, item.line), severity: 'error' as const, message, fix }];
    });
  });
}
