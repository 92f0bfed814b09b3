/**
 * Fits a suggestion to what stands right of the cursor: an editor that closes brackets by itself leaves `)` there,
 * and a suggestion that closes them too must replace it instead of doubling it.
 */

const PAIRS: Record<string, string> = { ')': '(', ']': '[', '}': '{' };

export interface Placement {
  readonly text: string;
  /** UTF-16 units right of the cursor, on the same line, that the suggestion replaces. */
  readonly replaces: number;
}

/** `rest` is the rest of the cursor's line. */
export function placeSuggestion(text: string, rest: string): Placement {
  const closers = rest.trimEnd();
  if (closers === '' || !/^[)\]}>"'`;,\s]+$/.test(closers)) return { text, replaces: 0 };
  return unmatchedClosers(text, closers).startsWith(closers.replace(/\s+/g, ''))
    ? { text, replaces: closers.length }
    : { text, replaces: 0 };
}

/** The closing delimiters of `text` that nothing in it opened, with what follows the last of them if `closers` has it. */
function unmatchedClosers(text: string, closers: string): string {
  const open: string[] = [];
  let unmatched = '';
  for (const character of text) {
    if ('([{'.includes(character)) open.push(character);
    else if (character in PAIRS) {
      if (open.at(-1) === PAIRS[character]) open.pop();
      else unmatched += character;
    } else if (open.length === 0 && unmatched.length < closers.length && /["'`;,>]/.test(character)) {
      if (closers.replace(/\s+/g, '')[unmatched.length] === character) unmatched += character;
    }
  }
  return unmatched;
}
