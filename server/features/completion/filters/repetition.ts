/** Cuts endless repetition: the same line, or the same few lines, again and again. */
import type { Filter } from './filter.ts';

/** Three equal lines in a row (blank and one-character lines aside) are a loop, not code. */
const MAX_SAME = 2;

export const repetition: Filter = (text, { prefix }) => {
  const lines = text.split('\n');
  for (let period = 1; period <= 4; period++) {
    for (let i = 0; i + period * (MAX_SAME + 1) <= lines.length; i++) {
      const block = lines.slice(i, i + period).join('\n');
      if (block.trim().length < 2) continue;
      let repeats = 1;
      while (lines.slice(i + repeats * period, i + (repeats + 1) * period).join('\n') === block) repeats++;
      if (repeats > MAX_SAME) return lines.slice(0, i + period).join('\n');
    }
  }
  // One line that stands just above the cursor is no news either.
  const above = prefix
    .split(/\r\n|\r|\n/)
    .at(-2)
    ?.trim();
  const current = prefix.slice(Math.max(prefix.lastIndexOf('\n'), prefix.lastIndexOf('\r')) + 1);
  const whole = (current + (lines[0] ?? '')).trim();
  return above !== undefined && above.length > 3 && whole === above && lines.length === 1 ? '' : text;
};
