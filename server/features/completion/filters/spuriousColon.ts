/**
 * Takes a colon from the end of a Python statement that opens no block: engines learn `name(arguments):` from the
 * line that defines it and write it where it is called.
 */
import type { Filter } from './filter.ts';

/** Statements that end with a colon by right, and lines in which one may be a type, a slice or a key. */
const MAY_END_WITH_COLON =
  /^\s*(?:async\s+)?(?:def|class|if|elif|else|for|while|try|except|finally|with|match|case|lambda)\b|\blambda\b|^\s*["'{[(*]/;
/** A plain statement: an assignment, a call, a return. */
const STATEMENT =
  /^\s*(?:[\w.]+(?:\[[^\]]*\])?\s*(?:[-+*/%&|^]|\/\/|\*\*)?=[^=]|(?:return|raise|yield|await|assert|del)\b|[\w.]+\(.*\)\s*:$)/;

export const spuriousColon: Filter = (text, { prefix, languageId }) => {
  if (!languageId.startsWith('python')) return text;
  const [first = ''] = text.split('\n');
  if (!first.endsWith(':')) return text;
  const start = Math.max(prefix.lastIndexOf('\n'), prefix.lastIndexOf('\r')) + 1;
  const line = prefix.slice(start) + first;
  if (MAY_END_WITH_COLON.test(line) || !STATEMENT.test(line) || !isBalanced(line)) return text;
  // What would stand in the block has no place either.
  return first.slice(0, -1).trimEnd();
};

function isBalanced(line: string): boolean {
  let depth = 0;
  for (const character of line) {
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
  }
  return depth === 0;
}
