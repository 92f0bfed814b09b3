/**
 * What makes a predicted line fit its place: nothing that stands to the right already, no closing bracket too many,
 * nothing that repeats the next line. Text in, text out; it must not know where predictions come from.
 */

const space = 32;
const tab = 9;
const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Brackets that `text` closes without opening them, and those it opens without closing, in order. */
function loose(text: string): { closed: string[]; opened: string[] } {
  const closed: string[] = [];
  const opened: string[] = [];
  for (const char of text) {
    if (char === '(' || char === '[' || char === '{') opened.push(char);
    else if (pairs[char]) {
      if (opened[opened.length - 1] === pairs[char]) opened.pop();
      else closed.push(char);
    }
  }
  return { closed, opened };
}

/**
 * The part of `text` that belongs between `left` and `right` (the line's two halves): cut where it begins to
 * repeat `right`, and before a bracket that `right` closes already.
 */
export function fitBetween(left: string, text: string, right: string): string {
  const rest = right.trim();
  let fitted = text.trimEnd();
  if (!rest) return fitted;
  for (let length = Math.min(fitted.length, rest.length); length > 0; length--) {
    if (length < rest.length && length <= 2) break;
    if (!fitted.endsWith(rest.slice(0, length))) continue;
    const shorter = fitted.slice(0, fitted.length - length);
    // A bracket that closes what the text itself opened is not the one to the right.
    if (loose(shorter).opened.length > loose(fitted).opened.length) continue;
    fitted = /^\s/.test(right) ? shorter.trimEnd() : shorter;
    break;
  }
  const spare = loose(left).opened.length - loose(rest).closed.length;
  return cutLooseClosers(fitted, Math.max(0, spare));
}

/** Cuts before the first closing bracket beyond `allowed` that `text` did not open itself. */
function cutLooseClosers(text: string, allowed: number): string {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === '(' || char === '[' || char === '{') depth++;
    else if (pairs[char] && --depth < -allowed) return text.slice(0, i).trimEnd();
  }
  return text;
}

/** The width of the white space that a line begins with, in characters. */
export function indentOf(line: string): number {
  let width = 0;
  while (line.charCodeAt(width) === space || line.charCodeAt(width) === tab) width++;
  return width;
}

/** Whether the line that results says the same as one of its neighbours. */
export function repeatsNeighbour(line: string, neighbours: readonly string[]): boolean {
  const said = line.trim();
  // Closing brackets and the like stand on many lines rightly.
  if (!/[\p{L}\p{N}]/u.test(said)) return neighbours[0]?.trim() === said && said.length > 0;
  return neighbours.some(each => each.trim() === said);
}
