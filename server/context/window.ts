/**
 * The part of a document around a place, cut at whole lines and redacted before it is cut: text beyond both ends is
 * scanned with it, so that no secret can slip through in halves. It must not know what the window is for.
 */
import type { Range } from 'vscode-languageserver-textdocument';
import type { Document } from '../base/document.ts';
import { snapToCodePoint } from '../base/text.ts';
import type { Redacted } from '../guard/redacted.ts';
import type { Redactor } from '../guard/redaction.ts';

/** How far beyond its ends a window is scanned for secrets: the length of the usual private keys. */
const MARGIN = 3_500;
/** A window never has more lines than this on one side. */
const MAX_LINES = 2_000;

export interface Window {
  readonly before: Redacted;
  /** The text of the range itself; empty for a cursor. */
  readonly inside: Redacted;
  readonly after: Redacted;
  /** Lines of the document that are left out on each side. */
  readonly linesBefore: number;
  readonly linesAfter: number;
}

/** Sizes in UTF-16 units: at most `before` units before the range and `after` behind it; room one side leaves goes to the other. */
export function windowAround(
  document: Document,
  range: Range,
  size: { readonly before: number; readonly after: number },
  redactor: Pick<Redactor, 'redactParts'>,
): Window {
  const start = document.offsetAt(range.start);
  const end = Math.max(start, document.offsetAt(range.end));
  const rest = document.length - end;
  const before = Math.min(start, size.before + Math.max(0, size.after - rest));
  const after = Math.min(rest, size.after + Math.max(0, size.before - start));
  const from = startOfWindow(document, start, before);
  return windowFrom(document, from, range, after, redactor);
}

/** The window that starts at the offset `from`, wherever the range is behind it; at most `after` units follow. */
export function windowFrom(
  document: Document,
  from: number,
  range: Range,
  after: number,
  redactor: Pick<Redactor, 'redactParts'>,
): Window {
  const start = document.offsetAt(range.start);
  const end = Math.max(start, document.offsetAt(range.end));
  // Through positions, so that no cut falls between CR and LF.
  const first = document.offsetAt(document.positionAt(Math.min(from, start)));
  const to = document.offsetAt(document.positionAt(endOfWindow(document, end, after)));
  const [before, inside, behind] = redactBetween(document, [first, start, end, to], redactor);
  if (before === undefined || inside === undefined || behind === undefined) {
    throw new RangeError('redactParts gave fewer parts than cuts');
  }
  return {
    before,
    inside,
    after: behind,
    linesBefore: document.positionAt(first).line,
    linesAfter: document.lineCount - 1 - document.positionAt(to).line,
  };
}

/** The texts between ascending offsets, redacted with what stands around all of them. One part less than offsets. */
export function redactBetween(
  document: Document,
  offsets: readonly number[],
  redactor: Pick<Redactor, 'redactParts'>,
): readonly Redacted[] {
  const scan = {
    start: document.positionAt(Math.max(0, (offsets[0] ?? 0) - MARGIN)),
    end: document.positionAt(Math.min(document.length, (offsets.at(-1) ?? 0) + MARGIN)),
  };
  const text = document.getText(scan);
  const origin = document.offsetAt(scan.start);
  const cuts = offsets.map(offset => snapToCodePoint(text, offset - origin));
  return redactor.redactParts(text, cuts).slice(1, -1);
}

/** Offset at most `size` before `start`: the start of a line, or within a line that is longer than all of it. */
export function startOfWindow(document: Document, start: number, size: number): number {
  const earliest = start - size;
  if (earliest <= 0 && document.positionAt(start).line <= MAX_LINES) return 0;
  const line = Math.max(
    document.positionAt(Math.max(0, earliest)).line,
    document.positionAt(start).line - MAX_LINES,
  );
  const lineStart = document.offsetAt({ line, character: 0 });
  if (lineStart >= earliest) return lineStart;
  const next = document.offsetAt({ line: line + 1, character: 0 });
  return next <= start && line + 1 < document.lineCount ? next : earliest;
}

function endOfWindow(document: Document, end: number, size: number): number {
  const latest = end + size;
  const endLine = document.positionAt(end).line;
  if (latest >= document.length && document.lineCount - endLine <= MAX_LINES) return document.length;
  const line = Math.min(document.positionAt(latest).line, endLine + MAX_LINES);
  const lineStart = document.offsetAt({ line, character: 0 });
  return lineStart > end && lineStart <= latest ? lineStart : Math.min(latest, document.length);
}
