/**
 * What of a formatter's whole text belongs to an edit: the hunks that touch what was edited, and nothing else of the
 * file. Pure; it must not know formatters.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { splitLines as splitWithEnds } from '../../base/text.ts';
import { diffLines, type LineHunk } from '../../edits/diff.ts';
import { indentedAs } from '../../edits/indent.ts';
import { dominantEnd, splitLines, toLf } from '../../edits/lines.ts';

/** Lines `start…end` of a text, `end` excluded. */
interface Lines {
  readonly start: number;
  readonly end: number;
}

/** `after` with those hunks of `formatted` that touch what differs from `before`; undefined where too much differs. */
export function takeFormatted(before: string, after: string, formatted: string): string | undefined {
  // Of a new file all was written.
  if (before.trim() === '') return toLf(formatted).replaceAll('\n', dominantEnd(splitLines(after)));
  const written = editedLines(before, after);
  const hunks = diffLines(splitLines(after).lines, splitLines(formatted).lines);
  if (!written || !hunks) return undefined;
  const taken = hunks.filter(hunk => written.some(lines => touches(hunk, lines)));
  const fresh = splitLines(formatted).lines;
  return replaced(after, taken, ({ bStart, bEnd }) => fresh.slice(bStart, bEnd));
}

/**
 * `after` with what was edited written as the rest of `before` is: its kind of indentation, and no blanks at line
 * ends where it has none.
 */
export function tidied(before: string, after: string): string {
  const written = editedLines(before, after);
  if (!written) return after;
  const old = splitLines(before).lines;
  const isTrimmed = old.length >= LEAST_LINES && !old.some(line => /[ \t]$/.test(line));
  const now = splitLines(after).lines;
  const hunks = written.map(({ start, end }) => ({ aStart: start, aEnd: end, bStart: start, bEnd: end }));
  return replaced(after, hunks, ({ aStart, aEnd }) =>
    indentedAs(old, now.slice(aStart, aEnd)).map(line => (isTrimmed ? line.replace(/[ \t]+$/, '') : line)),
  );
}

/** Fewer lines than this are no style. */
const LEAST_LINES = 5;

/** The edits of whole lines that make one text of another; undefined where too much differs. */
export function editsBetween(before: string, after: string): readonly TextEdit[] | undefined {
  const [old, fresh] = [splitWithEnds(before), splitWithEnds(after)];
  return diffLines(old, fresh)?.map(({ aStart, aEnd, bStart, bEnd }) => ({
    range: { start: { line: aStart, character: 0 }, end: lineStart(old, aEnd) },
    newText: fresh.slice(bStart, bEnd).join(''),
  }));
}

/** The start of a line, or the end of the text behind its last one. */
function lineStart(lines: readonly string[], line: number): { line: number; character: number } {
  if (line < lines.length) return { line, character: 0 };
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** Lines of `after` that differ from `before`. */
function editedLines(before: string, after: string): readonly Lines[] | undefined {
  return diffLines(splitLines(before).lines, splitLines(after).lines)?.map(({ bStart, bEnd }) => ({
    start: bStart,
    end: bEnd,
  }));
}

/** An insertion touches the lines on both of its sides; what was only deleted is touched by nothing. */
function touches({ aStart, aEnd }: LineHunk, { start, end }: Lines): boolean {
  if (start === end) return false;
  return aStart === aEnd ? aStart >= start && aStart <= end : aStart < end && aEnd > start;
}

/** The text with hunks replaced by other lines, which end as the text's lines do. */
function replaced(
  text: string,
  hunks: readonly LineHunk[],
  by: (hunk: LineHunk) => readonly string[],
): string {
  const all = splitLines(text);
  const end = dominantEnd(all);
  let result = '';
  let at = 0;
  const copy = (to: number) => {
    for (; at < to; at++) result += (all.lines[at] ?? '') + (all.ends[at] ?? '');
  };
  for (const hunk of hunks) {
    copy(hunk.aStart);
    const lines = by(hunk);
    const isLast = hunk.aEnd === all.lines.length;
    // Lines behind the last one need its end first.
    if (hunk.aStart === hunk.aEnd && isLast && lines.length > 0) result += end;
    result += lines
      .map((line, i) => line + (isLast && i === lines.length - 1 ? '' : endAt(hunk, i)))
      .join('');
    at = hunk.aEnd;
  }
  copy(all.lines.length);
  return result;

  function endAt({ aStart, aEnd }: LineHunk, index: number): string {
    const own = aStart + index < aEnd ? all.ends[aStart + index] : undefined;
    return own || end;
  }
}
