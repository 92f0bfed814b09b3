/** What a task may use and has used: answers, tokens, time, cost. Pure; it must not know who asks whom. */
import type { Usage } from '../engines/engine.ts';
import type { Limits, Spent } from './types.ts';

/** For a million tokens each, in whatever unit the limit is given. */
export interface Price {
  readonly prompt: number;
  readonly completion: number;
}

const MINUTE_MS = 60_000;

/** What is spent after one more answer. `price` absent: cost is not known and stays as it is. */
export function afterAnswer(spent: Spent, usage: Usage, ms: number, price?: Price): Spent {
  const cost =
    price === undefined
      ? 0
      : (usage.promptTokens * price.prompt + usage.completionTokens * price.completion) / 1_000_000;
  return {
    steps: spent.steps + 1,
    tokens: spent.tokens + usage.promptTokens + usage.completionTokens,
    ms: spent.ms + Math.max(0, ms),
    cost: spent.cost + cost,
  };
}

/**
 * Why no further answer may be asked for, as words for the person; undefined while there is room. `next` tokens are
 * what the next request will take at most, so that a limit of tokens is never passed by a whole answer.
 */
export function overBudget(spent: Spent, limits: Limits, next = 0): string | undefined {
  const { steps, tokens, minutes, cost } = limits;
  if (steps !== undefined && spent.steps >= steps)
    return words(`${spent.steps} answers of the model`, `steps: ${steps}`);
  if (tokens !== undefined && spent.tokens + next > tokens)
    return words(`${spent.tokens} tokens, and the next answer may take ${next}`, `tokens: ${tokens}`);
  if (minutes !== undefined && spent.ms >= minutes * MINUTE_MS)
    return words(`${Math.floor(spent.ms / MINUTE_MS)} minutes of work`, `minutes: ${minutes}`);
  if (cost !== undefined && spent.cost >= cost)
    return words(`a cost of ${spent.cost.toFixed(2)}`, `cost: ${cost}`);
  return undefined;
}

function words(used: string, line: string): string {
  return `The task has used ${used}, which its budget ends at (${line}). Raise that line at the head of the document and resume, or discard the task.`;
}

/** A part of what is left, for a helper of the task; it never gets more than half. */
export function shareOf(spent: Spent, limits: Limits, steps: number): number {
  return limits.steps === undefined ? steps : Math.min(steps, Math.floor((limits.steps - spent.steps) / 2));
}
