/** Takes away what already stands right of the cursor: a model that saw the suffix often writes it again. */
import type { Filter } from './filter.ts';

export const suffixOverlap: Filter = (text, { suffix }) => {
  const rest = suffix.slice(0, lineEnd(suffix));
  const right = rest.trim();
  if (right === '') return text;
  const lines = text.split('\n');
  const first = lines[0] as string;
  // The whole rest of the line, or its beginning, at the end of what is inserted on this line.
  for (let length = Math.min(first.length, right.length); length > 0; length--) {
    const part = right.slice(0, length);
    if (!first.endsWith(part)) continue;
    // One closing delimiter is enough to count; a word must overlap whole.
    if (/^[)\]}>"'`;,:]+$/.test(part) || length === right.length) {
      return lines.length === 1 ? first.slice(0, first.length - length) : first.slice(0, -length).trimEnd();
    }
  }
  return text;
};

function lineEnd(text: string): number {
  const end = text.search(/[\r\n]/);
  return end < 0 ? text.length : end;
}
