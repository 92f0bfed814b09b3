/**
 * Edits made against one version of a text, moved to a later version of it. What was typed meanwhile always
 * survives; an edit whose own lines were touched is refused, never merged within a line. It must not know models.
 */
import type { Range, TextDocumentContentChangeEvent, TextEdit } from 'vscode-languageserver-textdocument';
import { diffLines, type LineHunk } from './diff.ts';
import { type Lines, splitLines } from './lines.ts';

/** `reason` is written for the person. `lines`: first lines of the edits that clash, zero-based, in the base. */
export type Rebased =
  | { readonly ok: true; readonly edits: readonly TextEdit[] }
  | { readonly ok: false; readonly reason: string; readonly lines: readonly number[] };

/** Beyond this many added and removed lines a text counts as rewritten, and nothing is rebased onto it. */
const MAX_DIFFERENCES = 600;

/**
 * Moves `edits`, made against `base`, to `current`. `changes`, if given, are the changes from `base` to `current`
 * as the editor reported them, and make the place of every line exact even among equal lines.
 */
export function rebase(
  base: string,
  edits: readonly TextEdit[],
  current: string,
  changes?: readonly TextDocumentContentChangeEvent[],
): Rebased {
  if (base === current) return { ok: true, edits };
  const before = splitLines(base);
  const after = splitLines(current);
  const reported = changes === undefined ? undefined : hunksOfChanges(changes, before, after);
  const hunks = reported ?? diffTexts(before, after);
  if (hunks === undefined) {
    return { ok: false, reason: 'The document was changed too much meanwhile. Ask again.', lines: [] };
  }
  const moved: TextEdit[] = [];
  const clashes: number[] = [];
  for (const edit of edits) {
    const delta = shiftOf(before, edit, hunks, reported === undefined ? after : undefined);
    if (delta === undefined) clashes.push(edit.range.start.line);
    else moved.push({ range: shifted(edit.range, delta), newText: edit.newText });
  }
  if (clashes.length === 0) return { ok: true, edits: moved };
  const line = (clashes[0] ?? 0) + 1;
  return {
    ok: false,
    reason: `You changed the same lines meanwhile (line ${line}), so nothing was applied. Ask again.`,
    lines: clashes,
  };
}

function shifted(range: Range, delta: number): Range {
  return {
    start: { line: range.start.line + delta, character: range.start.character },
    end: { line: range.end.line + delta, character: range.end.character },
  };
}

/** By how many lines an edit moves; undefined if a change touches the lines it was made against. */
function shiftOf(
  base: Lines,
  edit: TextEdit,
  hunks: readonly LineHunk[],
  ambiguousIn: Lines | undefined,
): number | undefined {
  const { start, end } = guarded(base, edit);
  let delta = 0;
  for (const hunk of hunks) {
    const reach = ambiguousIn === undefined ? hunk : slid(base, ambiguousIn, hunk);
    if (touches(reach.aStart, reach.aEnd, start, end)) return undefined;
    if (hunk.aEnd > start) break;
    delta += hunk.bEnd - hunk.bStart - (hunk.aEnd - hunk.aStart);
  }
  return delta;
}

/** Lines `from…to` of a change against lines `start…end` of an edit; an empty span is the gap before its line. */
function touches(from: number, to: number, start: number, end: number): boolean {
  if (from === to && start === end) return from === start;
  if (from === to) return from > start && from < end;
  if (start === end) return start > from && start < to;
  return from < end && to > start;
}

/**
 * The lines an edit was made against. Whole lines added at the start of a line guard only the gap; anything
 * else guards every line it touches.
 */
function guarded(base: Lines, edit: TextEdit): { readonly start: number; readonly end: number } {
  const { start, end } = edit.range;
  if (start.line === end.line && start.character === end.character) {
    if (start.character === 0 && /[\r\n]$/.test(edit.newText)) return { start: start.line, end: start.line };
    const atEnd = start.character >= (base.lines[start.line] ?? '').length;
    const isLast = start.line >= base.lines.length - 1;
    if (atEnd && isLast && /^[\r\n]/.test(edit.newText)) return { start: start.line, end: start.line + 1 };
  }
  const wholeLines = end.character === 0 && end.line > start.line;
  return { start: start.line, end: wholeLines ? end.line : end.line + 1 };
}

/**
 * Among equal lines a diff cannot tell which one was added or removed: everywhere such a change could as well
 * have been made counts as touched.
 */
function slid(base: Lines, current: Lines, hunk: LineHunk): { aStart: number; aEnd: number } {
  let { aStart, aEnd } = hunk;
  const added = hunk.aStart === hunk.aEnd;
  if (!added && hunk.bStart !== hunk.bEnd) return hunk;
  const lines = added ? current.lines : base.lines;
  let first = added ? hunk.bStart : hunk.aStart;
  let last = added ? hunk.bEnd : hunk.aEnd;
  const { start, end } = { start: first, end: last };
  while (first > 0 && lines[first - 1] === lines[last - 1]) {
    first--;
    last--;
  }
  aStart -= start - first;
  first = start;
  last = end;
  while (last < lines.length && lines[first] === lines[last]) {
    first++;
    last++;
  }
  aEnd += last - end;
  return { aStart, aEnd };
}

function diffTexts(before: Lines, after: Lines): readonly LineHunk[] | undefined {
  return diffLines(withEnds(before), withEnds(after), MAX_DIFFERENCES);
}

function withEnds(text: Lines): readonly string[] {
  return text.lines.map((line, i) => line + (text.ends[i] ?? ''));
}

/** The editor's changes as hunks of whole lines; undefined if one of them replaced the whole text. */
function hunksOfChanges(
  changes: readonly TextDocumentContentChangeEvent[],
  before: Lines,
  after: Lines,
): readonly LineHunk[] | undefined {
  let hunks: readonly LineHunk[] = [];
  for (const change of changes) {
    if (!('range' in change)) return undefined;
    const { start, end } = change.range;
    if (end.line < start.line) return undefined;
    const added = splitLines(change.text).lines.length;
    hunks = compose(hunks, start.line, end.line + 1, start.line + added);
  }
  const total = hunks.reduce((sum, hunk) => sum + hunk.bEnd - hunk.bStart - (hunk.aEnd - hunk.aStart), 0);
  // Reports that do not lead from one text to the other are worth nothing.
  if (before.lines.length + total !== after.lines.length) return undefined;
  return trimmed(hunks, withEnds(before), withEnds(after));
}

/** Adds the change of lines `from…to` of the present text into `from…newTo` to hunks that lead to that text. */
function compose(hunks: readonly LineHunk[], from: number, to: number, newTo: number): readonly LineHunk[] {
  const growth = newTo - to;
  const earlier: LineHunk[] = [];
  const later: LineHunk[] = [];
  let bStart = from;
  let bEnd = to;
  let aStart: number | undefined;
  let aEnd: number | undefined;
  let deltaBefore = 0;
  for (const hunk of hunks) {
    const delta = hunk.bEnd - hunk.bStart - (hunk.aEnd - hunk.aStart);
    if (hunk.bEnd < from) {
      earlier.push(hunk);
      deltaBefore += delta;
    } else if (hunk.bStart > to) {
      later.push({ ...hunk, bStart: hunk.bStart + growth, bEnd: hunk.bEnd + growth });
    } else {
      aStart ??= Math.min(hunk.aStart, hunk.aStart - (hunk.bStart - from));
      aEnd = Math.max(hunk.aEnd, hunk.aEnd + (to - hunk.bEnd));
      bStart = Math.min(bStart, hunk.bStart);
      bEnd = Math.max(bEnd, hunk.bEnd);
    }
  }
  aStart ??= from - deltaBefore;
  aEnd ??= to - deltaBefore;
  return [...earlier, { aStart, aEnd, bStart, bEnd: bEnd + growth }, ...later];
}

/** Hunks without the lines at their edges that are the same in both texts. */
function trimmed(
  hunks: readonly LineHunk[],
  a: readonly string[],
  b: readonly string[],
): readonly LineHunk[] {
  const kept: LineHunk[] = [];
  for (const hunk of hunks) {
    const inner = diffLines(
      a.slice(hunk.aStart, hunk.aEnd),
      b.slice(hunk.bStart, hunk.bEnd),
      MAX_DIFFERENCES,
    );
    if (inner === undefined) kept.push(hunk);
    for (const part of inner ?? []) {
      kept.push({
        aStart: hunk.aStart + part.aStart,
        aEnd: hunk.aStart + part.aEnd,
        bStart: hunk.bStart + part.bStart,
        bEnd: hunk.bStart + part.bEnd,
      });
    }
  }
  return kept;
}
