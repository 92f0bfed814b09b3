/** How far apart two names are. It must not know where names come from. */

/**
 * Damerau-Levenshtein distance (optimal string alignment: insert, delete, replace, swap of neighbours), or
 * `limit + 1` as soon as it must be greater than `limit`.
 */
export function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    let best = row;
    for (let column = 1; column <= b.length; column++) {
      const same = a.charCodeAt(row - 1) === b.charCodeAt(column - 1);
      let cost = Math.min(
        (above[column] as number) + 1,
        (line[column - 1] as number) + 1,
        (above[column - 1] as number) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 &&
        column > 1 &&
        a.charCodeAt(row - 1) === b.charCodeAt(column - 2) &&
        a.charCodeAt(row - 2) === b.charCodeAt(column - 1);
      if (swapped) cost = Math.min(cost, (before[column - 2] as number) + 1);
      line.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    before = above;
    above = line;
  }
  return above[b.length] as number;
}

/** How one name may have become another by mistake. */
export type Slip = 'case' | 'swap' | 'double' | 'drop' | 'add' | 'replace' | 'other';

/** The kind of a single slip between a written and a meant name; `other` for more than one. */
export function slip(written: string, meant: string): Slip {
  if (written.toLowerCase() === meant.toLowerCase()) return 'case';
  let head = 0;
  while (head < written.length && written[head] === meant[head]) head++;
  let tail = 0;
  const shorter = Math.min(written.length, meant.length) - head;
  while (tail < shorter && written.at(-1 - tail) === meant.at(-1 - tail)) tail++;
  const extra = written.slice(head, written.length - tail);
  const lost = meant.slice(head, meant.length - tail);
  if (extra.length === 2 && lost.length === 2 && extra[0] === lost[1] && extra[1] === lost[0]) return 'swap';
  if (extra.length + lost.length === 1) {
    const letter = extra + lost;
    const doubled = written[head - 1] === letter || meant[head - 1] === letter;
    if (doubled) return 'double';
    return extra ? 'add' : 'drop';
  }
  return extra.length === 1 && lost.length === 1 ? 'replace' : 'other';
}
