/**
 * A model that knows how the text will go on, and is wrong now and then: what a slow model behind a replayed session
 * says, and when. Pure and the same in every run; it must not know who asks.
 */
import { chanceOf } from './random.ts';

/** Answers take 300 ms, half of it more or less. */
const DELAY_MS = 300;
const SPREAD_MS = 150;
/** How often it says something else than what will be typed, and how often a block instead of a line. */
const WRONG = 0.15;
const BLOCK = 0.2;
/** Fewer characters than this before the cursor do not tell where in the text it is. */
const FEWEST = 4;

export interface Said {
  readonly text: string;
  readonly delayMs: number;
}

/** What the author of `target` says behind `prefix`, of which the end alone decides. */
export function author(target: string, prefix: string): Said {
  const tail = prefix.slice(-200);
  const chance = chanceOf(tail);
  const delayMs = Math.round(DELAY_MS + (chanceOf(`${tail} delay`) * 2 - 1) * SPREAD_MS);
  if (chance < WRONG) return { text: 'somethingElse(entirely);', delayMs };
  const at = placeOf(target, tail);
  if (at === undefined) return { text: '', delayMs };
  const lines = target.slice(at).split('\n');
  const [first = ''] = lines;
  const count = first.trim() === '' ? 2 : chance > 1 - BLOCK ? 3 : 1;
  return { text: lines.slice(0, count).join('\n'), delayMs };
}

/** The offset in the target behind the longest end of `tail` that is in it; indentation may differ. */
function placeOf(target: string, tail: string): number | undefined {
  const line = tail.slice(tail.lastIndexOf('\n') + 1);
  for (const end of [tail.slice(-60), line, line.trimStart()]) {
    if (end.trim().length < FEWEST) continue;
    const at = target.indexOf(end);
    if (at >= 0) return at + end.length;
  }
  return undefined;
}
