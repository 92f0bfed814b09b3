/** Cuts what is to be reviewed into pieces that fit a request. Pure; it must not know who reads them. */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../../base/document.ts';

/** Ranges of whole lines of at most `units` UTF-16 units (a longer line is one by itself), in order. */
export function windowsOf(
  document: Pick<Document, 'lineAt' | 'lineCount'>,
  range: Range,
  units: number,
): readonly Range[] {
  const windows: Range[] = [];
  const last = Math.min(range.end.line, document.lineCount - 1);
  let first = range.start.line;
  let size = 0;
  for (let line = first; line <= last; line++) {
    const length = document.lineAt(line).length + 1;
    if (size > 0 && size + length > units) {
      windows.push(lines(document, first, line - 1));
      first = line;
      size = 0;
    }
    size += length;
  }
  if (first <= last) windows.push(lines(document, first, last));
  return windows;
}

function lines(document: Pick<Document, 'lineAt'>, first: number, last: number): Range {
  return {
    start: { line: first, character: 0 },
    end: { line: last, character: document.lineAt(last).length },
  };
}
