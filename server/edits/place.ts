/**
 * Where one proposed edit belongs in a text: by its readings, by the headings of a diff where there are several
 * places, by a fragment of lines for a tool's call. One place or none is chosen, never the likeliest. It must not know
 * replies.
 */
import { indentOf } from './indent.ts';
import { countedLines, type Lines } from './lines.ts';
import { findAnchor, type Match, type Where } from './match.ts';
import type { ProposedEdit } from './proposed.ts';

export function findPlace(document: Lines, edit: ProposedEdit): Match {
  const found = findReading(document, edit, {});
  if (found.kind === 'several') {
    const block = edit.within === undefined ? undefined : blockUnder(document, edit.within);
    const inside = block === undefined ? found : findReading(document, edit, block);
    return inside.kind === 'one' ? inside : found;
  }
  if (found.kind === 'none' && edit.fragment !== undefined) return findFragment(document, edit.fragment);
  return found;
}

function findReading(document: Lines, edit: ProposedEdit, where: Where): Match {
  let several: Match | undefined;
  for (const exactly of edit.exactFirst === true ? [true, false] : [false]) {
    for (const reading of edit.readings) {
      if (reading.search.every(line => line.trim() === '')) continue;
      const match = findAnchor(document, reading, { ...where, exactly });
      if (match.kind === 'one') return match;
      if (match.kind === 'several') several ??= match;
    }
    if (several !== undefined) return several;
  }
  return { kind: 'none' };
}

/** Lines from the innermost heading to the end of its block by indentation; undefined unless each heading is there once. */
function blockUnder(document: Lines, headings: readonly string[]): { from: number; to: number } | undefined {
  let from = 0;
  let to = countedLines(document);
  for (const heading of headings) {
    const starts: number[] = [];
    for (let i = from; i < to; i++) if (isHeading(document.lines[i] ?? '', heading)) starts.push(i);
    const [only] = starts;
    if (only === undefined || starts.length > 1) return undefined;
    from = only;
    to = endOfBlock(document, only, to);
  }
  return { from, to };
}

/** Diffs shorten long headings. */
function isHeading(line: string, heading: string): boolean {
  const words = line.trim();
  return words === heading || (heading.length >= 30 && words.startsWith(heading));
}

function endOfBlock(document: Lines, heading: number, limit: number): number {
  const depth = indentOf(document.lines[heading] ?? '').length;
  for (let i = heading + 1; i < limit; i++) {
    const line = document.lines[i] ?? '';
    const closes = /^\s*[)\]}{]/.test(line);
    if (line.trim() !== '' && !closes && indentOf(line).length <= depth) return i;
  }
  return limit;
}

/** A part of lines that stands there exactly once, as an edit of the whole lines around it. */
function findFragment(document: Lines, { old, new: fresh }: { old: string; new: string }): Match {
  if (old.trim() === '') return { kind: 'none' };
  const text = document.lines.join('\n');
  const starts: number[] = [];
  for (let at = text.indexOf(old); at !== -1 && starts.length < 20; at = text.indexOf(old, at + 1)) {
    starts.push(at);
  }
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length - 1;
  const [at] = starts;
  if (at === undefined) return { kind: 'none' };
  if (starts.length > 1) return { kind: 'several', starts: starts.map(lineOf) };
  const end = text.indexOf('\n', at + old.length - (old.endsWith('\n') ? 1 : 0));
  const from = text.lastIndexOf('\n', at - 1) + 1;
  const to = end === -1 ? text.length : end;
  const stop = Math.min(at + old.length, to);
  const replaced = fresh.endsWith('\n') && old.endsWith('\n') ? fresh.slice(0, -1) : fresh;
  // A final line end in the old text alone joins the next line on, which no whole-line edit of these lines can do.
  if (old.endsWith('\n') && !fresh.endsWith('\n')) return { kind: 'none' };
  const search = text.slice(from, to).split('\n');
  const replace = (text.slice(from, at) + replaced + text.slice(stop, to)).split('\n');
  return { kind: 'one', anchor: { start: lineOf(at), search, replace, rewrite: line => line } };
}
