/**
 * Where the hunks of a change-set go in a text as it is now: moved from the text they were made against over what was
 * typed since, else found by what they hold, exactly once, else refused with the reason. Pure.
 */
import type { TextEdit } from 'vscode-languageserver-textdocument';
import { countedLines, dominantEnd, type Lines, splitLines } from '../lines.ts';
import { rebase } from '../rebase.ts';
import type { DiffFile, DiffHunk, HunkLine } from './read.ts';

export type Placed =
  | { readonly ok: true; readonly edits: readonly TextEdit[] }
  /** `why` is for the person and ends a sentence. `present`: what the hunk makes is there already. */
  | { readonly ok: false; readonly why: string; readonly present: boolean };

export interface PlacedAll {
  readonly edits: readonly TextEdit[];
  readonly placed: readonly DiffHunk[];
  readonly refused: readonly { readonly hunk: DiffHunk; readonly why: string; readonly present: boolean }[];
}

/** The text that a created file has, or the one that a deleted file had (`side` "-"). */
export function textOf({ hunks }: DiffFile, side: '+' | '-' = '+'): string {
  const kept = hunks.flatMap(({ lines }) => lines).filter(({ kind }) => kind === ' ' || kind === side);
  return kept.map(({ text, end, open }) => (open ? text : `${text}${end === '' ? '\n' : end}`)).join('');
}

/** `base`: the text that the hunk was made against, where it is known. */
export function placeHunk(hunk: DiffHunk, current: string, base?: string): Placed {
  if (!hunk.lines.some(({ kind }) => kind !== ' ')) return refuse('it changes nothing');
  const old = hunk.lines.filter(({ kind }) => kind !== '+');
  let copies = 0;
  if (base !== undefined) {
    const text = splitLines(base);
    if (standsAt(text, old, hunk.start)) {
      const edits = editsAt(text, hunk, hunk.start);
      if (edits === undefined) return refuse(NOT_LAST);
      const moved = rebase(base, edits, current);
      if (moved.ok) return { ok: true, edits: joined(moved.edits) };
    }
    copies = startsOf(text, old).length;
  }
  const text = splitLines(current);
  const found = startsOf(text, old);
  const made = hunk.lines.filter(({ kind }) => kind !== '-');
  const [only] = found;
  // A copy elsewhere is not the place that is meant.
  if (only !== undefined && found.length === 1 && copies <= 1) {
    const edits = editsAt(text, hunk, only);
    return edits ? { ok: true, edits } : refuse(NOT_LAST);
  }
  if (found.length > 0)
    return refuse(
      `its lines stand in ${found.length > 1 ? `${found.length} places` : 'another place'} of the file, so which is meant is not clear`,
    );
  if (made.length > 0 && startsOf(text, made).length > 0)
    return { ok: false, why: 'the file has these lines already', present: true };
  return refuse('the lines that it changes are not in the file any more');
}

const NOT_LAST = 'it takes the line end of a line that is not the last one';

function refuse(why: string): Placed {
  return { ok: false, why, present: false };
}

/** Places several hunks in one text; those that get into each other's way are refused. */
export function placeAll(hunks: readonly DiffHunk[], current: string, base?: string): PlacedAll {
  const edits: TextEdit[] = [];
  const placed: DiffHunk[] = [];
  const refused: { hunk: DiffHunk; why: string; present: boolean }[] = [];
  for (const hunk of hunks) {
    const one = placeHunk(hunk, current, base);
    if (!one.ok) refused.push({ hunk, why: one.why, present: one.present });
    else if (one.edits.some(edit => edits.some(other => meet(edit, other))))
      refused.push({ hunk, why: 'another hunk changes the same lines', present: false });
    else {
      edits.push(...one.edits);
      placed.push(hunk);
    }
  }
  return { edits, placed, refused };
}

/** What was typed may have brought edits together: those that touch become one, since clients order them differently. */
function joined(edits: readonly TextEdit[]): readonly TextEdit[] {
  const result: TextEdit[] = [];
  for (const edit of edits) {
    const last = result.at(-1);
    const { line, character } = edit.range.start;
    if (last && last.range.end.line === line && last.range.end.character === character) {
      const range = { start: last.range.start, end: edit.range.end };
      result[result.length - 1] = { range, newText: last.newText + edit.newText };
    } else result.push(edit);
  }
  return result;
}

/** Whether two edits touch: even side by side their order would not be certain. */
export function meet(a: TextEdit, b: TextEdit): boolean {
  const before = (p: TextEdit['range']['start'], q: TextEdit['range']['start']) =>
    p.line < q.line || (p.line === q.line && p.character < q.character);
  return !before(a.range.end, b.range.start) && !before(b.range.end, a.range.start);
}

/** Lines where the old lines of a hunk stand; blanks at line ends count only if that makes a difference. */
function startsOf(text: Lines, old: readonly HunkLine[]): readonly number[] {
  const count = countedLines(text);
  if (old.length === 0) return count === 0 ? [0] : [];
  for (const same of [exactly, exceptTrailingBlanks]) {
    const found: number[] = [];
    for (let at = 0; at + old.length <= count; at++) if (standsAt(text, old, at, same)) found.push(at);
    if (found.length > 0) return found;
  }
  return [];
}

type Same = (a: string, b: string) => boolean;
const exactly: Same = (a, b) => a === b;
const exceptTrailingBlanks: Same = (a, b) => a.trimEnd() === b.trimEnd();

function standsAt(
  text: Lines,
  old: readonly HunkLine[],
  at: number,
  same: Same = exceptTrailingBlanks,
): boolean {
  const count = countedLines(text);
  if (at + old.length > count) return false;
  return old.every(({ text: line, open }, i) => {
    const isOpen = at + i === count - 1 && text.ends[at + i] === '';
    return same(text.lines[at + i] ?? '', line) && (!open || isOpen);
  });
}

/** The edits of whole lines; undefined where a line would lose its end and is not the last one. */
function editsAt(text: Lines, { lines }: DiffHunk, start: number): readonly TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  let at = start;
  for (let i = 0; i < lines.length; ) {
    if (lines[i]?.kind === ' ') {
      at++;
      i++;
      continue;
    }
    const run: HunkLine[] = [];
    while (i < lines.length && lines[i]?.kind !== ' ') run.push(lines[i++] as HunkLine);
    const removed = run.filter(({ kind }) => kind === '-');
    const added = run.filter(({ kind }) => kind === '+');
    const edit = replacing(text, at, at + removed.length, added, removed);
    if (edit === undefined) return undefined;
    edits.push(edit);
    at += removed.length;
  }
  return edits;
}

/** New lines get the line ends of their place. */
function replacing(
  text: Lines,
  from: number,
  to: number,
  added: readonly HunkLine[],
  removed: readonly HunkLine[],
): TextEdit | undefined {
  const count = countedLines(text);
  const near = text.ends[from] || text.ends[from - 1] || dominantEnd(text);
  const isOpen = to === count && count > 0 && text.ends[count - 1] === '';
  const lengthOf = (line: number) => (text.lines[line] ?? '').length;
  if (added.some(({ open }, i) => open && (i < added.length - 1 || to < count))) return undefined;
  // A line end at the end of the file is changed only where the hunk says so.
  const says = removed.at(-1)?.open === true || added.at(-1)?.open === true;
  const ends = says ? added.at(-1)?.open !== true : !isOpen;
  const body = added.map(line => line.text).join(near) + (ends && added.length > 0 ? near : '');
  if (!isOpen)
    return { range: { start: { line: from, character: 0 }, end: { line: to, character: 0 } }, newText: body };
  const end = { line: count - 1, character: lengthOf(count - 1) };
  if (from === to) return { range: { start: end, end }, newText: near + body };
  // Nothing comes in the place of the last lines: what stands before them is the last line then.
  const bare = added.length === 0 && !says && from > 0;
  const start = bare ? { line: from - 1, character: lengthOf(from - 1) } : { line: from, character: 0 };
  return { range: { start, end }, newText: body };
}
