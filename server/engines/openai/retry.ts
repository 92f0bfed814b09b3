/**
 * When a request is made again, and how long to wait. Pure; it must not know requests.
 */

/** Longest wait that is made; an endpoint that asks for more gets no second try. */
export const retryCap = 10_000;

/** Attempts beyond the first, at most. */
export const maxRetriesEver = 2;

/**
 * What `retry-after-ms` or `Retry-After` (seconds or an HTTP date, RFC 9110 §10.2.3) ask for, in milliseconds from
 * `now`. Negative and unreadable values count as absent; a date in the past as 0.
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const precise = headers.get('retry-after-ms');
  if (precise !== null && /^\s*\d+(?:\.\d+)?\s*$/.test(precise)) return Math.ceil(Number(precise));
  const value = headers.get('retry-after')?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Math.ceil(Number(value) * 1000);
  if (!/[a-z]{3}/i.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** Exponential from 250 ms, ±25 % by `random` in 0…1, for the attempt after `failures` failures (from 1). */
function backoffMs(failures: number, random: number): number {
  return Math.min(4000, 250 * 2 ** (failures - 1)) * (0.75 + random * 0.5);
}

/** The wait before the next attempt, or undefined when there must be none. */
export function nextWait(asked: number | undefined, failures: number, random: number): number | undefined {
  if (asked === undefined) return backoffMs(failures, random);
  return asked > retryCap ? undefined : asked;
}
