/** Amounts by feature and model, how they add up, and how they are read from a record that anyone may have damaged. */
import type { Spender } from '../../engines/meter.ts';

export interface Amount extends Spender {
  readonly requests: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Requests whose tokens are estimates. */
  readonly estimated: number;
}

export interface UsageDay {
  /** As `2026-01-31`, where the person is. */
  readonly day: string;
  readonly amounts: readonly Amount[];
}

const COUNTS = ['requests', 'promptTokens', 'completionTokens', 'estimated'] as const;
const MOST_NAME = 200;
/** Features times models of a day; more is no record of ours. */
const MOST_AMOUNTS = 1_000;

/** Adds in place to the amount of the same feature and model. */
export function addTo(amounts: Amount[], more: Amount): void {
  const index = amounts.findIndex(({ feature, model }) => feature === more.feature && model === more.model);
  const known = amounts[index];
  if (known) amounts[index] = { ...known, ...sum([known, more]) };
  else amounts.push(more);
}

export type Counts = Pick<Amount, (typeof COUNTS)[number]>;

/** Everything together. */
export function total(amounts: readonly Counts[]): Counts {
  return sum(amounts);
}

function sum(amounts: readonly Counts[]): Counts {
  const all = { requests: 0, promptTokens: 0, completionTokens: 0, estimated: 0 };
  for (const amount of amounts) for (const count of COUNTS) all[count] += amount[count];
  return all;
}

/** Undefined for what is no day of usage. */
export function readDay(value: unknown): UsageDay | undefined {
  if (typeof value !== 'object' || value === null || !('day' in value) || !('amounts' in value))
    return undefined;
  const { day, amounts } = value;
  const whole =
    typeof day === 'string' &&
    Array.isArray(amounts) &&
    amounts.length <= MOST_AMOUNTS &&
    amounts.every(isAmount);
  return whole ? { day, amounts } : undefined;
}

function isAmount(value: unknown): value is Amount {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Readonly<Record<string, unknown>>;
  const isName = (name: unknown) => typeof name === 'string' && name.length <= MOST_NAME;
  const isCount = (count: unknown) => Number.isSafeInteger(count) && (count as number) >= 0;
  return isName(fields['feature']) && isName(fields['model']) && COUNTS.every(key => isCount(fields[key]));
}
