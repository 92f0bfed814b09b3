/**
 * Rules that look at a suggestion line by line, the same for text that streams and for text that is whole. Each is
 * linear and decides on what came so far. It must not know where lines come from.
 */

/** What a rule says of a line: go on, stop before this line (or an earlier one), or stop after it. */
export interface LineVerdict {
  /** Lines to keep, counted from the first; undefined: go on. */
  readonly keep?: number;
}

export interface LineRule {
  /** `line` is complete, without its end; lines come in order. `last`: no other line follows. */
  take(line: string, last: boolean): LineVerdict;
}

export const goOn: LineVerdict = {};

/** A filter out of a rule: the lines up to where it stops. */
export function cutBy(rule: LineRule, text: string): string {
  const lines = text.split('\n');
  for (const [i, line] of lines.entries()) {
    const { keep } = rule.take(line, i === lines.length - 1);
    if (keep !== undefined) return keep > i && i === lines.length - 1 ? text : trimmedEnd(lines, keep);
  }
  return text;
}

function trimmedEnd(lines: readonly string[], keep: number): string {
  return lines.slice(0, keep).join('\n').trimEnd();
}
