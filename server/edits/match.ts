/**
 * Where a block's old lines stand in a text: as written, else with trailing blanks ignored, else with one uniform
 * shift of indentation. A looser rule is tried only where the stricter one finds nothing, and several places are
 * never resolved by a guess. It must not know paths or replies.
 */
import { indentUnit, type Reindent, uniformShift } from './indent.ts';
import { countedLines, type Lines } from './lines.ts';
import type { Reading } from './proposed.ts';

/** One place: the block's lines, trimmed to what stands there, and how a new line is to be written there. */
export interface Anchor {
  readonly start: number;
  readonly search: readonly string[];
  readonly replace: readonly string[];
  readonly rewrite: Reindent;
}

export type Match =
  | { readonly kind: 'one'; readonly anchor: Anchor }
  | { readonly kind: 'none' }
  /** First lines of the places, zero-based. */
  | { readonly kind: 'several'; readonly starts: readonly number[] };

/** Lines in which to search, the last one excluded; and whether only what stands there as written counts. */
export interface Where {
  readonly from?: number;
  readonly to?: number;
  readonly exactly?: boolean;
}

export function findAnchor(text: Lines, reading: Reading, where: Where = {}): Match {
  const count = Math.min(countedLines(text), where.to ?? Number.POSITIVE_INFINITY);
  const from = where.from ?? 0;
  const whole = { search: reading.search, replace: reading.replace };
  const trimmed = withoutBlankEdges(reading);

  const exact = placesOf(text, from, count, whole.search, (a, b) => a === b);
  if (exact.length > 0) return resolve(exact, whole, line => line);
  if (where.exactly === true) return { kind: 'none' };

  for (const candidate of trimmed === undefined ? [whole] : [whole, trimmed]) {
    const places = placesOf(text, from, count, candidate.search, (a, b) => a.trimEnd() === b.trimEnd());
    if (places.length > 0)
      return resolve(places, candidate, trailingRule(text, places[0] ?? 0, candidate.search));
  }
  for (const candidate of trimmed === undefined ? [whole] : [whole, trimmed]) {
    const match = findShifted(text, from, count, candidate);
    if (match.kind !== 'none') return match;
  }
  return { kind: 'none' };
}

function resolve(places: readonly number[], reading: Reading, rewrite: Reindent): Match {
  const start = places[0];
  if (start === undefined) return { kind: 'none' };
  return places.length === 1
    ? { kind: 'one', anchor: { start, search: reading.search, replace: reading.replace, rewrite } }
    : { kind: 'several', starts: places };
}

/** Every line at which `search` fits, overlapping places included. */
function placesOf(
  text: Lines,
  from: number,
  count: number,
  search: readonly string[],
  same: (a: string, b: string) => boolean,
): readonly number[] {
  const places: number[] = [];
  for (let start = from; start + search.length <= count; start++) {
    let i = 0;
    while (i < search.length && same(text.lines[start + i] ?? '', search[i] ?? '')) i++;
    if (i === search.length) places.push(start);
  }
  return places;
}

/** If the model put blanks behind lines that have none, its new lines lose theirs too. */
function trailingRule(text: Lines, start: number, search: readonly string[]): Reindent {
  const sloppy = search.some((line, i) => line.length > (text.lines[start + i] ?? '').length);
  return sloppy ? line => line.trimEnd() : line => line;
}

function findShifted(text: Lines, from: number, count: number, reading: Reading): Match {
  const words = reading.search.map(line => line.trim());
  const places = placesOf(text, from, count, words, (a, b) => a.trim() === b);
  if (places.length === 0) return { kind: 'none' };
  const unit = indentUnit(text.lines.slice(0, 5000));
  const shifted: { start: number; rewrite: Reindent }[] = [];
  for (const start of places) {
    const actual = text.lines.slice(start, start + words.length);
    const rewrite = uniformShift(reading.search, actual, unit);
    if (rewrite !== undefined) shifted.push({ start, rewrite });
  }
  const [only] = shifted;
  if (only === undefined) return { kind: 'none' };
  if (shifted.length > 1) return { kind: 'several', starts: shifted.map(each => each.start) };
  if (reading.replace.some(line => only.rewrite(line) === undefined)) return { kind: 'none' };
  return resolve([only.start], reading, only.rewrite);
}

/** The block without blank lines at its edges, the same number taken from both halves; undefined if it has none. */
function withoutBlankEdges(reading: Reading): Reading | undefined {
  const lead = reading.search.findIndex(line => line.trim() !== '');
  if (lead === -1) return undefined;
  const trail = reading.search.length - 1 - reading.search.findLastIndex(line => line.trim() !== '');
  if (lead === 0 && trail === 0) return undefined;
  let from = 0;
  while (from < lead && reading.replace[from]?.trim() === '') from++;
  let to = reading.replace.length;
  while (to > from && reading.replace.length - to < trail && reading.replace[to - 1]?.trim() === '') to--;
  return {
    search: reading.search.slice(lead, reading.search.length - trail),
    replace: reading.replace.slice(from, to),
  };
}
