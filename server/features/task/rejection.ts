/**
 * Why a person rejects a plan or a result, or accepts a finding: typed in place, behind a mark that the first try puts into the document.
 * Pure; it must not know what becomes of the reason.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { findSection } from '../../agent/document/task.ts';
import { contentLength } from '../../base/text.ts';
import { append } from '../../documents/edit.ts';
import { parseMarkdown, startOf } from '../../documents/markdown.ts';

type Mark = 'reject' | 'accept';

export interface Rejection {
  readonly line: number;
  /** Empty: to be typed still. */
  readonly reason: string;
}

/** The mark in a section, if it is there. */
export function rejectionIn(
  text: string,
  section: 'Plan' | 'Evidence',
  mark: Mark = 'reject',
): Rejection | undefined {
  const pattern = mark === 'reject' ? /^> reject:[ \t]*(.*)$/ : /^> accept:[ \t]*(.*)$/;
  const document = parseMarkdown(text);
  const found = findSection(document, section);
  if (found === undefined) return undefined;
  for (let line = found.first + 1; line < found.end; line++) {
    const raw = document.lines[line] ?? '';
    const match = pattern.exec(raw.slice(0, contentLength(raw)));
    if (match) return { line, reason: (match[1] ?? '').trim() };
  }
  return undefined;
}

/** Puts an empty mark at the end of a section, to be filled in. */
export function markRejection(
  text: string,
  section: 'Plan' | 'Evidence',
  mark: Mark = 'reject',
): readonly TextEdit[] {
  const document = parseMarkdown(text);
  const found = findSection(document, section);
  const line = `> ${mark}: `;
  return [append(document, found === undefined ? `## ${section}\n\n${line}` : line, found)];
}

/** Takes the mark away again. */
export function unmarkRejection(text: string, { line }: Rejection): readonly TextEdit[] {
  const document = parseMarkdown(text);
  const blank = (at: number): boolean => (document.lines[at] ?? 'end').trim() === '';
  // The blank line that set it off goes with it.
  const first = blank(line - 1) && blank(line + 1) ? line - 1 : line;
  return [{ range: { start: startOf(document, first), end: startOf(document, line + 1) }, newText: '' }];
}
