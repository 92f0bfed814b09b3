/**
 * Pieces of other files, and how many of them fit: ranked, without duplicates, each with a cap that says when it was
 * cut, and in the end in a fixed order, so that what does not change between requests stands still. It must not
 * know where pieces come from.
 */
import { type Redacted, redacted } from '../guard/redacted.ts';

export interface ContextPiece {
  readonly path: Redacted;
  readonly text: Redacted;
}

/** A piece before the choice. `score`: higher is better; `line`: where it starts, zero-based. */
export interface Candidate extends ContextPiece {
  readonly uri: string;
  readonly line: number;
  readonly lines: number;
  readonly score: number;
}

/** Most UTF-16 units of one piece. */
export const PIECE_CAP = 3_000;

/** The best pieces within `budget` UTF-16 units, ordered by file and line. */
export function choose(candidates: readonly Candidate[], budget: number): readonly ContextPiece[] {
  const chosen: Candidate[] = [];
  const texts = new Set<string>();
  let left = budget;
  for (const candidate of [...candidates].sort((a, b) => b.score - a.score || order(a, b))) {
    const key = candidate.text.text.replace(/\s+/g, ' ').trim();
    if (key === '' || texts.has(key)) continue;
    if (chosen.some(each => overlaps(each, candidate))) continue;
    const text = capped(candidate.text, PIECE_CAP);
    const size = text.length + candidate.path.length + 8;
    if (size > left) continue;
    left -= size;
    texts.add(key);
    chosen.push({ ...candidate, text });
  }
  return chosen.sort(order).map(({ path, text }) => ({ path, text }));
}

function order(a: Candidate, b: Candidate): number {
  return a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : a.line - b.line;
}

function overlaps(a: Candidate, b: Candidate): boolean {
  return a.uri === b.uri && a.line < b.line + b.lines && b.line < a.line + a.lines;
}

/** Cuts redacted text at a line, and says how much is missing. */
export function capped(text: Redacted, cap: number): Redacted {
  if (text.length <= cap) return text;
  const line = text.text.lastIndexOf('\n', cap);
  const kept = text.slice(0, line > 0 ? line : cap);
  return redacted`${kept}\n[cut: ${text.length - kept.length} characters left out]`;
}
