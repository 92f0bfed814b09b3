/** Waiting with a limit, for completion: nothing may hold up what a person is waiting for. */
import type { Clock } from '../../base/ports.ts';

/** The answer, or undefined if it fails, is aborted or takes longer than `ms`; `ask` is told to stop then. */
export async function inTime<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  ask: (limit: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const limit = new AbortController();
  const giveUp = () => limit.abort();
  const timer = clock.after(ms, giveUp);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await ask(limit.signal);
  } catch {
    return undefined;
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', giveUp);
  }
}

/** Waits, or ends early when the signal says that nobody needs it any more. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) return Promise.resolve();
  return new Promise(resolve => {
    const end = () => {
      timer.cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.after(ms, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
