/**
 * Fits pieces of text into a hard budget: each has its own cap, the least important lose first, and what was cut
 * says so. Pure; it must not know what the pieces are.
 */
import { type Redacted, redacted } from '../guard/redacted.ts';

/** The house rule for counting without a tokenizer. */
export const CHARACTERS_PER_TOKEN = 4;

/** No required piece is made shorter than this, and no other piece is worth showing below it. In UTF-16 units. */
const LEAST = 240;
/** What the note about a cut may take. */
const NOTE = 48;

export interface Piece {
  readonly text: Redacted;
  /** Most UTF-16 units of this piece, whatever the budget. */
  readonly cap: number;
  /** Higher stays longer. */
  readonly importance: number;
  /** Shortened when need be, but never left out. */
  readonly required?: boolean;
  /** Offset to keep when the piece is cut; its start if absent. */
  readonly focus?: number;
}

/** The pieces that fit, in their order; undefined for one that was left out. `available` in UTF-16 units. */
export function fit(pieces: readonly Piece[], available: number): readonly (Redacted | undefined)[] {
  const sizes = pieces.map(piece => Math.min(piece.text.length, piece.cap));
  let over = sizes.reduce((sum, size) => sum + size, 0) - available;
  const order = pieces
    .map((_, i) => i)
    .sort((a, b) => importanceOf(pieces[a]) - importanceOf(pieces[b]) || b - a);
  for (const i of order) {
    if (over <= 0) break;
    const size = sizes[i] ?? 0;
    const floor = Math.min(size, LEAST);
    const smaller = size - over >= floor ? size - over : pieces[i]?.required === true ? floor : 0;
    over -= size - smaller;
    sizes[i] = smaller;
  }
  return pieces.map((piece, i) => {
    const size = sizes[i] ?? 0;
    if (size === 0 && piece.text.length > 0) return undefined;
    return cut(piece.text, size, piece.focus ?? 0);
  });
}

function importanceOf(piece: Piece | undefined): number {
  return piece?.importance ?? 0;
}

/** At most about `size` units of a text around `focus`, at whole lines where there are any, with a note of the cut. */
export function cut(text: Redacted, size: number, focus = 0): Redacted {
  if (text.length <= size) return text;
  const room = Math.max(0, size - 2 * NOTE);
  const raw = text.text;
  let start = Math.max(0, Math.min(focus - Math.floor(room / 2), raw.length - room));
  let end = start + room;
  if (start > 0) {
    const next = raw.indexOf('\n', start - 1);
    if (next !== -1 && next < Math.min(end, Math.max(focus, start + 1))) start = next + 1;
  }
  if (end < raw.length) {
    const last = raw.lastIndexOf('\n', end);
    if (last > Math.max(start, focus)) end = last;
  }
  start = wholeCharacter(raw, start);
  end = Math.max(start, wholeCharacter(raw, end));
  const kept = text.slice(start, end);
  const before = start > 0 ? redacted`[cut: ${start} characters left out]\n` : redacted``;
  const after = end < raw.length ? redacted`\n[cut: ${raw.length - end} characters left out]` : redacted``;
  return redacted`${before}${kept}${after}`;
}

/** Moves an offset out of the middle of a surrogate pair. */
function wholeCharacter(text: string, offset: number): number {
  const unit = text.charCodeAt(offset);
  return offset > 0 && offset < text.length && unit >= 0xdc00 && unit <= 0xdfff ? offset - 1 : offset;
}
