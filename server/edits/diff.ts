/**
 * Which lines differ between two texts: the greedy shortest-edit-script algorithm of E. W. Myers, "An O(ND)
 * Difference Algorithm and Its Variations" (1986). Pure; it must not know what the lines are.
 */

/** Lines `aStart…aEnd` of the first text became lines `bStart…bEnd` of the second; either may be empty. */
export interface LineHunk {
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}

/** Beyond this many added and removed lines the texts count as different texts. Memory grows with its square. */
export const MAX_DIFFERENCES = 1000;

/** The hunks in order, not touching each other; undefined beyond `maxDifferences`. */
export function diffLines(
  a: readonly string[],
  b: readonly string[],
  maxDifferences: number = MAX_DIFFERENCES,
): readonly LineHunk[] | undefined {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const left = a.slice(head, a.length - tail);
  const right = b.slice(head, b.length - tail);
  if (left.length === 0 && right.length === 0) return [];
  if (left.length === 0 || right.length === 0 || (left.length === 1 && right.length === 1)) {
    return [{ aStart: head, aEnd: head + left.length, bStart: head, bEnd: head + right.length }];
  }
  const trace = search(left, right, maxDifferences);
  return trace === undefined ? undefined : hunksOf(trace, left.length, right.length, head);
}

/** The furthest x reached per diagonal, for every number of differences; row d holds diagonals -d…d. */
function search(
  a: readonly string[],
  b: readonly string[],
  limit: number,
): readonly Int32Array[] | undefined {
  const trace: Int32Array[] = [];
  for (let d = 0; d <= Math.min(limit, a.length + b.length); d++) {
    const before = trace[d - 1];
    const row = new Int32Array(2 * d + 1);
    trace.push(row);
    for (let k = -d; k <= d; k += 2) {
      let x = before === undefined ? 0 : startOf(before, d, k);
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      row[k + d] = x;
      if (x >= a.length && x - k >= b.length) return trace;
    }
  }
  return undefined;
}

/** Where diagonal k starts with d differences: one line added (from k + 1) or one removed (from k - 1). */
function startOf(before: Int32Array, d: number, k: number): number {
  const added = k < d - 1 ? (before[k + d] ?? -1) : -1;
  const removed = k > 1 - d ? (before[k + d - 2] ?? -1) + 1 : -1;
  return Math.max(added, removed);
}

function hunksOf(
  trace: readonly Int32Array[],
  aLength: number,
  bLength: number,
  offset: number,
): readonly LineHunk[] {
  const steps: LineHunk[] = [];
  let k = aLength - bLength;
  for (let d = trace.length - 1; d > 0; d--) {
    const before = trace[d - 1] ?? new Int32Array();
    const start = startOf(before, d, k);
    const removed = k > 1 - d && start === (before[k + d - 2] ?? -1) + 1;
    const y = start - k;
    steps.push(
      removed
        ? { aStart: start - 1, aEnd: start, bStart: y, bEnd: y }
        : { aStart: start, aEnd: start, bStart: y - 1, bEnd: y },
    );
    k = removed ? k - 1 : k + 1;
  }
  const hunks: LineHunk[] = [];
  for (const step of steps.reverse()) {
    const last = hunks.at(-1);
    const touches = last !== undefined && last.aEnd === step.aStart && last.bEnd === step.bStart;
    if (last !== undefined && touches)
      hunks[hunks.length - 1] = { ...last, aEnd: step.aEnd, bEnd: step.bEnd };
    else hunks.push(step);
  }
  return hunks.map(hunk => ({
    aStart: hunk.aStart + offset,
    aEnd: hunk.aEnd + offset,
    bStart: hunk.bStart + offset,
    bEnd: hunk.bEnd + offset,
  }));
}
