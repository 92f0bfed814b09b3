/**
 * Text as lines with their own line ends, as LSP counts them (LF, CRLF, lone CR), and the offsets of positions.
 * Pure; it must not know models, blocks or documents of the editor.
 */
import { contentLength, splitLines as splitWithEnds } from '../base/text.ts';
import type { Position, TextEdit } from 'vscode-languageserver-textdocument';

export type LineEnd = '\n' | '\r\n' | '\r';

/** `ends[i]` is the line end after `lines[i]`; the last one is '' always. There is at least one line. */
export interface Lines {
  readonly lines: readonly string[];
  readonly ends: readonly (LineEnd | '')[];
}

export function splitLines(text: string): Lines {
  const lines: string[] = [];
  const ends: (LineEnd | '')[] = [];
  for (const piece of splitWithEnds(text)) {
    const length = contentLength(piece);
    lines.push(piece.slice(0, length));
    ends.push(piece.slice(length) as LineEnd | '');
  }
  return { lines, ends };
}

/** How many lines can be matched: the empty rest after a final line end is not one. */
export function countedLines(text: Lines): number {
  const last = text.lines.length - 1;
  return text.lines[last] === '' ? last : last + 1;
}

/** The line end used most; LF where there is none. */
export function dominantEnd(text: Lines): LineEnd {
  const counts = { '\n': 0, '\r\n': 0, '\r': 0 };
  for (const end of text.ends) if (end !== '') counts[end]++;
  if (counts['\r\n'] > counts['\n'] && counts['\r\n'] >= counts['\r']) return '\r\n';
  return counts['\r'] > counts['\n'] ? '\r' : '\n';
}

/** Model text with LF only, so that everything after the parser sees one line end. */
export function toLf(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Offset of every line's start, in UTF-16 units. */
export function lineOffsets(text: Lines): readonly number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (let i = 0; i < text.lines.length; i++) {
    offsets.push(offset);
    offset += (text.lines[i] ?? '').length + (text.ends[i] ?? '').length;
  }
  return offsets;
}

/** Offset of a position, clamped to its line and to the text as LSP asks. */
export function offsetOf(text: Lines, offsets: readonly number[], position: Position): number {
  if (position.line >= text.lines.length) {
    const last = text.lines.length - 1;
    return (offsets[last] ?? 0) + (text.lines[last] ?? '').length;
  }
  const line = Math.max(0, position.line);
  const length = (text.lines[line] ?? '').length;
  return (offsets[line] ?? 0) + Math.min(Math.max(0, position.character), length);
}

/** Applies edits that do not overlap, in any order; those at one place keep their order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const lines = splitLines(text);
  const offsets = lineOffsets(lines);
  const spans = edits
    .map(edit => ({
      start: offsetOf(lines, offsets, edit.range.start),
      end: offsetOf(lines, offsets, edit.range.end),
      text: edit.newText,
    }))
    .sort((a, b) => a.start - b.start || a.end - b.end);
  let result = '';
  let at = 0;
  for (const span of spans) {
    result += text.slice(at, span.start) + span.text;
    at = span.end;
  }
  return result + text.slice(at);
}
