/** Takes away what already stands right of the cursor: a model that saw the suffix often writes it again. */
import type { Filter } from './filter.ts';
import { BracketStack } from './scan.ts';

/** More of the suffix than this is not compared. In UTF-16 units. */
const MOST = 5_000;

export const suffixOverlap: Filter = (text, { suffix }) => {
  const rest = suffix.slice(0, lineEnd(suffix));
  const right = rest.trim();
  if (right === '') return text;
  const overlap = overlapOf(text.trimEnd(), suffix.trimStart().slice(0, MOST).replace(/\r\n?/g, '\n'));
  const part = text.trimEnd().slice(text.trimEnd().length - overlap);
  if (overlap > right.length || (part.includes('\n') && overlap >= 4))
    return text.trimEnd().slice(0, -overlap);
  const lines = text.split('\n');
  const first = lines[0] as string;
  // The whole rest of the line, or its beginning, at the end of what is inserted on this line.
  for (let length = Math.min(first.length, right.length); length > 0; length--) {
    const shared = right.slice(0, length);
    if (!first.endsWith(shared)) continue;
    // One closing delimiter is enough to count; a word must overlap whole.
    const closes = /^[)\]}>"'`;,:]+$/.test(shared);
    if (closes ? !closesOwn(first, length) : length === right.length && isWholeWord(first, length)) {
      return lines.length === 1 ? first.slice(0, first.length - length) : first.slice(0, -length).trimEnd();
    }
  }
  return text;
};

/** Whether the first closing bracket among the last `length` characters has its partner in the text itself. */
function closesOwn(text: string, length: number): boolean {
  const stack = new BracketStack();
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (!'()[]{}'.includes(character)) continue;
    const taken = stack.take(character);
    if (at >= text.length - length) return taken === 'closed';
  }
  return false;
}

/** A short word at the end of another one is no overlap. */
function isWholeWord(text: string, length: number): boolean {
  const before = text[text.length - length - 1] ?? ' ';
  return !(/[\p{L}\p{N}_]/u.test(before) && /[\p{L}\p{N}_]/u.test(text[text.length - length] ?? ''));
}

/** Length of the longest end of `text` that `following` begins with: prefix function (Knuth, Morris, Pratt 1977). */
function overlapOf(text: string, following: string): number {
  const size = Math.min(text.length, following.length);
  if (size === 0) return 0;
  const joined = `${following.slice(0, size)}\0${text.slice(-size)}`;
  const border = new Uint32Array(joined.length);
  for (let i = 1, k = 0; i < joined.length; i++) {
    while (k > 0 && joined[i] !== joined[k]) k = border[k - 1] ?? 0;
    if (joined[i] === joined[k]) k++;
    border[i] = k;
  }
  return border[joined.length - 1] ?? 0;
}

function lineEnd(text: string): number {
  const end = text.search(/[\r\n]/);
  return end < 0 ? text.length : end;
}
