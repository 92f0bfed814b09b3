/** How one name may have become another by mistake. It must not know where names come from. */

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
