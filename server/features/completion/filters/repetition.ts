/** Cuts endless repetition: the same line, or the same few lines, or the same few words, again and again. */
import type { Filter } from './filter.ts';
import { cutBy, goOn, type LineRule, type LineVerdict } from './lines.ts';
import { isData } from './site.ts';

/** Three equal lines or blocks in a row (without letters they may be data or closing brackets) are a loop, not code. */
const MAX_SAME = 2;
const MAX_PERIOD = 6;
/** A line whose end repeats a piece with letters this often, over this many characters, is no code either. */
const MAX_REPEATS = 6;
const MIN_RUN = 48;

export class Repetition implements LineRule {
  readonly #lines: string[] = [];

  take(line: string): LineVerdict {
    const lines = this.#lines;
    if (isRunaway(line)) return { keep: lines.length };
    lines.push(line.trim());
    for (let period = 1; period <= MAX_PERIOD; period++) {
      const start = lines.length - period * (MAX_SAME + 1);
      if (start < 0) break;
      if (this.#repeats(start, period)) return { keep: start + period };
    }
    return goOn;
  }

  #repeats(start: number, period: number): boolean {
    const lines = this.#lines;
    for (let i = lines.length - 1; i >= start + period; i--) if (lines[i] !== lines[i - period]) return false;
    return lines.slice(start, start + period).some(line => /\p{L}{2}/u.test(line) && !isData(line));
  }
}

/** Whether the end of a line only repeats a short piece: by the prefix function of Knuth, Morris and Pratt (1977). */
export function isRunaway(line: string): boolean {
  if (line.length < MIN_RUN || isData(line.slice(-256))) return false;
  const tail = Array.from(line.slice(-256).trimEnd()).toReversed();
  const border = new Uint16Array(tail.length);
  for (let i = 1, k = 0; i < tail.length; i++) {
    while (k > 0 && tail[i] !== tail[k]) k = border[k - 1] ?? 0;
    if (tail[i] === tail[k]) k++;
    border[i] = k;
    const period = i + 1 - k;
    if (i + 1 < MIN_RUN || (i + 1) / period < MAX_REPEATS) continue;
    if (/\p{L}{2}/u.test(tail.slice(0, period).join('') + tail.slice(0, period).join(''))) return true;
  }
  return false;
}

export const repetition: Filter = text => cutBy(new Repetition(), text);
