/** Medians, percentiles and the table of a bench run. Times in milliseconds, memory in MB (2^20 bytes). */

export interface Row {
  readonly name: string;
  /** What was measured, with its unit. */
  readonly ours: string;
  /** What it is compared with in the same interleaved run. */
  readonly baseline?: string;
  /** ours / baseline, or the figure itself, that is held against the target. */
  readonly value: number;
  readonly target: string;
  readonly met: boolean;
  /** `n`: how many runs the medians are of. A baseline that is `noted` was measured elsewhere and counts for nothing here. */
  readonly detail?: Readonly<Record<string, number | string>>;
}

export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 50);

/** Runs A B A B …, after one unmeasured round, so that drift of the machine meets both alike. */
export async function interleaved(
  rounds: number,
  a: () => Promise<number>,
  b: () => Promise<number>,
): Promise<{ a: number[]; b: number[] }> {
  const results = { a: [] as number[], b: [] as number[] };
  await a();
  await b();
  for (let i = 0; i < rounds; i++) {
    results.a.push(await a());
    results.b.push(await b());
  }
  return results;
}

export const ms = (value: number): string => `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`;

export function printTable(rows: readonly Row[]): void {
  const cells = rows.map(row => [
    row.met ? 'yes' : 'NO',
    row.name,
    row.ours,
    row.baseline ?? '',
    String(row.detail?.['n'] ?? ''),
    row.value < 10 ? row.value.toFixed(3) : row.value.toFixed(1),
    row.target,
  ]);
  const header = ['met', 'row', 'ours', 'baseline', 'n', 'value', 'target'];
  const widths = header.map((title, i) =>
    Math.max(title.length, ...cells.map(cell => (cell[i] as string).length)),
  );
  const line = (cell: readonly string[]) =>
    cell.map((text, i) => text.padEnd(widths[i] as number)).join('  ');
  console.log(line(header));
  console.log(widths.map(width => '-'.repeat(width)).join('  '));
  for (const cell of cells) console.log(line(cell));
}
