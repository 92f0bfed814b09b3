/** From the lines and columns of tools to ranges as LSP has them. It must not know tools. */
import type { Range } from 'vscode-languageserver-textdocument';
import type { ColumnUnit, Report, ReportedPlace } from './check.ts';

const TAB_WIDTH = 8;

/** Index in UTF-16 units of a column counted from zero in another unit; clamped to the line, never inside a character. */
export function columnIn(line: string, column: number, unit: ColumnUnit): number {
  if (unit === 'utf16') return Math.min(Math.max(0, column), line.length);
  let passed = 0;
  let index = 0;
  for (const character of line) {
    if (passed >= column) break;
    passed += widthOf(character, unit, passed);
    // A column inside a character means the character.
    if (passed > column) break;
    index += character.length;
  }
  return index;
}

function widthOf(character: string, unit: ColumnUnit, passed: number): number {
  const code = character.codePointAt(0) as number;
  if (unit === 'utf8') return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  if (unit === 'display') return character === '\t' ? TAB_WIDTH - (passed % TAB_WIDTH) : isWide(code) ? 2 : 1;
  return 1;
}

/** East Asian wide characters and emoji, roughly as terminals have them. */
function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1f64f) ||
    (code >= 0x1f900 && code <= 0x1f9ff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}

/**
 * The range of a report in a text given by its lines, without line ends. A report without an end marks the word at
 * its beginning; one without a column marks what stands in the line. What is beyond the text is clamped.
 */
export function rangeOf(report: Pick<Report, 'start' | 'end' | 'unit'>, lines: readonly string[]): Range {
  const { start, end, unit } = report;
  const first = clampLine(start.line, lines);
  const text = lines[first] ?? '';
  if (start.column === undefined) {
    const indent = text.length - text.trimStart().length;
    return range(first, indent, first, Math.max(indent, text.trimEnd().length));
  }
  const from = columnIn(text, start.column, unit);
  const to = end === undefined ? undefined : placeIn(end, lines, unit);
  if (to !== undefined && (to.line > first || (to.line === first && to.character > from)))
    return range(first, from, to.line, to.character);
  return range(first, from, first, wordEnd(text, from));
}

function placeIn({ line, column }: ReportedPlace, lines: readonly string[], unit: ColumnUnit) {
  const at = clampLine(line, lines);
  const text = lines[at] ?? '';
  return { line: at, character: column === undefined ? text.length : columnIn(text, column, unit) };
}

function wordEnd(line: string, from: number): number {
  const shown = /^(?:[\p{L}\p{N}_$]+|.)/u.exec(line.slice(from))?.[0] ?? '';
  return from + shown.length;
}

function clampLine(line: number, lines: readonly string[]): number {
  return Math.min(Math.max(0, line), Math.max(0, lines.length - 1));
}

function range(line: number, character: number, endLine: number, endCharacter: number): Range {
  return { start: { line, character }, end: { line: endLine, character: endCharacter } };
}
