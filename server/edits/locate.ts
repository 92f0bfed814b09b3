/**
 * Proposed edits → text edits in the text the model saw. Every block must stand there exactly once, blocks must not
 * touch each other's lines, and only lines that differ are replaced; all other bytes stay as they are. It must not
 * know replies, engines or documents of the editor.
 */
import type { Position, TextEdit } from 'vscode-languageserver-textdocument';
import { diffLines, type LineHunk } from './diff.ts';
import { indentedAs } from './indent.ts';
import { countedLines, dominantEnd, type LineEnd, type Lines, splitLines } from './lines.ts';
import type { Anchor } from './match.ts';
import { nearestBlock } from './nearest.ts';
import { findPlace } from './place.ts';
import type { ProposedEdit, Reading } from './proposed.ts';

export type LocateFailure = 'not-found' | 'ambiguous' | 'overlap' | 'no-change' | 'empty-search';

/** `retry` is written for the model and quotes the document: it must be redacted before it is sent. */
export type Located =
  | { readonly ok: true; readonly edits: readonly TextEdit[] }
  | { readonly ok: false; readonly code: LocateFailure; readonly retry: string };

/** Lines `start…end` of the document become `lines`; the block's anchor is `anchorStart…anchorEnd`. */
interface Hunk {
  readonly start: number;
  readonly end: number;
  readonly lines: readonly string[];
  readonly anchorStart: number;
  readonly anchorEnd: number;
  readonly block: number;
}

/** Finds all blocks for one document; `name` is how messages call it. All or none. */
export function locate(text: string, proposed: readonly ProposedEdit[], name: string): Located {
  // A byte order mark is no part of the first line that a model could know of.
  if (text.startsWith('\uFEFF')) {
    const located = locate(text.slice(1), proposed, name);
    return located.ok ? { ok: true, edits: located.edits.map(behindMark) } : located;
  }
  const document = splitLines(text);
  const hunks: Hunk[] = [];
  for (const [block, edit] of proposed.entries()) {
    const found = locateOne(document, edit, block, name);
    if ('retry' in found) return found;
    hunks.push(...found.hunks);
  }
  if (hunks.length === 0) {
    return {
      ok: false,
      code: 'no-change',
      retry: `The edit changes nothing in ${name}: the new lines are the old ones. Send blocks that make the change.`,
    };
  }
  const clash = overlap(hunks);
  if (clash !== undefined) {
    return {
      ok: false,
      code: 'overlap',
      retry: `Blocks ${clash[0] + 1} and ${clash[1] + 1} change the same lines of ${name}. Put them into one block.`,
    };
  }
  const end = dominantEnd(document);
  return { ok: true, edits: joinTouching(hunks).map(hunk => toTextEdit(document, hunk, end)) };
}

function behindMark({ range, newText }: TextEdit): TextEdit {
  const moved = ({ line, character }: Position) => ({
    line,
    character: line === 0 ? character + 1 : character,
  });
  return { range: { start: moved(range.start), end: moved(range.end) }, newText };
}

/** Rewrites whole lines `start…end` (zero-based, end excluded), touching only those that differ. */
export function replaceLines(
  text: string,
  start: number,
  end: number,
  lines: readonly string[],
): readonly TextEdit[] {
  const document = splitLines(text);
  const anchor: Anchor = {
    start,
    search: document.lines.slice(start, end),
    replace: lines,
    rewrite: line => line,
  };
  const dominant = dominantEnd(document);
  return joinTouching(hunksOf(document, anchor, 0)).map(hunk => toTextEdit(document, hunk, dominant));
}

type Failure = Extract<Located, { ok: false }>;

function locateOne(
  document: Lines,
  edit: ProposedEdit,
  block: number,
  name: string,
): { readonly hunks: readonly Hunk[] } | Failure {
  const label = `block ${block + 1}`;
  if (edit.whole === true) return { hunks: rewritten(document, edit.readings[0].replace, block) };
  const place = findPlace(document, edit);
  if (place.kind === 'one') return { hunks: hunksOf(document, place.anchor, block) };
  const blank = edit.readings.find(reading => isBlank(reading.search));
  if (blank !== undefined && place.kind === 'none') {
    if (isBlank(document.lines)) {
      return { hunks: isBlank(blank.replace) ? [] : rewritten(document, blank.replace, block) };
    }
    return {
      ok: false,
      code: 'empty-search',
      retry: `The old text of ${label} is empty, but ${name} has text. Put the lines next to the change into it.`,
    };
  }
  const several = place.kind === 'several' ? place.starts : undefined;
  if (several !== undefined) {
    const shown = several.slice(0, 5).map(start => start + 1);
    const more = several.length > shown.length ? ' and more' : '';
    return {
      ok: false,
      code: 'ambiguous',
      retry: `The old text of ${label} stands ${several.length} times in ${name} (lines ${shown.join(', ')}${more}). Add neighbouring lines so that it stands there once.`,
    };
  }
  return notFound(document, edit.readings[0], label, name);
}

function notFound(document: Lines, reading: Reading, label: string, name: string): Failure {
  const nearest = nearestBlock(document, reading.search);
  const start = reading.search.slice(0, 6).join('\n').slice(0, 600);
  const hint =
    nearest === undefined ? 'Nothing like it is there.' : `The nearest lines of the file are:\n${nearest}\n`;
  return {
    ok: false,
    code: 'not-found',
    retry: `The old text of ${label} is not in ${name}. It begins:\n${start}\n${hint}\nCopy whole lines of the file exactly, without leaving any out.`,
  };
}

/** A new text for all lines, in the document's own indentation. */
function rewritten(document: Lines, lines: readonly string[], block: number): readonly Hunk[] {
  const count = countedLines(document);
  const search = document.lines.slice(0, count);
  const replace = indentedAs(search, endedLike(search, lines));
  const all = { start: 0, end: count, lines: replace, anchorStart: 0, anchorEnd: count, block };
  if (isBlank(search)) return isBlank(replace) ? [] : [all];
  return hunksOf(document, { start: 0, search, replace, rewrite: line => line }, block);
}

/** The empty lines at the end are the document's: models neither see nor write them reliably. */
function endedLike(document: readonly string[], lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex(line => line.trim() !== '');
  return [
    ...lines.slice(0, last + 1),
    ...document.slice(document.findLastIndex(line => line.trim() !== '') + 1),
  ];
}

function isBlank(lines: readonly string[]): boolean {
  return lines.every(line => line.trim() === '');
}

/** The lines that really differ, so that everything between them keeps its bytes. */
function hunksOf(document: Lines, anchor: Anchor, block: number): readonly Hunk[] {
  const { search, replace, start } = anchor;
  const whole: LineHunk = { aStart: 0, aEnd: search.length, bStart: 0, bEnd: replace.length };
  const hunks: Hunk[] = [];
  for (const part of diffLines(search, replace) ?? [whole]) {
    const lines = replace.slice(part.bStart, part.bEnd).map(line => anchor.rewrite(line) ?? line);
    const before = document.lines.slice(start + part.aStart, start + part.aEnd);
    if (lines.length === before.length && lines.every((line, i) => line === before[i])) continue;
    hunks.push({
      start: start + part.aStart,
      end: start + part.aEnd,
      lines,
      anchorStart: start,
      anchorEnd: start + search.length,
      block,
    });
  }
  return hunks;
}

/** Two blocks of which one changes a line that the other changes or relies on; undefined if there are none. */
function overlap(hunks: readonly Hunk[]): readonly [number, number] | undefined {
  const sorted = [...hunks].sort((a, b) => a.anchorStart - b.anchorStart);
  for (const [i, a] of sorted.entries()) {
    for (let j = i + 1; j < sorted.length; j++) {
      const b = sorted[j];
      if (b === undefined || b.anchorStart > a.anchorEnd) break;
      if (a.block === b.block) continue;
      const sameGap = a.start === a.end && b.start === b.end && a.start === b.start;
      if (sameGap || changesWithin(a, b) || changesWithin(b, a))
        return [Math.min(a.block, b.block), Math.max(a.block, b.block)];
    }
  }
  return undefined;
}

function changesWithin(change: Hunk, anchor: Hunk): boolean {
  return change.start === change.end
    ? change.start > anchor.anchorStart && change.start < anchor.anchorEnd
    : change.start < anchor.anchorEnd && change.end > anchor.anchorStart;
}

/** Hunks that touch become one, since clients differ in how they order edits at one place. */
function joinTouching(hunks: readonly Hunk[]): readonly Hunk[] {
  const joined: Hunk[] = [];
  for (const hunk of [...hunks].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = joined.at(-1);
    if (last !== undefined && last.end === hunk.start) {
      joined[joined.length - 1] = { ...last, end: hunk.end, lines: [...last.lines, ...hunk.lines] };
    } else joined.push(hunk);
  }
  return joined;
}

/** A hunk as an edit: in the line ends of its place, and without touching the line end at the end of the text. */
function toTextEdit(document: Lines, hunk: Hunk, dominant: LineEnd): TextEdit {
  const count = countedLines(document);
  const lengthOf = (line: number): number => (document.lines[line] ?? '').length;
  const near = document.ends[hunk.start] || document.ends[Math.max(0, hunk.start - 1)] || dominant;
  const text = hunk.lines.join(near);
  const edit = (line: number, character: number, toLine: number, to: number, newText: string): TextEdit => ({
    range: { start: { line, character }, end: { line: toLine, character: to } },
    newText,
  });

  if (count === 0) return edit(0, 0, 0, lengthOf(0), text + near);
  const atOpenEnd = hunk.end === count && document.ends[count - 1] === '';
  if (hunk.lines.length === 0) {
    if (!atOpenEnd) return edit(hunk.start, 0, hunk.end, 0, '');
    const before = hunk.start - 1;
    return hunk.start === 0
      ? edit(0, 0, count - 1, lengthOf(count - 1), '')
      : edit(before, lengthOf(before), count - 1, lengthOf(count - 1), '');
  }
  if (hunk.start < hunk.end) return edit(hunk.start, 0, hunk.end - 1, lengthOf(hunk.end - 1), text);
  // Added lines: before the line at `start`, or after the last one if that has no line end.
  if (hunk.start === count && atOpenEnd) {
    return edit(count - 1, lengthOf(count - 1), count - 1, lengthOf(count - 1), near + text);
  }
  return edit(hunk.start, 0, hunk.start, 0, text + near);
}
