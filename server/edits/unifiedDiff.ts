/**
 * A unified diff of two texts, as `git apply` and `patch` read it. Lines are compared by Myers' greedy algorithm
 * ("An O(ND) difference algorithm and its variations", 1986) between the common ends. Pure.
 */

const contextLines = 3;
/** Beyond this many differing lines the middle is shown as replaced, so that no input takes long. */
const maxDifferences = 800;

interface Step {
  readonly kind: ' ' | '-' | '+';
  readonly text: string;
}

/** The diff with `a/` and `b/` in front of the name; empty for equal texts. Lines keep their own line ends. */
export function unifiedDiff(name: string, before: string, after: string): string {
  if (before === after) return '';
  const steps = diffLines(splitLines(before), splitLines(after));
  const hunks = groupHunks(steps).map(([start, end]) => hunkText(steps, start, end));
  return `--- a/${name}\n+++ b/${name}\n${hunks.join('')}`;
}

/** Lines with their ends; the last one may have none. */
function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function diffLines(before: readonly string[], after: readonly string[]): Step[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) head++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const keep = (lines: readonly string[]) => lines.map(text => ({ kind: ' ' as const, text }));
  return [
    ...keep(before.slice(0, head)),
    ...myers(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...keep(before.slice(before.length - tail)),
  ];
}

function myers(before: readonly string[], after: readonly string[]): Step[] {
  const limit = Math.min(before.length + after.length, maxDifferences);
  // Furthest reach in `before` on each diagonal, one copy for every number of differences.
  const reach = new Map<number, number>([[1, 0]]);
  const history: Map<number, number>[] = [];
  for (let differences = 0; differences <= limit; differences++) {
    history.push(new Map(reach));
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      let x = furthest(reach, diagonal, differences);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      reach.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return walkBack(history, before, after);
    }
  }
  return [
    ...before.map(text => ({ kind: '-' as const, text })),
    ...after.map(text => ({ kind: '+' as const, text })),
  ];
}

function furthest(reach: ReadonlyMap<number, number>, diagonal: number, differences: number): number {
  return goesDown(reach, diagonal, differences)
    ? (reach.get(diagonal + 1) ?? 0)
    : (reach.get(diagonal - 1) ?? 0) + 1;
}

function goesDown(reach: ReadonlyMap<number, number>, diagonal: number, differences: number): boolean {
  if (diagonal === -differences) return true;
  return diagonal !== differences && (reach.get(diagonal - 1) ?? 0) < (reach.get(diagonal + 1) ?? 0);
}

function walkBack(
  history: readonly ReadonlyMap<number, number>[],
  before: readonly string[],
  after: readonly string[],
): Step[] {
  const steps: Step[] = [];
  let x = before.length;
  let y = after.length;
  for (let differences = history.length - 1; x > 0 || y > 0; differences--) {
    const reach = history[differences] ?? new Map<number, number>();
    const diagonal = x - y;
    const down = goesDown(reach, diagonal, differences);
    const fromDiagonal = down ? diagonal + 1 : diagonal - 1;
    const fromX = differences === 0 ? 0 : (reach.get(fromDiagonal) ?? 0);
    const fromY = differences === 0 ? 0 : fromX - fromDiagonal;
    while (x > fromX && y > fromY) {
      steps.push({ kind: ' ', text: before[x - 1] ?? '' });
      x--;
      y--;
    }
    if (differences === 0) break;
    if (down) steps.push({ kind: '+', text: after[fromY] ?? '' });
    else steps.push({ kind: '-', text: before[fromX] ?? '' });
    x = fromX;
    y = fromY;
  }
  return steps.reverse();
}

/** Ranges of steps, each with its context; neighbours whose context touches are one. */
function groupHunks(steps: readonly Step[]): [start: number, end: number][] {
  const hunks: [number, number][] = [];
  steps.forEach(({ kind }, i) => {
    if (kind === ' ') return;
    const last = hunks.at(-1);
    const start = Math.max(0, i - contextLines);
    const end = Math.min(steps.length, i + 1 + contextLines);
    if (last !== undefined && start <= last[1]) last[1] = end;
    else hunks.push([start, end]);
  });
  return hunks;
}

function hunkText(steps: readonly Step[], start: number, end: number): string {
  const earlier = steps.slice(0, start);
  const own = steps.slice(start, end);
  const count = (list: readonly Step[], skip: '-' | '+') => list.filter(({ kind }) => kind !== skip).length;
  const range = (skip: '-' | '+') => {
    const lines = count(own, skip);
    const first = count(earlier, skip) + (lines === 0 ? 0 : 1);
    return lines === 1 ? `${first}` : `${first},${lines}`;
  };
  const body = own.map(({ kind, text }) =>
    text.endsWith('\n') ? kind + text : `${kind}${text}\n\\ No newline at end of file\n`,
  );
  return `@@ -${range('+')} +${range('-')} @@\n${body.join('')}`;
}
