/**
 * What checkers said, kept in step with the text: problems move with lines above them, and one whose line was
 * changed is not shown. It must not know checkers.
 */
import type { Document } from '../../base/document.ts';
import type { CheckProblem } from './types.ts';

export interface Kept {
  /** Of which run: that of the same check and scope replaces it. */
  readonly check: string;
  readonly problem: CheckProblem;
  /** The line it begins in, as the checker saw it. */
  readonly line: string;
  /** The document as it was then, where it was open. */
  readonly seen?: { readonly document: Document; readonly version: number };
}

/** The problems that still hold for a document, where they are now. */
export function current(kept: readonly Kept[], document: Document | undefined): readonly CheckProblem[] {
  if (!document) return kept.map(({ problem }) => problem);
  return kept.flatMap(({ problem, line, seen }) => {
    const shift = seen?.document === document ? shiftOf(problem.range.start.line, document, seen.version) : 0;
    const now = problem.range.start.line + shift;
    if (now < 0 || now >= document.lineCount || document.lineAt(now) !== line) return [];
    if (shift === 0) return [problem];
    const { start, end } = problem.range;
    return [
      { ...problem, range: { start: { ...start, line: now }, end: { ...end, line: end.line + shift } } },
    ];
  });
}

/** By how many lines a line has moved since a version; whether it is still the same line is told by its text. */
function shiftOf(line: number, document: Document, version: number): number {
  let now = line;
  for (const { range, text } of document.changesSince(version) ?? []) {
    const { start, end } = range;
    const isAbove = end.line < now || (end.line === now && end.character === 0);
    if (isAbove) now += text.split(/\r\n|\r|\n/).length - 1 - (end.line - start.line);
  }
  return now - line;
}
