/**
 * Inside a comment: finishes the word that is being typed with words of the same file, and offers nothing else. It
 * must not know tokens or the network.
 */
import type { EmbeddedCandidate } from './types.ts';

/** Letters that must be typed, and that must be missing, for a word to be offered. */
const leastTyped = 3;
const leastMissing = 2;
/** What a word must have of all that begin so, and how often it must stand, to be offered unasked. */
const unasked = { share: 0.5, count: 2 };
/** Lines looked at, nearest to the cursor. */
const linesRead = 600;
const answers = 5;

/** The rests of words that begin with what is typed at the end of `left`, most frequent first. */
export function finishProse(
  left: string,
  above: readonly string[],
  below: readonly string[],
  automatic: boolean,
): EmbeddedCandidate[] {
  const typed = /[\p{L}_$][\p{L}\p{N}_$]*$/u.exec(left)?.[0] ?? '';
  if (typed.length < leastTyped) return [];
  const counts = new Map<string, number>();
  let total = 0;
  for (const line of [...above.slice(-linesRead), ...below.slice(0, linesRead)]) {
    if (!line.includes(typed)) continue;
    for (const [word] of line.matchAll(/[\p{L}_$][\p{L}\p{N}_$]*/gu)) {
      if (!word.startsWith(typed)) continue;
      total++;
      if (word.length >= typed.length + leastMissing) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => !automatic || (count >= unasked.count && count >= unasked.share * total))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, answers)
    .map(([word, count]) => ({ text: word.slice(typed.length), confidence: count / (total + 1) }));
}
