/** "Did you mean": the known word nearest to a mistyped one. Pure; it must not know what the words mean. */

import { distance } from '../base/distance.ts';

const longestWord = 100;

/**
 * The known word that `word` is most likely meant to be, or undefined if none is near. Case does not count. A dotted
 * known word also matches by its last part, so that `maxLines` finds `completion.maxLines`.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  if (word.length === 0 || word.length > longestWord) return undefined;
  const wanted = word.toLowerCase();
  const wantedLast = wanted.slice(wanted.lastIndexOf('.') + 1);
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const lower = candidate.toLowerCase();
    let away = distance(wanted, lower, limit);
    // A right last part below a wrong or missing section: near, but a near whole word is nearer.
    if (lower.includes('.') && lower.endsWith(`.${wantedLast}`)) away = Math.min(away, limit - 0.5);
    if (away < bestDistance) {
      best = candidate;
      bestDistance = away;
    }
  }
  return best;
}
