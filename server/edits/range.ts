/**
 * A code block that replaces a given range: brought to the indentation of its place and turned into the smallest
 * edits. It must not know where the range came from.
 */
import type { Range, TextEdit } from 'vscode-languageserver-textdocument';
import { indentOf } from './indent.ts';
import { countedLines, dominantEnd, splitLines } from './lines.ts';
import { replaceLines } from './locate.ts';

/** The edits, and both texts of the range for the check of what was lost. */
export interface RangeEdit {
  readonly edits: readonly TextEdit[];
  readonly before: string;
  readonly after: string;
}

export function replaceRange(text: string, range: Range, replacement: readonly string[]): RangeEdit {
  const document = splitLines(text);
  const first = document.lines[range.start.line] ?? '';
  const last = document.lines[range.end.line] ?? '';
  const fresh = withoutBlankEdges(replacement);
  const after = fresh.join('\n');
  const endsAtStart = range.end.character === 0 && range.end.line > range.start.line;
  const wholeLines =
    first.slice(0, range.start.character).trim() === '' &&
    (endsAtStart || last.slice(range.end.character).trim() === '');
  if (!wholeLines) {
    const edit: TextEdit = { range, newText: fresh.join(dominantEnd(document)) };
    return { edits: [edit], before: '', after };
  }
  const count = countedLines(document);
  const start = Math.min(range.start.line, count);
  const end = Math.min(endsAtStart ? range.end.line : range.end.line + 1, count);
  const old = document.lines.slice(start, Math.max(start, end));
  const lines = indentedLike(old, fresh);
  return {
    edits: replaceLines(text, start, Math.max(start, end), lines),
    before: old.join('\n'),
    after,
  };
}

function withoutBlankEdges(lines: readonly string[]): readonly string[] {
  const from = lines.findIndex(line => line.trim() !== '');
  return from === -1 ? [] : lines.slice(from, lines.findLastIndex(line => line.trim() !== '') + 1);
}

/** Models drop the indentation of a whole block, or of its first line only. */
function indentedLike(old: readonly string[], fresh: readonly string[]): readonly string[] {
  const wanted = indentOf(old.find(line => line.trim() !== '') ?? '');
  const given = indentOf(fresh[0] ?? '');
  if (wanted === given || fresh.length === 0 || old.every(line => line.trim() === '')) return fresh;
  const oldRest = leastIndent(old.slice(old.findIndex(line => line.trim() !== '') + 1));
  const freshRest = leastIndent(fresh.slice(1));
  if (freshRest !== undefined && freshRest === oldRest) {
    return [wanted + (fresh[0] ?? '').trimStart(), ...fresh.slice(1)];
  }
  if (wanted.endsWith(given)) {
    const prefix = wanted.slice(0, wanted.length - given.length);
    return fresh.map(line => (line.trim() === '' ? line : prefix + line));
  }
  if (given.endsWith(wanted)) {
    const prefix = given.slice(0, given.length - wanted.length);
    const all = fresh.every(line => line.trim() === '' || line.startsWith(prefix));
    return all ? fresh.map(line => (line.trim() === '' ? '' : line.slice(prefix.length))) : fresh;
  }
  return fresh;
}

function leastIndent(lines: readonly string[]): string | undefined {
  let least: string | undefined;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const indent = indentOf(line);
    if (least === undefined || indent.length < least.length) least = indent;
  }
  return least;
}
