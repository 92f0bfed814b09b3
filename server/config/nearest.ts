/** "Did you mean": the known word nearest to a mistyped one. Pure; it must not know what the words mean. */

const longestWord = 100;

/** Edits (insert, delete, replace, swap of neighbours) between two words; optimal string alignment. */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

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
    let distance = Math.abs(lower.length - wanted.length) > limit ? Infinity : editDistance(wanted, lower);
    // A right last part below a wrong or missing section: near, but a near whole word is nearer.
    if (lower.includes('.') && lower.endsWith(`.${wantedLast}`)) distance = Math.min(distance, limit - 0.5);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
