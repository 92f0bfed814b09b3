/**
 * What takes a change back: the exact inverse of edits, moved over whatever was typed since. Pure; it must not know
 * where changes are kept or how they are applied.
 */
import { TextDocument, type TextEdit } from 'vscode-languageserver-textdocument';
import type { AppliedChange } from '../../base/document.ts';
import { diffLines } from '../../edits/diff.ts';
import { splitLines } from '../../edits/lines.ts';
import { rebase } from '../../edits/rebase.ts';

/** A text with edits applied, and the edits of the result that lead back to the text, byte by byte. */
export interface Inverted {
  readonly after: string;
  readonly inverse: readonly TextEdit[];
}

/** A place where the change and the person met: three readings of the same lines. */
export interface Conflict {
  /** First line in the present text, from zero. */
  readonly line: number;
  /** What the change had left there. */
  readonly left: string;
  /** What is there now. */
  readonly now: string;
  /** What taking the change back would put there. */
  readonly wanted: string;
}

export type TakenBack =
  | { readonly ok: true; readonly edits: readonly TextEdit[] }
  | { readonly ok: false; readonly conflicts: readonly Conflict[] };

/** Beyond this many added and removed lines places are not followed; then the conflict has no place of its own. */
const MAX_DIFFERENCES = 600;

/** Applies edits that do not overlap, as LSP orders them, and gives their inverse. Throws where edits overlap. */
export function invert(before: string, edits: readonly TextEdit[]): Inverted {
  const old = TextDocument.create('', '', 0, before);
  const after = TextDocument.applyEdits(old, [...edits]);
  const spans = edits
    .map(({ range, newText }) => {
      const [a, b] = [old.offsetAt(range.start), old.offsetAt(range.end)];
      return { start: Math.min(a, b), end: Math.max(a, b), newText };
    })
    .sort((a, b) => a.start - b.start);
  const now = TextDocument.create('', '', 0, after);
  let delta = 0;
  const inverse = spans.map(({ start, end, newText }): TextEdit => {
    const at = start + delta;
    delta += newText.length - (end - start);
    const range = { start: now.positionAt(at), end: now.positionAt(at + newText.length) };
    return { range, newText: before.slice(start, end) };
  });
  // A place between \r and \n has no position of its own: then the whole text is put back.
  if (TextDocument.applyEdits(now, [...inverse]) === before) return { after, inverse };
  return { after, inverse: [wholeText(after, before)] };
}

/** One edit that makes `to` of `from`. */
function wholeText(from: string, to: string): TextEdit {
  const document = TextDocument.create('', '', 0, from);
  return { range: { start: { line: 0, character: 0 }, end: document.positionAt(from.length) }, newText: to };
}

/**
 * The edits of `current` that take back `edits`, which were made to `before`. `changes`, if known, lead from the
 * result of those edits to `current`; without them places among equal lines count as touched.
 */
export function takeBack(
  before: string,
  edits: readonly TextEdit[],
  current: string,
  changes?: readonly AppliedChange[],
): TakenBack {
  const { after, inverse } = invert(before, edits);
  const moved = rebase(after, inverse, current, changes);
  if (moved.ok) return { ok: true, edits: moved.edits };
  const clashing =
    moved.lines.length > 0
      ? inverse.filter(({ range }) => moved.lines.includes(range.start.line))
      : [wholeText(after, before)];
  return { ok: false, conflicts: clashing.map(edit => conflictAt(after, edit, current)) };
}

function conflictAt(after: string, edit: TextEdit, current: string): Conflict {
  const [left, now] = [linesOf(after), linesOf(current)];
  const first = edit.range.start.line;
  const { start, end } = edit.range;
  const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  const hunks = diffLines(left, now, MAX_DIFFERENCES) ?? [
    { aStart: 0, aEnd: left.length, bStart: 0, bEnd: now.length },
  ];
  const [from, to] = [followed(first, hunks, 'start'), followed(last, hunks, 'end')];
  const inner = left.slice(first, Math.max(last, end.line + 1));
  const lines = TextDocument.create('', '', 0, inner.join(''));
  const relative = {
    start: { line: 0, character: edit.range.start.character },
    end: { line: edit.range.end.line - first, character: edit.range.end.character },
  };
  const wanted = TextDocument.applyEdits(lines, [{ range: relative, newText: edit.newText }]);
  return {
    line: from,
    left: left.slice(first, last).join(''),
    now: now.slice(from, to).join(''),
    wanted: wanted.slice(0, wanted.length - left.slice(last, end.line + 1).join('').length),
  };
}

/** Where a line of the first text is in the second; inside a hunk, the hunk's own start or end. */
function followed(
  line: number,
  hunks: readonly { aStart: number; aEnd: number; bStart: number; bEnd: number }[],
  side: 'start' | 'end',
): number {
  let delta = 0;
  for (const { aStart, aEnd, bStart, bEnd } of hunks) {
    if (line < aStart || (line === aStart && side === 'start' && aStart === aEnd)) break;
    if (line === aStart && side === 'end' && aStart !== aEnd) break;
    if (line < aEnd || (line === aStart && side === 'start')) return side === 'start' ? bStart : bEnd;
    delta = bEnd - aEnd;
  }
  return line + delta;
}

/** Lines with their ends. */
function linesOf(text: string): string[] {
  const { lines, ends } = splitLines(text);
  return lines.map((line, i) => line + (ends[i] ?? ''));
}
