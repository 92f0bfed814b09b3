/** Where a range is after a change of the text around it. Pure; it must not know what the range is for. */
import type { Position, Range } from 'vscode-languageserver-textdocument';

/** A change of the protocol; without a range the whole text is new. */
export interface TextChange {
  readonly range?: Range;
  readonly text: string;
}

/**
 * The range moved by a change elsewhere; undefined if a line of it was edited. Typing before the first character of
 * the first line, or behind the last, counts as elsewhere only if it adds whole lines.
 */
export function moveThrough(range: Range, change: TextChange): Range | undefined {
  if (!change.range) return undefined;
  const { start, end } = change.range;
  const added = change.text.split(/\r\n|\r|\n/);
  if (start.line > range.end.line) return range;
  // Behind it on its last line, only a line break leaves its line as it was read.
  const inserts = start.line === end.line && start.character === end.character;
  if (inserts && start.line === range.end.line && start.character >= range.end.character)
    return /^[\r\n]/.test(change.text) ? range : undefined;
  const isAbove = end.line < range.start.line;
  const endsAtLine = end.line === range.start.line && end.character === 0 && added.at(-1) === '';
  if (!isAbove && !(endsAtLine && (added.length > 1 || start.character === 0))) return undefined;
  const lines = added.length - 1 - (end.line - start.line);
  const move = ({ line, character }: Position): Position => ({ line: line + lines, character });
  return { start: move(range.start), end: move(range.end) };
}
