/**
 * Reads a Markdown document as blocks of whole lines, losslessly: printed in order they are the text again. Knows
 * headings, fences, task boxes and front matter and nothing of what a document is for.
 */
import type { Position, Range } from 'vscode-languageserver-textdocument';
import { contentLength, splitLines } from '../base/text.ts';

/** Lines `first` up to and without `end`, zero-based, as LSP counts lines. */
export interface LineSpan {
  readonly first: number;
  readonly end: number;
}

export interface Heading extends LineSpan {
  readonly kind: 'heading';
  /** 1…6. */
  readonly level: number;
  readonly title: string;
}

export interface Fence extends LineSpan {
  readonly kind: 'fence';
  /** What stands behind the opening marks. */
  readonly info: string;
  /** The opening marks themselves. */
  readonly marks: string;
  /** False: it goes to the end of the document for want of a closing line. */
  readonly closed: boolean;
}

export interface Task extends LineSpan {
  readonly kind: 'task';
  readonly ticked: boolean;
  readonly text: string;
  /** Column of the character between the brackets. */
  readonly box: number;
}

export interface Other extends LineSpan {
  readonly kind: 'frontMatter' | 'text';
}

export type Block = Heading | Fence | Task | Other;

/** A heading with all that stands below it. */
export interface Section extends LineSpan {
  readonly level: number;
  readonly title: string;
  /** Where the text below the heading begins, and where the next heading of any level stands. */
  readonly body: LineSpan;
}

export interface MarkdownDocument {
  /** Lines with their line ends; joined they are the text. */
  readonly lines: readonly string[];
  /** Contiguous, from the first line to the last. */
  readonly blocks: readonly Block[];
}

const HEADING = /^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$/;
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/;
const TASK = /^(\s*(?:[-*+]|\d{1,9}[.)])[ \t]+\[)([ xX])\](?:[ \t]+(.*))?$/;
const MATTER = /^---[ \t]*$/;

/** The document's blocks. Front matter counts only from the very first line, and only with an end. */
export function parseMarkdown(text: string): MarkdownDocument {
  const lines = splitLines(text);
  const content = lines.map(line => line.slice(0, contentLength(line)));
  const blocks: Block[] = [];
  let at = matterEnd(content);
  if (at > 0) blocks.push({ kind: 'frontMatter', first: 0, end: at });
  while (at < content.length) {
    const block = blockAt(content, at);
    const last = blocks.at(-1);
    if (block.kind === 'text' && last?.kind === 'text')
      blocks[blocks.length - 1] = { ...last, end: block.end };
    else blocks.push(block);
    at = block.end;
  }
  return { lines, blocks };
}

function matterEnd(content: readonly string[]): number {
  if (!MATTER.test(content[0] ?? '')) return 0;
  return content.findIndex((line, i) => i > 0 && MATTER.test(line)) + 1;
}

function blockAt(content: readonly string[], first: number): Block {
  const line = content[first] ?? '';
  const fence = FENCE.exec(line);
  if (fence) {
    const [, marks = '', info = ''] = fence;
    const close = new RegExp(`^ {0,3}${marks[0] === '~' ? '~' : '`'}{${marks.length},}[ \\t]*$`);
    const end = content.findIndex((each, i) => i > first && close.test(each));
    const closed = end >= 0;
    return { kind: 'fence', first, end: closed ? end + 1 : content.length, info: info.trim(), marks, closed };
  }
  const heading = HEADING.exec(line);
  if (heading) {
    const [, marks = '', title = ''] = heading;
    return { kind: 'heading', first, end: first + 1, level: marks.length, title: title.trim() };
  }
  const task = TASK.exec(line);
  if (task) {
    const [, before = '', mark = ' ', text = ''] = task;
    return {
      kind: 'task',
      first,
      end: first + 1,
      ticked: mark !== ' ',
      text: text.trim(),
      box: before.length,
    };
  }
  return { kind: 'text', first, end: first + 1 };
}

/** The text of a document, or of some of its lines. */
export function printLines({ lines }: MarkdownDocument, span?: LineSpan): string {
  return (span ? lines.slice(span.first, span.end) : lines).join('');
}

/** All sections in the order of their headings; inner ones lie within outer ones. */
export function sectionsOf({ blocks, lines }: MarkdownDocument): readonly Section[] {
  const headings = blocks.filter(block => block.kind === 'heading');
  return headings.map((heading, i) => {
    const later = headings.slice(i + 1);
    const end = later.find(({ level }) => level <= heading.level)?.first ?? lines.length;
    const body = { first: heading.end, end: later[0]?.first ?? lines.length };
    return { level: heading.level, title: heading.title, first: heading.first, end, body };
  });
}

/** The innermost section that a line belongs to. */
export function sectionAt(document: MarkdownDocument, line: number): Section | undefined {
  return sectionsOf(document).findLast(({ first, end }) => line >= first && line < end);
}

/** The block that a line belongs to; undefined beyond the end. */
export function blockOf({ blocks }: MarkdownDocument, line: number): Block | undefined {
  return blocks.find(({ first, end }) => line >= first && line < end);
}

/** The code between a fence's lines, with its line ends. */
export function codeOf(document: MarkdownDocument, fence: Fence): string {
  return printLines(document, { first: fence.first + 1, end: fence.closed ? fence.end - 1 : fence.end });
}

/** The range of whole lines; the end of the document where they reach it. */
export function rangeOf(document: MarkdownDocument, { first, end }: LineSpan): Range {
  return { start: startOf(document, first), end: startOf(document, end) };
}

/** The start of a line, or the end of the document for a line beyond it. */
export function startOf({ lines }: MarkdownDocument, line: number): Position {
  if (line < lines.length) return { line, character: 0 };
  return { line: lines.length - 1, character: contentLength(lines.at(-1) ?? '') };
}
