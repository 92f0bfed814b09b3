/**
 * Edits of a Markdown document in place: each touches its own region and nothing else, and is written with the
 * document's own line ends. It must not know what sections mean.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { contentLength, lineEndOf } from '../base/text.ts';
import {
  blockOf,
  type LineSpan,
  type MarkdownDocument,
  printLines,
  rangeOf,
  type Section,
  startOf,
  type Task,
} from './markdown.ts';

/**
 * Adds a paragraph behind what a section (or, without one, the document) holds, set off by one blank line. A fence
 * that was left open there is closed first, since it would swallow what is added.
 */
export function append(document: MarkdownDocument, text: string, section?: Section): TextEdit {
  const { lines } = document;
  const end = lineEndOf(printLines(document));
  const first = section?.first ?? 0;
  const stop = section?.end ?? lines.length;
  let last = stop - 1;
  while (last > first && blank(lines[last])) last--;
  const block = blockOf(document, last);
  const open = block?.kind === 'fence' && !block.closed ? `${end}${block.marks}` : '';
  const empty = blank(lines[last]) && open === '';
  // From the end of the last line that holds something up to the next section's heading.
  const range = {
    start: { line: last, character: empty ? 0 : contentLength(lines[last] ?? '') },
    end: startOf(document, stop),
  };
  const follows = stop < lines.length;
  const body = text.replace(/\r\n|\r|\n/g, end);
  return { range, newText: `${open}${empty ? '' : end + end}${body}${end}${follows ? end : ''}` };
}

/** Replaces the text below a heading, up to the next heading of any level; blank lines around it are kept tidy. */
export function replaceBody(document: MarkdownDocument, { body }: Section, text: string): TextEdit {
  return replaceLines(document, body, text);
}

/** Replaces whole lines by a paragraph with a blank line on each side. */
export function replaceLines(document: MarkdownDocument, span: LineSpan, text: string): TextEdit {
  const end = lineEndOf(printLines(document));
  const follows = span.end < document.lines.length;
  const before = document.lines[span.first - 1] ?? '';
  const open = span.first > 0 && contentLength(before) === before.length ? end : '';
  const inner = text.replace(/\r\n|\r|\n/g, end);
  const range =
    open === ''
      ? rangeOf(document, span)
      : { start: rangeOf(document, span).end, end: rangeOf(document, span).end };
  return { range, newText: `${open}${end}${inner}${end}${follows ? end : ''}` };
}

/** Ticks or clears a box: one character. */
export function tick({ first, box }: Task, ticked: boolean): TextEdit {
  const range = { start: { line: first, character: box }, end: { line: first, character: box + 1 } };
  return { range, newText: ticked ? 'x' : ' ' };
}

function blank(line: string | undefined): boolean {
  return (line ?? '').trim() === '';
}
